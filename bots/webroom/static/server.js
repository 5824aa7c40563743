/* Requests to the room. What it refuses comes as a `Refusal`, whose message is the reader's. */

import { setClock, text } from "./page.js";

export class Refusal extends Error {
  constructor(message, kind) {
    super(message);
    this.kind = kind;
  }
}

export async function get(path) {
  return answered(await reached(() => fetch(path, { headers: { accept: "application/json" } })));
}

/** Sends it, and once more if the line broke: its key has the server do it once. */
export async function post(path, fields) {
  return sent(path, JSON.stringify({ key: newKey(), ...fields }), "application/json");
}

/** A file's bytes, the same way. */
export async function postFile(path, file, key) {
  const named = new URLSearchParams({ name: file.name, key });
  return sent(`${path}?${named}`, file, "application/octet-stream");
}

async function sent(path, body, type) {
  const headers = { "content-type": type, accept: "application/json" };
  const send = () => fetch(path, { method: "POST", headers, body });
  return answered(await reached(() => send().catch(() => later(400).then(send))));
}

/** A name for one request or one message. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function later(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function reached(send) {
  try {
    return await send();
  } catch {
    throw new Refusal(text("not_sent"), "Away");
  }
}

async function answered(response) {
  setClock(response);
  const content = response.status === 204 ? {} : await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(content.error ?? text("not_sent"), content.kind);
  return content;
}
