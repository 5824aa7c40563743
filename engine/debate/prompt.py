"""The log, rendered as the messages a model is asked with.

1. Within one head, messages only grow: what the next turn is asked with begins, byte for byte, with
   what this turn was asked with and the recorded reply. The server's prefix cache then computes
   every token once.
2. So the head holds what all speakers share (rules, every card, topic, material, the summary of
   earlier heads), and what is the speaker's own stands in the cue at the end.
3. People's words stand before the first cue whose speaker had seen them, never earlier.
4. Words from outside are fenced and made inert.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.debate.events import HeadStarted, Kind, MaterialAdded, MessageEdited, MessageHeard
from engine.debate.explained import one_line
from engine.debate.limits import (
    ATTACHED_WORDS,
    CHARS_PER_TOKEN,
    HEARD_SHARE,
    MESSAGE_WORDS,
    SUMMARY_WORDS,
    SYNTHESIS_ITEMS,
    SYNTHESIS_SUMMARY_WORDS,
    most_chars,
)
from engine.debate.panel import Handoff, Panel
from engine.debate.state import Cue, Debate, Exchange, Head, Heard
from engine.debate.text import clean, inert, word_count
from engine.debate.wording import Wording, wording

PROMPT_VERSION = 2
"""Raised with every change of what is rendered: a debate in mid-course then starts a new head."""

NAME_CHARS = 80
_NO_MARKS = str.maketrans({'"': "'", "<": "‹", ">": "›", "[": "(", "]": ")", "|": "¦"})

Message = dict[str, str]


class Grown:
    """What one debate's head has come to so far, so that nothing in it is rendered twice."""

    __slots__ = ("_head", "_last", "_messages", "_taken")

    def __init__(self) -> None:
        self._head: HeadStarted | None = None
        self._last: Exchange | None = None
        self._taken = 0
        self._messages: list[Message] = []

    def up_to(self, debate: Debate, panel: Panel) -> list[Message]:
        """The messages before the pending cue's; the panel is the debate's own."""
        head = debate.head
        if not self._messages or not self._goes_on(head):
            self._head, self._taken, self._messages = head.started, 0, [_system(panel)]
        for exchange in head.exchanges[self._taken :]:
            first = len(self._messages) == 1
            asked = _asked_with(debate, panel, exchange.cue, exchange.heard, first=first)
            self._messages += [asked, {"role": "assistant", "content": inert(exchange.reply)}]
        self._taken = len(head.exchanges)
        self._last = head.exchanges[-1] if head.exchanges else None
        return self._messages

    def _goes_on(self, head: Head) -> bool:
        """A head is never rewritten: where its last known exchange stands, so do those before."""
        last = head.exchanges[self._taken - 1 : self._taken]
        return head.started is self._head and (last[0] if last else None) is self._last


def render(debate: Debate, panel: Panel, grown: Grown | None = None) -> list[Message]:
    """The messages that the debate's pending cue is asked with.

    `grown` is what was rendered for this debate before; it is kept up.
    """
    if debate.pending is None:
        raise ValueError("nothing is pending")
    first = not debate.head.exchanges
    ask = _asked_with(debate, panel, debate.pending, debate.unheard, first=first)
    return [*(grown or Grown()).up_to(debate, panel), ask]


def render_running_summary(debate: Debate, panel: Panel) -> list[Message]:
    """The messages that ask for a summary of the head so far.

    Words that nobody has seen yet are left out: they go before the new head's first cue.
    """
    text = wording(panel.language).running_summary.format(
        name=panel.moderator.name, words=SUMMARY_WORDS
    )
    return [*Grown().up_to(debate, panel), _user(text)]


def render_repair(
    asked: Sequence[Message], raw: str, flaw: str, fields: Iterable[str], panel: Panel
) -> list[Message]:
    """The messages that ask for a bad reply to be written again. They are never repeated later."""
    names = ", ".join(f'"{field}"' for field in fields)
    text = wording(panel.language).repair.format(flaw=flaw, fields=names)
    return [*asked, {"role": "assistant", "content": inert(raw[:2_000])}, _user(text)]


def _system(panel: Panel) -> Message:
    rules = wording(panel.language).rules.format(
        answer_words=panel.answer_words, question_words=panel.question_words
    )
    cards = (f"{p.name}: {p.card.strip()}" for p in panel.personas)
    return {"role": "system", "content": "\n\n".join([rules, *cards])}


def _asked_with(
    debate: Debate, panel: Panel, cue: Cue, heard: Sequence[Heard], *, first: bool
) -> Message:
    """One user message: in a head's first, what the head begins with; people's words; the cue."""
    before = [_preamble(debate, panel)] if first else []
    words = _bounded(debate, heard, cue, wording(panel.language))
    return _user("\n\n".join([*before, *words, _cue_text(panel, cue)]))


def _bounded(debate: Debate, heard: Sequence[Heard], cue: Cue, words: Wording) -> list[str]:
    """What people said: together it has a share of the context only, and the last of it is kept.

    So is what was asked of somebody, the message that the cue is about first.
    """
    started = debate.head.started
    left = int(started.context_tokens * HEARD_SHARE) * CHARS_PER_TOKEN if started else 0
    kept: dict[int, str] = {}
    order = sorted(heard, key=lambda h: (h.n == cue.about, _asks(h), h.n), reverse=True)
    for said in order:
        message = _message(said, words)
        left -= len(message)
        if left < 0 and kept:
            break
        kept[said.n] = message
    before = [words.left_out.format(n=len(heard) - len(kept))] if len(kept) < len(heard) else []
    return [*before, *(message for _, message in sorted(kept.items()))]


def _asks(heard: Heard) -> bool:
    return isinstance(heard.words, MessageHeard) and heard.words.to is not None


def _preamble(debate: Debate, panel: Panel) -> str:
    """Topic, material and the summary of earlier heads."""
    words = wording(panel.language)
    parts = [words.topic.format(topic=inert(clean(debate.started.topic)))]
    started = debate.head.started
    left = started.material_chars if started else 0
    for material in debate.material:
        text = clean(material.text)
        kept = text[:left]
        left -= len(kept)
        if len(kept) < len(text):
            kept += "\n" + words.material_cut.format(kept=len(kept), chars=len(text))
        parts.append(words.material.format(name=_named(material.name), text=inert(kept)))
    if started and started.summary:
        parts.append(words.summary_so_far.format(summary=inert(started.summary)))
    return "\n\n".join(parts)


def _message(heard: Heard, words: Wording) -> str:
    """One person's words, fenced; the fence says whose they are."""
    said = heard.words
    if isinstance(said, MaterialAdded):
        text = _cut(clean(said.text), ATTACHED_WORDS, words.material_cut)
        return words.material.format(name=_named(said.name), text=inert(text))
    text = inert(_cut(clean(said.text), MESSAGE_WORDS, words.message_cut))
    if isinstance(said, MessageEdited):
        marks = f' corrects="{said.of}"'
    else:
        marks = f' to="{said.to}"' if said.to else ""
    return f'<message n="{heard.n}" from="{_named(said.author.name)}"{marks}>{text}</message>'


def _cut(whole: str, most_words: int, note: str) -> str:
    text = whole
    if word_count(whole) > most_words:
        text = " ".join(whole.split()[:most_words])
    text = text[: most_chars(most_words)]  # not everybody's words have blanks between them
    if len(text) < len(whole):
        text += " " + note.format(kept=len(text), chars=len(whole))
    return text


def _named(name: str) -> str:
    """A name from outside, as it may stand in a fence's mark or in a cue."""
    return one_line(clean(name))[:NAME_CHARS].translate(_NO_MARKS)


def _cue_text(panel: Panel, cue: Cue) -> str:
    if cue.kind.is_synthesis:
        return _synthesis_cue(panel, cue)
    words = wording(panel.language)
    persona = panel.persona(cue.persona)
    return _template(cue, panel, words).format(
        name=persona.name,
        stance=persona.stance,
        asker=panel.persona(cue.asked_by).name if cue.asked_by else "",
        asked=_asked(panel, cue, words),
        person=_named(cue.answers.name) if cue.answers else "",
        n=cue.about,
    )


def _template(cue: Cue, panel: Panel, words: Wording) -> str:
    if cue.kind is Kind.SIDE:
        return words.side
    if cue.repeated:
        return words.objection
    if cue.asked_by is None:
        return _unasked(cue, panel, words)
    if cue.ask:
        return words.turn
    return words.answers if panel.handoff is Handoff.MODERATED else words.last


def _unasked(cue: Cue, panel: Panel, words: Wording) -> str:
    """Nobody asked: the opening, a moderator's turn, or the one after a speaker was skipped."""
    if cue.turn == 1 and cue.ask:
        return words.opening
    if cue.persona == panel.moderator.id and cue.ask:
        return words.between
    return words.unasked if cue.ask else words.unasked_last


def _asked(panel: Panel, cue: Cue, words: Wording) -> str:
    if len(cue.ask) == 1:
        return panel.persona(cue.ask[0]).name
    return words.choose.format(names=", ".join(f"{panel.persona(i).name} ({i})" for i in cue.ask))


def _synthesis_cue(panel: Panel, cue: Cue) -> str:
    words = wording(panel.language)
    votes = ", ".join(
        words.vote.format(
            name=panel.persona(tally.persona).name,
            turn=tally.turn,
            likes=tally.likes,
            dislikes=tally.dislikes,
        )
        for tally in cue.tallies
    )
    template = words.so_far if cue.kind is Kind.SUMMARY else words.synthesis
    return template.format(
        name=panel.moderator.name,
        ended=words.ended[cue.ended] if cue.ended else "",
        votes=words.votes.format(votes=votes) if votes else "",
        summary_words=SYNTHESIS_SUMMARY_WORDS,
        items=SYNTHESIS_ITEMS,
    )


def _user(content: str) -> Message:
    return {"role": "user", "content": content}
