/* What one can do with a post: vote on a turn, copy its link, edit and take back one's own words. */

import { element } from "./dom.js";
import { text } from "./page.js";

const REALLY_MS = 4_000;

/** The votes and the link of a turn. */
export function turnTools(turn, act) {
  const vote = (value, sign, label) =>
    element(
      "button",
      {
        type: "button",
        class: "faint",
        "aria-pressed": "false",
        "aria-label": text(label),
        data: { vote: value, label },
        on: {
          click: ({ currentTarget }) => {
            const taken = currentTarget.getAttribute("aria-pressed") === "true";
            act({ do: "vote", turn, vote: taken ? 0 : value });
          },
        },
      },
      sign,
      element("span", { class: "count" }),
    );
  return element(
    "div",
    { class: "tools" },
    vote(1, "👍", "like"),
    vote(-1, "👎", "dislike"),
    link(turn),
  );
}

function link(turn) {
  const copy = async ({ currentTarget }) => {
    const address = `${location.href.split("#")[0]}#turn-${turn}`;
    const copied = await navigator.clipboard.writeText(address).then(
      () => true,
      () => false, // the browser may not allow it
    );
    if (copied) currentTarget.textContent = text("copied");
    else location.hash = `turn-${turn}`; // there it can be copied by hand
  };
  const secure = Boolean(navigator.clipboard);
  return (
    secure &&
    element(
      "button",
      {
        type: "button",
        class: "faint",
        "aria-label": text("copy_link", { n: turn }),
        on: { click: copy },
      },
      "🔗",
    )
  );
}

/** Brings a turn's counts up to the votes there are: by person, 1 or -1. */
export function showVotes(post, votes, me) {
  for (const button of post.querySelectorAll("[data-vote]")) {
    const value = Number(button.dataset.vote);
    const count = Object.values(votes).filter((vote) => vote === value).length;
    const own = Boolean(me) && votes[me.id] === value;
    button.querySelector(".count").textContent = count ? ` ${count}` : "";
    const label = text(button.dataset.label);
    button.setAttribute("aria-label", count ? `${label}: ${count}` : label);
    button.setAttribute("aria-pressed", String(own));
    button.classList.toggle("faint", !count);
  }
}

/** Edit and delete, for one's own message. */
export function ownTools(edit, erase) {
  return element(
    "div",
    { class: "tools" },
    element("button", { type: "button", class: "faint edit", on: { click: edit } }, text("edit")),
    element(
      "button",
      { type: "button", class: "faint", on: { click: twice(erase, "delete", "delete_really") } },
      text("delete"),
    ),
  );
}

/** A listener that acts at the second click; the first asks, and a double click is one. */
export function twice(act, label, question) {
  return ({ currentTarget: button, detail }) => {
    if (detail > 1) return;
    if (button.dataset.asked) {
      delete button.dataset.asked;
      button.textContent = text(label);
      act();
      return;
    }
    button.dataset.asked = "yes";
    button.textContent = text(question);
    setTimeout(() => {
      delete button.dataset.asked;
      button.textContent = text(label);
    }, REALLY_MS);
  };
}

/** A form in place of a message's words. `save` answers whether they were taken. */
export function editor(said, save, done) {
  const field = element("textarea", { rows: "3", "aria-label": text("edit") });
  field.value = said;
  const submit = async (event) => {
    event.preventDefault();
    if (await save(field.value)) done();
  };
  const form = element(
    "form",
    { class: "editing", on: { submit } },
    field,
    element(
      "div",
      {},
      element("button", { type: "submit", class: "primary" }, text("save")),
      element("button", { type: "button", on: { click: done } }, text("cancel")),
    ),
  );
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") done();
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  queueMicrotask(() => field.focus());
  return form;
}
