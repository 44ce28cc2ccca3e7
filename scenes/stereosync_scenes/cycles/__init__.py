"""Cycles of any body's gait: what simulated courses and `stereosync-fit` are made of."""
