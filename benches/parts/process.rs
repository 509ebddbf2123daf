//! What a process has taken, as Linux tells it.

use std::{error::Error, fs, process::Child};

/// Its processor time so far, in ticks of the clock that `getconf CLK_TCK` tells.
pub(crate) fn ticks(beacon: &Child) -> Result<u64, Box<dyn Error>> {
    let stat = fs::read_to_string(format!("/proc/{}/stat", beacon.id()))?;
    // The name in parentheses may hold spaces; the fields after it do not.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let [user, system] = [11, 12].map(|place| fields.get(place).and_then(|field| field.parse::<u64>().ok()));
    Ok(user.ok_or("no user time")? + system.ok_or("no system time")?)
}

/// Its resident memory, in bytes.
pub(crate) fn resident(beacon: &Child) -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string(format!("/proc/{}/status", beacon.id()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no resident size")?;
    let kibibytes: u64 = line.split_whitespace().next().ok_or("no number")?.parse()?;
    Ok(kibibytes * 1_024)
}
