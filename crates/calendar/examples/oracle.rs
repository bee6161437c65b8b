//! The other side of `oracle/oracle.py`. `expand` reads blocks from standard input, each a line with two instants and a
//! calendar after it, ended by a line with a dot, and prints when its occurrences begin and end as we see it; `write`
//! prints calendars of ours with what they say in plain words. `bench FILE FROM TO` says how many microseconds it takes to read a
//! file and find what is taken, and to work out a year of weekly meetings.

use chiron_calendar::{Attendee, Budget, Calendar, Event, Method, Organizer, Recurrence, Rule, Zone, busy};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::io::Read as _;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["expand"] => expand(),
        ["write"] => write(),
        ["bench", file, from, to] => bench(&std::fs::read(file)?, from.parse()?, to.parse()?),
        _ => Err("expand, write, or bench FILE FROM TO".into()),
    }
}

fn bench(file: &[u8], from: Timestamp, to: Timestamp) -> Outcome {
    let weekly =
        Recurrence::of("2027-01-05T18:00".parse()?, Zone::Known(TimeZone::get("Europe/Berlin")?)).repeating("FREQ=WEEKLY".parse()?);
    let (mut stretches, mut meetings) = (0, 0);
    let began = std::time::Instant::now();
    for _ in 0..20 {
        stretches = busy(file, &TimeZone::UTC, from, to)?.len();
    }
    let read = began.elapsed() / 20;
    let began = std::time::Instant::now();
    for _ in 0..2000 {
        meetings = weekly.between(from, to, &mut Budget::default())?.len();
    }
    let worked_out = began.elapsed() / 2000;
    println!("{} {stretches} {} {meetings}", read.as_secs_f64() * 1e6, worked_out.as_secs_f64() * 1e6);
    Ok(())
}

fn expand() -> Outcome {
    let mut all = String::new();
    std::io::stdin().read_to_string(&mut all)?;
    for block in all.split("\n.\n").filter(|b| !b.trim().is_empty()) {
        let (head, calendar) = block.split_once('\n').ok_or("a block without a head")?;
        let (from, to) = head.split_once(' ').ok_or("a head without two instants")?;
        match busy(calendar.as_bytes(), &TimeZone::UTC, from.parse()?, to.parse()?) {
            Ok(found) => {
                let said: Vec<String> = found.iter().map(|(from, to)| format!("{}-{}", from.as_second(), to.as_second())).collect();
                println!("{}", said.join(" "));
            }
            Err(e) => println!("error {e}"),
        }
    }
    Ok(())
}

const ZONES: [&str; 13] = [
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Australia/Sydney",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "America/Santiago",
    "UTC",
];
const RULES: [&str; 5] = [
    "",
    "FREQ=WEEKLY;COUNT=30",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=20",
    "FREQ=MONTHLY;BYDAY=-1FR;COUNT=9",
    "FREQ=DAILY;INTERVAL=3;UNTIL=20280101T000000Z",
];
const TITLES: [&str; 4] = [
    "Session with Tomas",
    "Grüße; “von, hier”\\ nach dort",
    "\n\n- Zeile\n\tnoch eine",
    "長い題名が続きます。長い題名が続きます。長い題名が続きます。",
];

/// Prints blocks: a line of JSON with what the calendar says, the calendar, and a line with a dot.
fn write() -> Outcome {
    for n in 0..400_usize {
        let zone = TimeZone::get(ZONES[n % ZONES.len()])?;
        let day = jiff::civil::date(2011 + (n % 17) as i16, 1 + (n % 12) as i8, 1 + (n % 28) as i8);
        let start = day.at((n % 24) as i8, (n * 7 % 60) as i8, 0, 0).to_zoned(zone)?;
        let end = start.timestamp().checked_add(SignedDuration::from_mins(20 + n as i64 % 90))?.to_zoned(start.time_zone().clone());
        let rule = RULES[n % RULES.len()];
        let stamp: Timestamp = "2026-11-22T08:00:00Z".parse()?;
        let mut event = Event::new(format!("{n}@village.example"), TITLES[n % TITLES.len()], start.clone(), end.clone(), stamp);
        event.sequence = n as i64 % 5;
        event.rule = if rule.is_empty() { None } else { Some(rule.parse::<Rule>()?) };
        event.location = Some("Raum 1, hinten; links".into());
        event.organizer = Some(Organizer { name: "Chiron \"Village\", am See".into(), address: "invite+abc@reply.village.example".into() });
        event.attendees =
            vec![Attendee { name: "Amina: Diallo; ^n".into(), address: "amina@village.example".into(), answer: None, rsvp: true }];
        let method = [Method::Publish, Method::Request, Method::Cancel][n % 3];
        let calendar = Calendar { method, name: None, refresh: Some(SignedDuration::from_hours(1)), events: vec![event] };
        println!(
            "{{\"start\":{},\"end\":{},\"zone\":\"{}\",\"rule\":\"{rule}\",\"title\":{:?},\"method\":\"{}\",\"sequence\":{}}}",
            start.timestamp().as_second(),
            end.timestamp().as_second(),
            ZONES[n % ZONES.len()],
            TITLES[n % TITLES.len()],
            method.name(),
            n % 5,
        );
        println!("{}\n.", calendar.write());
    }
    Ok(())
}
