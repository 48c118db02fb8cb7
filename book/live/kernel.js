// What answers the canvas where there is no kernel: src/helpers/canvas.py, as far as a page needs
// it. The model stands in for the one by which anywidget joins kernel and browser.

import { BRUSH, digitSteps, drawStrokes, resample } from "./ink.js";
import { forward, softmax } from "./network.js";
import { countDigits } from "./row.js";

const FULL = 65534;
const LIFT = 65535;
// Softmax of probabilities gives at most e / (e + 9).
const TWICE = 0.2322;
const ALIKE =
  "All ten probabilities are nearly the same: the network has not been trained, or not for long.";

export class Model {
  constructor() {
    this.state = { _brush: BRUSH, _ratio: 1, _drawing: new DataView(new ArrayBuffer(4)) };
    this.actions = {};
    this.network = null; // while it loads, one can draw
    this.save_changes();
  }

  get(name) {
    return this.state[name];
  }

  set(name, value) {
    this.state[name] = value;
    this.actions[`change:${name}`]?.();
  }

  on(event, action) {
    this.actions[event] = action;
  }

  // The canvas has sent what is drawn: answer at once.
  save_changes() {
    this.set("_answer", answerTo(this.state._drawing, this.network));
  }

  use(network) {
    this.network = network;
    this.save_changes();
  }
}

export function answerTo(drawing, network) {
  const { number, strokes } = decode(drawing);
  const answer = { number, text: "Draw a digit.", problem: "", details: "" };
  const steps = digitSteps(drawStrokes(strokes), network?.size);
  if (!steps) return answer;
  answer.pictures = {
    "cut out": resample(steps.square, 48, 48).data,
    "20 × 20": steps.stretched.data,
    centered: steps.centered.data,
    final: steps.final.data,
  };
  if (!network) return { ...answer, text: "The network is loading …" };
  const digit = Float32Array.from(steps.final.data, (value) => value / 255);
  const probabilities = softmax(forward(network, digit));
  const highest = Math.max(...probabilities);
  answer.probabilities = probabilities;
  answer.text = `${probabilities.indexOf(highest)}, ${Math.round(100 * highest)} %`;
  const count = countDigits(steps.ink);
  if (highest < TWICE) answer.problem = ALIKE;
  else if (count > 1) {
    answer.problem = `This looks like ${count} digits, and they are read as one. Write one at a time.`;
  }
  return answer;
}

// From the form of a message, which canvas.py describes, to strokes with points from 0 to 1.
function decode(view) {
  const values = new Uint16Array(view.byteLength / 2).map((_, i) => view.getUint16(2 * i, true));
  const strokes = [];
  let stroke = [];
  for (const value of values.subarray(2)) {
    if (value < LIFT) stroke.push(value / FULL);
    else if (stroke.length) {
      strokes.push(stroke);
      stroke = [];
    }
  }
  return { number: values[0] + 65536 * values[1], strokes };
}
