"""Notices to people, through Apprise."""
