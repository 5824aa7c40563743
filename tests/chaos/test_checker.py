"""The checker finds what it is there to find."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import pytest

from bots.chat.surface import Key
from engine.debate.events import DebateClosed, MessageHeard, Person, Record, TurnSpoken
from tests.chaos.checker import (
    ASTRAY,
    FILES,
    LOST,
    OUT_OF_ORDER,
    TWICE,
    UNENDED,
    Debate,
    Post,
    Verdict,
    check,
    check_keys,
    check_questions,
)
from tests.chat.logs import whole as whole_log

LATER_MS = 120_000


def post(n: int, author: str, text: str) -> Post:
    return Post(str(n), author, text, key=Key("main-1", n, 0, 1, False, "0" * 8))


def whole() -> Debate:
    """A debate as it ought to be."""
    records = whole_log()
    thread = []
    for record in records:
        match record.event:
            case TurnSpoken() as turn:
                thread.append(post(record.n, f"* {turn.name}", f"**{turn.answer}** → next"))
            case DebateClosed() as close:
                moderator = thread[0].author
                thread.append(post(record.n, moderator, close.synthesis.summary))
    thread.append(Post("files", "Panel", "", files=FILES))
    return Debate("main-1", records, thread)


def found(debate: Debate, late: Collection[str] = ()) -> list[str]:
    verdict = Verdict()
    check(debate, late, verdict)
    return sorted({violation.promise for violation in verdict.violations})


def with_thread(thread: Sequence[Post]) -> Debate:
    return replace(whole(), thread=thread)


def test_a_whole_debate_is_whole() -> None:
    assert found(whole()) == []


@pytest.mark.parametrize("place", range(4))
def test_a_turn_that_nobody_sees_is_lost(place: int) -> None:
    thread = list(whole().thread)
    del thread[place]
    assert found(with_thread(thread)) == [LOST]


@pytest.mark.parametrize("place", range(4))
def test_a_turn_that_stands_there_twice_is_found(place: int) -> None:
    thread = list(whole().thread)
    assert TWICE in found(with_thread([*thread[: place + 1], thread[place], *thread[place + 1 :]]))


def test_words_are_found_twice_even_where_no_post_says_what_it_shows() -> None:
    thread = [replace(one, key=None) for one in whole().thread]
    assert found(with_thread([thread[0], *thread])) == [TWICE]


def test_turns_in_the_wrong_order_are_found() -> None:
    first, second, *rest = whole().thread
    assert found(with_thread([second, first, *rest])) == [OUT_OF_ORDER]


def test_a_turn_under_another_name_is_lost() -> None:
    first, *rest = whole().thread
    assert found(with_thread([replace(first, author="Somebody"), *rest])) == [LOST]


def test_files_are_there_once() -> None:
    *thread, files = whole().thread
    assert found(with_thread(thread)) == [LOST]
    assert found(with_thread([*thread, files, files])) == [TWICE]


def test_a_gap_in_the_log_is_found() -> None:
    debate = whole()
    assert LOST in found(replace(debate, records=[*debate.records[:2], *debate.records[3:]]))


def test_a_debate_without_a_close_is_found() -> None:
    debate = whole()
    records = [r for r in debate.records if not isinstance(r.event, DebateClosed)]
    thread = [post for post in debate.thread if post.key is None or post.key.n <= len(records)]
    assert found(replace(debate, records=records, thread=thread)) == [UNENDED]


def test_what_people_see_and_the_log_does_not_have_is_lost() -> None:
    first, *rest = whole().thread
    beyond = post(99, first.author, "A turn that a dead store took with it.")
    assert found(with_thread([first, *rest, beyond])) == [LOST]


def test_a_post_in_another_debates_thread_is_astray() -> None:
    key = Key("main-2", 3, 0, 1, False, "0" * 8)
    other = Post("9", "* Ana", "Said elsewhere.", key=key)
    assert ASTRAY in found(with_thread([other, *whole().thread]))
    verdict = Verdict()
    check_keys([other], {}, verdict)
    assert [v.promise for v in verdict.violations] == [ASTRAY]


def test_the_post_of_a_frozen_poster_is_counted_apart() -> None:
    thread = list(whole().thread)
    verdict = Verdict()
    again = with_thread([*thread[:2], thread[0], *thread[2:]])
    check(again, {str(thread[0].key)}, verdict)
    assert (verdict.violations, verdict.excused) == ([], [str(thread[0].key)])


def test_words_said_long_before_the_close_have_to_be_heard_once() -> None:
    debate = whole()
    closed_ms = debate.records[-1].at_ms
    said = ("What of cost?", closed_ms - LATER_MS)
    assert found(replace(debate, remarks=[said])) == [LOST]
    assert found(replace(debate, remarks=[("What of cost?", closed_ms - 1)])) == []
    heard = MessageHeard(Person("slack:U1", "Luis"), "What of cost?")
    last = len(debate.records)
    twice = [*debate.records, *(Record(last + n, closed_ms, heard) for n in (1, 2))]
    assert found(replace(debate, records=twice, remarks=[said])) == [TWICE]


def test_a_question_that_was_taken_has_one_debate() -> None:
    verdict = Verdict()
    check_questions({0: True, 1: True, 2: False}, [0, 0], verdict)
    assert [v.promise for v in verdict.violations] == [TWICE, LOST]
