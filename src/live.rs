//! Tells open pages that something they show has changed. The log is the truth; this only wakes those who watch, and
//! what wakes has no words in it: a page asks again, as the one who looks.
//!
//! What this node does is told the moment it is durable. What another node of the same place does, or a command beside
//! the server, is read from the log twice a second, and only while somebody watches. An open stream is a letterbox with
//! the few topics that were not said yet: a change wakes those it concerns and nobody else.
//!
//! Between a page and its stream lies a moment. A stream therefore begins with what changed for its person in the last
//! seconds, and one that begins again, after a break or a time in the background, with every topic there is.

use crate::app::{App, topic};
use crate::error::{Error, RefusalKind, Result};
use crate::log::{Follower, lately};
use crate::slices::{Needs, Routes};
use crate::viewer::{LoginId, PersonId, Via, Viewer};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use chiron_store::List;
use futures_util::{Stream, StreamExt};
use jiff::SignedDuration;
use std::collections::{BTreeSet, HashMap};
use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// Someone's pages on one topic: the name of the slice it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touched {
    pub person: PersonId,
    pub topic: &'static str,
}

/// Streams one person may hold open: browsers allow six to a host, and a person has a few devices.
const MOST_STREAMS: usize = 24;
/// How often the log is read for what happened elsewhere.
const LISTEN: Duration = Duration::from_millis(500);
/// How often it is asked, for all streams together, whose sign-in still stands: a stream ends within five seconds of it.
const CHECK: Duration = Duration::from_secs(4);
/// How long a page may be on its way before its stream begins.
const MOMENT: SignedDuration = SignedDuration::from_secs(5);
/// Sign-ins asked about in one statement.
const CHECKED_AT_ONCE: usize = 1_000;
/// Lines of the log after which nothing that was told is expected any more.
const LATE: i64 = 10_000;
/// Keeps proxies from closing what seems idle.
const HEARTBEAT: Duration = if cfg!(test) { Duration::from_millis(600) } else { Duration::from_secs(15) };
/// The event that is said with every other.
const TOUCHED: &str = "touched";
/// What a browser sends back in `Last-Event-ID` when it opens a stream again.
const BEGUN: &str = "begun";

#[derive(Default)]
pub struct Live {
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    streams: HashMap<PersonId, Vec<Arc<Letterbox>>>,
    /// Whether the log is being followed: as long as anybody watches.
    followed: bool,
    /// Where in the log stands what was told here already, so that following it does not tell it twice.
    told: BTreeSet<i64>,
}

impl Open {
    fn wake(&self, person: PersonId, topic: &'static str) {
        self.streams.get(&person).into_iter().flatten().for_each(|stream| stream.put(topic));
    }
}

/// What one open stream has not said yet.
struct Letterbox {
    login: LoginId,
    waiting: Mutex<BTreeSet<&'static str>>,
    over: AtomicBool,
    bell: Notify,
}

impl Letterbox {
    fn put(&self, topic: &'static str) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).extend([topic, TOUCHED]);
        self.bell.notify_one();
    }
    fn take(&self) -> Option<&'static str> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_first()
    }
    fn close(&self) {
        self.over.store(true, Ordering::SeqCst);
        self.bell.notify_one();
    }
}

impl Live {
    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the pages of these people. `positions` says where in the log this stands, if anywhere.
    pub fn tell_once(&self, positions: impl Iterator<Item = i64>, touched: impl Iterator<Item = Touched>) {
        let mut open = self.open();
        if open.streams.is_empty() {
            return;
        }
        open.told.extend(positions);
        for Touched { person, topic } in touched.filter(|t| !t.topic.is_empty()) {
            open.wake(person, topic);
        }
    }

    /// Who is looking at a page just now. A page in the background closes its stream, so this is about eyes.
    pub fn here(&self) -> Vec<PersonId> {
        self.open().streams.keys().copied().collect()
    }
}

pub fn routes() -> Routes {
    Routes::new().get("/live", Needs::SignedIn, stream)
}

async fn stream(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>> + use<>>> {
    // Nobody else's page listens in. Browsers do not send our cookie there anyway; this does not rely on it.
    let Via::Login(login) = viewer.via else { return Err(Error::NotFound) };
    if !is_own_page(&app, &headers) {
        return Err(Error::NotFound);
    }
    let watch = Watch::begin(&app, viewer.person, login).await?;
    if headers.contains_key("last-event-id") {
        app.slices.iter().for_each(|slice| watch.letterbox.put(slice.name));
    } else {
        watch.hear_what_came_lately().await?;
    }
    let begun = futures_util::stream::once(std::future::ready(Ok(Event::default().id(BEGUN))));
    let events = futures_util::stream::unfold(watch, |mut watch| async move {
        let topic = watch.next().await?;
        Some((Ok(Event::default().event(topic).data("")), watch))
    });
    Ok(Sse::new(begun.chain(events)).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

/// Whether a request that reads comes from a page of ours, as far as the browser says where it comes from.
fn is_own_page(app: &App, headers: &HeaderMap) -> bool {
    let said = |name: &str| headers.get(name).map(|v| v.to_str().unwrap_or_default());
    if said("sec-fetch-site").is_some_and(|site| site != "same-origin") {
        return false;
    }
    let Some(origin) = said(header::ORIGIN.as_str()) else { return true };
    let host = said(header::HOST.as_str()).unwrap_or_default();
    origin == app.config.url() || origin.split_once("://").is_some_and(|(_, of)| of == host && !host.is_empty())
}

/// A stream that is open. Ends when it is dropped, however that comes.
struct Watch {
    app: App,
    person: PersonId,
    letterbox: Arc<Letterbox>,
    stopping: watch::Receiver<bool>,
}

impl Watch {
    async fn begin(app: &App, person: PersonId, login: LoginId) -> Result<Self> {
        let letterbox = Arc::new(Letterbox { login, waiting: Mutex::default(), over: AtomicBool::new(false), bell: Notify::new() });
        // Where to follow from is known before the stream counts as open, so that nothing falls between.
        let mut follower = None;
        while !Self::admit(app, person, &letterbox, &mut follower)? {
            follower = Some(app.read(Follower::from_here).await?);
        }
        Ok(Self { app: app.clone(), person, letterbox, stopping: app.stopping.subscribe() })
    }

    /// Whether the stream is open now; if not, it lacks one who follows the log.
    fn admit(app: &App, person: PersonId, letterbox: &Arc<Letterbox>, follower: &mut Option<Follower>) -> Result<bool> {
        let mut open = app.live.open();
        if !open.followed && follower.is_none() {
            return Ok(false);
        }
        let streams = open.streams.entry(person).or_default();
        if streams.len() >= MOST_STREAMS {
            let words = "Too many pages are open at once. Please close some of them.";
            return Err(Error::refused("too_many_streams", RefusalKind::TooOften(60), words.into()));
        }
        streams.push(letterbox.clone());
        if let Some(follower) = follower.take().filter(|_| !open.followed) {
            open.followed = true;
            tokio::spawn(follow(app.clone(), follower));
        }
        Ok(true)
    }

    async fn hear_what_came_lately(&self) -> Result<()> {
        let lines = self.app.read(|tx| lately(tx, tx.now() - MOMENT)).await?;
        for line in &lines {
            let topic = topic(self.app.slices, &line.kind);
            if !topic.is_empty() && line.touched()?.contains(&self.person) {
                self.letterbox.put(topic);
            }
        }
        Ok(())
    }

    /// The next topic that changed for the one who looks; `None` when the stream is to end: the sign-in ended, or the
    /// program stops.
    async fn next(&mut self) -> Option<&'static str> {
        loop {
            if self.letterbox.over.load(Ordering::SeqCst) {
                return None;
            }
            if let Some(topic) = self.letterbox.take() {
                return Some(topic);
            }
            tokio::select! {
                _ = self.stopping.wait_for(|stopping| *stopping) => return None,
                () = self.letterbox.bell.notified() => {}
            }
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut open = self.app.live.open();
        if let Some(streams) = open.streams.get_mut(&self.person) {
            streams.retain(|stream| !Arc::ptr_eq(stream, &self.letterbox));
            if streams.is_empty() {
                open.streams.remove(&self.person);
            }
        }
    }
}

/// Follows the log for everybody who watches here, and ends the streams of those whose sign-in has ended. Runs until
/// nobody watches any more, or the program stops.
async fn follow(app: App, mut follower: Follower) {
    let mut stopping = app.stopping.subscribe();
    let (mut listen, mut check) = (tokio::time::interval(LISTEN), tokio::time::interval(CHECK));
    listen.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    check.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let is_check = tokio::select! {
            biased;
            _ = stopping.wait_for(|stopping| *stopping) => return,
            _ = check.tick() => true,
            _ = listen.tick() => false,
        };
        if is_check {
            check_logins(&app).await;
        } else {
            match catch_up(&app, follower.clone()).await {
                Ok(now) => follower = now,
                // The next look reads the same lines again.
                Err(e) => tracing::warn!("open pages could not follow the log: {e}"),
            }
        }
        let mut open = app.live.open();
        if open.streams.is_empty() {
            open.followed = false;
            open.told.clear();
            return;
        }
    }
}

/// Tells of everything that happened elsewhere.
async fn catch_up(app: &App, from: Follower) -> Result<Follower> {
    let mut follower = from;
    loop {
        let at = follower.clone();
        let (now, lines) = app
            .read(move |tx| {
                let mut now = at.clone();
                let lines = now.next(tx)?;
                Ok((now, lines))
            })
            .await?;
        follower = now;
        if lines.is_empty() {
            return Ok(follower);
        }
        let mut open = app.live.open();
        for line in lines {
            let topic = topic(app.slices, &line.kind);
            if open.told.remove(&line.position) || topic.is_empty() {
                continue;
            }
            for person in line.touched()? {
                open.wake(person, topic);
            }
        }
        // What was read here in the moment before it was told stays behind; nothing is that late.
        open.told = open.told.split_off(&(follower.position() - LATE));
    }
}

/// Ends the streams of those who are not signed in any more. What cannot be asked is not answered with yes.
async fn check_logins(app: &App) {
    let streams: Vec<Arc<Letterbox>> = app.live.open().streams.values().flatten().cloned().collect();
    for some in streams.chunks(CHECKED_AT_ONCE) {
        let logins: BTreeSet<LoginId> = some.iter().map(|stream| stream.login).collect();
        let standing =
            app.read(move |tx| Viewer::logins_that_stand(tx, &List::of(logins.iter().map(|login| login.0))?)).await.unwrap_or_else(|e| {
                tracing::warn!("open pages could not be checked and are closed: {e}");
                BTreeSet::new()
            });
        some.iter().filter(|stream| !standing.contains(&stream.login)).for_each(|stream| stream.close());
    }
}

#[cfg(test)]
pub(crate) mod stories;
