// From a drawing to a digit as in MNIST: the part of src/helpers/ink.py that a drawing needs, under
// the same names and step by step the same. (Photos, frames and squared paper are left to Python.)
//
// A picture is { height, width, data }, with `data` a Uint8Array, row by row: 255 is ink, 0 is
// paper. A stroke is a row of numbers from 0 to 1: x, y, x, y, …

export const BRUSH = 0.08; // width of the pen, as a share of the canvas's side
// What that pen is right for: writing of this size. Smaller writing is read with a thinner one.
const [WRITING, SMALLEST_WRITING] = [0.6, 0.2];
const BOLDNESS = [0.11, 0.13]; // how bold the digits of MNIST are

export function drawStrokes(strokes, side = 280, pen = fittingPen(strokes)) {
  const picture = blank(side, side);
  const radius = (pen * side) / 2;
  for (const stroke of strokes) fill(picture, outlineOf(pointsOf(stroke, side), radius));
  return picture;
}

// The width of the pen for a digit of this size.
function fittingPen(strokes) {
  if (!strokes.length) return BRUSH;
  const [low, high] = [[1, 1], [0, 0]];
  for (const stroke of strokes) {
    stroke.forEach((value, i) => {
      low[i % 2] = Math.min(low[i % 2], value);
      high[i % 2] = Math.max(high[i % 2], value);
    });
  }
  const longer = Math.max(high[0] - low[0], high[1] - low[1], SMALLEST_WRITING);
  return BRUSH * Math.min(1, longer / WRITING);
}

// The points of a stroke in pixels, none twice in a row, and at least two.
function pointsOf(stroke, side) {
  const points = [];
  for (let i = 0; i < stroke.length; i += 2) {
    const [x, y] = [stroke[i] * side, stroke[i + 1] * side];
    const last = points.at(-1);
    if (!last || Math.hypot(x - last[0], y - last[1]) > 1e-9) points.push([x, y]);
  }
  if (points.length === 1) points.push([points[0][0] + 1e-4 * side, points[0][1]]);
  return points;
}

// A line that has a width is an area, and this is the way around it: along the line and back, with
// round ends and bends. It is that of Agg, which draws for matplotlib, down to how bends are made;
// otherwise the edges would differ by shades of gray, and now and then an answer.
function outlineOf(points, radius) {
  const outline = [];
  const step = 2 * Math.acos(radius / (radius + 0.125)); // so finely are circles made of lines
  // From one angle around a point to another.
  const addArc = ([x, y], from, to) => {
    const parts = Math.trunc((to - from) / step) + 1;
    for (let i = 0; i <= parts; i++) {
      const angle = from + ((to - from) * i) / parts;
      outline.push([x + radius * Math.cos(angle), y + radius * Math.sin(angle)]);
    }
  };
  for (const line of [points, [...points].reverse()]) {
    for (let i = 0; i < line.length - 1; i++) {
      const [here, next] = [line[i], line[i + 1]];
      const after = aside(here, next, radius);
      const angle = Math.atan2(after[1], after[0]);
      if (!i) addArc(here, angle - Math.PI, angle);
      else addBend(line[i - 1], here, next, after);
    }
  }
  return outline;

  function addBend(previous, here, next, after) {
    const before = aside(previous, here, radius);
    const corners = [plus(here, before), plus(here, after)];
    const meeting = intersection(plus(previous, before), corners[0], corners[1], plus(next, after));
    const [a, b] = [minus(here, previous), minus(next, here)];
    if (b[0] * a[1] - b[1] * a[0] > 0) {
      const most = Math.max(1.01, Math.min(length(a), length(b)) / radius) * radius;
      if (meeting && length(minus(meeting, here)) <= most) outline.push(meeting);
      else outline.push(...corners);
    } else if (radius - length(plus(before, after)) / 2 < radius / 1024) {
      outline.push(meeting ?? corners[0]); // nearly straight on
    } else {
      const [from, to] = [before, after].map(([x, y]) => Math.atan2(y, x));
      addArc(here, from, to < from ? to + 2 * Math.PI : to);
    }
  }
}

// The way from a line to its edge.
function aside(from, to, radius) {
  const [x, y] = minus(to, from);
  return [(radius * y) / length([x, y]), (-radius * x) / length([x, y])];
}

// Where two lines meet, or nothing if they are parallel.
function intersection(a, b, c, d) {
  const [ab, cd, ac] = [minus(b, a), minus(d, c), minus(c, a)];
  const cross = ab[0] * cd[1] - ab[1] * cd[0];
  if (Math.abs(cross) < 1e-8) return undefined;
  const along = (ac[0] * cd[1] - ac[1] * cd[0]) / cross;
  return [a[0] + along * ab[0], a[1] + along * ab[1]];
}

// Put ink on what an outline encloses. Each of its lines adds, in each row that it crosses, to all
// pixels on its right as much as it goes down in that row; lines that go up take it away again.
function fill(picture, outline) {
  const spots = outline.map((spot) => spot.map((c) => Math.round(256 * c) / 256));
  const [xs, ys] = [spots.map(([x]) => x), spots.map(([, y]) => y)];
  const [startX, startY] = [xs, ys].map((values) => Math.floor(Math.min(...values)));
  const [endX, endY] = [xs, ys].map((values) => Math.floor(Math.max(...values)) + 1);
  const width = endX - startX + 1;
  const change = new Float64Array(width * (endY - startY));
  spots.forEach((start, i) => {
    const end = spots[(i + 1) % spots.length];
    const [sign, [x0, y0], [x1, y1]] = start[1] < end[1] ? [1, start, end] : [-1, end, start];
    const slope = (x1 - x0) / (y1 - y0);
    for (let row = Math.floor(y0); row < y1; row++) {
      const [top, bottom] = [Math.max(row, y0), Math.min(row + 1, y1)];
      const [xTop, xBottom] = [x0 + (top - y0) * slope, x0 + (bottom - y0) * slope];
      const [left, right] = xTop < xBottom ? [xTop, xBottom] : [xBottom, xTop];
      const down = sign * (bottom - top);
      let passed = 0; // how much of a pixel has the line on its left, on average over the row
      for (let column = Math.floor(left); passed < 1; column++) {
        let share = 1;
        if (column < right) {
          share = coveredBefore(left, right, column + 1) - coveredBefore(left, right, column);
        }
        change[(row - startY) * width + column - startX] += down * (share - passed);
        passed = share;
      }
    }
  });
  for (let row = Math.max(0, startY); row < Math.min(picture.height, endY); row++) {
    let sum = 0;
    for (let column = startX; column < Math.min(picture.width, endX); column++) {
      sum += change[(row - startY) * width + column - startX];
      if (column < 0) continue;
      const ink = Math.min(255, Math.ceil(256 * Math.abs(sum) - 1e-9));
      const at = row * picture.width + column;
      const before = picture.data[at];
      picture.data[at] = ink === 255 ? 255 : ink + before - Math.ceil((ink * before) / 256);
    }
  }
}

// How much of a row lies to the left of `x` and to the right of a line from `left` to `right`.
function coveredBefore(left, right, x) {
  if (x <= left) return 0;
  return x < right ? (x - left) ** 2 / (right - left) / 2 : x - (left + right) / 2;
}

// What each step makes of a drawing, or null if there is no ink.
export function digitSteps(picture, size = 20) {
  const ink = findInk(picture);
  if (!ink) return null;
  const square = padToSquare(matchPen(cutOut(ink)));
  const stretched = stretch(resample(square, 20, 20));
  const centered = center(stretched, 28);
  const final = size === 28 ? centered : asInTheData(centered);
  return { ink, square, stretched, centered, final };
}

// What the network gets: numbers from 0 to 1.
export function toDigit(picture, size = 20) {
  const steps = digitSteps(picture, size);
  return steps && Float32Array.from(steps.final.data, (value) => value / 255);
}

function findInk(picture) {
  const darkest = highest(picture.data);
  if (darkest < 51) return null; // a fifth of black
  const data = new Uint8Array(picture.data.length);
  for (let i = 0; i < data.length; i++) {
    if (picture.data[i] >= 0.1 * darkest) data[i] = round((255 * picture.data[i]) / darkest);
  }
  return { ...picture, data };
}

export function cutOut(ink) {
  const { top, left, height, width } = boxOf(ink);
  const cut = blank(height, width);
  for (let row = 0; row < height; row++) {
    const start = (top + row) * ink.width + left;
    cut.data.set(ink.data.subarray(start, start + width), row * width);
  }
  return cut;
}

// The smallest rectangle that holds all ink.
export function boxOf({ height, width, data }) {
  let top = height;
  let bottom = 0;
  let left = width;
  let right = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (!data[row * width + column]) continue;
      if (row < top) top = row;
      bottom = row + 1;
      if (column < left) left = column;
      if (column >= right) right = column + 1;
    }
  }
  return { top, left, height: Math.max(0, bottom - top), width: Math.max(0, right - left) };
}

// Make a pen that is finer or bolder than MNIST's as bold as that.
function matchPen(ink) {
  let longest = Math.max(ink.height, ink.width);
  if (longest <= 20) return ink;
  const [height, width] = [ink.height, ink.width].map((length) =>
    Math.max(1, round((length * 100) / longest)),
  );
  ink = cutOut(resample(ink, width, height));
  longest = Math.max(ink.height, ink.width);
  // The finer the lines, the paler they are now.
  const mean = sum(ink.data, (value) => value * value) / sum(ink.data, (value) => value);
  const limit = Math.min(127, mean ** 2 / 300);
  let solid = pad({ ...ink, data: ink.data.map((value) => value > limit) }, 1);
  // Across a stroke, the distance to its edge is a quarter of its width on average; it is measured
  // to the middle of the first pixel of paper.
  const inside = distances(solid, 1);
  const pen = 4 * (sum(inside, (d) => d) / sum(solid.data, (value) => value) - 0.5);
  const wanted = clip(pen / longest, ...BOLDNESS);
  if (wanted === pen / longest) return ink;
  // The edge moves outwards by this, and the digit grows with it.
  let move = (wanted * longest - pen) / (1 - wanted) / 2;
  move = Math.max(move, 0.5 - highest(inside)); // something has to stay
  solid = pad(solid, Math.max(0, Math.ceil(move)));
  const [within, without] = [distances(solid, 1), distances(solid, 0)];
  const data = solid.data.map((isInk, i) => {
    const edge = isInk ? within[i] - 0.5 : 0.5 - without[i];
    return round(255 * clip(edge + move + 0.5, 0, 1));
  });
  return cutOut({ ...solid, data });
}

// How far each pixel with this value is from the nearest one that has another; 0 for the others.
export function distances({ height, width, data }, value) {
  // First along the columns alone …
  const far = height + width;
  const along = new Float64Array(data.length);
  for (let column = 0; column < width; column++) {
    for (const [first, step] of [[0, 1], [height - 1, -1]]) {
      let distance = far;
      for (let row = first; row >= 0 && row < height; row += step) {
        const at = row * width + column;
        distance = data[at] === value ? distance + 1 : 0;
        along[at] = step === 1 ? distance : Math.min(along[at], distance);
      }
    }
  }
  // … then also along the rows, as far as a nearer one is possible.
  const result = new Float64Array(data.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      let best = along[at] ** 2;
      for (let k = 1; k * k < best; k++) {
        if (column >= k) best = Math.min(best, along[at - k] ** 2 + k * k);
        if (column + k < width) best = Math.min(best, along[at + k] ** 2 + k * k);
        if (column < k && column + k >= width) break;
      }
      result[at] = Math.sqrt(best);
    }
  }
  return result;
}

function padToSquare(ink) {
  const { height, width } = ink;
  const side = Math.max(height, width);
  return paste(ink, blank(side, side), (side - height) >> 1, (side - width) >> 1);
}

export function pad(ink, by) {
  return paste(ink, blank(ink.height + 2 * by, ink.width + 2 * by), by, by);
}

function stretch(ink) {
  const darkest = highest(ink.data);
  return { ...ink, data: ink.data.map((value) => round(value * (255 / darkest))) };
}

// Place an image into an empty one, by whole pixels, so that its center of mass lies in the middle.
function center(ink, side) {
  let [mass, down, right] = [0, 0, 0];
  ink.data.forEach((value, i) => {
    mass += value;
    down += value * Math.floor(i / ink.width);
    right += value * (i % ink.width);
  });
  const place = (moment, length) => clip(round(side / 2 - moment / mass), 0, side - length);
  return paste(ink, blank(side, side), place(down, ink.height), place(right, ink.width));
}

function asInTheData(digit) {
  return resample(digit, 20, 20, BICUBIC);
}

// Resampling as Pillow does it: the rows first, then the columns, in whole numbers of 22 bits.

const BOX = { reach: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) };
const BICUBIC = {
  reach: 2,
  weight(x) {
    x = Math.abs(x);
    if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
    return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
  },
};
const ONE = 2 ** 22;

export function resample(ink, width, height, method) {
  method ??= width > ink.width || height > ink.height ? BICUBIC : BOX;
  return turn(resampleRows(turn(resampleRows(ink, width, method)), height, method));
}

function resampleRows(ink, width, method) {
  if (width === ink.width) return ink;
  const result = blank(ink.height, width);
  const scale = ink.width / width;
  const blur = Math.max(scale, 1); // when it gets smaller, each pixel averages several
  for (let column = 0; column < width; column++) {
    const middle = (column + 0.5) * scale;
    const first = Math.max(0, Math.trunc(middle - method.reach * blur + 0.5));
    const end = Math.min(ink.width, Math.trunc(middle + method.reach * blur + 0.5));
    const weights = [];
    for (let x = first; x < end; x++) weights.push(method.weight((x - middle + 0.5) / blur));
    const total = sum(weights, (weight) => weight);
    weights.forEach((weight, i) => {
      const share = (weight / total) * ONE;
      weights[i] = Math.trunc(share + (share < 0 ? -0.5 : 0.5));
    });
    for (let row = 0; row < ink.height; row++) {
      let value = ONE / 2;
      const start = row * ink.width + first;
      for (let i = 0; i < weights.length; i++) value += ink.data[start + i] * weights[i];
      result.data[row * width + column] = clip(Math.floor(value / ONE), 0, 255);
    }
  }
  return result;
}

// Rows become columns.
function turn({ height, width, data }) {
  const result = blank(width, height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      result.data[column * height + row] = data[row * width + column];
    }
  }
  return result;
}

// Small things that NumPy has.

function plus(a, b) {
  return [a[0] + b[0], a[1] + b[1]];
}

function minus(a, b) {
  return [a[0] - b[0], a[1] - b[1]];
}

function length([x, y]) {
  return Math.hypot(x, y);
}

function blank(height, width) {
  return { height, width, data: new Uint8Array(height * width) };
}

function paste(ink, page, top, left) {
  for (let row = 0; row < ink.height; row++) {
    const part = ink.data.subarray(row * ink.width, (row + 1) * ink.width);
    page.data.set(part, (top + row) * page.width + left);
  }
  return page;
}

function highest(values) {
  let high = values[0];
  for (let i = 1; i < values.length; i++) if (values[i] > high) high = values[i];
  return high;
}

function sum(values, of) {
  let total = 0;
  for (const value of values) total += of(value);
  return total;
}

function clip(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

// Halves go to the even neighbor, as in NumPy.
function round(value) {
  const whole = Math.round(value);
  return whole - value === 0.5 && whole % 2 ? whole - 1 : whole;
}
