"""Discord's markdown as HTML: the marks that its clients show, mentions by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape

Named = Callable[[str, str], tuple[str, str]]
"""Given a mention's sigil and id: how it is shown, and its colour in CSS (empty: the usual)."""

_FENCE = re.compile(r"```(?:[\w+-]*\n)?(.*?)\n?```", re.DOTALL)
_INLINE = re.compile(
    r"\\(?P<literal>[\\*_~|`\[\]<>#.:@-])"
    r"|(?P<ticks>`+)(?P<code>.+?)(?P=ticks)"
    r"|<(?P<sigil>@&|@!?|#)(?P<id>\d+)>"
    r"|\[(?P<label>(?:\\.|[^\[\]\\])+)\]\(<?(?P<url>https?://[^\s()<>]+)>?\)"
    r"|<?(?P<bare>https?://[^\s<>]+)>?"
    r"|\*\*(?P<bold>.+?)\*\*(?!\*)|__(?P<under>.+?)__|~~(?P<struck>.+?)~~"
    r"|\*(?P<slanted>[^*\s](?:[^*]*[^*\s])?)\*|\b_(?P<slanted_too>[^_]+)_\b",
    re.DOTALL,
)
_TAGS = {"bold": "strong", "under": "u", "struck": "s", "slanted": "em", "slanted_too": "em"}
_LINE = re.compile(r"(?P<quote>> ?)|(?P<small>-# )|(?P<heading>#{1,3}) |(?P<item>\s*[-*] )")


def prose(text: str, named: Named) -> str:
    """The whole of a message's text."""
    parts, start = [], 0
    for fence in _FENCE.finditer(text):
        parts += [*_lines(text[start : fence.start()], named), _code(fence[1])]
        start = fence.end()
    return "".join([*parts, *_lines(text[start:], named)])


def _code(code: str) -> str:
    return f"<pre>{escape(code)}</pre>"


def _lines(text: str, named: Named) -> Iterator[str]:
    """Lines of one kind that follow one another stand in one block."""
    kind, block = "", list[str]()
    for line in text.strip("\n").split("\n"):
        found = _LINE.match(line)
        now, rest = (found.lastgroup or "", line[found.end() :]) if found else ("", line)
        if now == "heading" and found is not None:
            now = f"h{len(found['heading'])}"
        if now != kind:
            yield _block(kind, block, named)
            kind, block = now, []
        block.append(rest)
    yield _block(kind, block, named)


def _block(kind: str, lines: list[str], named: Named) -> str:
    if not lines:
        return ""
    said = [_inline(line, named) for line in lines]
    match kind:
        case "":
            return "".join(f"<p>{line or '&nbsp;'}</p>" for line in said)
        case "item":
            return f"<ul>{''.join(f'<li>{line}</li>' for line in said)}</ul>"
        case "quote":
            return f"<blockquote>{'<br>'.join(said)}</blockquote>"
        case "small":
            return f"<small>{'<br>'.join(said)}</small>"
    return "".join(f"<{kind}>{line}</{kind}>" for line in said)


def _inline(text: str, named: Named) -> str:
    shown, start = "", 0
    for found in _INLINE.finditer(text):
        shown += escape(text[start : found.start()]) + _shown(found, named)
        start = found.end()
    return shown + escape(text[start:])


def _shown(found: re.Match[str], named: Named) -> str:
    if found["literal"]:
        return escape(found["literal"])
    if found["code"]:
        return f"<code>{escape(found['code'])}</code>"
    if found["sigil"]:
        name, colour = named(found["sigil"].rstrip("!"), found["id"])
        style = f' style="--tag:{colour}"' if colour else ""
        return f'<span class="tag"{style}>{escape(name)}</span>'
    if found["url"] or found["bare"]:
        label = _inline(found["label"], named) if found["label"] else escape(found["bare"])
        return f"<a>{label}</a>"
    kind = next(kind for kind in _TAGS if found[kind])
    return f"<{_TAGS[kind]}>{_inline(found[kind], named)}</{_TAGS[kind]}>"
