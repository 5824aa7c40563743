"""The panel in Discord, on discord.py."""
