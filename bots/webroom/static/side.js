/* The panel's side: the table, the buttons that steer, seats, pace, budget. */

import { byId, element, fill } from "./dom.js";
import { arrow, colours, face, setTable } from "./faces.js";
import { clock, data, number, text } from "./page.js";
import { twice } from "./tools.js";

const NOT_BEGUN = ["reading", "step", "paused"];

/** `room` has: me(), act(fields). Answers {show(view), close()}; only where the side lies over the
 * thread does it close. */
export function makeSide(room) {
  const controls = makeControls(room);
  const rows = new Map(data.seats.map((seat, place) => [seat.id, seatRow(seat, place, room)]));
  fill(
    byId("seats"),
    [...rows.values()].map((row) => row.item),
  );
  fill(
    byId("cast"),
    data.seats.map((seat) => face(seat)),
  );
  for (const button of byId("pace").children) {
    button.addEventListener("click", () => room.act({ do: "pace", pace: button.dataset.pace }));
  }
  const close = opening();

  function show(view) {
    const order = orderOf(view);
    showTable(view, order);
    controls(view);
    for (const [id, row] of rows) row.show(view, id, order);
    for (const button of byId("pace").children) {
      button.setAttribute("aria-pressed", String(button.dataset.pace === view.pace));
    }
    byId("pace").hidden = view.phase === "closed";
    showBudget(view);
  }

  return { show, close };
}

/** Who speaks and who is next, by id: whoever is called, but has not begun, is next. */
function orderOf(view) {
  const { pending, status, coming } = view;
  const called = pending?.persona;
  if (NOT_BEGUN.includes(status.kind)) return { speaker: null, next: called ?? coming[0] };
  const next = pending?.ask.length === 1 ? pending.ask[0] : coming[0];
  return { speaker: called, next: next === called ? null : next };
}

function showTable(view, { speaker, next }) {
  const asker = view.pending?.asked_by;
  const middle = element(
    "div",
    { class: "middle" },
    element("b", {}, view.planned ? `${view.turn}/${view.planned}` : String(view.turn)),
    element("span", {}, text("budget_turns")),
  );
  setTable(
    byId("table"),
    data.seats,
    (seat) => {
      const kinds = [
        view.spoken.includes(seat.id) && "spoke",
        seat.id === speaker && "now-speaking",
        seat.id === next && "is-next",
      ];
      return face(seat, { class: kinds.filter(Boolean).join(" "), title: seat.name });
    },
    [middle, asker && arrow(data.seats, asker, view.pending.persona)].filter(Boolean),
  );
}

function makeControls(room) {
  const press = (name) => () => room.act({ do: name });
  const button = (name, kind, listener) =>
    element(
      "button",
      { type: "button", class: kind, data: { do: name }, on: { click: listener } },
      text(name),
    );
  const hold = element("button", {
    type: "button",
    class: "hold",
    on: { click: () => room.act({ do: hold.dataset.do }) },
  });
  const next = button("next", "", press("next"));
  next.textContent = text("next_now");
  const skip = button("skip", "", press("skip"));
  const summary = button("summary", "", press("summary"));
  const stop = button("stop", "", twice(press("stop"), "stop", "stop_really"));
  const round = button("round", "", press("round"));
  fill(byId("controls"), hold, next, skip, summary, round, stop);

  return (view) => {
    const closed = view.phase === "closed";
    for (const each of [hold, next, skip, summary, stop]) each.hidden = closed;
    hold.dataset.do = view.paused ? "resume" : "pause";
    hold.textContent = text(hold.dataset.do);
    hold.classList.toggle("primary", view.paused);
    next.disabled = !["reading", "step"].includes(view.status.kind);
    next.classList.toggle("primary", view.status.kind === "step");
    skip.disabled = !view.pending || ["close", "summary"].includes(view.pending.kind);
    summary.disabled = !view.turn || view.phase !== "debating";
    for (const each of [hold, stop]) each.disabled = view.phase === "closing";
    round.textContent = text(closed ? "round" : "add_round");
    for (const kind of ["primary", "whole"]) round.classList.toggle(kind, closed);
  };
}

function seatRow(seat, place, room) {
  const state = element("small");
  const take = element("button", {
    type: "button",
    class: "take",
    on: {
      click: () =>
        room.act(take.dataset.mine ? { do: "leave_seat" } : { do: "take_seat", seat: seat.id }),
    },
  });
  const item = element(
    "li",
    { class: "coloured", vars: colours(seat), data: { seat: seat.id } },
    face(seat),
    element("div", { class: "who" }, element("b", {}, element("bdi", {}, seat.name)), state),
    place > 0 && take,
  );

  function show(view, id, { speaker, next }) {
    const holder = view.seats[id];
    const mine = Boolean(holder) && holder.id === room.me()?.id;
    const now = id === speaker;
    const says = [
      now ? stateNow(view) : id === next ? text("next") : null,
      mine ? text("your_seat") : holder && text("in_seat", { name: holder.name }),
      !holder && !now && place === 0 && text("moderator"),
    ];
    state.textContent = says.filter(Boolean).join(" · ");
    if (now) item.setAttribute("aria-current", "true");
    else item.removeAttribute("aria-current");
    take.hidden = view.phase !== "debating" || (Boolean(holder) && !mine);
    take.textContent = text(mine ? "leave_seat" : "take_seat");
    take.setAttribute(
      "aria-label",
      mine ? text("leave_seat") : text("take_seat_of", { name: seat.name }),
    );
    take.classList.toggle("take", !mine);
    if (mine) take.dataset.mine = "yes";
    else delete take.dataset.mine;
  }
  return { item, show };
}

function stateNow(view) {
  return text(view.status.kind === "seat" ? "floor_short" : "speaking");
}

function showBudget(view) {
  const shown = { turns: number, tokens: number, seconds: clock };
  fill(
    byId("budget"),
    Object.entries(shown).map(([name, written]) => {
      const { used, of } = view.budget[name];
      const told =
        of === null ? written(used) : text("used_of", { used: written(used), of: written(of) });
      return element(
        "div",
        {},
        element("dt", {}, text(`budget_${name}`)),
        element("dd", {}, told),
        of !== null &&
          element("meter", { min: 0, max: of, value: Math.min(used, of), "aria-hidden": "true" }),
      );
    }),
  );
}

/** On a narrow screen the side lies over the thread, and is opened and closed; answers close(). */
function opening() {
  const side = byId("side");
  const button = byId("open-side");
  const set = (open) => {
    side.classList.toggle("open", open);
    button.setAttribute("aria-expanded", String(open));
    (open ? byId("close-side") : button).focus();
  };
  button.addEventListener("click", () => set(!side.classList.contains("open")));
  byId("close-side").addEventListener("click", () => set(false));
  side.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && side.classList.contains("open")) set(false);
  });
  // What a button does, or why it is refused, is to be seen in the thread.
  byId("controls").addEventListener("click", ({ target }) => {
    if (side.classList.contains("open") && target.matches("button") && !target.dataset.asked)
      set(false);
  });
  document.addEventListener("pointerdown", ({ target }) => {
    const outside = !side.contains(target) && !button.contains(target);
    if (outside && side.classList.contains("open")) set(false);
  });
  return () => side.classList.contains("open") && set(false);
}
