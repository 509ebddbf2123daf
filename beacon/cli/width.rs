//! How wide text is on a terminal, which gives some characters two places and some none.

/// The places that a text takes; its colours take none.
pub(super) fn width(text: &str) -> usize {
    let mut in_colour = false;
    let place = |c: char| {
        // Select Graphic Rendition, which `Style` writes: from ESC to `m`.
        let skipped = in_colour || c == '\x1b';
        in_colour = skipped && c != 'm';
        if skipped { 0 } else { char_width(c) }
    };
    text.chars().map(place).sum()
}

/// The text in at most `places`; what does not fit gives way to an ellipsis.
pub(super) fn fit(text: &str, places: usize) -> String {
    if width(text) <= places {
        return text.to_owned();
    }
    let mut room = places.saturating_sub(1);
    let fits = |c: &char| match room.checked_sub(char_width(*c)) {
        Some(left) => {
            room = left;
            true
        }
        None => false,
    };
    let mut cut: String = text.chars().take_while(fits).collect();
    cut.truncate(cut.trim_end().len());
    if places > 0 {
        cut.push('…');
    }
    cut
}

/// Lines of at most `places`, broken between words; all but the first begin with `indent` spaces. A word that is longer than
/// a line, such as an info-hash or a link, stays whole, so that it can be copied. Without `places` it stays one line.
pub(super) fn wrap(text: &str, places: Option<usize>, indent: usize) -> Vec<String> {
    let Some(places) = places else { return vec![text.to_owned()] };
    let words = text.trim_start_matches(' ');
    let mut line = " ".repeat(text.len() - words.len());
    let (mut lines, mut used) = (Vec::new(), line.len());
    for (number, word) in words.split(' ').enumerate() {
        let wide = width(word);
        // A line break that gains no place only tears a label from what it is for.
        if number > 0 && used + 1 + wide > places && used + 1 > indent {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
            used = indent;
        } else if number > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += wide;
    }
    lines.push(line);
    lines
}

fn char_width(c: char) -> usize {
    // Nearly everything is plain.
    if c.is_ascii() {
        return usize::from(!c.is_ascii_control());
    }
    let at = WIDE.partition_point(|(_, last)| *last < u32::from(c));
    if WIDE.get(at).is_some_and(|(first, _)| *first <= u32::from(c)) {
        return 2;
    }
    // What has no place of its own is what the standard library would not print by itself: marks that are put on the
    // character before, and what joins characters. Characters for private use are somebody's.
    let is_private = matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..);
    usize::from(is_private || c.escape_debug().len() == 1)
}

/// The characters that take two places: East Asian Width W and F (Unicode Standard Annex 11), with the gaps between them that
/// nothing is assigned to.
const WIDE: &[(u32, u32)] = &[
    (0x1100, 0x115F),
    (0x231A, 0x231B),
    (0x2329, 0x232A),
    (0x23E9, 0x23EC),
    (0x23F0, 0x23F0),
    (0x23F3, 0x23F3),
    (0x25FD, 0x25FE),
    (0x2614, 0x2615),
    (0x2648, 0x2653),
    (0x267F, 0x267F),
    (0x2693, 0x2693),
    (0x26A1, 0x26A1),
    (0x26AA, 0x26AB),
    (0x26BD, 0x26BE),
    (0x26C4, 0x26C5),
    (0x26CE, 0x26CE),
    (0x26D4, 0x26D4),
    (0x26EA, 0x26EA),
    (0x26F2, 0x26F3),
    (0x26F5, 0x26F5),
    (0x26FA, 0x26FA),
    (0x26FD, 0x26FD),
    (0x2705, 0x2705),
    (0x270A, 0x270B),
    (0x2728, 0x2728),
    (0x274C, 0x274C),
    (0x274E, 0x274E),
    (0x2753, 0x2755),
    (0x2757, 0x2757),
    (0x2795, 0x2797),
    (0x27B0, 0x27B0),
    (0x27BF, 0x27BF),
    (0x2B1B, 0x2B1C),
    (0x2B50, 0x2B50),
    (0x2B55, 0x2B55),
    (0x2E80, 0x303E),
    (0x3041, 0x3247),
    (0x3250, 0x4DBF),
    (0x4E00, 0xA4C6),
    (0xA960, 0xA97C),
    (0xAC00, 0xD7A3),
    (0xF900, 0xFAD9),
    (0xFE10, 0xFE19),
    (0xFE30, 0xFE6B),
    (0xFF01, 0xFF60),
    (0xFFE0, 0xFFE6),
    (0x16FE0, 0x1B2FB),
    (0x1F004, 0x1F004),
    (0x1F0CF, 0x1F0CF),
    (0x1F18E, 0x1F18E),
    (0x1F191, 0x1F19A),
    (0x1F200, 0x1F320),
    (0x1F32D, 0x1F335),
    (0x1F337, 0x1F37C),
    (0x1F37E, 0x1F393),
    (0x1F3A0, 0x1F3CA),
    (0x1F3CF, 0x1F3D3),
    (0x1F3E0, 0x1F3F0),
    (0x1F3F4, 0x1F3F4),
    (0x1F3F8, 0x1F43E),
    (0x1F440, 0x1F440),
    (0x1F442, 0x1F4FC),
    (0x1F4FF, 0x1F53D),
    (0x1F54B, 0x1F54E),
    (0x1F550, 0x1F567),
    (0x1F57A, 0x1F57A),
    (0x1F595, 0x1F596),
    (0x1F5A4, 0x1F5A4),
    (0x1F5FB, 0x1F64F),
    (0x1F680, 0x1F6C5),
    (0x1F6CC, 0x1F6CC),
    (0x1F6D0, 0x1F6D2),
    (0x1F6D5, 0x1F6DF),
    (0x1F6EB, 0x1F6EC),
    (0x1F6F4, 0x1F6FC),
    (0x1F7E0, 0x1F7F0),
    (0x1F90C, 0x1F93A),
    (0x1F93C, 0x1F945),
    (0x1F947, 0x1F9FF),
    (0x1FA70, 0x1FAF6),
    (0x20000, 0x3FFFD),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_take_none_one_or_two_places() {
        for (text, places) in [
            ("letters", 7),
            ("Böhme", 5),
            ("日本語", 6),
            ("한국", 4),
            ("ｆｕｌｌ", 8),
            ("🎬 film", 7),
            ("e\u{301}", 1),
            ("a\u{200d}b", 2),
            ("–…·│█", 5),
            ("\u{e0a0}", 1),
            ("\x1b[1;31mred\x1b[0m", 3),
            ("", 0),
        ] {
            assert_eq!(width(text), places, "{text}");
        }
    }

    #[test]
    fn what_does_not_fit_is_cut_between_characters() {
        assert_eq!(fit("letters", 7), "letters");
        assert_eq!(fit("letters", 6), "lette…");
        assert_eq!(fit("日本語", 5), "日本…");
        assert_eq!(fit("日本語", 4), "日…");
        assert_eq!(fit("two words", 5), "two…");
        assert_eq!((fit("letters", 1), fit("letters", 0)), ("…".to_owned(), String::new()));
    }

    #[test]
    fn lines_are_broken_between_words() {
        assert_eq!(wrap("one two three four", Some(9), 2), ["one two", "  three", "  four"]);
        assert_eq!(wrap("one two three", None, 2), ["one two three"]);
        assert_eq!(wrap("abcdefghijkl mn", Some(6), 2), ["abcdefghijkl", "  mn"]);
        assert_eq!(wrap("  one two", Some(6), 4), ["  one", "    two"]);
        assert_eq!(wrap("日本語 日本語 日本語", Some(13), 0), ["日本語 日本語", "日本語"]);
        assert_eq!(wrap("id  abcdefghijkl mn", Some(8), 4), ["id  abcdefghijkl", "    mn"]);
        assert_eq!(wrap("", Some(10), 2), [""]);
    }
}
