//! Tests of edits: what is asked for is changed, and nothing else.

use super::{
    Change, CollectionFile, EntryChange, EntrySource, HeadChange, NewEntry, append, change_entry, change_head,
    remove_entry, template,
};
use crate::{
    json::quoted,
    model::{ByteSize, CollectionId, Redundancy},
};
use proptest::prelude::{Just, Strategy, prop_assert, prop_assert_eq, prop_oneof, proptest};

fn file(path: &str) -> NewEntry {
    NewEntry::new(EntrySource::File(path.to_owned()))
}

fn new_text() -> String {
    template(CollectionId::from_bytes([7; 16]), "Town \"A\"", Redundancy::default())
}

#[test]
fn a_new_collection_grows_line_by_line() {
    let one = append(&new_text(), &[file("a.torrent")]).expect("good");
    let more = NewEntry {
        source: EntrySource::Magnet("magnet:?xt=urn:btih:00".to_owned()),
        size: Some(ByteSize::from_bytes(7)),
        target: Some(5),
        max: Some(6),
        priority: -1,
    };
    let text = append(&one, &[more, file("c.torrent")]).expect("good");
    insta::assert_snapshot!(text, @r#"
    {
      "id": "07070707-0707-0707-0707-070707070707",
      "name": "Town \"A\"",
      "redundancy": { "target": 3 },
      "torrents": [
        { "file": "a.torrent" },
        { "magnet": "magnet:?xt=urn:btih:00", "size": 7, "redundancy": { "target": 5, "max": 6 }, "priority": -1 },
        { "file": "c.torrent" }
      ]
    }
    "#);
    let file = CollectionFile::parse(&text).expect("good");
    assert_eq!(file.torrents.len(), 3);
    assert_eq!(file.torrents[1].redundancy.target(), 5);
}

#[test]
fn what_people_wrote_stays_as_it_is() {
    let id = "07070707-0707-0707-0707-070707070707";
    let text = format!("\u{feff}{{\"torrents\" : [ {{\"file\":\"å\"}} ] ,\r\n\t\"name\":\"x\", \"id\":\"{id}\"}}");
    let expected = text.replace("} ]", "}, { \"file\": \"b\" } ]");
    assert_eq!(append(&text, &[file("b")]).as_deref(), Ok(expected.as_str()));
    assert_eq!(append(&text, &[]).as_deref(), Ok(text.as_str()));
}

#[test]
fn an_empty_list_takes_the_line_endings_of_the_file() {
    let id = "07070707-0707-0707-0707-070707070707";
    let text = format!("{{\r\n\t\"id\": \"{id}\", \"name\": \"x\",\r\n\t\"torrents\": [\r\n ]\r\n}}");
    let edited = append(&text, &[file("b")]).expect("good");
    assert!(edited.ends_with("\"torrents\": [\r\n\t  { \"file\": \"b\" }\r\n\t]\r\n}"), "{edited:?}");
    assert_eq!(CollectionFile::parse(&edited).expect("good").torrents.len(), 1);
}

proptest! {
    #[test]
    fn any_path_and_name_survive_being_written(name in "\\PC{1,40}", path in "[^\0]{1,40}", space in "[ \t\r\n]{0,5}") {
        proptest::prop_assume!(CollectionFile::is_name(&name));
        let empty = template(CollectionId::from_bytes([7; 16]), &name, Redundancy::default());
        let text = empty.replace("\"torrents\": []", &format!("\"torrents\": [{space}]"));
        let entries = [file(&format!("a{path}b")), file("second")];
        let found = CollectionFile::parse(&append(&text, &entries).expect("good")).expect("good");
        proptest::prop_assert_eq!(found.name, name);
        proptest::prop_assert_eq!(&found.torrents[0].source, &entries[0].source);
        proptest::prop_assert_eq!(found.torrents.len(), 2);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes: Vec<u8>, cut in 0_usize..200, text in "[\\[\\]{}\",:a-e0-9. \n\\\\]{0,60}") {
        let _ = CollectionFile::read(&bytes);
        let _ = CollectionFile::read(text.as_bytes());
        let whole = append(&new_text(), &[file("å")]).expect("good");
        let _ = CollectionFile::read(&whole.as_bytes()[..cut.min(whole.len())]);
        let _ = CollectionFile::parse(&whole.replacen(&['"', ',', '{'][cut % 3..=cut % 3].iter().collect::<String>(), &text, 3));
    }
}

#[test]
fn a_broken_file_is_not_touched() {
    assert!(append("{", &[file("b")]).is_err());
}

/// One line an entry, as people and this program write it.
const TOWN: &str = r#"{
  "id": "07070707-0707-0707-0707-070707070707",
  "name": "Town",
  "torrents": [
    { "file": "a.torrent" },
    {
      "file": "b.torrent",
      "redundancy": {
        "max": 6
      }
    },
    { "magnet": "magnet:?xt=urn:btih:00", "redundancy": { "target": 5 }, "priority": 2 }
  ]
}
"#;

#[test]
fn a_new_name_and_new_numbers_stand_where_people_look_for_them() {
    let change = HeadChange { name: Some("Hall\"a".to_owned()), target: Change::Set(4), max: Change::Keep };
    let once = change_head(TOWN, &change).expect("good");
    assert!(
        once.contains("  \"name\": \"Hall\\\"a\",\n  \"redundancy\": { \"target\": 4 },\n  \"torrents\""),
        "{once}"
    );
    let max = HeadChange { max: Change::Set(5), ..HeadChange::default() };
    let twice = change_head(&once, &max).expect("good");
    assert!(twice.contains("\"redundancy\": { \"target\": 4, \"max\": 5 },\n"), "{twice}");
    let usual = HeadChange { target: Change::Unset, max: Change::Unset, name: Some("Town".to_owned()) };
    assert_eq!(change_head(&twice, &usual).as_deref(), Ok(TOWN));
    let low = HeadChange { max: Change::Set(3), ..HeadChange::default() };
    let error = change_head(&twice, &low).expect_err("refused").to_string();
    assert!(error.ends_with("`max` (3) is below `target` (4)"), "{error}");
}

#[test]
fn the_numbers_of_an_entry_come_change_and_go() {
    let change = |text: &str, place, target, max, priority| {
        let text = change_entry(text, place, &EntryChange { target, max, priority }).expect("good");
        text.split_once("\"torrents\": [").expect("a list").1.to_owned()
    };
    let first = change(TOWN, 0, Change::Set(2), Change::Keep, Change::Set(7));
    assert!(
        first.starts_with("\n    { \"file\": \"a.torrent\", \"redundancy\": { \"target\": 2 }, \"priority\": 7 },\n"),
        "{first}"
    );
    let second = change(TOWN, 1, Change::Keep, Change::Set(9), Change::Set(0));
    assert!(second.contains("\"redundancy\": {\n        \"max\": 9\n      }\n    },"), "{second}");
    let both = change(TOWN, 1, Change::Set(4), Change::Keep, Change::Set(1));
    let expected = "\"redundancy\": { \"target\": 4, \"max\": 6 },\n      \"priority\": 1\n    },";
    assert!(both.contains(expected), "{both}");
    let plain = change(TOWN, 2, Change::Unset, Change::Unset, Change::Unset);
    assert!(plain.contains("    { \"magnet\": \"magnet:?xt=urn:btih:00\" }\n  ]"), "{plain}");
    assert_eq!(
        change_entry(TOWN, 3, &EntryChange { target: Change::Set(2), ..EntryChange::default() }).as_deref(),
        Ok(TOWN)
    );
    assert!(change_entry(TOWN, 0, &EntryChange { target: Change::Set(0), ..EntryChange::default() }).is_err());
}

#[test]
fn an_entry_that_goes_takes_its_line_along() {
    let lines = |text: &str| text.lines().count();
    let without_second = remove_entry(TOWN, 1).expect("good");
    assert_eq!(lines(&without_second), lines(TOWN) - 6);
    assert_eq!(remove_entry(TOWN, 9).as_deref(), Ok(TOWN));
    let one = remove_entry(&remove_entry(&without_second, 0).expect("good"), 0).expect("good");
    assert!(one.contains("\"torrents\": []"), "{one}");
}

/// A collection file in some style, as pieces: what stands before the first torrent, the torrents, what joins them, the end.
fn any_file() -> impl Strategy<Value = (String, Vec<String>, String, String)> {
    let space = || "[ \t\r\n]{0,3}";
    let numbers = prop_oneof![
        Just(String::new()),
        Just("\"redundancy\":null,".to_owned()),
        Just("\"redundancy\" : { },".to_owned()),
        (1..9_u16, 9..20_u16)
            .prop_map(|(target, max)| format!("\"redundancy\": {{\"max\" :{max}, \"target\":\t{target}}},")),
    ];
    let entry =
        (numbers.clone(), space(), "[a-z\\[\\]{}\",\\\\å]{0,6}", 0..3_u8).prop_map(|(numbers, space, name, kind)| {
            let name = quoted(&format!("x{name}x"));
            match kind {
                0 => format!("{{{numbers}{space}\"file\":{name}}}"),
                1 => format!("{{{space}\"file\": {name} ,{numbers}\"priority\":-5{space}}}"),
                _ => format!("{{ \"priority\" : null,{numbers}\n\"f\\u0069le\":{name}{space}}}"),
            }
        });
    (numbers, space(), space(), proptest::collection::vec(entry, 0..5), "\u{feff}?").prop_map(|(numbers, one, two, entries, mark)| {
        let head = format!("{mark}{one}{{\"name\":\"N\",{numbers}\"id\":{two}\"07070707-0707-0707-0707-070707070707\"{one},\"torrents\":[{two}");
        (head, entries, format!("{one},{two}"), format!("{two}]}}{one}"))
    })
}

proptest! {
    #[test]
    fn after_any_edit_the_file_says_what_was_asked_and_all_else_is_as_it_was(
        (head, entries, joint, tail) in any_file(),
        place in 0_usize..6,
        (target, max, priority) in (change(1..9_u16), change(9..20_u16), change(-3..3_i32)),
        name in proptest::option::of("[A-Z]{1,5}"),
    ) {
        let text = format!("{head}{}{tail}", entries.join(&joint));
        let before = CollectionFile::parse(&text).expect("good");

        let edited = change_head(&text, &HeadChange { name: name.clone(), target, max }).expect("good");
        let list = format!("{}{tail}", entries.join(&joint));
        prop_assert!(edited.ends_with(&list), "{}", edited);
        let after = CollectionFile::parse(&edited).expect("good");
        prop_assert_eq!(&after.name, name.as_ref().unwrap_or(&before.name));
        prop_assert_eq!(after.torrents.len(), before.torrents.len());
        if let Change::Set(target) = target {
            prop_assert_eq!(after.redundancy.target(), target);
        }
        if let Change::Set(max) = max {
            prop_assert_eq!(after.redundancy.max(), max);
        }

        let edited = change_entry(&text, place, &EntryChange { target, max, priority }).expect("good");
        let removed = remove_entry(&text, place).expect("good");
        let Some(entry) = entries.get(place) else {
            prop_assert_eq!(&edited, &text);
            prop_assert_eq!(&removed, &text);
            return Ok(());
        };
        let (first, rest) = (entries[..place].join(&joint), entries[place + 1..].join(&joint));
        let first = if place == 0 { head.clone() } else { format!("{head}{first}{joint}") };
        let rest = if place + 1 == entries.len() { tail.clone() } else { format!("{joint}{rest}{tail}") };
        prop_assert!(edited.starts_with(&first) && edited.ends_with(&rest), "{}", edited);
        let after = CollectionFile::parse(&edited).expect("good");
        let (old, new) = (&before.torrents[place], &after.torrents[place]);
        prop_assert_eq!(&old.source, &new.source);
        match priority {
            Change::Keep => prop_assert_eq!(old.priority, new.priority),
            Change::Set(priority) => prop_assert_eq!(priority, new.priority),
            Change::Unset => prop_assert_eq!(0, new.priority),
        }
        match target {
            Change::Keep => prop_assert_eq!(old.redundancy.target(), new.redundancy.target()),
            Change::Set(target) => prop_assert_eq!(target, new.redundancy.target()),
            Change::Unset => prop_assert_eq!(before.redundancy.target(), new.redundancy.target()),
        }
        if (target, max, priority) == (Change::Keep, Change::Keep, Change::Keep) {
            prop_assert_eq!(&edited, &text);
        }

        let after = CollectionFile::parse(&removed).expect("good");
        let sources = |file: &CollectionFile| file.torrents.iter().map(|entry| entry.source.clone()).collect::<Vec<_>>();
        let mut expected = sources(&before);
        expected.remove(place);
        prop_assert_eq!(sources(&after), expected);
        prop_assert!(removed.len() + entry.len() <= text.len());
        prop_assert!(removed.starts_with(head.trim_end()), "{}", removed);
        prop_assert!(removed.ends_with(tail.trim_start()), "{}", removed);
    }
}

fn change<T: std::fmt::Debug + Clone + 'static>(values: impl Strategy<Value = T>) -> impl Strategy<Value = Change<T>> {
    prop_oneof![Just(Change::Keep), Just(Change::Unset), values.prop_map(Change::Set)]
}
