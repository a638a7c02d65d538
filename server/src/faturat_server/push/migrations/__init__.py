"""The migrations of push."""
