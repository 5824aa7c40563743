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

from engine.debate.limits import (
    MESSAGE_WORDS,
    SUMMARY_WORDS,
    SYNTHESIS_ITEMS,
    SYNTHESIS_SUMMARY_WORDS,
    most_chars,
)
from engine.debate.panel import Panel
from engine.debate.state import Cue, Debate, Exchange, Heard
from engine.debate.text import clean, inert, word_count
from engine.debate.wording import Wording, wording

PROMPT_VERSION = 1
"""Raised with every change of what is rendered: a debate in mid-course then starts a new head."""

Message = dict[str, str]


def render(debate: Debate, panel: Panel) -> list[Message]:
    """The messages that the debate's pending cue is asked with."""
    if debate.pending is None:
        raise ValueError("nothing is pending")
    return [*_grown(debate, panel), _ask(debate, panel, debate.pending, debate.unheard)]


def render_running_summary(debate: Debate, panel: Panel) -> list[Message]:
    """The messages that ask for a summary of the head so far.

    Words that nobody has seen yet are left out: they go before the new head's first cue.
    """
    text = wording(panel.language).running_summary.format(
        name=panel.moderator.name, words=SUMMARY_WORDS
    )
    return [*_grown(debate, panel), _user(text)]


def render_repair(
    asked: Sequence[Message], raw: str, flaw: str, fields: Iterable[str], panel: Panel
) -> list[Message]:
    """The messages that ask for a bad reply to be written again. They are never repeated later."""
    names = ", ".join(f'"{field}"' for field in fields)
    text = wording(panel.language).repair.format(flaw=flaw, fields=names)
    return [*asked, {"role": "assistant", "content": inert(raw[:2_000])}, _user(text)]


def _grown(debate: Debate, panel: Panel) -> list[Message]:
    messages = [_system(panel)]
    for exchange in debate.head.exchanges if debate.head else ():
        messages += _exchange(debate, panel, exchange, first=len(messages) == 1)
    return messages


def _system(panel: Panel) -> Message:
    rules = wording(panel.language).rules.format(
        answer_words=panel.answer_words, question_words=panel.question_words
    )
    cards = (f"{p.name}: {p.card.strip()}" for p in panel.personas)
    return {"role": "system", "content": "\n\n".join([rules, *cards])}


def _exchange(debate: Debate, panel: Panel, exchange: Exchange, *, first: bool) -> list[Message]:
    before = [_preamble(debate, panel)] if first else []
    question = _with_heard(before, exchange.heard, _cue_text(debate, panel, exchange.cue), panel)
    return [question, {"role": "assistant", "content": inert(exchange.reply)}]


def _ask(debate: Debate, panel: Panel, cue: Cue, heard: Sequence[Heard]) -> Message:
    first = debate.head is None or not debate.head.exchanges
    before = [_preamble(debate, panel)] if first else []
    return _with_heard(before, heard, _cue_text(debate, panel, cue), panel)


def _with_heard(before: list[str], heard: Sequence[Heard], cue_text: str, panel: Panel) -> Message:
    messages = [_message(h, wording(panel.language)) for h in heard]
    return _user("\n\n".join([*before, *messages, cue_text]))


def _preamble(debate: Debate, panel: Panel) -> str:
    """Topic, material and the summary of earlier heads."""
    words = wording(panel.language)
    parts = [words.topic.format(topic=inert(clean(debate.started.topic)))]
    left = debate.head.started.material_chars if debate.head else 0
    for material in debate.material:
        text = clean(material.text)
        kept = text[:left]
        left -= len(kept)
        if len(kept) < len(text):
            kept += "\n" + words.material_cut.format(kept=len(kept), chars=len(text))
        name = inert(clean(material.name))
        parts.append(words.material.format(name=name, text=inert(kept)))
    if debate.head and debate.head.started.summary:
        parts.append(words.summary_so_far.format(summary=inert(debate.head.started.summary)))
    return "\n\n".join(parts)


def _message(heard: Heard, words: Wording) -> str:
    """One person's words, fenced; the fence says whose they are."""
    author = inert(clean(heard.message.author)).replace('"', "'").replace("\n", " ")
    whole = clean(heard.message.text)
    text = whole
    if word_count(whole) > MESSAGE_WORDS:
        text = " ".join(whole.split()[:MESSAGE_WORDS])
    text = text[: most_chars(MESSAGE_WORDS)]  # not everybody's words have blanks between them
    if len(text) < len(whole):
        text += " " + words.message_cut.format(kept=len(text), chars=len(whole))
    return f'<message from="{author}">{inert(text)}</message>'


def _cue_text(debate: Debate, panel: Panel, cue: Cue) -> str:
    words = wording(panel.language)
    if cue.turn == 0:
        return _synthesis_cue(debate, panel)
    persona = panel.persona(cue.persona)
    template = words.opening if cue.asked_by is None else words.turn if cue.ask else words.last
    return template.format(
        name=persona.name,
        stance=persona.stance,
        asker=panel.persona(cue.asked_by).name if cue.asked_by else "",
        asked=_asked(panel, cue, words),
    )


def _asked(panel: Panel, cue: Cue, words: Wording) -> str:
    if len(cue.ask) == 1:
        return panel.persona(cue.ask[0]).name
    return words.choose.format(names=", ".join(f"{panel.persona(i).name} ({i})" for i in cue.ask))


def _synthesis_cue(debate: Debate, panel: Panel) -> str:
    words = wording(panel.language)
    return words.synthesis.format(
        name=panel.moderator.name,
        ended=words.ended[debate.reason] if debate.reason else "",
        summary_words=SYNTHESIS_SUMMARY_WORDS,
        items=SYNTHESIS_ITEMS,
    )


def _user(content: str) -> Message:
    return {"role": "user", "content": content}
