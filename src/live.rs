//! Tells open pages that something they show has changed. The log is the truth; this only wakes those who watch, and
//! what wakes has no words in it: a page asks again, as the one who looks.

use crate::app::App;
use crate::error::Result;
use crate::slices::{Needs, Routes};
use crate::viewer::{PersonId, Via, Viewer};
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use std::collections::{BTreeSet, HashMap};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast;

/// Someone's pages on one topic: the name of the slice it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Touched {
    pub person: PersonId,
    pub topic: &'static str,
}

pub struct Live {
    touched: broadcast::Sender<Arc<Vec<Touched>>>,
    /// Who has a page open, and how many.
    here: Mutex<HashMap<PersonId, usize>>,
}

impl Default for Live {
    fn default() -> Self {
        // A watcher that falls this far behind is told to read everything again, so nothing is lost by the bound.
        Self { touched: broadcast::channel(1024).0, here: Mutex::default() }
    }
}

/// Streams one person may hold open: browsers allow six to a host, and a person has a few devices.
const MOST_STREAMS: usize = 24;
/// How often a stream asks whether its sign-in still stands.
const CHECK: Duration = Duration::from_secs(4);
const KEEP_ALIVE: Duration = Duration::from_secs(15);

impl Live {
    pub fn tell(&self, touched: Vec<Touched>) {
        if !touched.is_empty() {
            // Nobody watching is no error.
            let _ = self.touched.send(Arc::new(touched));
        }
    }
    pub fn watch(&self) -> broadcast::Receiver<Arc<Vec<Touched>>> {
        self.touched.subscribe()
    }
    /// Who is looking at a page just now. A page in the background closes its stream, so this is about eyes.
    pub fn here(&self) -> Vec<PersonId> {
        self.here.lock().unwrap_or_else(PoisonError::into_inner).keys().copied().collect()
    }

    fn arrive(app: &App, person: PersonId) -> Option<Presence> {
        let mut here = app.live.here.lock().unwrap_or_else(PoisonError::into_inner);
        let streams = here.entry(person).or_default();
        if *streams >= MOST_STREAMS {
            return None;
        }
        *streams += 1;
        Some(Presence { app: app.clone(), person })
    }
}

/// A stream that is open. Ends when it is dropped, however that comes.
struct Presence {
    app: App,
    person: PersonId,
}

impl Drop for Presence {
    fn drop(&mut self) {
        let mut here = self.app.live.here.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(streams) = here.get_mut(&self.person) {
            *streams -= 1;
            if *streams == 0 {
                here.remove(&self.person);
            }
        }
    }
}

pub fn routes() -> Routes {
    Routes::new().get("/live", Needs::SignedIn, stream)
}

async fn stream(State(app): State<App>, viewer: Viewer) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let presence = Live::arrive(&app, viewer.person).ok_or_else(|| {
        crate::error::Error::refused("too_many_streams", crate::error::RefusalKind::TooOften(60), "Too many pages are open at once.".into())
    })?;
    let watch = Watch {
        touched: app.live.watch(),
        stopping: app.stopping.subscribe(),
        check: tokio::time::interval(CHECK),
        viewer,
        presence,
        waiting: BTreeSet::new(),
    };
    let events = futures_util::stream::unfold(watch, |mut watch| async move {
        let topic = watch.next().await?;
        Some((Ok(Event::default().event(topic).data("")), watch))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

struct Watch {
    touched: broadcast::Receiver<Arc<Vec<Touched>>>,
    stopping: tokio::sync::watch::Receiver<bool>,
    check: tokio::time::Interval,
    viewer: Viewer,
    presence: Presence,
    /// Topics heard of and not yet said.
    waiting: BTreeSet<&'static str>,
}

impl Watch {
    /// The next topic that changed for the one who looks; `None` when the stream is to end: the sign-in ended, or the
    /// program stops.
    async fn next(&mut self) -> Option<&'static str> {
        loop {
            if let Some(topic) = self.waiting.pop_first() {
                return Some(topic);
            }
            let heard = tokio::select! {
                _ = self.stopping.wait_for(|stopping| *stopping) => return None,
                heard = self.touched.recv() => Some(heard),
                _ = self.check.tick() => None,
            };
            match heard {
                Some(heard) => self.hear(heard)?,
                None if self.still_signed_in().await => {}
                None => return None,
            }
        }
    }

    fn hear(&mut self, heard: Result<Arc<Vec<Touched>>, broadcast::error::RecvError>) -> Option<()> {
        match heard {
            Ok(touched) => {
                let mine = touched.iter().filter(|t| t.person == self.viewer.person).map(|t| t.topic).filter(|t| !t.is_empty());
                self.waiting.extend(mine);
                if !self.waiting.is_empty() {
                    // One that every page knows, for the bell.
                    self.waiting.insert(TOUCHED);
                }
            }
            Err(broadcast::error::RecvError::Lagged(_)) => {
                self.waiting.extend(self.presence.app.slices.iter().map(|s| s.name));
                self.waiting.insert(TOUCHED);
            }
            Err(broadcast::error::RecvError::Closed) => return None,
        }
        Some(())
    }

    async fn still_signed_in(&self) -> bool {
        let Via::Login(login) = self.viewer.via else { return false };
        self.presence.app.read(move |tx| Viewer::login_stands(tx, login)).await.unwrap_or(false)
    }
}

/// The event that is said with every other.
const TOUCHED: &str = "touched";
