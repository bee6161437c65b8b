//! Every step of the schema is tried on a database that already holds rows, on both engines, and so is its end in the
//! middle.

use chiron::slices::MIGRATIONS;
use chiron_store::dump::{Kind, load, write};
use chiron_store::throwaway::Throwaway;
use chiron_store::{Db, Migration, Migrations, run_text};
use std::io::BufReader;
use std::path::Path;

/// Made anew from the rest, and of another shape on each engine.
const SEARCH: [&str; 3] = ["search_docs", "search_words", "search_word_parts"];

/// Goes through the steps one by one and puts the rows of `migrations/rows/` in after each.
async fn climb(db: &Db) {
    for (i, step) in MIGRATIONS.0.iter().enumerate() {
        let applied = Migrations(&MIGRATIONS.0[..=i]).run(db).await.unwrap();
        assert_eq!(applied, [step.name]);
        put_rows(db, step).await;
    }
}

async fn put_rows(db: &Db, step: &Migration) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/rows").join(format!("{}.sql", &step.name[..4]));
    let rows = std::fs::read_to_string(&file)
        .unwrap_or_else(|_| panic!("step {} has no rows: please add {}, with a row or two for every new table", step.name, file.display()));
    db.write(move |tx| run_text(tx, &rows)).await.unwrap_or_else(|e| panic!("{}: {e}", file.display()));
}

/// Every row but those of the search, as a backup has them.
async fn rows(db: &Db) -> Vec<u8> {
    let written = db.read(|tx| {
        let mut lines = Vec::new();
        write(tx, &SEARCH, &mut lines)?;
        Ok(lines)
    });
    written.await.unwrap()
}

async fn shape(db: &Db) -> Vec<(String, Vec<(String, Kind)>, Vec<String>)> {
    let tables = db.read(|tx| tx.tables()).await.unwrap();
    tables.into_iter().filter(|t| !SEARCH.contains(&t.name.as_str())).map(|t| (t.name, t.columns, t.order)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_runs_on_a_database_that_holds_rows() {
    let mut shapes = Vec::new();
    for place in Throwaway::each().unwrap() {
        climb(&place.db).await;
        assert!(MIGRATIONS.run(&place.db).await.unwrap().is_empty());
        shapes.push(shape(&place.db).await);
    }
    if let [sqlite, postgres] = &shapes[..] {
        for (ours, theirs) in sqlite.iter().zip(postgres) {
            assert_eq!(ours, theirs, "a table has another shape on PostgreSQL");
        }
        assert_eq!(sqlite.len(), postgres.len(), "an engine has a table that the other has not");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_backed_up_on_one_engine_is_restored_on_the_other() {
    for source in Throwaway::each().unwrap() {
        climb(&source.db).await;
        let lines = rows(&source.db).await;
        for target in Throwaway::each().unwrap() {
            MIGRATIONS.run(&target.db).await.unwrap();
            let lines = lines.clone();
            let counted = target.db.write(move |tx| load(tx, &mut BufReader::new(&lines[..]))).await.unwrap();
            assert!(counted.iter().map(|c| c.rows).sum::<u64>() > 20);
        }
    }
}

/// Where it is, how many steps it takes, and at which statement it dies.
#[cfg(debug_assertions)]
const TO_DIE: [&str; 3] = ["CHIRON_UPGRADE_PLACE", "CHIRON_UPGRADE_STEPS", "CHIRON_UPGRADE_STATEMENT"];

/// Not a promise by itself: the process that dies in the test below.
#[cfg(debug_assertions)]
#[tokio::test(flavor = "multi_thread")]
#[ignore = "started by the test below"]
#[expect(clippy::disallowed_methods, reason = "how the test below says what to do")]
async fn upgrades_until_it_dies() {
    let [place, steps, statement] = TO_DIE.map(|name| std::env::var(name).unwrap());
    let db = if place.starts_with("postgres") { Db::postgres(&place, 1) } else { Db::sqlite(place.as_ref(), 1) }.unwrap();
    let left = std::sync::atomic::AtomicI64::new(statement.parse().unwrap());
    // As a kill ends it: nothing is undone, closed or said.
    db.mishaps(move |_| left.fetch_sub(1, std::sync::atomic::Ordering::Relaxed) == 1 && std::process::abort());
    Migrations(&MIGRATIONS.0[..steps.parse().unwrap()]).run(&db).await.unwrap();
}

#[cfg(debug_assertions)]
#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_that_dies_anywhere_is_taken_up_where_it_was() {
    for (place, whole) in Throwaway::each().unwrap().into_iter().zip(Throwaway::each().unwrap()) {
        let mut deaths = 0;
        for (i, step) in MIGRATIONS.0.iter().enumerate() {
            let before = rows(&place.db).await;
            // Elsewhere in each step: before it, in its middle, and between it and the end.
            let at = 1 + i * 5 % 23;
            let told =
                [place.url().map_or_else(|| place.file().unwrap().into(), Into::into), (i + 1).to_string().into(), at.to_string().into()];
            let child = std::process::Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "upgrades_until_it_dies", "--ignored"])
                .envs(TO_DIE.into_iter().zip::<[std::ffi::OsString; 3]>(told))
                .output()
                .unwrap();
            assert!(!String::from_utf8_lossy(&child.stdout).contains("panicked"), "{child:?}");
            deaths += usize::from(!child.status.success());
            let (db, steps) = (place.second_node().unwrap(), Migrations(&MIGRATIONS.0[..=i]));
            if !steps.pending(&db).await.unwrap().is_empty() {
                assert!(rows(&db).await == before, "something was left of {}, which died at statement {at}", step.name);
                // The next node waits for this one until its lease is over; a minute, which passes here at once.
                let _ = db.write(|tx| tx.execute("update schema_lease set until = 0", &[])).await;
                assert_eq!(steps.run(&db).await.unwrap(), [step.name]);
            }
            put_rows(&db, step).await;
        }
        climb(&whole.db).await;
        assert!(rows(&place.db).await == rows(&whole.db).await && shape(&place.db).await == shape(&whole.db).await);
        assert!(deaths >= 20, "it died {deaths} times only");
    }
}
