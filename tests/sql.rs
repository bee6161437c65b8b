//! Every statement of the product, prepared on both engines against the real schema.

use chiron::slices::MIGRATIONS;
use chiron_store::check::{Report, statements};
use chiron_store::throwaway::Throwaway;
use chiron_store::{Arg, Engine, Sql, drivers::inventory};

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_means_the_same_to_both_engines() {
    let mut reports: Vec<Report> = Vec::new();
    for place in Throwaway::each().unwrap() {
        MIGRATIONS.run(&place.db).await.unwrap();
        reports.push(statements(&place.db).await.unwrap());
    }
    let mut faults: Vec<String> = reports.iter().flat_map(Report::faults).collect();
    if let [sqlite, postgres] = &reports[..] {
        faults.extend(sqlite.differences(postgres));
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
    let checked = reports[0].statements.len();
    assert!(checked > 0, "no statement was found, although the product has many");
    println!("{checked} statements on {} engines", reports.len());
}

/// Tables that stay small whatever a place becomes, so that reading them whole costs nothing.
const SMALL: [&str; 3] = ["settings", "own_skills", "invitations"];
/// What an operator runs at the terminal now and then may take its time.
const AT_THE_TERMINAL: [&str; 2] = ["src/operate.rs", "src/seed/history.rs"];

/// On a small database everything is quick; at a million people reading a whole table is not.
#[tokio::test(flavor = "multi_thread")]
async fn no_statement_reads_a_whole_table() {
    let place = Throwaway::each().unwrap().into_iter().find(|place| place.db.engine() == Engine::Sqlite).unwrap();
    MIGRATIONS.run(&place.db).await.unwrap();
    let product = inventory::iter::<Sql>.into_iter().filter(|sql| sql.file.starts_with("src/") && !AT_THE_TERMINAL.contains(&sql.file));
    let mut scans = Vec::new();
    for sql in product {
        let most = (1..=99).rev().find(|n| sql.text.contains(&format!("${n}"))).unwrap_or(0);
        let plan = place.db.read(move |tx| {
            let nothing: Vec<&dyn Arg> = vec![&None::<i64>; most];
            tx.all::<(i64, i64, i64, String)>(&format!("explain query plan {}", sql.text), &nothing)
        });
        for (.., step) in plan.await.unwrap() {
            let Some(name) = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next()) else { continue };
            let is_list = step.contains("json_each") || step.contains("VIRTUAL TABLE") || step.contains("CONSTANT ROW");
            // What a subquery has made is as long as the subquery's own plan allows.
            let made = sql.text.contains(&format!(") {name}")) || name == "along" || sql.text.contains(&format!("join along {name}"));
            // A walk that stops at its limit reads about what it returns, along an index or counting no further than asked.
            let stops =
                sql.text.contains(" limit ") && (step.contains("INDEX") || sql.text.starts_with("select count(*) from (select 1 from "));
            if !(is_list || made || stops || SMALL.contains(&name)) {
                scans.push(format!("{}:{} {step}\n    {}", sql.file, sql.line, sql.text.split_whitespace().collect::<Vec<_>>().join(" ")));
            }
        }
    }
    assert!(scans.is_empty(), "these read a whole table\n{}", scans.join("\n"));
}
