"""Markdown, as models write it, in Slack's rich text. Pure.

Rich text has no markup of its own: what is no element of its own kind is shown as it stands, so no
text in it can mention anybody, whatever is written there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

Element = dict[str, Any]

_FENCE = re.compile(
    r"^ {0,3}(?P<marks>`{3,}|~{3,})[^\n]*\n(?P<code>.*?)(?:^ {0,3}(?P=marks)[`~]*[ ]*$|\Z)",
    re.DOTALL | re.MULTILINE,
)
_QUOTE = re.compile(r"^(?:>[^\n]*(?:\n|\Z))+", re.MULTILINE)
_HEADING = re.compile(r" {0,3}#{1,6}\s+(?P<title>[^\n]*?)(?:\s+#+)?\s*")
_BULLET = re.compile(r"(?P<indent> {0,12})[-*+]\s+(?=\S)")
_INLINE = re.compile(
    r"(?P<ticks>`{1,2})(?!`)(?P<code>[^\n]{1,500}?)(?<!`)(?P=ticks)(?!`)"
    r"|\*\*(?=\S)(?P<bold>[^\n]{1,1000}?)(?<=\S)\*\*"
    r"|(?<![\w*])\*(?=[^\s*])(?P<italic>[^*\n]{1,1000}?)(?<=\S)\*(?![\w*])"
    r"|(?<![\w_])_(?=[^\s_])(?P<under>[^_\n]{1,1000}?)(?<=\S)_(?![\w_])"
    r"|~~(?=\S)(?P<strike>[^\n]{1,1000}?)(?<=\S)~~"
    r"|\[(?P<label>[^\[\]\n]{1,500})\]\((?P<target>https?://[^\s()<>]{1,2000})\)"
    r"|(?P<url>https?://[^\s<>()]{1,2000}[^\s<>().,;:!?\"'])"
)
_STYLES = {"bold": "bold", "italic": "italic", "under": "italic", "strike": "strike"}


def rich_text(*elements: Element) -> Element:
    """The block."""
    return {"type": "rich_text", "elements": list(elements)}


def section(*parts: Element) -> Element:
    """Running text."""
    return {"type": "rich_text_section", "elements": list(parts)}


def quote(*parts: Element) -> Element:
    """Text with a line beside it."""
    return {"type": "rich_text_quote", "elements": list(parts)}


def bullets(items: Iterable[Iterable[Element]]) -> Element:
    """A list, an item each."""
    sections = [section(*item) for item in items]
    return {"type": "rich_text_list", "style": "bullet", "elements": sections}


def text(words: str, *styles: str) -> Element:
    """Words as they stand."""
    plain: Element = {"type": "text", "text": words}
    return plain | {"style": dict.fromkeys(styles, True)} if styles else plain


def link(url: str, words: str) -> Element:
    """Words that lead somewhere."""
    return {"type": "link", "url": url, "text": words}


def markdown(words: str) -> list[Element]:
    """The elements that show it: sections, code blocks and quotes."""
    found: list[Element] = []
    start = 0
    for fence in _FENCE.finditer(words):
        found += _quoted(words[start : fence.start()])
        code = fence["code"].rstrip("\n")
        if code:
            found.append({"type": "rich_text_preformatted", "elements": [text(code)]})
        start = fence.end()
    return [*found, *_quoted(words[start:])]


def inline(words: str, *styles: str) -> Iterator[Element]:
    """One line's elements."""
    start = 0
    for mark in _INLINE.finditer(words):
        if mark.start() > start:
            yield text(words[start : mark.start()], *styles)
        yield from _marked(mark, styles)
        start = mark.end()
    if start < len(words):
        yield text(words[start:], *styles)


def _marked(mark: re.Match[str], styles: tuple[str, ...]) -> Iterator[Element]:
    if mark["code"]:
        yield text(mark["code"], "code", *styles)
    elif mark["url"]:
        yield link(mark["url"], mark["url"])
    elif mark["label"]:
        yield link(mark["target"], mark["label"])
    else:
        kind = next(name for name in _STYLES if mark[name])
        style = _STYLES[kind]
        yield from inline(mark[kind], *dict.fromkeys((*styles, style)))


def _quoted(words: str) -> Iterator[Element]:
    start = 0
    for found in _QUOTE.finditer(words):
        yield from _running(words[start : found.start()])
        said = "\n".join(line[1:].removeprefix(" ") for line in found[0].splitlines())
        lines = list(_lines(said)) if said.strip() else []
        if lines:
            yield quote(*lines)
        start = found.end()
    yield from _running(words[start:])


def _running(words: str) -> Iterator[Element]:
    lines = list(_lines(words.strip("\n"))) if words.strip() else []
    if lines:  # Of a heading without words, nothing is left; Slack takes no empty section.
        yield section(*lines)


def _lines(words: str) -> Iterator[Element]:
    for number, line in enumerate(words.split("\n")):
        if number:
            yield text("\n")
        heading = _HEADING.fullmatch(line)
        if heading:
            yield from inline(heading["title"], "bold")
            continue
        bullet = _BULLET.match(line)
        if bullet:
            yield text(f"{bullet['indent']}• ")
        yield from inline(line[bullet.end() :] if bullet else line)
