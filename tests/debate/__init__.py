"""The rules of a debate."""
