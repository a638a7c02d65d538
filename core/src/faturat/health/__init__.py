"""Whether a biller answers, and how often it may be called: known to all processes of a bank alike."""
