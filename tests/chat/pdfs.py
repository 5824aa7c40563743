"""PDFs made byte by byte."""

from __future__ import annotations

from collections.abc import Sequence


def pdf(*pages: str) -> bytes:
    """One line of text a page."""
    return pages_of([f"BT /F 12 Tf 20 100 Td ({page}) Tj ET".encode() for page in pages])


def pages_of(contents: Sequence[bytes]) -> bytes:
    """Pages with these content streams."""
    kids = " ".join(f"{4 + 2 * place} 0 R" for place in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for place, content in enumerate(contents):
        stream = f"{5 + 2 * place} 0 R"
        resources = "/Resources << /Font << /F 3 0 R >> /XObject << /A 4 0 R >> >>"
        box = "/MediaBox [0 0 200 200]"
        page = f"<< /Type /Page /Parent 2 0 R {box} {resources} /Contents {stream} >>"
        objects += [page.encode(), _stream(b"", content)]
    return _file(objects)


def form_bomb(depth: int, fan: int) -> bytes:
    """Each form draws the next one `fan` times: `fan ** depth` drawings in a small file."""
    first, last = 5, 4 + depth
    resources = "/Resources << /XObject << /A {} 0 R >> >>"
    box = "/MediaBox [0 0 9 9]"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{'3 0 R ' * 300}] /Count 300 >>".encode(),
        f"<< /Type /Page /Parent 2 0 R {box} {resources.format(first)} /Contents 4 0 R >>".encode(),
        _stream(b"", b"/A Do"),
    ]
    for number in range(first, last):
        kind = f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] {resources.format(number + 1)}"
        objects.append(_stream(kind.encode(), b"/A Do " * fan))
    objects.append(_stream(b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]", b"BT ET"))
    return _file(objects)


def _stream(fields: bytes, content: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (fields, len(content), content)


def _file(objects: Sequence[bytes]) -> bytes:
    written = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return written + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, len(written))
    )
