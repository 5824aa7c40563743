"""Apps as their manifests say, their installations, and what a token is worth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from tests.fakes.slack.clock import Ids, SlackClock
from tests.fakes.slack.protocol import Json, Refused
from tests.fakes.slack.workspace import Team, User, Workspaces

TokenKind = Literal["bot", "user", "app"]

TOKEN_LIFE_S = 43_200
MOST_ACTIVE = 2


@dataclass(slots=True, eq=False)
class App:
    """An app, its settings those of its manifest."""

    id: str
    manifest: Json
    client_id: str
    client_secret: str
    signing_secret: str
    verification_token: str
    is_distributed: bool = False
    """Sold outside the Marketplace: reads of messages are held to one a minute and 15 objects."""

    @property
    def name(self) -> str:
        return str(self.manifest["display_information"]["name"])

    @property
    def bot_name(self) -> str:
        return str(self._of("features", "bot_user").get("display_name", self.name))

    @property
    def bot_scopes(self) -> tuple[str, ...]:
        return tuple(self._of("oauth_config", "scopes").get("bot", ()))

    @property
    def events(self) -> frozenset[str]:
        """The bot events that it subscribes to."""
        return frozenset(self._of("settings", "event_subscriptions").get("bot_events", ()))

    @property
    def events_url(self) -> str:
        return str(self._of("settings", "event_subscriptions").get("request_url", ""))

    @property
    def interactivity_url(self) -> str:
        return str(self._of("settings", "interactivity").get("request_url", ""))

    @property
    def is_interactive(self) -> bool:
        return bool(self._of("settings", "interactivity").get("is_enabled", False))

    @property
    def uses_sockets(self) -> bool:
        return bool(self._of("settings").get("socket_mode_enabled", False))

    @property
    def rotates_tokens(self) -> bool:
        return bool(self._of("settings").get("token_rotation_enabled", False))

    @property
    def has_home(self) -> bool:
        return bool(self._of("features", "app_home").get("home_tab_enabled", False))

    @property
    def redirect_urls(self) -> list[str]:
        return list(self._of("oauth_config").get("redirect_urls", ()))

    def command(self, name: str) -> Json | None:
        """The slash command of this name."""
        commands = self.manifest.get("features", {}).get("slash_commands", ())
        return next((command for command in commands if command["command"] == name), None)

    def shortcut(self, callback_id: str) -> Json | None:
        """The shortcut of this callback id."""
        shortcuts = self.manifest.get("features", {}).get("shortcuts", ())
        return next((found for found in shortcuts if found["callback_id"] == callback_id), None)

    def _of(self, *path: str) -> Json:
        found: Any = self.manifest
        for name in path:
            found = found.get(name) or {}
        return dict(found)


@dataclass(slots=True, eq=False)
class Installation:
    """An app in a workspace, with its bot user."""

    app: App
    team: Team
    bot: User
    installer: str
    scopes: frozenset[str]
    bot_token: str
    is_active: bool = True
    refresh_token: str = ""
    used_refresh: str = ""
    """The refresh token before, which is taken again until `grace_until`."""
    grace_until: float = 0.0
    active: list[str] = field(default_factory=list)
    """Its bot tokens that are good, the latest last."""
    is_org_wide: bool = False
    """Whether its token and bot user are good in every workspace of the Enterprise Grid."""

    @property
    def bot_id(self) -> str:
        return str(self.bot.bot_id)


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom a token speaks for; an app-level token for no installation."""

    kind: TokenKind
    app: App
    scopes: frozenset[str]
    installation: Installation | None = None
    user: User | None = None


@dataclass(slots=True)
class Code:
    """What OAuth hands out when somebody allowed an installation."""

    app: App
    team: Team
    installer: str
    scopes: frozenset[str]
    redirect_uri: str
    expires_at: float
    is_org_wide: bool = False


@dataclass(slots=True)
class Registry:
    """The apps, where they are installed, and every token."""

    ids: Ids
    workspaces: Workspaces
    clock: SlackClock
    apps: dict[str, App] = field(default_factory=dict)
    installations: list[Installation] = field(default_factory=list)
    tokens: dict[str, Caller] = field(default_factory=dict)
    revoked: dict[str, str] = field(default_factory=dict)
    """The error with which a token that was good is refused."""
    expires: dict[str, float] = field(default_factory=dict)
    """When the tokens of apps that rotate them are good no longer."""
    codes: dict[str, Code] = field(default_factory=dict)

    def create(self, manifest: Json) -> App:
        """A new app, as from a manifest pasted at api.slack.com/apps."""
        app = App(
            self.ids.mint("A"),
            manifest,
            f"{len(self.apps) + 1:012d}.{len(self.apps) + 1:013d}",
            self.ids.secret(),
            self.ids.secret(),
            self.ids.secret(24),
        )
        self.apps[app.id] = app
        return app

    def install(
        self, app: App, team: Team, installer: str, scopes: frozenset[str] | None = None
    ) -> Installation:
        """Into a workspace; a second time gives the same bot user new scopes."""
        found = self.installation(app, team)
        granted = frozenset(app.bot_scopes) if scopes is None else scopes
        if found is None:
            bot = User(self.ids.mint("U"), team.id, app.bot_name.lower(), app.bot_name)
            bot.app_id, bot.bot_id = app.id, self.ids.mint("B")
            self.workspaces.users[bot.id] = bot
            found = Installation(app, team, bot, installer, granted, "")
            self.installations.append(found)
        found.scopes, found.is_active, found.bot.is_deleted = granted, True, False
        if not self._is_good(found.bot_token):
            found.bot_token = self.ids.token("xoxe.xoxb-1" if app.rotates_tokens else "xoxb")
            found.refresh_token = self.ids.token("xoxe-1") if app.rotates_tokens else ""
        if found.bot_token not in found.active:
            self._activate(found)
        self.tokens[found.bot_token] = Caller("bot", app, granted, found, found.bot)
        return found

    def refresh(self, given: str, app: App, grace_s: float) -> Installation:
        """New tokens; the access token before goes on, as one of the two that may be active.

        Raises:
            Refused: `invalid_refresh_token`
        """
        now = self.clock.seconds()
        for found in self.installations:
            if found.app is not app or not found.is_active or not given:
                continue
            if given == found.refresh_token or (
                given == found.used_refresh and now < found.grace_until
            ):
                found.used_refresh, found.grace_until = given, now + grace_s
                found.bot_token = self.ids.token("xoxe.xoxb-1")
                found.refresh_token = self.ids.token("xoxe-1")
                self._activate(found)
                granted = found.scopes
                self.tokens[found.bot_token] = Caller("bot", app, granted, found, found.bot)
                return found
        raise Refused("invalid_refresh_token")

    def _is_good(self, token: str) -> bool:
        expired = self.clock.seconds() > self.expires.get(token, float("inf"))
        return bool(token) and token not in self.revoked and not expired

    def _activate(self, installation: Installation) -> None:
        installation.active.append(installation.bot_token)
        if installation.app.rotates_tokens:
            self.expires[installation.bot_token] = self.clock.seconds() + TOKEN_LIFE_S
            for token in installation.active[:-MOST_ACTIVE]:
                self.revoked.setdefault(token, "token_revoked")

    def installation(self, app: App, team: Team) -> Installation | None:
        """Of this app in this workspace."""
        return next((i for i in self.installations if i.app is app and i.team is team), None)

    def spread(self, installation: Installation) -> None:
        """Makes it org-wide, as an org admin does who installs an app for all workspaces."""
        installation.is_org_wide = True
        installation.bot.enterprise_id = installation.team.enterprise_id

    def of_team(self, team_id: str) -> list[Installation]:
        """What is installed there, by itself or org-wide, and not removed."""
        enterprise = self.workspaces.teams[team_id].enterprise_id
        return [
            found
            for found in self.installations
            if found.is_active
            and (
                found.team.id == team_id
                or (found.is_org_wide and found.team.enterprise_id == enterprise)
            )
        ]

    def app_token(self, app: App, *scopes: str) -> str:
        """An app-level token."""
        token = self.ids.token("xapp-1")
        self.tokens[token] = Caller("app", app, frozenset(scopes))
        return token

    def user_token(self, installation: Installation, user: User, *scopes: str) -> str:
        """A token with which the app speaks as this person."""
        token = self.ids.token("xoxp")
        self.tokens[token] = Caller("user", installation.app, frozenset(scopes), installation, user)
        return token

    def revoke(self, installation: Installation, error: str) -> None:
        """Has the installation's tokens refused with this error from now on."""
        for token, caller in self.tokens.items():
            if caller.installation is installation:
                self.revoked[token] = error

    def caller(self, token: str) -> Caller:
        """Whom it speaks for.

        Raises:
            Refused: `not_authed`, `invalid_auth`, `token_revoked`, `account_inactive`, …
        """
        if not token:
            raise Refused("not_authed")
        if token in self.revoked:
            raise Refused(self.revoked[token])
        if token not in self.tokens:
            raise Refused("invalid_auth")
        if self.clock.seconds() > self.expires.get(token, float("inf")):
            raise Refused("token_expired")
        return self.tokens[token]
