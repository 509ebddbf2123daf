//! Asking the daemon's loop, with a limit to patience.

use std::time::Duration;

use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use super::{Question, problem::Problem};

/// How long the loop may take. It answers within milliseconds unless it is stuck, and a stuck loop should be seen.
const PATIENCE: Duration = Duration::from_secs(5);

/// Puts a question to the loop and waits for its answer.
pub(super) async fn ask<T>(
    questions: &mpsc::Sender<Question>,
    question: impl FnOnce(oneshot::Sender<T>) -> Question,
) -> Result<T, Problem> {
    ask_within(PATIENCE, questions, question).await
}

pub(super) async fn ask_within<T>(
    patience: Duration,
    questions: &mpsc::Sender<Question>,
    question: impl FnOnce(oneshot::Sender<T>) -> Question,
) -> Result<T, Problem> {
    let (reply, answer) = oneshot::channel();
    let conversation = async {
        questions.send(question(reply)).await.ok()?;
        answer.await.ok()
    };
    match timeout(patience, conversation).await {
        Ok(Some(answer)) => Ok(answer),
        // The loop drops questions only when it ends.
        Ok(None) => Err(Problem::Stopping),
        Err(_) => Err(Problem::Busy),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_stuck_loop_is_given_up() {
        let (questions, _kept_open) = mpsc::channel(1);
        let patience = Duration::from_millis(20);
        assert_eq!(ask_within(patience, &questions, Question::Status).await, Err(Problem::Busy));
        // The channel is full now; not even getting the question across may take longer.
        assert_eq!(ask_within(patience, &questions, Question::Status).await, Err(Problem::Busy));
    }

    #[tokio::test]
    async fn a_loop_that_has_ended_is_told_from_a_stuck_one() {
        let (questions, ended) = mpsc::channel(1);
        drop(ended);
        assert_eq!(ask(&questions, Question::Status).await, Err(Problem::Stopping));
    }
}
