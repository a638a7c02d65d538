"""Billers that work by files: what is swapped with them, on their schedule, and the register that they send."""
