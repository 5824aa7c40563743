"""Tertulia in Slack: people's words and clicks to the desk, debates to threads."""
