"""All that can be set, and how it is read."""

from __future__ import annotations

from engine.settings.parts import (
    SHARD,
    AllowanceSettings,
    BudgetSettings,
    LogSettings,
    ModelSettings,
    RedisSettings,
    WorkerSettings,
)
from engine.settings.platforms import DiscordSettings, SlackSettings
from engine.settings.reading import FILE, PREFIX, Settings, SettingsError, read_settings

__all__ = [
    "FILE",
    "PREFIX",
    "SHARD",
    "AllowanceSettings",
    "BudgetSettings",
    "DiscordSettings",
    "LogSettings",
    "ModelSettings",
    "RedisSettings",
    "Settings",
    "SettingsError",
    "SlackSettings",
    "WorkerSettings",
    "read_settings",
]
