"""The pipeline: cues in, stereo out, as a pure step over the four graphs of a bundle.

Cue encoder once per frame, backbone once per latent, flow head once per sampler step, decoder once per latent. State is
taken and returned as plain arrays, so that pieces of any length give the samples that the whole would.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from stereosync.bundle import Bundle, GraphSpec
from stereosync.cues import Cues
from stereosync.sampler import sample
from stereosync.scene import Float32Array
from stereosync_runtime.absence import nothing
from stereosync_runtime.conceal import concealment, rejoin
from stereosync_runtime.engine import Array, Engine, zeros
from stereosync_runtime.foresight import Foresight, contacts_of, foresee
from stereosync_runtime.noise import DECODER, HISTORY, initial_memory, lasting_noise, unit_noise
from stereosync_runtime.wiring import carried, check_wiring

States = Mapping[str, Array]  # by the name of the state input
Record = Callable[[str, float], None]  # stage, seconds
TIME_RAN_BACK_S = 1.0  # sound that is made so much farther ahead than the oldest frame allows belongs to another time


@dataclass(frozen=True)
class CueTokens:
    """What the cue encoder made of a frame, by the name of its output, and whose frame it was."""

    arrays: Mapping[str, Array]
    captured_s: float
    ids: tuple[int, ...]  # of the characters, in the order of their slots


@dataclass(frozen=True)
class StreamState:
    """Where a stream is. `latent` (1, D); `memory` (M, D): what lasts of the sampler's noise; `foresight`: the contacts
    that are planned, where sound is made up to `made_until_s`; `tail` (n, 2) is the last of that sound; `concealed`
    samples came after it."""

    seed: int
    latent_index: int
    latent: Float32Array
    memory: Float32Array
    backbone: States
    decoder: States
    tail: Float32Array
    concealed: int = 0
    foresight: Foresight = field(default_factory=Foresight)
    made_until_s: float = -math.inf


def ignore_time(_stage: str, _seconds: float) -> None:
    """A recorder that records nothing."""


class Pipeline:
    """The graphs of one bundle, wired. One thread at a time.

    Args:
        clock: seconds; only its differences are used, to time the stages.
        record: told the seconds of every run of a stage.

    Raises:
        BundleError: the graphs do not fit together.
    """

    def __init__(
        self, bundle: Bundle, engines: Mapping[str, Engine], clock: Callable[[], float], record: Record = ignore_time
    ) -> None:
        check_wiring(bundle)
        self.bundle = bundle
        self.errors = 0  # latents that were not finite
        self._engines = engines
        self._clock = clock
        self._record = record
        self._context_names = [tensor.name for tensor in carried(bundle.graphs["backbone"])]
        self._empty: CueTokens | None = None

    @property
    def ladder(self) -> tuple[int, ...]:
        """Step counts that the bundle has schedules for, most first."""
        return tuple(sorted((int(steps) for steps in self.bundle.schedules), reverse=True))

    def initial(self, seed: int) -> StreamState:
        """The state before the first sample."""
        return StreamState(
            seed=seed,
            latent_index=0,
            latent=np.zeros((1, self.bundle.latent_dim), dtype=np.float32),
            memory=initial_memory(self.bundle, seed),
            backbone=_zero_states(self.bundle.graphs["backbone"]),
            decoder=_zero_states(self.bundle.graphs["decoder"]),
            tail=np.zeros((self.bundle.clock.samples_per_latent, 2), dtype=np.float32),
        )

    def encode(self, cues: Cues) -> CueTokens:
        """One frame's cue tokens."""
        arrays: dict[str, Array] = {
            "picture": cues.picture,
            "crops": cues.crops,
            "numbers": cues.numbers,
            "tracks": cues.tracks,
            "present": cues.present,
        }
        made = self._run("cue_encoder", {name: array[None] for name, array in arrays.items()})
        return CueTokens(made, cues.capture_time_s, cues.ids)

    def no_cues(self) -> CueTokens:
        """Cue tokens of an empty scene: a black picture, no characters."""
        if self._empty is None:
            self._empty = self.encode(nothing(self.bundle.cue_spec))
        return self._empty

    def step(
        self, state: StreamState, tokens: CueTokens, ages_s: Sequence[float], steps: int
    ) -> tuple[StreamState, Float32Array]:
        """Make one latent per age.

        Args:
            ages_s: for each latent, the time it is heard minus the time the frame behind `tokens` was captured.
            steps: sampler steps; one of `ladder`.

        Returns:
            The next state, and samples (len(ages_s) * samples_per_latent, 2) in [-1, 1].
        """
        state, seen = self._plan(state, tokens)
        pieces = []
        for age_s in ages_s:
            state, samples = self._latent(state, seen, age_s, steps)
            pieces.append(samples)
        if tokens.ids and len(ages_s):
            until_s = tokens.captured_s + ages_s[-1] + self.bundle.clock.latent_s
            state = replace(state, made_until_s=max(state.made_until_s, until_s))
        return state, np.concatenate(pieces)

    def conceal(self, state: StreamState, latents: int) -> tuple[StreamState, Float32Array]:
        """Go on by `latents` without the graphs: the last sound, faded. Their random numbers are skipped."""
        clock = self.bundle.clock
        count = latents * clock.samples_per_latent
        samples = concealment(state.tail, state.concealed, count, clock.sample_rate_hz)
        return replace(state, latent_index=state.latent_index + latents, concealed=state.concealed + count), samples

    def warm_up(self, runs: int = 3) -> None:
        """Run every graph a few times, so that the first chunk is not slower than the others."""
        state = self.initial(seed=0)
        for _ in range(runs):
            self._empty = None
            state, _samples = self.step(state, self.no_cues(), (0.0,), self.ladder[-1])

    def _plan(self, state: StreamState, tokens: CueTokens) -> tuple[StreamState, Mapping[str, Array]]:
        """The contacts that follow from this frame's forecast and those before it, beside the frame's tokens."""
        spec = self.bundle.forecast
        if spec is None:
            return state, tokens.arrays
        forecast = tokens.arrays["forecast"]
        chances = {character: forecast[0, slot] for slot, character in enumerate(tokens.ids)}
        if state.made_until_s > tokens.captured_s + self.bundle.max_lead_s + TIME_RAN_BACK_S:
            state = replace(state, foresight=Foresight(), made_until_s=-math.inf)
        foresight = foresee(spec, state.foresight, tokens.captured_s, chances, state.made_until_s)
        contacts = contacts_of(spec, foresight, tokens.captured_s, tokens.ids, forecast)
        return replace(state, foresight=foresight), {**tokens.arrays, "contacts": contacts}

    def _latent(
        self, state: StreamState, tokens: Mapping[str, Array], age_s: float, steps: int
    ) -> tuple[StreamState, Float32Array]:
        inputs = {**tokens, **state.backbone, "latent": self._history(state), "age_s": _scalar(age_s)}
        out = self._run("backbone", inputs)
        noise, memory = lasting_noise(self.bundle, state.seed, state.latent_index, state.memory)
        latent = self._sample(noise, {**tokens, **{name: out[name] for name in self._context_names}}, steps)
        decoded = self._run("decoder", {**state.decoder, "latent": latent, "noise": self._decoder_noise(state)})
        samples = decoded["samples"][0].T  # (samples_per_latent, 2)
        if not (np.isfinite(latent).all() and np.isfinite(samples).all()):
            return self._start_over(state)
        made = np.clip(samples, -1.0, 1.0)
        if state.concealed:
            made = self._rejoin(state, made)
        next_state = replace(
            state,
            latent_index=state.latent_index + 1,
            latent=latent,
            memory=memory,
            backbone=_next_states(self.bundle.graphs["backbone"], out),
            decoder=_next_states(self.bundle.graphs["decoder"], decoded),
            tail=made,
            concealed=0,
        )
        return next_state, made

    def _history(self, state: StreamState) -> Float32Array:
        """The newest latent as training showed it: under noise, so that the cues are worth more than a copy of it."""
        noise = unit_noise(state.seed, state.latent_index, HISTORY, state.latent.shape)
        return np.asarray(state.latent + self.bundle.history_noise * noise, dtype=np.float32)

    def _sample(self, noise: Float32Array, context: Mapping[str, Array], steps: int) -> Float32Array:
        def velocity(z: Float32Array, r: float, t: float) -> Float32Array:
            out = self._run("flow_head", {**context, "z": z, "r": _scalar(r), "t": _scalar(t)})
            return out["velocity"]

        start = np.float32(self.bundle.sampler_noise) * noise
        return np.asarray(sample(velocity, start, self.bundle.schedules[str(steps)]), dtype=np.float32)

    def _decoder_noise(self, state: StreamState) -> Float32Array:
        shape = next((spec.shape for spec in self.bundle.graphs["decoder"].inputs if spec.name == "noise"), (0,))
        return unit_noise(state.seed, state.latent_index, DECODER, shape)

    def _start_over(self, state: StreamState) -> tuple[StreamState, Float32Array]:
        """Conceal a latent that is not finite; a history that made it is forgotten, or every later one would be too."""
        self.errors += 1
        concealed, samples = self.conceal(state, 1)
        fresh = self.initial(state.seed)
        return replace(concealed, latent=fresh.latent, backbone=fresh.backbone, decoder=fresh.decoder), samples

    def _rejoin(self, state: StreamState, samples: Float32Array) -> Float32Array:
        rate_hz = self.bundle.clock.sample_rate_hz
        return rejoin(samples, concealment(state.tail, state.concealed, len(samples), rate_hz), rate_hz)

    def _run(self, graph: str, tensors: Mapping[str, Array]) -> dict[str, Array]:
        inputs = {spec.name: tensors[spec.name] for spec in self.bundle.graphs[graph].inputs}
        started_s = self._clock()
        outputs = self._engines[graph].run(inputs)
        self._record(graph, self._clock() - started_s)
        return outputs


def _scalar(value: float) -> Float32Array:
    return np.array([value], dtype=np.float32)


def _zero_states(spec: GraphSpec) -> States:
    names = {name for name, _ in spec.states}
    return {tensor.name: zeros(tensor) for tensor in spec.inputs if tensor.name in names}


def _next_states(spec: GraphSpec, outputs: Mapping[str, Array]) -> States:
    return {name: outputs[replaced] for name, replaced in spec.states}
