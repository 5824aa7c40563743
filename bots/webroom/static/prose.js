/* Anybody's words as paragraphs, lists, code and light emphasis: elements and text, never markup. */

import { element } from "./dom.js";

const FENCE = /^ {0,3}(```+|~~~+)[^\n]*\n([\s\S]*?)(?:^ {0,3}\1[^\n]*$|$(?![\s\S]))/m;
const MARKED =
  /`(?<code>[^`\n]+)`|\*\*(?<strong>[^\s*](?:[^*\n]*[^\s*])?)\*\*|(?<![\w*])\*(?<em>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])/g;

/** The blocks of a text. */
export function prose(words) {
  const blocks = [];
  let rest = words;
  for (let fence = FENCE.exec(rest); fence; fence = FENCE.exec(rest)) {
    blocks.push(...paragraphs(rest.slice(0, fence.index)));
    blocks.push(element("pre", {}, element("code", {}, fence[2].replace(/\n$/, ""))));
    rest = rest.slice(fence.index + fence[0].length);
  }
  return [...blocks, ...paragraphs(rest)];
}

function paragraphs(words) {
  const blocks = [];
  let [kind, lines] = ["", []];
  const end = () => {
    if (kind === "item") {
      blocks.push(
        element(
          "ul",
          {},
          lines.map((line) => element("li", { dir: "auto" }, marked(line.trimStart().slice(2)))),
        ),
      );
    } else if (kind === "text")
      blocks.push(element("p", { dir: "auto" }, marked(lines.join("\n"))));
  };
  for (const line of words.split("\n")) {
    const here = !line.trim() ? "blank" : /^\s*[-*] /.test(line) ? "item" : "text";
    if (here !== kind) {
      end();
      [kind, lines] = [here, []];
    }
    lines.push(line);
  }
  end();
  return blocks;
}

function marked(line) {
  const parts = [];
  let start = 0;
  for (const found of line.matchAll(MARKED)) {
    const [name, inside] = Object.entries(found.groups).find(([, value]) => value !== undefined);
    parts.push(line.slice(start, found.index), element(name, {}, inside));
    start = found.index + found[0].length;
  }
  return [...parts, line.slice(start)].filter((part) => part !== "");
}
