//! A number that stands for everything that happened, to compare two runs by.

use crate::{
    model::{InfoHash, Instant, stir},
    node::Output,
    wire::Message,
};

/// A running hash. It tells runs apart; it does not withstand malice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Trace(u64);

impl Trace {
    /// The number so far.
    pub(super) const fn hash(self) -> u64 {
        self.0
    }

    /// Something of this kind happened to this beacon.
    pub(super) fn event(&mut self, at: Instant, kind: u64, beacon: usize) {
        self.word(at.as_millis());
        self.word(kind << 32 ^ beacon as u64);
    }

    /// A message arrived.
    pub(super) fn message(&mut self, message: &Message) {
        self.word(message.size_estimate() as u64);
        match message {
            Message::Hellos(hellos) => {
                for hello in hellos {
                    self.bytes(&hello.bytes()[hello.bytes().len() - 64..]);
                }
            }
            Message::HaveHellos(ids) | Message::AskHellos(ids) => {
                for id in ids {
                    self.bytes(&id.beacon);
                    self.word(u64::from(id.incarnation) << 32 | u64::from(id.seq));
                }
            }
            Message::Summary(sums) => sums.iter().for_each(|sum| self.word(*sum)),
            Message::WantStatus { beacon, root, .. }
            | Message::Status { beacon, root, .. }
            | Message::NoStatus { beacon, root } => {
                self.bytes(beacon.as_bytes());
                self.bytes(root.as_bytes());
            }
            _ => {}
        }
    }

    /// A node wants something done. Messages are counted where they arrive.
    pub(super) fn output(&mut self, output: &Output) {
        match output {
            Output::Send(link, _) => self.word(1 << 56 ^ link.0),
            Output::Dial(address) => {
                self.word(2 << 56);
                self.bytes(address.host.as_bytes());
            }
            Output::Close { link, .. } => self.word(3 << 56 ^ link.0),
            Output::Fetch { info_hash, peers } => self.torrent(4 << 56 ^ peers.len() as u64, info_hash),
            Output::Cancel(info_hash) => self.torrent(5 << 56, info_hash),
            Output::Serve(info_hash) => self.torrent(6 << 56, info_hash),
            Output::Quarantine(info_hash) => self.torrent(10 << 56, info_hash),
            Output::Delete(info_hash) => self.torrent(11 << 56, info_hash),
            Output::Restore(info_hash) => self.torrent(12 << 56, info_hash),
            Output::AddPeers { info_hash, peers } => self.torrent(7 << 56 ^ peers.len() as u64, info_hash),
            Output::Note(note) => {
                self.word(8 << 56);
                self.bytes(note.text.as_bytes());
            }
            Output::LedgerRemove(_)
            | Output::SavePin { .. }
            | Output::SaveRequest { .. }
            | Output::SaveMode(_)
            | Output::SaveDrain(_)
            | Output::SaveNeighbor { .. }
            | Output::ReadMetainfo { .. }
            | Output::SaveMetainfo { .. }
            | Output::SaveMember(_)
            | Output::ForgetMember(_)
            | Output::SaveIncarnation(_) => self.word(9 << 56),
        }
    }

    fn torrent(&mut self, word: u64, info_hash: &InfoHash) {
        self.word(word);
        self.bytes(info_hash.as_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
    }

    const fn word(&mut self, word: u64) {
        self.0 = stir(self.0, word);
    }
}
