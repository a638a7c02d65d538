"""Payments: the table of states, pure rules that plan, one service that drives."""
