// How the archive is: a sentence, a map, and what is behind them.

import { h } from "../../js/dom.js";
import { truth } from "./truth.js";

export const view = {
  name: "overview",
  title: "Overview",
  topics: ["torrents", "collections", "status"],
  load: async () => ({}),
  render: (data, route, { status }) => [h("h1", { class: "eyebrow" }, "Overview"), truth(status)],
};
