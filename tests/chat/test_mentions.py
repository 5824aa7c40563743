"""Nothing that people or models write pings anybody, and it can still be read."""

from __future__ import annotations

import html
import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.chat.mentions import BREAK, inert

# What the platforms' documentation says that they act on, each a little wider.
PINGS = {
    "Discord, everybody": re.compile(r"@(everyone|here)", re.IGNORECASE),
    "Discord, somebody": re.compile(r"<@[!&]?\d+>"),
    "Discord, a channel": re.compile(r"<#\d+>"),
    "Discord, a command": re.compile(r"</[^<>\n]+:\d+>"),
    "Discord, a guide": re.compile(r"<id:[\w-]+>", re.IGNORECASE),
    "Slack, somebody": re.compile(r"<\s*@\w+"),
    "Slack, everybody": re.compile(r"<\s*!\w+"),
    "Slack, a channel": re.compile(r"<\s*#\w+"),
    "Slack, a link with another text": re.compile(r"<[a-z][a-z+.-]*:[^<>\n]*\|", re.IGNORECASE),
    "by name": re.compile(r"(?<![\w.+-])[@＠﹫]&?\w"),
}

CALLS = [
    *("@everyone", "@here", "@channel", "@group", "@all", "@EVERYONE", "@Here", "@eVeRyOnE"),
    *("<@U024BE7LH>", "<@W012A3CDE>", "<@U024BE7LH|ana>", "<!channel>", "<!here>", "<!everyone>"),
    *("<!channel|channel>", "<!here|@here>", "<!subteam^SAZ94GDB8>", "<!subteam^SAZ94GDB8|@team>"),
    *("<#C024BE7LR>", "<#C024BE7LR|general>", "<!date^1392734382^{date}|hoy>"),
    *("<@80351110224678912>", "<@!80351110224678912>", "<@&165511591545143296>"),
    *("<#103735883630395392>", "</debate:816437322781949972>", "</debate start:8164373227819499>"),
    *("<id:customize>", "<id:browse>", "<id:guide>", "<id:linked-roles>", "<ID:guide>"),
    *("<https://evil.example|@here>", "<mailto:a@b.org|@ana>", "<slack://user?team=T1&id=U1|x>"),
    *("&lt;!channel&gt;", "&lt;@U024BE7LH&gt;", "&#60;!here&#62;", "&#x3C;@U024BE7LH&#x3e;"),
    *("&#64;everyone", "&#x40;here", "&#0064;everyone", "&commat;everyone", "＠everyone", "﹫here"),
    *("@ana", "@Ana María", "@ñandú", "@U024BE7LH", "@80351110224678912", "@&165511591545143296"),
    *(
        "< @U024BE7LH>",
        "< !channel>",
        "<\n!channel>",
        "<<!channel>>",
        "<<@U024BE7LH>",
        "@@everyone",
    ),
    *("<@<@U024BE7LH>>", "<!<!here>", "@\u00adeveryone @everyone", "foo@everyone", "a@here.org"),
]
FRAMES = [
    *("{}", "{}{}", "Hola, {}: ¿qué dice?", "({})", "«{}»", "**{}**", "_{}_", "~~{}~~", "||{}||"),
    *("`{}`", "```\n{}\n```", "```py\n# {}", "> {}", "- {}", "[{}](https://e.org)", "# {}"),
    *("\\{}", "x{}", "1{}", "\u200d{}", "\u202e{}", "a.{}", "{}\n\n{}", "\t{}", "-{}"),
]
ATTACKS = [frame.replace("{}", call) for frame, call in product(FRAMES, CALLS)]

_WORDS = st.text(
    alphabet=st.one_of(st.sampled_from(list("<>@!#&|/:;^ \n`*\\" + BREAK)), st.characters())
)
_BITS = st.lists(st.one_of(_WORDS, st.sampled_from(CALLS)), max_size=8).map("".join)


def pings(text: str) -> list[str]:
    """What would ping, also where a surface takes entities for what they stand for."""
    readings = (text, html.unescape(text))
    return [what for what, call in PINGS.items() if any(call.search(read) for read in readings)]


def test_there_are_hundreds_of_attacks_and_each_is_one() -> None:
    assert len(set(ATTACKS)) >= 1_000
    assert [call for call in CALLS if not pings(call)] == []


def test_no_attack_pings() -> None:
    left = {attack: pings(inert(attack)) for attack in ATTACKS}
    assert {attack: what for attack, what in left.items() if what} == {}


@given(_BITS)
def test_whatever_is_written_does_not_ping_and_reads_the_same(text: str) -> None:
    quiet = inert(text)
    assert pings(quiet) == []
    assert quiet.replace(BREAK, "") == text.replace(BREAK, "")
    assert inert(quiet) == quiet


@pytest.mark.parametrize("call", [call for call in CALLS if call[0] in "<@"])
def test_what_a_text_ends_with_calls_nobody_that_comes_after_it(call: str) -> None:
    assert pings(inert(f"Hola {call[0]}") + inert(call[1:])) == []


@pytest.mark.parametrize(
    "text",
    [
        *("ana@example.org", "a.b+c@sub.example.co.uk", "Escriba a ana@example.org.", "x@ y", "@"),
        *("1 < 2 && 3 > 2", "a <- b", "for (i<n)", "https://e.org/a?b=c&d=e#f", "C# y F#", "#1"),
    ],
)
def test_what_calls_nobody_is_left_as_it_is(text: str) -> None:
    assert inert(text).removesuffix(BREAK) == text


def test_forty_thousand_characters_of_anything_take_no_time() -> None:
    for bit in ("<", "@", "<a", "a@", "&lt;", "a.", "</", "<a|"):
        assert len(inert(bit * (40_000 // len(bit)))) >= 39_000
