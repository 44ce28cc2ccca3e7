"""The varied world: bodies, gaits and cameras as different as those of games."""

from __future__ import annotations

from stereosync_scenes.game_cameras import draw_game_optics
from stereosync_scenes.people import People
from stereosync_scenes.variety.bodies import draw_varied_body
from stereosync_scenes.variety.habits import draw_habits, draw_manner, draw_varied_gait
from stereosync_scenes.world import World

VARIED_WORLD = World(People(draw_varied_gait, draw_varied_body, draw_manner, draw_habits), draw_game_optics, stream=22)
