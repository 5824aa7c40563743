"""The rules: what a command calls for, a file for each sort of command."""
