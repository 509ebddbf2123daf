//! Being logged in: a browser that has shown the token, or a code made for it, gets a cookie that stands for it.

mod attempts;
mod codes;
mod cookie;
mod handlers;
mod sessions;
#[cfg(test)]
mod tests;

pub(super) use handlers::{
    __path_log_in, __path_log_out, __path_new_code, __path_show, log_in, log_out, new_code, show,
};
pub use sessions::Sessions;
