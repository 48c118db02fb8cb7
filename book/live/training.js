// Trains the network of step 6 before the reader's eyes. The arithmetic is in trainer.js, which runs
// in a worker; here are the buttons, the curve and the pictures.

const EPOCHS = 40;
const IMAGES = "5,000";
const UNSEEN = 1000;
const SIZE = "0.9 MB";
const [SEED, RATE] = [1, 0.001]; // those of step 6 …
const LOSS = "0.0335"; // … and the loss that it prints
const RATES = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03];
const LIMIT = 0.6; // weight from which on the color is full
const LABELS = {
  new: "Train the network",
  loading: "Loading the digits …",
  running: "Pause",
  paused: "Continue",
  done: "Train again",
};

class Training {
  constructor(place) {
    this.still = [...place.children];
    this.element = document.createElement("div");
    this.element.className = "live";
    this.element.innerHTML = `
      <div class="live-controls">
        <button type="button" class="live-go"></button>
        <button type="button" class="live-other">Again with another seed</button>
        <label>Learning rate <select>${RATES.map((rate) => `<option>${rate}</option>`).join("")}</select></label>
        <label>Seed <input type="number" min="1" max="9999" value="${SEED}"></label>
      </div>
      <p class="live-state"></p>
      <div class="live-said" aria-live="polite"></div>
      <p class="live-note" role="alert" hidden></p>
      <div class="live-pictures" hidden>
        <figure>
          <svg class="live-curve" viewBox="0 0 300 220" role="img"></svg>
          <figcaption>loss on the images that it learns from</figcaption>
        </figure>
        <figure>
          <canvas class="live-weights" role="img"
            aria-label="Twenty-five pictures of weights: noise before the training, then strokes."></canvas>
          <figcaption>weights of the 25 neurons of the first layer: <b class="more">purple</b> is
          positive, <b class="less">orange</b> negative</figcaption>
        </figure>
      </div>`;
    place.prepend(this.element);
    this.find("select").value = RATE;
    this.find(".live-go").addEventListener("click", () => this.go());
    this.find(".live-other").addEventListener("click", () => {
      this.find("input").value = this.settings.seed + 1;
      this.start();
    });
    // What is chosen anew is for a training from the beginning.
    this.find(".live-controls").addEventListener("input", () => this.enter("new"));
    this.enter("new");
    this.write(`The button loads ${IMAGES} digits (${SIZE}) and trains on them, here in your browser.`);
    // The pictures have the colors of the theme.
    new MutationObserver(() => this.network && this.drawWeights()).observe(
      document.documentElement,
      { attributes: true, attributeFilter: ["data-theme"] },
    );
  }

  find(selector) {
    return this.element.querySelector(selector);
  }

  enter(state) {
    this.state = state;
    this.find(".live-go").textContent = LABELS[state];
    // Not disabled: it would lose the focus, and whoever pressed it could not pause.
    this.find(".live-go").ariaDisabled = state === "loading";
    this.find(".live-other").hidden = state !== "done";
  }

  go() {
    if (this.state === "running") this.pause();
    else if (this.state === "paused") this.resume();
    else if (this.state !== "loading") this.start();
  }

  async start() {
    const seed = Math.max(1, Math.trunc(this.find("input").valueAsNumber) || SEED);
    this.find("input").value = seed;
    this.settings = { seed, rate: Number(this.find("select").value) };
    this.losses = [];
    this.fail("");
    let file;
    if (!this.worker) {
      try {
        this.enter("loading");
        file = await live.load("training-data");
        this.worker = live.makeWorker("trainer.js");
      } catch (error) {
        this.enter("new");
        this.fail(`The file of the digits ${error.message ?? error}.`);
        return;
      }
      this.worker.onmessage = ({ data }) => this.onAnswer(data);
      this.worker.onerror = ({ message }) => this.fail(`The training has stopped: ${message}`);
    }
    this.number = (this.number ?? 0) + 1; // of the training: older answers are out of date
    this.enter("running");
    this.ask({ file, settings: this.settings }, file ? [file] : []);
    this.announce("The training has begun.");
    this.still.forEach((part) => (part.hidden = true));
    this.find(".live-pictures").hidden = false;
  }

  ask(message = {}, transfer = []) {
    const isLast = this.losses.length === EPOCHS - 1;
    this.asking = true;
    this.worker.postMessage({ ...message, number: this.number, isLast }, transfer);
  }

  onAnswer({ number, loss, right, wrong, network }) {
    if (number !== this.number) return;
    this.asking = false;
    this.network = network;
    if (loss !== null) this.losses.push(loss);
    const done = this.losses.length;
    const reads = `it reads ${((100 * right) / UNSEEN).toFixed(1)} % of 1,000 images that it has never seen`;
    this.write(
      done ? `Epoch ${done} of ${EPOCHS}: loss ${loss.toFixed(4)}; ${reads}.` : `Untrained, ${reads}.`,
    );
    this.drawCurve();
    this.drawWeights();
    if (done === EPOCHS) this.finish(loss, wrong, reads);
    else if (this.state === "running") this.ask();
  }

  pause() {
    this.enter("paused");
    this.handOver();
    this.announce(`Paused after ${this.losses.length} epochs.`);
  }

  resume() {
    this.enter("running");
    if (!this.asking) this.ask();
  }

  finish(loss, wrong, reads) {
    this.enter("done");
    const { seed, rate } = this.settings;
    const same = seed === SEED && rate === RATE && loss.toFixed(4) === LOSS;
    const verdict = [
      `After ${EPOCHS} epochs: loss ${loss.toFixed(4)}, wrong: ${wrong} of ${IMAGES}; ${reads}.`,
      same ? "That is the loss of step 6, to its last digit." : "",
      seed === SEED ? "" : "Seeds other than 1 are drawn by this page, not by Keras.",
      this.whereCanvasIs(),
    ].join(" ");
    this.write(verdict);
    this.announce(verdict);
    this.handOver();
  }

  // From now on the canvas reads with this network.
  handOver() {
    if (!this.network) return;
    document.dispatchEvent(new CustomEvent("live-trained", { detail: this.network }));
  }

  whereCanvasIs() {
    const canvas = document.querySelector(".live-canvas");
    if (!canvas) return "";
    const follows = this.element.compareDocumentPosition(canvas) & Node.DOCUMENT_POSITION_FOLLOWING;
    return `This network now reads what you draw on the canvas ${follows ? "below" : "above"}.`;
  }

  write(sentence) {
    this.find(".live-state").textContent = sentence;
  }

  // For those who hear the page: not forty times.
  announce(sentence) {
    this.find(".live-said").textContent = sentence;
  }

  fail(sentence) {
    this.find(".live-note").hidden = !sentence;
    this.find(".live-note").textContent = sentence;
  }

  drawCurve() {
    const { losses } = this;
    const lowest = Math.min(-2, Math.floor(Math.log10(Math.min(...losses))));
    const [left, right, top, bottom] = [44, 290, 10, 180];
    const x = (epoch) => left + ((right - left) * epoch) / EPOCHS;
    const y = (loss) => top + ((bottom - top) * (0.5 - Math.log10(loss))) / (0.5 - lowest);
    const marks = [];
    for (let power = lowest; power <= 0; power++) {
      const at = y(10 ** power);
      marks.push(`<path class="grid" d="M${left} ${at}H${right}"/>`);
      marks.push(`<text x="${left - 6}" y="${at + 4}" text-anchor="end">${10 ** power}</text>`);
    }
    for (let epoch = 0; epoch <= EPOCHS; epoch += 10) {
      marks.push(`<text x="${x(epoch)}" y="${bottom + 18}" text-anchor="middle">${epoch}</text>`);
    }
    const points = losses.map((loss, i) => `${x(i + 1).toFixed(1)},${y(loss).toFixed(1)}`).join(" ");
    const curve = this.find(".live-curve");
    curve.innerHTML = `${marks.join("")}
      <path class="axis" d="M${left} ${top}V${bottom}H${right}"/>
      <text x="${(left + right) / 2}" y="${bottom + 34}" text-anchor="middle">epoch</text>
      <polyline points="${points}"/>`;
    const last = losses.at(-1)?.toFixed(4) ?? "not known yet";
    curve.ariaLabel = `Curve of the loss over ${EPOCHS} epochs. After ${losses.length} it is ${last}.`;
  }

  // Each neuron's 400 weights as a picture, in the colors and with the limit of step 6.
  drawWeights() {
    const { W, shape } = this.network.layers[0];
    const [side, gap, columns] = [20, 2, 5];
    const canvas = this.find(".live-weights");
    canvas.width = canvas.height = columns * (side + gap) - gap; // clears it, too
    const picture = new ImageData(canvas.width, canvas.height);
    const colors = ["more", "less"].map((name) => getComputedStyle(this.find(`.${name}`)).color);
    const [more, less] = colors.map((color) => color.match(/\d+/g).map(Number));
    W.forEach((weight, i) => {
      const [pixel, neuron] = [Math.floor(i / shape[1]), i % shape[1]];
      const row = Math.floor(neuron / columns) * (side + gap) + Math.floor(pixel / side);
      const column = (neuron % columns) * (side + gap) + (pixel % side);
      const at = 4 * (row * canvas.width + column);
      const color = weight > 0 ? more : less;
      for (let k = 0; k < 3; k++) picture.data[at + k] = color[k];
      picture.data[at + 3] = 255 * Math.min(1, Math.abs(weight) / LIMIT);
    });
    canvas.getContext("2d").putImageData(picture, 0, 0);
  }
}

live.started.training = true;
document.querySelectorAll(".live-training").forEach((place) => new Training(place));
