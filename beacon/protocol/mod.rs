//! Floor 2: the sans-IO protocol: membership, flood and object exchange.
