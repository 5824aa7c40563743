"""docs/security.md names tests that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "security.md"
NAMED = re.findall(r"`([\w/]+\.py)::(test_\w+)`", PAGE.read_text(encoding="utf-8"))


def test_the_page_names_tests() -> None:
    assert len(NAMED) > 60


@pytest.mark.parametrize("named", sorted({"::".join(one) for one in NAMED}))
def test_each_test_that_the_page_names_is_there(named: str) -> None:
    file, test = named.split("::")
    source = (TESTS / file).read_text(encoding="utf-8")
    assert re.search(rf"^\s*(?:async )?def {test}\(", source, re.MULTILINE)


def test_no_line_of_the_page_is_without_a_test_or_a_word_why() -> None:
    rows = [
        line
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and not line.startswith("| threat |")
    ]
    assert len(rows) > 40
    without = [row for row in rows if "::test_" not in row]
    assert len(without) == 2, "the audit, and ruff's rules"
