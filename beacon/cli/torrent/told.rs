//! What is told of a torrent, in the same way when it is made and when it is shown.

use serde_json::{Value, json};

use crate::{
    metainfo::{Magnet, Metainfo, Version},
    model::{ByteSize, InfoHash, readable},
};

/// Everything but the files, for programs.
pub(super) fn summary(metainfo: &Metainfo) -> Value {
    json!({
        "info_hash": metainfo.info_hash().to_string(),
        "info_hash_v1": metainfo.hashes.v1.map(|hash| InfoHash::V1(hash).to_string()),
        "info_hash_v2": metainfo.hashes.v2.map(|hash| InfoHash::V2(hash).to_string()),
        "version": version(metainfo),
        "name": metainfo.name,
        "size": metainfo.size,
        "piece_length": metainfo.piece_length,
        "pieces": metainfo.pieces(),
        "private": metainfo.private,
        "trackers": metainfo.trackers,
        "web_seeds": metainfo.web_seeds,
        "magnet": Magnet::from(metainfo).to_string(),
    })
}

/// The lines that begin what people read.
pub(super) fn headline(metainfo: &Metainfo) -> Vec<String> {
    let mut lines = vec![format!("name        {}", readable(&metainfo.name))];
    lines.extend(metainfo.hashes.iter().map(|hash| match hash {
        InfoHash::V1(_) => format!("info-hash   {hash}"),
        InfoHash::V2(_) => format!("info-hash 2 {hash}"),
    }));
    let files = metainfo.files.iter().filter(|file| !file.padding).count();
    let files = if files == 1 { "1 file".to_owned() } else { format!("{files} files") };
    lines.push(format!("size        {} in {files}", ByteSize::from_bytes(metainfo.size)));
    let length = binary(metainfo.piece_length);
    lines.push(format!("pieces      {} of {length}, {}", metainfo.pieces(), version(metainfo)));
    if metainfo.private {
        lines.push("private     only its own trackers may tell of peers".to_owned());
    }
    lines.extend(metainfo.trackers.iter().map(|url| format!("tracker     {}", readable(url))));
    lines.extend(metainfo.web_seeds.iter().map(|url| format!("web seed    {}", readable(url))));
    lines.push(format!("magnet      {}", Magnet::from(metainfo)));
    lines
}

fn version(metainfo: &Metainfo) -> &'static str {
    match metainfo.version {
        Version::V1 => "v1",
        Version::V2 => "v2",
        Version::Hybrid => "hybrid",
    }
}

/// A piece length as people write it: most are powers of two.
fn binary(bytes: u64) -> String {
    let unit = [("MiB", 1_u64 << 20), ("KiB", 1 << 10)].into_iter().find(|(_, scale)| bytes.is_multiple_of(*scale));
    unit.map_or_else(|| format!("{bytes} B"), |(name, scale)| format!("{} {name}", bytes / scale))
}
