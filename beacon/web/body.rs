//! The body of a request, read as the form that it should have.

use axum::{
    body::to_bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::problem::Problem;

/// Below it, every whole number has its own float.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

/// What a request may have as its body.
pub(super) trait RequestForm: DeserializeOwned {
    /// What a good one looks like, for the way out of errors.
    const EXAMPLE: &'static str;

    /// The most bytes of it. An order is one line.
    const BYTES_MAX: usize = 4096;

    /// What a request without a body means, where it means something.
    fn of_nothing() -> Option<Self> {
        None
    }
}

/// A body in its form.
#[derive(Debug)]
pub(super) struct Body<T>(pub(super) T);

impl<S: Sync, T: RequestForm> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let too_large = |_too_large_or_cut_off| Problem::BodyTooLarge(T::BYTES_MAX);
        let bytes = to_bytes(body, T::BYTES_MAX).await.map_err(too_large)?;
        if matches!(bytes.trim_ascii(), b"" | b"null")
            && let Some(form) = T::of_nothing()
        {
            return Ok(Self(form));
        }
        check_type(&parts.headers)?;
        let bad = |error: serde_json::Error| Problem::BadBody { reason: error.to_string(), example: T::EXAMPLE };
        check_object(&bytes, T::EXAMPLE)?;
        let read = serde_json::from_slice(&bytes);
        read.or_else(|error| with_whole_numbers(&bytes).ok_or(error)).map(Self).map_err(bad)
    }
}

/// Every form is an object. Serde would take a list for one as well, its items for the fields in their order.
fn check_object(bytes: &[u8], example: &'static str) -> Result<(), Problem> {
    match bytes.trim_ascii_start().first() {
        None | Some(b'{') => Ok(()),
        Some(_) => Err(Problem::BadBody { reason: "it is no object".to_owned(), example }),
    }
}

/// The same where `7.0` stands for 7, as JSON Schema has it (core, 4.2.3) and some languages write it.
fn with_whole_numbers<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let mut value = serde_json::from_slice(bytes).ok()?;
    make_whole(&mut value);
    serde_json::from_value(value).ok()
}

fn make_whole(value: &mut Value) {
    match value {
        Value::Number(number) => {
            let whole = number.as_f64().filter(|float| float.fract() == 0.0 && (0.0..WHOLE_MAX).contains(float));
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is whole and in range")]
            if let Some(whole) = whole.filter(|_| number.is_f64()) {
                *number = (whole as u64).into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(make_whole),
        Value::Object(object) => object.values_mut().for_each(make_whole),
        _ => {}
    }
}

/// Only JSON is read. Small programs say nothing of what they send, and that is JSON then, too.
fn check_type(headers: &HeaderMap) -> Result<(), Problem> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return Ok(()) };
    let text = value.to_str().unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Problem::NotJson(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Form {
        count: u64,
        share: Option<f64>,
    }

    #[test]
    fn whole_numbers_may_be_written_as_floats_and_others_may_not() {
        let read = |text: &str| with_whole_numbers::<Form>(text.as_bytes());
        assert_eq!(read(r#"{"count": 7.0}"#), Some(Form { count: 7, share: None }));
        assert_eq!(read(r#"{"count": 7e2, "share": 0.5}"#), Some(Form { count: 700, share: Some(0.5) }));
        for bad in [r#"{"count": 7.5}"#, r#"{"count": -7.0}"#, r#"{"count": 1e300}"#, r#"{"count": "7"}"#, "{", "7.0"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_objects_are_forms() {
        assert_eq!(
            serde_json::from_str::<Form>("[7, null]").ok(),
            Some(Form { count: 7, share: None }),
            "as serde has it"
        );
        assert!(check_object(br#" {"count": 7}"#, "").is_ok());
        for other in ["[7, null]", " []", "7", "null", "\"7\""] {
            assert!(check_object(other.as_bytes(), "").is_err(), "{other}");
        }
    }

    #[test]
    fn only_json_is_read() {
        let check = |kind: &'static str| {
            check_type(&HeaderMap::from_iter([(header::CONTENT_TYPE, header::HeaderValue::from_static(kind))])).is_ok()
        };
        assert!(check("application/json") && check("Application/JSON; charset=utf-8"));
        assert!(!check("text/plain") && !check("application/jsonp") && !check("application/x-www-form-urlencoded"));
        assert!(check_type(&HeaderMap::new()).is_ok());
    }
}
