//! Floor 2: from census to actions, each with its reason.
