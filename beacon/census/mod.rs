//! Floor 1: who holds what, and the copies that makes.
