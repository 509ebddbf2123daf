//! Increments joined, and what is reported of them.

use super::*;
use crate::model::ContentState;

const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

fn whole(id: &str) -> String {
    format!(
        r#""{id}":{{"infohash_v1":"{id}","infohash_v2":"","name":"n","state":"stalledUP","size":9,"total_size":9,
        "amount_left":0,"progress":1,"tags":"beacon","num_complete":-1,"dlspeed":5}}"#
    )
}

fn apply(mirror: &mut Mirror, json: &str) -> Result<(), String> {
    mirror.apply(serde_json::from_str(json).unwrap())
}

fn first(torrents: &[String]) -> Mirror {
    let mut mirror = Mirror::default();
    let json = format!(
        r#"{{"rid":1,"full_update":true,"torrents":{{{}}},"server_state":{{"free_space_on_disk":7}}}}"#,
        torrents.join(",")
    );
    apply(&mut mirror, &json).unwrap();
    mirror
}

fn names(holdings: &[Holding]) -> Vec<String> {
    holdings.iter().filter_map(|holding| holding.hashes.canonical()).map(|hash| hash.to_string()).collect()
}

#[test]
fn the_first_answer_is_everything_and_later_ones_are_what_changed() {
    let mut mirror = first(&[whole(A), whole(B)]);
    let ClientChange::Full(all) = mirror.drain() else { panic!("not everything") };
    assert_eq!(names(&all), [A, B]);
    assert_eq!(all[0].content, ContentState::Serving);
    assert_eq!((all[0].size, all[0].done, all[0].marked, all[0].outside_seeders), (Some(9), 9, true, None));
    assert_eq!(mirror.free(), Some(7));

    let json =
        format!(r#"{{"rid":2,"torrents":{{"{A}":{{"state":"stoppedUP","upspeed":3}}}},"torrents_removed":["{B}"]}}"#);
    apply(&mut mirror, &json).unwrap();
    let ClientChange::Delta { changed, removed } = mirror.drain() else { panic!("not a change") };
    assert_eq!(names(&changed), [A]);
    assert_eq!((changed[0].content, changed[0].name.as_str()), (ContentState::Resting, "n"));
    assert_eq!(removed, [InfoHashes::from(B.parse::<InfoHash>().unwrap())]);
}

#[test]
fn what_does_not_concern_a_beacon_is_no_change() {
    let mut mirror = first(&[whole(A)]);
    mirror.drain();
    apply(&mut mirror, &format!(r#"{{"rid":2,"torrents":{{"{A}":{{"dlspeed":1,"num_leechs":3}}}}}}"#)).unwrap();
    apply(&mut mirror, &format!(r#"{{"rid":3,"torrents":{{"{A}":{{"state":"moving"}}}}}}"#)).unwrap();
    apply(&mut mirror, &format!(r#"{{"rid":4,"torrents":{{"{A}":{{"state":"uploading"}}}}}}"#)).unwrap();
    assert_eq!(mirror.drain(), ClientChange::Delta { changed: Vec::new(), removed: Vec::new() });
}

#[test]
fn what_is_not_drained_is_not_lost() {
    let mut mirror = first(&[whole(A)]);
    mirror.drain();
    apply(&mut mirror, &format!(r#"{{"rid":2,"torrents_removed":["{A}"]}}"#)).unwrap();
    apply(&mut mirror, r#"{"rid":3}"#).unwrap();
    let ClientChange::Delta { removed, .. } = mirror.drain() else { panic!("not a change") };
    assert_eq!(removed.len(), 1);
}

#[test]
fn answers_that_could_pass_for_an_empty_client_are_refused() {
    let mut mirror = Mirror::default();
    for json in [
        "{}",
        r#"{"full_update":true}"#,
        r#"{"rid":0,"full_update":true,"server_state":{}}"#,
        r#"{"rid":1,"full_update":true}"#,
        r#"{"rid":1,"server_state":{}}"#,
    ] {
        assert!(apply(&mut mirror, json).is_err(), "{json}");
    }
    let mut mirror = first(&[whole(A)]);
    mirror.drain();
    assert!(apply(&mut mirror, r#"{"rid":2,"full_update":true,"torrents":{}}"#).is_err());
    assert!(mirror.find(&A.parse().unwrap()).is_some());
}

#[test]
fn a_restarted_client_is_told_whole_again() {
    let mut mirror = first(&[whole(A)]);
    mirror.drain();
    let json = format!(r#"{{"rid":1,"full_update":true,"torrents":{{{}}},"server_state":{{}}}}"#, whole(B));
    apply(&mut mirror, &json).unwrap();
    let ClientChange::Full(all) = mirror.drain() else { panic!("not everything") };
    assert_eq!(names(&all), [B]);
}

#[test]
fn a_hybrid_that_changes_its_id_is_not_gone() {
    let mut mirror = first(&[format!(r#""{A}":{{"infohash_v1":"{A}","state":"metaDL","total_size":-1}}"#)]);
    let ClientChange::Full(all) = mirror.drain() else { panic!("not everything") };
    assert_eq!((all[0].content, all[0].size), (ContentState::Fetching, None));

    let v2 = B.repeat(2)[..64].to_owned();
    let json = format!(
        r#"{{"rid":2,"torrents_removed":["{A}"],"torrents":{{"{B}":{{"infohash_v1":"{A}","infohash_v2":"{v2}","state":"downloading"}}}}}}"#
    );
    apply(&mut mirror, &json).unwrap();
    let ClientChange::Delta { changed, removed } = mirror.drain() else { panic!("not a change") };
    assert_eq!(removed, []);
    assert_eq!(changed[0].hashes.v2.map(InfoHash::V2), v2.parse().ok());
    let id = B.parse().ok();
    assert_eq!((mirror.find(&A.parse().unwrap()), mirror.find(&v2.parse().unwrap())), (id, id));
}

#[test]
fn a_v2_torrent_that_turns_out_to_be_a_hybrid_changes_its_name() {
    let v2 = B.repeat(2)[..64].to_owned();
    let mut mirror = first(&[format!(r#""{B}":{{"infohash_v2":"{v2}","state":"metaDL"}}"#)]);
    mirror.drain();
    apply(&mut mirror, &format!(r#"{{"rid":2,"torrents":{{"{B}":{{"infohash_v1":"{A}"}}}}}}"#)).unwrap();
    let ClientChange::Delta { changed, removed } = mirror.drain() else { panic!("not a change") };
    assert_eq!(names(&changed), [A]);
    assert_eq!(removed[0].canonical(), v2.parse().ok());
}

#[test]
fn twenty_thousand_torrents_fit_in_a_few_megabytes() {
    assert!(size_of::<Row>() + size_of::<TorrentId>() <= 176, "{}", size_of::<Row>());
}
