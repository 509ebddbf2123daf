//! Debian's Chromium, driven through `WebDriver`. Things on a page are found as a screen reader finds them.

mod audit;
mod chromium;
mod console;
mod find;
mod look;
mod page;

pub(crate) use look::Look;
pub(crate) use page::{Browser, soon};
