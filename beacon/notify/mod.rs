//! Floor 2: whom to tell what, and when: from successive looks at a beacon to messages for its user.
//!
//! [`Notifier`] is a state machine without clock, sockets and disk. Whoever drives it hands it an [`Observation`] with the
//! time now and then, delivers the [`Message`]s, and keeps what it says was told, so that a restart tells nothing twice.
//! What holds is told once it has held for a while, once, and again only after it was over for a while. No hook is told
//! more often than its user wants: what comes too fast is gathered into one message.

mod event;
mod facts;
mod hook;
mod notifier;
mod observation;
mod policy;
mod sentences;
#[cfg(test)]
mod tests;
mod watch;

pub use event::{Event, EventKind, Message, Phase};
pub use notifier::{Delivery, Notifier, ToldChange};
pub use observation::{
    ClientCondition, CollectionSeen, DiskSeen, DrainSeen, FailedAction, GoneMember, LackingTorrent, Observation,
};
pub use policy::Policy;
pub use watch::Subject;
