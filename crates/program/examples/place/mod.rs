//! A place of a benchmark's own.

use chiron::app::{App, Chance, Clock};
use chiron::config::Config;
use chiron::error::Result;
use chiron::seal::Seal;
use chiron::slices::{MIGRATIONS, SLICES};
use chiron_store::Db;

/// A place that was set up and is empty, in the folder it is configured for or in a PostgreSQL database that is empty.
pub async fn place(config: Config, database: Option<&str>) -> Result<App> {
    let chance = Chance::system()?;
    std::fs::create_dir_all(&config.data)?;
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
