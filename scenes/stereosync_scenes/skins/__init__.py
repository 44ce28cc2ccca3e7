"""Skins: dressed bodies of a CC0 set, blended from a few shapes and carried by the joints of a pose."""
