// What stands in place of a view that the beacon refuses to fill.

import { h } from "../js/dom.js";
import { said } from "./parts.js";

/** The problem and the way out. */
export function refusal(title, { message, wayOut }) {
  return [
    h("h1", {}, title),
    h(
      "div",
      { class: "card empty", role: "alert" },
      h("p", {}, said(message), "."),
      wayOut && h("p", {}, said(wayOut), "."),
      h("p", {}, h("button", { type: "button", "data-do": "retry" }, "Try again")),
    ),
  ];
}
