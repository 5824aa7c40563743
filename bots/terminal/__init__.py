"""The terminal as a surface: a debate as lines of JSON, as plain text, or live on a screen."""
