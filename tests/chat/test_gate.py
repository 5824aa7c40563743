"""Where and by whom a bot may be used."""

from __future__ import annotations

import pytest

from bots.chat.gate import Gate, Listed, Verdict, Visitor

ANA = Visitor("ana", "acme", ("general",), frozenset({"staff"}))
UNREAD = Visitor("ana", "acme", ("general",), None)

ADMITTED, REFUSED, CANNOT_TELL = Verdict.ADMITTED, Verdict.REFUSED, Verdict.CANNOT_TELL


def test_without_lists_everyone_is_admitted_everywhere() -> None:
    assert Gate().admits(ANA) is ADMITTED
    assert Gate().may_start(UNREAD) is ADMITTED


@pytest.mark.parametrize(
    "gate",
    [
        Gate(servers=Listed.of(["other"])),
        Gate(servers=Listed.of([], ["acme"])),
        Gate(channels=Listed.of(["random"])),
        Gate(channels=Listed.of([], ["general"])),
        Gate(users=Listed.of(["ben"])),
        Gate(users=Listed.of([], ["ana"])),
        Gate(groups=Listed.of(["board"])),
        Gate(groups=Listed.of([], ["staff"])),
    ],
)
def test_each_list_can_keep_somebody_out(gate: Gate) -> None:
    assert gate.admits(ANA) is REFUSED
    assert gate.may_start(ANA) is REFUSED


def test_what_is_blocked_stays_out_whatever_else_allows_it() -> None:
    user = Gate(users=Listed.of(["ana"], ["ana"]), groups=Listed.of(["staff"]))
    group = Gate(users=Listed.of(["ana"]), groups=Listed.of(["staff"], ["staff"]))
    assert user.admits(ANA) is REFUSED
    assert group.admits(ANA) is REFUSED


def test_people_are_allowed_by_their_id_or_by_a_group() -> None:
    gate = Gate(users=Listed.of(["ben"]), groups=Listed.of(["staff"]))
    assert gate.admits(ANA) is ADMITTED
    assert gate.admits(Visitor("ben", "acme", ("general",))) is ADMITTED
    assert gate.admits(Visitor("eva", "acme", ("general",))) is REFUSED


def test_a_thread_goes_by_the_channel_and_the_category_that_it_lies_in() -> None:
    thread = Visitor("ana", "acme", ("thread", "general", "category"))
    assert Gate(channels=Listed.of(["general"])).admits(thread) is ADMITTED
    assert Gate(channels=Listed.of(["category"])).admits(thread) is ADMITTED
    assert Gate(channels=Listed.of(["thread"], ["category"])).admits(thread) is REFUSED


def test_groups_that_cannot_be_read_admit_nobody_whom_they_decide_on() -> None:
    assert Gate(groups=Listed.of(["staff"])).admits(UNREAD) is CANNOT_TELL
    assert Gate(groups=Listed.of([], ["guests"])).admits(UNREAD) is CANNOT_TELL
    named = Gate(users=Listed.of(["ana"]), groups=Listed.of(["staff"]))
    assert named.admits(UNREAD) is ADMITTED
    assert Gate(users=Listed.of(["ben"])).admits(UNREAD) is REFUSED
    assert Gate(users=Listed.of([], ["ana"]), groups=Listed.of(["x"])).admits(UNREAD) is REFUSED


def test_who_may_start_can_be_fewer_than_may_take_part() -> None:
    by_group, by_name = Gate(starters=frozenset({"staff"})), Gate(starters=frozenset({"ana"}))
    other = Visitor("ben", "acme", ("general",))
    assert by_group.admits(other) is ADMITTED
    assert by_group.may_start(other) is REFUSED
    assert by_group.may_start(ANA) is ADMITTED
    assert by_group.may_start(UNREAD) is CANNOT_TELL
    assert by_name.may_start(UNREAD) is ADMITTED
