"""What docs/security.md promises and no other folder's tests hold."""
