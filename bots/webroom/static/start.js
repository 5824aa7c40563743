/* The first page: choose a panel, say a topic, begin; and the debates held here. */

import { byId, element, fill } from "./dom.js";
import { face, row, setTable } from "./faces.js";
import { carried, makeFiles, takeDrops, takePastes, tooMuch } from "./files.js";
import { ago, data, dateTime, keepTimes, text } from "./page.js";
import { get, post, Refusal } from "./server.js";
import { introduce, languageSwitch, whoAmI } from "./visitor.js";

const form = byId("start");
const files = makeFiles((line) => (byId("error").textContent = line));
const LANGUAGES = { en: "English", es: "Español" };

function card(panel, first) {
  const choose = () => show(panel);
  return element(
    "label",
    { class: "card" },
    element("input", {
      type: "radio",
      name: "panel",
      value: panel.id,
      checked: first,
      on: { change: choose },
    }),
    element("div", { class: "faces" }, row(panel.seats)),
    element("b", { dir: "auto" }, panel.title),
    element("small", {}, text("seats", { n: panel.seats.length })),
  );
}

/** The panel's faces round the table, and its own rule and rounds in the form. */
function show(panel) {
  const tell = (seat) => () =>
    fill(
      byId("caption"),
      element("b", {}, seat.name),
      element("span", { dir: "auto" }, seat.stance),
    );
  const rest = () => fill(byId("caption"), element("b", { dir: "auto" }, panel.title));
  setTable(byId("table"), panel.seats, (seat) =>
    face(seat, {
      name: "button",
      type: "button",
      "aria-label": seat.name,
      on: {
        mouseenter: tell(seat),
        focus: tell(seat),
        click: tell(seat),
        mouseleave: rest,
        blur: rest,
      },
    }),
  );
  rest();
  form.elements.rounds.value = panel.rounds;
  form.elements.handoff.value = panel.handoff;
  tellHow();
}

/** The choices in one line, for when they are folded away. */
function tellHow() {
  const chosen = ["pace", "handoff"].map((name) => {
    const input = form.querySelector(`[name=${name}]:checked`);
    return input?.parentElement.querySelector("span").textContent;
  });
  const rounds = Number(form.elements.rounds.value) || 1;
  const counted = text(rounds === 1 ? "one_round" : "more_rounds", { n: rounds });
  byId("held-how").textContent = [...chosen.filter(Boolean), counted].join(" · ");
}

/** The panels that debate in this language. */
function offer(language) {
  const panels = data.panels.filter((panel) => panel.language === language);
  fill(
    byId("panels"),
    panels.map((panel, place) => card(panel, place === 0)),
  );
  for (const button of byId("spoken").children) {
    button.setAttribute("aria-pressed", String(button.value === language));
  }
  show(panels[0]);
}

function spokenHere() {
  const spoken = [...new Set(data.panels.map((panel) => panel.language))];
  const button = (language) =>
    element(
      "button",
      { type: "button", value: language, on: { click: () => offer(language) } },
      LANGUAGES[language],
    );
  fill(byId("spoken"), spoken.map(button));
  byId("spoken").hidden = spoken.length < 2;
  return spoken.includes(data.speaks) ? data.speaks : spoken[0];
}

async function begin() {
  const { topic, name, panel, rounds, handoff, pace } = Object.fromEntries(new FormData(form));
  if (!topic.trim()) return refuse(text("no_topic"), form.elements.topic);
  if (!name.trim()) return refuse(text("no_name"), form.elements.name);
  const much = tooMuch(files.all());
  if (much) return refuse(much, byId("attach"));
  await introduce(name);
  const told = await post("/debates", {
    ...{ topic, panel, handoff, pace, rounds: rounds ? Number(rounds) : null },
    files: await Promise.all(files.all().map(carried)),
  });
  if (!told.debate) return refuse(told.text, form.elements.topic);
  location.assign(`/d/${told.debate}`);
  return true;
}

function refuse(line, field) {
  byId("error").textContent = line;
  field.focus();
  return false;
}

async function submit(event) {
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  const label = button.textContent;
  byId("error").textContent = "";
  button.disabled = true;
  button.textContent = text("starting");
  let begun = false;
  try {
    begun = await begin();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    byId("error").textContent = error.message;
  } finally {
    button.disabled = begun;
    if (!begun) button.textContent = label;
  }
}

function held(debate) {
  const state = debate.closed ? "closed" : "open";
  return element(
    "li",
    {},
    element(
      "a",
      { href: `/d/${debate.debate}` },
      element("b", { dir: "auto" }, debate.topic),
      element("div", { class: "faces", "aria-hidden": "true" }, row(debate.seats)),
      element(
        "span",
        { class: "about" },
        element("span", { class: `state ${state}` }, text(state)),
        element(
          "time",
          {
            datetime: new Date(debate.at_ms).toISOString(),
            title: dateTime(debate.at_ms),
            data: { at: debate.at_ms },
          },
          ago(debate.at_ms),
        ),
      ),
    ),
  );
}

async function history() {
  const { debates } = await get("/debates");
  const none = element("li", { class: "nothing" }, text("nothing_yet"));
  fill(byId("history"), debates.length ? debates.map(held) : none);
}

offer(spokenHere());
for (const example of document.querySelectorAll(".example")) {
  example.addEventListener("click", () => {
    form.elements.topic.value = example.textContent;
    form.elements.topic.focus();
  });
}
form.addEventListener("submit", submit);
form.addEventListener("change", tellHow);
form.elements.topic.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});
takeDrops(form, files.add);
takePastes(form.elements.topic, files.add);
const asked = new URLSearchParams(location.search).get("topic");
if (asked) form.elements.topic.value = asked;
languageSwitch();
keepTimes();
history().catch(() => fill(byId("history"), element("li", { class: "nothing" }, text("lost"))));
whoAmI()
  .then((person) => {
    if (person && !form.elements.name.value) form.elements.name.value = person.name;
  })
  .catch(() => {});
