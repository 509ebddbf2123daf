// Numbers as people read them.

const SIZES = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
// A budget this large means that there is none.
const UNLIMITED = 2 ** 60;

/** Bytes with three significant digits: `1.4 GB`. */
export function size(bytes) {
  if (bytes === null || bytes === undefined) return "unknown";
  if (bytes >= UNLIMITED) return "no limit";
  let unit = 0;
  let number = bytes;
  while (number >= 999.5 && unit < SIZES.length - 1) {
    number /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || number >= 99.95 ? 0 : 1;
  return `${number.toFixed(digits).replace(/\.0$/, "")}\u00a0${SIZES[unit]}`;
}

/** Whether a number of bytes stands for no limit. */
export function unlimited(bytes) {
  return bytes >= UNLIMITED;
}

/** Seconds in the largest unit that fits: `3 min`. */
export function duration(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} days`;
}

/** How long ago something was, in seconds. */
export function ago(seconds) {
  return seconds < 5 ? "just now" : `${duration(seconds)} ago`;
}

/** How far from now a moment is: `3 min ago`, `in 2 h`. */
export function relative(moment, now = Date.now()) {
  const seconds = (now - new Date(moment).getTime()) / 1000;
  if (seconds > -5) return ago(Math.max(0, seconds));
  return `in ${duration(-seconds)}`;
}

/** How long ago an RFC 3339 moment was. */
export function since(moment) {
  return ago(Math.max(0, (Date.now() - Date.parse(moment)) / 1000));
}

/** A moment in the reader's own way of writing it. */
export function exact(moment) {
  return new Date(moment).toLocaleString();
}

/** A whole number with groups: `20,000`. */
export function count(number) {
  return number.toLocaleString("en");
}

/** A number with its noun: `1 torrent`, `2 torrents`. */
export function counted(number, one, many = `${one}s`) {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** A part of 1 as a percentage; what is not quite all is never shown as all, nor what is there as nothing. */
export function percent(part) {
  if (part > 0 && part < 0.01) return "under 1\u00a0%";
  return `${Math.min(100, Math.floor(part * 100))}\u00a0%`;
}

/** The beginning of an id or hash: enough to tell one from another. */
export function short(id) {
  return id.slice(0, 8);
}

/** A message with a capital at its beginning, unless it begins with something other than a word, such as a path. */
export function sentence(text) {
  return /^[a-z]+[ ,]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
