/* What stands in the thread: a turn, a message, a note, a synthesis. Each from its record. */

import { element } from "./dom.js";
import { colours, face } from "./faces.js";
import { ago, data, dateTime, text } from "./page.js";
import { prose } from "./prose.js";

const LONG = { turn: 6_000, message: 1_200 };
const EXCERPT = 140;
const GOES = ".words, .show-all, .editing, .question, .file, .tools";

/** A seat's tag. */
export function tag(seat) {
  return element(
    "span",
    { class: "tag coloured", vars: colours(seat) },
    element("span", { "aria-hidden": "true" }, seat.emoji),
    element("bdi", {}, seat.name),
  );
}

export function when(at) {
  return element(
    "time",
    { datetime: new Date(at).toISOString(), title: dateTime(at), data: { at } },
    ago(at),
  );
}

export function chip(label) {
  return element("span", { class: "chip" }, label);
}

/** Words, shortened behind a button where they are many. */
export function words(said, most, lang = null) {
  const body = element("div", { class: "words", lang }, prose(said));
  if (said.length <= most) return [body];
  const all = element(
    "button",
    {
      type: "button",
      class: "show-all",
      on: { click: () => (body.classList.remove("long"), all.remove()) },
    },
    text("show_all"),
  );
  body.classList.add("long");
  return [body, all];
}

/** What is put to the next speaker. */
export function question(put, seat) {
  return element(
    "div",
    { class: "question coloured", vars: colours(seat) },
    element("span", { class: "unseen" }, `${text("asks", { name: seat.name })}: `),
    tag(seat),
    element("p", {}, put),
  );
}

/** One turn: `seat` spoke, `asked` is asked, `reply` is what it answers, where that is far above. */
export function turnPost({ event, at_ms }, { seat, asked, reply, tools }) {
  const id = `turn-${event.turn}`;
  const moderates = seat.id === data.seats[0].id;
  return element(
    "li",
    {
      id,
      class: `post turn coloured ${event.by === "person" ? "by-person" : ""}`,
      data: { turn: event.turn },
      vars: colours(seat),
      tabindex: "-1",
    },
    reply,
    face(seat),
    element(
      "article",
      { "aria-labelledby": `${id}-name` },
      element(
        "header",
        {},
        element("h3", { id: `${id}-name` }, element("bdi", {}, event.name)),
        event.person && chip(text("by_person", { name: event.person.name })),
        moderates && event.kind === "order" && chip(text("moderator")),
        event.kind === "side" && chip(text("aside")),
        event.kind === "step_in" && chip(text("step_in")),
        element(
          "a",
          { class: "number", href: `#${id}`, "aria-label": text("turn", { n: event.turn }) },
          `#${event.turn}`,
        ),
        when(at_ms),
        event.repaired === "default" && element("span", { class: "mark" }, text("filled_in")),
      ),
      words(event.answer, LONG.turn, data.spoken),
      asked && event.question && question(event.question, asked),
      tools,
    ),
  );
}

/** A turn that is being spoken; `speech` fills it later. */
export function livePost(seat, pending) {
  const turn = element(
    "li",
    {
      class: "post turn live coloured",
      vars: colours(seat),
      data: { live: pending.turn },
      "aria-busy": "true",
    },
    face(seat),
    element(
      "div",
      {},
      element(
        "header",
        {},
        element("h3", {}, element("bdi", {}, seat.name)),
        pending.kind === "side" && chip(text("aside")),
        pending.answers &&
          element("span", { class: "mark" }, text("answers", { name: pending.answers.name })),
      ),
      element("div", { class: "spoken" }, dots(pending)),
    ),
  );
  return turn;
}

function dots(pending) {
  const doing = ["close", "summary"].includes(pending.kind) ? "summing_up" : "thinking";
  return element(
    "div",
    { class: "dots" },
    [1, 2, 3].map(() => element("i")),
    element("span", { class: "unseen" }, text(doing)),
  );
}

/** The words so far, and the caret behind the last of them. */
export function spoken(speech, asked) {
  const { answer = "", question: put = "", summary = "" } = speech.parts;
  const body = element("div", { class: "words" }, prose(answer || summary));
  const asking = put && asked ? question(put, asked) : null;
  const last = asking ? asking.lastElementChild : (body.lastElementChild ?? body);
  last.classList.add("caret");
  return [body, asking];
}

/** What a person said. */
export function messagePost(post, { mine, to }) {
  const { author, text: said } = post.event;
  return personPost(post, author, mine, withTag(words(said, LONG.message), to));
}

/** What a person brought into the thread: `body` is their words, or a file. */
export function personPost({ n, at_ms }, { name }, mine, body) {
  return element(
    "li",
    { id: `said-${n}`, class: `post message ${mine ? "mine" : ""}`, tabindex: "-1" },
    element("div", { class: "face", "aria-hidden": "true" }, initials(name)),
    element(
      "article",
      { "aria-labelledby": `said-${n}-name` },
      element(
        "header",
        {},
        element("h3", { id: `said-${n}-name` }, element("bdi", {}, name)),
        mine && chip(text("you")),
        when(at_ms),
      ),
      body,
    ),
  );
}

/** The same, with the first `@name` of this seat marked. */
function withTag(bodies, seat) {
  if (!seat) return bodies;
  const walker = document.createTreeWalker(bodies[0], NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.toLowerCase().indexOf(`@${seat.name.toLowerCase()}`);
    if (at < 0) continue;
    const name = node.splitText(at);
    name.splitText(seat.name.length + 1);
    const mark = element("span", { class: "inline-tag coloured", vars: colours(seat) });
    name.replaceWith(mark);
    mark.append(name);
    break;
  }
  return bodies;
}

/** The message's words are others now; `to` is the seat that it is for. */
export function correct(post, said, to) {
  const article = post.querySelector("article");
  for (const old of article.querySelectorAll(".words, .show-all, .editing")) old.remove();
  article.querySelector("header").after(...withTag(words(said, LONG.message), to));
  const header = article.querySelector("header");
  if (!header.querySelector(".edited")) {
    header.append(element("span", { class: "mark edited" }, text("edited")));
  }
}

/** The post's words, or its file, are gone. */
export function erase(post, line) {
  const article = post.querySelector("article");
  for (const old of article.querySelectorAll(GOES)) old.remove();
  post.classList.add("erased");
  article.append(element("div", { class: "words" }, element("p", {}, line)));
}

export function notePost(line) {
  return element("li", { class: "note" }, element("bdi", {}, line));
}

/** The moderator's close, or the synthesis so far. */
export function synthesisPost({ n, event }, { moderator, title, end, actions }) {
  const said = event.synthesis;
  const lists = [
    ["agreements", "✓"],
    ["disagreements", "≠"],
    ["open_questions", "?"],
  ];
  return element(
    "li",
    { id: `synthesis-${n}`, class: "synthesis coloured", vars: colours(moderator), tabindex: "-1" },
    element(
      "header",
      {},
      face(moderator),
      element("h3", {}, title),
      end && element("span", { class: "end" }, end),
    ),
    element("div", { class: "words", lang: data.spoken }, prose(said.summary)),
    lists
      .filter(([name]) => said[name].length)
      .map(([name, sign]) => [
        element("h4", { data: { sign } }, text(name)),
        element(
          "ul",
          {},
          said[name].map((item) => element("li", {}, item)),
        ),
      ]),
    event.repaired === "default" && element("p", { class: "mark" }, text("from_the_log")),
    actions,
  );
}

/** A line that leads to what is answered here. */
export function replyLine(name, said, target) {
  return element(
    "button",
    { type: "button", class: "reply", data: { target }, on: { click: () => goTo(target) } },
    element(
      "span",
      {},
      element("b", {}, element("bdi", {}, name)),
      " ",
      element("bdi", {}, excerpt(said)),
    ),
  );
}

/** The words that lines lead to are others now, or gone. */
export function retell(target, said) {
  for (const line of document.querySelectorAll(".reply")) {
    if (line.dataset.target === target)
      line.querySelector("span > bdi").textContent = excerpt(said);
  }
}

function excerpt(said) {
  return said.length > EXCERPT ? `${said.slice(0, EXCERPT)}…` : said || "…";
}

export function goTo(id) {
  const post = document.getElementById(id);
  post?.scrollIntoView({ block: "center" });
  post?.focus({ preventScroll: true });
}

function initials(name) {
  const parts = name.split(/\s+/).filter(Boolean);
  return [parts[0], parts.length > 1 ? parts.at(-1) : ""]
    .map((part) => Array.from(part ?? "")[0] ?? "")
    .join("");
}
