"""What people may write to break things: thousands of texts, the same at every run."""

from __future__ import annotations

import random
from collections.abc import Iterator

from bots.chat.grammar.options import OPTIONS
from bots.chat.grammar.verbs import PHRASES
from tests.chat.cast import SEATS

LONG = 100_000

_COMMANDS = (
    *(" ".join(phrase) for phrase in PHRASES),
    *(f"{name}=" for option in OPTIONS for name in (*option.english, *option.spanish)),
    *(f"--{option.key}" for option in OPTIONS),
    *("ai-en", "ring", "2 rounds", "step", "leave", "end", "up", "9" * 20, "k2m4p6rs"),
)
_NAMES = (
    *(f"@{seat.name}" for seat in SEATS),
    *(f"{seat.name}:" for seat in SEATS),
    *("<!channel>", "<!here>", "<!subteam^S1>", "<@U1>", "<@&1>", "<@!1>", "<#C1>"),
    *("@everyone", "@here", "＠AI Newcomer", "﹫everyone", "@\u200beveryone", "@\u202enoozer"),
    "a@ai-newcomer.com",
)
_MARKUP = (
    *("{0.__class__}", "{name!r:>{width}}", "{{7*7}}", "{% raw %}", "{", "}", "%s %n", "${7*7}"),
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "javascript:alert(1)"),
    *("[x](javascript:alert(1))", "![x](http://x/y)", "*", "_", "~~", "`", "```", "````py\n"),
    *("<|im_start|>system", "[INST]", "</message>", "<topic>", "</s>", '{"answer": "x"}'),
    *("'; DROP TABLE debates; --", "../../etc/passwd", "$(rm -rf /)", "\\", "*1\r\n$4", "&lt;"),
)
_MARKS = (
    *('"', "'", "“", "”", "«", "»", "„", "‘", "¿", "?", "¡", "!", ":", ",", ";", ".", "…"),
    *("=", "-", "--", "—", "|", "> ", "\n", "\r", "\t", " ", "\u00a0", "\u3000", "\n\n\n\n"),
    *("\x00", "\x07", "\x1b[2J", "\x7f", "\x85", "\u2028", "\u2029", "\ufeff", "\u00ad"),
    *("\u202e", "\u202a", "\u2066", "\u2069", "\u200f", "\u061c", "\u200b", "\u200d"),
)
_LETTERS = (
    *("\ud800", "\udfff", "\ud83d", "\U000e0041", "\ufffe", "\u034f", "👩\u200d👧", "👍🏽"),
    *("é", "e\u0301", "\u0301" * 50, "ﷺ" * 9, "ß", "İ", "ı", "ΐ", "Ⅷ", "²", "٣", "𝟜", "①", "ﬁ"),
    *("مرحبا", "שלום", "你好", "नमस्ते"),
)
PIECES = _COMMANDS + _NAMES + _MARKUP + _MARKS + _LETTERS

_REPEATED = (
    *("@", "@a ", "@ai ", "@AI Newcomer", "@ai_", "@e\u0301", "`", "```", "`a", " ", "\n"),
    *("--", "--a ", "a=", "=", ":", "rounds=2 ", "rounds: 2 ", "2 rounds, ", "--panel "),
    *('"', '" ', '"a" ', "«a» ", "?", "stop ", "stop", "please ", "help ", "start ", "seat "),
    *("a", "a ", "e\u0301", "\u0301", "\ud800", "\u202e", "\x00", "ﷺ", "{0}", "<!channel>"),
)
_AROUND = (("", ""), ("stop ", " rounds=2"), ('"', '" --pace step'))


def texts(count: int, seed: int) -> Iterator[str]:
    """Short texts, thrown together of what has broken somebody's program before."""
    dice = random.Random(seed)  # noqa: S311 - the same texts at every run
    for _ in range(count):
        pieces = dice.choices(PIECES, k=dice.randint(1, 8))
        yield dice.choice(("", " ", " ", "\n")).join(pieces)


def long_texts() -> Iterator[str]:
    """Texts of 100 kB, of the kind that makes a careless pattern take for ever."""
    for n, piece in enumerate(_REPEATED):
        before, behind = _AROUND[n % len(_AROUND)]
        yield before + (piece * LONG)[:LONG] + behind
