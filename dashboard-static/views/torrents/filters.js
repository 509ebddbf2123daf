// What narrows the list of torrents: words, standing, and what they are here.

import { h } from "../../js/dom.js";
import { count } from "../../js/format.js";
import { adjusted } from "../../js/route.js";
import { HERE, STANDINGS } from "../standing.js";

/** The field to search with; what is typed shows at once. */
export function search(route, placeholder) {
  return h(
    "form",
    { class: "search", role: "search", "data-form": "search" },
    h("label", { for: "query", class: "unseen" }, "Find a torrent"),
    h("input", {
      type: "search",
      id: "query",
      name: "query",
      "data-set": "query",
      "data-value": route.query.query ?? "",
      placeholder,
      autocomplete: "off",
      spellcheck: "false",
      maxlength: "16384",
    }),
  );
}

/** One link for each standing, with how many stand so where that is known. */
function standings(route, sums) {
  const chosen = route.query.state ?? "";
  const choices = [["", "all", sums?.torrents], ...STANDINGS.map(([word, meaning]) => [word, word, sums?.[word], meaning])];
  return h(
    "div",
    { class: "segments", role: "group", "aria-label": "Which torrents to show" },
    choices.map(([state, word, number, meaning]) =>
      h(
        "button",
        { type: "button", class: state, "data-do": "state", "data-state": state, "aria-pressed": chosen === state ? "true" : "false", title: meaning },
        word,
        number !== undefined && h("small", {}, ` ${count(number)}`),
      ),
    ),
  );
}

function heres(route) {
  const option = (value, text) => h("option", { value }, text);
  return h(
    "label",
    { class: "choice" },
    h("span", {}, "Here"),
    h("select", { "data-set": "here", "data-value": route.query.here ?? "" }, option("", "any"), HERE.map(([word, meaning]) => h("option", { value: word, title: meaning }, word))),
  );
}

/** The whole bar of filters. */
export function filters(route, sums) {
  const isNarrow = ["query", "state", "here"].some((setting) => route.query[setting]);
  return h(
    "div",
    { class: "filters" },
    search(route, "Words of a name, an info-hash or a magnet link"),
    standings(route, sums),
    heres(route),
    isNarrow && h("a", { href: adjusted(route, { query: "", state: "", here: "", offset: "" }) }, "Clear"),
  );
}
