/* A debate's page: what the stream brings goes to the thread and to the side, what is pressed and
 * written goes to the server. */

import { makeComposer } from "./composer.js";
import { byId } from "./dom.js";
import { makeFloor } from "./floor.js";
import { clock, data, keepTimes, now, text } from "./page.js";
import { post, Refusal } from "./server.js";
import { makeSide } from "./side.js";
import { follow } from "./stream.js";
import { makeThread } from "./thread.js";
import { languageSwitch, whoAmI } from "./visitor.js";
import { hush, whisper } from "./whisper.js";

const seats = new Map(data.seats.map((seat) => [seat.id, seat]));
const title = document.title;
const QUICK = {
  reading: "next",
  step: "next",
  paused: "resume",
  speaking: "pause",
  queued: "pause",
};
let me = null;
let view = null;
let stream = null;

const room = {
  me: () => me,
  met(person) {
    me = person;
    if (view) show(view);
  },
  /** A seat, or a stand-in for one that is not there any more. */
  seat: (id) => seats.get(id) ?? { id, name: id, emoji: "💬", light: "#808080", dark: "#9a9a9a" },
  act,
  announce(line) {
    byId("announcer").textContent = line;
  },
  editLast: () => thread.editLast(),
  keep: (words) => composer.keep(words),
  write: () => byId("words").focus(),
  isIdle: () => composer.isIdle(),
};

const thread = makeThread(room);
const side = makeSide(room);
const composer = makeComposer(room);
const floor = makeFloor(room);

/** Has the server do something; answers whether it did. Why not is told to this reader alone, and
 * who has no name yet is asked for it first. */
async function act(fields) {
  if (!me) return nameFirst(fields);
  try {
    const told = await post(`/d/${data.debate}/do`, fields);
    if (!told.text) hush();
    else refuse(told);
    return !told.text;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refuse({ text: error.message });
    return error.kind === "Unnamed" && nameFirst(fields);
  }
}

function nameFirst(fields) {
  side.close();
  composer.askName(() => act(fields));
  return false;
}

function refuse(told) {
  side.close(); // it would lie over it
  whisper(told);
}

function show(latest) {
  view = latest;
  thread.view(view);
  side.show(view);
  const called = floor.show(view);
  stream?.keep(Object.values(view.seats).some((person) => person.id === me?.id));
  document.title = called ? `● ${text("floor_short")} · ${title}` : title;
  showNow();
}

/** The line above the composer: what is going on, how long yet, and the button that fits it. */
function showNow() {
  const { status, turn, planned, phase } = view;
  const line = byId("status");
  const left = status.until_ms
    ? ` ${text("time_left", { time: clock((status.until_ms - now()) / 1000) })}`
    : "";
  const count =
    phase === "debating"
      ? ` · ${text("turn_of", { n: Math.min(turn + 1, planned), of: planned })}`
      : "";
  byId("left").textContent = `${left}${count}`;
  if (line.textContent !== status.text) line.textContent = status.text;
  line.closest(".now").dataset.kind = status.kind;
  const debating = phase === "debating";
  if (status.kind === "idle" && debating) return; // for a moment: a button that goes loses the focus
  const quick = QUICK[status.kind];
  const fits = quick && debating;
  byId("quick").hidden = !fits;
  if (!fits) return;
  byId("quick").dataset.do = quick;
  byId("quick").textContent = text(quick === "next" ? "next_now" : quick);
}

byId("quick").addEventListener("click", ({ currentTarget }) =>
  act({ do: currentTarget.dataset.do }),
);
languageSwitch();
keepTimes();
me = await whoAmI().catch(() => null); // before the posts, of which some are one's own
stream = follow(`/d/${data.debate}/events`, {
  post: thread.take,
  view: show,
  live: thread.hear,
  line(up, why = text("reconnecting")) {
    byId("line").textContent = up ? "" : why;
  },
});
setInterval(() => {
  floor.tick();
  if (view?.status.until_ms) showNow();
}, 1_000);
