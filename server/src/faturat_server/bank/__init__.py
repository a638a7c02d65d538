"""The reference bank: a bank plugin with a double-entry ledger of its own, for demos, tests and as an example."""
