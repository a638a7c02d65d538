"""Checkpoints: from time to time, the heads of the payments' chains that moved, under one signed root."""
