"""Slack and Discord as the admin meets them: apps, links, commands, roles."""
