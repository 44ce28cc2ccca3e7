"""Footsteps and ambiences as training data: recordings, rooms and the mix of a walk whose truth is known."""

from stereosync.vocabulary import PLACES
from stereosync_training.sounds.library import SoundLibrary, default_folder
from stereosync_training.sounds.mix import mix_walk
from stereosync_training.sounds.random_truth import random_truth
from stereosync_training.sounds.recording import StepRecording

__all__ = ["PLACES", "SoundLibrary", "StepRecording", "default_folder", "mix_walk", "random_truth"]
