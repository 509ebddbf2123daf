//! Floor 4: QUIC between beacons, STUN, and discovery on the local network.
