"""What one version wrote, read by the next."""
