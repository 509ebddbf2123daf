//! Floor 4: configuration: file, environment and flags.
//!
//! What stands in a flag counts before what stands in a `BEACON_...` variable, that before the file, and that before the
//! defaults. Every error names where the value came from: file, line and column, or the variable, or the flag.

mod client;
mod duration;
mod error;
mod given;
mod hook;
mod hook_schema;
mod key;
mod layers;
mod load;
mod notify;
#[cfg(test)]
mod notify_tests;
mod schema;
mod schema_keys;
mod settings;
mod shown;
#[cfg(test)]
mod tests;

pub use duration::{ParseDurationError, format_duration, parse_duration};
pub use error::{ConfigError, ConfigFault};
pub use hook::{BodyFormat, HookTarget, NotifyHook, Webhook};
pub use key::{ClientKind, KEYS, Key};
pub use layers::Override;
pub use load::{DEFAULT_FILE, Sources, host_name, load};
pub use schema::{key_table, schema};
pub use settings::{
    ClientSettings, EmbeddedSettings, QbittorrentSettings, Reclaim, Secret, Settings, Storage, Timing, TrackerSettings,
};
