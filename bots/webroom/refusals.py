"""What the web room refuses, each with the HTTP status that says so."""

from __future__ import annotations

from http import HTTPStatus

from engine.debate.commands import Rejected
from engine.debate.explained import Explained
from engine.ports.store import StoreAway, UnknownDebate


class Refused(Explained):
    """A request is not taken; the text says why."""

    status = HTTPStatus.BAD_REQUEST


class Unnamed(Refused):
    """The person has not said yet what they are called."""

    status = HTTPStatus.UNAUTHORIZED

    def __init__(self) -> None:
        super().__init__("Say first what you are called.")


class NotLetIn(Refused):
    """The request shows no token, or a wrong one."""

    status = HTTPStatus.UNAUTHORIZED

    def __init__(self) -> None:
        super().__init__("This room is closed: open it by the link that Tertulia printed.")


class Foreign(Refused):
    """The request comes from another site's page, or by a name that is not this room's."""

    status = HTTPStatus.FORBIDDEN


class TooLarge(Refused):
    """The request's body is larger than what may be sent there."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE

    def __init__(self, most: int) -> None:
        """`most` bytes would have been taken."""
        size = f"{most // 1024**2} MB" if most >= 1024**2 else f"{most // 1024} kB"
        super().__init__("That is too large to be sent: at most {size} fit.", size=size)


class TooSlow(Refused):
    """The request's body does not arrive."""

    status = HTTPStatus.REQUEST_TIMEOUT

    def __init__(self) -> None:
        super().__init__("That took too long to arrive; send it again.")


class Full(Refused):
    """As many browsers look on as the room has places for."""

    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self) -> None:
        super().__init__("The room is full: close a window, or wait until somebody leaves.")


class NotHere(Refused):
    """There is no such page."""

    status = HTTPStatus.NOT_FOUND

    def __init__(self) -> None:
        super().__init__("There is no such page here.")


def status_of(error: Explained) -> int:
    """The HTTP status that tells this error."""
    match error:
        case Refused():
            return error.status
        case UnknownDebate():
            return HTTPStatus.NOT_FOUND
        case Rejected():
            return HTTPStatus.CONFLICT
        case StoreAway():
            return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.BAD_REQUEST
