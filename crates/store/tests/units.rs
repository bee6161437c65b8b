//! Promises of a unit of work, on both engines.

use chiron_store::throwaway::Throwaway;
use chiron_store::{Access, Db, Engine, Error, Limits, List, Timestamp, Violation, ids, record, sql, text_enum};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, mpsc};
use std::time::Duration;
use uuid::Uuid;

ids!(ThingId);
text_enum!(pub Mood { Calm = "calm", Cross = "cross" });
record! {
    #[derive(Debug, PartialEq, Clone)]
    pub struct Thing {
        pub id: ThingId,
        pub name: String,
        pub mood: Option<Mood>,
        pub at: Timestamp,
        pub score: f64,
        pub kept: bool,
        pub seal: Vec<u8>,
    }
}

const SCHEMA: &str = "create table things (id {id} primary key, name text not null unique, mood text check (mood <> 'furious'),
    at bigint not null, score double precision not null, kept boolean not null, seal {bytes} not null,
    parent {id} references things (id))";
const INSERT: &str = "insert into things (id, name, mood, at, score, kept, seal) values ($1, $2, $3, $4, $5, $6, $7)";
const ALL: &str = "select id, name, mood, at, score, kept, seal from things order by name";

fn thing(n: u128, name: &str) -> Thing {
    let (id, at) = (ThingId(Uuid::from_u128(n)), Timestamp::from_micros(n as i64));
    Thing { id, name: name.into(), mood: Some(Mood::Calm), at, score: 0.5, kept: true, seal: vec![0, 255] }
}
fn insert(tx: &mut chiron_store::Tx<'_>, t: &Thing) -> Result<u64, Error> {
    tx.execute(INSERT, &[&t.id, &t.name, &t.mood, &t.at, &t.score, &t.kept, &t.seal])
}
async fn names(db: &Db) -> Vec<String> {
    db.read(|tx| tx.all::<(String,)>("select name from things order by name", &[])).await.unwrap().into_iter().map(|(n,)| n).collect()
}

/// Runs a promise on SQLite, and on PostgreSQL where there is one.
async fn each<F: AsyncFn(&Throwaway)>(promise: F) {
    for place in Throwaway::each().unwrap() {
        place.db.write(|tx| tx.batch(SCHEMA)).await.unwrap();
        promise(&place).await;
    }
}

#[derive(Debug)]
enum Said {
    Refused(&'static str),
    Broken(Error),
}
impl From<Error> for Said {
    fn from(error: Error) -> Self {
        Self::Broken(error)
    }
}

#[tokio::test]
async fn a_unit_that_says_no_gets_its_own_error_back_and_leaves_nothing() {
    each(async |place| {
        let said = place
            .db
            .unit::<(), _>(Access::Write, |tx| {
                insert(tx, &thing(1, "a"))?;
                Err(Said::Refused("no"))
            })
            .await;
        assert!(matches!(said, Err(Said::Refused("no"))));
        let broken = place.db.unit::<(), Said>(Access::Write, |tx| Ok(tx.batch("nonsense")?)).await;
        assert!(matches!(broken, Err(Said::Broken(Error::Lite(_) | Error::Pg(_)))));
        assert!(names(&place.db).await.is_empty());
    })
    .await;
}

type Closure = Box<dyn FnMut(&mut chiron_store::Tx<'_>) -> Result<(), Error> + Send>;

/// Holds the SQLite writer, queues the units behind it, and lets go: so they share one commit.
async fn in_one_group(
    db: &Db,
    units: Vec<Box<dyn FnMut(&mut chiron_store::Tx<'_>) -> Result<(), Error> + Send>>,
) -> Vec<Result<(), Error>> {
    let (go, wait) = mpsc::channel::<()>();
    let holder = tokio::spawn({
        let db = db.clone();
        async move {
            db.write(move |_| {
                let _ = wait.recv();
                Ok(())
            })
            .await
        }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let waiting: Vec<_> = units
        .into_iter()
        .map(|mut unit| {
            let db = db.clone();
            tokio::spawn(async move { db.write(move |tx| unit(tx)).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(50)).await;
    drop(go);
    holder.await.unwrap().unwrap();
    let mut out = Vec::new();
    for unit in waiting {
        out.push(unit.await.unwrap());
    }
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_fails_or_panics_takes_no_neighbour_with_it() {
    each(async |place| {
        let ends = in_one_group(
            &place.db,
            vec![
                Box::new(|tx| insert(tx, &thing(1, "first")).map(drop)),
                Box::new(|tx| {
                    insert(tx, &thing(2, "refused"))?;
                    Err(Error::NoRow)
                }),
                Box::new(|tx| {
                    insert(tx, &thing(3, "panicked"))?;
                    panic!("a test of a panic, on purpose")
                }),
                Box::new(|tx| {
                    insert(tx, &thing(4, "swallowed"))?;
                    let _ = insert(tx, &thing(4, "swallowed"));
                    Ok(())
                }),
                Box::new(|tx| insert(tx, &thing(5, "last")).map(drop)),
            ],
        )
        .await;
        let told: Vec<_> = ends.iter().map(|end| end.as_ref().map_err(ToString::to_string)).collect();
        assert!(matches!(&ends[..], [Ok(()), Err(Error::NoRow), Err(Error::Panicked(_)), Err(Error::Spoiled), Ok(())]), "{told:?}");
        assert_eq!(names(&place.db).await, ["first", "last"]);
        // Every worker is alive.
        for _ in 0..8 {
            place.db.write(|tx| tx.execute("update things set kept = false", &[])).await.unwrap();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_before_any_change_runs_nobody_again() {
    let place = Throwaway::sqlite().unwrap();
    place.db.write(|tx| tx.batch(SCHEMA)).await.unwrap();
    let refusal = |sql: &'static str| -> Closure {
        Box::new(move |tx| {
            tx.execute(sql, &[])?;
            Err(Error::NoRow)
        })
    };
    let insert = |n: u128| -> Closure { Box::new(move |tx| insert(tx, &thing(n, &n.to_string())).map(drop)) };
    let ends = in_one_group(&place.db, vec![insert(1), refusal("update things set kept = false where name = 'nobody'"), insert(2)]).await;
    assert!(matches!(&ends[..], [Ok(()), Err(Error::NoRow), Ok(())]), "{ends:?}");
    assert_eq!(place.db.stats().retries, 0);
    let ends = in_one_group(
        &place.db,
        vec![insert(3), refusal("update things set name = 'x' where name = '1'"), refusal("create table left_over (a bigint)"), insert(4)],
    )
    .await;
    assert!(matches!(&ends[..], [Ok(()), Err(Error::NoRow), Err(Error::NoRow), Ok(())]), "{ends:?}");
    assert!(place.db.stats().retries > 0);
    assert_eq!(names(&place.db).await, ["1", "2", "3", "4"]);
    assert!(place.db.read(|tx| tx.all::<(i64,)>("select a from left_over", &[])).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_while_reading_leaves_the_readers_alive() {
    each(async |place| {
        for _ in 0..6 {
            let end = place.db.read::<()>(|_| panic!("a test of a panic, on purpose")).await;
            assert!(matches!(end, Err(Error::Panicked(_))));
        }
        assert!(names(&place.db).await.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_commit_fails_every_unit_of_its_group() {
    each(async |place| {
        if place.db.engine() == Engine::Postgres {
            return;
        }
        // A deferred constraint breaks at the commit, after every unit of the group has been told nothing yet.
        let ends = in_one_group(
            &place.db,
            vec![
                Box::new(|tx| insert(tx, &thing(1, "good")).map(drop)),
                Box::new(|tx| {
                    tx.batch("pragma defer_foreign_keys = on")?;
                    insert(tx, &thing(2, "orphan"))?;
                    tx.execute("update things set parent = $1 where id = $2", &[&ThingId(Uuid::from_u128(99)), &thing(2, "").id]).map(drop)
                }),
                Box::new(|tx| insert(tx, &thing(3, "good too")).map(drop)),
            ],
        )
        .await;
        assert!(ends.iter().all(|end| matches!(end, Err(Error::Commit(_)))), "{ends:?}");
        assert!(names(&place.db).await.is_empty());
        place.db.write(|tx| insert(tx, &thing(4, "later"))).await.unwrap();
        assert_eq!(names(&place.db).await, ["later"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_fails_the_group_and_the_writer_recovers() {
    let place = Throwaway::sqlite().unwrap();
    place.db.write(|tx| tx.batch(SCHEMA)).await.unwrap();
    place.db.write(|tx| tx.batch("pragma max_page_count = 12")).await.unwrap();
    let big = || Box::new(|tx: &mut chiron_store::Tx<'_>| insert(tx, &Thing { seal: vec![7; 200_000], ..thing(2, "big") }).map(drop));
    let ends = in_one_group(
        &place.db,
        vec![Box::new(|tx| insert(tx, &thing(1, "small")).map(drop)), big(), Box::new(|tx| insert(tx, &thing(3, "after")).map(drop))],
    )
    .await;
    assert!(ends[1].as_ref().is_err_and(Error::is_passing), "{ends:?}");
    // Whether SQLite undid the statement or the whole transaction, what was acknowledged is exactly what is there.
    let kept: Vec<_> =
        [("small", &ends[0]), ("after", &ends[2])].iter().filter(|(_, end)| end.is_ok()).map(|(name, _)| name.to_string()).collect();
    let mut there = names(&place.db).await;
    there.sort_by_key(|n| n != "small");
    assert_eq!(there, kept);
    place.db.write(|tx| tx.batch("pragma max_page_count = 1000000")).await.unwrap();
    place.db.write(|tx| insert(tx, &thing(9, "recovered"))).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_sees_one_snapshot_and_cannot_write() {
    each(async |place| {
        place.db.write(|tx| insert(tx, &thing(1, "a"))).await.unwrap();
        let (looked, has_looked) = mpsc::channel();
        let (go, wait) = mpsc::channel::<()>();
        let reading = tokio::spawn({
            let db = place.db.clone();
            async move {
                db.read(move |tx| {
                    let before: (i64,) = tx.one("select count(*) from things", &[])?;
                    let _ = looked.send(());
                    let _ = wait.recv();
                    let after: (i64,) = tx.one("select count(*) from things", &[])?;
                    Ok((before.0, after.0))
                })
                .await
            }
        });
        tokio::task::block_in_place(|| has_looked.recv().unwrap());
        place.db.write(|tx| insert(tx, &thing(2, "b"))).await.unwrap();
        drop(go);
        assert_eq!(reading.await.unwrap().unwrap(), (1, 1));
        assert_eq!(names(&place.db).await, ["a", "b"]);
        assert!(place.db.read(|tx| insert(tx, &thing(3, "c"))).await.is_err());
        assert_eq!(names(&place.db).await, ["a", "b"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_clients_add_one_each_and_none_is_lost() {
    each(async |place| {
        place.db.write(|tx| insert(tx, &Thing { score: 0.0, ..thing(1, "counter") })).await.unwrap();
        let second = place.second_node().unwrap();
        let adding: Vec<_> = (0..64)
            .map(|n| {
                let db = if n % 2 == 0 { place.db.clone() } else { second.clone() };
                tokio::spawn(async move {
                    loop {
                        // Read, then write what was read plus one: lost unless the engines really are serializable.
                        let end = db
                            .unit::<(), Said>(Access::Write, |tx| {
                                let (score,): (f64,) =
                                    tx.one("select score from things", &[]).map_err(|_| Said::Refused("hidden on purpose"))?;
                                tx.execute("update things set score = $1", &[&(score + 1.0)])
                                    .map_err(|_| Said::Refused("hidden on purpose"))?;
                                Ok(())
                            })
                            .await;
                        match end {
                            Ok(()) => break,
                            Err(Said::Broken(e)) if e.is_passing() => {}
                            Err(other) => panic!("{other:?}"),
                        }
                    }
                })
            })
            .collect();
        for one in adding {
            one.await.unwrap();
        }
        assert_eq!(place.db.read(|tx| tx.one::<(f64,)>("select score from things", &[])).await.unwrap().0, 64.0);
        if place.db.engine() == Engine::Postgres {
            assert!(place.db.stats().retries + second.stats().retries > 0, "two nodes never met");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_nodes_claim_each_row_once() {
    each(async |place| {
        place
            .db
            .write(|tx| {
                tx.batch("create table jobs (id bigint primary key, claimed_by bigint)")?;
                for id in 0..200_i64 {
                    tx.execute("insert into jobs (id) values ($1)", &[&id])?;
                }
                Ok(())
            })
            .await
            .unwrap();
        let second = place.second_node().unwrap();
        let claiming: Vec<_> = (0..8_i64)
            .map(|who| {
                let db = if who % 2 == 0 { place.db.clone() } else { second.clone() };
                tokio::spawn(async move {
                    let mut mine = Vec::new();
                    loop {
                        let claimed = db
                            .write(move |tx| {
                                tx.all::<(i64,)>(
                                    "update jobs set claimed_by = $1 where claimed_by is null and id in
                                        (select id from jobs where claimed_by is null order by id limit 7 {skip locked}) returning id",
                                    &[&who],
                                )
                            })
                            .await;
                        match claimed {
                            Ok(rows) if rows.is_empty() => return mine,
                            Ok(rows) => mine.extend(rows.into_iter().map(|(id,)| id)),
                            Err(e) if e.is_passing() => {}
                            Err(e) => panic!("{e}"),
                        }
                    }
                })
            })
            .collect();
        let mut all = Vec::new();
        for one in claiming {
            all.extend(one.await.unwrap());
        }
        all.sort_unstable();
        assert_eq!(all, (0..200).collect::<Vec<i64>>());
    })
    .await;
}

#[tokio::test]
async fn broken_rules_are_told_apart_and_an_attempt_may_fail() {
    each(async |place| {
        place.db.write(|tx| insert(tx, &thing(1, "taken"))).await.unwrap();
        let broken = async |sql: &'static str| place.db.write(move |tx| tx.execute(sql, &[])).await.unwrap_err().violation();
        let row = |id: &str, name: &str, mood: &str, parent: &str| -> &'static str {
            format!("insert into things (id, name, mood, at, score, kept, seal, parent) values ({{id 0000000000000000000000000000000{id}}}, {name}, {mood}, 0, 0, true, {{bytes 00}}, {parent})").leak()
        };
        assert_eq!(broken(row("1", "'other'", "'calm'", "null")).await, Some(Violation::Unique));
        assert_eq!(broken(row("2", "'taken'", "'calm'", "null")).await, Some(Violation::Unique));
        assert_eq!(broken(row("2", "null", "'calm'", "null")).await, Some(Violation::NotNull));
        assert_eq!(broken(row("2", "'b'", "'furious'", "null")).await, Some(Violation::Check));
        assert_eq!(broken(row("2", "'b'", "'calm'", "{id 00000000000000000000000000000009}")).await, Some(Violation::ForeignKey));
        let name = place
            .db
            .write(|tx| {
                if let Err(e) = tx.attempt(|tx| insert(tx, &thing(2, "taken"))) {
                    assert_eq!(e.violation(), Some(Violation::Unique));
                    insert(tx, &thing(2, "taken too"))?;
                }
                tx.one::<(String,)>("select name from things where id = $1", &[&thing(2, "").id])
            })
            .await
            .unwrap();
        assert_eq!(name.0, "taken too");
    })
    .await;
}

#[tokio::test]
async fn values_come_back_as_they_went_in() {
    each(async |place| {
        let things = vec![
            Thing { at: Timestamp::from_micros(i64::MIN), score: f64::MIN, mood: None, seal: vec![], ..thing(1, "") },
            Thing {
                at: Timestamp::from_micros(i64::MAX),
                score: f64::MAX,
                mood: Some(Mood::Cross),
                kept: false,
                ..thing(u128::MAX, "Élodie 👩🏽‍🏫 \u{202e}ا\u{feff}")
            },
        ];
        let put = things.clone();
        place.db.write(move |tx| put.iter().try_for_each(|t| insert(tx, t).map(drop))).await.unwrap();
        assert_eq!(place.db.read(|tx| tx.all::<Thing>(ALL, &[])).await.unwrap(), things);
        assert_eq!(place.db.read(|tx| tx.opt::<Thing>(ALL, &[])).await.unwrap().as_ref(), things.first());
        let missing = place.db.read(|tx| tx.one::<(i64,)>("select at from things where name = $1", &[&"nobody"])).await;
        assert!(matches!(missing, Err(Error::NoRow)));
        // $2 before $1.
        let swapped: (String, i64) =
            place.db.read(|tx| tx.one("select cast($2 as text), cast($1 as bigint)", &[&1_i64, &"two"])).await.unwrap();
        assert_eq!(swapped, ("two".into(), 1));
        let nul = place.db.write(|tx| insert(tx, &thing(3, "a\0b"))).await;
        assert!(matches!(nul, Err(Error::NulText)), "{nul:?}");
        let few = place.db.write(|tx| tx.execute("update things set name = $1 where name = $2", &[&"x"])).await;
        let many = place.db.write(|tx| tx.execute("update things set name = $1", &[&"x", &"y"])).await;
        assert!(matches!((few, many), (Err(Error::Unfit(_)), Err(Error::Unfit(_)))));
        place.db.write(|tx| tx.batch("update things set mood = 'unheard of' where name = ''")).await.unwrap();
        assert!(place.db.read(|tx| tx.all::<Thing>(ALL, &[])).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_list_goes_in_as_one_argument() {
    each(async |place| {
        place.db.write(|tx| (1..=5).try_for_each(|n| insert(tx, &thing(n, &format!("n\"{n}"))).map(drop))).await.unwrap();
        let count = async |sql: &'static str, list: List| {
            place.db.read(move |tx| tx.all::<(String,)>(sql, &[&0_i64, &list])).await.unwrap().into_iter().map(|(n,)| n).collect::<Vec<_>>()
        };
        let ids = List::of([thing(2, "").id, thing(4, "").id, thing(99, "").id]).unwrap();
        assert_eq!(count("select name from things where at > $1 and id in {list $2 as id} order by name", ids).await, ["n\"2", "n\"4"]);
        let names = List::of(["n\"1", "it's"]).unwrap();
        assert_eq!(count("select name from things where at > $1 and name in {list $2 as text}", names).await, ["n\"1"]);
        let times = List::of([Timestamp::from_micros(3)]).unwrap();
        assert_eq!(count("select name from things where at > $1 and at in {list $2 as bigint}", times).await, ["n\"3"]);
        let moods = List::of([Mood::Cross, Mood::Calm]).unwrap();
        assert_eq!(
            count("select name from things where at > $1 and mood in {list $2 as text} order by name limit 1", moods).await,
            ["n\"1"]
        );
        let none = List::of::<i64>([]).unwrap();
        assert!(count("select name from things where at > $1 and at in {list $2 as bigint}", none).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_row_type_that_does_not_fit_is_told_in_words() {
    each(async |place| {
        let short = place.db.read(|tx| tx.all::<(i64, i64)>("select at from things", &[])).await.unwrap_err().to_string();
        assert!(short.starts_with("the statement gives 1 columns where its row type has 2"), "{short}");
        let swapped = place
            .db
            .read(|tx| tx.all::<Thing>("select id, mood, name, at, score, kept, seal from things", &[]))
            .await
            .unwrap_err()
            .to_string();
        assert!(swapped.starts_with("column 2 is called “mood” where the row type has “name”"), "{swapped}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_whose_caller_has_gone_is_not_begun() {
    each(async |place| {
        let (go, wait) = mpsc::channel::<()>();
        let wait = Arc::new(std::sync::Mutex::new(wait));
        // Every worker is held.
        let held: Vec<_> = (0..4)
            .map(|_| {
                let (db, wait) = (place.db.clone(), wait.clone());
                tokio::spawn(async move {
                    db.write(move |_| {
                        let _ = wait.lock().map(|w| w.recv());
                        Ok(())
                    })
                    .await
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(50)).await;
        let runs = Arc::new(AtomicUsize::new(0));
        let gone = tokio::spawn({
            let (db, runs) = (place.db.clone(), runs.clone());
            async move {
                db.write(move |_| {
                    runs.fetch_add(1, SeqCst);
                    Ok(())
                })
                .await
            }
        });
        tokio::time::sleep(Duration::from_millis(20)).await;
        gone.abort();
        let _ = gone.await;
        drop(go);
        for one in held {
            one.await.unwrap().unwrap();
        }
        place.db.write(|_| Ok(())).await.unwrap();
        assert_eq!(runs.load(SeqCst), 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_that_stays_full_answers_busy() {
    let place = Throwaway::sqlite_with(Limits { queue: 1, patience: Duration::from_millis(80), ..Limits::default() }).unwrap();
    let (go, wait) = mpsc::channel::<()>();
    let (started, has_started) = mpsc::channel();
    let db = place.db.clone();
    let holder = tokio::spawn(async move {
        db.write(move |_| {
            let _ = started.send(());
            let _ = wait.recv();
            Ok(())
        })
        .await
    });
    tokio::task::block_in_place(|| has_started.recv().unwrap());
    let db = place.db.clone();
    let queued = tokio::spawn(async move { db.write(|_| Ok(())).await });
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(matches!(place.db.write(|_| Ok(())).await, Err(Error::Busy)));
    drop(go);
    holder.await.unwrap().unwrap();
    // It waited for longer than its patience, too.
    assert!(matches!(queued.await.unwrap(), Err(Error::Busy)));
    place.db.write(|_| Ok(())).await.unwrap();
}

#[tokio::test]
async fn statements_are_checked_without_being_run() {
    let _ =
        (sql!(Thing: "select id, name, mood, at, score, kept, seal from things"), sql!("delete from things where id in {list $1 as id}"));
    let _ = (sql!("select nothing from things"), sql!((i64,): "select name from things"));
    let _ = sql!("select name from things where name = $1 and at = $3");
    let mut reports = Vec::new();
    for place in Throwaway::each().unwrap() {
        place.db.write(|tx| tx.batch(SCHEMA)).await.unwrap();
        reports.push(chiron_store::check::statements(&place.db).await.unwrap());
    }
    assert_eq!(reports[0].statements.len(), 5);
    assert_eq!(reports[0].faults().len(), 1, "{:#?}", reports[0].faults());
    if let Some(postgres) = reports.get(1) {
        // Only PostgreSQL knows that a text is no number, and that a gap in the numbers has no type.
        assert_eq!(postgres.faults().len(), 3, "{:#?}", postgres.faults());
        assert!(reports[0].differences(postgres).is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_prepares_anew_when_the_schema_moves_and_connects_anew_when_thrown_out() {
    let Some(place) = Throwaway::postgres().unwrap() else { return };
    place.db.write(|tx| tx.batch(SCHEMA)).await.unwrap();
    place.db.write(|tx| insert(tx, &thing(1, "a"))).await.unwrap();
    let star = "select at from things";
    for _ in 0..16 {
        place.db.read(move |tx| tx.all::<(i64,)>(star, &[])).await.unwrap();
    }
    let all = "select * from things";
    let look = move |tx: &mut chiron_store::Tx<'_>| tx.execute(all, &[]);
    for _ in 0..16 {
        place.db.read(look).await.unwrap();
    }
    place.db.write(|tx| tx.batch("alter table things add column extra text")).await.unwrap();
    for _ in 0..16 {
        place.db.read(look).await.unwrap();
    }
    assert!(place.db.stats().retries > 0);
    let second = place.second_node().unwrap();
    second.write(|tx| tx.batch("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'")).await.unwrap();
    for n in 0..8 {
        place.db.write(move |tx| insert(tx, &thing(10 + n, &format!("after {n}")))).await.unwrap();
    }
    assert!(place.db.stats().reconnects > 0 || names(&place.db).await.len() == 9);
}

#[tokio::test]
async fn a_wrong_url_is_told_in_one_line_that_names_the_setting() {
    let words = |url: &str| Db::postgres(url, 1).err().unwrap().to_string();
    for url in [
        "postgres://chiron:hunter2@127.0.0.1:1/x",
        "not a url",
        "postgres://127.0.0.1:1/x?sslmode=perhaps",
        "postgres://h/x?sslmode=require&sslrootcert=/no/such/file",
    ] {
        let said = words(url);
        assert!(said.contains("--database") && !said.contains('\n') && !said.contains("hunter2"), "{said}");
        println!("{said}");
    }
}

#[tokio::test]
async fn dropping_the_last_clone_leaves_one_whole_file() {
    let place = Throwaway::sqlite().unwrap();
    let file = place.file().unwrap().with_file_name("other.db");
    let db = Db::sqlite(&file, 2).unwrap();
    db.write(|tx| tx.batch(SCHEMA)).await.unwrap();
    db.write(|tx| insert(tx, &thing(1, "kept"))).await.unwrap();
    let clone = db.clone();
    drop(db);
    assert_eq!(names(&clone).await, ["kept"]);
    drop(clone);
    assert!(!file.with_extension("db-wal").exists());
    assert_eq!(names(&Db::sqlite(&file, 1).unwrap()).await, ["kept"]);
}
