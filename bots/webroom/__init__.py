"""The web room: debates in a browser."""
