// A network in the page: reads its weights from a file, and turns a digit into ten logits.
// tools/make_live.py writes such files and says how they are made.

const DENSE = 4; // bytes that each part of a file is a multiple of

// Returns the network in a file, an ArrayBuffer: its size (20 or 28), and its layers with weights.
export function readNetwork(file) {
  const damaged = new Error("is damaged, or does not fit the program of this page");
  if (file.byteLength < 4) throw damaged;
  const start = 4 + new DataView(file).getUint32(0, true);
  if (start > file.byteLength || start % DENSE) throw damaged;
  let header;
  try {
    header = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 4, start - 4)));
  } catch {
    throw damaged;
  }
  if (header.version !== 1 || header.check !== crc32(new Uint8Array(file, start))) throw damaged;
  let at = start;
  const take = (Kind, count) => {
    const part = new Kind(file, at, count);
    at += Math.ceil(part.byteLength / DENSE) * DENSE;
    return part;
  };
  for (const layer of header.layers) {
    if (!layer.shape) continue;
    const outputs = layer.shape.at(-1);
    const small = take(Int8Array, layer.shape.reduce((a, b) => a * b));
    const scales = take(Float32Array, outputs);
    layer.weights = Float32Array.from(small, (weight, i) => weight * scales[i % outputs]);
    layer.biases = take(Float32Array, outputs);
  }
  if (at !== file.byteLength) throw damaged;
  return header;
}

// The checksum of zip files: it notices whatever happens to a file by chance.
function crc32(bytes) {
  let check = -1;
  for (const byte of bytes) {
    check ^= byte;
    for (let bit = 0; bit < 8; bit++) check = (check >>> 1) ^ (check & 1 ? 0xedb88320 : 0);
  }
  return ~check >>> 0;
}

// Returns the logits of a digit: `size` × `size` numbers from 0 to 1, row by row.
export function forward({ size, layers }, digit) {
  let x = { height: size, width: size, depth: 1, data: digit };
  for (const layer of layers) {
    x = KINDS[layer.kind](x, layer);
    if (layer.activation === "relu") relu(x.data);
  }
  return x.data;
}

function relu(values) {
  for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] = 0;
}

const KINDS = { dense, conv, max_pool: maxPool, mean, flatten: (x) => x };

function dense({ data }, { shape: [inputs, outputs], weights, biases }) {
  const sums = Float64Array.from(biases);
  for (let i = 0; i < inputs; i++) {
    if (!data[i]) continue; // much of a digit is paper, and ReLU leaves many zeros
    for (let j = 0; j < outputs; j++) sums[j] += data[i] * weights[i * outputs + j];
  }
  return { height: 1, width: 1, depth: outputs, data: sums };
}

function conv({ height, width, depth, data }, { shape, padding, weights, biases }) {
  const [rows, columns, , outputs] = shape;
  const same = padding === "same"; // as if there were zeros around the maps
  const [above, before] = same ? [(rows - 1) >> 1, (columns - 1) >> 1] : [0, 0];
  const [high, wide] = same ? [height, width] : [height - rows + 1, width - columns + 1];
  const result = new Float32Array(high * wide * outputs);
  const sums = new Float64Array(outputs);
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      sums.set(biases);
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          const [row, column] = [y + i - above, x + j - before];
          if (row < 0 || row >= height || column < 0 || column >= width) continue;
          for (let map = 0; map < depth; map++) {
            const value = data[(row * width + column) * depth + map];
            if (!value) continue;
            const at = ((i * columns + j) * depth + map) * outputs;
            for (let k = 0; k < outputs; k++) sums[k] += value * weights[at + k];
          }
        }
      }
      result.set(sums, (y * wide + x) * outputs);
    }
  }
  return { height: high, width: wide, depth: outputs, data: result };
}

function maxPool({ height, width, depth, data }, { size }) {
  const [high, wide] = [Math.floor(height / size), Math.floor(width / size)];
  const result = new Float32Array(high * wide * depth).fill(-Infinity);
  for (let row = 0; row < high * size; row++) {
    for (let column = 0; column < wide * size; column++) {
      const to = (Math.floor(row / size) * wide + Math.floor(column / size)) * depth;
      const from = (row * width + column) * depth;
      for (let map = 0; map < depth; map++) {
        result[to + map] = Math.max(result[to + map], data[from + map]);
      }
    }
  }
  return { height: high, width: wide, depth, data: result };
}

function mean({ height, width, depth, data }) {
  const result = new Float64Array(depth);
  data.forEach((value, i) => (result[i % depth] += value / (height * width)));
  return { height: 1, width: 1, depth, data: result };
}

export function softmax(logits) {
  const highest = Math.max(...logits);
  const powers = Array.from(logits, (logit) => Math.exp(logit - highest));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / total);
}
