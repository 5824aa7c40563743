"""Every text that a person reads is there in Spanish and English, and an error is one line."""

from __future__ import annotations

import string
import subprocess
import sys
from pathlib import Path

import pytest

from bots.chat.i18n import explained, translator, users_language
from bots.chat.locale.collect import NotALiteral, collect
from engine.debate.explained import MOST_CHARS, Explained, reason
from engine.ports.model import ModelAway, ModelRefused
from engine.ports.store import StoreAway, UnknownDebate

HOUSE = Path(__file__).parents[2]
SAME = {
    "Debate",
    "Material",
    "Panel",
    "Tokens",
    "app",
    "bot",
    "chmod 600 .env",
    "debate",
    "id",
    "no",
    "panel",
    "pid",
    "pip install 'tertulia[discord]'",
    "tertulia discord roles create",
    "tertulia discord sync",
    "tokens",
    "tokens/s",
    "vLLM: --enable-prefix-caching --enable-prompt-tokens-details",
    'vLLM: --structured-outputs-config {{"backend":"xgrammar","disable_any_whitespace":true}}',
    "worker",
    "{file}: {why}",
    "{file}:{line}: {field}: {wrong}",
    "{seconds} s",
    "{setting} ({variable}): {why}",
    "{tokens} tokens",
    "{why}",
    "{wrong}; {how}",
}
"""Texts that read the same in both languages."""

HOSTILE = 'a {0.__class__} {name!r} {brace\r\n"} \x1b[31m{}\u202e{{\n'


def braces(text: str) -> set[tuple[str, str | None]]:
    """What stands in a text's braces, each with its format."""
    return {(name, how) for _, name, how, _ in string.Formatter().parse(text) if name is not None}


# --- the texts -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def texts() -> set[str]:
    """All that there are."""
    return collect(
        f for part in ("bots", "deploy", "engine") for f in HOUSE.glob(f"{part}/**/*.py")
    )


def test_every_text_is_there_in_spanish(texts: set[str]) -> None:
    spanish = translator("es")
    assert {text for text in texts if spanish(text) == text} == SAME


def test_the_spanish_has_the_same_values_and_as_many_lines(texts: set[str]) -> None:
    spanish = {text: translator("es")(text) for text in texts}
    assert [text for text in texts if braces(spanish[text]) != braces(text)] == []
    assert [text for text in texts if spanish[text].count("\n") != text.count("\n")] == []


def test_english_is_as_it_is_written(texts: set[str]) -> None:
    english = translator("en")
    assert [text for text in texts if english(text) != text] == []


def test_the_catalogue_is_up_to_date() -> None:
    check = subprocess.run(
        [sys.executable, "-m", "bots.chat.locale", "--check"],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (check.stdout, check.returncode) == ("", 0), check.stderr


# --- how they are found --------------------------------------------------------------------------


def found_in(folder: Path, source: str) -> set[str]:
    """The texts in this source."""
    file = folder / "source.py"
    file.write_text(source)
    return collect([file])


def test_texts_are_found_where_they_are_marked_translated_or_raised(tmp_path: Path) -> None:
    source = """
        x = [_("marked"), translate("translated"), print("neither"), _("in " "two")]
        raise Explained("raised: {why}", why="a value")
    """
    found = found_in(tmp_path, "if True:" + source)
    assert found == {"marked", "translated", "in two", "raised: {why}"}


def test_an_error_of_another_name_is_found_by_what_it_descends_from(tmp_path: Path) -> None:
    source = """
class Deeper(errors.Deep): ...
class Deep(Explained): ...
class Other(Exception): ...
raise Deeper("raised")
raise Other("for those who mend it")
"""
    assert found_in(tmp_path, source) == {"raised"}


def test_an_error_with_a_text_of_its_own_is_found_by_that(tmp_path: Path) -> None:
    source = """
class Fixed(Explained):
    def __init__(self, name):
        super().__init__("its own: {name}", name=name)
raise Fixed("a value")
"""
    assert found_in(tmp_path, source) == {"its own: {name}"}


@pytest.mark.parametrize("text", ['f"no {name}"', '"no " + name'])
def test_an_error_whose_text_nobody_could_translate_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(NotALiteral, match=r"source\.py:1: Explained"):
        found_in(tmp_path, f"raise Explained({text})")


# --- an error's line -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error",
    [
        ModelAway("{where} answered {status}: {message}", where="x", status=500, message=HOSTILE),
        ModelRefused("no way to {where}: {why}", where="x", why=ValueError(HOSTILE)),
        StoreAway("Redis is not ready: {why}", why=HOSTILE),
        UnknownDebate(HOSTILE),
        OSError(HOSTILE),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_comes_from_outside_stays_a_value_on_the_same_line(error: Exception) -> None:
    for line in (explained(error, "en"), explained(error, "es")):
        assert 'a {0.__class__} {name!r} {brace "} [31m{}{{' in line
        assert line.isprintable()


def test_a_long_value_is_cut_and_says_so() -> None:
    line = explained(StoreAway("Redis does not answer: {why}", why="no " * 10_000), "es")
    assert line.startswith("Redis no responde: no no ")
    assert line.endswith("…")
    assert len(line) <= len("Redis no responde: ") + MOST_CHARS


def test_an_error_within_an_error_is_translated_too() -> None:
    inner = Explained("{value} is not {what}", value="7", what=Explained("a table"))
    error = Explained("{wrong}; {how}", wrong=inner, how=Explained("write one emoji"))
    assert str(error) == "7 is not a table; write one emoji"
    assert explained(error, "es") == "7 no es una tabla; escriba un solo emoji"


@pytest.mark.parametrize(
    ("error", "english", "spanish"),
    [
        (
            FileNotFoundError(2, "No such file or directory"),
            "x cannot be read: No such file or directory",
            "no se puede leer x: No existe el archivo o el directorio",
        ),
        (
            OSError(28, "No space left on device"),
            "x cannot be read: No space left on device",
            "no se puede leer x: No space left on device",
        ),
    ],
    ids=["usual", "rare"],
)
def test_the_systems_usual_reasons_are_translated(
    error: OSError, english: str, spanish: str
) -> None:
    told = Explained("{file} cannot be read: {why}", file="x", why=reason(error))
    assert (explained(told, "en"), explained(told, "es")) == (english, spanish)


def test_a_model_that_is_away_keeps_how_long_it_asked_to_be_left_alone() -> None:
    away = ModelAway("{where} broke a reply off", retry_after_s=2.5, where="x")
    assert (str(away), away.retry_after_s) == ("x broke a reply off", 2.5)


# --- whose language ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "en"}, "en"),
        ({"LANG": "es_ES.UTF-8"}, "es"),
        ({"LANG": "es"}, "es"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "est_EE"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "es_MX.UTF-8"}, "es"),
        ({"LANG": "es_ES.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "es_ES.UTF-8", "LC_ALL": ""}, "es"),
        ({"LC_MESSAGES": "es_AR", "LC_ALL": "C"}, "en"),
    ],
)
def test_the_users_language_is_what_posix_says(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], language: str
) -> None:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    assert users_language() == language
