"""Servers that speak the real protocols, and misbehave on demand."""
