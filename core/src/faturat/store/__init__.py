"""The store: one port, a memory store for simulation, a PostgreSQL store for everything else."""
