"""Fits the contact forecaster to a game's own bodies and gaits, on simulated tracks alone: `stereosync-fit`."""
