"""Runs a local Slack by itself, with one workspace and one app: `python -m tests.fakes.slack`.

Its first line, in JSON, says where it is and which tokens are good there.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
from pathlib import Path

from tests.fakes.slack.protocol import Json
from tests.fakes.slack.server import LocalSlack


async def _serve(manifest: Json, port: int) -> None:
    """Runs until it is told to stop."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with LocalSlack.open(port=port) as slack:
        team = slack.team()
        ana = slack.person(team, "ana", is_admin=True)
        app = slack.app(manifest)
        installed = slack.install(app, team)
        general = slack.channel(team, "general", ana, installed.bot)
        about = {
            "api_url": slack.api_url,
            "bot_token": installed.bot_token,
            "app_token": slack.registry.app_token(app, "connections:write"),
            "signing_secret": app.signing_secret,
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "channel": general.id,
        }
        print(json.dumps(about), flush=True)  # noqa: T201 - whoever started it reads this
        await stop.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.slack")
    parser.add_argument("manifest", type=Path, help="the app's manifest, in JSON")
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    given = parser.parse_args()
    asyncio.run(_serve(json.loads(given.manifest.read_text()), given.port))
