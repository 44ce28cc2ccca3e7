// The playback ring of bridge/PROTOCOL.md, "Playback": one stream, written by absolute sample, read in blocks.
// Sound is interleaved left right in Float32Array; counts are sample pairs.

const PRIME_S = 0.03;
const FADE_S = 0.005; // fades and cross-fades
const MOST_S = 0.5;

export class Ring {
  position = 0; // in the epoch's stream, of the next pair to be heard; stands still while priming
  epoch = 0;
  underruns = 0;
  #waiting = new Float32Array(0);
  #priming = true;
  #fadingIn = 0; // pairs of a fade in that are still to come
  #fadingOut = 0; // the same of a fade out
  #last = [0, 0]; // what was heard last: it is held while it fades out

  constructor(rateHz) {
    this.rateHz = rateHz;
    [this.primePairs, this.fadePairs, this.mostPairs] = [PRIME_S, FADE_S, MOST_S].map((s) => Math.round(s * rateHz));
  }

  get waitingPairs() {
    return this.#waiting.length / 2;
  }

  /** The map that FRAME and PING carry. `deviceMs` lies between this ring and the ear. */
  playback(deviceMs) {
    const told = {
      played_samples: this.position,
      buffered_ms: (1000 * this.waitingPairs) / this.rateHz,
      underruns: this.underruns,
      epoch: this.epoch,
    };
    return deviceMs > 0 ? { ...told, device_ms: deviceMs } : told;
  }

  /** WELCOME: the stream of `epoch` starts at sample 0; what was heard fades out. */
  restart(epoch) {
    Object.assign(this, { epoch, position: 0, underruns: 0 });
    this.#waiting = new Float32Array(0);
    this.#stop();
  }

  write(epoch, start, sound) {
    if (epoch < this.epoch) return;
    if (epoch > this.epoch) {
      Object.assign(this, { epoch, position: start });
      this.#join(0, sound);
      return;
    }
    const offset = start - this.position;
    const rest = sound.subarray(2 * Math.min(Math.max(-offset, 0), sound.length / 2)); // the past is over
    if (rest.length > 0) this.#place(Math.max(offset, 0), rest);
    this.#shorten();
  }

  #place(offset, sound) {
    const gap = offset - this.waitingPairs;
    if (this.waitingPairs === 0 || offset > this.mostPairs) {
      this.position += offset; // nothing lies between, or too much to wait for: the stream goes on there
      this.#join(0, sound);
    } else if (gap > 0) {
      fade(this.#waiting.subarray(-2 * this.fadePairs), -1);
      const rising = sound.slice();
      fade(rising.subarray(0, 2 * this.fadePairs), 1);
      this.#waiting = joined(this.#waiting, new Float32Array(2 * gap), rising);
    } else {
      this.#join(offset, sound);
    }
  }

  /** Keeps `offset` pairs of what waits, then goes over into `sound`. */
  #join(offset, sound) {
    const from = this.#waiting.subarray(2 * offset);
    this.#waiting = joined(this.#waiting.subarray(0, 2 * offset), crossed(from, sound, this.fadePairs));
  }

  #shorten() {
    const excess = this.waitingPairs - this.mostPairs;
    if (excess <= 0) return;
    this.position += excess;
    this.#waiting = crossed(this.#waiting.subarray(0, 2 * excess), this.#waiting.subarray(2 * excess), this.fadePairs);
  }

  /** The next pairs to be heard; silence where there is no sound. */
  read(pairs) {
    const out = new Float32Array(2 * pairs);
    if (this.#priming && this.waitingPairs >= this.primePairs) {
      this.#priming = false;
      this.#fadingIn = this.fadePairs;
    }
    const taken = this.#priming ? 0 : Math.min(pairs, this.waitingPairs);
    out.set(this.#waiting.subarray(0, 2 * taken));
    this.#waiting = this.#waiting.slice(2 * taken);
    this.position += taken;
    this.#riseIn(out, taken);
    if (!this.#priming && taken < pairs) {
      this.underruns += 1;
      this.#stop();
    }
    this.#fallOut(out, taken);
    return out;
  }

  #riseIn(out, taken) {
    for (let i = 0; i < taken; i++) {
      if (this.#fadingIn > 0) {
        const gain = 1 - this.#fadingIn-- / this.fadePairs;
        out[2 * i] *= gain;
        out[2 * i + 1] *= gain;
      }
    }
    if (taken > 0) this.#last = [out[2 * taken - 2], out[2 * taken - 1]];
  }

  #fallOut(out, from) {
    for (let i = from; i < out.length / 2 && this.#fadingOut > 0; i++) {
      const gain = this.#fadingOut-- / this.fadePairs;
      out[2 * i] += this.#last[0] * gain;
      out[2 * i + 1] += this.#last[1] * gain;
    }
  }

  #stop() {
    if (!this.#priming) this.#fadingOut = this.fadePairs;
    this.#priming = true;
  }
}

function joined(...parts) {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}

/** `to`, whose beginning is mixed with that of `from`, the longer the less. */
function crossed(from, to, fadePairs) {
  const mixed = to.slice();
  const pairs = Math.min(fadePairs, from.length / 2, to.length / 2);
  for (let i = 0; i < 2 * pairs; i++) {
    const share = ((i >> 1) + 0.5) / pairs;
    mixed[i] = from[i] * (1 - share) + to[i] * share;
  }
  return mixed;
}

/** Rises from silence (direction 1) or falls to it (-1), in place. */
function fade(sound, direction) {
  const pairs = sound.length / 2;
  for (let i = 0; i < sound.length; i++) {
    const share = ((i >> 1) + 0.5) / pairs;
    sound[i] *= direction > 0 ? share : 1 - share;
  }
}
