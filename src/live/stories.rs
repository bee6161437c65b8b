//! Pages that stay open, as stories.

use super::*;
use crate::app::Happening;
use crate::logins::verbs::sign_out_everywhere;
use crate::people::stories::Profiled;
use crate::slices::SLICES;
use crate::story::{Actor, Story, story};
use axum::body::{Body, BodyDataStream};
use axum::http::Request;
use futures_util::StreamExt;
use std::time::Instant;
use tower::ServiceExt;

/// An open stream, as a browser holds it.
pub(crate) struct Listening<'s> {
    story: &'s Story,
    body: BodyDataStream,
    heard: String,
}

fn request(who: &Actor, more: &[(&str, &str)]) -> Request<Body> {
    let mut request = who.request_to_get("/live");
    for (name, value) in more {
        request.headers_mut().insert(axum::http::HeaderName::try_from(*name).expect("a name"), value.parse().expect("a value"));
    }
    request
}

/// Opens a stream when nothing has happened for a while.
pub(crate) fn listens<'s>(who: &Actor<'s>) -> Listening<'s> {
    who.story.clock_moves(MOMENT * 2);
    listens_with(who, &[])
}

fn listens_with<'s>(who: &Actor<'s>, more: &[(&str, &str)]) -> Listening<'s> {
    let router = crate::web::router(who.story.app());
    let response = who.story.waits(router.oneshot(request(who, more))).expect("an answer");
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert_eq!(response.headers()["cache-control"], "no-cache");
    Listening { story: who.story, body: response.into_body().into_data_stream(), heard: String::new() }
}

impl Listening<'_> {
    /// Waits for these words, or for the end; says how long that took.
    pub(crate) fn hears(&mut self, words: &str) -> Option<Duration> {
        let begun = Instant::now();
        while !self.heard.contains(words) {
            let next = self.story.waits(async { tokio::time::timeout(Duration::from_secs(10), self.body.next()).await });
            match next.unwrap_or_else(|_| panic!("“{words}” is not heard, only: {}", self.heard)) {
                Some(bytes) => self.heard.push_str(&String::from_utf8_lossy(&bytes.expect("bytes"))),
                None => return None,
            }
        }
        self.heard.clear();
        Some(begun.elapsed())
    }
    /// How long it takes until the stream ends.
    fn ends(&mut self) -> Duration {
        let begun = Instant::now();
        assert_eq!(self.hears("words that nobody says"), None);
        begun.elapsed()
    }
    /// What comes within a second.
    pub(crate) fn hears_meanwhile(&mut self) -> String {
        let all = async {
            let end = tokio::time::sleep(Duration::from_secs(1));
            tokio::pin!(end);
            let mut heard = String::new();
            loop {
                tokio::select! {
                    () = &mut end => return heard,
                    Some(Ok(bytes)) = self.body.next() => heard.push_str(&String::from_utf8_lossy(&bytes)),
                }
            }
        };
        self.story.waits(all)
    }
}

#[test]
fn a_change_here_wakes_an_open_page_at_once_and_nobody_elses() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        let (mut hers, mut his) = (listens(&amina), listens(&tomas));
        amina.shows_about(&[("headline", "Learning")]);
        assert!(hers.hears("event: touched").expect("still open") < Duration::from_millis(500));
        // It is said once, although the log says it too, and his page hears nothing but the heartbeat.
        assert!(!hers.hears_meanwhile().contains("event: people"));
        assert!(!his.hears_meanwhile().contains("event"));
    });
}

#[test]
fn what_changes_between_a_page_and_its_stream_is_not_missed() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        s.clock_moves(MOMENT * 2);
        amina.shows_about(&[("headline", "Learning")]);
        let (mut hers, mut his) = (listens_with(&amina, &[]), listens_with(&tomas, &[]));
        hers.hears("event: people");
        assert!(!his.hears_meanwhile().contains("event"));
        // Back from the background, anything may be old.
        s.clock_moves(MOMENT * 2);
        let mut again = listens_with(&tomas, &[("last-event-id", BEGUN)]);
        let heard = again.hears_meanwhile();
        assert!(SLICES.iter().all(|slice| heard.contains(&format!("event: {}", slice.name))), "{heard}");
        assert!(heard.contains("event: touched"));
    });
}

#[test]
fn a_change_on_another_node_wakes_an_open_page_within_about_a_second() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        let (mut hers, mut his) = (listens(&amina), listens(&tomas));
        // Another process with the same database, which knows nothing of this one's streams.
        let elsewhere = s.another_node();
        for _ in 0..3 {
            let viewer = amina.viewer();
            s.waits(
                elsewhere.write(move |tx| tx.record(Happening::of("profile changed", viewer.person).by(&viewer).touching([viewer.person]))),
            )
            .expect("a change");
            let took = hers.hears("event: people").expect("still open");
            assert!(took < Duration::from_millis(1_500), "{took:?}");
            hers.hears("event: touched");
        }
        assert!(!his.hears_meanwhile().contains("event"));
    });
}

#[test]
fn a_stream_ends_within_five_seconds_of_signing_out_wherever_that_was() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        let (mut here, mut there, mut his) = (listens(&amina), listens(&amina), listens(&tomas));
        let (elsewhere, viewer) = (s.another_node(), amina.viewer());
        s.waits(elsewhere.write(move |tx| sign_out_everywhere(tx, &viewer))).expect("signed out");
        let begun = Instant::now();
        here.ends();
        there.ends();
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        assert_eq!(s.app().live.here(), [tomas.person()]);
        // With a session that has ended there is no new one; his goes on.
        amina.gets("/live").goes();
        tomas.shows_about(&[("headline", "Still here")]);
        assert!(his.hears("event: people").is_some());
    });
}

#[test]
fn a_stream_ends_at_once_when_the_program_stops_and_when_its_page_is_closed() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        let (closed, mut open) = (listens(&amina), listens(&tomas));
        drop(closed);
        assert_eq!(s.app().live.here(), [tomas.person()]);
        s.app().stopping.send_replace(true);
        assert!(open.ends() < Duration::from_secs(1));
        drop(open);
        assert!(s.app().live.here().is_empty());
    });
}

#[test]
fn only_a_page_of_ours_may_listen_and_only_for_someone_who_is_signed_in() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        s.visitor().gets("/live").goes();
        for foreign in [
            [("origin", "https://evil.example")],
            [("origin", "null")],
            [("origin", "http://127.0.0.1:8080.evil.example")],
            [("sec-fetch-site", "cross-site")],
            [("sec-fetch-site", "same-site")],
            [("sec-fetch-site", "none")],
        ] {
            assert_eq!(s.sends(request(&amina, &foreign)).state, 404, "{foreign:?}");
        }
        for own in [[("origin", "http://127.0.0.1:8080")], [("sec-fetch-site", "same-origin")]] {
            let router = crate::web::router(s.app());
            assert_eq!(s.waits(router.oneshot(request(&amina, &own))).expect("an answer").status(), 200, "{own:?}");
        }
    });
}

#[test]
fn a_quiet_stream_has_a_heartbeat() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let mut hers = listens(&amina);
        for _ in 0..2 {
            let took = hers.hears(":").expect("still open");
            assert!(took < 2 * HEARTBEAT, "{took:?}");
        }
    });
}

#[test]
fn a_person_holds_a_bounded_number_of_streams_and_each_is_small() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let mut held: Vec<Listening> = (0..MOST_STREAMS).map(|_| listens(&amina)).collect();
        let answer = s.sends(request(&amina, &[]));
        assert_eq!(answer.state, 429);
        assert!(answer.headers.contains_key("retry-after"));
        // However much happens while nobody reads, what waits is one word a topic.
        for round in 0..30 {
            amina.shows_about(&[("headline", &format!("Learning {round}"))]);
        }
        for one in &mut held {
            one.hears("event: touched");
        }
        let open = s.app().live.open();
        let waiting = open.streams.values().flatten().map(|one| one.waiting.lock().expect("a letterbox").len());
        assert!(waiting.max() <= Some(2));
        drop(open);
        drop(held);
        listens(&amina);
        assert!(size_of::<Watch>() + size_of::<Letterbox>() <= 256, "{}", size_of::<Watch>() + size_of::<Letterbox>());
    });
}
