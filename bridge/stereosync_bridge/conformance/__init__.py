"""What every client must decide alike: bridge/CONFORMANCE.md; `python -m` of it writes the suite."""
