/* The thread: records become posts, live text grows below them, and the reader is not moved about. */

import { byId, element } from "./dom.js";
import { makeLive } from "./live.js";
import { filePost } from "./material.js";
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
  const posts = new Map(); // number in the log -> its post, for what people may take back
  const said = new Map(); // number in the log -> the words as they are now: {author, to, text}
  let put = null; // the last question of the order: {by, text, target}
  let lastTurn = null; // who spoke last, by id

  // --- records ---------------------------------------------------------------------------------

  const takes = {
    "turn.requested": ({ event }) => void requested.set(event.turn, event),
    "turn.spoken": turnSpoken,
    "turn.skipped": live.interrupt,
    "synthesis.requested": live.interrupt,
    "message.heard": messageHeard,
    "material.added": fileHandedIn,
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
    if (event.kind === "side") {
      const asked = said.get(call?.about);
      return asked && replyLine(asked.author.name, asked.text, posts.get(call.about).id);
    }
    if (!call?.asked_by || put?.by !== call.asked_by || lastTurn === call.asked_by) return null;
    return replyLine(room.seat(put.by).name, put.text, put.target);
  }

  function messageHeard(post) {
    const { event } = post;
    const mine = event.author.id === room.me()?.id;
    const to = event.to && room.seat(event.to);
    const made = messagePost(post, { mine, to });
    posts.set(post.n, made);
    said.set(post.n, { author: event.author, to, text: event.text });
    if (mine && event.message) offerOwn(made, post);
    add(made);
    if (!event.text) eraseWords(post.n);
    if (!mine) tell(`${event.author.name}: ${event.text}`);
  }

  function fileHandedIn(post) {
    const { by, name, characters } = post.event;
    const mine = Boolean(by) && by.id === room.me()?.id;
    const made = filePost(post, mine);
    posts.set(post.n, made);
    if (mine) offerOwn(made, post);
    add(made);
    if (!characters) eraseWords(post.n);
    else if (by && !mine) tell(text("handed_in", { who: by.name, name }));
  }

  function messageEdited({ event }) {
    const post = posts.get(event.of);
    if (!post || post.classList.contains("erased") || !event.text) return;
    const before = said.get(event.of);
    said.set(event.of, { ...before, text: event.text });
    correct(post, event.text, before.to);
    retell(post.id, event.text);
  }

  function messageErased({ event }) {
    eraseWords(event.of);
  }

  function eraseWords(n) {
    const post = posts.get(n);
    if (!post || post.classList.contains("erased")) return;
    erase(post, tombstone(post));
    retell(post.id, "");
    said.delete(n);
    if (put?.target === post.id) put.text = "";
    room.announce(""); // it may have told them last
  }

  function tombstone(post) {
    const name = post.querySelector("h3").textContent;
    if (post.matches(".turn")) return text("erased_turn");
    return post.querySelector(".file") ? text("erased_file", { name }) : text("erased", { name });
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
    if (!said.has(post.n)) tools.querySelector(".edit").remove();
    made.querySelector("article").append(tools);
  }

  function editOwn(made, n, message) {
    if (made.querySelector(".editing")) return;
    const body = made.querySelector(".words");
    const save = (words) => room.act({ do: "correct", message, text: words });
    const form = editor(said.get(n)?.text ?? "", save, () => {
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
