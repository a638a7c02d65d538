"""Channels of each customer beside their devices: addresses of their own that their notices go to."""
