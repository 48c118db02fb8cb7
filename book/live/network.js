// A network in the page: reads its weights from a file, and turns a digit into ten logits.
// tools/make_live.py writes such files and says how they are made.

const ALIGNED = 4; // bytes that each part of a file is a multiple of

// Returns the network in a file, an ArrayBuffer: its size (20 or 28), and its layers with weights.
export function readNetwork(file) {
  const damaged = new Error("is damaged, or does not fit the program of this page");
  if (file.byteLength < 4) throw damaged;
  const start = 4 + new DataView(file).getUint32(0, true);
  if (start > file.byteLength || start % ALIGNED) throw damaged;
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
    at += Math.ceil(part.byteLength / ALIGNED) * ALIGNED;
    return part;
  };
  for (const layer of header.layers) {
    if (!layer.shape) continue;
    const outputs = layer.shape.at(-1);
    const small = take(Int8Array, layer.shape.reduce((a, b) => a * b));
    const scales = take(Float32Array, outputs);
    layer.W = Float32Array.from(small, (whole, i) => whole * scales[i % outputs]);
    layer.b = take(Float32Array, outputs);
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

// Returns the logits of a digit: `size` × `size` numbers from 0 to 1, row by row. This is the forward
// pass that step 15 writes in NumPy, with the loops that `@` hides.
export function forward({ size, layers }, digit) {
  let x = { height: size, width: size, channels: 1, values: digit };
  for (const layer of layers) {
    if (layer.kind === "conv") x = conv(x, layer.W, layer.b, layer.padding);
    else if (layer.kind === "max_pool") x = maxPool(x);
    else if (layer.kind === "mean") x = mean(x);
    else if (layer.kind === "dense") x = dense(x, layer.W, layer.b);
    if (layer.activation === "relu") relu(x.values);
  }
  return x.values;
}

function conv(maps, kernel, bias, padding) {
  if (padding === "same") maps = pad(maps);
  const { channels, values } = maps;
  const [height, width, filters] = [maps.height - 2, maps.width - 2, bias.length];
  const z = newMaps(height, width, filters);
  for (let i = 0; i < z.values.length; i += filters) z.values.set(bias, i);
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) {
      for (let i = 0; i < height * width; i++) {
        const place = (Math.floor(i / width) + row) * maps.width + (i % width) + column;
        for (let channel = 0; channel < channels; channel++) {
          const value = values[place * channels + channel];
          if (value === 0) continue; // as after ReLU most are
          const from = ((row * 3 + column) * channels + channel) * filters;
          for (let k = 0; k < filters; k++) z.values[i * filters + k] += value * kernel[from + k];
        }
      }
    }
  }
  return z;
}

// A row or column that is left over is dropped.
function maxPool({ height, width, channels, values }) {
  const pooled = newMaps(height >> 1, width >> 1, channels);
  pooled.values.fill(-Infinity);
  for (let row = 0; row < 2 * pooled.height; row++) {
    for (let column = 0; column < 2 * pooled.width; column++) {
      const from = (row * width + column) * channels;
      const to = ((row >> 1) * pooled.width + (column >> 1)) * channels;
      for (let k = 0; k < channels; k++) {
        if (values[from + k] > pooled.values[to + k]) pooled.values[to + k] = values[from + k];
      }
    }
  }
  return pooled;
}

function mean({ height, width, channels, values }) {
  const means = newMaps(1, 1, channels);
  values.forEach((value, i) => (means.values[i % channels] += value / (height * width)));
  return means;
}

function dense({ values }, W, b) {
  const outputs = b.length;
  const z = newMaps(1, 1, outputs);
  z.values.set(b);
  for (let i = 0; i < values.length; i++) {
    if (values[i] === 0) continue;
    for (let j = 0; j < outputs; j++) z.values[j] += values[i] * W[i * outputs + j];
  }
  return z;
}

function relu(values) {
  for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] = 0;
}

// Zeros around all maps, one wide.
function pad({ height, width, channels, values }) {
  const padded = newMaps(height + 2, width + 2, channels);
  for (let row = 0; row < height; row++) {
    const part = values.subarray(row * width * channels, (row + 1) * width * channels);
    padded.values.set(part, ((row + 1) * (width + 2) + 1) * channels);
  }
  return padded;
}

function newMaps(height, width, channels) {
  return { height, width, channels, values: new Float32Array(height * width * channels) };
}

export function softmax(logits) {
  const highest = Math.max(...logits);
  const powers = Array.from(logits, (logit) => Math.exp(logit - highest));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / total);
}
