"""What becomes of a file that somebody hands in."""

from __future__ import annotations

import codecs
import string
from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter

from bots.chat import material
from bots.chat.material import MOST_BYTES, MOST_CHARS, MaterialError, read_material
from engine.debate.commands import Material
from tests.chat.pdfs import form_bomb, pages_of, pdf


@pytest.mark.parametrize("name", ["acta.txt", "acta.md", "ACTA.MARKDOWN"])
@pytest.mark.parametrize(
    "content",
    [
        "Año nuevo".encode(),
        codecs.BOM_UTF8 + "Año nuevo".encode(),
        codecs.BOM_UTF16_LE + "Año nuevo".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "Año nuevo".encode("utf-16-be"),
    ],
)
def test_text_is_read_as_utf_8_or_as_its_mark_says(name: str, content: bytes) -> None:
    assert read_material(name, content) == Material(name, "Año nuevo")


@pytest.mark.parametrize(
    "content", ["Año".encode("latin-1"), b"a\0b", b"\x89PNG\r\n\x1a\n", codecs.BOM_UTF16_LE + b"a"]
)
def test_what_is_no_text_says_so_and_what_to_do(content: bytes) -> None:
    with pytest.raises(MaterialError, match=r"^a\.txt is not text in UTF-8; save it as"):
        read_material("a.txt", content)


@pytest.mark.parametrize("name", ["a.docx", "a", ".pdf", "pdf", ""])
def test_a_file_of_another_kind_is_refused_and_the_kinds_are_named(name: str) -> None:
    with pytest.raises(MaterialError, match=r"\.txt, \.md or \.pdf"):
        read_material(name, b"x")


def test_a_file_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(MaterialError, match=r"has 11 MB; at most 10 MB are read"):
        read_material("a.pdf", b"x" * (MOST_BYTES + 1))


@pytest.mark.parametrize("content", [b"", b" \n\t", codecs.BOM_UTF8])
def test_a_file_without_text_is_refused(content: bytes) -> None:
    with pytest.raises(MaterialError, match="has no text in it"):
        read_material("a.md", content)


def test_a_long_text_is_cut() -> None:
    assert len(read_material("a.txt", b"x" * (MOST_CHARS + 1)).text) == MOST_CHARS


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Datos\\acta.txt", "acta.txt"),
        ("a\nb\u202etxt.md", "a btxt.md"),
        ("x" * 500 + ".txt", "x" * 115 + "….txt"),
    ],
)
def test_a_material_is_called_by_the_files_own_name_on_one_line(name: str, shown: str) -> None:
    assert read_material(name, b"x").name == shown


def test_the_text_of_a_pdfs_pages_is_read_in_order() -> None:
    text = read_material("acta.pdf", pdf("Primera hoja", "Segunda hoja")).text
    assert text == "Primera hoja\n\nSegunda hoja"


def test_no_more_than_300_pages_are_read() -> None:
    text = read_material("acta.pdf", pdf(*(f"hoja{n}." for n in range(1, 320)))).text
    assert "hoja300." in text
    assert "hoja301." not in text


def test_a_pdf_that_needs_a_password_says_so() -> None:
    with pytest.raises(MaterialError, match=r"^a\.pdf is locked with a password"):
        read_material("a.pdf", _encrypted("secreto"))


def test_a_pdf_that_is_encrypted_without_a_password_is_read() -> None:
    assert read_material("a.pdf", _encrypted("")).text == "Hola"


def test_a_pdf_of_pictures_says_that_it_has_no_text() -> None:
    with pytest.raises(MaterialError, match=r"^a\.pdf has no text, only pictures"):
        read_material("a.pdf", pages_of([b"0 0 10 10 re f"]))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7\n",
        b"not a pdf at all",
        pdf("Hola")[:200],
        b"%PDF-1.4\n1 0 obj\n" + b"[" * 100_000,
    ],
)
def test_a_broken_pdf_gives_one_line_and_nothing_on_the_terminal(
    content: bytes, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(MaterialError) as error:
        read_material("a.pdf", content)
    assert "\n" not in str(error.value)
    assert str(error.value).startswith("a.pdf cannot be read as a PDF")
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


def test_a_pdf_made_to_hang_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(material, "PDF_TIMEOUT_S", 1.5)
    with pytest.raises(MaterialError, match="takes too long to read"):
        read_material("a.pdf", form_bomb(depth=8, fan=8))


def test_every_error_has_values_for_its_braces_so_that_it_can_be_translated() -> None:
    with pytest.raises(MaterialError) as error:
        read_material("{x}.docx", b"x")
    assert error.value.text.format(**error.value.values) == str(error.value)
    assert [name for _, name, _, _ in string.Formatter().parse(error.value.text) if name]


def _encrypted(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf("Hola"))))
    writer.encrypt(user_password=password, owner_password="dueña", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
