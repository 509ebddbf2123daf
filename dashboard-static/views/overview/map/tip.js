// What is said of the cell that the reader points at.

import { h, show } from "../../../js/dom.js";
import { called } from "../../standing.js";
import { FLAGS, WORDS } from "./cells.js";

const SAID = [
  [FLAGS.fetching, "being fetched"],
  [FLAGS.pinned, "pinned here"],
  [FLAGS.complete, "complete here"],
  [FLAGS.coming, "on its way here"],
  [FLAGS.leaving, "leaving here"],
  [FLAGS.outside, "seeded outside"],
];
const MARGIN = 12;

/** The remarks of a place: those of its flags. */
export function remarks({ cells }, place) {
  if (place >= cells.loaded) return [];
  const flags = cells.flags(place);
  const isPinned = (flags & FLAGS.pinned) !== 0;
  return SAID.filter(([flag]) => flags & flag && !(isPinned && flag === FLAGS.complete)).map(([, text]) => text);
}

/** A small card beside the pointer. */
export class Tip {
  element = h("div", { class: "tip", hidden: true, "aria-hidden": "true" });

  /** Shows what a place is; `torrent` is null while its name is not known. */
  show(picture, place, torrent) {
    const { cells } = picture;
    const word = place < cells.loaded ? WORDS[cells.standing(place)] : "";
    show(
      this.element,
      h("b", {}, torrent ? called(torrent) : "…"),
      h("span", { class: `count ${word}` }, picture.words(place), word && h("span", { class: "quiet" }, ` · ${word}`)),
      h("span", { class: "quiet" }, remarks(picture, place).join(" · ")),
    );
    this.element.hidden = false;
    this.#move(picture, place);
  }

  hide() {
    this.element.hidden = true;
  }

  #move(picture, place) {
    const middle = picture.centre(place);
    const around = this.element.parentElement.getBoundingClientRect();
    const { width, height } = this.element.getBoundingClientRect();
    const x = Math.max(0, Math.min(around.width - width, middle.x - around.left - width / 2));
    const side = picture.layout.square(place).side / 2;
    const above = middle.y - side - height - MARGIN;
    const top = above < 64 ? middle.y + side + MARGIN : above;
    this.element.style.translate = `${Math.round(x)}px ${Math.round(top - around.top)}px`;
  }
}
