// What the game shows: a figure of three strokes that walks in a circle on gravel. Metres; x right, y up, z forward
// from the foot of the camera, which does not move. Everything is known of the figure, so everything is told.

const [WIDTH, HEIGHT, FOV_DEG, NEAR, FAR] = [320, 180, 50, 0.1, 200];
const FOCAL_PX = HEIGHT / 2 / Math.tan((FOV_DEG * Math.PI) / 360);
const [EYE_M, RADIUS_M, CENTRE_M] = [1.6, 2, 6];
const [SPEED_M_S, STRIDE_M, STANCE, LIFT_M] = [1.3, 1.4, 0.6, 0.15]; // a stride is two steps, one of each foot
const AHEAD_S = 0.45; // how far contacts are told ahead

/** The message's parts that say what is seen and known at `timeS` of the walk, without what the session adds. */
export function frameAt(timeS, index, captureS) {
  const [left, right, hip, head] = bodyAt(timeS);
  const [picture, depth] = [Buffer.alloc(WIDTH * HEIGHT * 3, 110), ground()];
  const strokes = [[hip, left, 0.09], [hip, right, 0.09], [head, hip, 0.2]];
  const rows = strokes.flatMap(([from, to, halfM]) => draw(picture, depth, project(from), project(to), halfM));
  const header = {
    index,
    capture_client_s: captureS,
    camera: { fov_deg: FOV_DEG, near: NEAR, far: FAR, aspect: WIDTH / HEIGHT },
    picture: { format: "rgb8", width_px: WIDTH, height_px: HEIGHT, n_bytes: picture.length },
    depth: {
      encoding: "linear",
      dtype: "float32",
      width_px: WIDTH / 2,
      height_px: HEIGHT / 2,
      n_bytes: depth.byteLength,
    },
    boxes: [{ id: 1, label: "walker", ...around(rows), position_m: positionOf(left, right), ...told(timeS, captureS) }],
    scene: { place: "", room: { size_m: 0, hardness: 0 } },
  };
  return { header, payloads: [picture, Buffer.from(depth.buffer)] };
}

/** Feet, the next contact of each, and the ground. */
function told(timeS, captureS) {
  const [left, right] = bodyAt(timeS);
  const sides = { left: -1, right: 1 };
  const waits = Object.entries(sides).map(([side, sign]) => ({ side, waitS: comesDownIn(timeS, sign) }));
  const near = waits.filter(({ waitS }) => waitS <= AHEAD_S);
  return {
    feet: [{ side: "left", world_m: left }, { side: "right", world_m: right }],
    contacts: near.map(({ side, waitS }) => ({ side, time_client_s: captureS + waitS, strength: 0.5 })),
    surface: "gravel",
  };
}

// The walk: a foot that stands does not move, the other swings over it.

function bodyAt(timeS) {
  const wayM = SPEED_M_S * timeS;
  const feet = [-1, 1].map((sign) => footAt(wayM, sign));
  const [x, , z] = onCircle(wayM, 0);
  return [...feet, [x, 0.9, z], [x, 1.75, z]];
}

function footAt(wayM, sign) {
  const strides = stridesOf(wayM, sign);
  const number = Math.floor(strides);
  const swing = Math.max(0, (strides - number - STANCE) / (1 - STANCE));
  const standsAt = (number + STANCE / 2 - (sign > 0 ? 0.5 : 0)) * STRIDE_M;
  const [x, , z] = onCircle(standsAt + STRIDE_M * swing * swing * (3 - 2 * swing), 0.1 * sign);
  return [x, LIFT_M * Math.sin(Math.PI * swing), z];
}

const stridesOf = (wayM, sign) => wayM / STRIDE_M + (sign > 0 ? 0.5 : 0);

function comesDownIn(timeS, sign) {
  const strides = stridesOf(SPEED_M_S * timeS, sign);
  return ((Math.floor(strides) + 1 - strides) * STRIDE_M) / SPEED_M_S;
}

function onCircle(wayM, outwardM) {
  const angle = wayM / RADIUS_M;
  return [(RADIUS_M + outwardM) * Math.sin(angle), 0, CENTRE_M - (RADIUS_M + outwardM) * Math.cos(angle)];
}

const positionOf = ([x0, , z0], [x1, , z1]) => [(x0 + x1) / 2, -EYE_M, (z0 + z1) / 2];

// The picture: flat strokes over a ground whose depth is known.

function project([x, y, z]) {
  return { x: WIDTH / 2 + (FOCAL_PX * x) / z, y: HEIGHT / 2 - (FOCAL_PX * (y - EYE_M)) / z, z };
}

function ground() {
  const depth = new Float32Array((WIDTH / 2) * (HEIGHT / 2));
  return depth.map((_, at) => {
    const down = 2 * Math.floor(at / (WIDTH / 2)) + 1 - HEIGHT / 2;
    return down > 0 ? Math.min((EYE_M * FOCAL_PX) / down, FAR) : Infinity; // the sky
  });
}

/** Draws an upright stroke; returns its rows as {x0, x1, y}. */
function draw(picture, depth, from, to, halfM) {
  const rows = [];
  const halfPx = (FOCAL_PX * halfM) / from.z;
  for (let y = Math.max(0, Math.round(from.y)); y < Math.min(HEIGHT, Math.round(to.y)); y++) {
    const middle = from.x + ((to.x - from.x) * (y - from.y)) / (to.y - from.y);
    const [x0, x1] = [middle - halfPx, middle + halfPx];
    rows.push({ x0, x1, y });
    for (let x = Math.max(0, Math.round(x0)); x < Math.min(WIDTH, Math.round(x1)); x++) {
      picture.set([40, 70, 130], 3 * (y * WIDTH + x));
      depth[(y >> 1) * (WIDTH / 2) + (x >> 1)] = from.z;
    }
  }
  return rows;
}

function around(rows) {
  const [xs, ys] = [rows.flatMap(({ x0, x1 }) => [x0, x1]), rows.map(({ y }) => y)];
  return { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) + 1 };
}
