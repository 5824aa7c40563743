"""From a text to what it asks for.

How a topic is told from a command, in this order:

1. Quotes around it make it a topic: `"Stop"`. So does a word for `start` before it.
2. It is a command when the words after the command's own fit its arguments exactly, politeness
   aside: `stop`, `Stop, please`, `pace step`, `seat Ada`. "Stop eating meat?" has words left over,
   so it is a topic. With a question mark, what only some may do is asked back, or said to whom it
   was said to: `Stop?` stops nothing.
3. Else, if it begins like a command and has at most two words, or at most four of which the first
   begins with a small letter, and neither a question mark nor a colon, somebody may have meant the
   command: `pause a moment`. Nothing is started; the answer shows how to write either. The same for
   one word that is a command's misspelt: `sumary`.
4. Everything else is a topic. A word for `start` before it is dropped when it is written as
   commands are, with a small letter, or when a colon, a quote, ¿ or an option follows: "Start small
   or think big?" stays whole.

Options stand before the topic or after it, never in its middle. `panel=ai-en` and `--panel ai-en`
always are one. `rounds: 2` and `2 rounds` are one only where prose would not have them: before the
topic with a small letter or with `:` after it, behind the topic after a full stop, a comma or a
line's end. Behind quotes, all that is left must be options.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from bots.chat.grammar.asks import Ask, Start, Verb
from bots.chat.grammar.control import as_control, begins_like, is_question, is_quoted
from bots.chat.grammar.known import Known
from bots.chat.grammar.misunderstood import Misunderstood
from bots.chat.grammar.options import ALIKE
from bots.chat.grammar.start import as_start
from bots.chat.grammar.verbs import FORM_OF, PHRASES
from bots.chat.grammar.words import Word, words_of
from engine.debate.text import clean

_NOBODY = Known()
_NEVER_COMMANDS = ("?", "¿", ":")
_SHORTEST = 4
"""Letters; a shorter word is rather an abbreviation than a slip."""


def parse(text: str, known: Known = _NOBODY) -> Ask:
    """What a text asks for, where whatever is no command is the topic of a new debate.

    Without a prefix or a mention before it: the surface takes those off. Takes time in proportion
    to the text's length.

    Raises:
        Misunderstood: it cannot be meant as it stands; the text says what to write instead.
    """
    text = clean(text)
    words = words_of(text)
    if not words:
        return Start("")
    ask = as_control(words, known)
    if ask and is_question(words):
        raise _doubt(words)
    if ask:
        return ask
    _check_near_command(words)
    return as_start(text, words, known)


def control(text: str, known: Known = _NOBODY) -> Ask | None:
    """The command that a text is, where whatever is none is something said; never a `Start`.

    To ask whether to stop, or the like, is something said.

    Raises:
        Misunderstood: an option's name or value will not do.
    """
    words = words_of(clean(text))
    ask = as_control(words, known)
    return None if ask and is_question(words) else ask


def _check_near_command(words: Sequence[Word]) -> None:
    most = 4 if words[0].typed_small else 2
    text = " ".join(word.text for word in words[:5])
    if len(words) > most or any(mark in text for mark in _NEVER_COMMANDS) or is_quoted(words):
        return
    if begins_like(words):
        raise _doubt(words)
    _check_misspelt(words)


def _doubt(words: Sequence[Word]) -> Misunderstood:
    """Asks whether the command that the words begin with is meant, or a topic."""
    form = FORM_OF[begins_like(words) or Verb.HELP]
    return Misunderstood(
        "Do you mean the command? It is written: {english} / {spanish}. "
        "To debate “{topic}”, put it in quotes.",
        english=form.usage("en"),
        spanish=form.usage("es"),
        topic=" ".join(word.text for word in words[:5]),
    )


def _check_misspelt(words: Sequence[Word]) -> None:
    names = [phrase[0] for phrase in PHRASES if len(phrase) == 1]
    if len(words) > 1 or words[0].bare in names or len(words[0].bare) < _SHORTEST:
        return
    meant = get_close_matches(words[0].bare, names, 1, ALIKE)
    if meant:
        raise Misunderstood(
            "Do you mean the command {meant}? To debate “{topic}”, put it in quotes.",
            meant=meant[0],
            topic=words[0].text,
        )
