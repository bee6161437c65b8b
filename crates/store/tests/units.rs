//! Promises of a unit of work.

use chiron_store::{Access, Db, Error};

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
    let dir = tempfile::tempdir().unwrap();
    let db = Db::sqlite(&dir.path().join("t.db"), 2).unwrap();
    db.write(|tx| tx.batch("create table t (a bigint)")).await.unwrap();
    let said = db
        .unit::<(), _>(Access::Write, |tx| {
            tx.execute("insert into t values ($1)", &[&1_i64])?;
            Err(Said::Refused("no"))
        })
        .await;
    assert!(matches!(said, Err(Said::Refused("no"))));
    let broken = db.unit::<(), Said>(Access::Write, |tx| Ok(tx.batch("nonsense")?)).await;
    assert!(matches!(broken, Err(Said::Broken(_))));
    let rows: Vec<(i64,)> = db.read(|tx| tx.all("select a from t", &[])).await.unwrap();
    assert!(rows.is_empty());
}
