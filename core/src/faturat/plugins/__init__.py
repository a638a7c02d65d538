"""Plugins: which to load, what is refused, and what the host gives them."""
