"""Discord's limits: nobody goes before their time, nobody waits who need not."""

from __future__ import annotations

from bots.discordbot.limits import UNTOLD_S, Limits, Pass

POST = "POST /webhooks/{webhook}/{token}"
EDIT = "PATCH /channels/{channel}/messages/{message}"


def headers(remaining: int, after: float, limit: int = 5, bucket: str = "b") -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset-After": str(after),
        "X-RateLimit-Bucket": bucket,
    }


def sent(limits: Limits, route: str, major: str, now: float) -> Pass:
    leave = limits.ask(route, major, now)
    assert isinstance(leave, Pass)
    return leave


def call(limits: Limits, now: float, told: dict[str, str], major: str = "1") -> None:
    leave = sent(limits, POST, major, now)
    limits.answered(leave, told, now)
    limits.over(leave)


def test_a_bucket_that_is_used_up_is_left_alone_until_it_is_told_to_be_full_again() -> None:
    limits = Limits()
    call(limits, 0.0, headers(0, 2.0))
    assert limits.ask(POST, "1", 0.5) == 1.5
    assert isinstance(limits.ask(POST, "1", 2.0), Pass)


def test_a_bucket_counts_for_each_webhook_apart() -> None:
    limits = Limits()
    call(limits, 0.0, headers(0, 2.0))
    assert isinstance(limits.ask(POST, "2", 0.0), Pass)


def test_no_more_go_at_once_than_the_bucket_takes_when_many_waited_for_it() -> None:
    limits = Limits()
    call(limits, 0.0, headers(0, 2.0))
    answers = [limits.ask(POST, "1", 2.0) for _ in range(20)]
    assert sum(isinstance(answer, Pass) for answer in answers) == 5
    assert set(answers[5:]) == {UNTOLD_S}


def test_requests_that_are_on_their_way_are_counted() -> None:
    limits = Limits()
    call(limits, 0.0, headers(4, 2.0))
    first, _second = sent(limits, POST, "1", 0.1), sent(limits, POST, "1", 0.1)
    limits.answered(first, headers(3, 1.9), 0.2)
    limits.over(first)
    answers = [limits.ask(POST, "1", 0.2) for _ in range(3)]
    assert [isinstance(answer, Pass) for answer in answers] == [True, True, False]


def test_routes_of_one_bucket_wait_for_each_other() -> None:
    limits = Limits()
    edit = sent(limits, EDIT, "1", 0.0)
    limits.answered(edit, headers(1, 5.0), 0.0)
    limits.over(edit)
    call(limits, 0.0, headers(0, 5.0))
    assert limits.ask(POST, "1", 0.0) == 5.0


def test_what_was_refused_is_left_alone_and_nothing_else_is() -> None:
    limits = Limits()
    leave = sent(limits, POST, "1", 0.0)
    limits.refused(leave, 7.0, 0.0, everywhere=False)
    limits.over(leave)
    assert limits.ask(POST, "1", 1.0) == 6.0
    assert isinstance(limits.ask(EDIT, "1", 1.0), Pass)
    assert isinstance(limits.ask(POST, "1", 7.0), Pass)


def test_a_limit_on_everything_closes_everything() -> None:
    limits = Limits()
    limits.refused(sent(limits, POST, "1", 0.0), 3.0, 0.0, everywhere=True)
    assert limits.ask(EDIT, "9", 1.0) == 2.0
    assert isinstance(limits.ask(EDIT, "9", 3.0), Pass)


def test_answers_that_were_lost_close_nothing_for_ever() -> None:
    limits = Limits()
    call(limits, 0.0, headers(0, 1.0, limit=1))
    lost = sent(limits, POST, "1", 1.0)
    assert limits.ask(POST, "1", 50.0) == UNTOLD_S
    limits.over(lost)
    assert isinstance(limits.ask(POST, "1", 50.0), Pass)
