"""The model behind an OpenAI-compatible HTTP server: vLLM, llama.cpp's server, Ollama."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import orjson

from engine.adapters.openai_errors import failure, retry_after_s
from engine.adapters.openai_models import Listed, choose, context_tokens, slot_tokens
from engine.adapters.openai_reply import StreamedReply, body_for, cache_salt
from engine.debate.explained import marked as _
from engine.ports.model import ModelAway, ModelInfo, ModelRefused, ModelReply, ModelRequest

LONGEST_WAIT_S = 10.0
"""A longer wait is the caller's, who can do something else meanwhile."""

LINGER_S = 0.5
"""How long a server may take to end the response after its last event. One that takes longer
loses its connection: the next request pays for a new one."""

_KEEPALIVE_S = 4.0  # shorter than uvicorn's 5 s, so that it is seldom the server who hangs up
_ERROR_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class OpenAISettings:
    """Where the model is, and how patiently to ask it."""

    base_url: str
    """`http://host:port/v1`; an address without a path gets the `/v1`."""
    model: str | None = None
    """The name it is served by; `None`: the only one served there."""
    api_key: str | None = field(default=None, repr=False)
    sampling: Mapping[str, Any] = field(default_factory=dict)
    """Fields for every request's body: `temperature`, `min_p`, `chat_template_kwargs` …"""
    salted: bool = False
    """Each workspace's prompts are cached apart, by vLLM's `cache_salt`."""
    context_tokens: int = 4096
    """What to assume of a server that does not tell (Ollama: set it to your `num_ctx`)."""
    concurrency: int = 64
    """The most replies streamed at once; further calls wait their turn."""
    connect_timeout_s: float = 5.0
    first_token_timeout_s: float = 120.0
    """From sending the request to the model's first sign; it may stand in the server's queue."""
    idle_timeout_s: float = 30.0
    """Between two chunks of a reply, to an eighth; also for the whole answer to a question about
    the server."""
    tries: int = 3
    backoff_s: float = 0.5
    """The wait before the second try; it doubles with each, and is shortened at random."""
    reuse_connections: bool = True
    """False for a server that closes connections without saying so, as llama.cpp's may."""


class OpenAIClient:
    """A `ModelClient` over HTTP. Made by `OpenAIClient.open`.

    A request is sent again only as long as no text was heard, and only when the connection failed,
    the stream was broken, or the server said 408, 425, 429 or 5xx. A model that took too long is
    not asked again here: that was wait enough.

    Tokens are counted by the server. Where it does not count, each piece of text is taken for one
    token, and four characters of the prompt for another.
    """

    def __init__(self, settings: OpenAISettings, session: aiohttp.ClientSession) -> None:
        self._settings = settings
        self._session = session
        self._where = _address(settings.base_url)
        self._name = settings.model
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._random = random.Random()  # noqa: S311 - spreads retries, guards nothing

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: OpenAISettings) -> AsyncIterator[OpenAIClient]:
        """A client for as long as the `async with` lasts. Sends nothing yet.

        Raises:
            ModelRefused: `base_url` is no address.
        """
        # A stream that is compressed waits for the compressor's buffer to fill.
        headers = {"Accept-Encoding": "identity", "Content-Type": "application/json"}
        if settings.api_key:
            headers["Authorization"] = f"Bearer {settings.api_key}"
        if settings.reuse_connections:
            connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEEPALIVE_S)
        else:  # each request says `Connection: close`
            connector = aiohttp.TCPConnector(limit=0, force_close=True)
        async with aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=headers,
            timeout=aiohttp.ClientTimeout(total=None, connect=settings.connect_timeout_s),
        ) as session:
            yield cls(settings, session)

    async def reply(self, request: ModelRequest, hear: Callable[[str], None]) -> ModelReply:
        """Streams one reply; see `ModelClient`."""
        name = self._name or await self._find_name()
        salt = cache_salt(request, self._settings.api_key) if self._settings.salted else None
        body = body_for(request, name, self._settings.sampling, salt)
        tried = 0
        while True:
            tried += 1
            streamed = StreamedReply(self._where, request, hear)
            try:
                await self._stream(request.debate, body, streamed)
                return streamed.result()
            except ModelAway as away:
                wait_s = self._wait_s(tried, away.retry_after_s)
                if streamed.heard or tried >= self._settings.tries or wait_s > LONGEST_WAIT_S:
                    raise
            except TimeoutError as error:
                late = _("{where} took too long over the first word of a reply")
                if streamed.started:
                    late = _("{where} took too long over the next words of a reply")
                raise ModelAway(late, where=self._where) from error
            await asyncio.sleep(wait_s)

    async def info(self) -> ModelInfo:
        """Asks which model is served, once; see `ModelClient`."""
        model = await self._served()
        tokens = context_tokens(model)
        if tokens is None:
            try:
                tokens = slot_tokens(await self._get(self._where.removesuffix("/v1") + "/props"))
            except (ModelAway, ModelRefused):
                tokens = None  # only llama.cpp's server has this page
        name = self._settings.model or model["id"]
        return ModelInfo(name, tokens or self._settings.context_tokens)

    async def _stream(self, debate: str, body: bytes, streamed: StreamedReply) -> None:
        """One try. Whatever ends it once the text is whole is no failure."""
        try:
            async with (
                self._slots,
                asyncio.timeout(self._settings.first_token_timeout_s) as deadline,
            ):
                with _errors_translated(self._where):
                    async with self._session.post(
                        f"{self._where}/chat/completions",
                        data=body,
                        headers={"X-Session-Id": debate},
                        allow_redirects=False,
                    ) as response:
                        await self._check(response)
                        await self._read(response, streamed, deadline)
        except (ModelAway, TimeoutError):
            if not streamed.whole:
                raise
        if not streamed.whole:
            raise ModelAway("{where} broke a reply off", where=self._where)

    async def _read(
        self, response: aiohttp.ClientResponse, streamed: StreamedReply, deadline: asyncio.Timeout
    ) -> None:
        now = asyncio.get_running_loop().time
        idle_s = self._settings.idle_timeout_s
        async for data in response.content.iter_any():
            streamed.feed(data)
            if streamed.done or streamed.cut:
                break
            due = now() + idle_s
            # Moving the timer costs as much as reading an event, so it is not moved for each.
            if streamed.started and abs(due - (deadline.when() or 0)) > idle_s / 8:
                deadline.reschedule(due)
        if streamed.done and self._settings.reuse_connections:
            deadline.reschedule(now() + LINGER_S)
            await response.content.readany()  # at the response's end its connection is free again

    async def _check(self, response: aiohttp.ClientResponse) -> None:
        """Raises what the response says instead of streaming."""
        if response.status == 200 and response.content_type == "text/event-stream":
            return
        if response.status == 200:
            raise ModelRefused(
                "{where} answers {kind}, not a stream of events: it is no OpenAI-compatible server",
                where=self._where,
                kind=response.content_type,
            )
        if response.status == 404:
            self._name = self._settings.model
            await self._served()  # says which models there are, if it is this one that is not
        body = self._without_key(await _beginning(response))
        raise failure(self._where, response.status, body, retry_after_s(response.headers))

    async def _find_name(self) -> str:
        self._name = str((await self._served())["id"])
        return self._name

    async def _served(self) -> Listed:
        return choose(await self._get(f"{self._where}/models"), self._settings.model, self._where)

    async def _get(self, url: str) -> object:
        """The JSON at this address."""
        patience = aiohttp.ClientTimeout(
            total=self._settings.idle_timeout_s, connect=self._settings.connect_timeout_s
        )
        with _errors_translated(self._where):
            async with self._session.get(url, timeout=patience, allow_redirects=False) as response:
                body = await response.read()
        if response.status != 200:
            told = self._without_key(body)
            raise failure(url, response.status, told, retry_after_s(response.headers))
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise ModelRefused("{url} does not answer in JSON", url=url) from error

    def _without_key(self, body: bytes) -> bytes:
        """What a server says; some repeat the key that they do not take, and all may read this."""
        key = self._settings.api_key
        return body.replace(key.encode(), "…".encode()) if key else body

    def _wait_s(self, tried: int, asked_for_s: float | None) -> float:
        """Before the next try: no less than the server asked for."""
        backoff_s = min(self._settings.backoff_s * 2 ** (tried - 1), LONGEST_WAIT_S)
        return max(self._random.uniform(backoff_s / 2, backoff_s), asked_for_s or 0.0)


@contextmanager
def _errors_translated(where: str) -> Iterator[None]:
    """Says in the port's words what went wrong on the way to the server."""
    try:
        yield
    except (aiohttp.InvalidURL, aiohttp.ClientSSLError) as error:
        raise ModelRefused("no way to {where}: {why}", where=where, why=error) from error
    except (aiohttp.ClientConnectorError, aiohttp.ServerTimeoutError) as error:
        raise ModelAway("no model server answers at {where}", where=where) from error
    except TimeoutError as error:
        raise ModelAway(
            "the model server at {where} does not answer in time", where=where
        ) from error
    except (aiohttp.ClientError, OSError) as error:
        raise ModelAway("the connection to {where} broke: {why}", where=where, why=error) from error


async def _beginning(response: aiohttp.ClientResponse) -> bytes:
    body = b""
    async for data in response.content.iter_any():
        body += data
        if len(body) > _ERROR_BYTES:
            break
    return body


def _address(base_url: str) -> str:
    """The address that paths are added to.

    Raises:
        ModelRefused: it is none.
    """
    try:
        url = urlsplit(base_url.strip())
        fits = url.scheme in {"http", "https"} and url.hostname and url.port != 0
    except ValueError:
        fits = False
    if not fits:
        raise ModelRefused(
            "'{url}' is no address of a model server; one looks like http://localhost:8000/v1",
            url=base_url,
        )
    if "@" in url.netloc:  # it would stand in error messages
        raise ModelRefused("a password has no place in the model server's address; set the API key")
    return f"{url.scheme}://{url.netloc}{url.path.rstrip('/') or '/v1'}"
