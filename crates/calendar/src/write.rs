//! Calendars as we write them: invitations for mail (iMIP) and feeds to subscribe to.

use crate::line::{Lines, param};
use crate::{Answer, Rule};
use jiff::civil::{DateTime, Weekday};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, Zoned};
use std::collections::BTreeMap;

/// What a calendar is for (RFC 5546, 1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// To look at.
    Publish,
    /// Asks people to come, or tells them of a change.
    Request,
    Cancel,
}

impl Method {
    pub fn name(self) -> &'static str {
        match self {
            Self::Publish => "PUBLISH",
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }
}

/// A calendar to write.
#[derive(Debug, Clone)]
pub struct Calendar {
    pub method: Method,
    /// What a subscribed calendar is called.
    pub name: Option<String>,
    /// How often those who subscribe should look again.
    pub refresh: Option<SignedDuration>,
    pub events: Vec<Event>,
}

/// Something that takes place. Times are on the wall of their zone, so that what repeats keeps it.
#[derive(Debug, Clone)]
pub struct Event {
    /// The same for ever, and for every occurrence of a series.
    pub uid: String,
    /// Which occurrence of a series this one changes, by when it would have begun.
    pub instead_of: Option<Zoned>,
    /// Grows with every change that matters to those who come.
    pub sequence: i64,
    /// When this was written.
    pub stamp: Timestamp,
    pub start: Zoned,
    pub end: Zoned,
    pub rule: Option<Rule>,
    /// Occurrences that do not take place.
    pub except: Vec<Zoned>,
    pub title: String,
    pub description: Option<String>,
    /// Where to go to: a place, or an address to meet at.
    pub location: Option<String>,
    /// The page about it.
    pub url: Option<String>,
    pub organizer: Option<Organizer>,
    pub attendees: Vec<Attendee>,
    pub is_cancelled: bool,
}

/// Who invites, and where answers go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organizer {
    pub name: String,
    pub address: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendee {
    pub name: String,
    pub address: String,
    /// What they have answered so far.
    pub answer: Option<Answer>,
    /// Whether their answer is asked for by mail.
    pub rsvp: bool,
}

impl Event {
    /// An event with nothing but its time and title.
    pub fn new(uid: impl Into<String>, title: impl Into<String>, start: Zoned, end: Zoned, stamp: Timestamp) -> Self {
        Self {
            uid: uid.into(),
            instead_of: None,
            sequence: 0,
            stamp,
            start,
            end,
            rule: None,
            except: Vec::new(),
            title: title.into(),
            description: None,
            location: None,
            url: None,
            organizer: None,
            attendees: Vec::new(),
            is_cancelled: false,
        }
    }
}

impl Calendar {
    /// The calendar as text: lines end in CRLF and are at most 75 octets long. Every zone is named as in the tz database
    /// and described as well, for programs that do not know it. Linear in the events, plus some forty changes of the
    /// clock for each zone.
    pub fn write(&self) -> String {
        let mut lines = Lines::default();
        lines.line("BEGIN:VCALENDAR");
        lines.line("VERSION:2.0");
        lines.line("PRODID:-//Chiron//Chiron//EN");
        lines.line("CALSCALE:GREGORIAN");
        lines.line(&format!("METHOD:{}", self.method.name()));
        if let Some(name) = &self.name {
            // The first is RFC 7986's, the second what programs read.
            lines.text("NAME", name);
            lines.text("X-WR-CALNAME", name);
        }
        if let Some(refresh) = self.refresh {
            let minutes = refresh.as_mins().max(1);
            lines.line(&format!("REFRESH-INTERVAL;VALUE=DURATION:PT{minutes}M"));
            lines.line(&format!("X-PUBLISHED-TTL:PT{minutes}M"));
        }
        for (name, (zone, from, to)) in self.zones() {
            describe(&mut lines, &name, &zone, from, to);
        }
        for event in &self.events {
            event.write(&mut lines, self.method);
        }
        lines.line("END:VCALENDAR");
        lines.into_text()
    }

    /// The zones of the events, each with the first and last instant that matters in it.
    fn zones(&self) -> BTreeMap<String, (TimeZone, Timestamp, Timestamp)> {
        let mut zones = BTreeMap::new();
        for event in &self.events {
            for time in [&event.start, &event.end].into_iter().chain(&event.instead_of).chain(&event.except) {
                let Some(name) = named(time) else { continue };
                let (at, last) = (time.timestamp(), time.timestamp());
                // A series may go on for as long as anybody looks.
                let last =
                    if event.rule.is_some() { last.saturating_add(SignedDuration::from_hours(24 * 366 * 3)).unwrap_or(last) } else { last };
                zones
                    .entry(name.to_owned())
                    .and_modify(|(_, from, to): &mut (TimeZone, Timestamp, Timestamp)| {
                        *from = at.min(*from);
                        *to = last.max(*to);
                    })
                    .or_insert_with(|| (time.time_zone().clone(), at, last));
            }
        }
        zones
    }
}

/// The name of a time's zone, unless it is as well written in UTC.
fn named(time: &Zoned) -> Option<&str> {
    time.time_zone().iana_name().filter(|name| !matches!(*name, "UTC" | "Etc/UTC" | "Etc/Unknown"))
}

impl Event {
    fn write(&self, lines: &mut Lines, method: Method) {
        lines.line("BEGIN:VEVENT");
        lines.text("UID", &self.uid);
        lines.line(&format!("DTSTAMP:{}", self.stamp.strftime("%Y%m%dT%H%M%SZ")));
        lines.line(&format!("SEQUENCE:{}", self.sequence));
        if let Some(announced) = &self.instead_of {
            lines.line(&time("RECURRENCE-ID", announced));
        }
        lines.line(&time("DTSTART", &self.start));
        lines.line(&time("DTEND", &self.end));
        if let Some(rule) = &self.rule {
            lines.line(&format!("RRULE:{rule}"));
        }
        for except in &self.except {
            lines.line(&time("EXDATE", except));
        }
        lines.text("SUMMARY", &self.title);
        for (name, value) in [("DESCRIPTION", &self.description), ("LOCATION", &self.location)] {
            if let Some(value) = value {
                lines.text(name, value);
            }
        }
        if let Some(url) = &self.url {
            lines.line(&format!("URL:{url}"));
        }
        let state = if self.is_cancelled || method == Method::Cancel { "CANCELLED" } else { "CONFIRMED" };
        lines.line(&format!("STATUS:{state}"));
        lines.line("TRANSP:OPAQUE");
        if let Some(organizer) = &self.organizer {
            lines.line(&format!("ORGANIZER{}:mailto:{}", param("CN", &organizer.name), address(&organizer.address)));
        }
        for attendee in &self.attendees {
            let answer = match attendee.answer {
                Some(Answer::Accepted) => "ACCEPTED",
                Some(Answer::Declined) => "DECLINED",
                Some(Answer::Tentative) => "TENTATIVE",
                None => "NEEDS-ACTION",
            };
            let (name, rsvp) = (param("CN", &attendee.name), if attendee.rsvp { "TRUE" } else { "FALSE" });
            let who = address(&attendee.address);
            lines.line(&format!("ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={answer};RSVP={rsvp}{name}:mailto:{who}"));
        }
        lines.line("END:VEVENT");
    }
}

/// An address holds nothing that ends a value; what does not belong there is left out.
fn address(address: &str) -> String {
    address.chars().filter(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, '"' | ',' | ';' | '<' | '>')).collect()
}

fn time(name: &str, time: &Zoned) -> String {
    match named(time) {
        Some(zone) => format!("{name};TZID={zone}:{}", time.strftime("%Y%m%dT%H%M%S")),
        None => format!("{name}:{}", time.timestamp().strftime("%Y%m%dT%H%M%SZ")),
    }
}

/// A change of the clock: the offsets before and after it, whether it is summer then, and what that is called.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Kind {
    from: Offset,
    to: Offset,
    is_summer: bool,
    name: String,
}

/// Years of changes that are looked at for a pattern: enough that “the last Sunday” and “the fourth” differ.
const YEARS: i64 = 9;
/// The most changes that are written one by one.
const MOST_CHANGES: usize = 60;

/// Describes a zone from the change before `from` until after `to`: by a yearly rule for each kind of change when that
/// tells them all, and otherwise one by one.
fn describe(lines: &mut Lines, name: &str, zone: &TimeZone, from: Timestamp, to: Timestamp) {
    lines.line("BEGIN:VTIMEZONE");
    lines.line(&format!("TZID:{name}"));
    let before = zone.preceding(from.saturating_add(SignedDuration::from_secs(1)).unwrap_or(from)).next();
    let since = before.as_ref().map_or(from, jiff::tz::TimeZoneTransition::timestamp);
    let last = to.max(since).saturating_add(SignedDuration::from_hours(24 * 366 * YEARS)).unwrap_or(Timestamp::MAX);
    let mut offset = zone.to_offset(since.checked_sub(SignedDuration::from_secs(1)).unwrap_or(since));
    let mut kinds: Vec<(Kind, Vec<DateTime>)> = Vec::new();
    for change in before.into_iter().chain(zone.following(since)).take_while(|c| c.timestamp() <= last).take(MOST_CHANGES) {
        let kind = Kind { from: offset, to: change.offset(), is_summer: change.dst().is_dst(), name: change.abbreviation().to_string() };
        let wall = offset.to_datetime(change.timestamp());
        offset = change.offset();
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, walls)) => walls.push(wall),
            None => kinds.push((kind, vec![wall])),
        }
    }
    if kinds.is_empty() {
        let offset = zone.to_offset(from);
        let kind = Kind { from: offset, to: offset, is_summer: false, name: name.rsplit('/').next().unwrap_or(name).to_owned() };
        kinds.push((kind, vec![jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0)]));
    }
    // A pattern is written only when every kind of change has one; what was abolished meanwhile has none.
    let patterns: Option<Vec<String>> = kinds.iter().map(|(_, walls)| pattern(walls)).collect();
    for (n, (kind, walls)) in kinds.iter().enumerate() {
        let part = if kind.is_summer { "DAYLIGHT" } else { "STANDARD" };
        lines.line(&format!("BEGIN:{part}"));
        lines.text("TZNAME", &kind.name);
        lines.line(&format!("TZOFFSETFROM:{}", signed(kind.from)));
        lines.line(&format!("TZOFFSETTO:{}", signed(kind.to)));
        lines.line(&format!("DTSTART:{}", walls[0].strftime("%Y%m%dT%H%M%S")));
        match &patterns {
            Some(patterns) => lines.line(&format!("RRULE:{}", patterns[n])),
            None if walls.len() > 1 => {
                let rest: Vec<String> = walls[1..].iter().map(|w| w.strftime("%Y%m%dT%H%M%S").to_string()).collect();
                lines.line(&format!("RDATE:{}", rest.join(",")));
            }
            None => {}
        }
        lines.line(&format!("END:{part}"));
    }
    lines.line("END:VTIMEZONE");
}

/// The yearly rule of which these are every year's occurrence, if there is one.
fn pattern(walls: &[DateTime]) -> Option<String> {
    let first = walls.first().filter(|_| walls.len() >= YEARS as usize - 1)?;
    let alike = |w: &DateTime| (w.month(), w.weekday(), w.time()) == (first.month(), first.weekday(), first.time());
    let yearly = walls.windows(2).all(|two| two[1].year() == two[0].year() + 1);
    if !yearly || !walls.iter().all(alike) {
        return None;
    }
    let nth = |w: &DateTime| i16::from((w.day() - 1) / 7 + 1);
    let is_last = |w: &DateTime| w.day() > w.date().days_in_month() - 7;
    let nth = match walls.iter().all(is_last) {
        true => -1,
        false => walls.iter().all(|w| nth(w) == nth(first)).then(|| nth(first))?,
    };
    let mut rule = Rule::every(1, crate::Frequency::Yearly).on_nth(nth, first.weekday());
    rule.months = vec![i16::from(first.month())];
    debug_assert!(rule.week_start == Weekday::Monday, "so that it is not written");
    Some(rule.to_string())
}

fn signed(offset: Offset) -> String {
    let seconds = offset.seconds();
    let (sign, of) = (if seconds < 0 { '-' } else { '+' }, seconds.abs());
    let rest = if of % 60 == 0 { String::new() } else { format!("{:02}", of % 60) };
    format!("{sign}{:02}{:02}{rest}", of / 3600, of / 60 % 60)
}
