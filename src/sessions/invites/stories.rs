//! Stories about invitations, and about what calendars answer to them.

use super::super::stories::{Sessions, booked, two};
use crate::config::Config;
use crate::mail::receive::{Outcome, take};
use crate::story::{Actor, Story, story_in};
use std::collections::BTreeMap;

fn answerable(tell: impl Fn(&Story)) {
    story_in(&Config { reply_domain: Some("reply.village.example".into()), ..Config::default() }, true, tell);
}

/// The calendar in the newest letter that has one, unfolded.
#[track_caller]
fn invited(actor: &Actor) -> String {
    calendars(actor).pop().unwrap_or_else(|| panic!("{} was not invited", actor.name))
}
/// All calendars in letters to someone, oldest first.
fn calendars(actor: &Actor) -> Vec<String> {
    actor.letters().iter().filter_map(crate::story::Arrived::calendar).collect()
}
#[track_caller]
fn says(calendar: &str, lines: &[&str]) {
    for line in lines {
        assert!(calendar.split("\r\n").any(|l| l == *line), "{line} is not in\n{calendar}");
    }
}
fn line<'c>(calendar: &'c str, name: &str) -> &'c str {
    calendar.split("\r\n").find_map(|l| l.strip_prefix(name)).expect("such a line")
}

/// Answers an invitation as a calendar program would, in a letter by itself.
fn answers(s: &Story, from: &str, calendar: &str, method: &str, partstat: &str, more: &str) -> Outcome {
    let to = line(calendar, "ORGANIZER").rsplit("mailto:").next().expect("an address").to_owned();
    let uid = line(calendar, "UID:");
    let raw = format!(
        "From: {from}\nTo: {to}\nMessage-ID: <{}@x>\nAuto-Submitted: auto-generated\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n\
         --b\nContent-Type: text/plain\n\n\n--b\nContent-Type: text/calendar; charset=utf-8; method={method}\n\n\
         BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:{method}\nBEGIN:VEVENT\nUID:{uid}\nORGANIZER:mailto:{to}\nATTENDEE;PARTSTAT={partstat}:mailto:{from}\n{more}END:VEVENT\nEND:VCALENDAR\n--b--\n",
        s.now().as_micros(),
    );
    s.clock_moves(jiff::SignedDuration::from_secs(1));
    s.waits(take(s.app(), raw.replace('\n', "\r\n").as_bytes())).expect("an outcome")
}

#[test]
fn p22_the_letters_of_a_session_keep_both_calendars_right() {
    answerable(|s| {
        let ([amina, tomas], meet) = two(s);
        amina.lives_in("Europe/Berlin");
        let session = booked(&amina, &tomas, &meet, "2026-11-05T14:00", &[]);
        s.hours_pass(1);
        let hers = invited(&amina);
        says(
            &hers,
            &[
                "METHOD:REQUEST",
                "SEQUENCE:0",
                "SUMMARY:Session with Tomas",
                "DTSTART;TZID=Europe/Berlin:20261105T140000",
                "TZID:Europe/Berlin",
            ],
        );
        assert!(hers.contains("RSVP=TRUE") && hers.contains("mailto:amina@village.example") && !hers.contains("tomas@"), "{hers}");
        let his = invited(&tomas);
        says(&his, &["METHOD:REQUEST", "SUMMARY:Session with Amina", &format!("UID:{}", line(&hers, "UID:"))]);

        tomas.posts(&format!("{session}/move"), &[("time", "2026-11-06T10:00:00Z")]).goes();
        s.hours_pass(1);
        let moved = invited(&amina);
        says(&moved, &["METHOD:REQUEST", "SEQUENCE:1", "DTSTART:20261106T100000Z"]);
        assert_eq!(line(&moved, "ORGANIZER"), line(&hers, "ORGANIZER"), "calendars know an invitation by who invited");
        says(&invited(&tomas), &["SEQUENCE:1"]);

        amina.posts(&format!("{session}/cancel"), &[]).goes();
        s.hours_pass(1);
        for calendar in [invited(&amina), invited(&tomas)] {
            says(&calendar, &["METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:2"]);
        }
        assert!(amina.letters().pop().expect("a letter").subject.starts_with("Cancelled: Session with Tomas"));
    });
}

#[test]
fn a_series_is_one_event_of_which_a_moved_session_is_an_exception() {
    answerable(|s| {
        let ([amina, tomas], meet) = two(s);
        amina.lives_in("Europe/Berlin");
        booked(&amina, &tomas, &meet, "2026-11-05T14:00", &[("cadence", "weekly")]);
        s.hours_pass(1);
        let first = invited(&amina);
        says(&first, &["RRULE:FREQ=WEEKLY", "DTSTART;TZID=Europe/Berlin:20261105T140000"]);
        let second = s.does(|tx| {
            let rows: Vec<(super::SessionId,)> = tx.all(chiron_store::sql!("select id from sessions where place = 1 limit 1"), &[])?;
            Ok(format!("/sessions/{}", rows[0].0))
        });
        tomas.posts(&format!("{second}/move"), &[("time", "2026-11-13T10:00:00Z")]).goes();
        s.hours_pass(1);
        let moved = invited(&amina);
        let uid = format!("UID:{}", line(&first, "UID:"));
        says(
            &moved,
            &["METHOD:REQUEST", &uid, "RECURRENCE-ID;TZID=Europe/Berlin:20261112T140000", "DTSTART:20261113T100000Z", "SEQUENCE:1"],
        );
        tomas.posts(&format!("{second}/cancel"), &[]).goes();
        s.hours_pass(1);
        says(&invited(&amina), &["METHOD:CANCEL", &uid, "RECURRENCE-ID;TZID=Europe/Berlin:20261112T140000"]);
        // From the third on it is over: the event ends before.
        let third = s.does(|tx| {
            let rows: Vec<(super::SessionId,)> = tx.all(chiron_store::sql!("select id from sessions where place = 2 limit 1"), &[])?;
            Ok(format!("/sessions/{}", rows[0].0))
        });
        let before = tomas.letters().len();
        tomas.posts(&format!("{third}/cancel"), &[("which", "following")]).goes();
        s.hours_pass(1);
        says(
            &invited(&amina),
            &["METHOD:REQUEST", &uid, "RRULE:FREQ=WEEKLY;UNTIL=20261119T125959Z", "DTSTART;TZID=Europe/Berlin:20261105T140000"],
        );
        assert_eq!(tomas.letters().len(), before + 1, "one letter for all that follow");
    });
}

/// A calendar that is kept by letters, as two sorts of programs do it: one puts what it is told of a series in the place of all
/// that it knew of it, the other keeps the exceptions apart and takes away only what is named.
#[derive(Default)]
struct Kept {
    replaces: bool,
    /// By UID: the event that repeats or stands alone, its exceptions by their RECURRENCE-ID, and what was taken out by name.
    events: BTreeMap<String, (String, BTreeMap<String, String>, Vec<String>)>,
}

impl Kept {
    fn by(actor: &Actor, replaces: bool) -> Self {
        calendars(actor).iter().fold(Self { replaces, ..Self::default() }, |mut kept, letter| {
            kept.takes(letter);
            kept
        })
    }
    fn takes(&mut self, letter: &str) {
        for event in letter.split("BEGIN:VEVENT\r\n").skip(1) {
            let event = event.split("END:VEVENT").next().expect("an event");
            let instead_of = event.split("\r\n").find(|l| l.starts_with("RECURRENCE-ID"));
            let (base, exceptions, without) = self.events.entry(line(event, "UID:").to_owned()).or_default();
            match (line(letter, "METHOD:"), instead_of) {
                ("REQUEST", Some(which)) => _ = exceptions.insert(which.to_owned(), event.to_owned()),
                ("REQUEST", None) => {
                    *base = event.to_owned();
                    without.clear();
                    if self.replaces {
                        exceptions.clear();
                    }
                }
                ("CANCEL", Some(which)) => {
                    exceptions.remove(which);
                    without.push(which.replace("RECURRENCE-ID", "EXDATE"));
                }
                ("CANCEL", None) => {
                    base.clear();
                    if self.replaces {
                        exceptions.clear();
                    }
                }
                (method, _) => panic!("{method}"),
            }
        }
    }
    /// As a calendar file.
    fn written(&self) -> String {
        let mut text = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\n");
        for (base, exceptions, without) in self.events.values() {
            let base = (!base.is_empty()).then(|| format!("{base}{}", without.iter().map(|l| format!("{l}\r\n")).collect::<String>()));
            for event in base.iter().chain(exceptions.values()) {
                text += &format!("BEGIN:VEVENT\r\n{event}END:VEVENT\r\n");
            }
        }
        text + "END:VCALENDAR\r\n"
    }
    fn ahead(&self, now: jiff::Timestamp) -> Vec<String> {
        let until = now + jiff::SignedDuration::from_hours(24 * 50);
        let taken = chiron_calendar::busy(self.written().as_bytes(), &jiff::tz::TimeZone::UTC, now, until).expect("a calendar");
        taken.into_iter().map(|(from, _)| from.to_string()).collect()
    }
}

/// What stands in someone's calendar by the product itself, in the same days.
fn booked_ahead(actor: &Actor) -> Vec<String> {
    let (person, now) = (actor.person(), actor.story.now());
    let until = now + jiff::SignedDuration::from_hours(24 * 50);
    let rows: Vec<(chiron_store::Timestamp,)> = actor.story.does(move |tx| {
        Ok(tx.all(
            chiron_store::sql!(
                "select starts_at from attendances where person_id = $1 and state = 'booked' and starts_at > $2 and starts_at < $3 order by 1 limit 100"
            ),
            &[&person, &now, &until],
        )?)
    });
    rows.into_iter().map(|(at,)| at.jiff().to_string()).collect()
}

fn at_place(s: &Story, place: i64) -> String {
    let row: (super::SessionId,) = s.does(move |tx| {
        Ok(tx
            .one(chiron_store::sql!("select id from sessions where place = $1 and state = 'booked' order by id desc limit 1"), &[&place])?)
    });
    format!("/sessions/{}", row.0)
}

/// Both sorts of calendar say of both people what the product says.
#[track_caller]
fn calendars_are_right(s: &Story, after: &str, people: &[&Actor]) -> Vec<String> {
    s.hours_pass(1);
    for one in people {
        for replaces in [true, false] {
            let kept = Kept::by(one, replaces);
            assert_eq!(kept.ahead(s.now().jiff()), booked_ahead(one), "{after}, {}, replaces: {replaces}\n{}", one.name, kept.written());
        }
    }
    booked_ahead(people[0])
}

#[test]
fn p22_what_was_moved_by_itself_follows_its_series_in_every_sort_of_calendar() {
    type Ending = fn(&Story, &Actor, &str);
    let later: Ending = |s, tomas, _| {
        let later = [("time", "2026-11-13T16:00:00Z"), ("which", "following")];
        _ = tomas.posts(&format!("{}/move", at_place(s, 1)), &later).goes();
    };
    let endings: [(&str, usize, Ending); 7] = [
        ("all of it cancelled", 0, |s, tomas, _| _ = tomas.posts(&format!("{}/cancel", at_place(s, 1)), &[("which", "following")]).goes()),
        ("cancelled from the third on", 1, |s, tomas, _| {
            _ = tomas.posts(&format!("{}/cancel", at_place(s, 2)), &[("which", "following")]).goes()
        }),
        ("cancelled from the moved one on", 2, |s, tomas, _| {
            _ = tomas.posts(&format!("{}/cancel", at_place(s, 4)), &[("which", "following")]).goes()
        }),
        ("moved from the second on", 6, later),
        ("moved from the second on while the first is ahead", 6, later),
        ("ended", 0, |_, tomas, meet| _ = tomas.posts(&format!("{meet}/end"), &[("closing", "Farewell.")]).goes()),
        ("left", 0, |_, tomas, _| _ = tomas.posts("/account/close", &[]).goes()),
    ];
    for (how, left, ending) in endings {
        answerable(|s| {
            let ([amina, tomas], meet) = two(s);
            amina.lives_in("Europe/Berlin");
            booked(&amina, &tomas, &meet, "2026-11-05T14:00", &[("cadence", "weekly")]);
            let both = [&amina, &tomas];
            calendars_are_right(s, "booked", &both);
            tomas.posts(&format!("{}/move", at_place(s, 1)), &[("time", "2026-11-13T10:00:00Z")]).goes();
            amina.posts(&format!("{}/move", at_place(s, 4)), &[("time", "2026-12-02T09:00:00Z")]).goes();
            tomas.posts(&format!("{}/cancel", at_place(s, 3)), &[]).goes();
            calendars_are_right(s, "two moved and one cancelled", &both);
            if !how.ends_with("is ahead") {
                s.days_pass(4);
                amina.posts(&format!("{}/held", at_place(s, 0)), &[]).goes();
            }
            ending(s, &tomas, &meet);
            let one = if how == "left" { &both[..1] } else { &both[..] };
            let ahead = calendars_are_right(s, how, one);
            assert_eq!(ahead.len(), left, "{how}: {ahead:?}");
        });
    }
}

#[test]
fn p22_a_calendar_is_told_also_when_somebody_has_read_it_here_or_wants_one_letter_a_day() {
    for daily in [false, true] {
        answerable(|s| {
            let ([amina, tomas], meet) = two(s);
            if daily {
                let about = ["session booked", "session moved", "session cancelled"].map(|kind| ("about", kind));
                amina.posts("/account/mail", &[&[("rhythm", "daily")][..], &about].concat()).goes();
            }
            let session = booked(&amina, &tomas, &meet, "2026-11-12T14:00", &[]);
            s.days_pass(2);
            tomas.posts(&format!("{session}/move"), &[("time", "2026-11-13T10:00:00Z")]).goes();
            amina.posts("/notices/read", &[]).goes();
            s.days_pass(2);
            calendars_are_right(s, "moved, and read here", &[&amina, &tomas]);
            tomas.posts(&format!("{session}/cancel"), &[]).goes();
            amina.posts("/notices/read", &[]).goes();
            s.days_pass(1);
            assert!(calendars_are_right(s, "cancelled, and read here", &[&amina]).is_empty());
        });
    }
}

#[test]
fn p22_what_was_ahead_comes_out_of_both_calendars_however_it_ends() {
    type Ending = fn(&Story, &Actor, &str);
    let endings: [(&str, Ending); 4] = [
        ("ended", |_, tomas, meet| _ = tomas.posts(&format!("{meet}/end"), &[("closing", "Farewell.")]).goes()),
        ("dissolved", |_, tomas, meet| _ = tomas.posts(&format!("{meet}/dissolve"), &[("reason", "She never prepares.")]).goes()),
        ("frozen", |s, _, meet| {
            let id = meet.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
            s.does(move |tx| crate::relationships::verbs::freeze(tx, id));
        }),
        ("left", |_, tomas, _| _ = tomas.posts("/account/close", &[]).goes()),
    ];
    for (how, ending) in endings {
        answerable(|s| {
            let ([amina, tomas], meet) = two(s);
            let once = booked(&amina, &tomas, &meet, "2026-11-04T14:00", &[]);
            booked(&amina, &tomas, &meet, "2026-11-05T14:00", &[("cadence", "weekly")]);
            s.hours_pass(1);
            let (series, past) = (invited(&amina), amina.letters().len());
            ending(s, &tomas, &meet);
            for hour in 0..2 {
                s.hours_pass(hour);
            }
            for who in [&amina, &tomas] {
                let cancelled = calendars(who);
                let last: Vec<&String> = cancelled.iter().rev().take(2).collect();
                let id: super::SessionId = once["/sessions/".len()..].parse().expect("an id");
                let once = format!("UID:{}@localhost", id.0);
                let of_once = last.iter().find(|c| c.contains(&once)).unwrap_or_else(|| panic!("{how}: {} in {cancelled:?}", who.name));
                says(of_once, &["METHOD:CANCEL", "SEQUENCE:1", "STATUS:CANCELLED"]);
                let of_series = last.iter().find(|c| c.contains(line(&series, "UID:"))).unwrap_or_else(|| panic!("{how}: {}", who.name));
                says(of_series, &["METHOD:CANCEL"]);
                assert!(line(of_series, "SEQUENCE:").parse::<i64>().expect("a number") > 0, "{of_series}");
            }
            // No letter about a calendar says why, and nothing goes on being made.
            for letter in amina.letters().iter().skip(past) {
                assert!(!letter.says("never prepares") && !letter.says("stand still for now, because"), "{}", letter.text);
            }
            s.days_pass(9);
            let booked: (i64,) = s.does(|tx| Ok(tx.one(chiron_store::sql!("select count(*) from sessions where state = 'booked'"), &[])?));
            assert_eq!(booked.0, 0, "{how}");
        });
    }
}

#[test]
fn p22_a_no_from_a_calendar_reaches_the_other_and_a_yes_is_on_the_page() {
    answerable(|s| {
        let ([amina, tomas], meet) = two(s);
        let session = booked(&amina, &tomas, &meet, "2026-11-05T14:00", &[]);
        s.hours_pass(1);
        let invitation = invited(&amina);
        let said = answers(s, &amina.address(), &invitation, "REPLY", "ACCEPTED", "");
        assert_eq!(said, Outcome::Taken { noun: "invite" });
        tomas.sees(&session, "Amina said yes from their calendar");
        let said = answers(s, &amina.address(), &invitation, "REPLY", "DECLINED", "COMMENT:I am\\, alas\\, ill\n");
        assert_eq!(said, Outcome::Taken { noun: "invite" });
        tomas.sees(&session, "this time does not suit");
        tomas.sees(&session, "I am, alas, ill");
        tomas.reads("Amina cannot come on");
        tomas.reads_in_letter("I am, alas, ill");
        // Once it is moved, what was said of the old time says nothing more.
        tomas.posts(&format!("{session}/move"), &[("time", "2026-11-06T10:00:00Z")]).goes();
        tomas.does_not_see(&session, "does not suit");
    });
}

#[test]
fn another_time_from_a_calendar_is_a_proposal_that_the_other_takes_with_one_press() {
    answerable(|s| {
        let ([amina, tomas], meet) = two(s);
        let session = booked(&amina, &tomas, &meet, "2026-11-05T14:00", &[]);
        s.hours_pass(1);
        let invitation = invited(&amina);
        let more = "DTSTART:20261105T160000Z\nDTEND:20261105T170000Z\nCOMMENT:Two hours later?\n";
        assert_eq!(answers(s, &amina.address(), &invitation, "COUNTER", "TENTATIVE", more), Outcome::Taken { noun: "invite" });
        tomas.reads_in_letter("Two hours later?");
        tomas.gets(&session).ok().shows("Amina proposes Thursday 5 November, 16:00 instead").shows("Move it there");
        amina.gets(&session).ok().shows("You propose").hides("Move it there");
        tomas.posts(&format!("{session}/move"), &[("time", "2026-11-05T16:00:00Z")]).goes();
        s.hours_pass(1);
        says(&invited(&amina), &["DTSTART:20261105T160000Z", "SEQUENCE:1"]);
        let past = "DTSTART:20201105T160000Z\nDTEND:20201105T170000Z\n";
        let refused = answers(s, &amina.address(), &invitation, "COUNTER", "TENTATIVE", past);
        assert!(matches!(refused, Outcome::Refused(why) if why.contains("has passed")));
    });
}

#[test]
fn nobody_answers_for_somebody_else() {
    answerable(|s| {
        let ([amina, tomas], meet) = two(s);
        let [lea] = s.people(["Lea"]);
        let session = booked(&amina, &tomas, &meet, "2026-11-05T14:00", &[]);
        s.hours_pass(1);
        let invitation = invited(&amina);
        for other in [lea.address(), tomas.address()] {
            let said = answers(s, &other, &invitation, "REPLY", "DECLINED", "");
            assert_eq!(said, Outcome::Ignored("its reply address was not made for its sender"));
        }
        let said = answers(s, "nobody@example.org", &invitation, "REPLY", "DECLINED", "");
        assert_eq!(said, Outcome::Ignored("its sender is nobody here"));
        let other = invitation.replace("UID:", "UID:other");
        assert_eq!(
            answers(s, &amina.address(), &other, "REPLY", "DECLINED", ""),
            Outcome::Ignored("what it answers is not there any more")
        );
        assert_eq!(answers(s, &amina.address(), &invitation, "REQUEST", "DECLINED", ""), Outcome::Ignored("its calendar answers nothing"));
        tomas.does_not_see(&session, "does not suit");
    });
}

#[test]
fn without_a_way_for_mail_to_reach_us_no_answer_is_asked_for() {
    story_in(&Config::default(), true, |s| {
        let ([amina, tomas], meet) = two(s);
        booked(&amina, &tomas, &meet, "2026-11-05T14:00", &[]);
        s.hours_pass(1);
        let invitation = invited(&amina);
        assert!(invitation.contains("RSVP=FALSE") && invitation.contains("mailto:chiron@localhost"), "{invitation}");
    });
}
