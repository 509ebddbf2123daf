//! Where a value may come from, and which of several counts.

use std::collections::BTreeMap;

use super::{
    ConfigError, ConfigFault, Key,
    given::{Given, Input},
    key::{EVENT_VARIABLES, KEYS, OTHER_VARIABLES, SECTIONS, VARIABLE_PREFIX, names_in},
};
use crate::json::{JsonError, Located, Node, Object, nearest};

/// A value that a flag gives to a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// The path of the key, such as `client.url`.
    pub key: String,
    /// What the flag is called, for errors.
    pub flag: String,
    /// The value, written as in an environment variable.
    pub value: String,
}

/// All that is given, in all places.
#[derive(Debug)]
pub(super) struct Layers<'a> {
    file: Option<FileLayer<'a>>,
    variables: BTreeMap<&'static str, (String, &'a str)>,
    flags: &'a [Override],
}

#[derive(Debug)]
struct FileLayer<'a> {
    name: &'a str,
    root: Object<'a>,
    sections: Vec<(&'static str, Object<'a>)>,
}

impl<'a> Layers<'a> {
    /// Takes in the file (its name and root), the environment and the flags, and refuses what sets nothing.
    pub(super) fn new(
        file: Option<(&'a str, Node<'a>)>,
        environment: &'a BTreeMap<String, String>,
        flags: &'a [Override],
    ) -> Result<Self, ConfigError> {
        let file =
            file.map(|(name, root)| FileLayer::new(name, root).map_err(|error| in_file(name, error))).transpose()?;
        for flag in flags {
            if Key::find(&flag.key).is_none() {
                let suggestion = nearest(&flag.key, KEYS.iter().map(|key| key.path));
                let fault = ConfigFault::UnknownKey { key: flag.key.clone(), suggestion };
                return Err(ConfigError { origin: flag.flag.clone(), fault });
            }
        }
        Ok(Self { file, variables: variables(environment)?, flags })
    }

    /// What is given for `key`, from the place that counts most; `None` where the default holds.
    pub(super) fn given(&self, path: &str) -> Option<Given<'a>> {
        // An empty value counts as none given: that is what templates of service managers leave behind.
        let flag = self.flags.iter().rev().find(|flag| flag.key == path && !flag.value.is_empty());
        if let Some(flag) = flag {
            return Given::text(Input::Text(&flag.value), flag.flag.clone());
        }
        if let Some((variable, value)) = self.variables.get(path) {
            return Given::text(Input::Text(value), variable.clone());
        }
        let file = self.file.as_ref()?;
        file.value(path).map(|node| Given::new(Input::Node(node), file.origin(node)))
    }
}

impl<'a> FileLayer<'a> {
    fn new(name: &'a str, root: Node<'a>) -> Result<Self, Located<JsonError>> {
        let root = root.object(&names_in(None))?;
        let mut sections = Vec::new();
        for section in SECTIONS {
            if let Some(node) = root.get(section) {
                sections.push((section, node.object(&names_in(Some(section)))?));
            }
        }
        Ok(Self { name, root, sections })
    }

    fn value(&self, path: &str) -> Option<Node<'a>> {
        match path.split_once('.') {
            None => self.root.get(path),
            Some((section, name)) => self.sections.iter().find(|(of, _)| *of == section)?.1.get(name),
        }
    }

    fn origin(&self, node: Node<'a>) -> String {
        format!("{}:{}", self.name, node.position())
    }
}

/// An error of the JSON floor in the file `name`.
pub(super) fn in_file(name: &str, error: Located<JsonError>) -> ConfigError {
    ConfigError { origin: format!("{name}:{}", error.at), fault: error.error.into() }
}

/// The variables that set something, by key.
fn variables(environment: &BTreeMap<String, String>) -> Result<BTreeMap<&'static str, (String, &str)>, ConfigError> {
    let mut known = BTreeMap::new();
    for (variable, value) in environment {
        let is_other = OTHER_VARIABLES.contains(&variable.as_str()) || variable.starts_with(EVENT_VARIABLES);
        if !variable.starts_with(VARIABLE_PREFIX) || is_other {
            continue;
        }
        let Some(key) = KEYS.iter().find(|key| key.variable() == *variable) else {
            let names: Vec<String> = KEYS.iter().map(Key::variable).collect();
            let suggestion = nearest(variable, names.iter().map(String::as_str).chain(OTHER_VARIABLES));
            return Err(ConfigError { origin: variable.clone(), fault: ConfigFault::UnknownVariable(suggestion) });
        };
        if !value.is_empty() {
            known.insert(key.path, (variable.clone(), value.as_str()));
        }
    }
    Ok(known)
}
