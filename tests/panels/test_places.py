"""The line of a field, however the TOML is written."""

from __future__ import annotations

import pytest

from engine.panels.places import Path, line_of, lines_of, unfinished_line

SOURCE = '''# a comment = "with an equals sign"
title = "one"
"quoted key" = 1
numbers = [
  1, # ]
  2,
]
a.b = """
[x]
c = 1
"""
inline = { d = 1 }

[x]  # the real one
c = \'\'\'
"""
[[rows]]
\'\'\'

[[rows]]
id = 1
[rows.deep]
e = 1

  [[rows]]
  id = 2
  [[rows.parts]]
  f = 1
  [[rows.parts]]
  f = 2
'''

PLACES: dict[Path, int] = {
    ("title",): 2,
    ("quoted key",): 3,
    ("numbers",): 4,
    ("numbers", 1): 4,
    ("a", "b"): 8,
    ("inline", "d"): 12,
    ("x",): 14,
    ("x", "c"): 15,
    ("rows",): 20,
    ("rows", 0, "id"): 21,
    ("rows", 0, "deep", "e"): 23,
    ("rows", 1): 25,
    ("rows", 1, "id"): 26,
    ("rows", 1, "parts", 0, "f"): 28,
    ("rows", 1, "parts", 1, "f"): 30,
}


@pytest.mark.parametrize(("path", "line"), PLACES.items(), ids=str)
def test_a_field_is_found_where_it_is_written(path: Path, line: int) -> None:
    assert line_of(lines_of(SOURCE), path) == line


@pytest.mark.parametrize(
    ("path", "line"), [(("rows", 1, "name"), 25), (("x", "y", "z"), 14), (("nowhere",), 1)], ids=str
)
def test_a_missing_field_is_missing_from_its_table(path: Path, line: int) -> None:
    assert line_of(lines_of(SOURCE), path) == line


def test_lines_are_counted_as_editors_count_them() -> None:
    source = 'a = "\u2028"\r\nb = "\x85"\r\nc = 1\r\n'
    assert line_of(lines_of(source), ("c",)) == 3


def test_what_cannot_be_read_is_told_from_where_it_begins() -> None:
    assert unfinished_line('a = 1\n\n# b\nc = """\nd = 1\n') == 4
    assert unfinished_line("a = 1\n") == 1


def test_a_text_of_many_lines_takes_no_long_time() -> None:
    source = 'a = """\n' + "x\n" * 100_000 + '"""\nb = 1\n'
    assert line_of(lines_of(source), ("b",)) == 100_003
