"""The thin shell: the door that commands come in by, and the worker that lets personas speak."""
