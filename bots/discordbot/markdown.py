"""Anybody's words as Discord's markdown takes them: what they format ends with them. Pure.

Bold, lists and code are shown as meant. What would reach beyond the text, such as a mark that is
never closed, or would hide where a link leads, is shown as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bots.chat.mentions import inert
from bots.chat.split import utf16_units

_FENCE = re.compile(
    r"^ {0,3}(`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}\1[`~]*[ ]*$|\Z)", re.DOTALL | re.MULTILINE
)
_AS_IS = re.compile(
    r"(?<![`\\])(?P<ticks>`{1,2})(?!`)[^\n]+?(?<!`)(?P=ticks)(?!`)|https?://[^\s<>()*|~`]+"
)
_LINK = re.compile(r"!?\[(?P<label>[^\[\]\n]{1,500})\]\((?P<url><?https?://[^\s()<>]{1,2000}>?)\)")
_REST_OF_TEXT = re.compile(r"^([ \t]*)(>>>|-#|#{1,3}(?= ))", re.MULTILINE)
_MARKS = (r"\*\*", r"__", r"~~", r"\|\|", r"(?<!\*)\*(?!\*)", r"(?<![\w_])_(?!_)|(?<!_)_(?![\w_])")
_LIST = re.compile(r"^[ \t]*\*(?=[ \t])", re.MULTILINE)
_TICKS = re.compile(r"`+")
_SPECIAL = re.compile(r"[\\*_~|`\[>#-]")
_PLAIN = re.compile(r"(?P<url>https?://[^\s<>]+)|[\\*_~|`\[]|^[ \t]*(?:[>#-])", re.MULTILINE)
_MOST_A_LINE = 8
"""What a line may be given: a mark of a list or a quotation before it, and bold around it."""


def shown(text: str) -> str:
    """The words with their formatting, none of which goes on after them; nobody is called."""
    parts = []
    for words, is_code in _parted(inert(text)):
        parts.append(_fenced(words) if is_code else _running(words))
    return "".join(parts)


def plain(text: str) -> str:
    """The words as they stand, without any formatting, on one line or several."""
    return _PLAIN.sub(lambda m: m[0] if m["url"] else f"{m[0][:-1]}\\{m[0][-1]}", inert(text))


def quoted(text: str, prefix: str = "> ") -> str:
    """Every line behind this prefix."""
    return "\n".join(f"{prefix}{line}".rstrip() for line in text.split("\n"))


def bold(text: str) -> str:
    """Words that `plain` made, each line bold."""
    return "\n".join(f"**{line.strip()}**" if line.strip() else "" for line in text.split("\n"))


def length(text: str) -> int:
    """At most so many characters are sent for it, in whichever role."""
    safe = inert(text)
    lines = safe.count("\n") + 1
    return utf16_units(safe) + len(_SPECIAL.findall(safe)) + lines * _MOST_A_LINE


def _parted(text: str) -> Iterator[tuple[str, bool]]:
    """Running text and fenced code, in turn."""
    start = 0
    for fence in _FENCE.finditer(text):
        yield text[start : fence.start()], False
        yield fence[0], True
        start = fence.end()
    yield text[start:], False


def _fenced(code: str) -> str:
    """Closed, and with the marks that Discord knows."""
    opening, _, rest = code.lstrip(" ").partition("\n")
    marks = opening[: len(opening) - len(opening.lstrip("`~"))]
    body, _, last = rest.rpartition("\n")
    is_closed = last.strip() != "" and not last.strip().strip(marks[0])
    inner = (body if is_closed else rest).replace("```", "``\u200b`")
    return f"```{opening[len(marks) :].strip()}\n{inner}\n```"


def _running(text: str) -> str:
    """Text between fences: code and addresses stay, everything else is made to end."""
    text = _LINK.sub(lambda link: f"{link['label']} (<{link['url'].strip('<>')}>)", text)
    kept: list[str] = []

    def keep(span: re.Match[str]) -> str:
        kept.append(span[0])
        return f"\0{len(kept) - 1}\0"

    text = _AS_IS.sub(keep, text.replace("\0", ""))
    text = _TICKS.sub(lambda ticks: _escaped(ticks[0]), text)
    text = _REST_OF_TEXT.sub(_as_discord, text)
    text = _closed(text)
    return re.sub(r"\0(\d+)\0", lambda mark: kept[int(mark[1])], text)


def _as_discord(mark: re.Match[str]) -> str:
    """A heading stays one; what would change the rest of the post, or look like ours, does not."""
    return mark[0] if mark[2].startswith("#") else f"{mark[1]}\\{mark[2]}"


def _closed(text: str) -> str:
    for pattern in _MARKS:
        found = [m for m in re.finditer(pattern, text) if not _is_list_or_escaped(text, m.start())]
        if len(found) % 2:
            at = found[-1]
            text = text[: at.start()] + _escaped(at[0]) + text[at.end() :]
    return text


def _is_list_or_escaped(text: str, at: int) -> bool:
    line = text.rfind("\n", 0, at) + 1
    bullet = _LIST.match(text, line)
    return text[at - 1 : at] == "\\" or bool(bullet and bullet.end() - 1 == at)


def _escaped(marks: str) -> str:
    return "".join(f"\\{mark}" for mark in marks)
