// Person boxes by CenterNet in pure WebAssembly: RGB pictures of 512x512 bytes on stdin, a line of JSON for each on stdout:
// [[x0, y0, x1, y1, score], ...] in pixels of 512. `node detect.mjs FOLDER`: FOLDER has node_modules and models.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const SIDE = 512;
const PICTURE_BYTES = SIDE * SIDE * 3;
const PERSON = 0; // of the COCO classes
const LEAST_SCORE = 0.15;

const folder = resolve(process.argv[2]);
const require = createRequire(join(folder, "/"));
const tf = require("@tensorflow/tfjs-core");
const { loadGraphModel } = require("@tensorflow/tfjs-converter");
const { setWasmPaths } = require("@tensorflow/tfjs-backend-wasm");

async function openModel() {
  setWasmPaths(join(folder, "node_modules", "@tensorflow", "tfjs-backend-wasm", "dist", "/"));
  if (!(await tf.setBackend("wasm"))) throw new Error("the WebAssembly backend does not start; install Node.js 18 or newer");
  const topology = JSON.parse(readFileSync(join(folder, "centernet.json"), "utf8"));
  const bytes = readFileSync(join(folder, "centernet.bin"));
  const artifacts = {
    modelTopology: topology.modelTopology,
    format: topology.format,
    weightSpecs: topology.weightsManifest.flatMap((group) => group.weights),
    weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
  };
  return loadGraphModel({ load: async () => artifacts });
}

async function people(model, picture) {
  const input = tf.tensor4d(Float32Array.from(picture), [1, SIDE, SIDE, 3]); // 0 to 255, as the model was trained
  const output = model.execute({ "tower_0/images": input }, "tower_0/detections");
  const [rows] = await output.array(); // 100 rows of x0, y0, x1, y1, score, class
  input.dispose();
  output.dispose();
  return rows.filter((row) => row[5] === PERSON && row[4] >= LEAST_SCORE).map((row) => row.slice(0, 5));
}

const model = await openModel();
let waiting = Buffer.alloc(0);
for await (const block of process.stdin) {
  waiting = Buffer.concat([waiting, block]);
  while (waiting.length >= PICTURE_BYTES) {
    const found = await people(model, waiting.subarray(0, PICTURE_BYTES));
    waiting = waiting.subarray(PICTURE_BYTES);
    process.stdout.write(JSON.stringify(found) + "\n");
  }
}
