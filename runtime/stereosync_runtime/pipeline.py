"""The pipeline: cues in, stereo out, as a step over the four graphs of a bundle, for one stream or several.

Cue encoder once per frame, backbone once per latent, flow head once per sampler step, decoder once per latent. State is
taken and returned, so that pieces of any length give the samples that the whole would. Streams that are made together
share each run of a graph, and nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from stereosync.bundle import Bundle
from stereosync.cues import Cues
from stereosync.sampler import sample
from stereosync.scene import Float32Array
from stereosync_runners.runner import Array, Runner, plain_inputs
from stereosync_runtime.budget import StageTimes
from stereosync_runtime.conceal import concealment, rejoin
from stereosync_runtime.foresight import Foresight, contact_samples, foresee
from stereosync_runtime.graph_shapes import carried, check_wiring, most_contacts, takes_feet
from stereosync_runtime.known import known_arrays
from stereosync_runtime.noise import Noise
from stereosync_runtime.sight import nothing
from stereosync_runtime.stream import CueTokens, Made, Part, StreamState, middle_s

PER_CHARACTER = ("crops", "numbers", "tracks", "feet")
TIME_RAN_BACK_S = 1.0  # sound that is made so much farther ahead than the oldest frame allows belongs to another time


def ignore_times(_times: StageTimes) -> None:
    """A recorder that records nothing."""


class Pipeline:
    """The graphs of one bundle, wired. One thread at a time.

    Args:
        clock: seconds; only its differences are used, to time the stages.
        record: told the seconds of every run of a stage, once for all that ran for a chunk.

    Raises:
        BundleError: the graphs do not fit together.
    """

    def __init__(
        self,
        bundle: Bundle,
        runners: Mapping[str, Runner],
        clock: Callable[[], float],
        record: Callable[[StageTimes], None] = ignore_times,
    ) -> None:
        check_wiring(bundle)
        self.bundle = bundle
        self._runners = runners
        self._clock = clock
        self._record = record
        self._times: list[tuple[str, float]] = []  # of runs that were not yet told
        self._noise = Noise(bundle)
        self._context_names = [tensor.name for tensor in carried(bundle.graphs["backbone"])]
        self._input_names = {name: [one.name for one in plain_inputs(spec)] for name, spec in bundle.graphs.items()}
        self._reads_feet = takes_feet(bundle)
        self._most_contacts = most_contacts(bundle)
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
            memory=self._noise.initial_memory(seed),
            backbone=self._runners["backbone"].initial(),
            decoder=self._runners["decoder"].initial(),
            tail=np.zeros((self.bundle.clock.samples_per_latent, 2), dtype=np.float32),
        )

    def encode(self, cues: Cues) -> CueTokens:
        """One frame's cue tokens."""
        return self.encode_batch([cues])[0]

    def encode_batch(self, frames: Sequence[Cues]) -> list[CueTokens]:
        """Cue tokens of several streams' frames."""
        tokens = self._encode(frames)
        self._tell_times()
        return tokens

    def _encode(self, frames: Sequence[Cues]) -> list[CueTokens]:
        wanted = self._input_names["cue_encoder"]
        arrays = {name: np.stack([getattr(cues, name) for cues in frames]) for name in wanted}
        if getattr(self._runners["cue_encoder"], "trims", False):
            seen = max(1, *(len(cues.ids) for cues in frames))  # characters fill their slots from the first on
            arrays |= {name: arrays[name][:, :seen] for name in PER_CHARACTER if name in arrays}
        made, _ = self._run("cue_encoder", arrays, len(frames))
        rows = [{name: array[i : i + 1] for name, array in made.items()} for i in range(len(frames))]
        return [
            CueTokens(row, cues.capture_time_s, cues.ids, cues.told) for row, cues in zip(rows, frames, strict=True)
        ]

    def no_cues(self) -> CueTokens:
        """Cue tokens of an empty scene: a black picture, no characters."""
        if self._empty is None:
            self._empty = self.encode(nothing(self.bundle.cue_spec))
        return self._empty

    def step(
        self, state: StreamState, tokens: CueTokens, ages_s: Sequence[float], steps: int
    ) -> tuple[StreamState, Float32Array]:
        """One stream alone: its next state, and samples (len(ages_s) * samples_per_latent, 2) in [-1, 1].

        Args:
            ages_s: for each latent, the time it is heard minus the time the frame behind `tokens` was captured.
            steps: sampler steps; one of `ladder`.
        """
        (made,) = self.step_batch([Part(state, tokens, ages_s)], steps)
        return made.state, made.samples

    def step_batch(self, parts: Sequence[Part], steps: int) -> list[Made]:
        """One latent per age, for several streams that make equally many. Tokens that are missing are made first."""
        every = self._tokens(parts)
        broken_before = [part.state.broken for part in parts]
        planned = [self._plan(part, tokens) for part, tokens in zip(parts, every, strict=True)]
        states = [state for state, _ in planned]
        known = _stacked([arrays for _, arrays in planned])
        pieces: list[list[Float32Array]] = [[] for _ in parts]
        for ages_s in zip(*(part.ages_s for part in parts), strict=True):
            states, latents = self._latents(states, every, known, ages_s, steps)
            for piece, samples in zip(pieces, latents, strict=True):
                piece.append(samples)
        self._tell_times()
        return [
            Made(self._made_until(state, part, tokens), np.concatenate(piece), tokens, state.broken - before)
            for state, part, tokens, piece, before in zip(states, parts, every, pieces, broken_before, strict=True)
        ]

    def _tokens(self, parts: Sequence[Part]) -> list[CueTokens]:
        """The tokens of every part's frame; those that are missing are made in one run."""
        missing = [part.newest for part in parts if isinstance(part.newest, Cues)]
        fresh = iter(self._encode(missing) if missing else [])
        return [next(fresh) if isinstance(part.newest, Cues) else part.newest for part in parts]

    def conceal(self, state: StreamState, latents: int) -> tuple[StreamState, Float32Array]:
        """Go on by `latents` without the graphs: the last sound, faded. Their random numbers are skipped."""
        clock = self.bundle.clock
        count = latents * clock.samples_per_latent
        samples = concealment(state.tail, state.concealed, count, clock.sample_rate_hz)
        return replace(state, latent_index=state.latent_index + latents, concealed=state.concealed + count), samples

    def warm_up(self, runs: int = 3, streams: Sequence[int] = (1,)) -> None:
        """Run every graph a few times with each number of streams, so that no chunk is slower than the others."""
        for count in streams:
            states = [self.initial(seed=0) for _ in range(count)]
            for _ in range(runs):
                tokens = self.encode_batch([nothing(self.bundle.cue_spec)] * count)
                parts = [Part(state, token, (0.0,)) for state, token in zip(states, tokens, strict=True)]
                states = [made.state for made in self.step_batch(parts, self.ladder[-1])]

    def replace_runners(self, runners: Mapping[str, Runner], streams: Sequence[StreamState]) -> list[StreamState]:
        """Go on with other runners of the same bundle: the states of `streams`, moved to them."""
        moved = [
            replace(
                state,
                backbone=_moved(state.backbone, self._runners["backbone"], runners["backbone"]),
                decoder=_moved(state.decoder, self._runners["decoder"], runners["decoder"]),
            )
            for state in streams
        ]
        self._runners, self._empty = runners, None
        return moved

    def _plan(self, part: Part, tokens: CueTokens) -> tuple[StreamState, Mapping[str, Array]]:
        """The contacts that follow from this frame and those before it, and what is known of the frame."""
        state = part.state
        if state.made_until_s > tokens.captured_s + self.bundle.max_lead_s + TIME_RAN_BACK_S:
            state = replace(state, foresight=Foresight(), made_until_s=-math.inf)
        if (spec := self.bundle.forecast) is not None:
            forecast = tokens.arrays["forecast"]
            chances = {character: forecast[0, slot] for slot, character in enumerate(tokens.ids)}
            foresight = foresee(
                spec,
                state.foresight,
                tokens.captured_s,
                chances,
                state.made_until_s,
                tokens.told,
                self._reads_feet,
            )
            state = replace(state, foresight=foresight)
        return state, known_arrays(self.bundle, state.foresight, tokens, middle_s(tokens, part.ages_s))

    def _made_until(self, state: StreamState, part: Part, tokens: CueTokens) -> StreamState:
        if not tokens.ids or not part.ages_s:
            return state
        until_s = tokens.captured_s + part.ages_s[-1] + self.bundle.clock.latent_s
        return replace(state, made_until_s=max(state.made_until_s, until_s))

    def _latents(
        self,
        states: Sequence[StreamState],
        frames: Sequence[CueTokens],
        known: Mapping[str, Array],
        ages_s: Sequence[float],
        steps: int,
    ) -> tuple[list[StreamState], list[Float32Array]]:
        """One latent of each stream: the next states, and samples (n, 2) of each."""
        count = len(states)
        # 1. The backbone turns what is known of the frames, at their ages, into the context of a latent.
        aged = {**known, "age_s": np.array(ages_s, np.float32)}
        outputs, backbones = self._run("backbone", aged, count, [state.backbone for state in states])
        context = {**known, **{name: outputs[name] for name in self._context_names}}
        # 2. The sampler carries noise, some of which lasts from latent to latent, to latents under that context.
        noise = [self._noise.of_latent(state.seed, state.latent_index, state.memory) for state in states]
        latents = self._sample(np.concatenate([drawn.sampler for drawn in noise]), context, steps)  # (B, D)
        # 3. The decoder turns latents into sound, whose steps begin when feet come down.
        coming = [self._coming(*one) for one in zip(states, frames, ages_s, strict=True)]
        sources = {
            "latent": latents,
            "noise": np.concatenate([drawn.decoder for drawn in noise]),
            "contact_samples": np.concatenate(coming),
        }
        sounds, decoders = self._run("decoder", sources, count, [state.decoder for state in states])
        # 4. Each stream keeps its own states; what is not finite is concealed.
        following = [
            self._finish(state, latents[i], sounds["samples"][i].T, drawn.memory, backbones[i], decoders[i])
            for i, (state, drawn) in enumerate(zip(states, noise, strict=True))
        ]
        return [state for state, _ in following], [samples for _, samples in following]

    def _coming(self, state: StreamState, frame: CueTokens, age_s: float) -> Array:
        """The contacts (1, M) that the decoder makes a stream's next latent with."""
        begins_s = frame.captured_s + age_s
        return contact_samples(self.bundle.clock, state.foresight, begins_s, frame.ids, self._most_contacts)

    def _finish(
        self,
        state: StreamState,
        latent: Float32Array,
        samples: Float32Array,
        memory: Float32Array,
        backbone: object,
        decoder: object,
    ) -> tuple[StreamState, Float32Array]:
        """The next state of one stream and its sound: latent (D,), samples (n, 2), and the states of the runners."""
        if not (np.isfinite(latent).all() and np.isfinite(samples).all()):
            return self._start_over(state)
        made = np.clip(samples, -1.0, 1.0)
        if state.concealed:
            made = self._rejoin(state, made)
        following = replace(
            state,
            latent_index=state.latent_index + 1,
            memory=memory,
            backbone=backbone,
            decoder=decoder,
            tail=made,
            concealed=0,
        )
        return following, made

    def _sample(self, noise: Float32Array, context: Mapping[str, Array], steps: int) -> Float32Array:
        """Noise (B, D) to latents (B, D)."""
        count = len(noise)

        def velocity(z: Float32Array, r: float, t: float) -> Float32Array:
            times = {name: np.full(count, time, np.float32) for name, time in (("r", r), ("t", t))}
            return self._run("flow_head", {**context, **times, "z": z}, count)[0]["velocity"]

        start = np.float32(self.bundle.sampler_noise) * noise
        return np.asarray(sample(velocity, start, self.bundle.schedules[str(steps)]), dtype=np.float32)

    def _start_over(self, state: StreamState) -> tuple[StreamState, Float32Array]:
        """Conceal sound that is not finite; the states that made it are forgotten, or all that follows would be too."""
        concealed, samples = self.conceal(state, 1)
        fresh = self.initial(state.seed)
        forgotten = replace(concealed, backbone=fresh.backbone, decoder=fresh.decoder, broken=state.broken + 1)
        return forgotten, samples

    def _rejoin(self, state: StreamState, samples: Float32Array) -> Float32Array:
        rate_hz = self.bundle.clock.sample_rate_hz
        return rejoin(samples, concealment(state.tail, state.concealed, len(samples), rate_hz), rate_hz)

    def _run(
        self, graph: str, tensors: Mapping[str, Array], count: int, states: Sequence[object] = ()
    ) -> tuple[dict[str, Array], list[object]]:
        inputs = {name: tensors[name] for name in self._input_names[graph]}
        started_s = self._clock()
        made = self._runners[graph].run(inputs, states if self.bundle.graphs[graph].states else ())
        self._times.append((graph, (self._clock() - started_s) / count))
        return made[0], made[1] or [None] * count

    def _tell_times(self) -> None:
        times, self._times = self._times, []
        self._record(times)


def _stacked(rows: Sequence[Mapping[str, Array]]) -> Mapping[str, Array]:
    """Arrays (1, ...) of each stream to arrays (B, ...)."""
    if len(rows) == 1:
        return rows[0]
    return {name: np.concatenate([row[name] for row in rows]) for name in rows[0]}


def _moved(state: object, before: Runner, after: Runner) -> object:
    """A stream's state of one graph, from one runner to another."""
    return after.initial() if state is None else after.load(before.save(state))
