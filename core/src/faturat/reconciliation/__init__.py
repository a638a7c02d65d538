"""Comparing what we settled with what a biller says that it booked. It moves no money."""
