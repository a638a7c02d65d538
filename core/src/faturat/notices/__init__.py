"""Notices: one message to one customer about one event, delivered from the outbox."""
