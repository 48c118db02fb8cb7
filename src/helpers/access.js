// The browser's half of Access: makes the box of widgets that it lies in fit for use without a
// mouse, and without sight.

const REST = 300; // milliseconds without a change until a screen reader hears of the last one

function render({ model, el }) {
  el.classList.add("access");
  el.style.position = "absolute"; // it takes no room
  el.innerHTML = `<div role="status"></div>`;
  const status = el.firstChild;
  // Nothing to see, but display: none would hide it from screen readers, too. On `el` itself,
  // ipywidgets would take some of this away.
  const unseen = { width: "1px", height: "1px", overflow: "hidden", clipPath: "inset(50%)" };
  Object.assign(status.style, unseen);
  let saying;
  model.on("change:said", () => {
    clearTimeout(saying);
    saying = setTimeout(() => (status.textContent = model.get("said")), REST);
  });
  let observer;
  let tries = 0;
  const attach = () => {
    const box = el.parentElement?.closest(".widget-box");
    if (!box) {
      if (tries++ < 100) requestAnimationFrame(attach); // it is put there a little later
      return;
    }
    keepKeys(box);
    nameControls(box);
    observer = new MutationObserver(() => nameControls(box));
    observer.observe(box, {
      childList: true,
      subtree: true,
      attributes: true, // the place of a slider, and the class of the button that is chosen
      attributeFilter: ["aria-valuetext", "class"],
    });
  };
  attach();
  return () => {
    clearTimeout(saying);
    observer?.disconnect();
  };
}

// Keys pressed in a widget are for the widget: alone, they would cut or delete the notebook's cells.
function keepKeys(box) {
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" || event.key === "Tab") return; // these lead out of the widget
    event.stopPropagation();
  });
}

// What stands beside a slider, its name and its value, ipywidgets does not tie to it; what it tells
// is its place, which for a choice among several values is not the value. Of a button among
// several, it tells neither what it is for nor whether it is chosen.
function nameControls(box) {
  for (const handle of box.querySelectorAll(".slider-container [role=slider]")) {
    const slider = handle.closest(".slider-container").parentElement;
    const [name, value] = [".widget-label", ".widget-readout"].map((part) => slider.querySelector(part));
    set(handle, "aria-label", name?.textContent);
    set(handle, "aria-valuetext", value?.textContent);
    set(value, "aria-label", name?.textContent);
  }
  for (const button of box.querySelectorAll(".widget-toggle-button")) {
    // Some have invisible spaces; see `cell_buttons`.
    if (button.title) set(button, "aria-label", `${button.title}: ${button.textContent.replaceAll("\u200b", "")}`);
    set(button, "aria-pressed", String(button.classList.contains("mod-active")));
  }
}

// Only what differs, or the observer would never rest.
function set(element, name, value) {
  if (element && value && element.getAttribute(name) !== value) element.setAttribute(name, value);
}

export default { render };
