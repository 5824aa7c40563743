/* Files that are about to be handed in: chosen, dropped or pasted; listed; and removed again. */

import { byId, element, fill } from "./dom.js";
import { data, text } from "./page.js";
import { newKey, Refusal } from "./server.js";

const MB = 1024 ** 2;

/** The page's paperclip and its list. `refuse(line)` is told what cannot be handed in, "" if all can. */
export function makeFiles(refuse) {
  const input = byId("files");
  let chosen = []; // {file, key}: by its key, a file that is sent again is taken once

  function add(files) {
    const troubles = files.map(trouble).filter(Boolean);
    const fit = files.filter((file) => !trouble(file));
    chosen.push(...fit.map((file) => ({ file, key: newKey() })));
    refuse(troubles.join("\n"));
    show();
  }

  function remove(one) {
    chosen = chosen.filter((other) => other !== one);
    show();
  }

  function show() {
    fill(byId("chosen"), chosen.map(chip));
  }

  function chip(one) {
    const { name } = one.file;
    const away = () => {
      remove(one);
      byId("attach").focus();
    };
    return element(
      "li",
      {},
      paperclip(),
      element("bdi", {}, name),
      element(
        "button",
        { type: "button", "aria-label": text("remove", { name }), on: { click: away } },
        "✕",
      ),
    );
  }

  byId("attach").addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    add([...input.files]);
    input.value = ""; // so that the same one can be chosen again
  });
  return { add, remove, all: () => [...chosen] };
}

/** Files that are dropped on `target`, which is marked while they hang over it. */
export function takeDrops(target, take) {
  const over = (event) => target.contains(event.target);
  const mark = (yes) => target.classList.toggle("dropping", yes);
  addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault(); // else the browser leaves the page for the file
    event.dataTransfer.dropEffect = over(event) ? "copy" : "none";
    mark(over(event));
  });
  addEventListener("dragleave", (event) => event.relatedTarget || mark(false));
  addEventListener("drop", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    mark(false);
    if (over(event)) take([...event.dataTransfer.files]);
  });
}

/** Files that are pasted into `field`. */
export function takePastes(field, take) {
  field.addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    // With a piece of text, office programs bring a picture of it: then the text is meant.
    const instead = event.clipboardData.types.includes("text/plain");
    if (!files.length || (instead && files.every(trouble))) return;
    event.preventDefault();
    take(files);
  });
}

/** A file as JSON can carry it: {name, content}, the content in base64. */
export function carried({ file }) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () =>
      resolve({ name: file.name, content: reader.result.split(",")[1] ?? "" }),
    );
    reader.addEventListener("error", () =>
      reject(new Refusal(text("unreadable", { name: file.name }), "Gone")),
    );
    reader.readAsDataURL(file);
  });
}

/** Why these are too many bytes for one request; null: they are not. */
export function tooMuch(files) {
  const size = files.reduce((sum, { file }) => sum + file.size, 0);
  return size > data.most_bytes ? text("too_large_together", sizes(size)) : null;
}

export function paperclip() {
  return byId("attach").querySelector("svg").cloneNode(true);
}

/** Why the room would not take this one; null: it might. */
function trouble({ name, size }) {
  const known = data.kinds.some((kind) => name.toLowerCase().endsWith(kind));
  if (!known) return text("unknown_kind", { name });
  return size > data.most_bytes ? text("too_large", { name, ...sizes(size) }) : null;
}

function sizes(size) {
  return { size: Math.ceil(size / MB), most: data.most_bytes / MB };
}
