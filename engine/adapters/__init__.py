"""What the engine's ports are made of: Redis, the model server, the clock, embedded parts."""
