"""The migrations of access."""
