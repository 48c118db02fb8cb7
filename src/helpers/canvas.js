// The browser's half of DigitCanvas: draws the ink, sends the strokes, shows what comes back.
// One drawing per model, shared by all of its views; see canvas.py for the form of a message.

const FULL = 65534;
const LIFT = 65535;
const KEY_STEP = 1 / 40; // how far an arrow key moves, as a share of the height
const NEAREST = 0.004 * FULL; // points closer than this add nothing that one can see
const PIECE = 200; // coordinates drawn at once: browsers are slow with very long lines
const PACE = 66; // milliseconds between two readings while the pen moves
const PATIENCE = 1000; // milliseconds until we say that the kernel does not answer
const REST = 300; // milliseconds without a change until a screen reader hears of the last one

export default () => {
  const drawing = { number: -1, strokes: [], current: null };
  const views = new Set();
  let model;
  let ratio; // of the paper's width to its height
  let answer = {};
  let due = null; // timer of the next message
  let sent = 0; // when the last message was sent
  let waiting = null; // timer that runs while an answer is due

  function initialize(context) {
    model = context.model;
    ratio = model.get("_ratio");
    adopt();
    answer = model.get("_answer");
    model.on("change:_drawing", adopt);
    model.on("change:_answer", () => {
      answer = model.get("_answer");
      clearTimeout(waiting);
      waiting = null;
      const behind = answer.number !== drawing.number;
      if (behind) startWaiting();
      views.forEach((view) => {
        view.showAnswer();
        view.setBusy(behind);
      });
    });
  }

  // Take over what the kernel set; not the echo of what was drawn here.
  function adopt() {
    const received = decode(model.get("_drawing"));
    if (!(received?.number > drawing.number)) return;
    Object.assign(drawing, received, { current: null });
    views.forEach((view) => view.redraw());
    // Confirm it: ipykernel 7 reads no message of a widget while a cell runs until it has answered
    // one since a cell last touched the widget.
    send();
  }

  function begin(x, y) {
    drawing.current = [x, y];
    drawing.strokes.push(drawing.current);
    views.forEach((view) => view.drawFrom(drawing.current, 0));
    changed();
  }

  function extend(points) {
    const stroke = drawing.current;
    const start = Math.max(0, stroke.length - 2);
    for (const [x, y] of points) {
      const n = stroke.length;
      if (Math.hypot(ratio * (x - stroke[n - 2]), y - stroke[n - 1]) >= NEAREST) stroke.push(x, y);
    }
    if (stroke.length === start + 2) return;
    views.forEach((view) => view.drawFrom(stroke, start));
    changed();
  }

  function end() {
    drawing.current = null;
    changed();
  }

  function removeStrokes(count) {
    drawing.current = null;
    if (!drawing.strokes.length) return;
    drawing.strokes.splice(-count, count);
    views.forEach((view) => view.redraw());
    changed();
  }

  // ipywidgets keeps one message in flight, the newest wins. While the pen moves there are pauses
  // between them, so that the kernel is likely to be free at the moment when the pen is lifted.
  function changed() {
    drawing.number += 1;
    views.forEach((view) => view.setBusy(true));
    startWaiting();
    if (!drawing.current) send();
    else due ??= setTimeout(send, Math.max(0, sent + PACE - performance.now()));
  }

  function send() {
    clearTimeout(due);
    due = null;
    sent = performance.now();
    try {
      model.set("_drawing", encode(drawing));
      model.save_changes();
    } catch (error) {
      console.warn("The kernel cannot be reached:", error);
    }
  }

  function startWaiting() {
    waiting ??= setTimeout(() => views.forEach((view) => view.showWaiting()), PATIENCE);
  }

  function render({ el }) {
    const brush = model.get("_brush");
    const view = new View(el, { drawing, begin, extend, end, removeStrokes, brush, ratio });
    view.answer = () => answer;
    views.add(view);
    view.redraw();
    view.showAnswer();
    view.setBusy(answer.number !== drawing.number);
    return () => {
      views.delete(view);
      view.dispose();
    };
  }

  return { initialize, render };
};

class View {
  constructor(el, actions) {
    this.actions = actions;
    const [kind, task] = actions.ratio === 1 ? ["", "Draw a digit"] : [" wide", "Write a number"];
    el.innerHTML = `
      <div class="digit-canvas${kind}" role="group" aria-label="${task}">
        <div class="desk">
          <div class="paper">
            <canvas class="ink" tabindex="0" role="application" aria-roledescription="drawing area"
              aria-label="${task} with mouse, finger or pen. With the keyboard, the arrow keys
              move, the space bar lowers and lifts the pen, Backspace takes back a stroke, Delete
              clears."></canvas>
            <div class="cursor" hidden></div>
          </div>
          <button type="button" class="undo">Undo</button>
          <button type="button" class="clear">Clear</button>
        </div>
        <div class="reader" aria-hidden="true">
          <div class="verdict"></div>
          <div class="reading">
            <figure class="final"><canvas></canvas><figcaption>what the network gets</figcaption></figure>
            <div class="bars"></div>
          </div>
          <div class="steps"></div>
        </div>
        <div class="inside"></div>
        <div class="announce" aria-live="polite"></div>
        <div class="pen" aria-live="polite"></div>
        <div class="problem" role="alert"></div>
        <details class="details" hidden><summary>The whole message</summary><pre></pre></details>
        <div class="waiting" aria-live="polite"></div>
      </div>`;
    const find = (selector) => el.querySelector(selector);
    this.root = find(".digit-canvas");
    this.canvas = find(".ink");
    this.cursor = find(".cursor");
    this.context = this.canvas.getContext("2d");
    this.position = [FULL / 2, FULL / 2]; // of the keyboard's pen
    this.pointer = null;
    this.bars = Array.from({ length: 10 }, (_, digit) => {
      const row = document.createElement("div");
      row.innerHTML = `<span>${digit}</span><div><i></i></div><b></b>`;
      find(".bars").append(row);
      return row;
    });
    find(".undo").addEventListener("click", () => this.remove(1));
    find(".clear").addEventListener("click", () => this.remove(Infinity));
    this.root.addEventListener("keydown", (event) => this.onKey(event));
    const listen = (name, action) => this.canvas.addEventListener(name, action.bind(this));
    listen("pointerdown", this.onDown);
    listen("pointermove", this.onMove);
    listen("pointerup", this.onUp);
    listen("lostpointercapture", this.onUp);
    listen("pointercancel", this.onCancel);
    listen("contextmenu", (event) => {
      event.preventDefault();
      event.stopPropagation(); // JupyterLab has a menu of its own
    });
    listen("blur", () => this.liftKeyboardPen(true));
    // Also tells when the page is zoomed or moved to a screen of another resolution.
    this.observer = new ResizeObserver(() => this.redraw());
    try {
      this.observer.observe(this.canvas, { box: "device-pixel-content-box" });
    } catch {
      this.observer.observe(this.canvas);
    }
  }

  dispose() {
    if (this.pointer !== null || this.keyboardPen) this.actions.end();
    this.observer.disconnect();
    clearTimeout(this.announcing);
    clearTimeout(this.saying);
  }

  // Ink

  redraw() {
    const side = Math.round(this.canvas.clientHeight * devicePixelRatio);
    if (!side) return;
    this.canvas.width = this.actions.ratio * side; // clears it, too
    this.canvas.height = side;
    this.context.lineCap = this.context.lineJoin = "round";
    this.context.lineWidth = this.actions.brush * side;
    this.actions.drawing.strokes.forEach((stroke) => this.drawFrom(stroke, 0));
  }

  drawFrom(stroke, start) {
    const { context } = this;
    const down = this.canvas.height / FULL;
    const right = down * this.actions.ratio;
    context.beginPath();
    if (stroke.length === start + 2) {
      // A line from a point to itself leaves no ink.
      context.arc(stroke[start] * right, stroke[start + 1] * down, context.lineWidth / 2, 0, 7);
      context.fill();
      return;
    }
    for (let i = start; i < stroke.length; i += 2) {
      context.lineTo(stroke[i] * right, stroke[i + 1] * down);
      if ((i - start) % PIECE === PIECE - 2) {
        context.stroke();
        context.beginPath();
        context.moveTo(stroke[i] * right, stroke[i + 1] * down);
      }
    }
    context.stroke();
  }

  // Mouse, finger, pen

  pointOf(event) {
    const box = this.canvas.getBoundingClientRect();
    return [
      clamp(((event.clientX - box.left) / box.width) * FULL),
      clamp(((event.clientY - box.top) / box.height) * FULL),
    ];
  }

  onDown(event) {
    if (event.isPrimary && event.button === 0) this.liftKeyboardPen();
    if (this.actions.drawing.current || event.button !== 0 || !event.isPrimary) return;
    event.preventDefault();
    this.canvas.focus({ preventScroll: true });
    this.cursor.hidden = true;
    this.pointer = event.pointerId;
    this.canvas.setPointerCapture(event.pointerId);
    this.actions.begin(...this.pointOf(event));
  }

  onMove(event) {
    if (event.pointerId !== this.pointer || !this.actions.drawing.current) return;
    const events = event.getCoalescedEvents?.() ?? [];
    this.actions.extend((events.length ? events : [event]).map((e) => this.pointOf(e)));
  }

  onUp(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = null;
    if (!this.actions.drawing.current) return;
    if (event.type === "pointerup") this.actions.extend([this.pointOf(event)]);
    this.actions.end();
  }

  onCancel(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = null;
    if (this.actions.drawing.current) this.actions.removeStrokes(1);
  }

  remove(count) {
    this.actions.removeStrokes(count);
    const { length } = this.actions.drawing.strokes;
    this.say(length === 1 ? "There is one stroke." : `There are ${length || "no"} strokes.`);
  }

  // What only a screen reader tells, and not before hands rest.
  say(sentence) {
    clearTimeout(this.saying);
    this.saying = setTimeout(() => (this.root.querySelector(".pen").textContent = sentence), REST);
  }

  // Keys

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" || event.key === "Tab") return; // these lead out of the canvas
    event.stopPropagation(); // or they would be shortcuts of the notebook
    if (event.target !== this.canvas) return;
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const actions = {
      " ": () => !event.repeat && (this.keyboardPen ? this.liftKeyboardPen() : this.lowerKeyboardPen()),
      Backspace: () => this.remove(1),
      Delete: () => this.remove(Infinity),
    };
    if (arrows[event.key]) this.moveCursor(arrows[event.key]);
    else if (actions[event.key]) actions[event.key]();
    else return;
    event.preventDefault();
    this.showCursor();
  }

  get keyboardPen() {
    return Boolean(this.byKeyboard && this.byKeyboard === this.actions.drawing.current);
  }

  lowerKeyboardPen() {
    if (this.actions.drawing.current) return;
    this.actions.begin(...this.position);
    this.byKeyboard = this.actions.drawing.current;
    this.sayWhere();
  }

  liftKeyboardPen(hide = false) {
    const down = this.keyboardPen;
    if (down) this.actions.end();
    this.byKeyboard = null;
    if (hide) this.cursor.hidden = true;
    else if (down) this.sayWhere();
  }

  moveCursor([right, down]) {
    const [x, y] = this.position;
    const step = KEY_STEP * FULL;
    this.position = [clamp(x + (right * step) / this.actions.ratio), clamp(y + down * step)];
    if (this.keyboardPen) this.actions.extend([this.position]);
    this.sayWhere();
  }

  // For those who do not see the dot: in steps of an arrow key, once it rests.
  sayWhere() {
    const [x, y] = this.position.map((value) => value / FULL / KEY_STEP);
    const right = `${Math.round(this.actions.ratio * x)} of ${Math.round(this.actions.ratio / KEY_STEP)}`;
    const down = `${Math.round(y)} of ${Math.round(1 / KEY_STEP)}`;
    const pen = this.keyboardPen ? "down" : "up";
    this.say(`The pen is ${pen}, ${right} from the left and ${down} from the top.`);
  }

  showCursor() {
    this.cursor.hidden = false;
    this.cursor.classList.toggle("down", this.keyboardPen);
    this.cursor.style.left = `${(100 * this.position[0]) / FULL}%`;
    this.cursor.style.top = `${(100 * this.position[1]) / FULL}%`;
  }

  // What the network says

  showAnswer() {
    const { text = "", problem = "", details = "", ...shown } = this.answer();
    const { probabilities, pictures = {}, digits, inside } = shown;
    const best = probabilities ? probabilities.indexOf(Math.max(...probabilities)) : -1;
    this.bars.forEach((row, digit) => {
      const share = probabilities?.[digit] ?? 0;
      row.classList.toggle("best", digit === best);
      row.querySelector("i").style.width = `${100 * share}%`;
      row.querySelector("b").textContent = probabilities ? `${Math.round(100 * share)} %` : "";
    });
    this.showPictures(pictures, digits);
    this.root.querySelector(".inside").innerHTML = inside ?? ""; // SVG by helpers/inside.py
    this.root.querySelector(".inside").hidden = inside === undefined;
    const find = (name) => this.root.querySelector(name);
    find(".verdict").textContent = text;
    if (find(".problem").textContent !== problem) find(".problem").textContent = problem;
    find(".details").hidden = !details;
    find(".details pre").textContent = details;
    find(".waiting").textContent = "";
    // Spoken once the drawing rests, not ten times a second.
    clearTimeout(this.announcing);
    this.announcing = setTimeout(() => {
      const said = find(".announce");
      // Nobody has drawn yet: while a page loads, it is read aloud from its beginning.
      if (!said.textContent && !this.actions.drawing.strokes.length) return;
      if (said.textContent !== text) said.textContent = text;
    }, REST);
  }

  // The steps on the way to a digit, or the digits of a number, each with what is below it.
  showPictures({ final, ...steps }, shown = Object.entries(steps)) {
    paint(this.root.querySelector(".final canvas"), final);
    const row = this.root.querySelector(".steps");
    if (row.children.length !== shown.length) {
      row.innerHTML = "<figure><canvas></canvas><figcaption></figcaption></figure>".repeat(shown.length);
    }
    shown.forEach(([name, picture], i) => {
      paint(row.children[i].firstChild, picture);
      row.children[i].lastChild.textContent = name;
    });
  }

  // Whether an answer to the present drawing is still due.
  setBusy(busy) {
    this.root.ariaBusy = String(busy);
  }

  showWaiting() {
    this.root.querySelector(".waiting").textContent =
      "Waiting for the kernel: it is busy or has stopped. You can go on drawing.";
  }
}

// Paint a square picture, one byte per pixel; nothing if there is none.
function paint(canvas, bytes) {
  const values = bytes ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : [];
  const side = Math.max(1, Math.sqrt(values.length));
  canvas.width = canvas.height = side; // clears it, too
  if (!values.length) return;
  const image = new ImageData(side, side);
  values.forEach((value, i) => (image.data[4 * i + 3] = value)); // black, more or less opaque
  canvas.getContext("2d").putImageData(image, 0, 0);
}

function clamp(value) {
  return Math.round(Math.min(Math.max(value, 0), FULL));
}

function encode({ number, strokes }) {
  const length = strokes.reduce((sum, stroke) => sum + stroke.length + 2, 2);
  const view = new DataView(new ArrayBuffer(2 * length));
  let at = 0;
  const put = (value) => {
    view.setUint16(at, value, true);
    at += 2;
  };
  put(number & 0xffff);
  put((number >> 16) & 0xffff);
  for (const stroke of strokes) {
    stroke.forEach(put);
    put(LIFT);
    put(LIFT);
  }
  return view;
}

// Returns null for what is no whole drawing.
function decode(view) {
  if (!view?.byteLength || view.byteLength % 4) return null;
  const strokes = [];
  let stroke = [];
  for (let at = 4; at + 4 <= view.byteLength; at += 4) {
    const x = view.getUint16(at, true);
    const y = view.getUint16(at + 2, true);
    if (x === LIFT) {
      strokes.push(stroke);
      stroke = [];
    } else stroke.push(x, y);
  }
  if (stroke.length) return null;
  return { number: view.getUint16(0, true) + 65536 * view.getUint16(2, true), strokes };
}
