"""What is done to anybody's words: cleaned, cut at a sentence, made inert for a prompt."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_SENTENCE_END = re.compile(r"[.!?…。！？][»”\"')\]]*(?=\s|$)")
_BEGINS = re.compile(r"\s*[^\w\s]*[^\W\d_a-z]|\s*[^\w\s]*\d")
"""A sentence does not begin with a small letter: what ended before it was an abbreviation."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
_BLANK_LINES = re.compile(r"\n{3,}")

# Marks that turn the direction of what follows: with them a line can read as another one
# (CVE-2021-42574).
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")

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
    text = _CONTROL.sub("", _BIDI.sub("", text.replace("\t", " ")))
    return _BLANK_LINES.sub("\n\n", text).strip()


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
    prefix = _leading(tuple(names))
    while match := prefix.match(text):
        text = text[match.end() :]
    return text


@lru_cache(maxsize=64)
def _leading(names: tuple[str, ...]) -> re.Pattern[str]:
    alternatives = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(
        rf"\s*[*_\[@#]*\s*(?:{alternatives})\s*[*_\]]*\s*[:：][*_]*\s*", re.IGNORECASE
    )


def _end_of_word(text: str, nth: int) -> int | None:
    """Where the nth word ends, if another comes after it."""
    if word_count(text) <= nth:
        return None
    end = None
    for count, word in enumerate(re.finditer(r"\S+", text), start=1):
        if count > nth:
            return end
        end = word.end()
    return None
