//! Calendars that other programs write, and what we write for them.

use chiron_calendar::{Answer, Attendee, Calendar, Error, Event, LARGEST, Method, Organizer, Rule, answers, busy};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};
use proptest::prelude::*;

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").expect("a zone")
}
fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}
fn calendar(inside: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n", inside.replace('\n', "\r\n"))
}
fn taken(inside: &str) -> Vec<String> {
    taken_in(&calendar(inside))
}
fn taken_in(text: &str) -> Vec<String> {
    let busy = busy(text.as_bytes(), &berlin(), at("2027-03-01T00:00:00Z"), at("2027-05-01T00:00:00Z")).expect("a calendar");
    busy.iter().map(|(from, to)| format!("{} {}", from.strftime("%m-%dT%H:%M"), to.strftime("%m-%dT%H:%M"))).collect()
}

#[test]
fn single_events_and_whole_days_are_taken() {
    let events = "BEGIN:VEVENT\nUID:1\nDTSTART:20270310T100000Z\nDTEND:20270310T110000Z\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:2\nDTSTART;VALUE=DATE:20270328\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:3\nDTSTART:20270401T180000\nDURATION:PT1H30M\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:4\nDTSTART:20270410T100000Z\nEND:VEVENT\n";
    // Sunday 28 March has 23 hours in Berlin; a time without a zone is on the owner's wall; a moment takes no time.
    assert_eq!(taken(events), ["03-10T10:00 03-10T11:00", "03-27T23:00 03-28T22:00", "04-01T16:00 04-01T17:30"]);
}

#[test]
fn what_leaves_its_time_free_is_not_taken() {
    for line in ["STATUS:CANCELLED", "TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"] {
        let event = format!("BEGIN:VEVENT\nUID:1\nDTSTART:20270310T100000Z\nDTEND:20270310T110000Z\n{line}\nEND:VEVENT\n");
        assert!(taken(&event).is_empty(), "{line}");
    }
}

#[test]
fn what_repeats_is_taken_but_for_its_exceptions_and_where_it_was_moved() {
    let events = "BEGIN:VEVENT\nUID:1\nDTSTART;TZID=Europe/Berlin:20270301T100000\nDTEND;TZID=Europe/Berlin:20270301T110000\n\
        RRULE:FREQ=WEEKLY;COUNT=6\nEXDATE;TZID=Europe/Berlin:20270308T100000\nEXDATE;VALUE=DATE:20270315\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:1\nRECURRENCE-ID;TZID=Europe/Berlin:20270322T100000\nDTSTART;TZID=Europe/Berlin:20270323T150000\nDTEND;TZID=Europe/Berlin:20270323T160000\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:20270329T080000Z\nSTATUS:CANCELLED\nDTSTART:20270329T080000Z\nEND:VEVENT\n";
    assert_eq!(taken(events), ["03-01T09:00 03-01T10:00", "03-23T14:00 03-23T15:00", "04-05T08:00 04-05T09:00"]);
}

#[test]
fn what_began_before_and_goes_on_is_taken_and_what_meets_is_one() {
    let events = "BEGIN:VEVENT\nUID:1\nDTSTART:20270220T000000Z\nDTEND:20270302T000000Z\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:2\nDTSTART:20270301T120000Z\nDTEND:20270302T060000Z\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:3\nDTSTART:20270430T230000Z\nDTEND:20270502T060000Z\nEND:VEVENT\n";
    assert_eq!(taken(events), ["03-01T00:00 03-02T06:00", "04-30T23:00 05-01T00:00"]);
}

#[test]
fn zones_are_known_by_the_names_that_programs_give_them() {
    for name in
        ["Europe/Berlin", "/freeassociation.sourceforge.net/Europe/Berlin", "W. Europe Standard Time", "\"Europe/Berlin\"", "No Such Zone"]
    {
        let event = format!("BEGIN:VEVENT\nUID:1\nDTSTART;TZID={name}:20270401T100000\nDURATION:PT1H\nEND:VEVENT\n");
        assert_eq!(taken(&event), ["04-01T08:00 04-01T09:00"], "{name}");
    }
}

#[test]
fn a_zone_that_nobody_knows_is_as_its_calendar_describes_it() {
    let zone = "BEGIN:VTIMEZONE\nTZID:Ours\n\
        BEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:-0400\nTZOFFSETTO:-0500\nRRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\nEND:STANDARD\n\
        BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:-0500\nTZOFFSETTO:-0400\nRRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n";
    let event = |wall: &str| format!("{zone}BEGIN:VEVENT\nUID:1\nDTSTART;TZID=Ours:{wall}\nDURATION:PT1H\nEND:VEVENT\n");
    // Clocks go forward on 14 March 2027.
    assert_eq!(taken(&event("20270313T100000")), ["03-13T15:00 03-13T16:00"]);
    assert_eq!(taken(&event("20270314T023000")), ["03-14T07:30 03-14T08:30"], "left out, so with the offset before");
    assert_eq!(taken(&event("20270314T100000")), ["03-14T14:00 03-14T15:00"]);
}

#[test]
fn published_free_busy_times_are_taken() {
    let part = "BEGIN:VFREEBUSY\nFREEBUSY;FBTYPE=BUSY:20270310T100000Z/20270310T110000Z,20270311T100000Z/PT2H\n\
        FREEBUSY;FBTYPE=FREE:20270312T100000Z/PT2H\nFREEBUSY:20270313T100000Z/PT30M\nEND:VFREEBUSY\n";
    assert_eq!(taken(part), ["03-10T10:00 03-10T11:00", "03-11T10:00 03-11T12:00", "03-13T10:00 03-13T10:30"]);
}

#[test]
fn odd_calendars_are_read_as_far_as_they_go() {
    // Bare line feeds, a fold within a word, no end of anything, an event without a beginning, a rule from elsewhere.
    let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:no time\nEND:VEVENT\nBEGIN:VEVENT\nDTSTART:2027031\n 0T100000Z\nDTEND:20270310T110000Z\nRRULE:FREQ=SOMETIMES\n";
    assert_eq!(taken_in(text), ["03-10T10:00 03-10T11:00"]);
    assert_eq!(busy(b"<html>", &berlin(), at("2027-03-01T00:00:00Z"), at("2027-05-01T00:00:00Z")), Err(Error::NotACalendar));
}

#[test]
fn too_much_is_refused() {
    let read = |text: &str| busy(text.as_bytes(), &berlin(), at("2027-03-01T00:00:00Z"), at("2028-03-01T00:00:00Z"));
    assert_eq!(read(&" ".repeat(LARGEST + 1)), Err(Error::TooLarge));
    let bomb = "BEGIN:VEVENT\nDTSTART:20200101T000000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY;COUNT=1000000000\nEND:VEVENT\n";
    assert_eq!(read(&calendar(bomb)), Err(Error::TooOften));
    let daily = "BEGIN:VEVENT\nDTSTART:20200101T000000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY\nEND:VEVENT\n";
    assert_eq!(read(&calendar(&daily.repeat(9_000))), Err(Error::TooOften), "many that are harmless alone");
    assert_eq!(read(&calendar(&"BEGIN:VEVENT\nEND:VEVENT\n".repeat(10_001))), Err(Error::TooManyEvents));
    // A zone of its own for each event, each with a rule.
    let zones: String = (0..5000)
        .map(|n| format!("BEGIN:VTIMEZONE\nTZID:Z{n}\nBEGIN:STANDARD\nDTSTART:16010101T0000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:FREQ=YEARLY\nEND:STANDARD\nEND:VTIMEZONE\n"))
        .take(3000)
        .collect();
    let events: String =
        (0..3000).map(|n| format!("BEGIN:VEVENT\nDTSTART;TZID=Z{n}:20270310T100000\nDURATION:PT1H\nEND:VEVENT\n")).collect();
    assert_eq!(read(&calendar(&(zones + &events))), Err(Error::TooOften));
}

fn session() -> Event {
    let wall = |text: &str| -> Zoned { text.parse::<jiff::civil::DateTime>().unwrap().to_zoned(berlin()).unwrap() };
    Event {
        sequence: 2,
        description: Some("Your page: https://village.example/sessions/1".into()),
        location: Some("Room 1; or here, “quite” there\\".into()),
        url: Some("https://village.example/sessions/1".into()),
        organizer: Some(Organizer { name: "Village \"of\" Chiron".into(), address: "invite+x@reply.village.example".into() }),
        attendees: vec![Attendee {
            name: "Amina, Diallo: \r\nATTENDEE:mailto:evil@example.org".into(),
            address: "amina@village.example\r\nX:1".into(),
            answer: None,
            rsvp: true,
        }],
        ..Event::new(
            "7@village.example",
            "Session with Tomas",
            wall("2027-03-27T18:00"),
            wall("2027-03-27T19:00"),
            at("2027-03-01T12:00:00Z"),
        )
    }
}

#[test]
fn an_invitation_says_what_programs_need_and_nothing_breaks_out_of_it() {
    let text = Calendar { method: Method::Request, name: None, refresh: None, events: vec![session()] }.write();
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])), "{text}");
    let plain = text.replace("\r\n ", "");
    for line in [
        "METHOD:REQUEST",
        "UID:7@village.example",
        "SEQUENCE:2",
        "DTSTAMP:20270301T120000Z",
        "DTSTART;TZID=Europe/Berlin:20270327T180000",
        "SUMMARY:Session with Tomas",
        "LOCATION:Room 1\\; or here\\, “quite” there\\\\",
        "ORGANIZER;CN=\"Village ^'of^' Chiron\":mailto:invite+x@reply.village.example",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    ] {
        assert!(plain.split("\r\n").any(|l| l == line), "{line} is not in\n{plain}");
    }
    assert_eq!(plain.matches("\r\nATTENDEE").count(), 1);
    assert!(plain.ends_with(":mailto:amina@village.exampleX:1\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"));
    assert_eq!(taken_in(&text), ["03-27T17:00 03-27T18:00"]);
}

#[test]
fn a_cancellation_and_an_update_of_one_occurrence_name_it() {
    let mut event = session();
    event.instead_of = Some(event.start.clone());
    let text = Calendar { method: Method::Cancel, name: None, refresh: None, events: vec![event] }.write();
    for line in ["METHOD:CANCEL\r\n", "STATUS:CANCELLED\r\n", "RECURRENCE-ID;TZID=Europe/Berlin:20270327T180000\r\n"] {
        assert!(text.contains(line), "{line}");
    }
}

#[test]
fn a_feed_has_a_name_and_says_when_to_look_again() {
    let mut weekly = session();
    weekly.rule = Some("FREQ=WEEKLY;COUNT=3".parse::<Rule>().unwrap());
    weekly.except = vec![weekly.start.checked_add(jiff::ToSpan::days(7)).unwrap()];
    let feed = Calendar {
        method: Method::Publish,
        name: Some("Chiron".into()),
        refresh: Some(SignedDuration::from_hours(1)),
        events: vec![weekly],
    };
    let text = feed.write();
    for line in [
        "METHOD:PUBLISH\r\n",
        "X-WR-CALNAME:Chiron\r\n",
        "REFRESH-INTERVAL;VALUE=DURATION:PT60M\r\n",
        "EXDATE;TZID=Europe/Berlin:20270403T180000\r\n",
    ] {
        assert!(text.contains(line), "{line}");
    }
    assert_eq!(taken_in(&text), ["03-27T17:00 03-27T18:00", "04-10T16:00 04-10T17:00"]);
}

const GOOGLE: &str = "BEGIN:VCALENDAR\r\nPRODID:-//Google Inc//Google Calendar 70.9054//EN\r\nVERSION:2.0\r\nCALSCALE:GREGORIAN\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n\
DTSTART:20270327T170000Z\r\nDTEND:20270327T180000Z\r\nDTSTAMP:20270301T130000Z\r\nORGANIZER;CN=Village:mailto:invite+x@reply.village.example\r\nUID:7@village.ex\r\n ample\r\n\
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=DECLINED;CN=Amina;X\r\n -NUM-GUESTS=0;X-RESPONSE-COMMENT=\"I am ill\":mailto:Amina@Village.example\r\n\
SEQUENCE:2\r\nSTATUS:CONFIRMED\r\nCOMMENT:I am ill\\, sorry\r\nSUMMARY:Session with Tomas\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

#[test]
fn an_answer_is_read_through_its_folds() {
    let found = answers(GOOGLE.as_bytes(), &berlin()).unwrap();
    let [answer] = found.as_slice() else { panic!("one answer: {found:?}") };
    assert_eq!((answer.uid.as_str(), answer.sequence, answer.answer), ("7@village.example", 2, Some(Answer::Declined)));
    assert_eq!((answer.attendee.as_str(), answer.comment.as_deref()), ("amina@village.example", Some("I am ill, sorry")));
    assert_eq!((answer.occurrence, answer.proposed), (None, None));
}

#[test]
fn another_time_is_proposed_in_whatever_zone() {
    let text = GOOGLE
        .replace("METHOD:REPLY", "METHOD:COUNTER")
        .replace(
            "DTSTART:20270327T170000Z\r\nDTEND:20270327T180000Z",
            "DTSTART;TZID=W. Europe Standard Time:20270330T180000\r\nDURATION:PT45M\r\nRECURRENCE-ID:20270327T170000Z",
        )
        .replace("PARTSTAT=DECLINED", "PARTSTAT=TENTATIVE");
    let found = answers(text.as_bytes(), &berlin()).unwrap();
    assert_eq!(found[0].proposed, Some((at("2027-03-30T16:00:00Z"), at("2027-03-30T16:45:00Z"))));
    assert_eq!((found[0].answer, found[0].occurrence), (Some(Answer::Tentative), Some(at("2027-03-27T17:00:00Z"))));
}

#[test]
fn what_answers_nothing_is_no_answer() {
    for text in
        [GOOGLE.replace("METHOD:REPLY", "METHOD:REQUEST"), GOOGLE.replace("DECLINED", "NEEDS-ACTION"), GOOGLE.replace("UID", "GUID")]
    {
        assert_eq!(answers(text.as_bytes(), &berlin()), Err(Error::NotAnAnswer));
    }
    // A carriage return within a value begins no line.
    let tricked = GOOGLE.replace("SUMMARY:Session", "SUMMARY:x\rATTENDEE;PARTSTAT=ACCEPTED:mailto:evil@example.org\rx");
    assert_eq!(answers(tricked.as_bytes(), &berlin()).unwrap()[0].attendee, "amina@village.example");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// Whatever is done to a calendar, reading it ends, and what is busy is in order and apart.
    #[test]
    fn no_calendar_is_too_odd(cuts in prop::collection::vec((0_usize..1200, "\\PC{0,6}|[\r\n\t :;,\"]{0,3}|RRULE:FREQ=HOURLY;BYDAY=MO|TZID=|19700101"), 1..12)) {
        let mut text = Calendar { method: Method::Request, name: None, refresh: None, events: vec![session()] }.write();
        for (place, put) in cuts {
            let place = (0..=place.min(text.len())).rev().find(|p| text.is_char_boundary(*p)).unwrap_or(0);
            text.insert_str(place, &put);
        }
        let _ = answers(text.as_bytes(), &berlin());
        if let Ok(busy) = busy(text.as_bytes(), &berlin(), at("2027-03-01T00:00:00Z"), at("2027-05-01T00:00:00Z")) {
            prop_assert!(busy.iter().all(|(from, to)| from < to));
            prop_assert!(busy.windows(2).all(|two| two[0].1 < two[1].0));
        }
    }
}
