"""Deterministic simulation: the engine's real code in a world whose time, order and faults one seed draws."""
