"""Videos that no one here made: tracks from detections, distance from the ground, and figures without a truth."""

from stereosync_training.foreign.figures import Chance, measure
from stereosync_training.foreign.gait import step_phases, step_rate_hz
from stereosync_training.foreign.ground import PERSON_M, Ground, depth_plane, fit_ground, whole_people
from stereosync_training.foreign.reference import steps_from_boxes
from stereosync_training.foreign.tracks import BoxTrack, TrackOptions, follow
from stereosync_training.foreign.walkers import Walkers, locate

__all__ = [
    "PERSON_M", "BoxTrack", "Chance", "Ground", "TrackOptions", "Walkers", "depth_plane", "fit_ground", "follow",
    "locate", "measure", "step_phases", "step_rate_hz", "steps_from_boxes", "whole_people",
]  # fmt: skip
