import pytest

from stereosync.clock import Clock, exact_div


def test_every_rate_follows_from_the_three_given() -> None:
    clock = Clock()
    assert clock.samples_per_latent == 960
    assert clock.chunk_samples == 1920
    assert clock.latent_s == pytest.approx(0.020)
    assert clock.chunk_s == pytest.approx(0.040)
    assert clock.seconds(24_000) == pytest.approx(0.5)


@pytest.mark.parametrize("latents", [1, 2, 3, 4, 5])
def test_a_chunk_is_a_whole_number_of_latents(latents: int) -> None:
    clock = Clock(chunk_latents=latents)
    assert clock.chunk_samples == latents * clock.samples_per_latent
    assert clock.chunk_s == pytest.approx(latents * clock.latent_s)


@pytest.mark.parametrize("latents", [0, 6, -1])
def test_a_chunk_outside_one_to_five_latents_is_refused(latents: int) -> None:
    with pytest.raises(ValueError, match="1 to 5"):
        Clock(chunk_latents=latents)


def test_rates_that_do_not_divide_are_refused() -> None:
    with pytest.raises(ValueError, match="44100 is not a multiple of 48"):
        Clock(sample_rate_hz=44_100, latent_rate_hz=48)
    assert Clock(sample_rate_hz=44_100).samples_per_latent == 882


def test_exact_division_leaves_no_rest() -> None:
    assert exact_div(48_000, 50) == 960
    with pytest.raises(ValueError, match="not a multiple"):
        exact_div(7, 2)
