// The beacons that are known, and how they are joined.

import { top } from "../parts.js";
import { members } from "./members.js";

export const view = {
  name: "network",
  title: "Network",
  topics: ["members", "status"],
  load: async () => ({}),
  render: (data, route, { status }) => [top("Network"), members(status, { beacons: route.query.beacons ?? "" })],
  deeds: { beacons: ({ which }, { adjust }) => adjust({ beacons: which }) },
};
