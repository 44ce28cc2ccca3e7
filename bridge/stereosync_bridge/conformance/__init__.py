"""Decisions that every client must make alike (bridge/CONFORMANCE.md); `python -m` of it writes the suite."""
