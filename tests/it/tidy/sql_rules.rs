//! The rules under which one text runs on SQLite, PostgreSQL and a cluster (SQL-RULES 1 to 20), as far as a text can show that they are
//! broken. docs/SQL.md says of each rule which test keeps it.

use super::files::{File, files, read};
use super::sql::{statements, words};

/// A rule: its number, what it says, and whether a text breaks it.
struct Rule {
    number: u8,
    says: &'static str,
    breaks: fn(&Text) -> bool,
}

/// A statement, in forms that are easily looked into.
struct Text {
    /// In small letters, without comments and strings.
    code: String,
    /// Its words and signs; opening brackets are left out.
    words: Vec<String>,
}

const RULES: &[Rule] = &[
    Rule { number: 1, says: "the company of a row never changes", breaks: |text| text.set_clause().contains("company_id =") },
    Rule { number: 3, says: "the directory is asked by itself", breaks: |text| text.tables().contains(&"companies") && text.tables().len() > 1 },
    Rule { number: 6, says: "rows are inserted as VALUES of binds alone", breaks: |text| text.starts("insert") && !text.has_values_of_binds() },
    Rule { number: 7, says: "no count is taken of INSERT … SELECT", breaks: |text| text.starts("insert") && text.has(&["select"]) },
    Rule { number: 9, says: "time, ids and chance come from the application", breaks: |text| text.calls(MADE_THERE) || text.has(NOW) },
    Rule { number: 10, says: "no MERGE, trigger, procedure or DO", breaks: |text| text.has(&["merge", "trigger", "plpgsql", "call", "do $$"]) },
    Rule {
        number: 10,
        says: "no CTE changes anything",
        breaks: |text| ["insert", "update", "delete"].iter().any(|verb| text.flat().contains(&format!("as ({verb} "))),
    },
    Rule { number: 10, says: "no subscripts of arrays or JSON", breaks: |text| text.code.contains('[') },
    Rule { number: 11, says: "the log is only added to", breaks: |text| text.changes("events") },
    Rule { number: 12, says: "what is locked is the head of one company", breaks: Text::locks_more_than_a_head },
    Rule { number: 13, says: "no advisory locks", breaks: |text| text.code.contains("advisory") },
    Rule { number: 14, says: "no NOTIFY or LISTEN", breaks: |text| text.has(&["notify", "listen"]) || text.code.contains("pg_notify") },
    Rule {
        number: 16,
        says: "nothing a cluster cannot spread",
        breaks: |text| text.has(&["rollup", "cube", "recursive", "tablesample"]) || text.flat().contains("grouping sets"),
    },
    Rule {
        number: 17,
        says: "tables are made by migrations",
        breaks: |text| ["create", "alter", "drop", "truncate", "grant"].iter().any(|verb| text.starts(verb)),
    },
    Rule { number: 18, says: "no JSON is looked into", breaks: |text| ["->", "#>", "@>", "json"].iter().any(|sign| text.code.contains(sign)) },
];

/// Functions that make a value in the database.
const MADE_THERE: &[&str] =
    &["now", "random", "randomblob", "gen_random_uuid", "uuid_generate_v4", "nextval", "clock_timestamp", "strftime", "datetime", "julianday", "unixepoch"];
/// Words that do so without brackets.
const NOW: &[&str] = &["current_timestamp", "current_date", "current_time", "localtimestamp", "default"];

const COPIED: &str = "a SQLite file is copied into another beside it, and nobody looks at the count";

/// Statements that break a rule, each with its reason.
const EXCUSED: &[(&str, u8, &str)] = &[
    ("eventstore/src/sql/create_migrations.sql", 17, "the list of what ran comes before what runs"),
    ("eventstore/src/sql/postgres/lock_migrations.sql", 13, "migrations run on the coordinator alone"),
    ("eventstore/src/sql/postgres/lock_directory.sql", 13, "the directory lies on the coordinator alone"),
    ("eventstore/src/sql/sqlite/copy_checkpoints.sql", 6, COPIED),
    ("eventstore/src/sql/sqlite/copy_checkpoints.sql", 7, COPIED),
    ("eventstore/src/sql/sqlite/copy_company.sql", 3, COPIED),
    ("eventstore/src/sql/sqlite/copy_company.sql", 6, COPIED),
    ("eventstore/src/sql/sqlite/copy_company.sql", 7, COPIED),
    ("eventstore/src/sql/sqlite/copy_event_kinds.sql", 6, COPIED),
    ("eventstore/src/sql/sqlite/copy_event_kinds.sql", 7, COPIED),
    ("eventstore/src/sql/sqlite/copy_events.sql", 6, COPIED),
    ("eventstore/src/sql/sqlite/copy_events.sql", 7, COPIED),
    ("eventstore/src/sql/sqlite/copy_head.sql", 6, COPIED),
    ("eventstore/src/sql/sqlite/copy_head.sql", 7, COPIED),
    ("eventstore/src/sql/sqlite/copy_outbox.sql", 6, COPIED),
    ("eventstore/src/sql/sqlite/copy_outbox.sql", 7, COPIED),
    ("eventstore/src/sql/sqlite/copy_timers.sql", 6, COPIED),
    ("eventstore/src/sql/sqlite/copy_timers.sql", 7, COPIED),
    ("eventstore/src/sql/sqlite/copy_receipts.sql", 6, COPIED),
    ("eventstore/src/sql/sqlite/copy_receipts.sql", 7, COPIED),
];

impl Text {
    fn of(text: &str) -> Text {
        let code: String = text.lines().map(|line| line.split("--").next().unwrap_or_default().to_lowercase() + "\n").collect();
        // Every other part between quotes is a string.
        let code = code.split('\'').step_by(2).collect::<Vec<_>>().join("''");
        Text { words: words(&code), code }
    }

    /// On one line, with one blank between words.
    fn flat(&self) -> String {
        self.code.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn starts(&self, verb: &str) -> bool {
        self.words.first().is_some_and(|word| word == verb)
    }

    fn has(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.words.iter().any(|have| have == word) || (word.contains(' ') && self.flat().contains(word)))
    }

    fn calls(&self, functions: &[&str]) -> bool {
        let boundary = |before: &str| !before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        functions.iter().any(|name| self.code.match_indices(&format!("{name}(")).any(|(at, _)| boundary(&self.code[..at])))
    }

    /// The tables whose rows it takes or changes.
    fn tables(&self) -> Vec<&str> {
        let behind = |pair: &[String]| ["from", "join", "into", "update"].contains(&pair[0].as_str());
        self.words.windows(2).filter(|pair| behind(pair)).map(|pair| pair[1].rsplit('.').next().unwrap_or_default()).collect()
    }

    fn changes(&self, table: &str) -> bool {
        let pairs = [["update", table], ["delete from", table], ["truncate", table]];
        let flat = self.flat().replace("public.", "");
        pairs.iter().any(|[verb, table]| flat.starts_with(&format!("{verb} {table}"))) || (self.tables().contains(&table) && flat.contains("do update"))
    }

    /// What stands between SET and WHERE.
    fn set_clause(&self) -> String {
        let words = self.words.join(" ");
        let clause = words.split_once(" set ").map(|(_, rest)| rest).unwrap_or_default();
        clause.split(" where ").next().unwrap_or_default().to_owned()
    }

    /// One group behind VALUES, of `$n` alone.
    fn has_values_of_binds(&self) -> bool {
        let flat = self.flat();
        let Some((_, rest)) = flat.split_once(" values (") else { return false };
        let Some((group, rest)) = rest.split_once(')') else { return false };
        let is_bind = |value: &str| value.trim().strip_prefix('$').is_some_and(|number| number.parse::<u32>().is_ok());
        group.split(',').all(is_bind) && (rest.is_empty() || rest.starts_with(" on conflict") || rest.starts_with(" returning"))
    }

    fn locks_more_than_a_head(&self) -> bool {
        let flat = self.flat();
        let locks = ["for update", "for no key update", "for share", "for key share", "skip locked", "lock table"].iter().any(|lock| flat.contains(lock));
        locks && !(self.tables() == ["heads"] && flat.ends_with("where company_id = $1 for update"))
    }
}

fn broken(text: &str) -> Vec<&'static Rule> {
    let text = Text::of(text);
    RULES.iter().filter(|rule| (rule.breaks)(&text)).collect()
}

#[test]
fn every_statement_keeps_the_rules() {
    let mut found = Vec::new();
    let mut excused = Vec::new();
    for File { path, text } in statements() {
        for rule in broken(&text) {
            match EXCUSED.iter().find(|(excused, number, _)| *excused == path && *number == rule.number) {
                Some(excuse) => excused.push(excuse),
                None => found.push(format!("{path}: {} (SQL-RULES {})", rule.says, rule.number)),
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    assert_eq!(excused.len(), EXCUSED.len(), "a statement is excused without need");
}

#[test]
fn a_statement_that_breaks_a_rule_is_found() {
    let breaking: &[(u8, &[&str])] = &[
        (1, &["UPDATE heads SET position = $2, company_id = $3 WHERE company_id = $1"]),
        (3, &["SELECT c.name FROM companies c JOIN heads h ON h.company_id = c.company_id WHERE h.company_id = $1"]),
        (
            6,
            &[
                "INSERT INTO claims (company_id, mac) VALUES ($1, $2), ($3, $4)",
                "INSERT INTO claims (company_id, mac) VALUES ($1, (SELECT mac FROM claims WHERE company_id = $1))",
                "INSERT INTO claims (company_id, position) VALUES ($1, 0)",
                "INSERT INTO claims (company_id, mac) SELECT $1, $2",
            ],
        ),
        (7, &["INSERT INTO claims (company_id, mac) SELECT company_id, mac FROM claims WHERE company_id = $1 ON CONFLICT DO NOTHING"]),
        (
            9,
            &[
                "UPDATE heads SET last_recorded_at = now() WHERE company_id = $1",
                "INSERT INTO receipts (company_id, expires_at) VALUES ($1, CURRENT_TIMESTAMP)",
                "INSERT INTO heads (company_id, log_id) VALUES ($1, gen_random_uuid())",
                "INSERT INTO heads (company_id, position) VALUES ($1, DEFAULT)",
                "SELECT nextval('positions')",
                "SELECT position FROM events WHERE company_id = $1 ORDER BY random()",
            ],
        ),
        (
            10,
            &[
                "MERGE INTO claims USING events ON true WHEN MATCHED THEN DELETE",
                "CREATE TRIGGER t AFTER INSERT ON events EXECUTE FUNCTION f()",
                "WITH h AS (UPDATE heads SET position = 1 WHERE company_id = $1 RETURNING position) SELECT position FROM h",
                "UPDATE heads SET position = ($2)[1] WHERE company_id = $1",
                "UPDATE heads SET notes['a'] = $2 WHERE company_id = $1",
            ],
        ),
        (
            11,
            &[
                "UPDATE events SET body = $2 WHERE company_id = $1",
                "DELETE FROM public.events WHERE company_id = $1",
                "INSERT INTO events (company_id, position) VALUES ($1, $2) ON CONFLICT (company_id, position) DO UPDATE SET position = excluded.position",
            ],
        ),
        (
            12,
            &[
                "SELECT position FROM heads FOR UPDATE",
                "SELECT position FROM heads WHERE company_id IN ($1) FOR UPDATE",
                "SELECT mac FROM claims WHERE company_id = $1 FOR UPDATE",
                "SELECT position FROM heads WHERE company_id = $1 FOR UPDATE SKIP LOCKED",
            ],
        ),
        (13, &["SELECT pg_try_advisory_lock($1)"]),
        (14, &["NOTIFY events", "SELECT pg_notify($1, $2)"]),
        (
            16,
            &[
                "SELECT state, count(*) FROM contact_list WHERE company_id = $1 GROUP BY ROLLUP (state)",
                "SELECT count(*) FROM contact_list WHERE company_id = $1 GROUP BY GROUPING SETS ((a), (b))",
                "WITH RECURSIVE t AS (SELECT 1) SELECT * FROM t",
            ],
        ),
        (17, &["CREATE TABLE more (company_id uuid)", "TRUNCATE receipts", "ALTER TABLE events ADD COLUMN more text"]),
        (18, &["SELECT body ->> 'name' FROM events WHERE company_id = $1", "SELECT jsonb_build_object('a', 1)"]),
    ];
    for (number, texts) in breaking {
        for text in *texts {
            assert!(broken(text).iter().any(|rule| rule.number == *number), "rule {number} takes {text}");
        }
    }
    let numbers: std::collections::BTreeSet<u8> = RULES.iter().map(|rule| rule.number).collect();
    assert!(numbers.iter().all(|number| breaking.iter().any(|(broken, _)| broken == number)), "a rule was not tried");
    for fine in [
        "SELECT position FROM heads\nWHERE company_id = $1\nFOR UPDATE",
        "-- now() and random() are only spoken of\nINSERT INTO claims (company_id, mac)\nVALUES ($1, $2)\nON CONFLICT (company_id, mac) DO UPDATE SET kind = excluded.kind",
        "UPDATE heads SET position = $2 WHERE company_id = $1",
        "SELECT known(1), 'now() -> [json]' FROM events WHERE company_id = $1",
    ] {
        assert_eq!(broken(fine).iter().map(|rule| rule.says).collect::<Vec<_>>(), [""; 0], "{fine}");
    }
}

/// Words that no table of ours is made with (SQL-RULES 1, 9, 10, 18).
const NOT_IN_TABLES: &[&str] = &[
    "default",
    "serial",
    "bigserial",
    "identity",
    "generated",
    "autoincrement",
    "sequence",
    "references",
    "foreign",
    "trigger",
    "function",
    "procedure",
    "extension",
    "json",
    "jsonb",
    "timestamptz",
    "now",
    "random",
    "gen_random_uuid",
    "do",
];

fn made_with(text: &str) -> Vec<&'static str> {
    let words = Text::of(text).words;
    NOT_IN_TABLES.iter().copied().filter(|word| words.iter().any(|have| have.trim_end_matches(';') == *word)).collect()
}

#[test]
fn tables_are_plain() {
    for File { path, text } in files("migrations", ".sql") {
        // A kind of index, which the coordinator of a cluster brings to its nodes.
        let excused = path == "migrations/postgres/0006_search.sql";
        assert_eq!(made_with(&text), if excused { vec!["extension"] } else { vec![] }, "{path}");
    }
    for (text, word) in [
        ("CREATE TABLE t (a bigint DEFAULT 0)", "default"),
        ("CREATE TABLE t (a bigserial)", "bigserial"),
        ("CREATE TABLE t (a bigint REFERENCES u)", "references"),
        ("CREATE TABLE t (a jsonb)", "jsonb"),
        ("CREATE TRIGGER t AFTER INSERT ON u", "trigger"),
        ("CREATE TABLE t (a bigint GENERATED ALWAYS AS IDENTITY)", "identity"),
        ("INSERT INTO t VALUES (now())", "now"),
    ] {
        assert!(made_with(text).contains(&word), "{text}");
    }
}

/// What a constraint is called differs from place to place (SQL-RULES 8).
#[test]
fn nothing_depends_on_the_name_of_a_constraint() {
    let asking =
        |text: &str| ["constraint()", "is_unique_violation", "is_foreign_key_violation", "\"23505\"", "_pkey"].into_iter().find(|call| text.contains(call));
    for crate_name in ["eventstore", "projections", "api"] {
        for File { path, text } in files(&format!("{crate_name}/src"), ".rs") {
            assert_eq!(asking(&text), None, "{path}");
        }
    }
    assert!(asking("if error.constraint() == Some(\"events_pkey\")").is_some());
}

/// Each rule has a row in the table that says what keeps it.
#[test]
fn every_rule_is_accounted_for() {
    let document = read("docs/SQL.md");
    for number in 1..=20 {
        assert!(document.contains(&format!("\n| {number} | ")), "docs/SQL.md says nothing of rule {number}");
    }
    for test in document.split('`').filter(|part| part.contains("::")) {
        let name = test.rsplit("::").next().unwrap_or_default();
        let all = [files("tests/it", ".rs"), files("eventstore/src", ".rs")].concat();
        assert!(all.iter().any(|file| file.text.contains(&format!("fn {name}("))), "docs/SQL.md names a test that is not there: {test}");
    }
}
