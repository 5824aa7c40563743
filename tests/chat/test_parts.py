"""A post is shown whole, in messages that fit, whatever a later version words otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from bots.chat.parts import GAP, part_of
from bots.chat.posts import Post
from bots.chat.split import characters, utf16_units
from bots.chat.surface import Part, Role, Segment, Speaker, Tag
from tests.chat.logs import SEATS

DEBATE = "t1-abcdefgh23456789"
TAG = Tag(seat=SEATS[2])


@dataclass(frozen=True)
class Measure:
    limit: int
    wide: bool = False

    def length(self, text: str) -> int:
        return utf16_units(text) if self.wide else characters(text)


_WORDS = (
    st.lists(
        st.sampled_from(["palabra", "una frase.", "🧭", "\n\n", "x" * 60, "y,", "¿sí?"]), min_size=1
    )
    .map(" ".join)
    .filter(str.strip)
)
_SEGMENTS = st.lists(
    st.one_of(
        st.builds(Segment, st.sampled_from([Role.WORDS, Role.ITEM]), _WORDS),
        st.builds(Segment, st.just(Role.HEADING), st.sampled_from(["Acuerdos", "Síntesis"])),
    ),
    min_size=1,
    max_size=8,
)
POSTS = st.builds(
    lambda segments, asks, notice: Post(
        7,
        Speaker(seat=SEATS[1]),
        tuple(
            s
            for s in [
                *segments,
                Segment(Role.QUESTION, asks, TAG),
                Segment(Role.NOTICE, notice),
            ]
            if s.text.strip()
        ),
        "es",
    ),
    _SEGMENTS,
    _WORDS,
    st.sampled_from(["", "El debate está cerrado."]),
)
MEASURES = st.builds(Measure, st.integers(300, 900), st.booleans())


def parts(post: Post, measure: Measure, part: int = 0, offset: int = 0) -> Iterator[Part]:
    """The rest of a post, each part from the key of the one before."""
    while True:
        piece = part_of(post, DEBATE, part, offset, measure)
        yield piece
        if not piece.key.more:
            return
        part, offset = part + 1, piece.key.end


def said(shown: list[Part]) -> list[str]:
    """The log's words as they are shown."""
    return [w for p in shown for s in p.segments if s.role.from_log for w in s.text.split()]


def words(post: Post) -> list[str]:
    return [w for s in post.segments if s.role.from_log for w in s.text.split()]


@given(POSTS, MEASURES)
def test_every_word_is_shown_once_in_parts_that_fit(post: Post, measure: Measure) -> None:
    shown = list(parts(post, measure))
    assert said(shown) == words(post)
    for piece in shown:
        assert piece.segments
        gaps = GAP * (len(piece.segments) - 1)
        assert sum(measure.length(s.text) for s in piece.segments) + gaps <= measure.limit
    assert [piece.key.part for piece in shown] == list(range(len(shown)))
    total = sum(len(s.text) for s in post.segments if s.role.from_log)
    assert shown[-1].key.end == total


@given(POSTS, MEASURES)
def test_whoever_is_called_is_called_once_where_the_question_begins(
    post: Post, measure: Measure
) -> None:
    tagged = [s for piece in parts(post, measure) for s in piece.segments if s.tag]
    assert [segment.tag for segment in tagged] == [TAG]
    question = next(s for s in post.segments if s.role is Role.QUESTION)
    assert question.text.split()[: len(tagged[0].text.split())] == tagged[0].text.split()


@given(POSTS, MEASURES)
def test_a_heading_stands_over_something(post: Post, measure: Measure) -> None:
    shown = list(parts(post, measure))
    for piece in shown[:-1]:
        assert piece.segments[-1].role is not Role.HEADING


@given(POSTS, MEASURES, MEASURES, st.integers(0, 3))
def test_a_later_version_with_other_headings_and_limits_goes_on_at_the_same_word(
    post: Post, before: Measure, after: Measure, done: int
) -> None:
    first = list(parts(post, before))
    if done >= len(first):
        return
    shown = first[:done]
    offset = shown[-1].key.end if shown else 0
    reworded = tuple(
        replace(s, text=f"{s.text} y más") if s.role is Role.HEADING else s for s in post.segments
    )
    later = Post(post.n, post.speaker, reworded, "es")
    assert said([*shown, *parts(later, after, done, offset)]) == words(post)


def test_a_question_that_fits_whole_is_not_parted_from_its_tag() -> None:
    answer, question = "palabra " * 30, "¿" + "por qué " * 30 + "?"
    segments = (Segment(Role.WORDS, answer), Segment(Role.QUESTION, question, TAG))
    shown = list(parts(Post(7, Speaker(), segments, "es"), Measure(400)))
    assert [[s.role for s in piece.segments] for piece in shown] == [[Role.WORDS], [Role.QUESTION]]
    assert shown[1].segments[0].text == question


def test_another_text_has_another_key_for_the_same_slot() -> None:
    one, other = (
        part_of(Post(7, Speaker(), (Segment(Role.WORDS, text),), "es"), DEBATE, 0, 0, Measure(400))
        for text in ("a", "b")
    )
    assert one.key.slot == other.key.slot
    assert one.key.digest != other.key.digest


def test_a_notice_that_does_not_fit_is_seen_to_be_cut_short() -> None:
    notice = " ".join(["palabra"] * 40)
    post = Post(7, Speaker(), (Segment(Role.NOTICE, notice),), "es")
    part = part_of(post, DEBATE, 0, 0, Measure(100))
    (said,) = part.segments
    assert said.text.endswith("palabra…")
    assert len(said.text) <= 100
    assert not part.key.more
