"""Scenes: people who walk, with exact truth, drawn by Panda3D. Depends on core, numpy and (to draw) panda3d."""
