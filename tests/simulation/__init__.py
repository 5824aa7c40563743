"""The whole engine in one process, under a clock and a scheduler that a seed drives."""
