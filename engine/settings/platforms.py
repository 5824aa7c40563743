"""What can be set of the chat platforms."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr

from engine.settings.parts import Part


class SlackSettings(Part):
    """The Slack bot; its app is made from `bots/slackbot/manifest.json`."""

    bot_token: SecretStr | None = None
    """`xoxb-…`, of the installed app: the bot serves this one workspace."""
    client_id: str | None = None
    """Instead of `bot_token`: people install the app in any workspace, at /slack/install."""
    client_secret: SecretStr | None = None
    """With `client_id`, of the same app; `secrets.keys` are needed too."""
    public_url: str | None = None
    """With `client_id`: `https://HOST`, where browsers reach the bot. With /slack/oauth_redirect
    behind it, it is a redirect URL of the app."""
    mode: Literal["socket", "http"] = "socket"
    """How Slack reaches the bot: by connections that the bot opens, or by requests to it."""
    app_token: SecretStr | None = None
    """`xapp-…`, with `connections:write`; for `socket`."""
    signing_secret: SecretStr | None = None
    """For `http`: proves that a request is Slack's."""
    host: str = "127.0.0.1"
    """Where it listens; for all that follows."""
    port: int = Field(default=3000, ge=0, le=65535)
    """For `http`, where Slack's requests arrive, at /slack/events; with `client_id`, in both modes,
    where the app is installed from."""
    health_port: int = Field(default=9465, ge=0, le=65535)
    """For /healthz and /metrics, on the same host; 0: any that is free."""
    identity: Literal["customize", "apps"] = "customize"
    """How personas speak: one app, under their names; or each by an app of its own."""
    personas: dict[str, SecretStr] = Field(default_factory=dict)
    """For `apps`: the bot token of each persona's app, by the persona's id. Who has none speaks by
    the app that listens, under its name."""
    streaming: bool = False
    """Turns are shown word by word while they are spoken, where Slack lets them: it begins twenty a
    minute in a workspace. Words that are taken back were seen then."""
    groups: dict[str, str] = Field(default_factory=dict)
    """The user groups to be tagged for personas: `{"skeptic": "S0123"}`."""
    allow_channels: tuple[str, ...] = ()
    """Channels by their ids; empty: all."""
    block_channels: tuple[str, ...] = ()
    """Channels that the app stays out of, allowed or not."""
    allow_users: tuple[str, ...] = ()
    """Users by their ids; empty: all."""
    block_users: tuple[str, ...] = ()
    """Users who may not use the app, allowed or not."""
    allow_groups: tuple[str, ...] = ()
    """User groups by their ids: whoever is in one may use the app, as do those in `allow_users`."""
    block_groups: tuple[str, ...] = ()
    """User groups whose members may not use the app, allowed or not."""
    starters: tuple[str, ...] = ()
    """Users and user groups who may start debates; empty: whoever may use the app."""
    api_url: str = "https://slack.com/api/"
    """Where Slack's Web API is."""
    timeout_s: float = Field(default=10, gt=0, le=60)
    """For one call to Slack; a post that got no answer by then is looked for in its thread."""
    drain_s: float = Field(default=30, ge=0)
    """How long posts may take to end when the bot is asked to stop."""


class DiscordSettings(Part):
    """The Discord bot."""

    token: SecretStr | None = None
    """The bot's, from its page in the developer portal."""
    identity: Literal["webhook", "bots"] = "webhook"
    """How personas speak: one bot, by the channel's webhook; or each as a bot of its own."""
    persona_tokens: dict[str, SecretStr] = Field(default_factory=dict)
    """For `bots`: each persona's bot token, by the persona's id."""
    message_content: bool = True
    """The message-content intent is on: people are heard in threads without a mention."""
    avatars_url: str | None = None
    """Where the personas' pictures are, as `<url>/<persona>.png`; unset: Discord's own."""
    shards: bool = False
    """Open as many gateway connections as Discord recommends; for more than 2,000 servers."""
    allow_servers: tuple[str, ...] = ()
    """Servers by their ids; empty: all."""
    block_servers: tuple[str, ...] = ()
    """Servers that the bot stays out of, allowed or not."""
    allow_channels: tuple[str, ...] = ()
    """Channels by their ids; empty: all."""
    block_channels: tuple[str, ...] = ()
    """Channels that the bot stays out of, allowed or not."""
    allow_roles: tuple[str, ...] = ()
    """Who may use the bot: whoever has one of these roles; empty: everyone."""
    block_roles: tuple[str, ...] = ()
    """Roles whose members may not use the bot, allowed or not."""
    allow_users: tuple[str, ...] = ()
    """Users by their ids, who may use the bot besides those with an allowed role."""
    block_users: tuple[str, ...] = ()
    """Users who may not use the bot, allowed or not."""
    starters: tuple[str, ...] = ()
    """Users and roles who may start debates; empty: whoever may use the bot."""
    host: str = "127.0.0.1"
    """For /healthz and /metrics."""
    health_port: int = Field(default=9466, ge=0, le=65535)
    """On that host; 0: any that is free."""
    api_url: str = "https://discord.com/api/v10"
    """Where Discord's REST API is."""
    gateway_url: str = "wss://gateway.discord.gg/"
    """Where its gateway is."""
    cdn_url: str = "https://cdn.discordapp.com"
    """Where its files are."""
    timeout_s: float = Field(default=10, gt=0, le=60)
    """For one call to Discord; a post that got no answer by then is looked for in its thread."""
    drain_s: float = Field(default=30, ge=0)
    """How long posts may take to end when the bot is asked to stop."""
