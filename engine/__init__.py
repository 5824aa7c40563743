"""What Tertulia debates with: the shared engine."""
