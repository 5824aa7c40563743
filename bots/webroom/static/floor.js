/* The form of whoever has the floor in a seat: an answer, a question, and the time that is left. */

import { byId, element, fill } from "./dom.js";
import { colours, face } from "./faces.js";
import { clock, now, text } from "./page.js";

const SHORT_S = 30;

/** `room` has: me(), seat(id), act(fields), keep(words), write(), isIdle(). Answers show(view) and
 * tick(). */
export function makeFloor(room) {
  let open = null; // {turn, until, form, speak, left, answer, put, sent}

  function show(view) {
    const { pending, status } = view;
    const mine = Boolean(pending?.person) && pending.person.id === room.me()?.id;
    const called = mine && !view.paused;
    if (open && (!mine || open.turn !== pending.turn)) close();
    if (called && !open) start(pending);
    if (open) {
      open.until = status.until_ms;
      open.paused = !called; // what was begun stays
      if (!pending.question) open.form.querySelector(".put")?.remove(); // it was taken back
      ready();
    }
    tick();
    return called;
  }

  function start(pending) {
    const seat = room.seat(pending.persona);
    const answer = area("answer");
    const put = area("question");
    const left = element("span", { class: "left", role: "timer" });
    const speak = element("button", { type: "submit", class: "primary" }, text("speak"));
    const form = element(
      "form",
      { class: "floor coloured", vars: colours(seat), on: { submit } },
      element("h2", {}, face(seat), text("floor", { name: seat.name })),
      pending.question && asked(pending),
      element("div", {}, element("label", { for: "floor-answer" }, text("your_answer")), answer),
      pending.ask.length > 0 && element("div", {}, whom(pending), put),
      element(
        "div",
        { class: "do" },
        speak,
        element(
          "button",
          { type: "button", class: "quiet", on: { click: () => room.act({ do: "leave_seat" }) } },
          text("leave_seat"),
        ),
        left,
      ),
    );
    open = { turn: pending.turn, form, speak, left, answer, put };
    const idle = room.isIdle();
    fill(byId("floor"), form);
    if (idle) answer.focus();
  }

  async function submit(event) {
    event.preventDefault();
    const spoken = open;
    if (spoken.sent || spoken.paused) return;
    spoken.sent = true; // the turn itself may be here before the answer to this
    ready();
    spoken.sent = await room.act({
      do: "speak",
      turn: spoken.turn,
      answer: spoken.answer.value,
      question: spoken.put.value || null,
      next: spoken.form.elements.next?.value ?? null,
    });
    if (open === spoken) ready();
    else if (!spoken.sent) keep(spoken);
  }

  function ready() {
    open.speak.disabled = Boolean(open.sent || open.paused);
  }

  function close() {
    const { form, sent } = open;
    const here = sent || form.contains(document.activeElement);
    if (!sent) keep(open);
    byId("floor").replaceChildren();
    open = null;
    if (here) room.write();
  }

  function keep({ answer, put }) {
    room.keep([answer.value, put.value].filter(Boolean).join("\n\n"));
  }

  function tick() {
    if (!open) return;
    if (!open.until) return void (open.left.textContent = "");
    const seconds = (open.until - now()) / 1000;
    open.left.textContent = text("time_left", { time: clock(seconds) });
    open.left.classList.toggle("short", seconds < SHORT_S);
  }

  function whom(pending) {
    if (pending.ask.length === 1) {
      const { name } = room.seat(pending.ask[0]);
      return element("label", { for: "floor-question" }, text("your_question_to", { name }));
    }
    const options = pending.ask.map((id) => element("option", { value: id }, room.seat(id).name));
    return element(
      "div",
      { class: "whom" },
      element("label", { for: "floor-question" }, text("your_question")),
      element("select", { name: "next", "aria-label": text("asked_whom") }, options),
    );
  }

  function asked(pending) {
    const { name } = room.seat(pending.asked_by);
    return element(
      "div",
      { class: "put" },
      element("small", {}, text("asked", { name })),
      pending.question,
    );
  }

  return { show, tick };
}

function area(name) {
  return element("textarea", { id: `floor-${name}`, name, rows: name === "answer" ? "3" : "2" });
}
