"""All that can be set, and how it is read."""

from __future__ import annotations

from engine.settings.origins import Origin, Setting, settings_as_they_stand
from engine.settings.parts import (
    SHARD,
    AllowanceSettings,
    BudgetSettings,
    LogSettings,
    ModelSettings,
    RedisSettings,
    SecretsSettings,
    WorkerSettings,
)
from engine.settings.platforms import DiscordSettings, SlackSettings
from engine.settings.reading import (
    FILE,
    PREFIX,
    Settings,
    SettingsError,
    mistakes,
    read_settings,
)

__all__ = [
    "FILE",
    "PREFIX",
    "SHARD",
    "AllowanceSettings",
    "BudgetSettings",
    "DiscordSettings",
    "LogSettings",
    "ModelSettings",
    "Origin",
    "RedisSettings",
    "SecretsSettings",
    "Setting",
    "Settings",
    "SettingsError",
    "SlackSettings",
    "WorkerSettings",
    "mistakes",
    "read_settings",
    "settings_as_they_stand",
]
