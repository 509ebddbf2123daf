//! Errors as HTTP shows them: `application/problem+json` (RFC 9457), with the way out.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use thiserror::Error;
use utoipa::ToSchema;

use super::{
    ApiToken, EditRefusal, Fault, JoinRefusal, MakeRefusal, NotShared, document::PROBLEM_TYPE, join_way_out, neighbors,
};
use crate::{
    catalog::SoughtError,
    model::{CollectionId, DialAddressError, InfoHash, InvitationError, ParseIdError, ParseInfoHashError},
    node::{NeighborError, OrderError},
};

/// Why a request has no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum Problem {
    /// The path is none of the API's.
    #[error("there is nothing at `{0}`")]
    NoSuchPath(String),
    /// The same where what orders something is left out, which it may be.
    #[error("there is nothing at `{0}`, since this beacon is read-only here")]
    NotWhereReadOnly(String),
    /// No collection file with that id is in use here.
    #[error("this beacon takes part in no collection {0}")]
    NoSuchCollection(CollectionId),
    /// No beacon of that id is known.
    #[error("no beacon `{0}` is known here")]
    NoSuchMember(String),
    /// What was kept cannot be read.
    #[error("what was written down cannot be read: {0}")]
    Unreadable(String),
    /// No collection in use here lists it.
    #[error("no collection of this beacon lists torrent {0}")]
    NoSuchTorrent(InfoHash),
    /// The collection's id in the path is none.
    #[error(transparent)]
    BadCollectionId(#[from] ParseIdError),
    /// The info-hash in the path is none.
    #[error(transparent)]
    BadInfoHash(#[from] ParseInfoHashError),
    /// A path whose parts are no text.
    #[error("the path cannot be read: {0}")]
    BadPath(String),
    /// A query parameter that is not known.
    #[error("`{name}` is not a parameter of this request")]
    UnknownParameter {
        /// What was given.
        name: String,
        /// Those that are known.
        known: &'static str,
    },
    /// The same of a request that nobody else has looked at.
    #[error("`{name}` is not a parameter of this request")]
    StrangeParameter {
        /// What was given.
        name: String,
        /// Those that are known; empty where there are none.
        known: String,
    },
    /// A query that is not `name=value` pairs.
    #[error("the query cannot be read: {0}")]
    BadQuery(String),
    /// A value that a query parameter cannot have.
    #[error("`{name}` cannot be `{value}`")]
    BadParameter {
        /// Which parameter.
        name: &'static str,
        /// What was given.
        value: String,
        /// What it may be.
        allowed: String,
    },
    /// A query that looks for nothing that can be found.
    #[error(transparent)]
    Sought(#[from] SoughtError),
    /// A method that what is there does not know.
    #[error("`{method}` is not possible here")]
    WrongMethod {
        /// The method that was tried.
        method: String,
        /// Those that are known, with commas between.
        allowed: String,
    },
    /// An order without the token, or with another one.
    #[error("who orders something must know the token, and {0}")]
    Unauthorized(&'static str),
    /// An order from a page of somebody else.
    #[error("a page of `{0}` may not order anything here")]
    ForeignOrigin(String),
    /// An order by a cookie, without a word of whose page gives it.
    #[error("who orders something by a cookie must say by `Origin` which page does")]
    NoOrigin,
    /// A wrong token or code to log in with.
    #[error("that is not the token of this beacon, nor a code that is still good")]
    NotLetIn,
    /// Too many wrong ones; seconds to wait.
    #[error("too many wrong tokens or codes came from there of late; try again in {0} seconds")]
    TooManyAttempts(u64),
    /// A body of another type.
    #[error("the body is of type `{0}`")]
    NotJson(String),
    /// A body that is not in its form.
    #[error("the body cannot be read: {reason}")]
    BadBody {
        /// What is wrong with it.
        reason: String,
        /// What a good one looks like.
        example: &'static str,
    },
    /// A torrent that is not made.
    #[error(transparent)]
    Make(#[from] MakeRefusal),
    /// A collection that is not changed.
    #[error(transparent)]
    Edit(#[from] EditRefusal),
    /// A neighbor that is not added or removed.
    #[error(transparent)]
    Neighbor(#[from] NeighborError),
    /// What is no address to dial.
    #[error(transparent)]
    BadAddress(#[from] DialAddressError),
    /// What is no invitation.
    #[error(transparent)]
    BadInvitation(#[from] InvitationError),
    /// An invitation that is not taken.
    #[error(transparent)]
    Join(#[from] JoinRefusal),
    /// Nobody could be told where this beacon is.
    #[error("no address is known at which others could reach this beacon")]
    NoAddress,
    /// A job that never was, or that has been forgotten.
    #[error("there is no job {0}")]
    NoSuchJob(u64),
    /// More than an order has.
    #[error("the body has more than {0} bytes, or was cut off")]
    BodyTooLarge(usize),
    /// No moment.
    #[error("`{0}` is not a moment")]
    BadTime(String),
    /// An order that cannot be carried out.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// What cannot be served.
    #[error(transparent)]
    NotShared(#[from] NotShared),
    /// A `Host` that this server does not answer to: perhaps a foreign page that re-bound its name to this address.
    #[error("this beacon does not answer to the name `{0}`")]
    ForeignHost(String),
    /// No `Host`, or one that cannot be read.
    #[error("the request does not say which host it is for")]
    NoHost,
    /// The daemon's loop has not answered in time.
    #[error("the beacon is too busy to answer")]
    Busy,
    /// The daemon's loop is gone.
    #[error("the beacon is stopping")]
    Stopping,
    /// The client behind the beacon does not answer.
    #[error("the BitTorrent client is not ready: {0}")]
    ClientNotReady(String),
    /// Too many live pages.
    #[error("{0} pages follow this beacon live already, which is the most it serves")]
    TooManyStreams(usize),
}

/// What of a [`Problem`] is written.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProblemForm {
    /// Always `about:blank`: the other fields say it all.
    #[schema(pattern = "^about:blank$")]
    r#type: &'static str,
    /// What the status means.
    title: &'static str,
    /// As in the status line.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What is the matter, in a sentence.
    detail: String,
    /// What can be done about it.
    way_out: String,
    /// What is wrong with a text, in its order; empty where that is not why.
    faults: Vec<Fault>,
}

impl Problem {
    const fn status(&self) -> StatusCode {
        match self {
            Self::Edit(refusal) => refusal.status(),
            Self::NoSuchPath(_)
            | Self::NotWhereReadOnly(_)
            | Self::NoSuchCollection(_)
            | Self::NoSuchTorrent(_)
            | Self::NoSuchMember(_)
            | Self::NoSuchJob(_)
            | Self::Make(MakeRefusal::NoSuchCollection(_))
            | Self::Neighbor(NeighborError::Unknown(_))
            | Self::Order(OrderError::NotListed(_))
            | Self::NotShared(NotShared::NotListed(_)) => StatusCode::NOT_FOUND,
            Self::BadCollectionId(_)
            | Self::BadInfoHash(_)
            | Self::BadPath(_)
            | Self::UnknownParameter { .. }
            | Self::StrangeParameter { .. }
            | Self::BadQuery(_)
            | Self::BadParameter { .. }
            | Self::Sought(_)
            | Self::BadBody { .. }
            | Self::Make(MakeRefusal::Senseless(_))
            | Self::BadAddress(_)
            | Self::BadInvitation(_)
            | Self::BadTime(_)
            | Self::NoHost => StatusCode::BAD_REQUEST,
            Self::Order(
                OrderError::Past
                | OrderError::NotPinned(_)
                | OrderError::NotRequested(_)
                | OrderError::YourOwn(_)
                | OrderError::NotDraining,
            )
            | Self::Neighbor(_)
            | Self::Join(_)
            | Self::NoAddress
            | Self::NotShared(_) => StatusCode::CONFLICT,
            Self::Unauthorized(_) | Self::NotLetIn => StatusCode::UNAUTHORIZED,
            Self::TooManyAttempts(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::NotJson(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::ForeignOrigin(_)
            | Self::NoOrigin
            | Self::Make(MakeRefusal::SwitchedOff | MakeRefusal::NotAllowed(_)) => StatusCode::FORBIDDEN,
            Self::BodyTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::WrongMethod { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::ForeignHost(_) => StatusCode::MISDIRECTED_REQUEST,
            Self::Busy
            | Self::Unreadable(_)
            | Self::Stopping
            | Self::ClientNotReady(_)
            | Self::TooManyStreams(_)
            | Self::Make(MakeRefusal::Busy(_)) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn way_out(&self) -> String {
        match self {
            Self::NoSuchPath(_) => "the overview is at /api/v1/status, the page at /".to_owned(),
            Self::NotWhereReadOnly(_) => {
                "to order something, start the beacon without `read_only` and `--read-only`".to_owned()
            }
            Self::NoSuchCollection(_) => "the collections of this beacon are listed at /api/v1/collections".to_owned(),
            Self::NoSuchMember(_) => "the beacons that are known are listed at /api/v1/members, with their ids".to_owned(),
            Self::Unreadable(_) => "see that the disk of the data directory works, and look into the log".to_owned(),
            Self::NoSuchTorrent(_) => {
                "the torrents of a collection are listed at /api/v1/collections/{id}/torrents".to_owned()
            }
            Self::BadCollectionId(_) => "copy the id from the collection file or from /api/v1/collections".to_owned(),
            Self::BadInfoHash(_) => "give the torrent's info-hash, v1 or v2, in hexadecimal".to_owned(),
            Self::BadPath(_) => "write ids and info-hashes as they are; nothing in them needs escaping".to_owned(),
            Self::StrangeParameter { known, .. } if known.is_empty() => "leave it out: there are none here".to_owned(),
            Self::StrangeParameter { known, .. } => format!("known is {known}"),
            Self::UnknownParameter { known, .. } => format!("known is {known}"),
            Self::BadQuery(_) => "write it like ?state=under&offset=0&limit=100".to_owned(),
            Self::BadParameter { allowed, .. } => format!("allowed are {allowed}"),
            Self::Sought(_) => "write it like ?query=town+letters, ?query= and an info-hash or magnet link, or ?prefix= and at least 6 digits of an info-hash".to_owned(),
            Self::WrongMethod { allowed, .. } => format!("here {allowed} are answered"),
            Self::Unauthorized(_) => format!(
                "send `Authorization: Bearer` with what is in the file `{}` of the beacon's data directory, or use the command line on its machine, which does that",
                ApiToken::FILE_NAME
            ),
            Self::ForeignOrigin(_) => "use the beacon's own page or its command line".to_owned(),
            Self::NoOrigin => "send an `Origin` that is the page's own, or the token instead of the cookie".to_owned(),
            Self::NotLetIn => "`beacon page` on the beacon's machine prints a new link".to_owned(),
            Self::TooManyAttempts(_) => "wait, or use the command line on the beacon's machine".to_owned(),
            Self::NotJson(_) => "send JSON, with `Content-Type: application/json`".to_owned(),
            Self::BadBody { example, .. } => format!("send {example}"),
            Self::Make(refusal) => make_way_out(refusal).to_owned(),
            Self::Edit(refusal) => refusal.way_out().to_owned(),
            Self::Neighbor(error) => neighbors::way_out(error).to_owned(),
            Self::BadAddress(_) => "write a host name or an IP address, a colon and the port".to_owned(),
            Self::BadInvitation(_) => "paste the whole line that `beacon invite` or the page prints".to_owned(),
            Self::Join(refusal) => join_way_out(refusal).to_owned(),
            Self::NoAddress => "list in `advertise` of the configuration where others reach it, and start the beacon again".to_owned(),
            Self::NoSuchJob(_) => {
                "jobs are forgotten when the beacon is started again, and some time after they ended".to_owned()
            }
            Self::BodyTooLarge(_) => "send less, and send it whole".to_owned(),
            Self::BadTime(_) => "write it as RFC 3339 does, like 2027-01-31T00:00:00Z".to_owned(),
            Self::Order(error) => order_way_out(error).to_owned(),
            Self::NotShared(error) => share_way_out(error).to_owned(),
            Self::ForeignHost(_) => {
                "open the page by its IP address or as localhost, or list the name in `host_names` of the configuration"
                    .to_owned()
            }
            Self::NoHost => "send one Host header with the address that was connected to".to_owned(),
            Self::Busy => "try again in a few seconds; if it stays so, look into the log".to_owned(),
            Self::Stopping => "start the beacon again, then try again".to_owned(),
            Self::ClientNotReady(_) => "see that the client runs and that the beacon may log in to it".to_owned(),
            Self::TooManyStreams(_) => "close pages that nobody looks at, then try again".to_owned(),
        }
    }
}

const fn order_way_out(error: &OrderError) -> &'static str {
    match error {
        OrderError::NotListed(_) => "if it is listed, the hash is another",
        OrderError::YourOwn(_) => "remove it in the client if it is to go",
        OrderError::Past => "choose a later time, or none",
        OrderError::NotPinned(_) | OrderError::NotRequested(_) | OrderError::NotDraining => {
            "there is nothing to take back"
        }
    }
}

const fn share_way_out(error: &NotShared) -> &'static str {
    match error {
        NotShared::NotListed(_) => "put it into a collection first, as `beacon collection add` does",
        NotShared::NoMetainfo(_) => "put the .torrent file into the collection instead of its magnet link",
        NotShared::NotThere(_) => {
            "give the path of the file or directory that the torrent was made of, on the beacon's machine"
        }
        NotShared::Client(_) => "see what the client says of it",
    }
}

const fn make_way_out(refusal: &MakeRefusal) -> &'static str {
    match refusal {
        MakeRefusal::SwitchedOff => "set `create_from` to a list of directories and start the beacon again",
        MakeRefusal::NotAllowed(_) => "write the whole path of what lies in such a directory, or add its directory",
        MakeRefusal::Busy(_) => "wait until one is done, or end one",
        MakeRefusal::NoSuchCollection(_) => "the collections of this beacon are listed at /api/v1/collections",
        MakeRefusal::Senseless(_) => "change what is said, and send it again",
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let form = ProblemForm {
            r#type: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: self.to_string(),
            way_out: self.way_out(),
            faults: if let Self::Edit(refusal) = &self { refusal.faults().to_vec() } else { Vec::new() },
        };
        let mut response = (status, axum::Json(form)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_TYPE));
        match self {
            Self::WrongMethod { allowed, .. } => {
                HeaderValue::from_str(&allowed).ok().and_then(|allowed| headers.insert(header::ALLOW, allowed))
            }
            Self::TooManyAttempts(wait) => headers.insert(header::RETRY_AFTER, HeaderValue::from(wait)),
            Self::Unauthorized(_) | Self::NotLetIn => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
            }
            Self::Busy | Self::TooManyStreams(_) | Self::Make(MakeRefusal::Busy(_)) => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"))
            }
            _ => None,
        };
        response
    }
}
