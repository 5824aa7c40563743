/* What only this reader is told: refusals, answers to commands, and whom a name can mean. */

import { byId, element, fill } from "./dom.js";
import { data, text } from "./page.js";

/** Shows an answer of the room; `pick` is called with the seat that a reader chooses. */
export function whisper({ text: line = "", choices = [], files = [] }, pick = () => {}) {
  if (!line && !files.length) return;
  const close = () => byId("whisper").replaceChildren();
  const options = [
    choices.map((seat) =>
      element(
        "button",
        { type: "button", on: { click: () => (close(), pick(seat)) } },
        `${seat.emoji} ${seat.name}`,
      ),
    ),
    files.map((file) =>
      element("a", { href: `/d/${data.debate}/${encodeURIComponent(file)}`, download: true }, file),
    ),
  ].flat();
  fill(
    byId("whisper"),
    element(
      "div",
      { class: "whisper" },
      element(
        "div",
        {},
        element("small", {}, text("only_you")),
        line && element("p", { class: "words" }, line),
        options.length > 0 && element("div", { class: "options" }, options),
      ),
      element(
        "button",
        { type: "button", class: "quiet", "aria-label": text("dismiss"), on: { click: close } },
        "✕",
      ),
    ),
  );
  byId("whisper").scrollIntoView({ block: "nearest" });
}

export function hush() {
  byId("whisper").replaceChildren();
}
