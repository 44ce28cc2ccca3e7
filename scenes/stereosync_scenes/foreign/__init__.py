"""Walks of bodies and gaits of a game that training never sees, in the project's own scenes."""
