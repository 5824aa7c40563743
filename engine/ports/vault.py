"""The vault: small named documents that only who has the keys can read."""

from __future__ import annotations

from typing import Protocol

from engine.debate.explained import Explained


class VaultLocked(Explained):
    """The keys are missing, or none of them opens what is kept; the text says what to do."""


class Vault(Protocol):
    """Documents by their names. Every call may raise `StoreAway`."""

    async def put(self, name: str, content: bytes, ttl_s: float | None = None) -> None:
        """Keeps a document in place of the one before; `ttl_s`: for so long, else for good."""
        ...

    async def add(self, name: str, content: bytes, ttl_s: float) -> bool:
        """Keeps it for `ttl_s` where there is none of this name; answers whether there was none.

        Sent twice because its answer was lost, it answers that there was one.
        """
        ...

    async def get(self, name: str) -> bytes | None:
        """The document, if there is one.

        Raises:
            VaultLocked
        """
        ...

    async def take(self, name: str) -> bytes | None:
        """The document, which is gone then: of several that take it, one gets it.

        Raises:
            VaultLocked
        """
        ...

    async def delete(self, name: str) -> None:
        """Forgets it."""
        ...

    async def names(self, prefix: str = "") -> list[str]:
        """The names of the documents that are kept, in order, as far as they begin like this."""
        ...

    async def rotate(self) -> int:
        """Seals every document anew, by the first of the keys; answers how many there are.

        One that is written meanwhile is left as it is: whoever writes has the keys of today.

        Raises:
            VaultLocked: one cannot be opened; those before it are sealed anew, none is lost.
        """
        ...
