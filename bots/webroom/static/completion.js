/* What can be completed where the cursor stands: a command after /debate, a persona after @. */

import { data } from "./page.js";

const MOST = 8;
const COMMAND = /^\/(?:d(?:e(?:b(?:a(?:t(?:e)?)?)?)?)?)?(?:\s+(?<typed>.*))?$/is;
const TAG = /(?:^|[\s(])@(?<typed>[^\n@]{0,40})$/u;

/** {title, options: [{insert, start, seat | command}]} for the text before the cursor; null: none. */
export function completions(before) {
  const command = COMMAND.exec(before);
  if (command) return asked(commands(command.groups.typed ?? ""), "command_help");
  const tag = TAG.exec(before);
  if (tag)
    return asked(
      people(tag.groups.typed, before.length - tag.groups.typed.length - 1),
      "people_help",
    );
  return null;
}

function asked(options, title) {
  return options.length ? { title, options: options.slice(0, MOST) } : null;
}

function commands(typed) {
  const known = fold(typed);
  const exact = data.commands.some(
    ({ writes }) => fold(writes) === known.trim() && /\s$/.test(typed),
  );
  if (exact) return [];
  return data.commands
    .filter(({ usage }) => fold(usage).startsWith(known))
    .map((command) => ({
      command,
      start: 0,
      insert: `/debate ${command.writes}${command.takes_more ? " " : ""}`,
    }));
}

function people(typed, start) {
  const known = fold(typed).trimStart();
  const fits = ({ name, id }) => {
    const whole = fold(name);
    const words = whole.split(/[\s-]+/);
    return (
      fold(id).startsWith(known) ||
      words.some((_, place) => words.slice(place).join(" ").startsWith(known))
    );
  };
  const exact = data.seats.some(({ name }) => fold(`${name} `) === fold(typed));
  if (exact) return [];
  return data.seats.filter(fits).map((seat) => ({ seat, start, insert: `@${seat.name} ` }));
}

function fold(word) {
  return word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
