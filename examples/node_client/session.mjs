// One client of a service, by bridge/PROTOCOL.md: two lanes, HELLO to BYE, credit, clock offset, heartbeats.
// `tick` is to be called every few milliseconds; nothing waits.

import { randomUUID } from "node:crypto";
import { Packr } from "msgpackr";
import { Dealer } from "zeromq";
import { Ring } from "./ring.mjs";

const [WIRE, MIN_WIRE, PACKAGE] = ["1.1", "1.0", "0.1.0"];
const [ANSWER_S, PATIENCE_S, QUICK_PING_S, QUICK_PINGS, ECHOES, MISSES] = [2, 5, 0.1, 5, 16, 3];
const SOCKET = { linger: 200, sendTimeout: 0, maxMessageSize: 16777216 }; // libzmq's own heartbeats can end the process
const NEVER = Infinity;
const packr = new Packr({ useRecords: false, int64AsType: "number" });

export class Session {
  ring = null; // once there was a WELCOME
  welcome = null;
  firstFrameS = null; // when the first frame of all left
  counts = { offered: 0, sent: 0, chunks: 0, credits: 0, sessions: 0 };
  #lanes = {};
  #mailbox = null;
  #isSending = false;
  #retryS = NEVER;

  /** `tell` takes lines for people. `nowS` is a monotonic clock in seconds, the one that frames are stamped with. */
  constructor(address, { nowS, tell, deviceMs = 0 }) {
    Object.assign(this, { address, nowS, tell, deviceMs });
  }

  begin() {
    this.#close();
    Object.assign(this, { id: randomUUID().replaceAll("-", ""), welcome: null, credit: 0, framesSent: 0, echoes: [] });
    Object.assign(this, { firstSentS: NEVER, answered: false });
    this.#retryS = this.nowS() + ANSWER_S;
    this.#open("control", this.address, 64);
    this.#send("control", "HELLO", {
      session: this.id,
      wire: WIRE,
      min_wire: MIN_WIRE,
      package: PACKAGE,
      client: "node",
      engine: `Node ${process.version}`,
      capabilities: { credit: true, jpeg: false },
      sent_client_s: this.nowS(),
    });
  }

  /** Puts a frame of `frameAt` into the mailbox, in place of one that still waits. */
  offer(frame) {
    this.counts.offered += 1;
    this.#mailbox = frame;
    this.#flush();
  }

  tick() {
    const nowS = this.nowS();
    if (this.welcome === null && nowS >= this.#retryS) {
      this.tell(`no answer from ${this.address}: does stereosync-serve run there, and is it for this machine?`);
      this.begin();
    } else if (this.welcome !== null && nowS - this.heardS > MISSES * this.welcome.heartbeat_s) {
      this.#lose("nothing heard for three heartbeats", 0);
    } else if (this.welcome !== null && nowS >= this.pingS) {
      this.pingS = nowS + (this.echoes.length < QUICK_PINGS ? QUICK_PING_S : this.welcome.heartbeat_s);
      const playback = this.ring.playback(this.deviceMs);
      this.#send("control", "PING", { sent_client_s: nowS, frames_sent: this.framesSent, playback });
    }
    if (this.welcome !== null && !this.answered && nowS - this.firstSentS >= PATIENCE_S) {
      this.answered = true; // this is said once
      this.tell(`${this.framesSent} frames were sent and none was used: is the service's port for frames reachable?`);
    }
  }

  async bye(reason) {
    if (this.welcome !== null) await this.#send("control", "BYE", { reason });
    this.#close();
    this.#retryS = NEVER;
  }

  // Lanes

  #open(lane, address, waiting) {
    const socket = new Dealer({ ...SOCKET, ipv6: address.includes("["), sendHighWaterMark: waiting });
    this.#lanes[lane] = { socket };
    socket.events.on("disconnect", () => this.#isOpen(socket) && this.#lose("the connection broke", 0));
    socket.connect(address);
    this.#listen(socket);
  }

  async #listen(socket) {
    for await (const parts of socket) {
      if (!this.#isOpen(socket)) return;
      this.#take(parts);
    }
  }

  #isOpen(socket) {
    return Object.values(this.#lanes).some((lane) => lane.socket === socket);
  }

  /** Whether the message left; with a full buffer it does not. */
  async #send(lane, type, fields, payloads = []) {
    try {
      await this.#lanes[lane]?.socket.send([packr.pack({ type, ...fields }), ...payloads]);
      return lane in this.#lanes;
    } catch {
      return false;
    }
  }

  #close() {
    const lanes = Object.values(this.#lanes);
    this.#lanes = {};
    for (const { socket } of lanes) socket.close();
  }

  async #flush() {
    if (this.#isSending || this.#mailbox === null || this.welcome === null || this.framesSent >= this.credit) return;
    const [frame, session] = [this.#mailbox, this.id];
    [this.#mailbox, this.#isSending] = [null, true];
    this.firstFrameS ??= this.nowS();
    const playback = this.ring.playback(this.deviceMs);
    const stamp = { session, sent: this.framesSent + 1, clock_offset_s: this.#offsetS(), playback };
    const left = await this.#send("frames", "FRAME", { ...stamp, ...frame.header }, frame.payloads);
    this.#isSending = false;
    if (session !== this.id) return;
    if (left) {
      this.framesSent += 1;
      this.firstSentS = Math.min(this.firstSentS, this.nowS());
      this.counts.sent += 1;
    } else {
      this.#mailbox ??= frame;
    }
    this.#flush();
  }

  // Messages

  #take(parts) {
    const message = unpacked(parts[0]);
    if (message === null) return;
    if (this.welcome === null && !["WELCOME", "ERROR", "BYE"].includes(message.type)) return;
    this.heardS = this.nowS();
    this.credit = Math.max(this.credit, message.credit ?? 0);
    this.answered ||= (message.capture_client_s ?? null) !== null || (message.type === "ERROR" && !message.fatal);
    if (message.type === "WELCOME" && message.session === this.id) this.#onWelcome(message);
    else if (message.type === "AUDIO" && message.n_samples > 0) this.#onAudio(message, parts[1]);
    else if (message.type === "CREDIT") this.counts.credits += 1;
    else if (message.type === "PONG") this.#onEcho(message);
    else if (message.type === "ERROR") this.#onError(message);
    else if (message.type === "BYE") this.#lose(`the service says bye: ${message.reason}`, 0);
    this.#flush();
  }

  #onWelcome(welcome) {
    if (!goesWith(welcome)) return this.#lose(`the service speaks wire ${welcome.wire}, this client ${WIRE}`, NEVER);
    Object.assign(this, { welcome, pingS: this.heardS });
    this.counts.sessions += 1;
    this.#onEcho(welcome);
    if (this.ring?.rateHz !== welcome.sample_rate_hz) this.ring = new Ring(welcome.sample_rate_hz);
    this.ring.restart(welcome.epoch);
    this.#open("frames", this.address.replace(/:\d+$/, `:${welcome.frames_port}`), 1);
    const taken = ["feet", "contacts", "surface", "scene"].filter((name) => welcome.capabilities[name]);
    this.tell(`connected to ${welcome.bundle}, which takes of what is told: ${taken.join(", ") || "nothing"}`);
  }

  #onAudio(audio, pcm) {
    const sound = new Float32Array(pcm.buffer.slice(pcm.byteOffset, pcm.byteOffset + pcm.byteLength));
    if (sound.length !== 2 * audio.n_samples || !sound.every(Number.isFinite)) return;
    this.counts.chunks += 1;
    const held = sound.map((sample) => Math.max(-1, Math.min(1, sample))); // a broken server must not hurt ears
    this.ring.write(audio.epoch, audio.start_sample, held);
  }

  /** Of the last echoes the one with the shortest round trip is the most exact. */
  #onEcho({ sent_client_s: sent, received_server_s: received, sent_server_s: answered }) {
    const tripS = this.heardS - sent - (answered - received);
    this.echoes = [...this.echoes, { tripS, offsetS: (received - sent + (answered - this.heardS)) / 2 }].slice(-ECHOES);
  }

  #offsetS() {
    return this.echoes.reduce((best, echo) => (echo.tripS < best.tripS ? echo : best)).offsetS;
  }

  #onError({ code, field, rule, fatal }) {
    this.tell(`${code}: ${field} ${rule}`);
    if (!fatal) return;
    const waits = { server_full: ANSWER_S, hello_first: 0, unknown_session: 0 };
    this.#lose(rule, waits[code] ?? NEVER);
  }

  /** Forgets the session; what waits in the ring plays out. HELLO is said anew after `waitS`. */
  #lose(reason, waitS) {
    this.tell(reason);
    this.#close();
    Object.assign(this, { welcome: null, credit: 0 });
    this.#retryS = this.nowS() + waitS;
  }
}

/** A header; null for what is no map of msgpack. */
function unpacked(bytes) {
  try {
    const header = packr.unpack(bytes);
    return typeof header?.type === "string" ? header : null;
  } catch {
    return null;
  }
}

function goesWith({ wire, min_wire: minWire }) {
  const parsed = (text) => text.split(".").map(Number);
  const [theirs, theirLeast, ours, ourLeast] = [wire, minWire, WIRE, MIN_WIRE].map(parsed);
  const older = (one, other) => one[0] < other[0] || (one[0] === other[0] && one[1] < other[1]);
  return theirs[0] === ours[0] && !older(theirs, ourLeast) && !older(ours, theirLeast);
}
