// Trains the 400-25-15-10 network of step 6, in 64 bits, with the functions that step 12 writes in
// NumPy. Runs in a worker, which keeps the page smooth: see the end of this file.

const SIZES = [400, 25, 15, 10];
const [IMAGES, UNSEEN, PIXELS] = [5000, 1000, 400];
const BATCH = 32;

// Returns what book/live/__init__.py has packed: all that a training begins with.
export function readData(file) {
  let at = 0;
  const take = (Kind, count) => {
    const part = new Kind(file, at, count);
    at += part.byteLength;
    return part;
  };
  const kernels = layersOf((inputs, outputs) => take(Float64Array, inputs * outputs));
  const order = take(Uint16Array, IMAGES);
  const seen = { images: sparse(take(Uint8Array, IMAGES * PIXELS)), labels: take(Uint8Array, IMAGES) };
  const unseen = { images: sparse(take(Uint8Array, UNSEEN * PIXELS)), labels: take(Uint8Array, UNSEEN) };
  return { kernels, order, seen, unseen };
}

function layersOf(make) {
  return SIZES.slice(1).map((outputs, i) => make(SIZES[i], outputs));
}

// Three quarters of the pixels are paper, which adds nothing to any sum. So for each image only the
// others are kept: where they are, and how dark. As load_data() does it, 32 bits hold the latter.
// The sums take four pixels at a time, which is nearly twice as fast; so each image has a multiple
// of four, filled up with pixels that are paper.
function sparse(pixels) {
  const count = pixels.length / PIXELS;
  const starts = new Uint32Array(count + 1);
  for (let image = 0; image < count; image++) {
    const dark = pixels.subarray(image * PIXELS, (image + 1) * PIXELS).filter(Boolean).length;
    starts[image + 1] = starts[image] + 4 * Math.ceil(dark / 4);
  }
  const [places, values] = [new Uint16Array(starts[count]), new Float64Array(starts[count])];
  for (let image = 0; image < count; image++) {
    let at = starts[image];
    for (let place = 0; place < PIXELS; place++) {
      const value = pixels[image * PIXELS + place];
      if (!value) continue;
      places[at] = place;
      values[at++] = Math.fround(value / 255);
    }
  }
  return { starts, places, values };
}

export class Trainer {
  // Seed 1 is that of step 6: the weights that Keras begins with, and its order of the images, which
  // is the same in each epoch. Other seeds are drawn here, in JavaScript, by the same rules.
  constructor(data, { seed = 1, rate = 0.001 } = {}) {
    Object.assign(this, data, { rate, t: 0 });
    if (seed !== 1) {
      const random = generator(seed);
      this.kernels = layersOf((inputs, outputs) => initialize(inputs, outputs, random));
      this.order = permutation(IMAGES, random);
    }
    this.layers = this.kernels.map((kernel, i) => ({
      kernel: arrayFor(kernel),
      bias: arrayFor(new Float64Array(SIZES[i + 1])),
    }));
    this.arrays = this.layers.flatMap(({ kernel, bias }) => [kernel, bias]);
    // What each layer hands on, and the slopes of the loss for its sums.
    [this.a1, this.a2, this.logits] = SIZES.slice(1).map((size) => new Float64Array(size));
    [this.d1, this.d2, this.d3] = SIZES.slice(1).map((size) => new Float64Array(size));
  }

  // Goes once through all images; returns the average loss.
  epoch() {
    let total = 0;
    for (let start = 0; start < IMAGES; start += BATCH) {
      const batch = this.order.subarray(start, start + BATCH);
      total += this.lossAndGradients(batch);
      this.adamStep();
    }
    return total / IMAGES;
  }

  // Leaves in this.logits what the network says to an image.
  forward({ starts, places, values }, image) {
    const [layer1, layer2, layer3] = this.layers;
    const { a1, a2, logits } = this;
    const [W, size] = [layer1.kernel.values, a1.length];
    a1.set(layer1.bias.values);
    for (let i = starts[image]; i < starts[image + 1]; i += 4) {
      const r0 = size * places[i];
      const r1 = size * places[i + 1];
      const r2 = size * places[i + 2];
      const r3 = size * places[i + 3];
      const x0 = values[i];
      const x1 = values[i + 1];
      const x2 = values[i + 2];
      const x3 = values[i + 3];
      for (let j = 0; j < size; j++) {
        a1[j] += x0 * W[r0 + j] + x1 * W[r1 + j] + x2 * W[r2 + j] + x3 * W[r3 + j];
      }
    }
    relu(a1);
    dense(a1, layer2, a2);
    relu(a2);
    dense(a2, layer3, logits);
  }

  // Leaves the slopes of the average loss of a batch in the arrays; returns the sum of its losses.
  lossAndGradients(batch) {
    const [layer1, layer2, layer3] = this.layers;
    const { a1, a2, logits, d1, d2, d3 } = this;
    for (const { slopes } of this.arrays) slopes.fill(0);
    let loss = 0;
    for (const image of batch) {
      this.forward(this.seen.images, image);
      const label = this.seen.labels[image];
      const highest = Math.max(...logits);
      const total = logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0);
      loss -= logits[label] - highest - Math.log(total);
      for (let k = 0; k < d3.length; k++) {
        const truth = k === label ? 1 : 0;
        d3[k] = (Math.exp(logits[k] - highest) / total - truth) / batch.length; // the loss is an average
      }
      backward(a2, layer3, d3, d2);
      backward(a1, layer2, d2, d1);
      this.backwardFirst(this.seen.images, image, layer1);
    }
    return loss;
  }

  backwardFirst({ starts, places, values }, image, { kernel: { slopes }, bias }) {
    const [d, size] = [this.d1, this.d1.length];
    for (let j = 0; j < size; j++) bias.slopes[j] += d[j];
    for (let i = starts[image]; i < starts[image + 1]; i += 4) {
      const r0 = size * places[i];
      const r1 = size * places[i + 1];
      const r2 = size * places[i + 2];
      const r3 = size * places[i + 3];
      const x0 = values[i];
      const x1 = values[i + 1];
      const x2 = values[i + 2];
      const x3 = values[i + 3];
      for (let j = 0; j < size; j++) {
        slopes[r0 + j] += x0 * d[j];
        slopes[r1 + j] += x1 * d[j];
        slopes[r2 + j] += x2 * d[j];
        slopes[r3 + j] += x3 * d[j];
      }
    }
  }

  adamStep() {
    this.t += 1;
    // Keras rounds the 0.9 and 0.999 to 32 bits here, and only here.
    const [power1, power2] = [Math.fround(0.9) ** this.t, Math.fround(0.999) ** this.t];
    const rate = (this.rate * Math.sqrt(1 - power2)) / (1 - power1);
    for (const { values, slopes, m, v } of this.arrays) {
      for (let i = 0; i < values.length; i++) {
        const g = slopes[i];
        m[i] += (1 - 0.9) * (g - m[i]);
        v[i] += (1 - 0.999) * (g * g - v[i]);
        values[i] -= (rate * m[i]) / (Math.sqrt(v[i]) + 1e-7);
      }
    }
  }

  // How many of the images it reads wrongly.
  errors({ images, labels }) {
    let wrong = 0;
    labels.forEach((label, image) => {
      this.forward(images, image);
      wrong += this.logits.indexOf(Math.max(...this.logits)) !== label;
    });
    return wrong;
  }

  // The network as network.js reads with it.
  network() {
    const layers = this.layers.map(({ kernel, bias }, i) => ({
      kind: "dense",
      shape: [SIZES[i], SIZES[i + 1]],
      activation: i < this.layers.length - 1 ? "relu" : "linear",
      W: kernel.values.slice(),
      b: bias.values.slice(),
    }));
    return { network: "trained", size: 20, layers };
  }
}

// Parameters, with their slopes and the two averages of Adam.
function arrayFor(start) {
  const [slopes, m, v] = [0, 1, 2].map(() => new Float64Array(start.length));
  return { values: start.slice(), slopes, m, v };
}

function dense(inputs, { kernel, bias }, sums) {
  sums.set(bias.values);
  for (let i = 0; i < inputs.length; i++) {
    if (inputs[i] === 0) continue;
    for (let j = 0; j < sums.length; j++) sums[j] += inputs[i] * kernel.values[i * sums.length + j];
  }
}

// From the slopes of a layer's sums to those of its parameters, and of the sums before its inputs,
// which have passed ReLU.
function backward(inputs, { kernel, bias }, slopes, before) {
  for (let j = 0; j < slopes.length; j++) bias.slopes[j] += slopes[j];
  for (let i = 0; i < inputs.length; i++) {
    before[i] = 0;
    if (inputs[i] === 0) continue;
    for (let j = 0; j < slopes.length; j++) {
      before[i] += slopes[j] * kernel.values[i * slopes.length + j];
      kernel.slopes[i * slopes.length + j] += inputs[i] * slopes[j];
    }
  }
}

function relu(values) {
  for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] = 0;
}

function initialize(inputs, outputs, random) {
  const limit = Math.sqrt(6 / (inputs + outputs));
  return new Float64Array(inputs * outputs).map(() => limit * (2 * random() - 1));
}

function permutation(count, random) {
  const order = new Uint16Array(count).map((_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1));
    [order[i], order[other]] = [order[other], order[i]];
  }
  return order;
}

// A small generator of random numbers from 0 to 1, known as mulberry32.
function generator(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

// The worker: gets the data, then how to begin, then a word for each epoch, so that the page can
// pause by saying nothing; it answers each time.
if (globalThis.WorkerGlobalScope) {
  let data;
  let trainer;
  onmessage = ({ data: { number, file, settings, isLast } }) => {
    if (file) data = readData(file);
    if (settings) trainer = new Trainer(data, settings);
    const loss = settings ? null : trainer.epoch();
    const right = UNSEEN - trainer.errors(trainer.unseen);
    const wrong = isLast ? trainer.errors(trainer.seen) : null;
    postMessage({ number, loss, right, wrong, network: trainer.network() });
  };
}
