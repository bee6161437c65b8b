//! Times and events as calendars write them.

use crate::line::Property;
use crate::recurrence::{Extra, Recurrence};
use crate::tree::Part;
use crate::zone::Zones;
use crate::{Budget, Error, Zone};
use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp, ToSpan};

/// `20270328` or `20270328T020000`, with whether it is in UTC.
pub fn wall(text: &str) -> Option<(Date, Option<Time>, bool)> {
    let text = text.trim();
    let (text, zulu) = match text.strip_suffix(['Z', 'z']) {
        Some(text) => (text, true),
        None => (text, false),
    };
    let number = |digits: &str| -> Option<i16> { if digits.bytes().all(|b| b.is_ascii_digit()) { digits.parse().ok() } else { None } };
    let (date, time) = text.split_once(['T', 't']).map_or((text, None), |(d, t)| (d, Some(t)));
    if date.len() != 8 || !date.is_ascii() {
        return None;
    }
    let date = Date::new(number(&date[..4])?, number(&date[4..6])? as i8, number(&date[6..])? as i8).ok()?;
    let Some(time) = time else { return Some((date, None, zulu)) };
    if !matches!(time.len(), 4 | 6) || !time.is_ascii() {
        return None;
    }
    let second = if time.len() == 6 { number(&time[4..])?.min(59) } else { 0 };
    let time = Time::new(number(&time[..2])? as i8, number(&time[2..4])? as i8, second as i8, 0).ok()?;
    Some((date, Some(time), zulu))
}

/// `+0100`, `-033012`.
pub fn offset(text: &str) -> Option<SignedDuration> {
    let text = text.trim();
    let (sign, digits) = match text.split_at_checked(1)? {
        ("-", digits) => (-1, digits),
        ("+", digits) => (1, digits),
        _ => (1, text),
    };
    if !matches!(digits.len(), 4 | 6) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |range: std::ops::Range<usize>| digits.get(range).map_or(Some(0), |d| d.parse::<i64>().ok());
    let seconds = part(0..2)? * 3600 + part(2..4)? * 60 + part(4..6)?;
    (seconds <= 26 * 3600).then(|| SignedDuration::from_secs(sign * seconds))
}

/// A length: days by the calendar, and an exact rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    pub days: i64,
    pub rest: SignedDuration,
}

/// `P1W`, `PT1H30M`, `P1DT12H`; nothing when it is negative or longer than ten years.
pub fn length(text: &str) -> Option<Length> {
    let text = text.trim().trim_start_matches('+').strip_prefix(['P', 'p'])?;
    let (mut days, mut seconds, mut number, mut in_time) = (0_i64, 0_i64, String::new(), false);
    for c in text.chars() {
        let mut n = |scale: i64| std::mem::take(&mut number).parse::<i64>().ok()?.checked_mul(scale);
        match c.to_ascii_uppercase() {
            '0'..='9' => number.push(c),
            'T' => in_time = true,
            'W' => days = days.checked_add(n(7)?)?,
            'D' => days = days.checked_add(n(1)?)?,
            'H' if in_time => seconds = seconds.checked_add(n(3600)?)?,
            'M' if in_time => seconds = seconds.checked_add(n(60)?)?,
            'S' if in_time => seconds = seconds.checked_add(n(1)?)?,
            _ => return None,
        }
    }
    (days <= 3660 && seconds <= 3660 * 86_400).then_some(Length { days, rest: SignedDuration::from_secs(seconds) })
}

/// A time as an event says it.
#[derive(Debug, Clone)]
pub struct Moment {
    pub wall: DateTime,
    /// A whole day rather than a time of it.
    pub is_day: bool,
    pub zone: Zone,
}

impl Moment {
    pub fn instant(&self) -> Timestamp {
        self.zone.instant(self.wall)
    }
    /// The values of a property, several when it is a list; of periods, their beginnings.
    pub fn all(property: &Property<'_>, zones: &mut Zones<'_, '_>, budget: &mut Budget) -> Result<Vec<Self>, Error> {
        let zone = match property.param("TZID") {
            Some(name) => zones.get(&name, budget)?,
            None => zones.floating.clone(),
        };
        let values = property.value.split(',').map(|v| v.split('/').next().unwrap_or(v));
        let mut all = Vec::new();
        for (date, time, zulu) in values.filter_map(wall) {
            budget.spend(1)?;
            let zone = if zulu { Zone::Known(jiff::tz::TimeZone::UTC) } else { zone.clone() };
            all.push(Self { wall: date.to_datetime(time.unwrap_or_default()), is_day: time.is_none(), zone });
        }
        Ok(all)
    }
    pub fn one(part: &Part<'_>, name: &str, zones: &mut Zones<'_, '_>, budget: &mut Budget) -> Result<Option<Self>, Error> {
        match part.property(name) {
            Some(property) => Ok(Self::all(property, zones, budget)?.into_iter().next()),
            None => Ok(None),
        }
    }
}

/// When an event is, how long, and how it repeats.
pub struct Held {
    pub start: Moment,
    pub length: Length,
    pub recurrence: Recurrence,
    /// Which occurrence of its series this one stands for.
    pub instead_of: Option<(Timestamp, bool)>,
}

impl Held {
    /// Nothing when it has no beginning that can be read.
    pub fn of(event: &Part<'_>, zones: &mut Zones<'_, '_>, budget: &mut Budget) -> Result<Option<Self>, Error> {
        let Some(start) = Moment::one(event, "DTSTART", zones, budget)? else { return Ok(None) };
        let end = Moment::one(event, "DTEND", zones, budget)?;
        let length = match (end, event.property("DURATION").and_then(|p| length(p.value))) {
            (Some(end), _) if start.is_day => {
                Length { days: days_between(start.wall.date(), end.wall.date()).max(1), rest: SignedDuration::ZERO }
            }
            // The same exact length each time (RFC 5545, 3.8.5.3).
            (Some(end), _) => Length { days: 0, rest: end.instant().duration_since(start.instant()).max(SignedDuration::ZERO) },
            (None, Some(length)) => length,
            (None, None) => Length { days: i64::from(start.is_day), rest: SignedDuration::ZERO },
        };
        let mut recurrence = Recurrence::of(start.wall, start.zone.clone());
        // A rule that nobody can read leaves the one occurrence that is sure.
        recurrence.rule = event.property("RRULE").and_then(|p| p.value.parse().ok());
        for property in event.all("RDATE") {
            recurrence.extra.extend(Moment::all(property, zones, budget)?.into_iter().map(|m| Extra { wall: m.wall, at: m.instant() }));
        }
        for property in event.all("EXDATE") {
            for moment in Moment::all(property, zones, budget)? {
                match moment.is_day && !start.is_day {
                    true => drop(recurrence.without_days.insert(moment.wall.date())),
                    false => drop(recurrence.without.insert(moment.instant())),
                }
            }
        }
        let instead_of = Moment::one(event, "RECURRENCE-ID", zones, budget)?.map(|m| (m.instant(), m.is_day));
        Ok(Some(Self { start, length, recurrence, instead_of }))
    }

    /// When an occurrence ends that begins then.
    pub fn end(&self, wall: DateTime, at: Timestamp) -> Timestamp {
        let begun = match self.length.days {
            0 => at,
            days => wall.checked_add(days.days()).map_or(at, |wall| self.start.zone.instant(wall)),
        };
        begun.checked_add(self.length.rest).unwrap_or(begun)
    }
    /// At least as long as any occurrence.
    pub fn longest(&self) -> SignedDuration {
        SignedDuration::from_hours(24 * self.length.days + 26).saturating_add(self.length.rest)
    }
}

fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}
