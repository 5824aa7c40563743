"""`--help` speaks the user's language, and waits for nothing that only a debate needs."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version

import pytest

HELP = """
import sys
from deploy.cli.app import main
try:
    sys.argv[:] = ["tertulia", *sys.argv[1:], "--help"]
    main()
finally:
    slow = {"aiohttp", "engine.debate.events", "redis", "structlog"}
    print("loaded:", sorted(slow & set(sys.modules)))
"""


@pytest.mark.parametrize(
    ("language", "words", "says"),
    [
        ("en", [], "A panel of AI personas debates your team's question."),
        ("es_ES.UTF-8", [], "Un panel de personajes de IA debate la pregunta de su equipo."),
        ("en", ["try"], "Go on with this debate where it stood."),
        ("es_ES.UTF-8", ["try"], "Continúa este debate donde quedó."),
        ("en", ["debates", "purge"], "Delete closed debates for good."),
        ("es_ES.UTF-8", ["doctor"], "Prueba de verdad todo lo que necesita un debate"),
        ("en", ["discord", "roles"], "Make a role for each persona of the panel"),
        ("es_ES.UTF-8", ["workers"], "Los workers, qué tienen entre manos y a qué velocidad van."),
    ],
)
def test_help_is_in_the_users_language_and_quick(
    language: str, words: list[str], says: str
) -> None:
    shown = subprocess.run(
        [sys.executable, "-c", HELP, *words],
        env={"PATH": os.environ["PATH"], "LANG": language, "COLUMNS": "200"},
        capture_output=True,
        check=True,
    ).stdout.decode()
    assert says in shown
    assert shown.endswith("loaded: []\n")


def test_the_version_is_told_at_once() -> None:
    shown = subprocess.run(
        [sys.executable, "-c", HELP.replace('"--help"', '"--version"')],
        env={"PATH": os.environ["PATH"], "LANG": "en"},
        capture_output=True,
        check=True,
    ).stdout.decode()
    assert shown == f"tertulia {version('tertulia')}\nloaded: []\n"
