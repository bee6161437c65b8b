//! Every statement of the product, prepared on both engines against the real schema.

use chiron::slices::MIGRATIONS;
use chiron_store::check::{Report, statements};
use chiron_store::throwaway::Throwaway;

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
