//! What small systems for sharing files were shown to do, done by the embedded client.

mod churn;
mod fetcher;
mod kill;
mod many;
