"""The steps from one schema to the next, the same on SQLite and PostgreSQL."""
