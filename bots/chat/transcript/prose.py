"""Anybody's words as HTML: paragraphs, code, and the light emphasis that models write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from bots.chat.transcript.fences import Code, Plain, pieces
from bots.chat.transcript.markup import Markup, element, join

_MARKED = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\*\*(?P<strong>[^\s*](?:[^*\n]*[^\s*])?)\*\*"
    r"|(?<![\w*])\*(?P<em>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"
)


def prose(text: str) -> Markup:
    """Paragraphs, lists and code blocks, in a `div` of their own."""
    blocks: list[str] = []
    for piece in pieces(text):
        match piece:
            case Code():
                blocks.append(element("pre", element("code", piece.text)))
            case Plain():
                blocks += _paragraphs(piece.text)
    return element("div", *blocks, class_="said")


def _paragraphs(text: str) -> Iterator[Markup]:
    for kind, lines in groupby(text.split("\n"), key=_kind):
        if kind == "item":
            items = (element("li", line(item.lstrip()[2:]), dir="auto") for item in lines)
            yield element("ul", *items)
        elif kind == "text":
            yield element("p", line("\n".join(lines)), dir="auto")


def _kind(text: str) -> str:
    if not text.strip():
        return "blank"
    return "item" if text.lstrip().startswith(("- ", "* ")) else "text"


def line(text: str) -> Markup:
    """Words with code, strong and emphasis marked up, and nothing else."""
    parts: list[str] = []
    start = 0
    for marked in _MARKED.finditer(text):
        parts += [text[start : marked.start()], _element(marked)]
        start = marked.end()
    return join(*parts, text[start:])


def _element(marked: re.Match[str]) -> Markup:
    for name, inside in marked.groupdict().items():
        if inside is not None:
            return element(name, inside)
    raise AssertionError("every alternative has a group")
