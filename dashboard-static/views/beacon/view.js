// This beacon: its client, the space it gives, and what it does.

import { h } from "../../js/dom.js";
import { notes } from "../notices.js";
import { top } from "../parts.js";
import { actions } from "./actions.js";
import { machine, self, storage } from "./self.js";

export const view = {
  name: "beacon",
  title: "This beacon",
  topics: ["status", "actions"],
  every_s: 15,
  load: async (route, { api, signal }) => ({ plan: await api.plan({ signal }) }),
  render: (data, route, { status }) => [
    top("This beacon"),
    notes(status),
    h("div", { class: "cards" }, [self(status), storage(status), machine(status, null)].map((content) => h("section", { class: "card" }, content))),
    actions(status, data?.plan ?? null),
  ],
};
