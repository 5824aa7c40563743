"""What takes minutes: kills at random moments, and many debates with the smallest model."""
