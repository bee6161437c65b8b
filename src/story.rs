//! Tests that read as stories: a small world with people in it, who act through the router as a browser would, while
//! the story moves the clock. The same story runs on SQLite and, where one is offered, on PostgreSQL.
//!
//! ```ignore
//! story(|s| {
//!     let [amina, tomas] = s.people(["Amina", "Tomas"]);
//!     let ask = amina.posts("/asks", &[("to", &tomas.id()), …]).goes();
//!     s.days_pass(7);
//!     amina.sees("/notices", "Tomas could not answer in time");
//! })
//! ```

use crate::app::{App, Chance, Clock, Tx};
use crate::config::Config;
use crate::error::Result;
use crate::mail::{Post, Remembered, WayOut};
use crate::people::{Newcomer, verbs::join};
use crate::seal::Seal;
use crate::slices::{MIGRATIONS, SLICES};
use crate::viewer::{LoginId, Office, PersonId, Via, Viewer};
use axum::body::Body;
use axum::http::{HeaderMap, Request, header};
use chiron_store::{Db, Timestamp, sql};
use http_body_util::BodyExt;
use sha2::Digest;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tower::ServiceExt;

/// Stories begin on Monday 2 November 2026 at 09:00 UTC.
const MORNING: i64 = 1_793_610_000_000_000;

/// Tells a story on SQLite and, when `CHIRON_TEST_POSTGRES` names a server, once more on PostgreSQL.
pub fn story(tell: impl Fn(&Story)) {
    story_in(&Config::default(), true, tell);
}

/// The same in a place with other settings, or one that nobody has set up yet.
pub fn story_in(config: &Config, set_up: bool, tell: impl Fn(&Story)) {
    // With a worker of its own: waiting through a handle would drive no sockets and no timers on a single thread.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("story.db");
    std::fs::copy(migrated_file(), &file).expect("a copy of the migrated database");
    let open = move || Db::sqlite(&file, 2).expect("a database");
    tell(&Story::with(&runtime, Box::new(open), folder.path().into(), config, set_up));
    match postgres() {
        Some(server) => {
            let name = server.database();
            let url = server.url(&name);
            let open = move || Db::postgres(&url, 3).expect("a database");
            tell(&Story::with(&runtime, Box::new(open), folder.path().into(), config, set_up));
            server.drop_database(&name);
        }
        None => println!("on PostgreSQL: skipped, CHIRON_TEST_POSTGRES is not set"),
    }
}

pub struct Story {
    app: App,
    router: axum::Router,
    runtime: tokio::runtime::Handle,
    folder: PathBuf,
    /// Opens the same database once more, as another process would.
    reopen: Box<dyn Fn() -> Db>,
    /// What the mail server was given.
    post: Arc<Mutex<Vec<Remembered>>>,
}

/// A letter as it arrived.
pub struct Arrived {
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Label and address of every link, in order.
    pub links: Vec<(String, String)>,
    pub raw: String,
}

/// A page that a link in a letter led to, in the browser of someone who is not signed in.
pub struct Followed<'s> {
    pub by: Actor<'s>,
    pub path: String,
    pub page: Answer,
}

/// Someone in a story, with the browser in their hands.
#[derive(Clone)]
pub struct Actor<'s> {
    pub story: &'s Story,
    pub name: String,
    pub person: Option<PersonId>,
    token: String,
}

/// What came back.
pub struct Answer {
    pub state: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    asked: String,
}

fn node(db: Db, config: Config, now: i64, chance: [u8; 32]) -> App {
    let seal = Seal::new(&[[42; 32]]).expect("a seal");
    App::new(db, config, Clock::Set(AtomicI64::new(now)), Chance::seeded(chance), seal, SLICES)
}

impl Story {
    fn with(runtime: &tokio::runtime::Runtime, reopen: Box<dyn Fn() -> Db>, folder: PathBuf, config: &Config, set_up: bool) -> Self {
        let config = Config { data: folder.clone(), ..config.clone() };
        let app = node(reopen(), config, MORNING, [7; 32]);
        if set_up {
            runtime
                .block_on(app.write(|tx| {
                    tx.set("place name", "The Village")?;
                    tx.set("set up at", "2026-11-01")
                }))
                .expect("a place");
        }
        runtime.block_on(app.refresh_place()).expect("a place");
        let post = Arc::default();
        app.memory::<WayOut>().set(Post::Remembered(Arc::clone(&post)));
        Self { post, router: crate::web::router(&app), app, runtime: runtime.handle().clone(), folder, reopen }
    }

    /// Another node of the same place, at the same moment: a second process with the same database.
    pub fn another_node(&self) -> App {
        node((self.reopen)(), self.app.config.clone(), self.now().as_micros(), [8; 32])
    }

    pub fn app(&self) -> &App {
        &self.app
    }
    pub fn folder(&self) -> &std::path::Path {
        &self.folder
    }
    pub fn now(&self) -> Timestamp {
        self.app.now()
    }

    /// Runs something that waits.
    pub fn waits<T>(&self, what: impl Future<Output = T>) -> T {
        self.runtime.block_on(what)
    }
    /// Runs something beside the story.
    pub fn meanwhile<T: Send + 'static>(&self, what: impl Future<Output = T> + Send + 'static) -> tokio::task::JoinHandle<T> {
        self.runtime.spawn(what)
    }
    /// Lets real time pass until this has come true: for stories in which something runs by itself.
    #[track_caller]
    pub fn waits_until(&self, what: &str, done: impl Fn() -> bool) {
        let mut left = 1_000;
        while !done() {
            assert!(left > 0, "waited in vain until {what}");
            left -= 1;
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }
    /// A unit of work, for what a story has to arrange and no page does.
    pub fn does<T: Send + 'static>(&self, f: impl FnMut(&mut Tx) -> Result<T> + Send + 'static) -> T {
        self.waits(self.app.write(f)).expect("the story's own work")
    }

    /// People who have joined and are signed in, with an address of their own and the zone UTC.
    pub fn people<const N: usize>(&self, names: [&str; N]) -> [Actor<'_>; N] {
        names.map(|name| self.person(name, Office::Member))
    }
    pub fn coordinator(&self, name: &str) -> Actor<'_> {
        self.person(name, Office::Coordinator)
    }
    pub fn administrator(&self, name: &str) -> Actor<'_> {
        self.person(name, Office::Administrator)
    }
    /// Someone who is not signed in.
    pub fn visitor(&self) -> Actor<'_> {
        Actor { story: self, name: "a visitor".into(), person: None, token: String::new() }
    }

    /// Whoever holds this token in their cookie.
    pub fn holding(&self, token: &str) -> Actor<'_> {
        Actor { token: token.into(), ..self.visitor() }
    }

    fn person(&self, name: &str, office: Office) -> Actor<'_> {
        let email = address(name);
        let newcomer = Newcomer { name: name.into(), email: Some(email), verified: true, zone: None, office: Some(office) };
        let person = self.does(move |tx| join(tx, &newcomer));
        Actor { story: self, name: name.into(), person: Some(person), token: self.signed_in(person) }
    }

    /// A token of a fresh login, as the cookie holds it.
    pub fn signed_in(&self, person: PersonId) -> String {
        self.does(move |tx| {
            let (token, id, now): (_, LoginId, _) = (tx.token(), tx.new_id(), tx.now());
            let later = now + jiff::SignedDuration::from_hours(24 * 3650);
            tx.execute(
                sql!(
                    "insert into logins (id, person_id, token_hash, device, made_at, seen_at, idle_at, expires_at)
                     values ($1, $2, $3, 'a story', $4, $4, $5, $5)"
                ),
                &[&id, &person, &crate::web::token_hash(&token), &now, &later],
            )?;
            Ok(token)
        })
    }

    pub fn days_pass(&self, days: i64) {
        self.hours_pass(days * 24);
    }
    /// Moves the clock in steps of six hours at most, and lets the sweeps run after each.
    pub fn hours_pass(&self, hours: i64) {
        let mut left = hours;
        while left > 0 {
            let step = left.min(6);
            left -= step;
            self.clock_moves(jiff::SignedDuration::from_hours(step));
            self.sweeps_run();
        }
    }
    pub fn clock_moves(&self, by: jiff::SignedDuration) {
        let Clock::Set(now) = &self.app.clock else { unreachable!("stories set their clock") };
        now.fetch_add(i64::try_from(by.as_micros()).expect("a time within reach"), Ordering::SeqCst);
    }
    pub fn sweeps_run(&self) {
        while self.waits(crate::sweeps::once(&self.app)) > 0 {}
    }

    /// From now on letters leave like this.
    pub fn posts_through(&self, post: Post) {
        self.app.memory::<WayOut>().set(post);
    }
    /// Everything the mail server was given, oldest first, after letting the sweeps run.
    pub fn letters_to(&self, address: &str) -> Vec<Arrived> {
        self.sweeps_run();
        let post = self.post.lock().unwrap_or_else(PoisonError::into_inner);
        post.iter().filter(|letter| letter.to == address).map(|letter| Arrived::of(&letter.raw)).collect()
    }

    /// Every letter that has left, oldest first, after letting the sweeps run.
    pub fn every_letter(&self) -> Vec<Arrived> {
        self.sweeps_run();
        let post = self.post.lock().unwrap_or_else(PoisonError::into_inner);
        post.iter().map(|letter| Arrived::of(&letter.raw)).collect()
    }

    /// Sends as many requests at the same moment.
    pub fn sends_at_once(&self, many: usize, request: impl Fn() -> Request<Body>) -> Vec<Answer> {
        let all = (0..many).map(|_| self.answers(request()));
        self.waits(futures_util::future::join_all(all))
    }

    /// Sends a request as it is.
    pub fn sends(&self, request: Request<Body>) -> Answer {
        self.waits(self.answers(request))
    }
    /// The same, for a story in which other things go on meanwhile.
    pub async fn answers(&self, request: Request<Body>) -> Answer {
        let asked = format!("{} {}", request.method(), request.uri());
        let response = self.router.clone().oneshot(request).await.expect("the router always answers");
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes().to_vec();
        Answer { state: parts.status.as_u16(), headers: parts.headers, body, asked }
    }
}

impl Actor<'_> {
    pub fn id(&self) -> String {
        self.person.expect("someone who has joined").to_string()
    }
    pub fn person(&self) -> PersonId {
        self.person.expect("someone who has joined")
    }
    pub fn viewer(&self) -> Viewer {
        let person = self.person();
        self.story.does(move |tx| Viewer::of_person(tx, person, Via::Errand)).expect("someone who is still here")
    }
    fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(path).header(header::HOST, "127.0.0.1:8080");
        if self.token.is_empty() { request } else { request.header(header::COOKIE, format!("chiron={}", self.token)) }
    }
    pub fn gets(&self, path: &str) -> Answer {
        self.story.sends(self.request_to_get(path))
    }
    pub fn request_to_get(&self, path: &str) -> Request<Body> {
        self.request("GET", path).body(Body::empty()).expect("a request")
    }
    pub fn posts(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.story.sends(self.request_to_post(path, fields))
    }
    pub fn request_to_post(&self, path: &str, fields: &[(&str, &str)]) -> Request<Body> {
        let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.request("POST", path).header("sec-fetch-site", "same-origin");
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        request.body(Body::from(body)).expect("a request")
    }
    /// Sends a form with a file in it.
    pub fn uploads(&self, path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
        const EDGE: &str = "a-line-between-parts";
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(format!("--{EDGE}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes());
        }
        body.extend(format!("--{EDGE}\r\ncontent-disposition: form-data; name=\"{}\"; filename=\"file\"\r\n\r\n", file.0).into_bytes());
        body.extend(file.1);
        body.extend(format!("\r\n--{EDGE}--\r\n").into_bytes());
        let request = self.request("POST", path).header("sec-fetch-site", "same-origin");
        let request = request.header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={EDGE}"));
        // Piece by piece, as a network brings it: what is too large breaks off in its middle.
        let pieces: Vec<_> =
            body.chunks(64 << 10).map(|piece| Ok::<_, std::convert::Infallible>(bytes::Bytes::copy_from_slice(piece))).collect();
        let body = Body::from_stream(futures_util::stream::iter(pieces));
        self.story.sends(request.body(body).expect("a request"))
    }
    /// Opens a page and finds these words on it.
    #[track_caller]
    pub fn sees(&self, path: &str, words: &str) {
        self.gets(path).ok().shows(words);
    }
    #[track_caller]
    pub fn does_not_see(&self, path: &str, words: &str) {
        self.gets(path).ok().hides(words);
    }
    /// Opens a page and is told that there is nothing there.
    #[track_caller]
    pub fn finds_nothing(&self, path: &str) {
        let answer = self.gets(path);
        assert_eq!(answer.state, 404, "{} should find nothing at {path}: {}", self.name, answer.text());
    }
    pub fn address(&self) -> String {
        address(&self.name)
    }
    /// The letters that have arrived, oldest first.
    pub fn letters(&self) -> Vec<Arrived> {
        self.story.letters_to(&self.address())
    }
    /// Finds these words in the newest letter, in its text and in its HTML.
    #[track_caller]
    pub fn reads_in_letter(&self, words: &str) -> Arrived {
        let letter = self.letters().pop().unwrap_or_else(|| panic!("{} got no letter", self.name));
        assert!(letter.says(words), "the letter to {} does not say “{words}” but: {}\n{}", self.name, letter.subject, letter.text);
        letter
    }
    /// Follows the link of this label in the newest letter that has one, without being signed in.
    #[track_caller]
    pub fn follows(&self, label: &str) -> Followed<'_> {
        let letters = self.letters();
        let link = letters.iter().rev().flat_map(|letter| &letter.links).find(|(l, _)| l == label);
        let (_, link) = link.unwrap_or_else(|| panic!("no letter to {} has a link “{label}”", self.name));
        let path = link.strip_prefix(&self.story.app.config.url()).expect("a link to this place").to_owned();
        let by = self.story.visitor();
        Followed { page: by.gets(&path), path, by }
    }
    /// Has been told this, in the notices here.
    #[track_caller]
    pub fn reads(&self, words: &str) {
        self.sees("/notices", words);
    }
}

/// The address of someone in a story.
fn address(name: &str) -> String {
    format!("{}@village.example", crate::fold::fold(name).replace(' ', "."))
}

impl Followed<'_> {
    /// Presses the button of the page, with these fields filled in.
    #[track_caller]
    pub fn confirms(&self, fields: &[(&str, &str)]) -> Answer {
        self.by.posts(&self.path, fields)
    }
}

impl Arrived {
    /// Reads what went over the wire.
    pub fn of(raw: &[u8]) -> Self {
        let message = mail_parser::MessageParser::default().parse(raw).expect("a letter");
        let html = message.body_html(0).unwrap_or_default().into_owned();
        let links = html
            .split("<a ")
            .skip(1)
            .map(|a| {
                let address = a.split("href=\"").nth(1).and_then(|h| h.split('"').next()).unwrap_or_default();
                let label = a.split_once('>').and_then(|(_, l)| l.split('<').next()).unwrap_or_default();
                (untagged(label), untagged(address))
            })
            .collect();
        Self {
            subject: message.subject().unwrap_or_default().to_owned(),
            text: message.body_text(0).unwrap_or_default().into_owned(),
            html,
            links,
            raw: String::from_utf8_lossy(raw).into_owned(),
        }
    }
    /// Whether these words are in its subject, or in its text and in its HTML alike.
    pub fn says(&self, words: &str) -> bool {
        let folded = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.subject.contains(words) || (folded(&self.text).contains(words) && untagged(&self.html).contains(words))
    }
    /// The calendar in it, unfolded.
    pub fn calendar(&self) -> Option<String> {
        use mail_parser::MimeHeaders;
        let message = mail_parser::MessageParser::default().parse(self.raw.as_bytes())?;
        let part = message.parts.iter().find(|p| p.content_type().is_some_and(|t| t.subtype() == Some("calendar")))?;
        Some(String::from_utf8_lossy(part.contents()).replace("\r\n ", ""))
    }
    /// The lines of a header, as they were sent.
    pub fn header(&self, name: &str) -> Vec<&str> {
        let head = self.raw.split("\r\n\r\n").next().unwrap_or_default();
        head.split("\r\n").filter(|line| line.to_lowercase().starts_with(&format!("{}:", name.to_lowercase()))).collect()
    }
}

impl Answer {
    /// What a person would read: text without tags, entities undone, white space folded.
    pub fn text(&self) -> String {
        untagged(&String::from_utf8_lossy(&self.body))
    }
    pub fn html(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.state, 200, "{} answered {}: {}", self.asked, self.state, self.text());
        self
    }
    /// The path it leads to.
    #[track_caller]
    pub fn goes(&self) -> String {
        assert_eq!(self.state, 303, "{} answered {}: {}", self.asked, self.state, self.text());
        self.headers[header::LOCATION].to_str().expect("a path").to_owned()
    }
    #[track_caller]
    pub fn refuses(self, words: &str) -> Self {
        assert!((400..500).contains(&self.state), "{} answered {}: {}", self.asked, self.state, self.text());
        self.shows(words)
    }
    #[track_caller]
    pub fn shows(self, words: &str) -> Self {
        let text = self.text();
        assert!(text.contains(words), "{} does not show “{words}” but: {text}", self.asked);
        self
    }
    #[track_caller]
    pub fn hides(self, words: &str) -> Self {
        let text = self.text();
        assert!(!text.contains(words), "{} shows “{words}”: {text}", self.asked);
        self
    }
}

fn untagged(html: &str) -> String {
    let (mut text, mut inside) = (String::new(), false);
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            c if !inside => text.push(c),
            _ => {}
        }
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Tells one schema from the next.
fn schema() -> String {
    let sum = MIGRATIONS.0.iter().fold(sha2::Sha256::new(), |sum, m| sum.chain_update(m.text)).finalize();
    data_encoding::HEXLOWER.encode(&sum[..6])
}

/// A migrated SQLite file, made once for this schema, whichever test process comes first: it lies beside the program of
/// the tests.
fn migrated_file() -> &'static std::path::Path {
    static FILE: OnceLock<PathBuf> = OnceLock::new();
    FILE.get_or_init(|| {
        let program = std::env::current_exe().expect("the program of the tests");
        let file = program.with_file_name(format!("stories_{}.db", schema()));
        if file.is_file() {
            return file;
        }
        // Made aside, then given its name, so that nobody copies half of it.
        let folder = tempfile::tempdir_in(program.parent().expect("its folder")).expect("a folder");
        let aside = folder.path().join("migrated.db");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let db = Db::sqlite(&aside, 1).expect("a database");
        runtime.block_on(MIGRATIONS.run(&db)).expect("migrations");
        drop(db);
        // So that the one file is the whole database.
        let alone = chiron_store::drivers::rusqlite::Connection::open(&aside).expect("the database");
        alone.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(())).expect("a checkpoint");
        drop(alone);
        std::fs::rename(&aside, &file).expect("the migrated database");
        file
    })
}

/// The PostgreSQL server that was offered for tests, with a migrated template database on it.
struct Server {
    base: String,
    template: String,
}

fn postgres() -> Option<&'static Arc<Server>> {
    static SERVER: OnceLock<Option<Arc<Server>>> = OnceLock::new();
    SERVER
        .get_or_init(|| {
            #[expect(clippy::disallowed_methods, reason = "how the test command offers its server")]
            let base = std::env::var("CHIRON_TEST_POSTGRES").ok()?;
            // Made once for this schema, whichever test process comes first: made aside, then given its name.
            let template = format!("stories_{}", schema());
            let server = Server { base, template };
            let aside = format!("{}_{}_aside", server.template, std::process::id());
            if !server.exists(&server.template) {
                server.run(&format!("create database {aside}"));
                let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
                let db = Db::postgres(&server.url(&aside), 1).expect("a database");
                runtime.block_on(MIGRATIONS.run(&db)).expect("migrations");
                drop(db);
                while !server.tries(&format!("alter database {aside} rename to {}", server.template)) && !server.exists(&server.template) {
                    std::thread::sleep(std::time::Duration::from_millis(50));
                }
            }
            Some(Arc::new(server))
        })
        .as_ref()
}

impl Server {
    fn url(&self, database: &str) -> String {
        let (before, query) = self.base.split_once('?').map_or((self.base.as_str(), String::new()), |(b, q)| (b, format!("?{q}")));
        let (host, _) = before.rsplit_once('/').unwrap_or((before, ""));
        format!("{host}/{database}{query}")
    }
    /// A fresh copy of the template. Copying waits its turn: PostgreSQL refuses two copies of one template at once.
    fn database(&self) -> String {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());
        let name = format!("{}_{}_{}", self.template, std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
        let _turn = TURN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for _ in 0..50 {
            // Copying the files, where writing each page to the log would take three times as long.
            if self.tries(&format!("create database {name} template {} strategy file_copy", self.template)) {
                return name;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        panic!("no copy of the template could be made");
    }
    fn drop_database(&self, name: &str) {
        self.run(&format!("drop database if exists {name} with (force)"));
    }
    fn run(&self, statement: &str) {
        assert!(self.tries(statement), "PostgreSQL refused: {statement}");
    }
    fn exists(&self, name: &str) -> bool {
        // Connecting to a database that is not there is the plainest way to ask.
        let url = self.url(name);
        std::thread::spawn(move || chiron_store::drivers::postgres::Client::connect(&url, chiron_store::drivers::postgres::NoTls).is_ok())
            .join()
            .unwrap_or(false)
    }
    /// Outside a transaction, because databases are not made inside one.
    fn tries(&self, statement: &str) -> bool {
        let (base, statement) = (self.base.clone(), statement.to_owned());
        std::thread::spawn(move || {
            let client = chiron_store::drivers::postgres::Client::connect(&base, chiron_store::drivers::postgres::NoTls);
            client.and_then(|mut c| c.batch_execute(&statement)).is_ok()
        })
        .join()
        .unwrap_or(false)
    }
}

#[test]
fn a_stranger_finds_nothing_and_a_person_is_known() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        amina.finds_nothing("/nowhere");
        assert_eq!(amina.viewer().name, "Amina");
    });
}
