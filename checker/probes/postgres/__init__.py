"""A real PostgreSQL that needs no install: one server a clone, one database a run."""
