// The browser's half of PictureUpload: sends a file, a large one reduced.

const LARGE = 4e6; // bytes; Jupyter takes messages of up to 10 MB
const SIDE = 1600; // pixels of a reduced picture

function render({ model, el }) {
  el.innerHTML = `<label>Choose a picture <input type="file" accept="image/*"></label>
    <span role="alert"></span>`;
  const input = el.querySelector("input");
  const problem = el.querySelector("span");
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    problem.textContent = "";
    try {
      model.set("value", new DataView(await contentOf(file)));
      model.save_changes();
    } catch (error) {
      problem.textContent = error.message;
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
  context.fillStyle = "white"; // paper, where the picture is transparent
  context.fillRect(0, 0, ...size);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, ...size);
  return (await canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 })).arrayBuffer();
}

export default { render };
