"""The server's subcommands of faturat."""
