//! The models that are checked: those that are safe, and those with a part of the rule left out.

use super::variant::{Extra, Variant};

/// Two attempts each, and a third: enough for giving way, trying again, and being asked for by late messages meanwhile.
pub(crate) const THREE: Variant =
    Variant { attempts: 3, extras: &[Extra::NotesGivingWay, Extra::FairRuns], ..Variant::new(3, 2) };
/// Everything a beacon can say and take back.
pub(crate) const THREE_TALKING: Variant =
    Variant { crashes: 1, extras: &[Extra::Refusals, Extra::Undo], ..Variant::new(3, 2) };
/// Crashes at any moment, of the same beacon or of two.
pub(crate) const THREE_CRASHING: Variant =
    Variant { attempts: 2, crashes: 2, extras: &[Extra::Undo, Extra::FairRuns], ..Variant::new(3, 2) };
/// A deleted copy comes back, maybe after a command that was given twice.
pub(crate) const THREE_RETURNING: Variant = Variant { fetches: 1, ..THREE_CRASHING };
/// Messages of attempts long over arrive in the next ones.
pub(crate) const TWO_WITH_OLD_MESSAGES: Variant =
    Variant { attempts: 2, crashes: 1, extras: &[Extra::OldMessages], ..Variant::new(2, 1) };
/// The same among three, with one attempt each.
pub(crate) const THREE_WITH_OLD_MESSAGES: Variant =
    Variant { crashes: 1, extras: &[Extra::OldMessages], ..Variant::new(3, 2) };
/// Two copies too many.
pub(crate) const FOUR: Variant = Variant { extras: &[Extra::FairRuns], ..Variant::new(4, 2) };
/// One copy too many among more.
pub(crate) const FOUR_OF_WHICH_THREE_STAY: Variant = Variant::new(4, 3);
/// Copies in two domains, of which one each has to stay.
pub(crate) const THREE_IN_TWO_DOMAINS: Variant =
    Variant { attempts: 2, crashes: 1, domains: Some(&[0, 0, 1]), extras: &[Extra::FairRuns], ..Variant::new(3, 2) };
/// One liar, and a margin of one.
pub(crate) const FOUR_WITH_A_LIAR: Variant =
    Variant { crashes: 1, liars: 1, margin: 1, extras: &[Extra::FairRuns], ..Variant::new(4, 2) };
