// How many digits a drawing seems to hold: the part of src/helpers/row.py that counts them. The
// shares of the height of the highest piece, and what they are for, are described there.

import { boxOf, cutOut, pad } from "./ink.js";

const GAP = 0.05;
const [HIGH, ALONE, FAR] = [0.45, 0.33, 0.2];
const SMALLEST = 8;
const [WIDE, PART, USUAL] = [1.15, 0.75, 0.9];
const SOLID = 60;
const ENTRY = 0.3;

export function countDigits(picture) {
  const cut = cutOut(picture);
  // With so much paper around, no pixel of ink, nor any near it, is at the edge.
  const ink = pad(cut, reachOf(cut) + 1);
  const groups = group(ink);
  const usual = USUAL * Math.max(...groups.map((some) => boxOf(some).height));
  return groups.map((some) => countParts(some, usual)).reduce((a, b) => a + b);
}

// Returns the ink of each digit; digits that touch share one.
function group(ink) {
  const pieces = findPieces(ink);
  const most = Math.max(...pieces.map((piece) => piece.amount));
  const tallest = Math.max(...pieces.map((piece) => piece.height));
  // A sliver, such as what is left of a line, is no digit, however high.
  const enough = Math.min(0.15 * most, 0.03 * tallest ** 2);
  const solid = pieces.filter((piece) => piece.amount >= enough);
  const highest = Math.max(...solid.map((piece) => piece.height));
  if (highest < SMALLEST) return [ink];
  let groups = [];
  for (const piece of solid.filter(({ height }) => height >= HIGH * highest)) {
    piece.large = true;
    const joined = groups.filter((other) => overlap(other, piece));
    groups = groups.filter((other) => !joined.includes(other));
    groups.push([...joined, piece].reduce(unite));
  }
  const large = [...groups];
  for (const piece of pieces.filter((piece) => !piece.large)) {
    const gaps = large.map((other) => gapBetween(other, piece));
    const nearest = gaps.indexOf(Math.min(...gaps));
    const far = gaps[nearest] > FAR * highest && piece.height > ALONE * highest;
    if (far && solid.includes(piece)) groups.push(piece);
    else groups[nearest] = unite(groups[nearest], piece);
  }
  return groups.map((some) => {
    const data = new Uint8Array(ink.data.length);
    for (const at of some.pixels) data[at] = ink.data[at];
    return { ...ink, data };
  });
}

// How far apart two pixels of ink may be, halved, to hang together.
function reachOf(cut) {
  return Math.trunc((GAP / 2) * cut.height);
}

// Returns the pieces of ink that hang together, if one forgives small gaps.
function findPieces(ink) {
  const { width, data } = ink;
  const reach = reachOf(boxOf(ink));
  const near = spread(spread(data, width, 1, reach), width, width, reach);
  const around = [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((right) => down * width + right));
  const pieces = [];
  const open = [];
  for (let start = 0; start < data.length; start++) {
    if (!near[start]) continue;
    near[start] = 0;
    open.push(start);
    const pixels = [];
    while (open.length) {
      const at = open.pop();
      if (data[at]) pixels.push(at);
      for (const step of around) {
        if (!near[at + step]) continue;
        near[at + step] = 0;
        open.push(at + step);
      }
    }
    pieces.push(describe(pixels, ink));
  }
  return pieces;
}

// Marks what has ink at most `reach` pixels away, along the rows (step 1) or columns (step width).
function spread(marks, width, step, reach) {
  const near = new Uint8Array(marks.length);
  const lines = step === 1 ? marks.length / width : width;
  const length = marks.length / lines;
  for (let line = 0; line < lines; line++) {
    const start = step === 1 ? line * width : line;
    for (const back of [false, true]) {
      let since = Infinity; // how long ago there was ink
      for (let i = 0; i < length; i++) {
        const at = start + step * (back ? length - 1 - i : i);
        since = marks[at] ? 0 : since + 1;
        if (since <= reach) near[at] = 1;
      }
    }
  }
  return near;
}

// A piece: its pixels, those at its edge, and for each row its first and last column.
function describe(pixels, { height, width, data }) {
  const [first, last] = [new Int16Array(height).fill(width), new Int16Array(height).fill(-1)];
  const edge = [];
  let amount = 0;
  for (const at of pixels) {
    const [row, column] = [Math.floor(at / width), at % width];
    first[row] = Math.min(first[row], column);
    last[row] = Math.max(last[row], column);
    amount += data[at] / 255;
    const isInside = data[at - 1] && data[at + 1] && data[at - width] && data[at + width];
    if (!isInside) edge.push([row, column]);
  }
  return withHeight({ pixels, first, last, edge, amount });
}

function unite(a, b) {
  return withHeight({
    pixels: [...a.pixels, ...b.pixels],
    first: a.first.map((column, row) => Math.min(column, b.first[row])),
    last: a.last.map((column, row) => Math.max(column, b.last[row])),
    edge: [...a.edge, ...b.edge],
  });
}

function withHeight(piece) {
  const rows = [...piece.last.keys()].filter((row) => piece.last[row] >= 0);
  return { ...piece, height: rows.at(-1) - rows[0] + 1 };
}

function gapBetween(a, b) {
  let least = Infinity;
  for (const [y, x] of a.edge) {
    for (const [row, column] of b.edge) {
      least = Math.min(least, (y - row) ** 2 + (x - column) ** 2);
    }
  }
  return Math.sqrt(least);
}

// Whether one lies above, in or around the other rather than beside it.
function overlap(a, b) {
  const [left, right] = [Math.min(...a.first), Math.max(...a.last) + 1];
  const [start, stop] = [Math.min(...b.first), Math.max(...b.last) + 1];
  const common = Math.min(right, stop) - Math.max(left, start);
  if (common <= 0.25 * Math.min(right - left, stop - start)) return false;
  // Slanted digits stand beside each other in each of their rows.
  const [one, other] = left + right <= start + stop ? [a, b] : [b, a];
  const rows = [...a.last.keys()].filter((row) => a.last[row] >= 0 && b.last[row] >= 0);
  if (rows.length < 0.5 * Math.min(a.height, b.height)) return true;
  return rows.filter((row) => one.last[row] < other.first[row]).length / rows.length < 0.9;
}

// How many digits that touch can be told apart, by cuts that are clear.
function countParts(ink, usual) {
  const { height, width, data } = ink;
  const box = boxOf(ink);
  if (box.width <= WIDE * Math.max(box.height, usual)) return 1;
  const path = findPath(ink, box);
  const crossed = path.map((column, row) => data[row * width + column] > SOLID);
  if (crossed.filter(Boolean).length > 0.5 * box.height) return 1; // a bar or a blob, not digits
  const changes = crossed.filter((solid, row) => solid !== (row > 0 && crossed[row - 1])).length;
  const parts = [true, false].map((left) => {
    const part = data.map((value, at) => (at % width < path[Math.floor(at / width)] === left ? value : 0));
    return { height, width, data: part };
  });
  const high = parts.every(({ data }) => {
    const solid = data.map((value) => value > SOLID);
    return boxOf({ height, width, data: solid }).height >= PART * box.height;
  });
  const [all, ...each] = [ink, ...parts].map(({ data }) => data.reduce((a, b) => a + b, 0));
  if ((changes + 1) >> 1 > 1 || !high || Math.min(...each) < 0.15 * all) return 1;
  return countParts(parts[0], usual) + countParts(parts[1], usual);
}

// For each row the column where the clearest cut goes: from top to bottom through the middle 60 % of
// the ink, by one column a row at most, across few strokes and little ink; by dynamic programming.
function findPath({ height, width, data }, box) {
  const start = box.left + Math.floor(box.width / 5);
  const count = box.left + Math.ceil((4 * box.width) / 5) - start;
  const entry = ENTRY * box.height; // what it costs to come from paper to ink
  const inkAt = (row, column) => data[row * width + start + column];
  const cameFrom = [];
  let cost = Array.from({ length: count }, (_, column) => inkAt(0, column) / 255 + 0.001);
  for (let row = 1; row < height; row++) {
    const before = cost;
    const from = new Int8Array(count);
    cost = before.map((_, column) => {
      let best = Infinity;
      for (const way of [-1, 0, 1]) {
        let sum = before[column + way] ?? Infinity;
        if (inkAt(row, column) > SOLID && !(inkAt(row - 1, column + way) > SOLID)) sum += entry;
        if (way) sum += 0.001; // straight on, if it makes no difference
        if (sum < best) [best, from[column]] = [sum, way];
      }
      return best + inkAt(row, column) / 255 + 0.001;
    });
    cameFrom.push(from);
  }
  const path = [cost.indexOf(Math.min(...cost))];
  while (cameFrom.length) path.unshift(path[0] + cameFrom.pop()[path[0]]);
  return path.map((column) => column + start);
}
