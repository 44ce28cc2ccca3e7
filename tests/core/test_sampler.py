import numpy as np
import pytest

from stereosync.sampler import SCHEDULES, sample
from stereosync.scene import Float32Array

STEPS = [1, 2, 4]


@pytest.mark.parametrize("steps", STEPS)
def test_schedules_fall_from_noise_to_data(steps: int) -> None:
    times = SCHEDULES[steps]
    assert len(times) == steps + 1
    assert times[0] == 1.0
    assert times[-1] == 0.0
    assert list(times) == sorted(times, reverse=True)


@pytest.mark.parametrize("steps", STEPS)
def test_a_straight_way_ends_at_the_data_with_any_number_of_steps(steps: int) -> None:
    data = np.array([0.5, -2.0, 3.0], dtype=np.float32)
    noise = np.array([1.0, 0.25, -1.5], dtype=np.float32)
    out = sample(lambda _z, _r, _t: noise - data, noise, SCHEDULES[steps])
    np.testing.assert_allclose(out, data, atol=1e-6)


@pytest.mark.parametrize("steps", STEPS)
def test_the_mean_velocity_of_a_linear_field_is_followed_exactly(steps: int) -> None:
    # dz/dt = a z has the solution z_r = z_t exp(a (r - t)); its mean velocity over [r, t] is (z_t - z_r) / (t - r).
    rate = 1.3

    def velocity(z: Float32Array, r: float, t: float) -> Float32Array:
        return (z - z * np.float32(np.exp(rate * (r - t)))) / np.float32(t - r)

    noise = np.array([2.0, -1.0], dtype=np.float32)
    out = sample(velocity, noise, SCHEDULES[steps])
    np.testing.assert_allclose(out, noise * np.exp(-rate), rtol=1e-5)


def test_velocity_is_asked_from_each_time_to_the_next_and_noise_is_left_alone() -> None:
    asked: list[tuple[float, float]] = []

    def velocity(z: Float32Array, r: float, t: float) -> Float32Array:
        asked.append((r, t))
        return np.ones_like(z)

    noise = np.zeros(3, dtype=np.float32)
    sample(velocity, noise, (1.0, 0.7, 0.1, 0.0))
    assert asked == [(0.7, 1.0), (0.1, 0.7), (0.0, 0.1)]
    assert not noise.any()
