"""Draws of the varied world: bodies, styles of steps, habits."""
