// What the reader typed into forms, kept while other views are looked at.

/** By form: what its fields say. */
const drafts = new Map();
/** Forms that say already what was typed. */
const restored = new WeakSet();

/** Notes what is typed in forms with `data-form`. Files and secrets are not kept. */
export function listen(place) {
  place.addEventListener("input", ({ target }) => {
    const form = target.form?.dataset.form;
    if (!form || !target.name || target.type === "file" || target.type === "password") return;
    const draft = drafts.get(form) ?? {};
    draft[target.name] = target.type === "checkbox" ? target.checked : target.value;
    drafts.set(form, draft);
  });
}

/** Fills forms that are new on the page with what was typed before. */
export function restore(place) {
  for (const form of place.querySelectorAll("form[data-form]")) {
    if (restored.has(form)) continue;
    restored.add(form);
    for (const [name, value] of Object.entries(drafts.get(form.dataset.form) ?? {})) {
      const field = form.elements[name];
      if (!field) continue;
      if (field.type === "checkbox") field.checked = value;
      else field.value = value;
    }
  }
}

/** The reader is done with a form: it is empty again. */
export function finish(form) {
  drafts.delete(form.dataset.form);
  form.reset();
}
