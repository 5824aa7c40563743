/* A debate's events, for as long as the page is looked at.
 *
 * The browser itself comes back after a line that broke, and says how far it was. Where it gives up,
 * because the answer was an error, this asks again. A page that nobody looks at lets its line go: a
 * browser has only six for one server. */

const FIRST_MS = 1_000;
const LONGEST_MS = 15_000;

/** Calls `on.post`, `on.view`, `on.live` with what comes, and `on.line(up, why)` as the line goes and
 * comes; `why` is the room's word, if it had one. Posts come in order and once. Answers {look(), keep(held)}. */
export function follow(path, on) {
  let source = null;
  let last = 0;
  let wait = FIRST_MS;
  let held = false;
  let timer = null;

  function open() {
    close();
    if (document.hidden && !held) return; // it opens when somebody looks again
    source = new EventSource(`${path}?after=${last}`);
    source.addEventListener("post", (event) => {
      const post = JSON.parse(event.data);
      if (post.n > last + 1) return open(); // something was lost on the way: ask for it again
      if (post.n <= last) return;
      last = post.n;
      on.post(post);
    });
    source.addEventListener("view", (event) => {
      wait = FIRST_MS;
      on.line(true);
      on.view(JSON.parse(event.data));
    });
    source.addEventListener("live", (event) => on.live(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      on.line(false);
      if (source.readyState === EventSource.CLOSED) again();
    });
    source.addEventListener("refused", (event) => {
      on.line(false, JSON.parse(event.data).error);
      again();
    });
  }

  function again() {
    close();
    timer = setTimeout(open, wait);
    wait = Math.min(wait * 2, LONGEST_MS);
  }

  function close() {
    clearTimeout(timer);
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden && !held) close();
    else if (!document.hidden && !source) open();
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => {
    if (event.persisted) open();
  });
  open();
  return {
    /** Keeps the line while nobody looks: somebody is waited for here. */
    keep(yes) {
      held = yes;
    },
  };
}
