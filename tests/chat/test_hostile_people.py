"""Whatever people write, it is understood or explained, in bounded time, and nothing of it acts."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.chat.desk import NOTHING, Answer
from bots.chat.grammar import Known, Misunderstood, Options, Start, control, parse
from bots.chat.i18n import explained
from bots.chat.names import addressed, named
from engine.debate.events import MessageHeard
from engine.debate.panel import Language
from engine.debate.text import clean
from tests.chat.at_the_desk import ANA, BEA, HOME, AtTheDesk, at
from tests.chat.cast import KNOWN, SEATS
from tests.chat.hostile import PIECES, long_texts, texts

LANGUAGES: tuple[Language, ...] = ("en", "es")
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
IDS = {seat.id for seat in SEATS}
BATCH = 150

HOSTILE = st.one_of(
    st.text(max_size=80),
    st.text(st.characters(categories=["Cs", "Cc", "Cf", "Zs", "Mn", "Po", "Sm"]), max_size=40),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=6)), max_size=8).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=10).map("".join),
)


def understood_or_explained(text: str, *knows: Known) -> None:
    """All that the grammar promises of any text."""
    for known in knows or (KNOWN, Known()):
        try:
            ask = parse(text, known)
        except Misunderstood as error:
            for language in LANGUAGES:
                assert len(line := explained(error, language)) < 2_000
                assert not {unicodedata.category(char) for char in line} & {"Cc", "Cs", "Zl", "Zp"}
                assert not BIDI.search(line)
        else:
            if isinstance(ask, Start):
                assert ask.topic in clean(text)
                assert ask.topic == ask.topic.strip()
                ask.topic.encode()
        with suppress(Misunderstood):
            assert not isinstance(control(text, known), Start)


def called_or_nobody(text: str) -> None:
    """All that names promise of any text."""
    address = addressed(text, SEATS)
    if address:
        assert set(address.choices) <= IDS
        assert address.persona in (None, *IDS)
        assert text[address.start] == "@"
        assert text[address.start + 1 : address.end] == address.typed
    whole = named(text, SEATS)
    assert whole is None or set(whole.choices) <= IDS


def test_ten_thousand_texts_are_understood_or_explained() -> None:
    for text in texts(10_000, seed=3):
        understood_or_explained(text, KNOWN)
        called_or_nobody(text)


@settings(max_examples=300, deadline=None)
@given(HOSTILE)
def test_any_text_is_understood_or_explained(text: str) -> None:
    understood_or_explained(text)
    called_or_nobody(text)


@pytest.mark.timeout(120)  # what took the square of its length would take hours
def test_a_hundred_kilobytes_are_understood_or_explained() -> None:
    for text in long_texts():
        understood_or_explained(text, KNOWN)
        called_or_nobody(text)


@settings(max_examples=200, deadline=None)
@given(HOSTILE)
def test_a_topic_in_quotes_survives_whatever_it_is(text: str) -> None:
    topic = " ".join(clean(text).replace("»", "").replace("«", "").split())
    ask = parse(f"«{topic}» rounds=2", KNOWN)
    assert ask == Start(topic.strip(), Options(rounds=2))


def told_in_words(answer: Answer) -> None:
    """An answer is for people: seen by one, and with nothing in it that was executed."""
    assert answer.private
    answer.text.encode()
    assert "<class" not in answer.text


async def test_whatever_is_said_reaches_the_log_as_it_is_or_is_refused(here: AtTheDesk) -> None:
    debate = await here.started("Tabs or spaces? panel=ai-es pace=live")
    said = list(texts(BATCH, seed=5))
    for n, text in enumerate(said):
        told_in_words(await here.desk.say(text, BEA, message=f"m{n}"))
    for n, text in enumerate(texts(BATCH, seed=6)):
        told_in_words(await here.desk.mention(text, at(BEA, replace(HOME, thread=f"none{n}"))))
    heard = [e for e in await here.events(debate) if isinstance(e, MessageHeard)]
    assert len(heard) > BATCH // 2
    written = set(said)
    for message in heard:
        assert message.text in written or "\ufffd" in message.text
        assert message.to in (None, *IDS)


async def test_a_message_of_a_hundred_kilobytes_is_refused_and_the_debate_goes_on(
    here: AtTheDesk,
) -> None:
    debate = await here.started("Tabs or spaces? panel=ai-es pace=live")
    for text in list(long_texts())[::12]:
        answer = await here.desk.say(text, BEA)
        assert answer.text
        told_in_words(answer)
        told_in_words(await here.desk.ask(text, at(ANA, replace(HOME, thread="long"))))
    assert await here.desk.say("Still here?", BEA) == NOTHING
    assert (await here.door.load(debate)).unheard
