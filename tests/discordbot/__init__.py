"""The Discord bot, and the local Discord that it is tested against."""
