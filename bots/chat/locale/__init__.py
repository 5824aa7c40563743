"""The translations: `LANGUAGE/LC_MESSAGES/tertulia.po`, and what gettext reads, compiled of it."""
