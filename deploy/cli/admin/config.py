"""The settings shown and checked."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import orjson

from bots.chat.i18n import explained, users_language
from deploy.cli.failure import NOT_TO_BE_HAD
from deploy.cli.output import Answer, Table, translation
from engine.debate.explained import marked as _
from engine.settings import FILE, Origin, mistakes, read_settings, settings_as_they_stand

ORIGINS = {
    Origin.ENVIRONMENT: _("the environment"),
    Origin.CREDENTIAL: _("a file of its own"),
}


def shown() -> Answer:
    """Every setting.

    Raises:
        SettingsError
    """
    translate = translation()
    found = settings_as_they_stand(read_settings())
    rows = [(setting.name, _text(setting.value), _origin(setting.origin)) for setting in found]
    columns = (_("setting"), _("value"), _("from"))
    data = [asdict(setting) for setting in found]
    return Answer(data, [Table(tuple(map(translate, columns)), rows)])


def checked() -> Answer:
    """Every mistake in them."""
    wrong = [explained(mistake, users_language()) for mistake in mistakes()]
    data = {"ok": not wrong, "mistakes": wrong}
    if not wrong:
        return Answer(data, [translation()(_("The settings are right."))])
    return Answer(data, wrong, NOT_TO_BE_HAD)


def _origin(origin: Origin) -> str | None:
    """A default's goes without saying."""
    if origin is Origin.FILE:
        return str(FILE)
    return translation()(ORIGINS[origin]) if origin in ORIGINS else None


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return orjson.dumps(value).decode()
