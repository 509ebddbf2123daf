// Copies a text that one may want elsewhere.

import { announce } from "./announce.js";

const THANKS_MS = 1500;

/** Copies the `data-text` of a button; where the browser does not let us, the text beside it is marked instead. */
export async function copy(button) {
  const source = button.parentElement.querySelector("[data-copy-source]");
  try {
    await navigator.clipboard.writeText(button.dataset.text);
    button.classList.add("done");
    announce("Copied");
    setTimeout(() => button.classList.remove("done"), THANKS_MS);
  } catch {
    // Without a secure connection the clipboard is closed; the text is marked, ready to be copied by hand.
    if (source) getSelection().selectAllChildren(source);
  }
}
