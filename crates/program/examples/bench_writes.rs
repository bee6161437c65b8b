//! Measures what becomes of many people who write at the same moment, each in a place of their own: nothing of one should be
//! in the way of another's.
//!
//! ```text
//! cargo run --release --example bench_writes -- [--people 2000] [--at-once 32] [--seconds 4] [--database URL]
//! ```
//!
//! On PostgreSQL units that read what others change run again: the column of runs says how many times a unit ran in the
//! middle of all. One is what it should be.

mod measure;
mod place;
mod within;

use axum::Router;
use axum::http::StatusCode;
use chiron::app::{App, Tx};
use chiron::config::Config;
use chiron::error::Result;
use chiron::relationships::{Kind, RelationshipId, Role, verbs as relationships};
use chiron::seal;
use chiron::viewer::PersonId;
use chiron_store::sql;
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use measure::{cpu_us, resident, signed_in};
use place::place;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};
use within::answer;

/// Two who work together, and what tells them apart.
struct Pair {
    relationship: RelationshipId,
    guide: PersonId,
    cookie: String,
}

/// What is sent: to which path, and with which fields. `n` is never the same twice.
type Form = fn(&Pair, n: usize, today: Date) -> (String, String);

/// With how many of them a pair may have at once.
const FORMS: [(&str, usize, Form); 8] = [
    ("a goal", 50, |_, n, _| ("/goals".into(), format!("outcome=Lead+a+team+of+{n}+people+well"))),
    ("a message", usize::MAX, |pair, n, _| {
        (format!("/relationships/{}/messages", pair.relationship), format!("words=Round+{n}+of+a+conversation"))
    }),
    ("an action", usize::MAX, |pair, n, today| {
        let fields = format!("words=Try+it+{n}&due_on={}&intensity=partner&nonce={n}", today.saturating_add(7.days()));
        (format!("/relationships/{}/actions", pair.relationship), fields)
    }),
    ("a question for later", usize::MAX, |pair, n, _| (format!("/relationships/{}/notebook", pair.relationship), format!("words=Why+{n}"))),
    ("a reflection", usize::MAX, |_, n, _| ("/reflections".into(), format!("model=free&comes_back=yes&text-0=What+I+saw+{n}&nonce={n}"))),
    ("a decision", usize::MAX, |pair, n, today| {
        let words = "question=Which+course&options=-+Evening+school%0A-+Online&criteria=Time&chosen=Online&why=I+can+pause";
        let fields = format!("{words}&review_on={}&audience=pair&nonce={n}", today.saturating_add(30.days()));
        (format!("/relationships/{}/decisions", pair.relationship), fields)
    }),
    ("times for a session", 1, |pair, n, today| {
        let fields = format!(
            "purpose=regular&minutes=60&cadence=once&times={}T{:02}:00:00Z",
            today.saturating_add((3 + (n % 20) as i64).days()),
            6 + n % 12
        );
        (format!("/relationships/{}/sessions", pair.relationship), fields)
    }),
    ("a request", 1, |pair, n, _| {
        let letter = "goal=Lead+a+team&why_you=You+did&so_far=Books&the_ask=How+did+you+begin&will_bring=Notes";
        let size = "help=mentoring&extent=regular&hours=2&months=6";
        ("/asks".into(), format!("to={}&nonce={n}&{size}&{letter}", pair.guide))
    }),
];

#[tokio::main]
async fn main() -> Result<()> {
    let (mut people, mut at_once, mut seconds, mut database) = (2_000_u64, 32_usize, 4_u64, None);
    let mut args = std::env::args().skip(1);
    while let (Some(name), Some(value)) = (args.next(), args.next()) {
        match name.as_str() {
            "--people" => people = value.parse().unwrap_or(people),
            "--at-once" => at_once = value.parse().unwrap_or(at_once),
            "--seconds" => seconds = value.parse().unwrap_or(seconds),
            "--database" => database = Some(value),
            _ => eprintln!("{name} is not known"),
        }
    }
    let folder = tempfile::tempdir()?;
    let app = place(Config { data: folder.path().into(), ..Config::default() }, database.as_deref()).await?;
    chiron::seed::write::population(&app, people.max(2), |_| {}).await?;
    let pairs = Arc::new(app.write(begun).await?);
    let engine = if database.is_some() { "PostgreSQL" } else { "SQLite" };
    println!("\n{} pairs, {at_once} of them at once, {engine}\n", pairs.len());
    println!(
        "| what is written | a second | middle, ms | 99th percentile | CPU for one, µs | runs of a unit | refused | busy |\n|---|---|---|---|---|---|---|---|"
    );
    let today = app.now().in_zone(&TimeZone::UTC).date();
    for (name, each, form) in FORMS {
        let work = Work { form, most: pairs.len().saturating_mul(each), today, at_once, lasts: Duration::from_secs(seconds) };
        one_kind(&app, &pairs, name, &work).await?;
    }
    println!("\nmemory at the end: {:.0} MiB", resident(std::process::id()));
    Ok(())
}

struct Work {
    form: Form,
    most: usize,
    today: Date,
    at_once: usize,
    lasts: Duration,
}

async fn one_kind(app: &App, pairs: &Arc<Vec<Pair>>, name: &str, work: &Work) -> Result<()> {
    let (router, next) = (chiron::web::router(app), Arc::new(AtomicUsize::new(0)));
    let (before, spent, begun) = (app.db.stats(), cpu_us(std::process::id()), Instant::now());
    let writers: Vec<_> = (0..work.at_once)
        .map(|_| tokio::spawn(writes(router.clone(), pairs.clone(), (work.form, work.most, work.today), next.clone(), begun + work.lasts)))
        .collect();
    let mut all = Vec::new();
    for writer in writers {
        all.extend(writer.await.map_err(chiron::error::Error::broken)??);
    }
    let (took, after) = (begun.elapsed().as_secs_f64(), app.db.stats());
    let count = |is: fn(StatusCode) -> bool| all.iter().filter(|(state, _)| is(*state)).count();
    let mut times: Vec<f64> = all.iter().filter(|(state, _)| *state == StatusCode::SEE_OTHER).map(|(_, ms)| *ms).collect();
    times.sort_by(f64::total_cmp);
    let at = |part: f64| times.get(((times.len().max(1) - 1) as f64 * part) as usize).copied().unwrap_or(f64::NAN);
    let units = (after.writes - before.writes).max(1) as f64;
    println!(
        "| {name} | {:.0} | {:.1} | {:.1} | {:.0} | {:.2} | {} | {} |",
        times.len() as f64 / took,
        at(0.5),
        at(0.99),
        (cpu_us(std::process::id()) - spent) / all.len().max(1) as f64,
        1.0 + (after.retries - before.retries) as f64 / units,
        count(|state| state.is_client_error() || state.is_success()),
        count(|state| state.is_server_error()),
    );
    Ok(())
}

/// Each pair in its turn, so that no two at one moment are of the same; what each answer was, and how long it took.
async fn writes(
    router: Router,
    pairs: Arc<Vec<Pair>>,
    (form, most, today): (Form, usize, Date),
    next: Arc<AtomicUsize>,
    until: Instant,
) -> Result<Vec<(StatusCode, f64)>> {
    let mut answers = Vec::new();
    while Instant::now() < until {
        let n = next.fetch_add(1, Relaxed);
        if n >= most {
            break;
        }
        let pair = &pairs[n % pairs.len()];
        let (path, fields) = form(pair, n, today);
        let begun = Instant::now();
        let (state, _) = answer(&router, &path, &pair.cookie, Some(fields)).await?;
        answers.push((state, begun.elapsed().as_secs_f64() * 1e3));
    }
    Ok(answers)
}

/// Half of the people learn from the other half, each from one.
fn begun(tx: &mut Tx) -> Result<Vec<Pair>> {
    let people: Vec<(PersonId,)> = tx.all(sql!("select id from people order by id limit 100000"), &[])?;
    let (learners, guides) = people.split_at(people.len() / 2);
    tx.execute(sql!("update profiles set capacity = 100, not_now_until = null where person_id in (select id from people)"), &[])?;
    for (guide,) in guides {
        let open = sql!("insert into profile_roles (person_id, role) values ($1, 'mentor') on conflict (person_id, role) do nothing");
        tx.execute(open, &[guide])?;
    }
    let mut pairs = Vec::new();
    for (n, ((learner,), (guide,))) in learners.iter().zip(guides).enumerate() {
        let key = seal::new_key(tx)?;
        let relationship = relationships::begin(tx, Kind::Mentoring, key, learner.0, &[(*learner, Role::Mentee), (*guide, Role::Mentor)])?;
        // Another one is asked than the one they work with.
        let guide = guides[(n + 1) % guides.len()].0;
        pairs.push(Pair { relationship, guide, cookie: signed_in(tx, *learner)? });
    }
    Ok(pairs)
}
