// Making torrents and collections.

import { h } from "../../js/dom.js";
import { top } from "../parts.js";
import { install } from "./create.js";

export const view = {
  name: "add",
  title: "Add",
  topics: [],
  load: async () => ({}),
  render: () => [top("Add"), h("section", { id: "create", "data-own": true })],
  mount: (place) => install(place.querySelector("#create")),
};
