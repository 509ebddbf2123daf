//! Which known word somebody may have meant.

use std::fmt;

/// What to say beside a word that is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suggestion {
    /// A known word that differs by little.
    DidYouMean(String),
    /// Nothing is near; these are known, the nearest first.
    Known(Vec<String>),
}

/// Finds what `word` may have meant among `known`.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Suggestion {
    let lower = word.to_lowercase();
    let mut ranked: Vec<(usize, &str)> = known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .collect();
    ranked.sort_unstable();
    match ranked.first() {
        // A third of the letters may be wrong; beyond that a guess misleads.
        Some((distance, candidate)) if *distance <= 1 + candidate.chars().count() / 3 => {
            Suggestion::DidYouMean((*candidate).to_owned())
        }
        _ => Suggestion::Known(ranked.into_iter().map(|(_, candidate)| candidate.to_owned()).collect()),
    }
}

impl fmt::Display for Suggestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DidYouMean(word) => write!(f, "did you mean `{word}`?"),
            Self::Known(words) => {
                f.write_str("known here are ")?;
                for (index, word) in words.iter().enumerate() {
                    let joint = match index {
                        0 => "",
                        _ if index + 1 == words.len() => " and ",
                        _ => ", ",
                    };
                    write!(f, "{joint}`{word}`")?;
                }
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        let known = ["file", "magnet", "size"];
        assert_eq!(nearest("magent", known).to_string(), "did you mean `magnet`?");
        assert_eq!(nearest("Size", known).to_string(), "did you mean `size`?");
        assert_eq!(nearest("colour", known).to_string(), "known here are `file`, `magnet` and `size`");
    }
}
