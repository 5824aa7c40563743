"""Reads an HTML page back, to see what a browser would make of it."""

from __future__ import annotations

from html.parser import HTMLParser

ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "div", "header", "aside", "main", "footer"),
    *(
        "h1",
        "h2",
        "h3",
        "h4",
        "p",
        "ul",
        "li",
        "figure",
        "figcaption",
        "article",
        "section",
        "details",
    ),
    *("summary", "blockquote", "pre", "code", "strong", "em", "b", "bdi", "span", "a"),
    *("dl", "dt", "dd", "svg", "desc", "g", "path", "circle", "rect", "text"),
}
VOID = {"meta"}


class Page(HTMLParser):
    """The tags and attributes of a page, and what they hold."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        """Tag, name and value."""
        self._said: list[str] = []
        self.unclosed: list[str] = []
        self.oddities: list[str] = []
        """Comments, declarations, end tags that close nothing."""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.unclosed.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.unclosed and self.unclosed[-1] == tag:
            self.unclosed.pop()
        else:
            self.oddities.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self.unclosed[-1:] != ["style"]:
            self._said.append(data)

    def handle_comment(self, data: str) -> None:
        self.oddities.append(f"<!--{data}")

    def handle_pi(self, data: str) -> None:
        self.oddities.append(f"<?{data}")

    @property
    def text(self) -> str:
        """All that a reader sees, and the titles."""
        return "".join(self._said)

    def values(self, name: str) -> list[str]:
        """The values of every attribute of this name."""
        return [value for _, given, value in self.attributes if given == name]
