"""Contracts: a customer's registrations of references."""
