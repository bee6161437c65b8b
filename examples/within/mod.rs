//! What benchmarks within the program share: a place of their own, and looking at its pages without a network.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use chiron::app::{App, Chance, Clock};
use chiron::config::Config;
use chiron::error::{Error, Result};
use chiron::seal::Seal;
use chiron::slices::{MIGRATIONS, SLICES};
use chiron_store::Db;
use http_body_util::BodyExt;
use std::path::Path;
use tower::ServiceExt;

/// A place that was set up, empty, in this folder, or in a PostgreSQL database that is empty.
pub async fn place(folder: &Path, database: Option<&str>) -> Result<App> {
    let config = Config { data: folder.into(), ..Config::default() };
    let chance = Chance::system()?;
    let seal = Seal::of_file(&config.key_path(), &chance)?;
    let db = match database {
        Some(url) => Db::postgres(url, 4)?,
        None => Db::sqlite(&config.database_file(), 2)?,
    };
    MIGRATIONS.run(&db).await?;
    let app = App::new(db, config, Clock::Real, chance, seal, SLICES);
    app.write(|tx| {
        tx.set("place name", "A measured place")?;
        tx.set("set up at", "now")
    })
    .await?;
    app.refresh_place().await?;
    Ok(app)
}

/// Looks at a page as somebody who is signed in.
pub async fn get(router: &Router, path: &str, cookie: &str) -> Result<(StatusCode, String)> {
    let request = Request::get(path).header("host", "127.0.0.1:8080").header("cookie", format!("chiron={cookie}"));
    let response = router.clone().oneshot(request.body(Body::empty()).map_err(Error::broken)?).await.map_err(Error::broken)?;
    let state = response.status();
    let bytes = response.into_body().collect().await.map_err(Error::broken)?.to_bytes();
    Ok((state, String::from_utf8_lossy(&bytes).into_owned()))
}
