//! Every step of the schema is tried on a database that already holds rows, on both engines.

use chiron::slices::MIGRATIONS;
use chiron_store::dump::{load, write};
use chiron_store::throwaway::Throwaway;
use chiron_store::{Db, Migrations, run_text};
use std::io::BufReader;
use std::path::Path;

/// Made anew from the rest, and of another shape on each engine.
const SEARCH: [&str; 3] = ["search_docs", "search_words", "search_word_parts"];

/// Goes through the steps one by one and puts the rows of `migrations/rows/` in after each.
async fn climb(db: &Db) {
    for (i, step) in MIGRATIONS.0.iter().enumerate() {
        let applied = Migrations(&MIGRATIONS.0[..=i]).run(db).await.unwrap();
        assert_eq!(applied, [step.name]);
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/rows").join(format!("{}.sql", &step.name[..4]));
        let rows = std::fs::read_to_string(&file).unwrap_or_else(|_| {
            panic!("step {} has no rows: please add {}, with a row or two for every new table", step.name, file.display())
        });
        db.write(move |tx| run_text(tx, &rows)).await.unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_runs_on_a_database_that_holds_rows() {
    let mut shapes = Vec::new();
    for place in Throwaway::each().unwrap() {
        climb(&place.db).await;
        assert!(MIGRATIONS.run(&place.db).await.unwrap().is_empty());
        let tables = place.db.read(|tx| tx.tables()).await.unwrap();
        shapes.push(
            tables.into_iter().filter(|t| !SEARCH.contains(&t.name.as_str())).map(|t| (t.name, t.columns, t.order)).collect::<Vec<_>>(),
        );
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
        let lines = source
            .db
            .read(|tx| {
                let mut lines = Vec::new();
                write(tx, &SEARCH, &mut lines)?;
                Ok(lines)
            })
            .await
            .unwrap();
        for target in Throwaway::each().unwrap() {
            MIGRATIONS.run(&target.db).await.unwrap();
            let lines = lines.clone();
            let counted = target.db.write(move |tx| load(tx, &mut BufReader::new(&lines[..]))).await.unwrap();
            assert!(counted.iter().map(|c| c.rows).sum::<u64>() > 20);
        }
    }
}
