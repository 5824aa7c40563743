"""Anybody's words as Markdown that stays within its paragraph.

Emphasis, lists, inline code and fenced code are kept: models write them and people read them.
Everything else that Markdown acts on is escaped: raw HTML, entities, links and images (an image
is a request to somebody's server), headings, quotes, rules, tables.

`@name` gets a zero-width space after the `@`: where a transcript is pasted into a chat or an issue,
it pings nobody, and it still reads as it was written. A code span would do the same, but cannot
stand inside emphasis or other code. Code itself is copied and run, so in it only the two names that
call everybody are changed.
"""

from __future__ import annotations

import re

from bots.chat.transcript.fences import Code, Plain, pieces

_BACKTICKS = re.compile(r"(?<!`)(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)|`+")
_CALL = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_MENTION = re.compile(rf"(?<!\w)@(?=\w)|{_CALL.pattern}", re.IGNORECASE)
_ENTITY = re.compile(r"&(?=#?\w+;)")
_LIST_MARKS = re.compile(r"(?:\s*(?:[-+*]|\d{1,9}[.)])\s+)*\s*")
# A line of these alone is a rule, a table's second row, or makes a heading of the line above.
_RULE = re.compile(r"[-=_*~|:+\s]+")
_PUNCTUATION = re.compile(r"([\\`*_{}\[\]#|~])")


def inert_block(text: str) -> str:
    """Text of any number of lines, as blocks of their own."""
    blocks = (_block(piece) for piece in pieces(text))
    return "\n\n".join(filter(None, blocks))


def inert_line(text: str) -> str:
    """One line, for a place after the start of a line."""
    kept = []
    start = 0
    for ticks in _BACKTICKS.finditer(text):
        kept.append(_escaped(text[start : ticks.start()]))
        # A backtick left alone would pair with one of a later line, and what we take for code there
        # would be none.
        kept.append(_calm(ticks[0]) if ticks["ticks"] else ticks[0].replace("`", "\\`"))
        start = ticks.end()
    return "".join([*kept, _escaped(text[start:])])


def inert_name(text: str) -> str:
    """One line with no Markdown at all, for names and headings."""
    escaped = _PUNCTUATION.sub(r"\\\1", text)
    return _silent(_ENTITY.sub("&amp;", escaped).replace("<", "&lt;"))


def _block(piece: Plain | Code) -> str:
    match piece:
        case Plain():
            return "\n".join(map(_line, piece.text.split("\n"))).strip("\n")
        case Code():
            return _code_block(piece)


def _line(line: str) -> str:
    line = line.rstrip()
    if _RULE.fullmatch(line):
        return f"\\{line.lstrip()}"
    marks = _LIST_MARKS.match(line)
    start = marks.end() if marks else 0
    rest = line[start:]
    acts = rest.startswith(("#", ">", "~~~")) or _RULE.fullmatch(rest)
    return line[:start] + ("\\" if acts else "") + inert_line(rest)


def _code_block(code: Code) -> str:
    longest = max((len(run) for run in re.findall("`+", code.text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{code.info}\n{_calm(code.text)}\n{fence}"


def _escaped(text: str) -> str:
    text = text.replace("\\", "\\\\").replace("[", "\\[")
    return _silent(_ENTITY.sub("&amp;", text).replace("<", "&lt;"))


def _silent(text: str) -> str:
    return _MENTION.sub("@\u200b", text)


def _calm(code: str) -> str:
    return _CALL.sub("@\u200b", code)
