//! Finding things by the role and the name that the browser computes for screen readers.

use fantoccini::elements::{Element, ElementRef};
use serde_json::{Value, json};

use super::page::{Browser, soon};

/// Finds what has a role and a name and can be seen: what is called exactly so, or else what has it in its name. Where
/// there is none, tells the names of what has the role.
const FIND: &str = r#"
const [role, name] = arguments;
const tags = {
  alert: "", button: "button,input,summary", combobox: "select,input", heading: "h1,h2,h3,h4", link: "a",
  searchbox: "input", status: "output", textbox: "input,textarea",
}[role] ?? "*";
const kinds = [tags, `[role="${role}"]`].filter(Boolean).join();
const seen = [...document.querySelectorAll(kinds)].filter((element) =>
  element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && element.computedRole === role);
const called = (element) => element.computedName.replace(/\s+/g, " ").trim();
return seen.find((element) => called(element) === name)
  ?? seen.find((element) => called(element).includes(name))
  ?? seen.map(called);
"#;

/// Under which `WebDriver` passes an element on.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

impl Browser {
    /// What has this role (as `button`, `link`, `textbox`, `heading`) and this name, or has it in its name.
    pub(crate) fn find(&self, role: &str, name: &str) -> Result<Value, String> {
        let found = self.try_script(FIND, &[json!(role), json!(name)])?;
        match found.get(ELEMENT) {
            Some(_) => Ok(found),
            None => Err(format!("no {role} `{name}`, only {found}")),
        }
    }

    /// Waits until it is there.
    pub(crate) fn meets(&self, role: &str, name: &str) -> Value {
        soon(&format!("there is a {role} `{name}`"), || self.find(role, name))
    }

    /// Waits until it is there no more.
    pub(crate) fn loses(&self, role: &str, name: &str) {
        soon(&format!("there is no {role} `{name}` any more"), || match self.find(role, name) {
            Ok(_) => Err("it is there".to_owned()),
            Err(_) => Ok(()),
        });
    }

    /// Clicks on it as soon as it can be clicked on, in the middle of the window, where nothing that stays at an edge covers it.
    pub(crate) fn press(&self, role: &str, name: &str) {
        soon(&format!("the {role} `{name}` can be pressed"), || {
            let element = self.element(role, name)?;
            if !self.chromium.wait(element.is_enabled())? {
                return Err("it is disabled".to_owned());
            }
            self.to_middle(name, &element)?;
            self.chromium.wait(element.click())
        });
    }

    /// Puts a text into a field, in place of what is in it.
    pub(crate) fn fill(&self, role: &str, name: &str, text: &str) {
        soon(&format!("the {role} `{name}` takes a text"), || {
            let element = self.element(role, name)?;
            self.to_middle(name, &element)?;
            self.chromium.wait(element.clear())?;
            self.chromium.wait(element.send_keys(text))
        });
    }

    /// Chooses an option by its text.
    pub(crate) fn choose(&self, name: &str, option: &str) {
        soon(&format!("`{name}` can be set to `{option}`"), || {
            let element = self.element("combobox", name)?;
            self.chromium.wait(element.select_by_label(option))
        });
    }

    /// What can be read in it.
    pub(crate) fn reads(&self, role: &str, name: &str) -> Result<String, String> {
        let found = self.find(role, name)?;
        let text = self.try_script("return arguments[0].value ?? arguments[0].innerText", &[found])?;
        text.as_str().map(str::to_owned).ok_or_else(|| format!("no text: {text}"))
    }

    fn to_middle(&self, name: &str, element: &Element) -> Result<(), String> {
        let element = serde_json::to_value(element).map_err(|error| format!("{name}: {error}"))?;
        self.try_script("arguments[0].scrollIntoView({ block: 'center' })", &[element]).map(drop)
    }

    fn element(&self, role: &str, name: &str) -> Result<Element, String> {
        let found = self.find(role, name)?;
        let id = found[ELEMENT].as_str().unwrap_or_default().to_owned();
        Ok(Element::from_element_id(self.chromium.client.clone(), ElementRef::from(id)))
    }
}
