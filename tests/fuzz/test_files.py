"""Files that people hand over: material, panels, settings and backups."""

from __future__ import annotations

import gzip
import hashlib
import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import orjson
import pytest
from hypothesis import strategies as st

from bots.chat.material import MOST_CHARS, MaterialError, read_material
from bots.chat.pdf_text import read as read_pdf
from engine import panels
from engine.adapters.backup_file import BackupError, Head, read_head, read_pieces, writing
from engine.panels.loader import PanelError, dump, load_panel, parse
from engine.settings import FILE, PREFIX, SettingsError, mistakes, read_settings
from engine.settings.origins import settings_as_they_stand
from tests.chat.pdfs import pages_of, pdf
from tests.fuzz.fuzzing import fuzzed
from tests.fuzz.mutations import blobs, texts

NOTES = "# Notes\n\nWe pay **1,200 €** a month.\n".encode(), "Año".encode("utf-16"), b"a\tb\r\nc"
NAMES = "notes.md", "a/b\\c.txt", "plan.markdown", "x" * 300 + ".txt"
PDFS = (
    pdf("Hello", "There"),
    pages_of([b"BT /F 12 Tf (a) Tj ET", b"/A Do q 1 0 0 1 0 0 cm Q", b"BT [(a) -120 (b)] TJ ET"]),
)
PANEL = (Path(panels.__file__).parent / "decision-en.toml").read_text()
TOML = (
    '[model]\nurl = "http://gpu:8000/v1"\nsampling = {temperature = 0.7}\n[redis]\nkeep_days = 3\n'
    '[slack]\nallow_users = ["U1"]\npersonas = {skeptic = "xoxb-1"}\n[worker]\nport = 9464\n'
)
DEEP = (
    f"[model]\nsampling = {'[' * 3_000}",
    f"[worker]\nport = {'9' * 5_000}",
    "[a]\nb = {c = {d = 1",
)
VARIABLES = "MODEL__URL", "MODEL__SAMPLING", "SLACK__ALLOW_USERS", "SLACK", "WORKER__PORT", "X__Y"
VALUES = (
    "9464",
    "[" * 100_000,
    '{"a": ' * 100_000,
    '{"temperature": 0.7}',
    '["U1", "U2"]',
    "http://gpu:8000/v1",
    "true",
    '{"port": 3}',
)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        yield Path(folder)


@fuzzed(st.tuples(texts(*NAMES), blobs(*NOTES)))
def test_a_text_file_is_material_or_says_why_not(given: tuple[str, bytes]) -> None:
    name, content = given
    suffixed = name if name.lower().endswith((".md", ".txt", ".markdown")) else f"{name}.txt"
    with suppress(MaterialError):
        material = read_material(suffixed, content)
        assert 0 < len(material.text) <= MOST_CHARS
        assert len(material.name.splitlines()) == 1
        assert "/" not in material.name
        material.text.encode()


@fuzzed(blobs(*PDFS), share=0.5)
def test_a_pdf_has_text_or_a_fault(content: bytes) -> None:
    """In a process of its own it may do worse; here it is seen what the reader itself lets out."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    found = read_pdf(content, 1_000)
    assert set(found) in ({"text"}, {"fault"})
    assert found.get("fault", "empty") in ("broken", "encrypted", "empty")
    assert len(found.get("text", "")) <= 1_000


@fuzzed(texts(PANEL), share=0.5)
def test_a_panels_file_is_a_panel_or_says_which_line_is_wrong(text: str) -> None:
    with _folder() as folder:
        file = folder / "ours.toml"
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            panel = load_panel(str(file))
        except PanelError as error:
            assert str(error)
        else:
            assert parse(dump(panel)) == panel


@fuzzed(texts(TOML, *DEEP), share=0.5)
def test_a_settings_file_is_read_or_says_what_is_wrong(text: str) -> None:
    with _folder() as folder, pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        (folder / FILE).write_bytes(text.encode("utf-8", "surrogatepass"))
        _settings_are_read_or_refused()


@fuzzed(st.dictionaries(st.sampled_from(VARIABLES), texts(*VALUES), max_size=3), share=0.5)
def test_variables_are_settings_or_say_what_is_wrong(given: dict[str, str]) -> None:
    with _folder() as folder, pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        for name, value in given.items():
            with suppress(ValueError, UnicodeEncodeError):  # no environment takes these
                patched.setenv(f"{PREFIX}{name}".upper(), value)
        _settings_are_read_or_refused()


def _settings_are_read_or_refused() -> None:
    try:
        settings = read_settings()
    except SettingsError as error:
        assert str(error)
        assert mistakes()
    else:
        assert mistakes() == []
        orjson.dumps([(found.name, found.value) for found in settings_as_they_stand(settings)])


def _backup() -> bytes:
    with _folder() as folder:
        file = folder / "a.backup"
        with writing(file, Head("main", "1.2.3", "2026-01-01T00:00:00Z")) as add:
            add({"debate": "main-a", "expires_ms": 0, "log": [["1-0", {"e": "x"}]]})
            add({"mail": "slack"})
        return file.read_bytes()


BACKUP = _backup()


@fuzzed(
    st.one_of(
        blobs(BACKUP),
        blobs(gzip.decompress(BACKUP)).map(lambda lines: gzip.compress(lines, mtime=0)),
        blobs(*gzip.decompress(BACKUP).splitlines()).map(lambda line: _summed_up(line)),  # noqa: PLW0108 - it is below
    )
)
def test_a_backup_is_whole_or_is_refused_before_anything_is_read_from_it(content: bytes) -> None:
    with _folder() as folder:
        file = folder / "a.backup"
        file.write_bytes(content)
        try:
            head = read_head(file)
            pieces = list(read_pieces(file))
        except BackupError as error:
            assert str(error)
        else:
            assert isinstance(head.shard, str)
            assert all(isinstance(piece, dict) for piece in pieces)


def _summed_up(line: bytes) -> bytes:
    """A backup whose sum is right, with this line for its head."""
    lines = line.replace(b"\n", b" ") + b'\n{"mail":"slack"}\n'
    told = {"pieces": 1, "sha256": hashlib.sha256(lines).hexdigest()}
    return gzip.compress(lines + orjson.dumps(told) + b"\n", mtime=0)
