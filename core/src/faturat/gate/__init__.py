"""The gate: every call to a plugin passes here, and every reply is untrusted input."""
