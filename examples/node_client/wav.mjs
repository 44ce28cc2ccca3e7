// A sound card that is a file: it takes 16-bit stereo at the pace of the clock.

import { closeSync, openSync, writeSync } from "node:fs";

const HEADER_BYTES = 44;

export class WavFile {
  pairs = 0; // written so far
  #file;

  constructor(path, rateHz, nowS) {
    Object.assign(this, { rateHz, beganS: nowS });
    this.#file = openSync(path, "w");
    writeSync(this.#file, this.#header());
  }

  /** Takes from the ring what is due by now. */
  pump(ring, nowS) {
    const due = Math.floor((nowS - this.beganS) * this.rateHz) - this.pairs;
    if (due <= 0) return;
    const pcm = Int16Array.from(ring.read(due), (sample) => Math.round(32767 * Math.max(-1, Math.min(1, sample))));
    writeSync(this.#file, new Uint8Array(pcm.buffer));
    this.pairs += due;
  }

  close() {
    writeSync(this.#file, this.#header(), 0, HEADER_BYTES, 0);
    closeSync(this.#file);
  }

  #header() {
    const bytes = 4 * this.pairs;
    const head = Buffer.alloc(HEADER_BYTES);
    head.write("RIFF", 0);
    head.writeUInt32LE(36 + bytes, 4);
    head.write("WAVEfmt ", 8);
    head.writeUInt32LE(16, 16);
    head.writeUInt16LE(1, 20); // PCM
    head.writeUInt16LE(2, 22); // channels
    head.writeUInt32LE(this.rateHz, 24);
    head.writeUInt32LE(4 * this.rateHz, 28);
    head.writeUInt16LE(4, 32);
    head.writeUInt16LE(16, 34);
    head.write("data", 36);
    head.writeUInt32LE(bytes, 40);
    return head;
  }
}
