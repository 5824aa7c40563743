"""Benchmarks: what the engine costs, beside the floor and beside others."""
