"""Slack: the local one, and the bot that talks to it."""
