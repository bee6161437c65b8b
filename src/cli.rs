//! What the program can be told to do.

use crate::app::{App, Chance, Clock};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::operate::{self, Verdict};
use crate::people::import::{self, Sheet};
use crate::seal::Seal;
use crate::slices::{MIGRATIONS, SLICES};
use crate::viewer::PersonId;
use chiron_store::{Db, sql};
use clap::{Parser, Subcommand};
use jiff::SignedDuration;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The mentoring and coaching platform that people run themselves.
#[derive(Parser)]
#[command(name = "chiron", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run this place.
    Serve {
        #[command(flatten)]
        config: Config,
    },
    /// Run a village of made-up people on a database that is thrown away, to look around.
    Demo {
        #[command(flatten)]
        config: Config,
        /// Write each person's name and sign-in link to this file as JSON as well.
        #[arg(long, value_name = "FILE")]
        links_json: Option<PathBuf>,
    },
    /// Add made-up people, the same ones every time, to see how a place of that size works. Not for a place with real people in it.
    Seed {
        /// How many.
        #[arg(long, default_value_t = 10_000)]
        people: u64,
        #[command(flatten)]
        config: Config,
    },
    /// Bring people in from a spreadsheet.
    #[command(subcommand)]
    Import(Import),
    /// Match mentees with mentors from two spreadsheets, with reasons and a proof; needs no place and no database.
    Match(Box<crate::pairing::Match>),
    /// Write everything, as it is at one instant, into one file; people can go on working meanwhile.
    Backup {
        /// The file to write; it must not be there yet. Named after the date in the data folder when not given.
        file: Option<PathBuf>,
        #[command(flatten)]
        config: Config,
    },
    /// Read a backup into an empty place, and prove that all of it is there.
    Restore {
        file: PathBuf,
        #[command(flatten)]
        config: Config,
    },
    /// Make a new instance key and wrap everything by it that the old ones wrap, while people go on working. The old keys
    /// stay in the file; `docs/operate/keys.md` says when they may go.
    RotateKey {
        /// Make no new key, only wrap by the newest one in the file: after a stop halfway, or on a second machine.
        #[arg(long)]
        only_wrap: bool,
        #[command(flatten)]
        config: Config,
    },
    /// Print the links of letters that wait while no mail server is set: the way in when nobody is signed in who sees the
    /// outbox page.
    Outbox {
        #[command(flatten)]
        config: Config,
    },
    /// Send a letter to try the mail server, or take one that came in.
    #[command(subcommand)]
    Mail(Mail),
    /// Look at everything that can be wrong with this place and say what to do about it.
    Doctor {
        #[command(flatten)]
        config: Config,
    },
    /// Print every setting with its flag, its environment variable and its default, as Markdown.
    Settings,
    /// Ask a running Chiron whether it is ready; exits with 0 when it is.
    Healthcheck {
        #[command(flatten)]
        config: Config,
    },
}

#[derive(Subcommand)]
enum Import {
    /// People, one a line; which columns are read is in `docs/operate/import.md`. All of the file or nothing of it.
    People {
        file: PathBuf,
        /// Say what it would do, and change nothing.
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        config: Config,
    },
}

#[derive(Subcommand)]
enum Mail {
    /// Send one letter and show the whole conversation with the mail server.
    Test {
        address: String,
        #[command(flatten)]
        config: Config,
    },
    /// Take a letter on standard input, as a mail server pipes it in: an answer by reply.
    Receive {
        #[command(flatten)]
        config: Config,
    },
}

pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli.command) {
        Ok(code) => code,
        Err(e) => {
            eprintln!("chiron: {e}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match command {
        Command::Serve { config } => runtime.block_on(serve(config)),
        Command::Match(asked) => runtime.block_on(crate::pairing::run(*asked)),
        Command::Demo { config, links_json } => runtime.block_on(demo(config, links_json)),
        Command::Backup { file, config } => runtime.block_on(async {
            let app = open(config).await?;
            let name = || app.config.data.join(format!("chiron-{}.backup", app.now().jiff().strftime("%Y-%m-%d-%H%M%S")));
            let file = file.unwrap_or_else(name);
            let counted = operate::back_up(&app, &file).await?;
            println!("{} rows of {} tables are in {}.", counted.rows, counted.tables, file.display());
            println!("The key is not in it: keep a copy of {} somewhere else.", app.config.key_path().display());
            Ok(ExitCode::SUCCESS)
        }),
        Command::Restore { file, config } => runtime.block_on(async {
            std::fs::File::open(&file).map_err(|e| Error::broken(format!("{} cannot be read: {e}", file.display())))?;
            let app = open_as(config, Clock::Real, Ground::Restores).await?;
            let counted = operate::restore(&app, &file).await?;
            crate::directory::verbs::rebuild_search(&app).await?;
            println!("{} rows of {} tables are back; counts and hashes are those of the backup.", counted.rows, counted.tables);
            Ok(ExitCode::SUCCESS)
        }),
        Command::RotateKey { only_wrap, config } => runtime.block_on(async {
            let app = open(config).await?;
            let file = app.config.key_path();
            if !only_wrap {
                Seal::add_newest(&file, &app.chance)?;
                println!("{} has a new first line. Keep a copy of it now, apart from your backups.", file.display());
            }
            let renewed = operate::renew_keys(&app).await?;
            println!("{renewed} keys of conversations were wrapped by the newest key; none is left under an older one.");
            Ok(ExitCode::SUCCESS)
        }),
        Command::Seed { people, config } => runtime.block_on(seed(config, people)),
        Command::Mail(Mail::Test { address, config }) => runtime.block_on(async {
            let (sent, conversation) = crate::mail::test(&open(config).await?, &address).await?;
            println!("{conversation}");
            Ok(if sent { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }),
        Command::Mail(Mail::Receive { config }) => runtime.block_on(receive(config)),
        Command::Outbox { config } => runtime.block_on(outbox(config)),
        Command::Import(Import::People { file, dry_run, config }) => runtime.block_on(bring_in(config, &file, dry_run)),
        Command::Doctor { config } => runtime.block_on(doctor(config)),
        Command::Settings => {
            print!("{}", settings());
            Ok(ExitCode::SUCCESS)
        }
        Command::Healthcheck { config } => runtime.block_on(healthcheck(&config)),
    }
}

/// What a command expects of the folder or the database that it is told of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ground {
    /// A place is made when none is there.
    Makes,
    /// A place comes back here, with the key that was kept apart.
    Restores,
    /// The place is there: a slip in its name must not make an empty one, and a backup of that.
    Needs,
    /// The same, and nothing is changed.
    LooksAt,
}

/// Opens a place that is there, brings its schema up to date and reads the key.
async fn open(config: Config) -> Result<App> {
    open_as(config, Clock::Real, Ground::Needs).await
}

async fn open_as(config: Config, clock: Clock, ground: Ground) -> Result<App> {
    log(&config);
    let must_be_there = matches!(ground, Ground::Needs | Ground::LooksAt);
    if must_be_there && config.database.is_none() && !config.database_file().exists() {
        return Err(Error::broken(format!(
            "there is no place in {}; name its folder with --data, or in CHIRON_DATA as for `chiron serve`",
            config.data.display()
        )));
    }
    if ground == Ground::Restores {
        is_there(&config.key_path())?;
    }
    std::fs::create_dir_all(&config.data)
        .map_err(|e| Error::broken(format!("the data folder {} cannot be made: {e}; choose another with --data", config.data.display())))?;
    let db = match config.database.as_deref() {
        Some(url) if url.trim().is_empty() => {
            return Err(Error::broken("--database (CHIRON_DATABASE) is empty; leave it out to use the embedded database"));
        }
        Some(url) => Db::postgres(url, 8)?,
        None => Db::sqlite(&config.database_file(), 4)
            .map_err(|e| Error::broken(format!("the database {} cannot be opened: {e} (see --data)", config.database_file().display())))?,
    };
    let pending = MIGRATIONS.pending(&db).await?;
    let is_new = pending.len() == MIGRATIONS.0.len();
    if is_new && must_be_there {
        return Err(Error::broken("the database is empty; `chiron serve` makes a place in it"));
    }
    if let Some(step) = pending.first().filter(|_| ground == Ground::LooksAt) {
        return Err(Error::broken(format!(
            "the database is not up to date (step {} is next); `chiron serve` brings it up to date",
            step.name
        )));
    }
    let chance = Chance::system()?;
    let seal = key_of_place(&config.key_path(), is_new && ground == Ground::Makes, &chance)?;
    if let Some(copy) = &MIGRATIONS.upgrade(&db).await?.copy {
        tracing::info!("the database was brought up to date; what it was before is kept in {}", copy.display());
    }
    let app = App::new(db, config, clock, chance, seal, SLICES);
    app.refresh_place().await?;
    Ok(app)
}

/// The key of a place. One is made for a new place alone: a second key would open nothing of what is there, and nobody
/// would be told before they look for it.
fn key_of_place(file: &Path, may_make: bool, chance: &Chance) -> Result<Seal> {
    if !may_make {
        is_there(file)?;
    }
    Seal::of_file(file, chance)
}

fn is_there(key: &Path) -> Result<()> {
    let there =
        key.try_exists().map_err(|e| Error::broken(format!("the key file {} cannot be read: {e} (see --key-file)", key.display())))?;
    if there {
        return Ok(());
    }
    Err(Error::broken(format!(
        "the key file {} is not there; put the copy that you kept of it there first, or say where it is with --key-file",
        key.display()
    )))
}

/// Brings people in from a sheet, and prints what that did, line by line where something is wrong.
async fn bring_in(config: Config, file: &Path, dry_run: bool) -> Result<ExitCode> {
    let bytes = std::fs::read(file).map_err(|e| Error::broken(format!("{} cannot be read: {e}", file.display())))?;
    let sheet = Sheet::read(&bytes);
    let app = open(config).await?;
    let report = app.write(move |tx| import::run(tx, &sheet, dry_run)).await?;
    for problem in &report.errors {
        eprintln!("{problem}");
    }
    for note in &report.notes {
        println!("{note}");
    }
    for (head, words) in &report.read_as {
        println!("“{head}” is read as {words}.");
    }
    if !report.left_out.is_empty() {
        println!("Columns we do not know, left out: {}.", report.left_out.join(", "));
    }
    if !report.new_words.is_empty() {
        println!("Skills that our list does not know, to be looked at under /skills: {}.", report.new_words.join(", "));
    }
    if !report.is_good() {
        eprintln!("Nothing was imported. Please mend the lines above and try again.");
        return Ok(ExitCode::FAILURE);
    }
    if dry_run {
        let first = report.first.iter().map(|(name, address)| format!("{name} <{address}>")).collect::<Vec<_>>();
        println!("The first lines read: {}.", first.join(", "));
    }
    let would = if report.done { "" } else { "Nothing was changed yet. This would be done: " };
    println!("{would}{}.", report.counts());
    Ok(ExitCode::SUCCESS)
}

/// Serves until told to stop.
async fn run_place(app: App, listener: tokio::net::TcpListener) -> Result<ExitCode> {
    tokio::spawn(crate::server::stop_on_signal(app.clone()));
    tokio::spawn(crate::server::give_memory_back());
    let sweeps = tokio::spawn(crate::sweeps::forever(app.clone()));
    // Under systemd this says that we are ready; elsewhere it does nothing.
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
    crate::server::serve(app, listener).await?;
    let _ = sweeps.await;
    Ok(ExitCode::SUCCESS)
}

async fn serve(config: Config) -> Result<ExitCode> {
    let listener = crate::server::bind(config.listen).await?;
    crate::mail::configured(&config)?;
    let app = open_as(config, Clock::Real, Ground::Makes).await?;
    if let Err(e) = operate::try_key(&app).await {
        tracing::error!("{e}");
    }
    println!("Chiron is at {}", app.config.url());
    if let Some(path) = app.write(crate::instance::verbs::set_up_link).await? {
        println!("Open this link once to set this place up:\n\n    {}{path}\n", app.config.url());
    }
    run_place(app, listener).await
}

async fn demo(mut config: Config, links_json: Option<PathBuf>) -> Result<ExitCode> {
    let listener = crate::server::bind(config.listen).await?;
    // The folder goes when the program ends; a folder that was named stays.
    let folder = tempfile::Builder::new().prefix("chiron-demo-").tempdir()?;
    if config.data == Config::default().data && config.database.is_none() {
        config.data = folder.path().into();
    }
    let app = open_as(config, Clock::Telling(Default::default()), Ground::Makes).await?;
    let people = if app.place().set_up { villagers(&app).await? } else { settle(&app).await? };
    let url = app.config.url();
    let mut links = serde_json::Map::new();
    println!("\nThe village is at {url} (it listens on {})\n\nOpen a link to be that person:\n", app.config.listen);
    for (person, name) in people {
        let path = app.write(move |tx| crate::logins::verbs::sign_in_link(tx, person, SignedDuration::from_hours(24 * 30))).await?;
        println!("  {name}\n  {url}{path}\n");
        links.insert(name, format!("{url}{path}").into());
    }
    if let Some(file) = links_json {
        std::fs::write(file, serde_json::to_string_pretty(&links)?)?;
    }
    run_place(app, listener).await
}

/// Makes the place and brings its people in.
async fn settle(app: &App) -> Result<Vec<(PersonId, String)>> {
    app.write(|tx| {
        tx.set("demo", "yes")?;
        tx.set("place name", "The Village")
    })
    .await?;
    let people = crate::seed::write::village(app).await?;
    app.write(|tx| {
        let now = tx.now().jiff().to_string();
        tx.set("set up at", &now)
    })
    .await?;
    app.refresh_place().await?;
    Ok(people)
}

/// The people of a village that was there already.
async fn villagers(app: &App) -> Result<Vec<(PersonId, String)>> {
    app.read(|tx| match tx.setting("demo")? {
        Some(_) => Ok(tx.all(sql!("select id, name from people where forgotten_at is null order by id limit 100"), &[])?),
        None => Err(Error::broken("this folder holds a real place; the demo wants one of its own (see --data)")),
    })
    .await
}

/// Adds people drawn by lot.
async fn seed(config: Config, people: u64) -> Result<ExitCode> {
    let app = open_as(config, Clock::Real, Ground::Makes).await?;
    crate::seed::write::population(&app, people, |done| {
        if done % 10_000 == 0 || done == people {
            println!("{done} people");
        }
    })
    .await?;
    Ok(ExitCode::SUCCESS)
}

async fn outbox(config: Config) -> Result<ExitCode> {
    let app = open(config).await?;
    match app.read(crate::mail::verbs::links_that_wait).await? {
        None => println!("A mail server is set, so letters leave by themselves. What became of them stands on the outbox page."),
        Some(links) if links.is_empty() => {
            println!("No link waits. Ask for one at {}/sign-in first; it is good for ten minutes.", app.config.url())
        }
        Some(links) => {
            for (address, link) in links {
                println!("To {address}:\n\n    {link}\n");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Mail servers read our exit code: nothing but a fault of ours may make them try again or send the letter back.
async fn receive(config: Config) -> Result<ExitCode> {
    let mut letter = Vec::new();
    std::io::Read::read_to_end(&mut std::io::Read::take(std::io::stdin(), crate::mail::receive::LARGEST as u64 + 1), &mut letter)?;
    crate::mail::receive::take(&open(config).await?, &letter).await?;
    Ok(ExitCode::SUCCESS)
}

async fn doctor(config: Config) -> Result<ExitCode> {
    let app = open_as(config, Clock::Real, Ground::LooksAt).await?;
    let findings = operate::examine(&app).await?;
    for f in &findings {
        let mark = match f.verdict {
            Verdict::Good => "good  ",
            Verdict::Look => "look  ",
            Verdict::Broken => "broken",
        };
        println!("{mark}  {:<12} {}", f.what, f.words);
    }
    let broken = findings.iter().any(|f| f.verdict == Verdict::Broken);
    Ok(if broken { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn healthcheck(config: &Config) -> Result<ExitCode> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let ask = async {
        let mut stream = tokio::net::TcpStream::connect(config.listen).await?;
        stream.write_all(format!("GET /readyz HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", config.listen).as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    };
    let ready = match tokio::time::timeout(std::time::Duration::from_secs(5), ask).await {
        Ok(Ok(answer)) => answer.starts_with("HTTP/1.1 200"),
        _ => false,
    };
    println!("{}", if ready { "ready" } else { "not ready" });
    Ok(if ready { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn log(config: &Config) {
    use tracing_subscriber::{Layer, Registry, fmt, layer::SubscriberExt, util::SubscriberInitExt};
    let layer = fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let layer: Box<dyn Layer<Registry> + Send + Sync> = if config.log_json { layer.json().boxed() } else { layer.boxed() };
    let _ = tracing_subscriber::registry().with(layer.with_filter(config.log.clone())).try_init();
}

/// Every setting as Markdown, from the flags themselves.
pub fn settings() -> String {
    use clap::CommandFactory;
    let mut text = String::from(
        "# Settings\n\nChiron needs none of these to start. Each can be given as a flag or as an environment variable; the flag wins.\nThis page is what `chiron settings` prints.\n\n",
    );
    let cli = Cli::command();
    let serve = cli.find_subcommand("serve");
    for arg in serve.into_iter().flat_map(clap::Command::get_arguments).filter(|a| a.get_env().is_some()) {
        let (flag, env) = (arg.get_long().unwrap_or_default(), arg.get_env().unwrap_or_default().to_string_lossy());
        let default = arg.get_default_values().iter().map(|v| v.to_string_lossy()).collect::<Vec<_>>().join(",");
        let default = if default.is_empty() { "nothing".to_owned() } else { format!("`{default}`") };
        let help = arg.get_long_help().or(arg.get_help()).map(ToString::to_string).unwrap_or_default();
        text.push_str(&format!("## `--{flag}`\n\n`{env}`, {default} by default. {help}\n\n"));
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_page_of_settings_is_what_the_program_prints() {
        let page = include_str!("../docs/operate/settings.md");
        assert_eq!(page, super::settings(), "run: cargo run -- settings > docs/operate/settings.md");
    }
}
