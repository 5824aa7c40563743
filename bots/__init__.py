"""Where debates are shown and joined."""
