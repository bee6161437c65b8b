//! Whose wall a time is on: a zone by name, or as the calendar itself describes it.

use crate::event::{self, wall};
use crate::tree::Part;
use crate::{Budget, Error, Rule, windows};
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;

/// A zone of the tz database, or one that a calendar describes.
#[derive(Debug, Clone)]
pub enum Zone {
    Known(TimeZone),
    /// The offset before all changes, then each change: from when on, and the offset from then.
    Told(Arc<(SignedDuration, Vec<(Timestamp, SignedDuration)>)>),
}

impl Zone {
    /// What a time on this wall is. One that a change of the clock leaves out is read with the offset before the change,
    /// and one that it repeats is the first (RFC 5545, 3.3.5). At the ends of the calendar, the nearest there is.
    pub fn instant(&self, wall: DateTime) -> Timestamp {
        match self {
            Self::Known(zone) => zone.to_timestamp(wall).unwrap_or_else(|_| utc(wall, SignedDuration::ZERO)),
            Self::Told(told) => {
                let (first, changes) = &**told;
                // Zones have some hundred changes, and few calendars describe one of their own.
                let mut before = *first;
                for (change, after) in changes {
                    let at = utc(wall, before);
                    if at < *change || utc(wall, *after) < *change {
                        return at;
                    }
                    before = *after;
                }
                utc(wall, before)
            }
        }
    }
}

fn utc(wall: DateTime, offset: SignedDuration) -> Timestamp {
    let zulu = TimeZone::UTC.to_timestamp(wall).unwrap_or(if wall.year() > 0 { Timestamp::MAX } else { Timestamp::MIN });
    zulu.checked_sub(offset).unwrap_or(zulu)
}

/// The zones of one calendar.
pub struct Zones<'p, 'a> {
    told: HashMap<&'a str, &'p Part<'a>>,
    met: HashMap<String, Zone>,
    /// Of times that name no zone.
    pub floating: Zone,
}

impl<'p, 'a> Zones<'p, 'a> {
    pub fn of(whole: &'p Part<'a>, floating: &TimeZone) -> Self {
        let zones = whole.parts("VCALENDAR").flat_map(|c| c.parts("VTIMEZONE"));
        let told = zones.filter_map(|zone| Some((zone.property("TZID")?.value.trim(), zone))).collect();
        let mut floating = Zone::Known(floating.clone());
        // Google says there in which zone a calendar is meant.
        let said = whole.parts("VCALENDAR").find_map(|c| c.property("X-WR-TIMEZONE"));
        if let Some(zone) = said.and_then(|p| known(p.value.trim())) {
            floating = Zone::Known(zone);
        }
        Self { told, met: HashMap::new(), floating }
    }

    /// The zone of a name: ours when we know it, as Windows names it, as the calendar describes it; otherwise times are
    /// taken to be on the owner's wall.
    pub fn get(&mut self, name: &str, budget: &mut Budget) -> Result<Zone, Error> {
        if let Some(zone) = self.met.get(name) {
            return Ok(zone.clone());
        }
        let zone = match (known(name), self.told.get(name.trim())) {
            (Some(zone), _) => Zone::Known(zone),
            (None, Some(part)) => told(part, budget)?.unwrap_or_else(|| self.floating.clone()),
            (None, None) => self.floating.clone(),
        };
        self.met.insert(name.to_owned(), zone.clone());
        Ok(zone)
    }
}

/// A zone by any name that programs give it: `Europe/Berlin`, `/freeassociation.sourceforge.net/Europe/Berlin`,
/// `W. Europe Standard Time`, `UTC`.
fn known(name: &str) -> Option<TimeZone> {
    let name = name.trim().trim_matches('"');
    if name.is_empty() || name.len() > 120 {
        return None;
    }
    if let Some(iana) = windows::iana(name) {
        return TimeZone::get(iana).ok();
    }
    let mut rest = name.trim_start_matches('/');
    loop {
        if let Ok(zone) = TimeZone::get(rest) {
            return Some(zone);
        }
        rest = rest.split_once('/')?.1;
    }
}

/// The most changes of the clock in one zone that a calendar describes.
const MOST_CHANGES: usize = 1000;

/// A zone as a calendar describes it, until the end of the century.
fn told(part: &Part<'_>, budget: &mut Budget) -> Result<Option<Zone>, Error> {
    if let Some(zone) = part.property("X-LIC-LOCATION").and_then(|p| known(p.value)) {
        return Ok(Some(Zone::Known(zone)));
    }
    let mut changes: Vec<(Timestamp, SignedDuration)> = Vec::new();
    let mut before: Option<(Timestamp, SignedDuration)> = None;
    for observance in part.parts.iter().filter(|p| p.is("STANDARD") || p.is("DAYLIGHT")) {
        let offset = |name| observance.property(name).and_then(|p| event::offset(p.value));
        let start = observance.property("DTSTART").and_then(|p| wall(p.value));
        let (Some(from), Some(to), Some((date, time, _))) = (offset("TZOFFSETFROM"), offset("TZOFFSETTO"), start) else { continue };
        let start = date.to_datetime(time.unwrap_or_default());
        let clock = Offset::from_seconds(from.as_secs() as i32).map(|o| Zone::Known(TimeZone::fixed(o)));
        let Ok(clock) = clock else { continue };
        let mut onsets = vec![clock.instant(start)];
        if let Some(rule) = observance.property("RRULE").and_then(|p| p.value.parse::<Rule>().ok()) {
            let last: Timestamp = TimeZone::UTC.to_timestamp(jiff::civil::date(2100, 1, 1).at(0, 0, 0, 0)).unwrap_or(Timestamp::MAX);
            onsets = rule.between(start, &clock, Timestamp::MIN, last, budget)?.into_iter().map(|(_, at)| at).collect();
        }
        for date in observance.all("RDATE").flat_map(|p| p.value.split(',')).filter_map(wall).take(MOST_CHANGES) {
            onsets.push(clock.instant(date.0.to_datetime(date.1.unwrap_or_default())));
        }
        for at in onsets {
            if before.is_none_or(|(first, _)| at < first) {
                before = Some((at, from));
            }
            changes.push((at, to));
        }
        budget.spend(changes.len() as u64)?;
    }
    let Some((_, first)) = before else { return Ok(None) };
    changes.sort_unstable();
    changes.dedup_by_key(|change| change.0);
    changes.truncate(MOST_CHANGES);
    Ok(Some(Zone::Told(Arc::new((first, changes)))))
}
