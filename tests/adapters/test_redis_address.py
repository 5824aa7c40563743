"""An address of Redis that is none is told without the password in it."""

from __future__ import annotations

import pytest

from engine.adapters.redis_server import RedisUnsuitable, connect
from tests.security.canaries import new_canary, shown_in


@pytest.mark.parametrize(
    "url",
    [
        "redis://:{}/more@localhost/0",
        "redis://:a@{}@localhost:port/0",
        "redis://user:{}@localhost:port/0",
        "redis://localhost:port/0?password={}",
        "http://:{}@localhost/0",
    ],
)
def test_an_address_that_is_none_is_told_without_its_password(url: str) -> None:
    canary = new_canary()
    with pytest.raises(RedisUnsuitable, match="is no Redis URL") as told:
        connect(url.format(canary))
    assert not shown_in("the error", str(told.value), [canary])
