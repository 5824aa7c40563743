/* The thread: records become posts, live text grows below them, and the reader is not moved about. */

import { byId, element } from "./dom.js";
import { makeLive } from "./live.js";
import { data, text } from "./page.js";
import { makePlace } from "./place.js";
import {
  correct,
  erase,
  messagePost,
  notePost,
  replyLine,
  retell,
  synthesisPost,
  turnPost,
} from "./posts.js";
import { editor, ownTools, showVotes, turnTools } from "./tools.js";

/** `room` has: me(), seat(id), act(fields), announce(line). */
export function makeThread(room) {
  const list = byId("thread");
  const place = makePlace();
  const live = makeLive(room, add, place.staying);
  const requested = new Map(); // turn -> turn.requested
  const posts = new Map(); // number in the log -> its post, for messages and people's turns
  const said = new Map(); // number in the log -> words
  let put = null; // the last question of the order: {by, text, target}
  let lastTurn = null; // who spoke last, by id
  let asides = []; // messages to a persona: {to, author, text, target}

  // --- records ---------------------------------------------------------------------------------

  const takes = {
    "turn.requested": ({ event }) => void requested.set(event.turn, event),
    "turn.spoken": turnSpoken,
    "turn.skipped": live.interrupt,
    "synthesis.requested": live.interrupt,
    "message.heard": messageHeard,
    "message.edited": messageEdited,
    "message.erased": messageErased,
    "summary.given": (post) => close(post, text("so_far"), null),
    "debate.closed": (post) => close(post, text("synthesis"), post.note),
  };

  function take(post) {
    place.staying(() => {
      takes[post.name]?.(post);
      if (post.note && post.name !== "debate.closed") add(notePost(post.note));
    });
  }

  function turnSpoken(post) {
    const { event } = post;
    const seat = room.seat(event.persona);
    const asked = event.next && room.seat(event.next);
    const tools = turnTools(event.turn, room.act);
    const made = turnPost(post, { seat, asked, reply: replyTo(event), tools });
    if (!live.become(event.turn, made)) add(made);
    if (event.person) {
      posts.set(post.n, made);
      if (event.person.id === room.me()?.id) offerOwn(made, post);
    }
    if (event.question) put = { by: event.persona, text: event.question, target: made.id };
    lastTurn = event.persona;
    const asking = asked ? `${text("asks", { name: asked.name })}: ${event.question}` : "";
    tell(`${text("turn", { n: event.turn })}. ${seat.name}: ${event.answer} ${asking}`);
  }

  /** What a turn answers, where that does not stand right above it. */
  function replyTo(event) {
    const call = requested.get(event.turn);
    if (event.kind === "side" && call?.answers) {
      const at = asides.findIndex(
        ({ to, author }) => to === event.persona && author.id === call.answers.id,
      );
      const [aside] = at < 0 ? [] : asides.splice(at, 1);
      return aside && replyLine(aside.author.name, aside.text, aside.target);
    }
    if (!call?.asked_by || put?.by !== call.asked_by || lastTurn === call.asked_by) return null;
    return replyLine(room.seat(put.by).name, put.text, put.target);
  }

  function messageHeard(post) {
    const { event } = post;
    const mine = event.author.id === room.me()?.id;
    const made = messagePost(post, { mine, to: event.to && room.seat(event.to), tools: null });
    posts.set(post.n, made);
    said.set(post.n, event.text);
    if (event.to)
      asides.push({ to: event.to, author: event.author, text: event.text, target: made.id });
    if (mine && event.message) offerOwn(made, post);
    add(made);
    if (!event.text) eraseWords(post.n);
    if (!mine) tell(`${event.author.name}: ${event.text}`);
  }

  function messageEdited({ event }) {
    const post = posts.get(event.of);
    if (!post || post.classList.contains("erased") || !event.text) return;
    said.set(event.of, event.text);
    correct(post, event.text);
    retell(post.id, event.text);
  }

  function messageErased({ event }) {
    eraseWords(event.of);
  }

  function eraseWords(n) {
    const post = posts.get(n);
    if (!post || post.classList.contains("erased")) return;
    const name = post.querySelector("h3").textContent;
    erase(post, post.matches(".turn") ? text("erased_turn") : text("erased", { name }));
    retell(post.id, "");
    said.delete(n);
  }

  function close(post, title, end) {
    live.drop();
    const moderator = data.seats[0];
    add(synthesisPost(post, { moderator, title, end, actions: end !== null && afterwards() }));
    tell(`${title}: ${post.event.synthesis.summary}`);
  }

  function afterwards() {
    const to = (form) => `/d/${data.debate}/transcript${form}`;
    return element(
      "div",
      { class: "do" },
      element(
        "button",
        { type: "button", on: { click: () => room.act({ do: "round" }) } },
        text("round"),
      ),
      element("a", { href: to("") }, text("transcript")),
      element("a", { href: to(".md"), download: true }, text("download")),
    );
  }

  function view(latest) {
    live.show(latest);
    for (const post of list.querySelectorAll("[data-turn]")) {
      showVotes(post, latest.votes[post.dataset.turn] ?? {}, room.me());
    }
    if (!place.hasArrived()) place.arrive();
  }

  // --- one's own words -------------------------------------------------------------------------

  function offerOwn(made, post) {
    const message = post.event.message;
    if (!message) return;
    const edit = () => editOwn(made, post.n, message);
    const tools = ownTools(edit, () => room.act({ do: "erase", message }));
    if (made.matches(".turn")) tools.querySelector(".edit").remove();
    made.querySelector("article").append(tools);
  }

  function editOwn(made, n, message) {
    if (made.querySelector(".editing")) return;
    const body = made.querySelector(".words");
    const save = (words) => room.act({ do: "correct", message, text: words });
    const form = editor(said.get(n) ?? "", save, () => {
      form.remove();
      body.hidden = false;
    });
    body.hidden = true;
    body.after(form);
  }

  /** Opens the last message of one's own; answers whether there is one. */
  function editLast() {
    const own = [...list.querySelectorAll(".message.mine:not(.erased) .edit")];
    own.at(-1)?.click();
    return own.length > 0;
  }

  /** Below what the log had before; a turn that is still spoken comes after it there. */
  function add(post) {
    const speaking = live.post();
    if (speaking) speaking.before(post);
    else list.append(post);
    if (!post.matches(".live, .note, .mine")) place.tell();
  }

  function tell(line) {
    if (place.hasArrived()) room.announce(line);
  }

  return { take, view, hear: live.hear, editLast };
}
