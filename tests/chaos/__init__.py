"""Faults in earnest: the real processes, a plan of faults from a seed, and a checker."""
