// What stands in place of a view that the beacon refuses to fill.

import { h } from "../js/dom.js";
import { prose } from "./parts.js";

/** The problem and the way out. */
export function refusal(title, { message, wayOut }) {
  return [
    h("h1", {}, title),
    h(
      "div",
      { class: "card empty", role: "alert" },
      h("p", {}, prose(message), "."),
      wayOut && h("p", {}, prose(wayOut), "."),
      h("p", {}, h("button", { type: "button", "data-do": "retry" }, "Try again")),
    ),
  ];
}
