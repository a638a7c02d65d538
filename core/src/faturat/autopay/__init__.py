"""Autopay: a contract's invoices paid by themselves, within limits that its customer set."""
