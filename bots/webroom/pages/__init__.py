"""The web room's pages: what stands in them before any script runs."""
