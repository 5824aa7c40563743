/* The reader's place in the thread: who is at the end is kept there, any other is not moved. */

import { byId } from "./dom.js";
import { text } from "./page.js";
import { goTo } from "./posts.js";

const NEAR_END = 90; // pixels

export function makePlace() {
  const scroller = byId("scroller");
  const below = byId("new-below");
  let following = true;
  let arrived = false;

  function toEnd() {
    scroller.scrollTop = scroller.scrollHeight;
    below.hidden = true;
  }

  scroller.addEventListener("scroll", () => {
    following = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END;
    if (following) below.hidden = true;
  });
  new ResizeObserver(() => following && arrived && toEnd()).observe(scroller);
  below.textContent = text("new_turns");
  below.addEventListener("click", () => {
    following = true;
    toEnd();
  });
  addEventListener("hashchange", () => goTo(location.hash.slice(1)));

  return {
    /** Whether the thread is as it was when the page came, and news are news. */
    hasArrived: () => arrived,

    /** The thread is there: to what the address names, else to the end. */
    arrive() {
      arrived = true;
      const wanted = location.hash.slice(1);
      following = !byId(wanted);
      if (following) toEnd();
      else goTo(wanted);
    },

    /** Makes a change; who is at the end still is. */
    staying(change) {
      change();
      if (following && arrived) toEnd();
    },

    /** Something is new at the end; who is elsewhere is told. */
    tell() {
      if (arrived && !following) below.hidden = false;
    },
  };
}
