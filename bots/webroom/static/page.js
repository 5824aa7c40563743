/* What the server put into the page: data and texts. And how a language writes times. */

export const data = JSON.parse(document.getElementById("data").textContent);

/** The room's text of this name, with values in its braces. */
export function text(name, values = {}) {
  const found = data.texts[name] ?? name;
  return found.replace(/\{(\w+)\}/g, (whole, key) => String(values[key] ?? whole));
}

const UNITS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];
const relative = new Intl.RelativeTimeFormat(data.language, { numeric: "auto", style: "short" });
const exact = new Intl.DateTimeFormat(data.language, { dateStyle: "medium", timeStyle: "medium" });
const numbers = new Intl.NumberFormat(data.language);

let ahead = 0; // the server's clock less this one's, in milliseconds

/** Takes the server's time from an answer's head. */
export function setClock(response) {
  const told = Date.parse(response.headers.get("date") ?? "");
  if (Number.isFinite(told) && Math.abs(told - Date.now()) > 2_000) ahead = told - Date.now();
}

/** Now, by the server's clock, in Unix milliseconds. */
export function now() {
  return Date.now() + ahead;
}

/** "3 min ago". */
export function ago(at) {
  const seconds = Math.min(0, (at - now()) / 1000);
  for (const [unit, size] of UNITS) {
    if (-seconds >= size) return relative.format(Math.round(seconds / size), unit);
  }
  return relative.format(0, "second");
}

export function dateTime(at) {
  return exact.format(at);
}

export function number(value) {
  return numbers.format(value);
}

/** Minutes and seconds: 4:05. */
export function clock(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** Brings the relative times on the page up to now, from time to time. */
export function keepTimes() {
  setInterval(() => {
    for (const time of document.querySelectorAll("time[data-at]")) {
      time.textContent = ago(Number(time.dataset.at));
    }
  }, 20_000);
}
