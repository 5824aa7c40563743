/* The composer: a message, a tag completed as it is typed, a command; and files. */

import { completions } from "./completion.js";
import { byId, element, fill } from "./dom.js";
import { face } from "./faces.js";
import { makeFiles, takeDrops, takePastes } from "./files.js";
import { data, text } from "./page.js";
import { newKey, post, postFile, Refusal } from "./server.js";
import { introduce } from "./visitor.js";
import { hush, whisper } from "./whisper.js";

/** `room` has: me(), met(person), editLast(). */
export function makeComposer(room) {
  const form = byId("composer");
  const field = byId("words");
  const list = byId("completion");
  const files = makeFiles((line) => whisper({ text: line }));
  let offered = null; // {options, chosen}
  let picked = null; // a seat that was picked from the list, while its tag stands in the text
  let sending = false;
  let unanswered = null; // {words, key}: sent, and it is not known whether they arrived
  let waiting = null; // what is to be done once there is a name

  // --- completing ------------------------------------------------------------------------------

  function offer() {
    const found = completions(field.value.slice(0, field.selectionStart));
    offered = found && { ...found, chosen: 0 };
    show();
  }

  function show() {
    list.hidden = !offered;
    if (!offered) return field.removeAttribute("aria-activedescendant");
    fill(
      list,
      element("li", { class: "title", role: "presentation" }, text(offered.title)),
      offered.options.map(option),
    );
    field.setAttribute("aria-activedescendant", `option-${offered.chosen}`);
    byId(`option-${offered.chosen}`).scrollIntoView({ block: "nearest" });
    return true;
  }

  function option({ seat, command }, place) {
    const shown = seat
      ? [face(seat), element("b", {}, seat.name)]
      : [element("code", {}, command.usage), element("small", {}, command.does)];
    return element(
      "li",
      {
        id: `option-${place}`,
        role: "option",
        "aria-selected": String(place === offered.chosen),
        on: { pointerdown: (event) => (event.preventDefault(), choose(place)) },
      },
      shown,
    );
  }

  function choose(place) {
    const { insert, start, seat } = offered.options[place];
    field.setRangeText(insert, start, field.selectionStart, "end");
    if (seat) picked = seat;
    offered = null;
    grow();
    offer();
  }

  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Tab: () => choose(offered.chosen),
    Enter: () => choose(offered.chosen),
    Escape: () => ((offered = null), show()),
  };

  function move(step) {
    const count = offered.options.length;
    offered.chosen = (offered.chosen + step + count) % count;
    show();
  }

  /** Whether Enter is to send what stands there, although something could be completed. */
  function isWhole() {
    const [only, ...others] = offered.options;
    return !others.length && only.command && field.value.trim() === only.insert.trim();
  }

  // --- sending ---------------------------------------------------------------------------------

  async function send() {
    const words = field.value;
    if (sending || !(hasSomething() || isNaming())) return;
    busy(true);
    try {
      if ((await named()) && (await handIn()) && words.trim()) await say(words, tagged(words));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.kind === "Unnamed") askName();
      whisper({ text: error.message });
    } finally {
      busy(false);
    }
  }

  function hasSomething() {
    return field.value.trim() || files.all().length;
  }

  function busy(yes) {
    sending = yes;
    byId("send").disabled = yes;
    form.setAttribute("aria-busy", String(yes));
  }

  /** The files, each before the words that may be about it; answers whether all were taken. */
  async function handIn() {
    for (const one of files.all()) {
      const told = await postFile(`/d/${data.debate}/files`, one.file, one.key);
      if (told.text) return whisper(told);
      files.remove(one);
      hush();
    }
    return true;
  }

  async function say(words, to) {
    // The same words again have the same key, so that they are said once whatever got lost.
    if (unanswered?.words !== words) unanswered = { words, key: newKey() };
    const told = await post(`/d/${data.debate}/say`, { text: words, to, key: unanswered.key });
    unanswered = null;
    if (told.debate && told.debate !== data.debate) return location.assign(`/d/${told.debate}`);
    const kept = told.choices.length > 0 || (told.text && !words.trimStart().startsWith("/"));
    if (!kept && field.value === words) clear();
    if (!told.text && !told.files.length) hush();
    whisper(told, (seat) => say(words, seat.id).catch((error) => whisper({ text: error.message })));
    return told;
  }

  function clear() {
    field.value = "";
    picked = null;
    offered = null;
    show();
    grow();
  }

  function tagged(words) {
    return picked && words.includes(`@${picked.name}`) ? picked.id : null;
  }

  // --- the visitor's name ----------------------------------------------------------------------

  /** `then` is done once they have said it. */
  function askName(then = null) {
    if (room.me()) room.met(null); // the browser has forgotten it
    waiting = then;
    byId("naming").hidden = false;
    byId("name").focus();
  }

  function isNaming() {
    return !byId("naming").hidden;
  }

  async function named() {
    if (room.me()) return true;
    const name = byId("name").value;
    if (!isNaming() || !name.trim()) {
      askName(waiting);
      return false;
    }
    room.met(await introduce(name));
    byId("naming").hidden = true;
    field.focus();
    const then = waiting;
    waiting = null;
    then?.();
    return true;
  }

  // --- the field -------------------------------------------------------------------------------

  function grow() {
    field.style.setProperty("height", "auto");
    field.style.setProperty("height", `${field.scrollHeight}px`);
  }

  field.addEventListener("input", () => {
    if (field.value !== unanswered?.words) unanswered = null;
    grow();
    offer();
  });
  field.addEventListener("blur", () => ((offered = null), show()));
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (offered && keys[event.key] && !(event.key === "Enter" && isWhole())) {
      event.preventDefault();
      keys[event.key]();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === "ArrowUp" && !field.value && room.editLast()) event.preventDefault();
  });
  byId("name").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    send();
  });
  form.addEventListener("submit", (event) => (event.preventDefault(), send()));
  takeDrops(document.querySelector("main"), take);
  takePastes(field, take);
  byId("files").addEventListener("change", () => field.focus());

  function take(dropped) {
    files.add(dropped);
    field.focus();
  }

  return {
    askName,
    /** Puts words there, if there are none: what was written elsewhere is not to be lost. */
    keep(words) {
      if (field.value.trim() || !words.trim()) return;
      field.value = words;
      grow();
    },
    isIdle: () =>
      document.activeElement === document.body ||
      (document.activeElement === field && !field.value),
  };
}
