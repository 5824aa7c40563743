"""What is wrong with a panel is told in one line: the file, the line, the field, what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.panels.loader import PanelError, load_panel
from tests.panels.panel_text import SMALL, changed


def said(content: str | bytes) -> str:
    """What is said of a file `my.toml` with this content."""
    Path("my.toml").write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(PanelError) as caught:
        load_panel("my.toml")
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# --- no such panel -------------------------------------------------------------------------------


def test_an_unknown_name_gets_the_nearest_and_the_list() -> None:
    with pytest.raises(PanelError) as caught:
        load_panel("ai-sp")
    assert str(caught.value) == (
        "no panel is called 'ai-sp'; did you mean 'ai-es'? choose one of ai-en, ai-es, "
        "decision-en, decision-es, or give the path of a .toml file"
    )


def test_a_name_near_to_none_gets_the_list() -> None:
    with pytest.raises(PanelError) as caught:
        load_panel("zzz")
    assert str(caught.value) == (
        "no panel is called 'zzz'; choose one of ai-en, ai-es, decision-en, decision-es, "
        "or give the path of a .toml file"
    )


def test_a_missing_file_is_said_to_be_missing() -> None:
    with pytest.raises(PanelError) as caught:
        load_panel("gone.toml")
    assert str(caught.value) == (
        "gone.toml: there is no such file; check the path, "
        "or choose one of ai-en, ai-es, decision-en, decision-es"
    )


def test_a_folder_is_no_panel() -> None:
    with pytest.raises(PanelError) as caught:
        load_panel("./")
    assert str(caught.value) == "./: cannot be read (Is a directory); check the file"


def test_a_file_without_end_is_not_read_to_its_end() -> None:
    with pytest.raises(PanelError) as caught:
        load_panel("/dev/zero")
    assert str(caught.value) == "/dev/zero: is over 256 KiB; shorten the cards"


# --- not TOML ------------------------------------------------------------------------------------


def test_a_syntax_error_has_its_line() -> None:
    assert said(changed('title = "Two voices"', "title Two voices")) == (
        "my.toml:2: syntax: Expected '=' after a key in a key/value pair; write valid TOML"
    )


def test_a_text_that_never_ends_is_told_where_it_begins() -> None:
    assert said(SMALL + 'x = 1\ntail = """\nno end\n') == (
        "my.toml:37: syntax: Unterminated string; write valid TOML"
    )


@pytest.mark.parametrize("value", ["9" * 5_000, "[" * 5_000], ids=["huge", "deep"])
def test_a_value_beyond_all_bounds_is_an_error_like_others(value: str) -> None:
    text = changed("[phrases]", f"rounds = {value}\n\n[phrases]")
    assert said(text) == ("my.toml:5: syntax: A value is too large or too deep; write valid TOML")


def test_a_file_in_another_encoding_has_the_line_of_its_first_bad_byte() -> None:
    assert said(changed("Two voices", "Café").encode("latin-1", "replace")) == (
        "my.toml:2: text: is not UTF-8; save the file as UTF-8"
    )


# --- one field -----------------------------------------------------------------------------------

CASES = {
    "a misspelt field": (
        ('colour = "#d6403f"', 'color = "#d6403f"'),
        "my.toml:33: debaters[1].color: is no field here; did you mean 'colour'?",
    ),
    "a field that means nothing": (
        ('title = "Two voices"', 'title = "Two voices"\nxyzzy = 1'),
        (
            "my.toml:3: xyzzy: is no field here; there are id, title, language, handoff, rounds, "
            "answer_words, question_words, repeats_at, phrases, moderator, debaters"
        ),
    ),
    "a field whose name is no bare word": (
        ('title = "Two voices"', 'title = "Two voices"\n"a\\nb" = 1'),
        (
            "my.toml:3: 'a\\nb': is no field here; there are id, title, language, handoff, rounds, "
            "answer_words, question_words, repeats_at, phrases, moderator, debaters"
        ),
    ),
    "a field left out of a table": (
        ('stance = "Say no, and why."\n', ""),
        (
            "my.toml:29: debaters[1].stance: is missing; "
            "write the card's essence in one line of 10 to 160 characters"
        ),
    ),
    "a field left out at the top": (
        ('language = "en"\n', ""),
        'my.toml:1: language: is missing; write "es" or "en"',
    ),
    "a colour by its name": (
        ('"#d6403f"', '"red"'),
        "my.toml:33: debaters[1].colour: 'red' is not a colour; write it as #rrggbb",
    ),
    "an id that is a name": (
        ('id = "no"', 'id = "Not At All"'),
        (
            "my.toml:30: debaters[1].id: 'Not At All' is not an id; write a lower-case letter, "
            "then up to 31 lower-case letters, digits or hyphens"
        ),
    ),
    "an id used twice": (
        ('id = "no"', 'id = "yes"'),
        "my.toml:30: debaters[1].id: 'yes' is the id of debaters[0] too; give each its own",
    ),
    "a name used twice, but for its capitals": (
        ('name = "No"', 'name = "CHAIR"'),
        "my.toml:31: debaters[1].name: 'CHAIR' is the name of moderator too; give each its own",
    ),
    "a name of nothing": (
        ('name = "No"', 'name = "  "'),
        "my.toml:31: debaters[1].name: is too short; write 1 to 60 characters",
    ),
    "a name without end": (
        ('name = "No"', f'name = "{"n" * 61}"'),
        "my.toml:31: debaters[1].name: is too long; write 1 to 60 characters",
    ),
    "a name of two lines": (
        ('name = "No"', 'name = "N\\no"'),
        "my.toml:31: debaters[1].name: has the unseen character U+000A; type the name anew",
    ),
    "a name with a mark that cannot be seen": (
        ('name = "No"', 'name = "N\\u202eo"'),
        "my.toml:31: debaters[1].name: has the unseen character U+202E; type the name anew",
    ),
    "a name that calls everyone": (
        ('name = "No"', 'name = "Everyone"'),
        (
            "my.toml:31: debaters[1].name: 'Everyone' cannot post: "
            "chat platforms keep 'everyone'; choose another"
        ),
    ),
    "a name with a reserved part": (
        ('name = "No"', 'name = "Discordia"'),
        (
            "my.toml:31: debaters[1].name: 'Discordia' cannot post: "
            "chat platforms keep 'discord'; choose another"
        ),
    ),
    "no emoji": (
        ('"👎"', '""'),
        "my.toml:32: debaters[1].emoji: is too short; write one emoji",
    ),
    "a stance of two lines": (
        ('"Say no, and why."', '"Say no,\\nand why."'),
        "my.toml:34: debaters[1].stance: has the control character U+000A; write one plain line",
    ),
    "a card of a few words": (
        ('"You say no first. You change your mind when you are shown a case."', '"""\nNo.\n"""'),
        (
            "my.toml:35: debaters[1].card: is too short; "
            "describe the persona in 40 to 2,000 characters"
        ),
    ),
    "a language nobody here speaks": (
        ('"en"', '"fr"'),
        'my.toml:3: language: \'fr\' is not a language; write "es" or "en"',
    ),
    "a handoff rule that is none": (
        ('language = "en"', 'language = "en"\nhandoff = "dice"'),
        (
            "my.toml:4: handoff: 'dice' is not a handoff rule; "
            'write "ring", "addressed" or "moderated"'
        ),
    ),
    "a likeness that nothing has": (
        ('language = "en"', 'language = "en"\nrepeats_at = 2'),
        "my.toml:4: repeats_at: 2 is not a likeness; write a number from 0.1 to 1",
    ),
    "no round": (
        ('language = "en"', 'language = "en"\nrounds = 0'),
        "my.toml:4: rounds: 0 is not a number of rounds; write a number from 1 to 20",
    ),
    "rounds in quotes": (
        ('language = "en"', 'language = "en"\nrounds = "3"'),
        "my.toml:4: rounds: '3' is not a number of rounds; write a number from 1 to 20",
    ),
    "rounds that are a yes": (
        ('language = "en"', 'language = "en"\nrounds = true'),
        "my.toml:4: rounds: true is not a number of rounds; write a number from 1 to 20",
    ),
    "answers longer than a message": (
        ('language = "en"', 'language = "en"\nanswer_words = 401'),
        "my.toml:4: answer_words: 401 is not a word limit; write a number from 20 to 400",
    ),
    "a brace that nothing fills": (
        ("{name}, what do", "{persona}, what do"),
        "my.toml:7: phrases.question: has a brace outside {name}; only {name} is filled in",
    ),
    "a brace in the answer": (
        ("nothing to add", "nothing, {name},"),
        "my.toml:6: phrases.answer: has a brace; write it without { and }",
    ),
    "a table where words belong": (
        ('title = "Two voices"', "title = { en = 1 }"),
        "my.toml:2: title: a table is not a title; write 1 to 80 characters",
    ),
    "a table within a table": (
        ("[phrases]\n", "[phrases.more]\n"),
        "my.toml:5: phrases.more: is no field here; there are answer, question",
    ),
    "words where a table belongs": (
        ("[phrases]\nanswer = ", "phrases = "),
        (
            "my.toml:5: phrases: 'I have nothing to add at this point.' is not a table; "
            "write a [phrases] table"
        ),
    ),
}


@pytest.mark.parametrize(("change", "line"), CASES.values(), ids=CASES.keys())
def test_a_wrong_field_is_told_with_its_line(change: tuple[str, str], line: str) -> None:
    assert said(changed(*change)) == line


def test_one_voice_is_no_debate() -> None:
    alone = SMALL[: SMALL.rindex("[[debaters]]")]
    assert said(alone) == "my.toml:17: debaters: has 1; write 2 to 16 [[debaters]] tables"


def test_seventeen_voices_are_too_many() -> None:
    debater = SMALL[SMALL.rindex("[[debaters]]") :]
    assert said(SMALL + debater * 15) == (
        "my.toml:17: debaters: has 17; write 2 to 16 [[debaters]] tables"
    )


def test_a_single_table_of_debaters_is_no_list() -> None:
    text = SMALL[: SMALL.index("[[debaters]]")] + '[debaters]\nid = "yes"\n'
    assert said(text) == (
        "my.toml:17: debaters: a table is not a list of personas; write 2 to 16 [[debaters]] tables"
    )


def test_a_panel_without_a_moderator_is_told_to_have_one() -> None:
    start, end = SMALL.index("[moderator]"), SMALL.index("[[debaters]]")
    assert said(SMALL[:start] + SMALL[end:]) == (
        "my.toml:1: moderator: is missing; write a [moderator] table"
    )


def test_a_debater_that_is_no_table_is_told_so() -> None:
    head = SMALL[: SMALL.index("[phrases]")]
    assert said(head + 'debaters = [\n  "yes",\n  "no",\n]\n') == (
        "my.toml:5: debaters[0]: 'yes' is not a persona; write a [[debaters]] table"
    )


def test_of_several_faults_the_topmost_is_told() -> None:
    text = changed('"#d6403f"', '"red"').replace('title = "Two voices"', 'title = ""')
    assert said(text) == "my.toml:2: title: is too short; write 1 to 80 characters"


def test_a_long_value_is_shown_in_short() -> None:
    assert said(changed('"#d6403f"', f'"{"red " * 50}"')) == (
        "my.toml:33: debaters[1].colour: 'red red red red red red red red red red …' "
        "is not a colour; write it as #rrggbb"
    )


def test_two_ways_to_write_one_accent_are_one_name() -> None:
    text = changed('name = "Yes"', 'name = "Sí"').replace('name = "No"', 'name = "Si\u0301"')
    assert said(text) == (
        "my.toml:31: debaters[1].name: 'Si\u0301' is the name of debaters[0] too; give each its own"
    )
