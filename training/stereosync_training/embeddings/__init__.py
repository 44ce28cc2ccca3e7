"""Embeddings of sounds by networks that were trained elsewhere, and the distance between sets of them."""
