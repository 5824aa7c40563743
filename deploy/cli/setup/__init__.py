"""`tertulia init`: from an empty folder to settings, secrets and links."""
