/* A file in the thread: who handed it in, what it is called, how long it is; its text is a click away. */

import { element } from "./dom.js";
import { paperclip } from "./files.js";
import { data, number, text } from "./page.js";
import { personPost } from "./posts.js";

/** From its record; `mine`: this reader handed it in. */
export function filePost(post, mine) {
  const { name, by, characters } = post.event;
  const file = element(
    "a",
    { class: "file", href: `/d/${data.debate}/files/${post.n}`, target: "_blank" },
    paperclip(),
    element("bdi", {}, name),
    element("small", {}, text("characters", { n: number(characters) })),
  );
  return personPost(post, by ?? { name: text("material") }, mine, file);
}
