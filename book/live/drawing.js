// Puts the canvas into the page, in the place of its still picture, and lets a network read it.

import makeCanvas from "./canvas.js";
import { Model } from "./kernel.js";
import { readNetwork } from "./network.js";

const NAMES = {
  dense: "the network of the series",
  cnn: "the convolutional one",
  trained: "the one you have just trained",
};
const loaded = {}; // promises of networks, shared by all canvases of the page

function loadNetwork(name) {
  loaded[name] ??= live.load(name).then(readNetwork);
  loaded[name].catch(() => delete loaded[name]); // so that one can try again
  return loaded[name];
}

class LiveCanvas {
  constructor(place, number) {
    this.still = [...place.childNodes];
    this.model = new Model();
    this.element = make("div", "live");
    this.element.innerHTML = `
      <div class="live-choice" role="radiogroup" aria-label="Who reads?"><b aria-hidden="true">Who reads?</b></div>
      <div class="live-paper"></div>
      <p class="live-note" role="alert" hidden></p>`;
    this.group = `live-${number}`; // what ties the radio buttons of one canvas together
    place.append(this.element);
    this.showStill(false);
    const canvas = makeCanvas();
    canvas.initialize({ model: this.model });
    canvas.render({ model: this.model, el: this.find(".live-paper") });
    this.offer("dense");
    this.offer("cnn");
    this.choose(place.dataset.network in NAMES ? place.dataset.network : "dense");
    document.addEventListener("live-trained", ({ detail }) => {
      loaded.trained = Promise.resolve(detail);
      this.offer("trained");
      this.choose("trained");
    });
  }

  find(selector) {
    return this.element.querySelector(selector);
  }

  // Adds a network to those that one can choose.
  offer(name) {
    if (this.find(`[value=${name}]`)) return;
    const label = make("label");
    label.innerHTML = `<input type="radio" name="${this.group}" value="${name}"> ${NAMES[name]}`;
    label.firstChild.addEventListener("change", () => this.choose(name));
    this.find(".live-choice").append(label);
  }

  async choose(name) {
    this.chosen = name;
    this.mark(name);
    this.say("");
    try {
      const network = await loadNetwork(name);
      if (this.chosen !== name) return; // another one was chosen meanwhile
      this.model.use(network);
      this.shown = name;
      this.showStill(false);
    } catch (error) {
      if (this.chosen !== name) return;
      this.say(`The file of ${NAMES[name]} ${error.message}. `, () => this.choose(name));
      if (this.shown) this.mark((this.chosen = this.shown)); // the one before goes on
      else this.showStill(true);
    }
  }

  mark(name) {
    this.find(`[value=${name}]`).checked = true;
  }

  // The still picture and the canvas share a place; what was drawn is kept.
  showStill(yes) {
    this.find(".live-paper").hidden = yes;
    this.find(".live-choice").hidden = yes;
    for (const node of this.still) if (node.nodeType === Node.ELEMENT_NODE) node.hidden = !yes;
  }

  say(sentence, again) {
    const note = this.find(".live-note");
    note.hidden = !sentence;
    note.textContent = sentence;
    if (!again) return;
    const button = make("button");
    button.type = "button";
    button.textContent = "Try again";
    button.addEventListener("click", again);
    note.append(button);
  }
}

function make(tag, name = "") {
  return Object.assign(document.createElement(tag), { className: name });
}

live.started.canvas = true;
document.querySelectorAll(".live-canvas").forEach((place, i) => new LiveCanvas(place, i));
