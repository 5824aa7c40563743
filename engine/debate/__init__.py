"""The pure core: what may be asked, what can have happened, and the rules between them."""
