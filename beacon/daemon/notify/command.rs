//! Handing a message to a program.

use std::{
    future::pending,
    io,
    pin::pin,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use futures_util::{FutureExt as _, future::FusedFuture as _};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _},
    process::{Child, Command},
    time::timeout,
};

use super::{NotifyError, body::Body, webhook::behind_colon};
use crate::model::readable;

/// How long a program may take.
pub(super) const TIME_MAX: Duration = Duration::from_secs(30);
/// How long ending a program with all that it started may take.
#[cfg(unix)]
const ENDING_TIME_MAX: Duration = Duration::from_secs(5);
/// How long what a program wrote is waited for after its end.
const LINGER: Duration = Duration::from_millis(500);
/// Bytes of what a program writes that are kept, for the log. The rest is read and dropped, so that it is not held up.
const OUTPUT_BYTES_MAX: usize = 2_000;

/// Starts the program with the message: JSON at its input, the main things in its environment. There is no shell, so
/// nothing in a name can be taken for an order.
pub(super) async fn run(argv: &[String], body: &Body, limit: Duration) -> Result<String, NotifyError> {
    let (program, arguments) = argv.split_first().map_or(("", &[][..]), |(program, rest)| (program.as_str(), rest));
    let program = program.to_owned();
    let mut command = Command::new(&program);
    command
        .args(arguments)
        .env("BEACON_EVENT", body.event)
        .env("BEACON_EVENT_AT", &body.at)
        .env("BEACON_EVENT_BEACON", without_nul(body.beacon_name()))
        .env("BEACON_EVENT_TEXT", without_nul(&body.text))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    // What it starts belongs to its group, and can be ended with it.
    #[cfg(unix)]
    command.process_group(0);
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(reason) => return Err(NotifyError::NotStarted { program, reason }),
    };
    // Where time is up the child is dropped, and that ends it where its group could not be.
    let Ok((status, said)) = timeout(limit, converse(&mut child, body.json())).await else {
        #[cfg(unix)]
        end_group(&child).await;
        return Err(NotifyError::TooLong { program, limit });
    };
    match status {
        Ok(status) if status.success() => Ok(format!("it ended well{}", behind_colon(&said))),
        Ok(status) => Err(NotifyError::Failed { program, status, said: behind_colon(&said) }),
        Err(reason) => Err(NotifyError::NotStarted { program, reason }),
    }
}

/// Ends a program with all that it started. Where it has ended by itself, what it left running was left on purpose, and its
/// number may be another's by now.
#[cfg(unix)]
async fn end_group(child: &Child) {
    let Some(group) = child.id() else { return };
    // Every shell can do this by itself; `/bin/kill` is not everywhere.
    let ended = Command::new("/bin/sh")
        .args(["-c", &format!("kill -s KILL -- -{group}")])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    if let Ok(mut ended) = ended {
        let _ = timeout(ENDING_TIME_MAX, ended.wait()).await;
    }
}

/// Gives it the message and takes what it writes, until it ends.
async fn converse(child: &mut Child, json: Vec<u8>) -> (io::Result<ExitStatus>, String) {
    let (input, output, errors) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let give = async {
        if let Some(mut input) = input {
            // A program that does not care for its input closes it.
            let _ = input.write_all(&json).await;
        }
    };
    let (mut written, mut complained) = (Vec::new(), Vec::new());
    let status = {
        let ending = pin!(async { tokio::join!(child.wait(), give).0 });
        let reading = async { tokio::join!(keep(output, &mut written), keep(errors, &mut complained)) };
        let mut reading = pin!(reading.fuse());
        let status = tokio::select! {
            status = ending => status,
            status = async { (&mut reading).await; pending().await } => status,
        };
        // Something that it left running may hold its output open for ever.
        if !reading.is_terminated() {
            let _ = timeout(LINGER, reading).await;
        }
        status
    };
    let said = if complained.is_empty() { written } else { complained };
    (status, readable(String::from_utf8_lossy(&said).trim()))
}

/// Keeps the first of what is written, and drops the rest.
async fn keep(stream: Option<impl AsyncRead + Unpin>, kept: &mut Vec<u8>) {
    let Some(mut stream) = stream else { return };
    let mut buffer = [0; 4_096];
    while let Ok(read @ 1..) = stream.read(&mut buffer).await {
        let room = OUTPUT_BYTES_MAX.saturating_sub(kept.len());
        kept.extend_from_slice(&buffer[..read.min(room)]);
    }
}

/// No environment can hold this one character.
fn without_nul(text: &str) -> String {
    text.replace('\0', "")
}
