"""The admin CLI, `tertulia`."""
