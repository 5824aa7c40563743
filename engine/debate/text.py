"""What is done to anybody's words: cleaned, cut at a sentence, made inert for a prompt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_SENTENCE_END = re.compile(r"[.!?…。！？][»”\"')\]]*(?=\s|$)")
_BEGINS = re.compile(r"\s*[^\w\s]*[^\W\d_a-z]|\s*[^\w\s]*\d")
"""A sentence does not begin with a small letter: what ended before it was an abbreviation."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANK_LINES = re.compile(r"\n{3,}")

# Marks that turn the direction of what follows: with them a line can read as another one
# (CVE-2021-42574).
_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])

# What chat templates write around roles. A server tokenises them as control tokens wherever they
# stand in a message, so in anybody's words they are broken up.
_TEMPLATE_MARK = re.compile(
    r"<\|+|\|+>|<｜|｜>"
    r"|</?s>"
    r"|\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\]"
    r"|<</?SYS>>"
    r"|</?(?:start|end)_of_(?:turn|text|role)>"
    r"|</?(?:bos|eos|unk|pad)>",
    re.IGNORECASE,
)
_FENCE = re.compile(r"<(?=\s*/?\s*(?:message|material|topic|summary)\b)", re.IGNORECASE)


def clean(text: str) -> str:
    """Without control characters, direction overrides and broken surrogates; newlines kept."""
    text = _SURROGATE.sub("\ufffd", text).replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\t", " ").translate(_BIDI)
    kept = (c for c in text if c == "\n" or unicodedata.category(c) != "Cc")
    return _BLANK_LINES.sub("\n\n", "".join(kept)).strip()


def inert(text: str) -> str:
    """The same words with nothing in them that a chat template or our own fences act on."""
    text = _TEMPLATE_MARK.sub(lambda mark: f"{mark[0][0]} {mark[0][1:]}", text)
    return _FENCE.sub("‹", text)


def word_count(text: str) -> int:
    """Words, as white space parts them."""
    return len(text.split())


def cut_words(text: str, most: int) -> str:
    """At most so many words: whole sentences where one ends in time, else an ellipsis."""
    end = _end_of_word(text, most)
    return text if end is None else whole_sentences(text[:end])


def cut_question(text: str, most: int) -> str:
    """At most so many words, kept from the end: that is where a question is put."""
    if word_count(text) <= most:
        return text
    starts = [0, *(match.end() for match in _SENTENCE_END.finditer(text))]
    for start in starts:
        tail = text[start:].strip()
        if tail and word_count(tail) <= most:
            return tail
    return cut_words(text[starts[-2] if len(starts) > 1 else 0 :].strip(), most)


def last_question(text: str) -> tuple[str, str]:
    """What stands before the text's last sentence, and that sentence; empty if it asks nothing."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    if not ends or text[ends[-1] :].strip() or "?" not in text[-4:]:
        return text, ""
    starts = [end for end in (0, *ends[:-1]) if _BEGINS.match(text, end)]
    start = starts[-1] if starts else 0
    return text[:start].strip(), text[start:].strip()


def whole_sentences(text: str) -> str:
    """Up to the last sentence that ends; a text without an end gets an ellipsis."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    if ends:
        return text[: ends[-1]].strip()
    shortened = text.rstrip(" \n,;:—–-")
    return f"{shortened}…" if shortened else ""


def without_speaker(text: str, names: Iterable[str]) -> str:
    """Without a leading `Name:`, whoever's it is: the engine says who speaks."""
    alternatives = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    prefix = re.compile(
        rf"\s*[*_\[@#]*\s*(?:{alternatives})\s*[*_\]]*\s*[:：][*_]*\s*", re.IGNORECASE
    )
    while match := prefix.match(text):
        text = text[match.end() :]
    return text


def _end_of_word(text: str, nth: int) -> int | None:
    """Where the nth word ends, if another comes after it."""
    end = None
    for count, word in enumerate(re.finditer(r"\S+", text), start=1):
        if count > nth:
            return end
        end = word.end()
    return None
