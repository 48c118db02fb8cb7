// The browser's half of PictureUpload: sends a file, a large one reduced.

const LARGE = 4e6; // bytes; Jupyter takes messages of up to 10 MB
const SIDE = 1600; // pixels of a reduced picture

function render({ model, el }) {
  el.innerHTML = `<label>Choose a picture <input type="file" accept="image/*"></label>
    <span role="alert"></span>`;
  const input = el.querySelector("input");
  const problem = el.querySelector("span");
  let latest; // a large file may be ready only after another has been chosen
  // Forgotten, or browsers would say nothing when a file is chosen again that has changed.
  input.addEventListener("click", () => (input.value = ""));
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    latest = file;
    problem.textContent = "";
    try {
      const content = await contentOf(file);
      if (file !== latest) return;
      model.set("value", new DataView(content));
      model.save_changes();
    } catch (error) {
      if (file === latest) problem.textContent = error.message;
    }
  });
}

async function contentOf(file) {
  // The kernel says what is wrong with a file, if anything is.
  if (file.size <= LARGE) return file.arrayBuffer();
  let bitmap;
  try {
    bitmap = await createImageBitmap(file); // turned upright, too
  } catch {
    throw new Error(
      "This is a large file, and not a picture that the browser can read. " +
        "Save it as PNG or JPEG and try again.",
    );
  }
  const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
  const size = [bitmap.width, bitmap.height].map((length) => Math.max(1, Math.round(length * scale)));
  const canvas = new OffscreenCanvas(...size);
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, ...size);
  // Not JPEG: what is transparent stays so, and the kernel finds the paper for light ink as well.
  return (await canvas.convertToBlob({ type: "image/webp", quality: 0.9 })).arrayBuffer();
}

export default { render };
