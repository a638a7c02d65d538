"""Notices to each customer's own devices, by Web Push; and the customer's choice of what they hear of."""
