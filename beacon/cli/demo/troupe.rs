//! All beacons of a demo while they run.

use std::thread;

use super::{DemoError, actor::Actor, world::World};
use crate::{cli::CliError, model::DialAddress};

/// All beacons in the order of the cast; `None` is one without power.
#[derive(Debug)]
pub(super) struct Troupe {
    actors: Vec<Option<Actor>>,
}

impl Troupe {
    /// Starts the first, and then all others at once, each with the first for its only neighbor.
    pub(super) fn start(world: &World) -> Result<Self, CliError> {
        let first = Actor::start(world.settings(0, None))?;
        let neighbor = dial(&first);
        let started: Vec<Result<Actor, CliError>> = thread::scope(|scope| {
            let start = |place| {
                let settings = world.settings(place, Some(neighbor.clone()));
                scope.spawn(move || Actor::start(settings))
            };
            let starting: Vec<_> = (1..world.cast.beacons.len()).map(start).collect();
            let ended = |place: usize| DemoError::Ended(world.cast.beacons[place].clone());
            let started = starting.into_iter().zip(1..);
            started.map(|(thread, place)| thread.join().unwrap_or_else(|_| Err(ended(place).into()))).collect()
        });
        let mut troupe = Self { actors: vec![Some(first)] };
        for actor in started {
            troupe.actors.push(Some(actor?));
        }
        Ok(troupe)
    }

    /// Each by its place.
    pub(super) fn actors(&self) -> &[Option<Actor>] {
        &self.actors
    }

    /// Where the page of the first is.
    pub(super) fn page(&self) -> String {
        self.actors[0].as_ref().map(|first| format!("http://{}/", first.banner.dashboard)).unwrap_or_default()
    }

    /// Takes the power from one.
    pub(super) fn kill(&mut self, place: usize) {
        if let Some(actor) = self.actors[place].take() {
            actor.kill();
        }
    }

    /// Starts one again that has none, with everything that it had.
    pub(super) fn revive(&mut self, world: &World, place: usize) -> Result<(), CliError> {
        let neighbor = self.actors.iter().flatten().next().map(dial);
        self.actors[place] = Some(Actor::start(world.settings(place, neighbor))?);
        Ok(())
    }

    /// Lets all of them end, at once.
    pub(super) fn stop(self) {
        thread::scope(|scope| {
            for actor in self.actors.into_iter().flatten() {
                scope.spawn(move || actor.stop());
            }
        });
    }
}

fn dial(actor: &Actor) -> DialAddress {
    let (id, listen) = (actor.banner.id, actor.banner.listen);
    DialAddress { id: Some(id), host: listen.ip().to_string(), port: listen.port() }
}
