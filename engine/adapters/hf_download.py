"""One file of a Hugging Face repository over HTTP, going on where it broke off."""

from __future__ import annotations

import asyncio
import os
import re
from typing import IO
from urllib.parse import quote

import aiohttp

from engine.adapters.downloads import Progress
from engine.adapters.embedded_part import EmbeddedPartFailed

_CHUNK = 1 << 20
_TRIES = 5
_PAUSE_S = 0.5
_LIMITS = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=30)


class HfDownload:
    """The way to one file on a repository's main branch."""

    def __init__(self, owner: str, repo: str, file: str, progress: Progress) -> None:
        endpoint = os.environ.get("HF_ENDPOINT", "").rstrip("/") or "https://huggingface.co"
        self._name = f"{owner}/{repo}"
        self._file = file
        self._page = f"{endpoint}/{owner}/{repo}"
        self._url = f"{self._page}/resolve/main/{quote(file)}"
        self._progress = progress

    async def to(self, part: IO[bytes]) -> str | None:
        """Appends what is missing. Answers the file's SHA-256 if the server names it.

        Raises:
            EmbeddedPartFailed
        """
        token = os.environ.get("HF_TOKEN")
        headers = {"Accept-Encoding": "identity"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        tries = 0
        async with aiohttp.ClientSession(
            headers=headers, timeout=_LIMITS, trust_env=True
        ) as session:
            while True:
                had = part.tell()
                try:
                    return await self._go_on(session, part)
                except (aiohttp.ClientError, TimeoutError) as error:
                    tries = 1 if part.tell() > had else tries + 1
                    # A server that was never reached will hardly be there in a second.
                    if tries == _TRIES or not (had or part.tell()):
                        raise EmbeddedPartFailed(
                            "{url} could not be fetched: {why}. What is here is kept: see to the "
                            "network and run it again, or name a file with --model FILE.gguf",
                            url=self._url,
                            why=str(error) or type(error).__name__,
                        ) from error
                await asyncio.sleep(_PAUSE_S * tries)

    async def _go_on(self, session: aiohttp.ClientSession, part: IO[bytes]) -> str | None:
        had = part.tell()
        wanted = {"Range": f"bytes={had}-"} if had else {}
        async with session.get(self._url, headers=wanted) as response:
            self._refuse(response)
            sha256 = _sha256_of(response)
            if response.status == 416 and _total(response) == had:
                return sha256
            if response.status in {200, 416}:
                part.seek(0)
                part.truncate()
            response.raise_for_status()
            total = _total(response)
            async for chunk in response.content.iter_chunked(_CHUNK):
                part.write(chunk)
                self._progress(part.tell(), total)
            part.flush()
            return sha256

    def _refuse(self, response: aiohttp.ClientResponse) -> None:
        """Raises what only the person can put right."""
        code = response.headers.get("X-Error-Code")
        if code == "EntryNotFound":
            raise EmbeddedPartFailed(
                "{repo} has no file {file}: {page}/tree/main shows those that it has",
                repo=self._name,
                file=self._file,
                page=self._page,
            )
        if code == "GatedRepo" or response.status == 403:
            raise EmbeddedPartFailed(
                "{repo} is not open to you: accept its terms at {page} and set HF_TOKEN",
                repo=self._name,
                page=self._page,
            )
        # Hugging Face answers 401 for what does not exist, too.
        if response.status in {401, 404}:
            raise EmbeddedPartFailed(
                "there is no {page}, or it is private: check the name, or set HF_TOKEN",
                page=self._page,
            )


def _sha256_of(response: aiohttp.ClientResponse) -> str | None:
    # The first answer is the repository's; a storage server that it leads to has tags of its own.
    first = (*response.history, response)[0].headers
    tag = first.get("X-Linked-ETag") or first.get("ETag") or ""
    named = re.fullmatch(r'(?:W/)?"?([0-9a-f]{64})"?', tag)
    return named[1] if named else None


def _total(response: aiohttp.ClientResponse) -> int | None:
    """The whole file's size, also when this is the rest of it."""
    whole = response.headers.get("Content-Range", "").rpartition("/")[2]
    return int(whole) if whole.isdigit() else response.content_length
