/* Faces: a seat's emoji on its colour, alone, in a row, and round a table. */

import { drawn, element, fill } from "./dom.js";

/** The CSS variables of a seat's colour. */
export function colours(seat) {
  return { "--light": seat.light, "--dark": seat.dark };
}

export function face(seat, given = {}) {
  const { name = "div", class: more = "", vars = {}, ...rest } = given;
  const kind = `face coloured ${more}`.trim();
  return element(
    name,
    {
      "aria-hidden": name === "div" ? "true" : null,
      ...rest,
      class: kind,
      vars: { ...colours(seat), ...vars },
    },
    seat.emoji,
  );
}

/** A few of them, one over the other. */
export function row(seats, most = 9) {
  return seats.slice(0, most).map((seat) => face(seat));
}

/** Where each of so many sits: the first at the top, the others clockwise; -1 to 1 both ways. */
export function places(count) {
  return Array.from({ length: count }, (_, place) => {
    const turn = (2 * Math.PI * place) / count;
    return { x: Math.sin(turn), y: -Math.cos(turn) };
  });
}

/** The seats round a table; `make` gives what stands for each. */
export function setTable(table, seats, make, middle = []) {
  const spots = places(seats.length);
  const around = seats.map((seat, place) => {
    const made = make(seat, place);
    made.style.setProperty("--x", spots[place].x.toFixed(4));
    made.style.setProperty("--y", spots[place].y.toFixed(4));
    return made;
  });
  fill(table, middle, around);
}

/** An arrow over the table from one seat to another, in the asker's colour. */
export function arrow(seats, from, to) {
  const spots = places(seats.length);
  const [start, end] = [from, to].map((id) => spots[seats.findIndex((seat) => seat.id === id)]);
  if (!start || !end || from === to) return null;
  const at = ({ x, y }, inward) => [64 + x * 53.8 * inward, 50 + y * 40 * inward];
  const [x1, y1] = at(start, 0.68);
  const [x2, y2] = at(end, 0.66);
  const bend = [64 + (x1 + x2 - 128) * 0.28, 50 + (y1 + y2 - 100) * 0.28];
  const asker = seats.find((seat) => seat.id === from);
  return drawn(
    "svg",
    { viewBox: "0 0 128 100", class: "coloured", vars: colours(asker), "aria-hidden": "true" },
    drawn("path", { d: `M${x1} ${y1} Q${bend[0]} ${bend[1]} ${x2} ${y2}` }),
    drawn("circle", { cx: x2, cy: y2, r: 1.8, fill: "var(--c)" }),
  );
}
