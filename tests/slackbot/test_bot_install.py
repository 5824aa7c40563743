"""The app comes into workspaces by OAuth, goes out of them, comes back, and keeps its tokens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import cast

import aiohttp
import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr
from redis.asyncio import Redis

from bots.slackbot.install_page import Outcome, language_of, page
from bots.slackbot.installations import Installations, Installed
from engine.adapters.redis_keys import ShardKeys
from engine.adapters.system_clock import SystemClock
from engine.bootstrap import open_vault, system_clock
from engine.ports.store import StoreAway
from engine.ports.vault import VaultLocked
from engine.settings import SecretsSettings
from tests.fakes.slack.faults import loses_answer, refuses
from tests.redis_server import RedisServer
from tests.slackbot.test_bot_going_wrong import in_order, paused, silent, went_on
from tests.slackbot.test_bot_journeys import QUESTION
from tests.slackbot.town import Place, Town, town


@pytest.fixture
async def here(
    server: RedisServer, shard: str, redis: object, unused_tcp_port: int
) -> AsyncIterator[Town]:
    async with town(server, shard, unused_tcp_port) as opened:
        yield opened


@pytest.fixture
async def rotating(
    server: RedisServer, shard: str, redis: object, unused_tcp_port: int
) -> AsyncIterator[Town]:
    async with town(server, shard, unused_tcp_port, rotates=True) as opened:
        yield opened


async def stored(here: Town, place: Place, change: Installed | None = None) -> Installed | None:
    """The installation as it is in the vault; `change` puts this in its place."""
    async with open_vault(here.home.settings) as vault:
        installations = Installations(vault, system_clock())
        if change is not None:
            await installations.keep(change)
        return await installations.look(place.team.id)


async def expire(here: Town, place: Place, left_s: float) -> Installed:
    """The place's token has so much life left, as far as the bot knows."""
    found = await stored(here, place)
    assert found is not None
    assert found.refresh_token
    expires_ms = system_clock().now_ms() + int(left_s * 1000)
    return await stored(here, place, replace(found, expires_ms=expires_ms)) or found


def renewals(here: Town) -> list[str]:
    """The refresh tokens with which renewal was asked for."""
    calls = here.home.slack.trace.calls("oauth.v2.access")
    return [str(call["refresh_token"]) for call in calls if "refresh_token" in call]


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("es-ES,es;q=0.9,en;q=0.5", "Tertulia está en su espacio"),
        ("fr, en", "is in your workspace"),
    ],
)
async def test_whoever_installs_it_is_told_what_to_do_now_and_can_debate(
    here: Town, language: str, says: str
) -> None:
    place = here.team("north")
    async with here.bot():
        told = await place.installs(language=language)
        assert says in told.text
        assert "/debate" in told.text
        await place.admin.runs("/debate", QUESTION, place.general)
        in_order(await place.closed())
    assert place.admin.notices == []


async def test_over_http_the_same_server_takes_slacks_requests_and_installs(here: Town) -> None:
    manifest, url = here.app.manifest, f"{here.url}/slack/events"
    manifest["settings"]["socket_mode_enabled"] = False
    manifest["settings"]["event_subscriptions"]["request_url"] = url
    manifest["settings"]["interactivity"]["request_url"] = url
    manifest["features"]["slash_commands"][0]["url"] = url
    place = here.team("north")
    async with here.home.bot(mode="http"):
        await place.installs()
        await place.admin.runs("/debate", QUESTION, place.general)
        in_order(await place.closed())


async def test_a_way_back_from_slack_is_good_once_and_in_one_browser(here: Town) -> None:
    place = here.team("north")
    async with here.bot(), aiohttp.ClientSession() as browser:
        first = await place.installs()
        again = await browser.get(first.back)
        assert again.status == 400, "without the cookie"
        state = first.back.partition("state=")[2].partition("&")[0]
        cookie = {"Cookie": f"tertulia-slack-install={state}"}
        again = await browser.get(first.back, headers=cookie)
        assert again.status == 401
        assert "That did not work" in await again.text()
        assert 'href="install"' in await again.text()
        made_up = f"{here.url}/slack/oauth_redirect?code=x&state=guessed"
        guessed = {"Cookie": "tertulia-slack-install=guessed"}
        assert (await browser.get(made_up, headers=guessed)).status == 401


async def test_whoever_declines_or_meets_a_fault_of_slack_has_installed_nothing(
    here: Town,
) -> None:
    place = here.team("north")
    async with here.bot():
        declined = await here.visits(place.team, deny="1", language="es")
        assert "No se ha instalado nada" in declined.text
        for fault in (loses_answer(), refuses("invalid_code")):
            here.home.slack.faults.plan("oauth.v2.access", fault)
            assert (await here.visits(place.team)).status in (401, 503)
        assert await stored(here, place) is None
        await place.installs()


async def test_no_token_can_be_read_in_redis(rotating: Town, redis: Redis, shard: str) -> None:
    place = rotating.team("north")
    async with rotating.bot():
        await place.installs()
        await rotating.home.until_async(lambda: redis.exists(installed_key(shard, place)), 1)
        found = place.installed
        secrets = [found.bot_token, found.refresh_token, rotating.app.client_secret, "xoxe"]
        keys = [key async for key in redis.scan_iter(match=f"*{{{shard}}}*")]
        kept = [await whole(redis, cast(bytes, key)) for key in keys]
        assert len(kept) > 3
        assert not [secret for secret in secrets for value in kept if secret.encode() in value]


async def test_an_app_that_is_removed_in_mid_debate_comes_back_and_goes_on(here: Town) -> None:
    place = here.team("north")
    async with here.bot():
        await place.installs()
        here.home.speaker.hold(2)
        await place.admin.runs("/debate", QUESTION, place.general)
        await here.home.until(lambda: len(place.thread()) == 2)
        here.home.slack.uninstall(place.installed)
        await here.home.until_async(lambda: stored(here, place), None)
        here.home.speaker.go_on()
        await here.home.until_async(lambda: paused(here.home), True)
        assert len(place.thread()) == 2
        await place.installs()
        went_on(await place.closed())


async def test_a_new_token_wakes_what_rested_because_the_old_one_was_revoked(here: Town) -> None:
    place = here.team("north")
    async with here.bot(), here.bot(port=0):
        await place.installs()
        here.home.speaker.hold(2)
        await place.admin.runs("/debate", QUESTION, place.general)
        await here.home.until(lambda: len(place.thread()) == 2)
        here.home.slack.revoke(place.installed)
        here.home.speaker.go_on()
        await here.home.until_async(lambda: paused(here.home), True)
        await place.installs()
        went_on(await place.closed())


async def test_late_news_of_a_removal_does_not_remove_what_was_installed_since(
    here: Town,
) -> None:
    place = here.team("north")
    async with here.bot():
        await place.installs()
        here.home.slack.announcer.removed(place.installed, is_uninstalled=True)
        await here.home.slack.deliveries.settle()
        assert await stored(here, place) is not None
        await place.admin.runs("/debate", QUESTION, place.general)
        in_order(await place.closed())


async def test_while_redis_is_silent_an_installation_is_believed_to_be_as_it_was(
    here: Town, server: RedisServer
) -> None:
    clock = Later()
    async with open_vault(here.home.settings) as vault:
        installations = Installations(vault, clock)
        await installations.keep(Installed("T1", "north", "xoxb-1"))
        clock.passed_s = 3_600
        with silent(server):
            async with asyncio.timeout(30):
                found = await installations.find("T1")
                assert found is not None
                with pytest.raises(StoreAway):
                    await installations.find("T2")
    assert found.token == "xoxb-1"
    assert "xoxb" not in repr(found)


async def test_a_token_is_renewed_before_it_expires_by_one_process(rotating: Town) -> None:
    place = rotating.team("north")
    async with rotating.bot():
        await place.installs()
    first = await expire(rotating, place, 3_600)
    async with rotating.bot(), rotating.bot(port=0):
        await place.admin.runs("/debate", QUESTION, place.general)
        in_order(await place.closed())
    second = await stored(rotating, place)
    assert second is not None
    assert renewals(rotating) == [first.refresh_token]
    assert second.token != first.token
    assert second.token == place.installed.bot_token
    assert second.left_s(system_clock().now_ms()) > 40_000


async def test_a_token_that_expired_while_nobody_worked_is_renewed_before_it_is_used(
    rotating: Town,
) -> None:
    place = rotating.team("north")
    async with rotating.bot():
        await place.installs()
    rotating.home.slack.clock.advance(50_000)
    await expire(rotating, place, -1)
    async with rotating.bot():
        await place.admin.runs("/debate", QUESTION, place.general)
        in_order(await place.closed())
    assert place.admin.notices == []


async def test_a_renewal_whose_answer_is_lost_does_not_lose_the_installation(
    rotating: Town,
) -> None:
    place = rotating.team("north")
    async with rotating.bot():
        await place.installs()
        first = await expire(rotating, place, 3_600)
    rotating.home.slack.faults.plan("oauth.v2.access", loses_answer())
    async with rotating.bot():
        await place.admin.runs("/debate", QUESTION, place.general)
        in_order(await place.closed())

        async def is_renewed() -> bool:
            found = await stored(rotating, place)
            return found is not None and found.token == place.installed.bot_token

        await rotating.home.until_async(is_renewed, True)
    assert renewals(rotating) == [first.refresh_token] * 2


async def test_a_renewal_that_slack_refuses_leaves_the_token_to_its_end_and_no_longer(
    rotating: Town,
) -> None:
    place = rotating.team("north")
    async with rotating.bot():
        await place.installs()
        found = await expire(rotating, place, 3_600)
        await stored(rotating, place, replace(found, refresh_token="xoxe-1-stale"))
    async with rotating.bot():
        rotating.home.speaker.hold(2)
        await place.admin.runs("/debate", QUESTION, place.general)
        await rotating.home.until(lambda: len(place.thread()) == 2)
        assert renewals(rotating) == ["xoxe-1-stale"]
        rotating.home.slack.clock.advance(50_000)
        rotating.home.speaker.go_on()
        await rotating.home.until_async(lambda: paused(rotating.home), True)
        await place.installs()
        went_on(await place.closed())


async def test_an_installation_that_the_keys_do_not_open_leaves_the_others_alone(
    here: Town,
) -> None:
    north, south = here.team("north"), here.team("south")
    async with here.bot():
        await north.installs()
        await south.installs()
    other = SecretsSettings(keys=(SecretStr(Fernet.generate_key().decode()),))
    settings = here.home.settings.model_copy(update={"secrets": other})
    async with open_vault(settings) as vault:
        await vault.put(f"slack/installed/{south.team.id}", b"{}")
    async with here.bot():
        await south.admin.runs("/debate", QUESTION, south.general)
        (told,) = south.admin.sees(south.general)
        assert "install it again" in told.text
        assert "vuelva a instalarla" in told.text
        await north.admin.runs("/debate", QUESTION, north.general)
        in_order(await north.closed())


async def test_without_keys_nobody_can_install_it_and_whoever_runs_it_is_told(here: Town) -> None:
    home = here.home
    home.settings = home.settings.model_copy(update={"secrets": SecretsSettings()})
    with pytest.raises(VaultLocked, match="TERTULIA_SECRETS__KEYS"):
        async with here.bot():
            pass


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("es", "es"),
        ("es-AR,en;q=0.5", "es"),
        ("en;q=0.4, es;q=0.8", "es"),
        ("fr,de", "en"),
        ("en,es", "en"),
        ("es;q=x,en", "en"),
        ("est,fi", "en"),
    ],
)
def test_the_page_is_in_the_readers_language(accepted: str, language: str) -> None:
    assert language_of(accepted) == language


def test_every_outcome_has_a_page_in_both_languages() -> None:
    pages = {page(outcome, language) for outcome in Outcome for language in ("en", "es")}
    assert len(pages) == 6
    assert all("$" not in text and "<h1>" in text for text in pages)


class Later(SystemClock):
    """The machine's clock, some time on."""

    passed_s = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.passed_s


def installed_key(shard: str, place: Place) -> str:
    return ShardKeys(shard).document(f"slack/installed/{place.team.id}")


async def whole(redis: Redis, key: bytes) -> bytes:
    """Everything that a key holds, and its name."""
    return key + (await redis.dump(key) or b"")
