"""A command is known however it is typed, and help, docs and grammar say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bots.chat.grammar import (
    Ask,
    CodeMirror,
    Control,
    EndMirror,
    Export,
    Help,
    Known,
    LeaveSeat,
    MakeMirror,
    Misunderstood,
    Options,
    SetPace,
    Settings,
    Start,
    TakeSeat,
    Verb,
    VoteOn,
    control,
    parse,
)
from bots.chat.grammar.options import OPTIONS
from bots.chat.grammar.verbs import FORM_OF, FORMS, PHRASES, Form
from bots.chat.grammar.words import bare_phrase
from bots.chat.help import help_text
from bots.chat.i18n import explained
from engine.debate.events import Pace
from engine.debate.panel import Language
from tests.chat.cast import KNOWN, asked, refusal

COMMANDS = Path(__file__).parents[2] / "docs" / "commands.md"
PLAIN = {form.verb: form for form in FORMS if form.verb is not Verb.START and not form.arguments[0]}


# --- commands ------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", PLAIN.values(), ids=list(PLAIN))
def test_a_command_is_known_in_either_language_however_it_is_typed(form: Form) -> None:
    for phrase in form.phrases:
        bare = " ".join(bare_phrase(phrase))
        for text in (phrase, bare, phrase.upper(), f" {phrase.title()}! ", f"*{phrase}*."):
            assert asked(text) == Control(form.verb), text
            assert control(text, KNOWN) == Control(form.verb), text


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("Stop, please!", Verb.STOP),
        ("stop the debate", Verb.STOP),
        ("detén el debate ahora", Verb.STOP),
        ("para ya, por favor", Verb.STOP),
        ("PAUSA", Verb.PAUSE),
        ("¿Estado?", Verb.STATUS),
        ("next turn please", Verb.NEXT),
        ("pró\u200bximo", Verb.NEXT),
        ("si\u0301ntesis", Verb.SUMMARY),
        ("una ronda más, gracias", Verb.ANOTHER),
        ("summary\u00a0so far", Verb.SUMMARY),
        ("stop\n", Verb.STOP),
    ],
)
def test_politeness_accents_and_blanks_are_forgiven(text: str, verb: Verb) -> None:
    assert asked(text) == Control(verb)


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        ("pace live", SetPace(Pace.LIVE)),
        ("Pace Reading.", SetPace(Pace.READING)),
        ("ritmo paso", SetPace(Pace.STEP)),
        ("ritmo paso a paso", SetPace(Pace.STEP)),
        ("ritmo en vivo", SetPace(Pace.LIVE)),
        ("pace step by step", SetPace(Pace.STEP)),
        ("seat AI Philosopher", TakeSeat("AI Philosopher")),
        ("seat doomer", TakeSeat("doomer")),
        ("asiento @crítico", TakeSeat("@crítico")),
        ("take the seat @who is this", TakeSeat("@who is this")),
        ("seat leave", LeaveSeat()),
        ("asiento dejar", LeaveSeat()),
        ("vote 3 up", VoteOn(3, 1)),
        ("votar 12 no", VoteOn(12, -1)),
        ("vota 2 sí", VoteOn(2, 1)),
        ("vote 2 👎", VoteOn(2, -1)),
        ("vote 2 none", VoteOn(2, 0)),
        ("votar 3 a favor", VoteOn(3, 1)),
        ("votar 3 en contra", VoteOn(3, -1)),
        ("otra ronda más", Control(Verb.ANOTHER)),
        ("mirror", MakeMirror()),
        ("mirror k2m4-p6rs", CodeMirror("k2m4p6rs")),
        ("espejo ABCDEFGH", CodeMirror("abcdefgh")),
        ("espejo terminar", EndMirror()),
        ("mirror end", EndMirror()),
        ("export", Export()),
        ("exportar JSON", Export("json")),
        ("export markdown", Export("md")),
        ("settings", Settings()),
        ("settings reset", Settings(reset=True)),
        ("ajustes rondas=2 ritmo=paso", Settings(Options(rounds=2, pace=Pace.STEP))),
        ("settings panel=ai, language: es", Settings(Options(panel="ai", language="es"))),
        ("help", Help()),
        ("?", Help()),
        ("help stop", Help(Verb.STOP)),
        ("ayuda otra ronda", Help(Verb.ANOTHER)),
        ("help start", Help(Verb.START)),
    ],
)
def test_a_command_takes_its_own_arguments(text: str, ask: Ask) -> None:
    assert asked(text) == ask


def test_no_phrase_belongs_to_two_commands() -> None:
    phrases = [(bare_phrase(phrase), form.verb) for form in FORMS for phrase in form.phrases]
    assert len(set(phrases)) == len(PHRASES)


def test_no_name_belongs_to_two_options() -> None:
    names = [n for option in OPTIONS for n in {*option.english, *option.spanish}]
    assert len(names) == len(set(names))
    assert [option.key for option in OPTIONS] == list(Options.__dataclass_fields__)


# --- what somebody may have meant ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("stop eating meat", "stop / detener"),
        ("Stop eating", "stop / detener"),
        ("pause a moment", "pause / pausa"),
        ("pace fast", "pace live | reading | step / ritmo vivo | lectura | paso"),
        ("pace", "pace live | reading | step"),
        ("mirror neurons", "mirror [CODE | end]"),
        ("Mirror universe", "mirror [CODE | end]"),
        ("Stop?", "stop / detener"),
        ("¿Detener el debate, por favor?", "stop / detener"),
        ("¿Otra ronda?", "another round / otra ronda"),
        ("ritmo paso?", "pace live"),
        ("seat Belinda", "seat NAME | leave"),
        ("seat", "seat NAME | leave"),
        ("vote up", "vote TURN up | down | none"),
        ("vote 99999 up", "vote TURN up | down | none"),
        ("export pdf", "export [md | json | html]"),
        ("settings everything", "settings [OPTION=VALUE … | reset]"),
        ("sumary", "the command summary"),
        ("stopp", "the command stop"),
        ("detenr", "the command detener"),
    ],
)
def test_what_begins_like_a_command_starts_no_debate(text: str, told: str) -> None:
    line = refusal(text)
    assert told in line
    assert f"“{text}”" in line
    assert "quotes" in line


@pytest.mark.parametrize(
    "text", ["stop eating meat", "sumary", "stop talking over people", "Stop?", "mirror universe"]
)
def test_what_is_said_to_the_moderator_is_no_command_by_half(text: str) -> None:
    assert control(text, KNOWN) is None


def test_a_seat_is_known_only_where_its_debate_is() -> None:
    assert control("seat doomer", KNOWN) == TakeSeat("doomer")
    assert control("seat doomer", Known()) is None


def test_every_refusal_is_there_in_spanish() -> None:
    for text in ("stop eating meat", "sumary", "tabs pace=fast", "tabs --x", "tabs --rounds"):
        with pytest.raises(Misunderstood) as refused:
            asked(text)
        assert explained(refused.value, "es") != str(refused.value)


# --- help and docs -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "es"])
def test_help_names_every_command_and_option_and_what_it_names_is_understood(
    language: Language,
) -> None:
    text = help_text(language)
    for form in FORMS:
        assert f"\n{form.usage(language)} — " in text
        about = asked(f"help {form.usage(language).split()[0]}")
        assert about == Help(form.verb) or form.verb in (Verb.HELP, Verb.ANOTHER)
    for option in OPTIONS:
        assert option.usage(language) in text
    assert all(help_text(language, verb).startswith(FORM_OF[verb].usage(language)) for verb in Verb)


@pytest.mark.parametrize("language", ["en", "es"])
def test_help_lists_each_other_way_to_write_a_command_once(language: Language) -> None:
    for form in FORMS:
        also = help_text(language, form.verb).split("\n")[3:4]
        shown = form.spanish[0] if language == "es" else form.english[0]
        others = also[0].rstrip(".").partition(": ")[2].split(", ") if also else []
        assert sorted({*others, shown} - {""}) == sorted({*form.phrases}), form.verb
        assert shown not in others


def test_help_says_who_may_look_and_who_may_change() -> None:
    assert "Anybody may look; those who manage" in help_text("en", Verb.SETTINGS)


def test_help_in_spanish_is_spanish() -> None:
    for verb in (None, *Verb):
        sentences = {
            language: {
                line.rpartition(" — ")[2]
                for line in help_text(language, verb).split("\n")
                if line.endswith(".")
            }
            for language in ("en", "es")
        }
        assert sentences["en"]
        assert not sentences["en"] & sentences["es"]


def test_every_value_that_help_shows_is_understood() -> None:
    for option in OPTIONS:
        for language, shown in (("en", option.shown[0]), ("es", option.shown[1])):
            if option.values:
                for value in shown.split("|"):
                    name = option.spanish[0] if language == "es" else option.english[0]
                    ask = asked(f"T? {name}={value}")
                    assert isinstance(ask, Start)
                    assert getattr(ask.options, option.key) == option.values[value]


def test_the_table_in_the_docs_is_the_grammars() -> None:
    lines = COMMANDS.read_text("utf-8").splitlines()
    rows = [line.split(" | ") for line in lines if line.startswith("| `")]
    cells = [[cell.strip("| ").replace("\\|", "|") for cell in row] for row in rows]
    documented = {(row[0].strip("`"), row[1].strip("`")) for row in cells if len(row) > 2}
    assert {(form.usage("en"), form.usage("es")) for form in FORMS} <= documented
    assert {(option.usage("en"), option.usage("es")) for option in OPTIONS} <= documented


def test_every_example_in_the_docs_is_understood() -> None:
    examples = re.findall(r"^    /debate (.*)$", COMMANDS.read_text("utf-8"), re.MULTILINE)
    assert len(examples) >= 8
    for example in examples:
        parse(example, KNOWN)
