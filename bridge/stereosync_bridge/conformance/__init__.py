"""What every client must decide alike: bridge/CONFORMANCE.md. `python -m stereosync_bridge.conformance` writes it."""
