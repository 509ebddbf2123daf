//! How the files of a torrent lie one behind the other, and which parts of which files make up each piece.

/// The files of a torrent one behind the other, cut into pieces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    piece_length: u64,
    /// In order, without gaps and without any of no length.
    spans: Vec<Span>,
    total: u64,
}

/// A part of a piece: bytes of one file, or zeros between files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// The number of the file; `None` for zeros that are in no file (BEP 47).
    pub file: Option<usize>,
    /// Where in the file it begins, in bytes.
    pub offset: u64,
    /// Its bytes, more than none.
    pub length: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    start: u64,
    end: u64,
    file: Option<usize>,
}

impl Layout {
    /// Files of these lengths. Where `aligned`, every file is filled up with zeros to whole pieces, so that none begins
    /// within a piece. Nothing where the sum is beyond what 63 bits can say.
    pub(super) fn new(lengths: impl IntoIterator<Item = u64>, piece_length: u64, aligned: bool) -> Option<Self> {
        let mut layout = Self { piece_length, spans: Vec::new(), total: 0 };
        for (file, length) in lengths.into_iter().enumerate() {
            layout.push(Some(file), length)?;
            if aligned {
                layout.push(None, padding_after(length, piece_length))?;
            }
        }
        Some(layout)
    }

    /// Bytes of every piece but the last.
    pub fn piece_length(&self) -> u64 {
        self.piece_length
    }

    /// How many pieces there are.
    pub fn pieces(&self) -> u64 {
        self.total.div_ceil(self.piece_length)
    }

    /// What makes up a piece, in order.
    pub fn segments(&self, piece: u64) -> impl Iterator<Item = Segment> {
        let start = piece.saturating_mul(self.piece_length);
        let end = start.saturating_add(self.piece_length);
        let first = self.spans.partition_point(|span| span.end <= start);
        self.spans[first..].iter().take_while(move |span| span.start < end).map(move |span| {
            let from = span.start.max(start);
            Segment { file: span.file, offset: from - span.start, length: span.end.min(end) - from }
        })
    }

    fn push(&mut self, file: Option<usize>, length: u64) -> Option<()> {
        let end = self.total.checked_add(length).filter(|&end| i64::try_from(end).is_ok())?;
        if length > 0 {
            self.spans.push(Span { start: self.total, end, file });
        }
        self.total = end;
        Some(())
    }
}

/// The zeros that fill a file up to whole pieces.
pub(super) fn padding_after(length: u64, piece_length: u64) -> u64 {
    length.next_multiple_of(piece_length) - length
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segments(layout: &Layout, piece: u64) -> Vec<(Option<usize>, u64, u64)> {
        layout.segments(piece).map(|segment| (segment.file, segment.offset, segment.length)).collect()
    }

    #[test]
    fn pieces_run_across_files_and_skip_empty_ones() {
        let layout = Layout::new([3, 0, 10, 4], 8, false).expect("small");
        assert_eq!(layout.pieces(), 3);
        assert_eq!(segments(&layout, 0), [(Some(0), 0, 3), (Some(2), 0, 5)]);
        assert_eq!(segments(&layout, 1), [(Some(2), 5, 5), (Some(3), 0, 3)]);
        assert_eq!(segments(&layout, 2), [(Some(3), 3, 1)]);
        assert_eq!(segments(&layout, 3), []);
    }

    #[test]
    fn aligned_files_are_filled_up_to_whole_pieces() {
        let layout = Layout::new([3, 0, 16, 4], 8, true).expect("small");
        assert_eq!(layout.pieces(), 4);
        assert_eq!(segments(&layout, 0), [(Some(0), 0, 3), (None, 0, 5)]);
        assert_eq!(segments(&layout, 2), [(Some(2), 8, 8)]);
        assert_eq!(segments(&layout, 3), [(Some(3), 0, 4), (None, 0, 4)]);
    }

    #[test]
    fn more_than_63_bits_are_too_much() {
        assert_eq!(Layout::new([u64::MAX >> 1, 1], 8, false), None);
        assert_eq!(Layout::new([u64::MAX >> 1], 1 << 20, true), None);
    }
}
