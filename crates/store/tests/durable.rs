//! What was acknowledged is there after the process has died in the middle of its work.

use chiron_store::throwaway::Throwaway;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

const FILE: &str = "CHIRON_STORE_DURABLE_FILE";

/// Not a promise by itself: the process that [`acknowledged_writes_survive_a_kill`] kills.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "started by the test below"]
#[expect(clippy::disallowed_methods, reason = "how the test below names the file")]
async fn writes_until_it_is_killed() {
    let db = chiron_store::Db::sqlite(std::env::var_os(FILE).unwrap().as_ref(), 1).unwrap();
    db.write(|tx| tx.batch("create table if not exists acknowledged (n bigint primary key)")).await.unwrap();
    for n in 0..1_000_000_i64 {
        db.write(move |tx| tx.execute("insert into acknowledged values ($1)", &[&n])).await.unwrap();
        println!("kept {n}");
    }
}

#[tokio::test]
async fn acknowledged_writes_survive_a_kill() {
    let place = Throwaway::sqlite().unwrap();
    let file = place.file().unwrap().with_file_name("killed.db");
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "writes_until_it_is_killed", "--ignored", "--nocapture"])
        .env(FILE, &file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(child.stdout.take().unwrap()).lines();
    let last = told.by_ref().filter_map(|line| line.ok()?.strip_prefix("kept ")?.parse::<i64>().ok()).find(|n| *n >= 40).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let last = told.filter_map(|line| line.ok()?.strip_prefix("kept ")?.parse::<i64>().ok()).last().unwrap_or(last);
    let db = chiron_store::Db::sqlite(&file, 1).unwrap();
    let (rows, highest): (i64, i64) = db.read(|tx| tx.one("select count(*), max(n) from acknowledged", &[])).await.unwrap();
    assert!(highest >= last && rows == highest + 1, "acknowledged {last}, found {highest} in {rows} rows");
}
