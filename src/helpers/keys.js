// Keys pressed in a widget are for the widget: alone, they would cut or delete the notebook's cells.
export function keepKeys(root) {
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" || event.key === "Tab") return; // these lead out of the widget
    event.stopPropagation();
  });
}

// The browser's half of KeyGuard: keeps the keys of the box that it lies in.
function render({ el }) {
  el.classList.add("key-guard");
  el.style.display = "none";
  const attach = () => {
    const box = el.parentElement?.closest(".widget-box");
    if (box) keepKeys(box);
    else if (tries++ < 100) requestAnimationFrame(attach); // it is put there a little later
  };
  let tries = 0;
  attach();
}

export default { render };
