"""What operators see and do: payments that need a person, their decisions, and cases of contrary evidence."""
