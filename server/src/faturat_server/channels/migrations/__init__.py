"""The migrations of channels."""
