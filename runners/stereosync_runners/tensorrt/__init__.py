"""Graphs in TensorRT itself: building, keeping and running engines. Nothing here is imported unless it is asked for."""
