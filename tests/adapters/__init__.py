"""What the adapters promise, tried on the real thing."""
