// Inviting others into the network, and joining one that this beacon is invited into.

import { Problem } from "../../js/api.js";
import { h } from "../../js/dom.js";
import { marked } from "../../js/marked.js";
import { order } from "../../js/orders.js";
import { carryOut, full, outcome, refusal, standing, whileBusy } from "../ordering.js";
import { finish } from "./drafts.js";
import { field, judge } from "./fields.js";

const FORM = "join";

/** The invitation that was made last. */
const made = { answer: null, problem: null, isBusy: false };
/** What is pasted. */
let pasted = "";
let isRestartNeeded = false;

/** Both sides. */
export function invitation() {
  return [invite(), join()];
}

function invite() {
  const { answer, problem, isBusy } = made;
  return h(
    "section",
    { class: "card", "data-key": "invite", "aria-labelledby": "invite-title" },
    h("h2", { id: "invite-title" }, "Invite somebody"),
    h(
      "p",
      { class: "quiet" },
      "An invitation is one line of text: where this beacon is reached, and who must answer there. Whoever pastes it into their own beacon joins this network.",
    ),
    h(
      "div",
      { class: "deeds" },
      h(
        "button",
        { type: "button", class: answer ? null : "main", "data-do": "invite", "data-key": "invite-button", ...whileBusy(isBusy) },
        answer ? "Make it anew" : "Make an invitation",
      ),
    ),
    problem && h("p", { class: "refused", role: "alert" }, marked(refusal(problem))),
    answer && line(answer),
  );
}

function line({ invitation: text, addresses, has_key: hasKey, is_closed: isClosed, warning }) {
  return h(
    "div",
    { class: "line-out", "data-key": "line" },
    h("label", { for: "invitation" }, "Invitation"),
    h("textarea", {
      id: "invitation",
      readonly: true,
      rows: 4,
      spellcheck: "false",
      "data-value": text,
      "data-copy-source": true,
      "aria-describedby": "invitation-about",
    }),
    h(
      "div",
      { class: "deeds" },
      h("button", { type: "button", class: "main", "data-do": "copyinvitation", "data-text": text }, "Copy invitation"),
      (isClosed || hasKey) &&
        h(
          "label",
          { class: "check" },
          h("input", { type: "checkbox", id: "with-key", checked: hasKey }),
          h("span", {}, "with the key of the network"),
        ),
    ),
    h(
      "div",
      { id: "invitation-about", class: "about" },
      hasKey &&
        h(
          "p",
          { class: "notice warning" },
          h("strong", {}, "Secret"),
          h(
            "span",
            {},
            warning ? marked(full(warning)) : "Whoever has this line is let into the network. Send it only to whom you trust, and not in public.",
          ),
        ),
      !hasKey && isClosed && h("p", {}, "This network is closed: whoever joins needs its key too, by this line or by another way."),
      !hasKey && warning && h("p", { class: "notice warning" }, h("strong", {}, "Note"), h("span", {}, marked(full(warning)))),
      h(
        "p",
        { class: "quiet small" },
        "It leads to ",
        addresses.map((address, at) => [at > 0 && ", ", h("code", {}, address)]),
        ".",
      ),
    ),
  );
}

function join() {
  const told = read(pasted);
  return h(
    "section",
    { class: "card", "data-key": FORM, "aria-labelledby": "join-title" },
    h("h2", { id: "join-title" }, "Join with an invitation"),
    h(
      "p",
      { class: "quiet" },
      "The whole line that you were sent. Only what it says is done: its addresses become neighbors of this beacon.",
    ),
    h(
      "form",
      { class: "fields", autocomplete: "off", "data-form": FORM },
      field(
        FORM,
        "invitation",
        "Paste the invitation",
        { required: true, rows: 4, spellcheck: "false", placeholder: "beacon:?v=1&id=…", wide: true },
        { kind: "textarea" },
      ),
      h("p", { class: "quiet small wide", role: "status" }, told),
      h("div", { class: "deeds wide" }, h("button", { type: "submit", class: "main", ...whileBusy(standing(FORM).stage === "busy") }, "Join")),
    ),
    outcome(FORM),
    isRestartNeeded &&
      h(
        "p",
        { class: "notice warning" },
        h("strong", {}, "Restart"),
        h("span", {}, "This beacon is in that network once it was started again."),
      ),
  );
}

/** What an invitation says, so that the reader sees it before joining. The beacon itself reads it strictly. */
function read(text) {
  const found = /beacon:\?(\S+)/.exec(text.replaceAll("&amp;", "&"));
  if (!found) return "";
  const said = new URLSearchParams(found[1]);
  const [id, addresses] = [said.get("id") ?? "", said.getAll("at")];
  if (!id || addresses.length === 0) return "It seems not to be whole.";
  return `To beacon ${id.slice(0, 8)} at ${addresses.join(", ")}${said.has("key") ? ", with the key of its network" : ""}.`;
}

async function make(withKey, { render }) {
  Object.assign(made, { isBusy: true, problem: null });
  render();
  try {
    made.answer = (await order("GET", withKey ? "invitation?key=true" : "invitation")) ?? made.answer;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    made.problem = problem;
  }
  made.isBusy = false;
  render();
}

/** What is pasted is read at once. */
export function listen(place, tools) {
  place.addEventListener("input", ({ target }) => {
    if (target.form?.dataset.form !== FORM) return;
    pasted = target.value;
    tools.render();
  });
  place.addEventListener("change", async ({ target }) => {
    if (target.id !== "with-key") return;
    await make(target.checked, tools);
    target.checked = made.answer?.has_key ?? false;
  });
}

/** The reader is elsewhere: a secret does not stay on the page. */
export function forget() {
  if (made.answer?.has_key) made.answer = null;
}

async function submit({ invitation: text }, tools) {
  if (!judge(FORM, { invitation: text.trim() === "" && "Paste the line that you were sent." }, tools)) return;
  const answer = await carryOut(FORM, tools, "POST", "invitation", { invitation: text.trim() });
  isRestartNeeded = answer?.restart_needed ?? false;
  if (answer) {
    pasted = "";
    finish(tools.form);
  }
  tools.render();
}

export const forms = { [FORM]: submit };

export const deeds = {
  invite: (_, tools) => make(made.answer?.has_key ?? false, tools),
  async copyinvitation({ text }, { announce, target }) {
    const field = document.getElementById("invitation");
    try {
      await navigator.clipboard.writeText(text);
      announce("Copied");
      target.classList.add("copied");
      setTimeout(() => target.classList.remove("copied"), 1500);
    } catch {
      // Without a secure connection the clipboard is closed; the text is marked, ready to be copied by hand.
      field.focus();
      field.select();
      announce("Marked: copy it with the keyboard");
    }
  },
};
