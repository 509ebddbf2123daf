//! Which torrents a request asks for, read from its query.

use axum::extract::{Query, rejection::QueryRejection};

use super::problem::Problem;
use crate::{
    catalog::{Digits, Sought},
    model::{CollectionId, TorrentState},
    node::view::{Page, Standing, TorrentFilter, TorrentOrder},
};

/// How many torrents a page has where the request does not say.
pub(super) const LIMIT_DEFAULT: usize = 100;
/// The most torrents on a page: about a megabyte of JSON.
pub(super) const LIMIT_MAX: usize = 1000;
/// The most that are skipped: more than there can be.
const OFFSET_MAX: usize = 4_294_967_295;

/// Name and value of each query parameter, or why the query cannot be read.
pub(super) type Pairs = Result<Query<Vec<(String, String)>>, QueryRejection>;

/// Which torrents, and which page of them.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) filter: TorrentFilter,
    pub(super) page: Page,
}

/// What one kind of request may ask for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// The names of its parameters, as people list them.
    pub(super) names: &'static str,
    /// The most that it may want to see.
    pub(super) limit_max: usize,
    /// What it sees where it does not say how much.
    pub(super) limit_default: usize,
}

impl Known {
    /// Reads the parameters; an empty value is as good as none, since forms send those.
    pub(super) fn read(self, query: Pairs) -> Result<Asked, Problem> {
        let mut asked =
            Asked { filter: TorrentFilter::default(), page: Page { limit: self.limit_default, ..Page::default() } };
        let (filter, page) = (&mut asked.filter, &mut asked.page);
        for (name, value) in pairs(query)? {
            if !self.names.split([',', ' ']).any(|known| known == name) {
                return Err(Problem::UnknownParameter { name, known: self.names });
            }
            match name.as_str() {
                _ if value.trim().is_empty() => {}
                "query" | "prefix" if filter.sought.is_some() => {
                    return Err(Problem::BadQuery(
                        "`query` and `prefix` can stand there once, and not both".to_owned(),
                    ));
                }
                "query" => filter.sought = Some(value.parse()?),
                "prefix" => filter.sought = Some(Sought::Beginning(digits(value)?)),
                "collection" => filter.collection = Some(value.parse::<CollectionId>()?),
                "state" => filter.standing = Some(one_of("state", value, &Standing::ALL, Standing::word)?),
                "here" => filter.here = Some(one_of("here", value, &TorrentState::ALL, TorrentState::word)?),
                "sort" => page.order = Some(one_of("sort", value, &TorrentOrder::ALL, TorrentOrder::word)?),
                "order" => page.descending = descends(value)?,
                "offset" => page.offset = number("offset", value, OFFSET_MAX)?,
                "limit" => page.limit = number("limit", value, self.limit_max)?,
                _ => return Err(Problem::UnknownParameter { name, known: self.names }),
            }
        }
        Ok(asked)
    }
}

/// The parameters as they were sent.
pub(super) fn pairs(query: Pairs) -> Result<Vec<(String, String)>, Problem> {
    query.map(|Query(pairs)| pairs).map_err(|rejection| Problem::BadQuery(rejection.body_text()))
}

/// One of a few words.
pub(super) fn one_of<T: Copy>(
    name: &'static str,
    value: String,
    all: &[T],
    word: fn(T) -> &'static str,
) -> Result<T, Problem> {
    let allowed = || all.iter().map(|one| word(*one)).collect::<Vec<_>>().join(", ");
    let found = all.iter().find(|one| word(**one) == value).copied();
    found.ok_or_else(|| Problem::BadParameter { name, value, allowed: allowed() })
}

/// Whether an order is turned around.
pub(super) fn descends(value: String) -> Result<bool, Problem> {
    one_of("order", value, &[false, true], |descends| if descends { "desc" } else { "asc" })
}

/// A whole number that a parameter can have.
pub(super) fn number(name: &'static str, value: String, max: usize) -> Result<usize, Problem> {
    match value.parse() {
        Ok(number) if number <= max => Ok(number),
        _ => Err(Problem::BadParameter { name, value, allowed: format!("whole numbers from 0 to {max}") }),
    }
}

fn digits(value: String) -> Result<Digits, Problem> {
    let (min, max) = (Digits::MIN, Digits::MAX);
    let allowed = || format!("{min} to {max} hexadecimal digits");
    value.parse().map_err(|_no_digits| Problem::BadParameter { name: "prefix", value, allowed: allowed() })
}
