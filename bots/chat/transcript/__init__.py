"""A debate as files to keep and to send round, made from its log alone."""
