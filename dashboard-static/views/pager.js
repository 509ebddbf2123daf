// The way through more than fits a page.

import { h } from "../js/dom.js";
import { count } from "../js/format.js";
import { adjusted, whole } from "../js/route.js";

/** Links to the other pages of `total` things, of which `shown` are on this one and `size` on a full one; `setting` of the address says where it begins. */
export function pager({ total, shown, size, setting = "offset" }, route) {
  const offset = whole(route, setting);
  if (total <= size && offset === 0) return null;
  const link = (text, to, enabled) =>
    h(
      "a",
      { class: "button", href: enabled ? adjusted(route, { [setting]: to || "" }) : null, "aria-disabled": enabled ? null : "true" },
      text,
    );
  const last = Math.floor(Math.max(0, total - 1) / size) * size;
  const span = shown > 0 ? `${count(offset + 1)}–${count(offset + shown)} of ${count(total)}` : `none of ${count(total)}`;
  return h(
    "nav",
    { class: "pager", "aria-label": "Pages" },
    link("« First", 0, offset > 0),
    link("‹ Earlier", Math.max(0, offset - size), offset > 0),
    h("span", {}, span),
    link("Later ›", offset + size, offset + size < total),
    link("Last »", last, offset < last),
  );
}
