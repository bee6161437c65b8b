//! Stories about people's own calendars.

use super::super::stories::{Sessions, booked, two};
use crate::config::Config;
use crate::story::{Actor, Answer, Story, story, story_in};
use axum::http::header;
use chiron_store::sql;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// The path of a feed that somebody has just made.
fn makes_a_feed(actor: &Actor) -> String {
    let page = actor.posts("/account/calendars/feed", &[]).ok().shows("Copy it now").html();
    let path = page.split("/calendar/").nth(1).and_then(|rest| rest.split(".ics").next()).expect("an address");
    format!("/calendar/{path}.ics")
}

#[test]
fn p22_sessions_appear_in_a_calendar_that_subscribes_and_nothing_of_what_is_said() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        let feed = makes_a_feed(&amina);
        let session = booked(&amina, &tomas, &meet, "2026-11-05T14:00", &[]);
        tomas.posts(&format!("{session}/agenda"), &[("item", "My difficult boss")]).goes();
        let calendar = s.visitor().gets(&feed).ok();
        assert_eq!(calendar.headers[header::CONTENT_TYPE], "text/calendar; charset=utf-8");
        assert_eq!(calendar.headers[header::REFERRER_POLICY], "no-referrer");
        let text = calendar.html();
        for line in ["METHOD:PUBLISH", "SUMMARY:Session with Tomas", "DTSTART:20261105T140000Z", "DTEND:20261105T150000Z", "SEQUENCE:0"] {
            assert!(text.contains(&format!("{line}\r\n")), "{line} is not in {text}");
        }
        assert!(!text.contains("boss") && !text.contains("village.example\r\n") && !text.contains("ATTENDEE"), "{text}");

        let instant = "2026-11-06T10:00:00Z";
        tomas.posts(&format!("{session}/move"), &[("time", instant)]).goes();
        let text = s.visitor().gets(&feed).ok().html();
        assert!(text.contains("DTSTART:20261106T100000Z\r\n") && text.contains("SEQUENCE:1\r\n"), "{text}");
        tomas.posts(&format!("{session}/cancel"), &[]).goes();
        assert!(!s.visitor().gets(&feed).ok().html().contains("VEVENT"));
    });
}

#[test]
fn whoever_looks_again_is_told_that_nothing_changed() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        booked(&amina, &tomas, &meet, "2026-11-05T14:00", &[]);
        let feed = makes_a_feed(&amina);
        let tag = s.visitor().gets(&feed).ok().headers[header::ETAG].clone();
        s.hours_pass(1);
        let again = |tag: &str| -> Answer {
            let request = axum::http::Request::get(&feed).header(header::HOST, "127.0.0.1:8080").header(header::IF_NONE_MATCH, tag);
            s.sends(request.body(axum::body::Body::empty()).expect("a request"))
        };
        let same = again(tag.to_str().expect("a tag"));
        assert_eq!((same.state, same.body.len()), (304, 0));
        assert_eq!(again("\"another\"").state, 200);
    });
}

#[test]
fn an_address_stops_with_a_new_one_and_when_its_owner_stops_it() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let first = makes_a_feed(&amina);
        let token = first["/calendar/".len()..first.len() - 4].to_owned();
        s.does(move |tx| {
            let hash = crate::web::token_hash(&token);
            let kept: (Vec<u8>,) = tx.one(sql!("select token_hash from calendar_feeds"), &[])?;
            assert_eq!(kept.0, hash, "only the hash is kept");
            Ok(())
        });
        let second = makes_a_feed(&amina);
        s.visitor().finds_nothing(&first);
        s.visitor().gets(&second).ok();
        amina.gets("/account/calendars").ok().hides(&second).shows("Give me a new address");
        amina.posts("/account/calendars/feed/remove", &[]).goes();
        s.visitor().finds_nothing(&second);
        for wrong in ["/calendar/.ics", "/calendar/x.ics", "/calendar/x"] {
            s.visitor().finds_nothing(wrong);
        }
    });
}

/// A calendar elsewhere, and how often it was asked for.
fn elsewhere(s: &Story, text: &str) -> (String, Arc<Mutex<usize>>) {
    let listener = s.waits(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a port");
    let address = format!("http://{}/secret-1234567.ics", listener.local_addr().expect("an address"));
    let (text, asked) = (text.replace('\n', "\r\n"), Arc::new(Mutex::new(0)));
    let count = Arc::clone(&asked);
    s.meanwhile(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            *count.lock().expect("a count") += 1;
            let mut request = [0; 2000];
            let _ = stream.read(&mut request).await;
            let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{text}", text.len());
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    (address, asked)
}

const BUSY: &str =
    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Dentist\nDTSTART:20261105T180000Z\nDTEND:20261105T190000Z\nEND:VEVENT\nEND:VCALENDAR\n";

#[test]
fn p22_no_time_is_suggested_at_which_somebody_is_busy_elsewhere() {
    let config = Config { private_calendars: true, ..Config::default() };
    story_in(&config, true, |s| {
        let ([amina, tomas], meet) = two(s);
        amina.is_free(4, 18, 20);
        tomas.is_free(4, 18, 20);
        let times = format!("{meet}/sessions/new?minutes=60");
        amina.gets(&times).ok().shows("18:00");
        let (address, asked) = elsewhere(s, BUSY);
        tomas.posts("/account/calendars", &[("address", &address)]).goes();
        tomas.gets("/account/calendars").ok().shows("for the first time").hides("secret-");
        s.sweeps_run();
        tomas.gets("/account/calendars").ok().shows("Last read");
        let day = |page: Answer| {
            page.text().split("Thursday 5 November").nth(1).unwrap_or_default().split("Thursday 12").next().unwrap_or_default().to_owned()
        };
        let offered = day(amina.gets(&times).ok());
        assert!(!offered.contains("18:00") && !offered.contains("18:30") && offered.contains("19:00"), "{offered}");
        let tomas_id = tomas.person();
        s.does(move |tx| {
            let (from, to) = (tx.now(), tx.now() + jiff::SignedDuration::from_hours(24 * 7));
            let busy = super::busy(tx, &[tomas_id], from, to)?;
            let said: Vec<String> = busy.iter().map(|(from, to)| format!("{} {}", from.jiff(), to.jiff())).collect();
            assert_eq!(said, ["2026-11-05T18:00:00Z 2026-11-05T19:00:00Z"]);
            Ok(())
        });
        // It is read again after an hour and not before, and is gone with its calendar.
        s.sweeps_run();
        assert_eq!(*asked.lock().expect("a count"), 1);
        s.clock_moves(jiff::SignedDuration::from_mins(61));
        s.sweeps_run();
        assert_eq!(*asked.lock().expect("a count"), 2);
        let page = tomas.gets("/account/calendars").html();
        let remove = page
            .split("/account/calendars/")
            .find_map(|p| p.split_once("/remove").map(|(id, _)| id.to_owned()).filter(|id| id != "feed"))
            .expect("a calendar");
        amina.posts(&format!("/account/calendars/{remove}/remove"), &[]).refuses("not there any more");
        tomas.posts(&format!("/account/calendars/{remove}/remove"), &[]).goes();
        let offered = day(amina.gets(&times).ok());
        assert!(offered.contains("18:00"), "{offered}");
    });
}

#[test]
fn an_address_in_a_private_network_is_not_looked_at() {
    story(|s| {
        let [tomas] = s.people(["Tomas"]);
        let (address, asked) = elsewhere(s, BUSY);
        tomas.posts("/account/calendars", &[("address", &address)]).goes();
        s.sweeps_run();
        tomas.gets("/account/calendars").ok().shows("lies in a private network");
        assert_eq!(*asked.lock().expect("a count"), 0);
        tomas.posts("/account/calendars", &[("address", "file:///etc/passwd")]).refuses("should begin with https://");
        tomas.posts("/account/calendars", &[("address", "")]).refuses("Please fill this in");
        for n in 0..2 {
            tomas.posts("/account/calendars", &[("address", &format!("webcal://192.168.0.{n}/a.ics"))]).goes();
        }
        tomas.posts("/account/calendars", &[("address", "https://10.0.0.1/")]).refuses("You have 3 calendars");
    });
}

#[test]
fn p22_a_calendar_is_read_over_a_secure_connection_and_a_wrong_certificate_is_said_on_the_page() {
    use crate::mail::sink::{AUTHORITY, Certificate};
    let folder = tempfile::tempdir().expect("a folder");
    let authority = folder.path().join("authority.pem");
    std::fs::write(&authority, AUTHORITY).expect("a file");
    for (file, certificate, said) in [
        (Some(authority.clone()), Certificate::Here, "Last read"),
        (None, Certificate::Here, "signed by nobody we know, so it is not read"),
        (Some(authority.clone()), Certificate::Elsewhere, "made out to another name"),
        (Some(authority.clone()), Certificate::Expired, "has expired"),
        (Some(folder.path().join("nothing.pem")), Certificate::Here, "has to mend how certificates are checked"),
    ] {
        let config = Config { private_calendars: true, calendar_ca_file: file, ..Config::default() };
        story_in(&config, true, |s| {
            let [tomas] = s.people(["Tomas"]);
            let listener = s.waits(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a port");
            let address = format!("https://localhost:{}/secret.ics", listener.local_addr().expect("an address").port());
            let acceptor = tokio_rustls::TlsAcceptor::from(certificate.config());
            s.meanwhile(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                    let _ = stream.read(&mut [0; 2000]).await;
                    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{BUSY}", BUSY.len());
                    let _ = stream.write_all(answer.as_bytes()).await;
                    let _ = stream.shutdown().await;
                }
            });
            tomas.posts("/account/calendars", &[("address", &address)]).goes();
            s.sweeps_run();
            tomas.gets("/account/calendars").ok().shows(said);
            let person = tomas.person();
            let busy = s.does(move |tx| super::busy(tx, &[person], tx.now(), tx.now() + jiff::SignedDuration::from_hours(24 * 7)));
            assert_eq!(busy.len(), usize::from(said == "Last read"));
        });
    }
}

#[test]
fn what_is_no_calendar_is_said_and_left_alone_for_longer_each_time() {
    let config = Config { private_calendars: true, ..Config::default() };
    story_in(&config, true, |s| {
        let [tomas] = s.people(["Tomas"]);
        let (address, asked) = elsewhere(s, "<html>Sign in first</html>");
        tomas.posts("/account/calendars", &[("address", &address)]).goes();
        for _ in 0..10 {
            s.sweeps_run();
            s.clock_moves(jiff::SignedDuration::from_mins(61));
        }
        tomas.gets("/account/calendars").ok().shows("is not a calendar");
        let asked = *asked.lock().expect("a count");
        assert!((3..=5).contains(&asked), "asked {asked} times in ten hours");
    });
}
