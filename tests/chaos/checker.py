"""Holds a run to the promises, by the log and by what people see, and nothing else. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bots.chat.surface import Key
from engine.debate.events import DebateClosed, DebateStarted, MessageHeard, Record, TurnSpoken

FILES = ("transcript.md", "transcript.json", "transcript.html")
NOT_HEARD_MS = 60_000
"""Words that came so long before the close had to be heard."""
LOST, TWICE, OUT_OF_ORDER, UNENDED = "lost", "twice", "out of order", "not ended"
ASTRAY = "astray"


@dataclass(frozen=True, slots=True)
class Post:
    """A message as somebody sees it; `key` says what it shows, where it says so."""

    id: str
    author: str
    text: str
    is_app: bool = True
    files: tuple[str, ...] = ()
    key: Key | None = None

    @property
    def slot(self) -> tuple[int, int]:
        """The event and the part that it shows."""
        return (self.key.n, self.key.part) if self.key else (0, 0)


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that was not kept."""

    promise: str
    """`LOST`, `TWICE`, `OUT_OF_ORDER`, `UNENDED` or `ASTRAY`."""
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.promise}: {self.where}: {self.what}"


@dataclass
class Verdict:
    """What was found."""

    violations: list[Violation] = field(default_factory=list)
    excused: list[str] = field(default_factory=list)
    """Posts that stand there twice or late because their poster was frozen in mid-write."""
    figures: Counter[str] = field(default_factory=Counter)

    def find(self, promise: str, where: str, what: str) -> None:
        """One more."""
        self.violations.append(Violation(promise, where, what))


@dataclass(frozen=True, slots=True)
class Debate:
    """A debate as its log has it, and its thread as people see it."""

    id: str
    records: Sequence[Record]
    thread: Sequence[Post]
    remarks: Sequence[tuple[str, int]] = ()
    """What people said in it, and when: Unix time, milliseconds."""


def check(debate: Debate, late: Collection[str], verdict: Verdict) -> None:
    """Holds one debate to the promises; `late`: keys of posts of frozen posters."""
    verdict.figures["debates"] += 1
    verdict.figures["posts"] += len(debate.thread)
    _check_log(debate, verdict)
    _check_remarks(debate, verdict)
    _check_slots(debate, late, verdict)
    check_keys(debate.thread, {debate.id: len(debate.records)}, verdict)
    _check_words(debate, late, verdict)
    names = Counter(name for post in debate.thread for name in post.files)
    for name in FILES:
        if names[name] != 1:
            promise = TWICE if names[name] else LOST
            verdict.find(promise, debate.id, f"{name} stands there {names[name]} times")


def check_questions(taken: Mapping[int, bool], started: Sequence[int], verdict: Verdict) -> None:
    """Every question has its debate but those that the asker was told to repeat; none has two."""
    debates = Counter(started)
    for number, is_taken in taken.items():
        if is_taken and not debates[number]:
            verdict.find(LOST, f"question {number}", "it was taken, and nothing came of it")
        if debates[number] > 1:
            verdict.find(TWICE, f"question {number}", f"it has {debates[number]} debates")


def check_keys(thread: Sequence[Post], lengths: Mapping[str, int], verdict: Verdict) -> None:
    """What people see is in the log of a debate that belongs here; `lengths`: of those logs."""
    for key in (post.key for post in thread if post.key is not None):
        if key.debate not in lengths:
            verdict.find(ASTRAY, str(key), "it stands in a thread of no such debate")
        elif key.n > lengths[key.debate]:
            verdict.find(LOST, str(key), "people see it, and the log has no such event")


def _check_log(debate: Debate, verdict: Verdict) -> None:
    for n, record in enumerate(debate.records, start=1):
        if record.n != n:
            verdict.find(LOST, debate.id, f"event {record.n} of the log is its number {n}")
    turns = [r.event for r in debate.records if isinstance(r.event, TurnSpoken)]
    verdict.figures["turns"] += len(turns)
    verdict.figures.update(f"turns, {t.repaired}" for t in turns if t.repaired)
    for number, turn in enumerate(turns, start=1):
        if turn.turn != number:
            verdict.find(OUT_OF_ORDER, debate.id, f"turn {turn.turn} is spoken as number {number}")
    closes = [r.event for r in debate.records if isinstance(r.event, DebateClosed)]
    if len(closes) != 1:
        verdict.find(UNENDED, debate.id, f"it has {len(closes)} closes")
    for close in closes:
        verdict.figures[f"closed: {close.reason}"] += 1
        if not close.reason or not close.synthesis.summary.strip():
            verdict.find(UNENDED, debate.id, "it closes without a reason or a synthesis")


def _check_remarks(debate: Debate, verdict: Verdict) -> None:
    heard = Counter(r.event.text for r in debate.records if isinstance(r.event, MessageHeard))
    over = [r.at_ms for r in debate.records if isinstance(r.event, DebateClosed)]
    for words, at_ms in debate.remarks:
        verdict.figures["remarks"] += 1
        if heard[words] > 1:
            verdict.find(TWICE, debate.id, f"{words!r} is heard {heard[words]} times")
        elif not heard[words] and over and at_ms + NOT_HEARD_MS < over[0]:
            verdict.find(LOST, debate.id, f"{words!r} is not heard")
        elif not heard[words]:
            verdict.figures["remarks that came about the close"] += 1


def _check_slots(debate: Debate, late: Collection[str], verdict: Verdict) -> None:
    """By what each post says that it shows: nothing twice, nothing before what is older."""
    last, seen = (0, 0), set()
    for post in debate.thread:
        if post.key is None:
            continue
        if str(post.key) in late and (post.slot in seen or post.slot < last):
            verdict.excused.append(str(post.key))
        elif post.slot in seen:
            verdict.find(TWICE, debate.id, f"{post.key}, «{post.text[:60]}»")
        elif post.slot < last:
            verdict.find(OUT_OF_ORDER, debate.id, f"{post.key} after {last}")
        seen.add(post.slot)
        last = max(last, post.slot)


def _check_words(debate: Debate, late: Collection[str], verdict: Verdict) -> None:
    """By what people read: each turn once, in order, under its speaker's name; and the close."""
    said = [post for post in debate.thread if post.is_app and str(post.key) not in late]
    frozen = [post for post in debate.thread if post.is_app and str(post.key) in late]
    last = -1
    for n, name, words in _expected(debate.records):
        places = [i for i, post in enumerate(said) if _says(post, name, words)]
        if len(places) > 1:
            verdict.find(TWICE, debate.id, f"event {n} by {name}: {len(places)} times")
        if not places:
            if not any(_says(post, name, words) for post in frozen):
                verdict.find(LOST, debate.id, f"event {n} by {name}: «{words[:60]}»")
            continue
        if places[0] < last:
            verdict.find(OUT_OF_ORDER, debate.id, f"event {n} by {name}")
        last = max(last, places[0])


def _expected(records: Sequence[Record]) -> Iterator[tuple[int, str, str]]:
    """What has to be read: the event's number, who says it, and the letters of the words."""
    moderator = ""
    for record in records:
        match record.event:
            case DebateStarted() as started:
                moderator = started.seats[0].name
            case TurnSpoken() as turn:
                yield record.n, turn.name, _letters(turn.answer)
            case DebateClosed() as close:
                yield record.n, moderator, _letters(close.synthesis.summary)


def _says(post: Post, name: str, words: str) -> bool:
    return post.author.endswith(name) and words in _letters(post.text)


def _letters(text: str) -> str:
    """What is left of a text however it is formatted."""
    return re.sub(r"[\W_]+", "", text)
