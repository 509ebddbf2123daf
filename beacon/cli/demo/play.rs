//! How the demo goes: what is missing is fetched, a beacon loses its power, and comes back.

use std::time::{Duration, Instant};

use super::{
    DemoError,
    act::{Act, unmet},
    cast::VICTIM,
    interrupt::Interrupt,
    scene::{Cell, Scene},
    screen::{Picture, Screen},
    story,
    tally::{Tally, Totals},
    troupe::Troupe,
    world::World,
};
use crate::cli::{CliError, Env};

/// The network while it is watched.
#[derive(Debug)]
pub(super) struct Play<'a> {
    env: &'a mut Env,
    world: &'a World,
    interrupt: &'a Interrupt,
    troupe: Troupe,
    scene: Scene,
    tally: Tally,
    screen: Screen,
    begun: Instant,
    acts: Vec<Act>,
    page: String,
}

/// How often everyone is asked, and the view is drawn.
const TICK: Duration = Duration::from_millis(250);
/// For how long nothing more may happen before an act is over: two rounds of planning, and some.
const SETTLED: Duration = Duration::from_millis(2_500);
/// How long an act may take, and a second longer for every so many bytes of a file.
const PATIENCE: Duration = Duration::from_secs(90);
const PATIENCE_BYTES: u64 = 1_000_000;

impl<'a> Play<'a> {
    /// Starts every beacon.
    pub(super) fn start(env: &'a mut Env, world: &'a World, interrupt: &'a Interrupt) -> Result<Self, CliError> {
        let begun = now();
        let troupe = Troupe::start(world)?;
        let (screen, page) = (Screen::new(env), troupe.page());
        let (scene, tally, acts) = (Scene::default(), Tally::default(), Vec::new());
        let mut play = Self { env, world, interrupt, troupe, scene, tally, screen, begun, acts, page };
        let names = &world.cast.beacons;
        let (first, last) = (names.first().map_or("", String::as_str), names.last().map_or("", String::as_str));
        play.screen.open(play.env, &play.page);
        play.tell(&format!("{first} to {last} run, and look for each other"));
        Ok(play)
    }

    /// Plays it all; what came of each act. An act that does not end as it should is the last.
    pub(super) fn perform(&mut self) -> Result<&[Act], CliError> {
        let cast = &self.world.cast;
        let name = cast.beacons[VICTIM].clone();
        if self.act("what is missing is fetched", self.begun, Self::everyone_shows)? {
            let begun = now();
            self.troupe.kill(VICTIM);
            self.tell(&format!("{name} loses its power"));
            if self.act(&format!("{name} is gone: its copies are made anew"), begun, |_, _| true)? {
                let begun = now();
                self.troupe.revive(self.world, VICTIM)?;
                self.tell(&format!("{name} is back, with all that it had"));
                self.act(&format!("{name} is back: what is too much goes"), begun, Self::everyone_shows)?;
            }
        }
        Ok(&self.acts)
    }

    /// Goes on until somebody wants it to end.
    pub(super) fn stay(&mut self) {
        self.tell("everything has been shown; the page stays open until Ctrl-C");
        loop {
            self.look();
            if self.interrupt.wait(TICK) {
                return;
            }
        }
    }

    /// The streams that everything is written to.
    pub(super) fn env(&mut self) -> &mut Env {
        self.env
    }

    /// Ends every beacon.
    pub(super) fn end(self) {
        self.troupe.stop();
    }

    /// Plays an act until everything is as it should be for a while; whether it is. What happens is told once `has_begun`.
    fn act(
        &mut self,
        title: &str,
        begun: Instant,
        has_begun: impl Fn(&Self, &Scene) -> bool,
    ) -> Result<bool, CliError> {
        let before = self.tally.totals();
        let patience = PATIENCE + Duration::from_secs(self.world.size.bytes() / PATIENCE_BYTES);
        let mut is_open = false;
        let mut well_since: Option<Instant> = None;
        loop {
            let seen = self.ask();
            let was_open = is_open;
            is_open = is_open || has_begun(self, &seen);
            self.take(seen, was_open);
            let wrong = unmet(&self.world.cast, &self.scene);
            let (totals, seconds) = (self.tally.totals().since(before), begun.elapsed().as_secs_f64());
            self.draw(Some((title, totals, well_since.map_or(seconds, |since| (since - begun).as_secs_f64()))));
            if !is_open || !wrong.is_empty() {
                well_since = None;
            } else {
                well_since.get_or_insert_with(now);
            }
            let is_over = well_since.is_some_and(|since| since.elapsed() >= SETTLED);
            if is_over || begun.elapsed() >= patience {
                let seconds = well_since.map_or(seconds, |since| (since - begun).as_secs_f64());
                self.close(title, totals, seconds, wrong);
                return Ok(is_over);
            }
            if self.interrupt.wait(TICK) {
                return Err(DemoError::Interrupted.into());
            }
        }
    }

    fn close(&mut self, title: &str, totals: Totals, seconds: f64, unmet: Vec<String>) {
        let holders = (0..self.world.files.len()).map(|file| self.scene.holders(file)).collect();
        self.acts.push(Act { title: title.to_owned(), totals, seconds, holders, unmet });
        self.draw(None);
    }

    /// Makes room for what others write below the view.
    pub(super) fn move_down(&mut self) {
        self.screen.move_down(self.env);
    }

    /// Whether everyone shows at least what it had when it was started.
    fn everyone_shows(&self, scene: &Scene) -> bool {
        let last = self.acts.first();
        let had = |place: usize, file: usize| match last {
            None => self.world.cast.holdings[place].contains(&file),
            Some(act) => place == VICTIM && act.holders[file].contains(&place),
        };
        scene.beacons.iter().enumerate().all(|(place, seen)| {
            let shows = |file: usize| seen.cells.get(file).is_some_and(|cell| *cell != Cell::Absent);
            seen.runs && (0..self.world.files.len()).all(|file| shows(file) || !had(place, file))
        })
    }

    fn look(&mut self) {
        let seen = self.ask();
        self.take(seen, true);
        self.draw(None);
    }

    fn ask(&self) -> Scene {
        Scene::look(self.world, self.troupe.actors(), &self.scene)
    }

    fn take(&mut self, seen: Scene, is_told: bool) {
        self.tally.note(&seen);
        let before = std::mem::replace(&mut self.scene, seen);
        if is_told {
            for line in story::changes(&self.world.cast, &before, &self.scene) {
                self.tell(&line);
            }
        }
    }

    fn tell(&mut self, text: &str) {
        self.screen.tell(self.env, self.begun.elapsed().as_secs_f64(), text);
    }

    fn draw(&mut self, current: Option<(&str, Totals, f64)>) {
        let picture = Picture {
            cast: &self.world.cast,
            size: self.world.size,
            page: &self.page,
            scene: &self.scene,
            acts: &self.acts,
            current,
        };
        self.screen.draw(self.env, &picture);
    }
}

#[expect(clippy::disallowed_methods, reason = "the demo runs in real time")]
fn now() -> Instant {
    Instant::now()
}
