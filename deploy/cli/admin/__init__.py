"""What the admin's commands do: what they ask of the engine, and how they tell what came of it."""
