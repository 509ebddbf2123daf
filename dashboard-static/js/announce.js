// Tells those who listen to the page what changed, without taking them from where they are.

const CLEAR_MS = 8000;
let clearing = null;

/** Says a sentence once the reader's program is done with what it says now. */
export function announce(text) {
  const place = document.getElementById("announcements");
  // The same sentence twice is news twice, but only if the text differs.
  place.textContent = place.textContent === text ? `${text}\u00a0` : text;
  clearTimeout(clearing);
  clearing = setTimeout(() => (place.textContent = ""), CLEAR_MS);
}
