"""What the web room answers to, one file for each sort of request."""
