// What stands in place of a view that the beacon refuses to fill.

import { h } from "../js/dom.js";
import { said } from "./parts.js";

/** The problem and the way out. Where there is no such thing it is a list of those that there are: `[address, text]`. */
export function refusal(title, { status, message, wayOut }, list = null) {
  const isUnknown = status === 404 && list !== null;
  return [
    h("h1", {}, title),
    h(
      "div",
      { class: "card empty", role: "alert" },
      h("p", {}, said(message), "."),
      isUnknown ? h("p", {}, h("a", { href: list[0] }, list[1])) : wayOut && h("p", {}, said(wayOut), "."),
      h("p", {}, h("button", { type: "button", "data-do": "retry" }, "Try again")),
    ),
  ];
}
