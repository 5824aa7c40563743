"""The casts that debate, as TOML files, and their loader."""
