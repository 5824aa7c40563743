"""The commands' words and options, a file a group; each imports what does it when it is run."""
