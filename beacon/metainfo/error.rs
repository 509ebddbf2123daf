//! Why bytes are not a torrent that a beacon takes.

use thiserror::Error;

use super::limits::{
    BENCODE_DEPTH_MAX, BENCODE_TOKENS_MAX, BLOCK_LENGTH, FILES_MAX, METAINFO_BYTES_MAX, PATH_BYTES_MAX,
    PATHS_BYTES_MAX, PIECE_LENGTH_MAX,
};

/// Why bytes are not a torrent that a beacon takes. Paths are shown cut where they are long.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MetainfoError {
    /// Not bencoded, or too large.
    #[error("this is not a .torrent file: {0}")]
    Bencode(#[from] BencodeError),
    /// A key that every torrent of its kind has is not there.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A key has a value of a wrong kind.
    #[error("`{key}` is not {expected}")]
    WrongType {
        /// The key.
        key: &'static str,
        /// What it should have been.
        expected: &'static str,
    },
    /// A version of the format that came after this program.
    #[error("`meta version` is {0}; known are 1 and 2")]
    UnknownVersion(String),
    /// Both `length`, for one file, and `files`, for several.
    #[error("both `length` and `files` are there, so that readers could disagree on what is in it")]
    LengthAndFiles,
    /// Neither `length`, for one file, nor `files`, for several.
    #[error("neither `length` nor `files` is there, so that nobody can know what is in it")]
    NeitherLengthNorFiles,
    /// A piece length that is zero or larger than any client takes.
    #[error("the piece length is {0}, which is not between 1 and {PIECE_LENGTH_MAX} bytes (BEP 3)")]
    PieceLength(String),
    /// A piece length that v2 does not allow.
    #[error("the piece length is {0}, which is not a power of two from {BLOCK_LENGTH} bytes up, as v2 needs (BEP 52)")]
    PieceLengthV2(u64),
    /// As many piece hashes as the files cannot have.
    #[error("`pieces` has {found} bytes; {expected} pieces of 20 bytes each are needed")]
    PieceCount {
        /// The bytes found.
        found: usize,
        /// The pieces that the files make.
        expected: u64,
    },
    /// A file with a negative length.
    #[error("the file `{0}` has a negative length")]
    NegativeLength(String),
    /// A file, or all together, longer than 63 bits can say.
    #[error("the length of `{0}` is more than 2^63 - 1 bytes, or makes the sum so")]
    LengthOverflow(String),
    /// A symbolic link with data of its own.
    #[error("`{0}` is a symbolic link and yet has a length")]
    SymlinkWithLength(String),
    /// A path that could lead out of the torrent's directory, or that clients would change.
    #[error("the path `{path}` {problem}")]
    Path {
        /// The path.
        path: String,
        /// What is wrong with it.
        problem: PathProblem,
    },
    /// Two files of one path.
    #[error("the file `{0}` is there twice")]
    DuplicateFile(String),
    /// A path that is both a file and the directory of another.
    #[error("`{0}` is both a file and a directory")]
    FileIsDirectory(String),
    /// More files than are read.
    #[error("there are more than {FILES_MAX} files, the most that is read")]
    TooManyFiles,
    /// Paths that are longer than the file that tells them has a reason to make them.
    #[error("the paths of all files are longer than {PATHS_BYTES_MAX} bytes, the most that is read")]
    PathsTooLong,
    /// No files, or only empty ones. Clients refuse such torrents too.
    #[error("there is no data in it: no files, or only empty ones")]
    NoData,
    /// A v2 file with data and no `pieces root`, or one that is not 32 bytes.
    #[error("the file `{0}` has no `pieces root` of 32 bytes")]
    PiecesRoot(String),
    /// The piece hashes of a v2 file are not there, though those of others may be.
    #[error("`piece layers` says nothing of the file `{0}`")]
    LayerMissing(String),
    /// The piece hashes of a v2 file are too few, too many, or not those that its root was made of.
    #[error("the piece hashes of the file `{0}` in `piece layers` do not make its `pieces root`")]
    LayerWrong(String),
    /// The v1 and the v2 half of a hybrid torrent are not of the same files.
    #[error("the v1 and the v2 half of this hybrid torrent differ at the file `{0}`")]
    HybridMismatch(String),
    /// A file of a hybrid torrent does not begin at a piece, so that v1 and v2 clients could not share data.
    #[error("the file `{0}` of this hybrid torrent does not begin at a piece; padding is missing before it")]
    HybridUnaligned(String),
}

/// What is wrong with a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PathProblem {
    /// No parts at all.
    #[error("has no parts")]
    NoParts,
    /// A part of no bytes.
    #[error("has an empty part")]
    EmptyPart,
    /// A part that is `.` or `..`.
    #[error("has a part that is `.` or `..`, which leads elsewhere")]
    Traversal,
    /// It begins at the root of a file system or with a drive.
    #[error("is absolute")]
    Absolute,
    /// A part with `/` or `\` in it.
    #[error("has a separator, `/` or `\\`, within a part")]
    Separator,
    /// A part with a NUL byte in it.
    #[error("has a NUL byte in it")]
    Nul,
    /// Longer than file systems take.
    #[error("is longer than {PATH_BYTES_MAX} bytes")]
    TooLong,
    /// A part that is not a string.
    #[error("has a part that is not a string")]
    NotAString,
}

/// What is wrong with bytes that should have been bencoded, and at which byte, counted from 0.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BencodeError {
    /// More bytes than are looked at.
    #[error("{length} bytes are more than {METAINFO_BYTES_MAX}, the most that is read")]
    TooLarge {
        /// How many there are.
        length: usize,
    },
    /// The bytes end before the value does.
    #[error("the data ends within a value that begins at byte {offset}")]
    UnexpectedEnd {
        /// Where the value begins.
        offset: usize,
    },
    /// A byte that cannot stand there.
    #[error("byte {offset} is {byte:#04x}, which cannot stand there")]
    UnexpectedByte {
        /// Where it stands.
        offset: usize,
        /// What it is.
        byte: u8,
    },
    /// A number with a leading zero or a negative zero: there would be two ways to write it.
    #[error("the number at byte {offset} has a leading zero or is a negative zero")]
    NotCanonicalNumber {
        /// Where its digits begin.
        offset: usize,
    },
    /// A dictionary's key is no string.
    #[error("the dictionary key at byte {offset} is not a string")]
    KeyNotAString {
        /// Where it stands.
        offset: usize,
    },
    /// A dictionary's last key has no value.
    #[error("the dictionary that ends at byte {offset} has a key without a value")]
    KeyWithoutValue {
        /// Where the dictionary ends.
        offset: usize,
    },
    /// A dictionary has a key twice, so that two readers could see different values.
    #[error("the dictionary that begins at byte {offset} has the key `{key}` twice")]
    DuplicateKey {
        /// Where the dictionary begins.
        offset: usize,
        /// The key, as far as it is text.
        key: String,
    },
    /// Lists and dictionaries within each other, too deep.
    #[error("the value at byte {offset} is nested deeper than {BENCODE_DEPTH_MAX} levels")]
    TooDeep {
        /// Where the first one too many begins.
        offset: usize,
    },
    /// Too many values.
    #[error("more than {BENCODE_TOKENS_MAX} values, the most that is read")]
    TooManyValues,
    /// Something follows after the end.
    #[error("trailing data: {extra} bytes follow after the end at byte {offset}; cut them off")]
    TrailingData {
        /// Where the value ends.
        offset: usize,
        /// How many bytes are left.
        extra: usize,
    },
}
