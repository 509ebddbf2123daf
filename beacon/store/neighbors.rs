//! The neighbors that the user named while the beacon ran.

use super::{Store, StoreError};
use crate::model::DialAddress;

impl Store {
    /// The neighbors that were named, by their addresses' text.
    pub fn neighbors(&self) -> Result<Vec<DialAddress>, StoreError> {
        let rows = self.rows("SELECT address FROM neighbors ORDER BY address", |row| row.get::<_, String>(0))?;
        let address = |text: &String| text.parse().map_err(|_no_address| self.nonsense("the table of neighbors"));
        rows.iter().map(address).collect()
    }

    /// Writes down that a neighbor is to be dialed after the next start too, or no longer. It is on the disk when this
    /// returns.
    pub fn set_neighbor(&mut self, address: &DialAddress, is_kept: bool) -> Result<(), StoreError> {
        let statement = if is_kept {
            "INSERT OR IGNORE INTO neighbors (address) VALUES (?1)"
        } else {
            "DELETE FROM neighbors WHERE address = ?1"
        };
        let set = self.connection.execute(statement, [address.to_string()]);
        set.map(|_| ()).map_err(|source| self.failed(source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbors_outlive_a_restart_until_they_are_taken_back() {
        let dir = tempfile::tempdir().expect("a directory");
        let pinned = format!("{}@[2001:db8::7]:9000", "ab".repeat(32));
        let [one, two] = ["host.example:1", &pinned].map(|text| text.parse::<DialAddress>().expect("an address"));
        let mut store = Store::open(dir.path()).expect("opens");
        for address in [&one, &two, &one] {
            store.set_neighbor(address, true).expect("named");
        }
        drop(store);
        let mut store = Store::open(dir.path()).expect("opens again");
        assert_eq!(store.neighbors().expect("read"), [two.clone(), one.clone()]);
        store.set_neighbor(&two, false).expect("taken back");
        store.set_neighbor(&two, false).expect("nothing to take back");
        assert_eq!(store.neighbors().expect("read"), [one]);
        store.connection.execute("INSERT INTO neighbors (address) VALUES ('nowhere')", []).expect("inserted");
        assert!(matches!(store.neighbors(), Err(StoreError::Damaged { .. })));
    }
}
