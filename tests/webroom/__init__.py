"""The web room: its server, and its pages in a real browser."""
