//! The command: what it takes, and how it goes from the first file to the last that is removed.

use std::time::Instant;

use clap::Args;

use super::{
    act::Act, cast::BEACONS, cast::Cast, interrupt::Interrupt, play::Play, scratch::Scratch, summary::Summary,
    world::World,
};
use crate::{
    cli::{CliError, Env, Options, log},
    model::ByteSize,
};

/// How large the demo is, and when it ends.
#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// How many beacons, 3 to 25; with others than 7 the copies of the start are dealt in turn
    #[arg(long, value_name = "N", default_value_t = BEACONS, value_parser = clap::value_parser!(u16).range(3..=25))]
    beacons: u16,
    /// How large each file is, 16 kB to 1 GB
    #[arg(long, value_name = "SIZE", default_value = "8 MB", value_parser = size)]
    size: ByteSize,
    /// End once everything has been shown, with a table, instead of keeping the page open until Ctrl-C
    #[arg(long)]
    once: bool,
}

const SIZE_MIN: ByteSize = ByteSize::from_bytes(16_000);
const SIZE_MAX: ByteSize = ByteSize::from_bytes(1_000_000_000);

/// Runs the demo.
pub(in crate::cli) fn run(env: &mut Env, options: &Options, args: &DemoArgs) -> Result<(), CliError> {
    log::start(env, "off");
    let begun = now();
    let interrupt = Interrupt::catch()?;
    // Whatever happens from here on, it is removed: also when something panics.
    let scratch = Scratch::new()?;
    let cast = Cast::new(args.beacons);
    env.talk(format_args!("making {} files of {} in {}", cast.files.len(), args.size, scratch.path().display()));
    let world = World::make(cast, args.size, scratch.path(), &interrupt)?;
    let mut play = Play::start(env, &world, &interrupt)?;
    let shown = show(&mut play, &world, options, args, begun);
    play.end();
    shown
}

fn show(
    play: &mut Play<'_>,
    world: &World,
    options: &Options,
    args: &DemoArgs,
    begun: Instant,
) -> Result<(), CliError> {
    let acts: Vec<Act> = play.perform()?.to_vec();
    let (verified, damaged) = verify(world, &acts);
    let seconds = begun.elapsed().as_secs_f64();
    let summary = Summary { cast: &world.cast, size: world.size, acts: &acts, verified, damaged, seconds };
    play.move_down();
    summary.write(play.env(), options.json)?;
    summary.verdict()?;
    if !args.once {
        play.stay();
    }
    Ok(())
}

/// Reads every copy that there is in the end; how many are right, and which are not.
fn verify(world: &World, acts: &[Act]) -> (usize, Vec<String>) {
    let (mut verified, mut damaged) = (0, Vec::new());
    let Some(act) = acts.last() else { return (verified, damaged) };
    for (file, holders) in world.files.iter().zip(&act.holders) {
        for place in holders {
            let who = &world.cast.beacons[*place];
            match file.is_whole(&world.folder(*place, file)) {
                Ok(true) => verified += 1,
                Ok(false) => damaged.push(format!("what {who} has of {} is not what it should be", file.name)),
                Err(error) => damaged.push(format!("what {who} has of {} cannot be read: {error}", file.name)),
            }
        }
    }
    (verified, damaged)
}

fn size(text: &str) -> Result<ByteSize, String> {
    let size: ByteSize = text.parse().map_err(|error| format!("{error}"))?;
    if (SIZE_MIN..=SIZE_MAX).contains(&size) { Ok(size) } else { Err(format!("choose {SIZE_MIN} to {SIZE_MAX}")) }
}

#[expect(clippy::disallowed_methods, reason = "the demo runs in real time")]
fn now() -> Instant {
    Instant::now()
}
