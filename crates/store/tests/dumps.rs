//! A backup as lines: from either engine into either, proved by counts and hashes.

use chiron_store::dump::{Counted, load, write};
use chiron_store::throwaway::Throwaway;
use chiron_store::{Db, Engine, Error, Migration, Migrations};
use std::io::BufReader;

static SCHEMA: Migrations = Migrations(&[Migration {
    name: "0001_all",
    text: "create table people (id {id} primary key, mentor_id {id} references people (id), name text not null, note text, seal {bytes} not null, born bigint, weight double precision, kept boolean);
        create table log (position {serial}, person_id {id} not null references people (id), said text not null);
        create table words (word text primary key, rank bigint not null);
        create table unkeyed (a bigint, b text);
        --! sqlite
        create virtual table found using fts5(words);
        --! end
        --! postgres
        create table found (words text not null);
        --! end
        ",
}]);

async fn migrated(place: &Throwaway) {
    SCHEMA.run(&place.db).await.unwrap();
}

async fn fill(db: &Db) {
    db.write(|tx| {
        use uuid::Uuid;
        for n in 0..300_u128 {
            let name = ["Amina", "Élodie \\ \t\r\n \"", "{list $1 as id}", "👩🏽‍🏫", ""][n as usize % 5];
            let (note, born) = ((n % 3 == 0).then_some("\\N"), (n % 4 != 0).then_some(i64::MAX - n as i64));
            let (weight, kept) =
                ((n % 5 != 0).then_some([0.1, -0.0, f64::INFINITY, 5e-324, f64::MAX][n as usize % 5]), (n % 7 != 0).then_some(n % 2 == 0));
            let seal: Vec<u8> = if n % 2 == 0 { vec![0, 10, 92, 255] } else { (0..16).collect() };
            tx.execute(
                "insert into people (id, name, note, seal, born, weight, kept) values ($1, $2, $3, $4, $5, $6, $7)",
                &[&Uuid::from_u128(n << 64), &name, &note, &seal, &born, &weight, &kept],
            )?;
            tx.execute("insert into log (person_id, said) values ($1, $2)", &[&Uuid::from_u128(n << 64), &name])?;
        }
        // A mentor who comes later in the file than those who point at her.
        tx.execute("update people set mentor_id = $1 where id <> $1", &[&Uuid::from_u128(200 << 64)])?;
        tx.execute("delete from log where position > 290", &[])?;
        for (rank, word) in ["b", "B", "a", "é", "Z", "_"].iter().enumerate() {
            tx.execute("insert into words (word, rank) values ($1, $2)", &[word, &(rank as i64)])?;
            tx.execute("insert into unkeyed (a, b) values ($1, $2)", &[&(rank % 2 == 0).then_some(rank as i64), word])?;
        }
        Ok(())
    })
    .await
    .unwrap();
}

async fn dump(db: &Db) -> (String, Vec<Counted>) {
    db.read(|tx| {
        let mut out = Vec::new();
        let counted = write(tx, &["found"], &mut out)?;
        Ok((String::from_utf8(out).unwrap(), counted))
    })
    .await
    .unwrap()
}
async fn restore(db: &Db, text: String) -> Result<Vec<Counted>, Error> {
    db.write(move |tx| load(tx, &mut BufReader::new(text.as_bytes()))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_one_engine_restores_into_the_other_and_back() {
    let sources = Throwaway::each().unwrap();
    let mut hashes = Vec::new();
    for source in &sources {
        migrated(source).await;
        fill(&source.db).await;
        let (text, counted) = dump(&source.db).await;
        hashes.push(counted.clone());
        assert_eq!(
            counted.iter().map(|c| (c.table.as_str(), c.rows)).collect::<Vec<_>>(),
            [("log", 290), ("people", 300), ("unkeyed", 6), ("words", 6)]
        );
        for target in Throwaway::each().unwrap() {
            migrated(&target).await;
            assert_eq!(restore(&target.db, text.clone()).await.unwrap(), counted);
            assert_eq!(dump(&target.db).await.0, text, "{:?} to {:?}", source.db.engine(), target.db.engine());
            // A number that was given once is not given again.
            let next = target
                .db
                .write(|tx| {
                    tx.one::<(i64,)>(
                        "insert into log (person_id, said) select id, 'new' from people order by id limit 1 returning position",
                        &[],
                    )
                })
                .await
                .unwrap()
                .0;
            assert_eq!(next, 301);
            // The rules of the schema hold again.
            let orphan = target
                .db
                .write(|tx| tx.execute("insert into log (person_id, said) values ({id 0190b6f0000070008000000000000001}, '')", &[]))
                .await;
            assert!(orphan.is_err_and(|e| e.violation() == Some(chiron_store::Violation::ForeignKey)));
            let full = restore(&target.db, text.clone()).await.unwrap_err().to_string();
            assert_eq!(full, "The table log is not empty. Please restore into a new database.");
        }
    }
    assert!(hashes.windows(2).all(|pair| pair[0] == pair[1]), "the engines count alike");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_backup_is_refused_in_words_and_leaves_nothing() {
    let source = Throwaway::sqlite().unwrap();
    migrated(&source).await;
    fill(&source.db).await;
    let (text, _) = dump(&source.db).await;
    for target in Throwaway::each().unwrap() {
        migrated(&target).await;
        let told = async |text: String| restore(&target.db, text).await.unwrap_err().to_string();
        let lines: Vec<&str> = text.lines().collect();
        assert!(told(lines[..lines.len() - 1].join("\n") + "\n").await.contains("cut short"));
        assert!(told(lines[..40].join("\n")).await.contains("cut short"));
        assert!(told(String::new()).await.contains("cut short"));
        assert!(told(text.replacen("Amina", "Anima", 1)).await.contains("damaged"));
        assert!(told(text.replacen("\"people\"", "\"sqlite_schema\"", 1)).await.contains("no such table"));
        assert!(told(text.replacen("\"name\"", "\"name\\\"; drop table people; --\"", 1)).await.contains("columns are others"));
        assert!(told(text.replacen("0001_all", "0002_more", 1)).await.contains("at schema step 0002_more"));
        assert!(told("{\"a\": 1}\n".into()).await.contains("Line 1"));
        let orphaned = {
            // Sound in itself, but its rows refer to people that are not in it.
            let other = Throwaway::sqlite().unwrap();
            migrated(&other).await;
            fill(&other.db).await;
            other.db.write(|tx| tx.batch("pragma defer_foreign_keys = on; delete from log")).await.unwrap();
            let (without_log, _) = dump(&other.db).await;
            let log = text.lines().skip(1).take_while(|l| !l.starts_with("{\"table\":\"people\"")).collect::<Vec<_>>().join("\n");
            let empty = without_log.lines().filter(|l| !l.starts_with("[\"")).collect::<Vec<_>>();
            format!("{}\n{log}\n{{\"tables\":1}}\n", empty[0])
        };
        let said = told(orphaned).await;
        assert!(said.contains("refers to a row that is not there") || said.contains("foreign key"), "{said}");
        let (rows,): (i64,) = target.db.read(|tx| tx.one("select count(*) from people", &[])).await.unwrap();
        assert_eq!(rows, 0);
        // The next one in is sound.
        restore(&target.db, text.clone()).await.unwrap();
        assert!(target.db.engine() == Engine::Sqlite || target.db.engine() == Engine::Postgres);
    }
}
