//! What clients are told, and how far it gets: written to the disk, told to the client, done, answered. A beacon can end
//! between any two of these.

use std::{collections::BTreeSet, net::SocketAddr, time::Duration};

use super::{
    act::Act,
    beacon::{Entry, Task},
    event::{Event, Life},
    simulation::Simulation,
};
use crate::{
    model::InfoHash,
    node::{Input, Leaving, Outcome, view::ActionKind},
};

/// How long a client takes to do as it is told.
const COMMAND: Duration = Duration::from_millis(500);

impl Simulation {
    /// Writes to the disk what has to be there first, then tells the client.
    pub(super) fn begin_task(
        &mut self,
        place: usize,
        kind: ActionKind,
        info_hash: InfoHash,
        peers: BTreeSet<SocketAddr>,
    ) {
        let beacon = &mut self.beacons[place];
        if matches!(kind, ActionKind::Cancel | ActionKind::Quarantine | ActionKind::Delete)
            && beacon.client.is_users(&info_hash)
            && beacon.client.has_reported(&info_hash)
        {
            self.truth.users_commanded += 1;
        }
        let before = beacon.disk.entry(&info_hash);
        let after = match kind {
            ActionKind::Fetch | ActionKind::Restore => Entry::Added,
            ActionKind::Quarantine => Entry::Leaving(Leaving::Quarantined(beacon.clock.show(self.now))),
            ActionKind::Delete => Entry::Leaving(Leaving::Deleting),
            ActionKind::Cancel | ActionKind::Serve | ActionKind::Reclaim => before,
        };
        beacon.disk.set_entry(info_hash, after);
        let of = beacon.life;
        beacon.tasks.push_back(Task { of, kind, info_hash, peers, before });
        let gives_up = matches!(after, Entry::Leaving(_)) && !matches!(before, Entry::Leaving(_));
        if gives_up && self.scenario.beacons[place].lie.is_none() {
            self.judge_deletion(place, &info_hash);
        }
        self.queue.push(self.now + COMMAND, Event::Command { of, kind, info_hash });
        if matches!(kind, ActionKind::Quarantine | ActionKind::Delete | ActionKind::Restore) {
            self.spring_trap(place);
        }
    }

    fn spring_trap(&mut self, place: usize) {
        let Some((with_client, back_after)) = self.beacons[place].trap.take() else { return };
        let millis = self.rng.below(usize::try_from(COMMAND.as_millis()).unwrap_or(0) + 100);
        let at = self.now + Duration::from_millis(1 + millis as u64);
        let act = if with_client { Act::Crash(place) } else { Act::Kill(place) };
        self.queue.push(at, Event::Act(act));
        self.queue.push(at + back_after, Event::Act(Act::Start(place)));
    }

    /// A beacon has decided to delete its copy: what others keep has to be enough.
    fn judge_deletion(&mut self, place: usize, info_hash: &InfoHash) {
        let honest = self.beacons.iter().zip(&self.scenario.beacons).filter(|(_, spec)| spec.lie.is_none());
        let kept = honest.filter(|(beacon, _)| beacon.keeps(info_hash)).count();
        // Who removes a copy by hand, or loses a disk, may have granted a deletion just before.
        let grace = self.scenario.timing.poll * 2 + self.scenario.timing.plan * 6;
        self.truth.judge_deletion(self.now, grace, place, info_hash, kept);
    }

    /// A client does as it was told, unless the beacon ended before it told it, or the client has ended since.
    pub(super) fn command(&mut self, of: Life, kind: ActionKind, info_hash: InfoHash) {
        let beacon = &mut self.beacons[of.beacon];
        let is_it = |task: &Task| (task.of, task.kind, task.info_hash) == (of, kind, info_hash);
        let Some(place) = beacon.tasks.iter().position(is_it) else { return };
        let Some(task) = beacon.tasks.remove(place) else { return };
        if of.starts < beacon.client_since && beacon.life != of {
            return;
        }
        let outcome = if self.scenario.beacons[of.beacon].lie.is_some_and(super::act::Lie::is_about_copies) {
            Outcome::Done
        } else if self.beacons[of.beacon].client.is_running() {
            self.take_effect(of.beacon, &task)
        } else {
            if kind == ActionKind::Fetch && self.counts_as_honest(of.beacon) {
                self.truth.end_fetch(&info_hash);
            }
            Outcome::Failed("the client does not answer".to_owned())
        };
        if self.lives(of) {
            self.feed(of.beacon, Input::Outcome { kind, info_hash, outcome });
        }
    }

    fn counts_as_honest(&self, place: usize) -> bool {
        self.scenario.beacons[place].lie.is_none()
    }

    /// A beacon ends while its client has things to do. They are done one after another, so those before some point have
    /// been told to the client, at that point one is on the disk only, and those after it are nowhere.
    pub(super) fn cut_tasks_off(&mut self, place: usize, with_client: bool) {
        let tasks = std::mem::take(&mut self.beacons[place].tasks);
        let told = self.rng.below(tasks.len() + 1);
        for (number, task) in tasks.into_iter().enumerate() {
            let honest = self.counts_as_honest(place);
            if task.kind == ActionKind::Fetch && honest {
                self.truth.end_fetch(&task.info_hash);
            }
            if number < told {
                if !with_client {
                    self.beacons[place].tasks.push_back(task);
                } else if self.rng.chance_ppm(500_000) && honest {
                    self.take_effect(place, &task);
                }
            } else if number > told {
                self.beacons[place].disk.set_entry(task.info_hash, task.before);
            }
        }
    }

    /// What a client does.
    fn take_effect(&mut self, place: usize, task: &Task) -> Outcome {
        let counts = self.counts(place);
        let info_hash = task.info_hash;
        let beacon = &mut self.beacons[place];
        let refuses = matches!(task.kind, ActionKind::Cancel | ActionKind::Quarantine | ActionKind::Delete);
        if refuses && beacon.client.is_users(&info_hash) {
            return Outcome::Failed("it does not bear the mark of this beacon".to_owned());
        }
        match task.kind {
            ActionKind::Fetch => {
                if beacon.client.add(info_hash, self.truth.size(&info_hash), task.peers.clone()) {
                    return Outcome::Done;
                }
                if counts {
                    self.truth.end_fetch(&info_hash);
                }
                Outcome::AlreadyThere
            }
            ActionKind::Cancel if beacon.client.is_complete(&info_hash) => {
                Outcome::Failed("it is complete by now".to_owned())
            }
            ActionKind::Cancel => {
                if beacon.client.remove(&info_hash) && counts {
                    self.truth.end_fetch(&info_hash);
                    self.truth.cancels += 1;
                }
                Outcome::Done
            }
            ActionKind::Serve | ActionKind::Restore => {
                if beacon.client.start(&info_hash) && counts {
                    self.truth.gain_copy(self.now, &info_hash);
                }
                Outcome::Done
            }
            ActionKind::Quarantine => {
                if beacon.client.stop(&info_hash) && counts {
                    self.truth.lose_copy(&info_hash);
                }
                Outcome::Done
            }
            ActionKind::Delete => {
                if beacon.client.serves(&info_hash) && counts {
                    self.truth.lose_copy(&info_hash);
                }
                if beacon.client.remove(&info_hash) {
                    beacon.deleted.insert(info_hash, self.now);
                    self.truth.deletions += 1;
                    self.truth.last = Some((self.now, place, info_hash));
                }
                Outcome::Done
            }
            ActionKind::Reclaim => Outcome::Failed("it is no command".to_owned()),
        }
    }
}
