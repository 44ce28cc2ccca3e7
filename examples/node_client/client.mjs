// A figure walks in a circle and is heard: `node client.mjs` beside `stereosync-serve` writes what it hears to a file.

import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Session } from "./session.mjs";
import { frameAt } from "./walk.mjs";
import { WavFile } from "./wav.mjs";

const FRAMES_PER_S = 30;
const TICK_MS = 4;
const { values: given } = parseArgs({
  options: {
    connect: { type: "string", default: "tcp://127.0.0.1:5750" },
    wav: { type: "string", default: "heard.wav" },
    seconds: { type: "string", default: "20" },
  },
});
const nowS = () => performance.now() / 1000;
const session = new Session(given.connect, { nowS, tell: (line) => console.error(line) });

async function connected() {
  session.begin();
  while (session.welcome === null) {
    await sleep(TICK_MS);
    session.tick();
  }
}

async function play(wav, seconds) {
  const startS = nowS();
  let index = 0;
  while (nowS() - startS < seconds) {
    const timeS = nowS() - startS;
    if (timeS >= index / FRAMES_PER_S) session.offer(frameAt(timeS, index++, startS + timeS));
    session.tick();
    wav.pump(session.ring, nowS());
    await sleep(TICK_MS);
  }
}

await connected();
const wav = new WavFile(given.wav, session.ring.rateHz, nowS());
await play(wav, Number(given.seconds));
wav.close();
await session.bye("the game ends");
const firstFrameAfterS = session.firstFrameS - wav.beganS; // on the time axis of the file
console.log(JSON.stringify({ ...session.counts, underruns: session.ring.underruns, firstFrameAfterS }));
