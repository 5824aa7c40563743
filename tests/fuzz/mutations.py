"""Real samples, tampered with: cut, doubled, spliced, and with pieces that have broken programs."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import strategies as st

from tests.chat.hostile import PIECES

Json = dict[str, Any]
Path = tuple[str | int, ...]

LONG = 5_000
_DIGITS = re.compile(r"\d+")
_DIGITS_AS_BYTES = re.compile(rb"\d+")
_NUMERALS = ("0", "-1", "1e9", "9" * 12, "9" * 25, "9" * LONG, "0x1", "00", "1.5", "NaN", "²", "٣")
_NUMBERS = (0, -1, 1, 2**31, 2**63, 2**64, 10**30, 0.5, -0.0, 1e308)
_BYTES = (
    *(b"\x00", b"\xff", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xc0\x80", b"\xed\xa0\x80"),
    *(b"\r", b"\n", b"\r\n", b"\n\n", b"\x1f\x8b", b"%PDF-", b"endstream", b"endobj", b"<<", b">>"),
    *(b"9" * 40, b"-1", b"0", b"1e999", b"[" * 3_000, b'{"a":' * 500, b'"', b"\\", b"\\ud800"),
    *(b"data: ", b"data:", b"[DONE]", b":", b"NaN", b"null", b"true", b"{}", b"[]"),
)


def texts(*samples: str) -> st.SearchStrategy[str]:
    """Texts made of these."""
    pieces = st.one_of(st.sampled_from(PIECES), st.text(max_size=8))
    return st.composite(_tampered)(list(samples) or [""], pieces, _repeated_text)


def blobs(*samples: bytes) -> st.SearchStrategy[bytes]:
    """Bytes made of these."""
    pieces = st.one_of(st.sampled_from(_BYTES), st.binary(max_size=8))
    return st.composite(_tampered)(list(samples) or [b""], pieces, _repeated_bytes)


@st.composite
def documents(draw: st.DrawFn, *samples: Json, only_losses: bool = False) -> Json:
    """JSON objects made of these; `only_losses`: fields are missing or null, and nothing else."""
    document = copy.deepcopy(draw(st.sampled_from(samples)))
    for _ in range(draw(st.integers(0, 4))):
        paths = list(_paths(document))
        if not paths:
            break
        _tamper(draw, document, draw(st.sampled_from(paths)), only_losses=only_losses)
    return document


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.sampled_from(_NUMBERS),
        st.integers(),
        st.sampled_from(PIECES),
        st.text(max_size=20),
        st.just("x" * LONG),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text(max_size=6), inner, max_size=4),
    ),
    max_leaves=6,
)
"""What may stand where something else was meant."""


def _tampered(draw: st.DrawFn, samples: list[Any], pieces: Any, repeated: Any) -> Any:
    found = draw(st.one_of(st.sampled_from(samples), pieces))
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(0, len(found)))
        upto = min(len(found), at + draw(st.sampled_from((0, 1, 2, 5, 20, 100))))
        match draw(st.integers(0, 5)):
            case 0:
                found = found[:at] + found[upto:]
            case 1:
                found = found[:at] + draw(pieces) + found[upto:]
            case 2:
                found = found[:upto] + found[at:upto] + found[upto:]
            case 3:
                other = draw(st.sampled_from(samples))
                cut = draw(st.integers(0, len(other)))
                found = found[:at] + other[cut:]
            case 4:
                found = found[:at] + repeated(draw, pieces) + found[at:]
            case 5:
                found = _renumbered(draw, found)
    return found


def _renumbered(draw: st.DrawFn, found: Any) -> Any:
    """With another number in the place of one."""
    pattern: Any = _DIGITS if isinstance(found, str) else _DIGITS_AS_BYTES
    digits = list(pattern.finditer(found))
    if not digits:
        return found
    one, other = draw(st.sampled_from(digits)), draw(st.sampled_from(_NUMERALS))
    number = other if isinstance(found, str) else other.encode()
    return found[: one.start()] + number + found[one.end() :]


def _repeated_text(draw: st.DrawFn, pieces: st.SearchStrategy[str]) -> str:
    return (draw(pieces) * LONG)[: draw(st.sampled_from((50, LONG)))]


def _repeated_bytes(draw: st.DrawFn, pieces: st.SearchStrategy[bytes]) -> bytes:
    return (draw(pieces) * LONG)[: draw(st.sampled_from((50, LONG)))]


def _tamper(draw: st.DrawFn, document: Json, path: Path, *, only_losses: bool) -> None:
    *before, last = path
    inside: Any = document
    for step in before:
        inside = inside[step]
    kind = draw(st.sampled_from(("lost", "null") if only_losses else _WAYS))
    match kind:
        case "lost" if isinstance(inside, dict):
            del inside[last]
        case "null" | "lost":
            inside[last] = None
        case "other":
            inside[last] = draw(VALUES)
        case "words" if isinstance(inside[last], str):
            inside[last] = draw(texts(inside[last]))
        case "twice" if isinstance(inside, list) and isinstance(last, int):
            inside.append(inside[last])
        case "added" if isinstance(inside, dict):
            inside[draw(st.text(max_size=8))] = draw(VALUES)


_WAYS: Sequence[str] = (
    "lost",
    "null",
    "other",
    "other",
    "words",
    "words",
    "words",
    "twice",
    "added",
)


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """The way to every value within."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for name, found in inner:
        yield (*path, name)
        if isinstance(found, dict | list):
            yield from _paths(found, (*path, name))
