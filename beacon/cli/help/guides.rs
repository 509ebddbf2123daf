//! What the help of each command says beyond its arguments; the examples are read by a test as the program reads them.

use super::guide::Guide;

/// Every guide, in the order of the groups.
pub(super) const GUIDES: &[Guide] = &[
    Guide {
        path: "run",
        more: "Without a configuration it uses the BitTorrent client within, keeps everything below the working directory, \
               and acts at once. Beside qBittorrent it first only shows what it would do. BEACON_LOG says how much is \
               logged: error, warn, info, debug or trace.",
        examples: &[
            ("beacon run", "with config.json, or the defaults"),
            ("beacon run --config /etc/beacon.json", ""),
            ("beacon run --set dashboard=127.0.0.1:9101", "with the page elsewhere for once"),
        ],
    },
    Guide {
        path: "page",
        more: "The link is good once; the browser that opened it stays logged in.",
        examples: &[("beacon page", ""), ("xdg-open $(beacon page)", "opens it at once")],
    },
    Guide {
        path: "demo",
        more: "\
Seven beacons with BitTorrent engines of their own follow two collections of seven generated files, of which three copies each are wanted. \
At the start there are fourteen copies, laid into the beacons' directories, checked by their engines and noted as theirs, as if they had \
fetched them in an earlier run: one file has a copy too many, four have one only. The beacons find each other, fetch the eight copies that \
are missing and delete the one that is too many. Then one of them loses its power without a word: all its tasks end wherever they are. The \
others make its copies anew, it comes back, and what is too much goes. In the end every copy is read back.

Everything happens on the loopback interface and in a temporary directory (see the variable TMPDIR) that is removed in the end. What takes \
days in earnest takes seconds here: delays are short, all else is as always. The exit code is 0 if every file has its copies and all are \
right, else 1.",
        examples: &[
            ("beacon demo", "until Ctrl-C, with the page"),
            ("beacon demo --once --json", "an object at the end, for scripts"),
            ("beacon demo --beacons 15 --size '1 MB'", "more beacons, smaller files"),
        ],
    },
    Guide {
        path: "simulate",
        more: "Nothing of this machine is touched. The same seed gives the same run.",
        examples: &[
            ("beacon simulate", "the names of the scenarios"),
            ("beacon simulate --runs 20", "twenty random mixes of faults"),
            ("beacon simulate --seed 7 --plot 7.svg", "one of them, drawn"),
        ],
    },
    Guide {
        path: "status",
        more: "The first line says whether the archive is safe. With --watch it follows the beacon's events, also through a restart of \
               the beacon: on a terminal the overview is drawn over itself, elsewhere a line (with --json an object) is written \
               for each change.",
        examples: &[
            ("beacon status", ""),
            ("beacon status --watch", "until Ctrl-C"),
            ("beacon status --json | jq .collections", "for programs"),
        ],
    },
    Guide {
        path: "map",
        more: "Torrents stand in the order of the collection's file. Where there are more than fit the terminal, several share a \
               character, which shows the worst of them; --all draws each.",
        examples: &[("beacon map", "all collections"), ("beacon map 'Town archive' --all", "")],
    },
    Guide {
        path: "torrents",
        more: "",
        examples: &[
            ("beacon torrents --state under --sort lacking --order desc", "what lacks most copies"),
            ("beacon torrents --here held --sort size --order desc", "what takes most room here"),
            ("beacon torrents --collection 'Town archive' --limit 100", ""),
        ],
    },
    Guide {
        path: "find",
        more: "The exit code is 1 where nothing is found.",
        examples: &[
            ("beacon find town letters", "all words have to be in its name"),
            ("beacon find 735de2", "by the beginning of its info-hash"),
        ],
    },
    Guide {
        path: "explain",
        more: "",
        examples: &[("beacon explain letters", "by a word of its name"), ("beacon explain 735de2", "")],
    },
    Guide { path: "who", more: "", examples: &[("beacon who letters", ""), ("beacon who 735de2 --json", "")] },
    Guide {
        path: "plan",
        more: "Each line says why. Where the beacon only watches, this is what it would do.",
        examples: &[("beacon plan", ""), ("beacon plan --json | jq '.actions[].kind'", "")],
    },
    Guide {
        path: "history",
        more: "",
        examples: &[
            ("beacon history", "the last twenty events"),
            ("beacon history letters", "of one torrent"),
            ("beacon history --kind warning", "what went wrong"),
            ("beacon history --limit 1000 --json", ""),
        ],
    },
    Guide {
        path: "trend",
        more: "Each line has its own scale; the numbers beside it are the last value and the bounds. A dot is nothing at all.",
        examples: &[("beacon trend", ""), ("beacon trend --since 2027-01-01 --collection 'Town archive'", "")],
    },
    Guide {
        path: "log",
        more: "The beacon keeps its last 2000 lines. Only who may read its token may read them.",
        examples: &[("beacon log", ""), ("beacon log --follow --level warn", "warnings and errors, until Ctrl-C")],
    },
    Guide {
        path: "pin",
        more: "It is never deleted, and one that was deleted lately comes back from quarantine. `beacon unpin` takes it back.",
        examples: &[("beacon pin letters", ""), ("beacon pin 735de2", "")],
    },
    Guide {
        path: "unpin",
        more: "Nothing is deleted by this alone; the counts decide.",
        examples: &[("beacon unpin letters", "")],
    },
    Guide {
        path: "request",
        more: "It is like a pin that takes itself back once everything is here; then it is kept or deleted as the counts say.",
        examples: &[("beacon request letters", ""), ("beacon request letters --stop", "not after all")],
    },
    Guide {
        path: "share",
        more: "The torrent has to be in a collection. The files stay yours where they are: they are never moved, changed or \
               deleted, and count as a copy.",
        examples: &[("beacon share letters --from ~/letters", "the directory that it was made of")],
    },
    Guide {
        path: "drain",
        more: "Its copies stop counting at once; others fetch them, and what they have enough of is deleted here. It takes \
               no new torrents meanwhile.",
        examples: &[
            ("beacon drain", "leave for good"),
            ("beacon drain --until 2027-01-31", "come back by itself"),
            ("beacon drain --status", "how far it is"),
            ("beacon drain --stop", "stay after all"),
        ],
    },
    Guide {
        path: "mode",
        more: "Before a beacon begins to act, what it would do at this moment is shown and asked about; --yes does without. The order \
               holds over restarts, until `mode` is changed in the configuration.",
        examples: &[
            ("beacon mode", "what it does now"),
            ("beacon mode apply", "let it act"),
            ("beacon mode dry-run", "let it only watch"),
        ],
    },
    Guide {
        path: "collections",
        more: "`beacon collection list` reads the files instead, also where no beacon runs.",
        examples: &[("beacon collections", ""), ("beacon collections --json | jq '.[].name'", "")],
    },
    Guide {
        path: "collection new",
        more: "",
        examples: &[("beacon collection new collections/town.json --name 'Town archive' --target 3", "")],
    },
    Guide {
        path: "collection add",
        more: "A running beacon sees it within two seconds.",
        examples: &[
            ("beacon collection add collections/town.json letters.torrent photos.torrent", ""),
            ("beacon collection add collections/town.json 'magnet:?xt=urn:btih:735de21063723d107ade32d781efa4d479e4455e'", ""),
        ],
    },
    Guide {
        path: "collection set",
        more: "The rest of the file stays as it is written. A running beacon notices the change by itself.",
        examples: &[
            ("beacon collection set collections/town.json --target 4 --max 6", ""),
            ("beacon collection set collections/town.json --torrent 735de21063723d107ade32d781efa4d479e4455e --target 5", "only this torrent"),
        ],
    },
    Guide {
        path: "collection drop",
        more: "They are not kept alive for this collection any more. Nothing is deleted for that.",
        examples: &[("beacon collection drop collections/town.json 735de21063723d107ade32d781efa4d479e4455e", "")],
    },
    Guide {
        path: "collection remove",
        more: "The beacon takes no part in it any more. Renaming the file back undoes it.",
        examples: &[("beacon collection remove collections/town.json", "")],
    },
    Guide {
        path: "collection check",
        more: "Nothing is asked of the running beacon. The exit code is 3 where one of them is bad.",
        examples: &[("beacon collection check", "all of this beacon"), ("beacon collection check town.json", "")],
    },
    Guide { path: "collection list", more: "The files are read; nothing is asked of the running beacon.", examples: &[("beacon collection list", "")] },
    Guide {
        path: "torrent create",
        more: "",
        examples: &[
            ("beacon torrent create ~/letters", "letters.torrent in this directory"),
            ("beacon torrent create ~/letters --into 'Town archive' --target 3 --share", "and into a collection, served from where it is"),
            ("beacon torrent create ~/letters --hybrid -o /tmp/letters.torrent", "for both versions of the protocol"),
        ],
    },
    Guide {
        path: "torrent show",
        more: "",
        examples: &[("beacon torrent show letters.torrent", ""), ("beacon torrent show letters.torrent --json | jq .info_hash", "")],
    },
    Guide {
        path: "magnet",
        more: "",
        examples: &[("beacon magnet letters", ""), ("transmission-remote -a $(beacon magnet letters)", "")],
    },
    Guide {
        path: "members",
        more: "",
        examples: &[
            ("beacon members", ""),
            ("beacon members --state away", "who is not there"),
            ("beacon members attic --sort used --order desc", ""),
        ],
    },
    Guide { path: "member", more: "", examples: &[("beacon member attic", ""), ("beacon member 3f9a0c --json", "")] },
    Guide { path: "network", more: "Bytes and messages are counted since the beacon was started.", examples: &[("beacon network", "")] },
    Guide {
        path: "neighbor list",
        more: "Those that the configuration names, and those that were named while the beacon ran.",
        examples: &[("beacon neighbor list", "")],
    },
    Guide {
        path: "neighbor add",
        more: "It is dialed at once, and again after every start.",
        examples: &[("beacon neighbor add 198.51.100.7:9000", "")],
    },
    Guide {
        path: "neighbor remove",
        more: "Who is in `neighbors` of the configuration is removed there.",
        examples: &[("beacon neighbor remove 198.51.100.7:9000", "")],
    },
    Guide {
        path: "invite",
        more: "Whoever has the line can reach this beacon; with the key in it, whoever has it is let into a closed network.",
        examples: &[("beacon invite", ""), ("beacon invite --with-key", "for somebody whom the whole network trusts")],
    },
    Guide {
        path: "join",
        more: "Line breaks that a mail program put into the line do no harm.",
        examples: &[("beacon join 'beacon:?v=1&id=3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29&at=198.51.100.7:9000'", "with the quotes, because of the shell")],
    },
    Guide {
        path: "config check",
        more: "Secrets are not shown. The exit code is 3 where something is wrong.",
        examples: &[("beacon config check", ""), ("beacon config check --config /etc/beacon.json", "")],
    },
    Guide {
        path: "config schema",
        more: "Editors that are told of it complete keys and mark mistakes. With --markdown it is a table for people.",
        examples: &[("beacon config schema > beacon.schema.json", ""), ("beacon config schema --markdown", "a table for people")],
    },
    Guide {
        path: "mcp",
        more: "An assistant starts it by itself and talks to it over its input and output; docs/MCP.md says how it is told to, and what it may ask.",
        examples: &[("beacon mcp", "only look"), ("beacon mcp --allow-write", "order something too")],
    },
    Guide {
        path: "notify test",
        more: "The configuration says under `notify` whom to tell of what; docs/NOTIFICATIONS.md explains it. The exit code is 1 where \
               a hook could not be told.",
        examples: &[("beacon notify test", "all hooks"), ("beacon notify test phone", "the one of this name")],
    },
    Guide { path: "id", more: "It is made where there is none yet. A neighbor can be written as ID@HOST:PORT.", examples: &[("beacon id", "")] },
    Guide {
        path: "completions",
        more: "",
        examples: &[
            ("beacon completions bash > ~/.local/share/bash-completion/completions/beacon", ""),
            ("beacon completions zsh > ~/.zfunc/_beacon", "where fpath has ~/.zfunc"),
            ("beacon completions fish > ~/.config/fish/completions/beacon.fish", ""),
        ],
    },
    Guide {
        path: "man",
        more: "One for the program and one for each command. Pages that are there are written anew.",
        examples: &[("beacon man ~/.local/share/man/man1", "then: man beacon-status"), ("beacon man man", "then: man man/beacon.1")],
    },
];
