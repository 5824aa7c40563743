"""Which words are a command, and which only begin like one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bots.chat.grammar.asks import (
    Ask,
    CodeMirror,
    Control,
    EndMirror,
    Export,
    Help,
    LeaveSeat,
    MakeMirror,
    SetPace,
    Settings,
    TakeSeat,
    Verb,
    VoteOn,
)
from bots.chat.grammar.known import Known
from bots.chat.grammar.options import PACES
from bots.chat.grammar.start import only_options
from bots.chat.grammar.verbs import FORM_OF, LONGEST_PHRASE, PHRASES, Who
from bots.chat.grammar.words import CLOSING, Word
from bots.chat.names import named
from engine.debate.events import Vote
from engine.ports.places import CODE_ALPHABET, CODE_LETTERS

MOST_WORDS = 24
"""A longer text is no command."""

_POLITE = {"please", "pls", "now", "the", "this", "debate", "it", "thanks"} | {
    *("por", "favor", "porfa", "ya", "ahora", "el", "este", "gracias"),
}
_ENDS = {"end", "off", "stop", "close", "terminar", "fin", "parar", "cerrar", "acabar"}
_LEAVES = {"leave", "off", "none", "dejar", "salir"}
_RESETS = {"reset", "clear", "borrar", "restablecer"}
_CODE = re.compile(f"[{CODE_ALPHABET}]{{{CODE_LETTERS}}}")
_FORMS = {"md": "md", "markdown": "md", "json": "json", "html": "html"}
_VOTES: dict[str, Vote] = {
    **dict.fromkeys(("up", "+", "+1", "👍", "like", "yes", "si", "favor", "a favor"), 1),
    **dict.fromkeys(("down", "-", "-1", "👎", "dislike", "no", "contra", "en contra"), -1),
    **dict.fromkeys(("none", "0", "nada", "clear"), 0),
}


def as_control(words: Sequence[Word], known: Known) -> Ask | None:
    """The command that exactly these words are; `None`: they are none.

    Raises:
        Misunderstood: an option's name or value will not do.
    """
    if len(words) > MOST_WORDS or is_quoted(words):
        return None
    for verb, rest in _beginnings(words):
        ask = _WITH_ARGUMENTS[verb](rest, known) if verb in _WITH_ARGUMENTS else _plain(verb, rest)
        if ask:
            return ask
    return None


def begins_like(words: Sequence[Word]) -> Verb | None:
    """The command whose name the words begin with."""
    return next((verb for verb, _ in _beginnings(words) if verb is not Verb.START), None)


def is_question(words: Sequence[Word]) -> bool:
    """Whether a command that not everybody may use is only asked about: `Stop?` stops nothing."""
    verb = begins_like(words)
    is_asked = any(mark in word.text for word in words for mark in "?¿")
    return is_asked and verb is not None and FORM_OF[verb].who in (Who.STEERS, Who.MANAGES)


def is_quoted(words: Sequence[Word]) -> bool:
    """Whether the words begin with a quote, and so are nobody's command."""
    return bool(words) and words[0].text[0] in CLOSING


def _beginnings(words: Sequence[Word]) -> list[tuple[Verb, Sequence[Word]]]:
    """Each command that the words begin like, with what follows, the longest phrase first."""
    bare = tuple(word.bare for word in words[:LONGEST_PHRASE])
    lengths = range(len(bare), 0, -1)
    return [(PHRASES[bare[:n]], words[n:]) for n in lengths if bare[:n] in PHRASES]


def _plain(verb: Verb, rest: Sequence[Word]) -> Ask | None:
    polite = all(word.bare in _POLITE for word in rest)
    return Control(verb) if polite and verb is not Verb.START else None


def _pace(rest: Sequence[Word], _known: Known) -> Ask | None:
    pace = PACES.get("-".join(word.bare for word in rest))
    return SetPace(pace) if pace else None


def _seat(rest: Sequence[Word], known: Known) -> Ask | None:
    name = " ".join(word.text for word in rest)
    if len(rest) == 1 and rest[0].bare in _LEAVES:
        return LeaveSeat()
    if name.startswith("@") or (rest and named(name, known.seats)):
        return TakeSeat(name)
    return None


def _vote(rest: Sequence[Word], _known: Known) -> Ask | None:
    if not rest or not rest[0].bare.isdecimal() or len(rest[0].bare) > 4:
        return None
    vote = _VOTES.get(" ".join(word.bare for word in rest[1:]))
    return None if vote is None else VoteOn(int(rest[0].bare), vote)


def _mirror(rest: Sequence[Word], _known: Known) -> Ask | None:
    if not rest:
        return MakeMirror()
    if len(rest) > 1:
        return None
    if rest[0].bare in _ENDS:
        return EndMirror()
    code = rest[0].bare.replace("-", "")
    return CodeMirror(code) if _CODE.fullmatch(code) else None


def _export(rest: Sequence[Word], _known: Known) -> Ask | None:
    if not rest:
        return Export()
    form = _FORMS.get(rest[0].bare) if len(rest) == 1 else None
    return Export(form) if form else None


def _settings(rest: Sequence[Word], known: Known) -> Ask | None:
    if len(rest) == 1 and rest[0].bare in _RESETS:
        return Settings(reset=True)
    options = only_options(rest, known)
    return None if options is None else Settings(options)


def _help(rest: Sequence[Word], _known: Known) -> Ask | None:
    if not rest:
        return Help()
    about = PHRASES.get(tuple(word.bare for word in rest[:LONGEST_PHRASE]))
    return Help(about) if about and len(rest) <= LONGEST_PHRASE else None


_WITH_ARGUMENTS: dict[Verb, Callable[[Sequence[Word], Known], Ask | None]] = {
    Verb.PACE: _pace,
    Verb.SEAT: _seat,
    Verb.VOTE: _vote,
    Verb.MIRROR: _mirror,
    Verb.EXPORT: _export,
    Verb.SETTINGS: _settings,
    Verb.HELP: _help,
}
