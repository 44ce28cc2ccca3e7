"""The bench of what being told costs: its walkers tell what it says, and planning for them stays cheap in words."""

from __future__ import annotations

import told


def test_walkers_tell_feet_and_steps_ahead() -> None:
    shown = told.frame(10.1, told.with_all, None)
    for box in shown.boxes:
        assert len(box.feet) == 2
        assert all(10.1 < contact.time_s < 10.1 + told.AHEAD_S for contact in box.contacts)
        assert box.contacts
    assert not told.frame(10.1, told.silent, None).boxes[0].feet


def test_each_frame_is_timed_in_both_parts() -> None:
    listened_s, planned_s = told.seconds(5, told.with_feet)
    assert len(listened_s) == len(planned_s) == 5
    assert min(*listened_s, *planned_s) > 0
