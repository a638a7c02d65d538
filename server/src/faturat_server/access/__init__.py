"""Who may come in: users, passwords, sessions and tokens."""
