"""The toy bundle, for every test here."""

from toy_graphs import telling_toy, toy, toy_bundle, toy_folder

__all__ = ["telling_toy", "toy", "toy_bundle", "toy_folder"]
