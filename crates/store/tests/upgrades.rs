//! Promises of migrations and of the copy before them.

use chiron_store::throwaway::Throwaway;
use chiron_store::{Db, Migration, Migrations, run_text};

const FIRST: Migration = Migration {
    name: "0001_first",
    text: "-- A comment; with a semicolon.\ncreate table people (id {id} primary key, name text not null default 'a;b'); create index people_by_name on people (name);\n",
};
const SECOND: Migration = Migration {
    name: "0002_second",
    text: "alter table people add column age bigint;\n--! sqlite\ncreate virtual table found using fts5(words);\n--! end\n--! postgres\ncreate table found (words text not null);\n--! end\ninsert into found (words) values ('both');",
};
const BROKEN: Migration = Migration { name: "0003_broken", text: "create table half (a bigint); create table half (a bigint);" };
const MENDED: Migration = Migration { name: "0003_broken", text: "create table half (a bigint);" };
const EDITED: Migration = Migration { name: "0001_first", text: "create table people (id {id} primary key);" };

static ONE: Migrations = Migrations(&[FIRST]);
static TWO: Migrations = Migrations(&[FIRST, SECOND]);
static THREE: Migrations = Migrations(&[FIRST, SECOND, MENDED]);

#[tokio::test(flavor = "multi_thread")]
async fn steps_run_once_in_order_and_survive_a_broken_one() {
    for place in Throwaway::each().unwrap() {
        let db = &place.db;
        assert_eq!(ONE.run(db).await.unwrap(), ["0001_first"]);
        assert!(ONE.run(db).await.unwrap().is_empty());
        db.write(|tx| run_text(tx, "insert into people (id) values ({id 0190b6f0-0000-7000-8000-000000000001}); -- one\n")).await.unwrap();
        let upgraded = TWO.upgrade(db).await.unwrap();
        assert_eq!(upgraded.applied, ["0002_second"]);
        if let Some(file) = place.file() {
            let copy = upgraded.copy.unwrap();
            assert_eq!(
                copy.file_name().unwrap().to_str().unwrap(),
                format!("{}.before-0002_second", file.file_name().unwrap().to_str().unwrap())
            );
            let before = Db::sqlite(&copy, 1).unwrap();
            assert_eq!(before.read(|tx| tx.one::<(i64,)>("select count(*) from people", &[])).await.unwrap().0, 1);
            assert!(before.read(|tx| tx.all::<(i64,)>("select age from people", &[])).await.is_err());
        }
        let broken = Migrations(&[FIRST, SECOND, BROKEN]).run(db).await.unwrap_err().to_string();
        assert!(broken.starts_with("Step 0003_broken failed: "), "{broken}");
        assert!(db.read(|tx| tx.all::<(i64,)>("select a from half", &[])).await.is_err(), "half a step was kept");
        assert_eq!(THREE.run(db).await.unwrap(), ["0003_broken"]);
        let newer = TWO.run(db).await.unwrap_err().to_string();
        assert_eq!(newer, "This database was made by a newer Chiron (it has step 0003_broken). Please run that version.");
        let edited = Migrations(&[EDITED, SECOND, MENDED]).run(db).await.unwrap_err().to_string();
        assert!(edited.contains("0001_first") && edited.contains("edited"), "{edited}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nodes_that_start_together_upgrade_once() {
    for place in Throwaway::each().unwrap() {
        let nodes: Vec<Db> = (0..4).map(|_| place.second_node().unwrap()).collect();
        let running: Vec<_> = nodes.iter().cloned().map(|db| tokio::spawn(async move { THREE.run(&db).await })).collect();
        let mut applied = Vec::new();
        for one in running {
            applied.extend(one.await.unwrap().unwrap());
        }
        assert_eq!(applied, ["0001_first", "0002_second", "0003_broken"]);
        assert_eq!(place.db.read(|tx| tx.one::<(i64,)>("select count(*) from found", &[])).await.unwrap().0, 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_made_while_writing_is_one_instant_and_overwrites_nothing() {
    let place = Throwaway::sqlite().unwrap();
    let db = place.db.clone();
    db.write(|tx| tx.batch("create table a (n bigint primary key); create table b (n bigint primary key)")).await.unwrap();
    let writing = tokio::spawn(async move {
        for n in 0..400_i64 {
            db.write(move |tx| tx.execute("insert into a values ($1)", &[&n]).and_then(|_| tx.execute("insert into b values ($1)", &[&n])))
                .await
                .unwrap();
        }
    });
    tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    let copy = place.file().unwrap().with_file_name("copy.db");
    place.db.backup_to(&copy).await.unwrap();
    let again = place.db.backup_to(&copy).await.unwrap_err().to_string();
    assert!(again.ends_with("is there already; nothing was overwritten."), "{again}");
    writing.await.unwrap();
    let copied = Db::sqlite(&copy, 1).unwrap();
    let (a, b): (i64, i64) = copied.read(|tx| tx.one("select (select count(*) from a), (select count(*) from b)", &[])).await.unwrap();
    assert_eq!(a, b);
    assert!(copied.read(|tx| tx.one::<(String,)>("pragma integrity_check", &[])).await.unwrap().0 == "ok");
}
