"""What every client must decide alike: bridge/CONFORMANCE.md. its `__main__` writes it."""
