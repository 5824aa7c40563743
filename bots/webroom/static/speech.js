/* A turn while it is spoken: the pieces of live text, put together. Values only, no page. */

/** Nothing was heard yet of the turn with this number; 0 is a synthesis. */
export function silence(turn) {
  return { turn, epoch: -1, attempt: -1, parts: {} };
}

/** The speech with one more piece; the same where the piece does not belong to it.
 *
 * A higher epoch, or a later attempt in one, starts over. What is missing before a piece comes whole
 * with the turn, so such a piece is passed over. */
export function heard(speech, piece) {
  if (piece.turn !== speech.turn) return speech;
  const order = piece.epoch - speech.epoch || piece.attempt - speech.attempt;
  if (order < 0) return speech;
  const parts = order > 0 ? {} : speech.parts;
  const said = Array.from(parts[piece.part] ?? ""); // offsets count characters, not UTF-16 units
  if (piece.offset > said.length) return speech;
  const whole = said.slice(0, piece.offset).join("") + piece.text;
  return {
    turn: speech.turn,
    epoch: piece.epoch,
    attempt: piece.attempt,
    parts: { ...parts, [piece.part]: whole },
  };
}

export function isSilent(speech) {
  return !Object.values(speech.parts).some((part) => part.trim());
}
