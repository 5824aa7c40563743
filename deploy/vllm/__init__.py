"""How vLLM is started for the engine."""
