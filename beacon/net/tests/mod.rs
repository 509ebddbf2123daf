//! Tests of the whole transport on the loopback interface.

mod admission;
mod discovery;
mod duplicates;
mod end;
mod exchange;
mod harness;
mod hostile;
mod mesh;
