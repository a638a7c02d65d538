"""Receipts: what one says, on a page and on paper, and whether a paper is genuine."""
