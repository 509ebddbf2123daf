//! What people and programs are shown of a demo.

use serde_json::Value;

use super::{
    act::{Act, unmet},
    cast::Cast,
    scene::{Cell, Scene, Seen},
    screen::{Picture, Screen},
    summary::Summary,
    tally::{Tally, Totals},
};
use crate::{
    cli::{Exit, test_env::TestEnv},
    model::{ByteSize, InfoHash, Instant},
    node::view::ActionKind,
};

const SIZE: ByteSize = ByteSize::from_bytes(8_000_000);

/// Three beacons that have all files but those of the third, and know it.
fn scene(third: Cell) -> Scene {
    let copies = if third == Cell::Held { 3 } else { 2 };
    let beacon = |cell| Seen { runs: true, cells: vec![cell; 7], counts: vec![copies; 7], ..Seen::default() };
    Scene { beacons: vec![beacon(Cell::Held), beacon(Cell::Held), beacon(third)] }
}

fn act(title: &str, totals: (usize, usize, u64), unmet: Vec<String>) -> Act {
    let (fetches, deletions, moved) = totals;
    let holders = vec![vec![0, 1]; 7];
    Act { title: title.to_owned(), totals: Totals { fetches, deletions, moved }, seconds: 5.125, holders, unmet }
}

fn acts() -> Vec<Act> {
    vec![
        act("what is missing is fetched", (4, 3, 32_000_000), Vec::new()),
        act("P3 is gone: its copies are made anew", (1, 0, 8_000_000), Vec::new()),
        act("P3 is back: what is too much goes", (0, 1, 0), Vec::new()),
    ]
}

fn summary<'a>(cast: &'a Cast, acts: &'a [Act], damaged: Vec<String>) -> Summary<'a> {
    Summary { cast, size: SIZE, acts, verified: 14, damaged, seconds: 20.0 }
}

fn written(summary: &Summary<'_>, is_json: bool) -> String {
    let ran = TestEnv::new().within(&[], false, |env| {
        summary.write(env, is_json).expect("written");
        Exit::Success
    });
    ran.out
}

#[test]
fn the_table_shows_who_had_what_after_each_act() {
    let (cast, acts) = (Cast::new(3), acts());
    let summary = summary(&cast, &acts, Vec::new());
    assert!(summary.verdict().is_ok());
    insta::assert_snapshot!(written(&summary, false));
}

#[test]
fn programs_are_told_the_first_act_and_each_of_the_others_by_itself() {
    let (cast, acts) = (Cast::new(3), acts());
    let told: Value = serde_json::from_str(&written(&summary(&cast, &acts, Vec::new()), true)).expect("an object");
    insta::assert_snapshot!(serde_json::to_string_pretty(&told).expect("text"));
}

#[test]
fn what_was_wrong_is_told_and_is_a_failure() {
    let cast = Cast::new(3);
    let late = [act("what is missing is fetched", (3, 0, 0), vec!["C1F1 has 1 of 2 copies".to_owned()])];
    let all = acts();
    for (acts, damaged, reason) in [
        (&late[..], Vec::new(), "C1F1 has 1 of 2 copies"),
        (&all[..], vec!["what P2 has of C1F1 is not what it should be".to_owned()], "what P2 has of C1F1"),
        (&all[..2], Vec::new(), "not everything was shown"),
    ] {
        let summary = summary(&cast, acts, damaged);
        assert!(summary.verdict().expect_err("it failed").to_string().contains(reason));
        let told: Value = serde_json::from_str(&written(&summary, true)).expect("an object");
        assert_eq!(told["ok"], false);
        assert!(told["wrong"].to_string().contains(reason), "{told}");
    }
}

#[test]
fn an_act_is_over_when_all_have_what_they_should_know_it_and_rest() {
    let cast = Cast::new(3);
    assert_eq!(unmet(&cast, &scene(Cell::Absent)), [""; 0]);
    assert_eq!(unmet(&cast, &scene(Cell::Held)).len(), 7, "a copy of each too many");
    let mut scene = scene(Cell::Absent);
    scene.beacons[1].counts[3] = 1;
    scene.beacons[2].is_busy = true;
    assert_eq!(unmet(&cast, &scene), ["P2 counts the copies of C1F4 otherwise", "P3 still has something to do"]);
    scene.beacons[1].runs = false;
    assert!(unmet(&cast, &scene).contains(&"C1F4 has 1 of 2 copies".to_owned()));
}

#[test]
fn everything_is_counted_once_and_over_restarts() {
    let mut tally = Tally::default();
    let ended = |kind, at| (kind, InfoHash::V1([1; 20]), Instant::from_millis(at));
    let seen = |received, ended: Vec<_>| Scene {
        beacons: vec![Seen { runs: true, received: ByteSize::from_bytes(received), ended, ..Seen::default() }],
    };
    let (fetch, delete) = (ended(ActionKind::Fetch, 1), ended(ActionKind::Delete, 2));
    tally.note(&seen(50, vec![fetch]));
    tally.note(&seen(70, vec![fetch, delete, ended(ActionKind::Quarantine, 2)]));
    let before = tally.totals();
    assert_eq!(before, Totals { fetches: 1, deletions: 1, moved: 70 });
    tally.note(&seen(10, vec![ended(ActionKind::Cancel, 3)]));
    assert_eq!(tally.totals().since(before), Totals { fetches: 1, deletions: 0, moved: 10 });
}

fn drawn(variables: &[(&str, &str)], is_terminal: bool) -> String {
    const PAGE: &str = "http://127.0.0.1:1/";
    let bench = variables.iter().fold(TestEnv::new(), |bench, (name, value)| bench.variable(name, value));
    let (cast, acts) = (Cast::new(3), acts());
    let mut scene = scene(Cell::Fetching(42));
    scene.beacons[0].cells =
        vec![Cell::Absent, Cell::Coming, Cell::Fetching(7), Cell::Held, Cell::Leaving, Cell::Fetching(100), Cell::Held];
    scene.beacons[1].runs = false;
    let current = Some(("P3 is gone: its copies are made anew", Totals::default(), 3.0));
    let picture = Picture { cast: &cast, size: SIZE, page: PAGE, scene: &scene, acts: &acts[..1], current };
    let ran = bench.within(&[], is_terminal, |env| {
        let mut screen = Screen::new(env);
        screen.open(env, PAGE);
        screen.tell(env, 1.25, "P1 fetches C1F3");
        screen.draw(env, &picture);
        screen.draw(env, &picture);
        Exit::Success
    });
    ran.err
}

#[test]
fn a_terminal_shows_a_table_that_is_drawn_over_itself() {
    let plain = drawn(&[("NO_COLOR", "1")], true);
    let (first, again) = plain.split_once("\x1b[?7h").expect("two frames");
    assert!(again.starts_with("\x1b[?7l\x1b[17F"), "{again:?}");
    insta::assert_snapshot!(first.replace("\x1b[K", "").replace("\x1b[?7l", "").replace("\x1b[J", ""));
    let colored = drawn(&[("TERM", "xterm")], true);
    assert!(colored.contains("\x1b[32m  ●  \x1b[0m") && !plain.contains("\x1b[32m"));
}

#[test]
fn elsewhere_a_line_is_written_for_each_thing_that_happens() {
    let lines = "the whole network on one page: http://127.0.0.1:1/\n   1.2 s  P1 fetches C1F3\n";
    assert_eq!(drawn(&[], false), lines);
    assert_eq!(drawn(&[("TERM", "dumb")], true), lines);
}
