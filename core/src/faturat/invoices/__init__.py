"""Invoices: what a company says, merged with what is known."""
