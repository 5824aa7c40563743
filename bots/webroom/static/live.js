/* The post of whoever is speaking: it grows with the live text, and gives way to the turn itself. */

import { element, fill } from "./dom.js";
import { text } from "./page.js";
import { livePost, spoken } from "./posts.js";
import { heard, isSilent, silence } from "./speech.js";

const SPEAKING = ["speaking", "pausing", "away", "queued"];

/** `room` has seat(id). `add(post)` puts it below the thread, `staying(change)` keeps the reader's
 * place. */
export function makeLive(room, add, staying) {
  let now = null; // {post, pending, speech, drawn}

  /** Brings it up to a view. */
  function show({ pending, status }) {
    const speaks = pending && !pending.person && SPEAKING.includes(status.kind);
    const other =
      now && (now.pending.turn !== pending?.turn || now.pending.persona !== pending?.persona);
    staying(() => {
      if (now && (!speaks || other)) drop();
      if (speaks && !now) begin(pending);
    });
  }

  function begin(pending) {
    const post = livePost(room.seat(pending.persona), pending);
    add(post);
    now = { post, pending, speech: silence(pending.turn), drawn: false };
  }

  function hear(piece) {
    if (!now || piece.persona !== now.pending.persona) return;
    now.speech = heard(now.speech, piece);
    if (now.drawn) return;
    now.drawn = true;
    requestAnimationFrame(draw);
  }

  function draw() {
    if (!now) return;
    now.drawn = false;
    if (isSilent(now.speech)) return;
    const { ask } = now.pending;
    const asked = ask.length === 1 ? room.seat(ask[0]) : null;
    staying(() => fill(now.post.querySelector(".spoken"), spoken(now.speech, asked)));
  }

  /** The turn takes its place; answers whether it was this one's. */
  function become(turn, post) {
    if (now?.pending.turn !== turn) return false;
    now.post.replaceWith(post);
    now = null;
    return true;
  }

  /** What was begun is not kept in the log; it stays here, marked, until the page is left. */
  function interrupt() {
    if (!now || isSilent(now.speech)) return drop();
    draw();
    const { post } = now;
    now = null;
    post.classList.replace("live", "interrupted");
    post.removeAttribute("aria-busy");
    for (const caret of post.querySelectorAll(".caret")) caret.classList.remove("caret");
    post.lastElementChild.append(element("p", { class: "cut" }, text("interrupted")));
  }

  function drop() {
    now?.post.remove();
    now = null;
  }

  return { show, hear, become, interrupt, drop, post: () => now?.post };
}
