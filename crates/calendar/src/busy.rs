//! When somebody is busy, out of a calendar that some other program wrote.

use crate::event::{Held, length, wall};
use crate::line::unfold;
use crate::tree::{Part, fits, parse};
use crate::zone::Zones;
use crate::{Budget, Error, Zone};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::{HashMap, HashSet};

/// A stretch of time that is taken, to just before its end.
pub type Busy = (Timestamp, Timestamp);

/// The stretches between two instants in which somebody is busy by their calendar, in order and apart from each other.
///
/// Counts events (also whole days, repeated ones, and single occurrences that were moved or cancelled) and published
/// free-busy times. Does not count what is cancelled, what leaves its time free, or what is no longer than a moment.
/// Times without a zone are on the wall of `floating`. What cannot be read is passed over, so that one odd event does
/// not hide the others; an occurrence that stands for itself and all later ones (`RANGE=THISANDFUTURE`) stands for
/// itself alone.
///
/// Linear in the text, plus what its repetitions cost within [`Budget::default`].
///
/// # Errors
/// When it is no calendar, is too large, or repeats too often.
pub fn busy(calendar: &[u8], floating: &TimeZone, from: Timestamp, to: Timestamp) -> Result<Vec<Busy>, Error> {
    let text = unfold(fits(calendar)?);
    let whole = parse(&text)?;
    let (mut zones, mut budget, mut busy) = (Zones::of(&whole, floating), Budget::default(), Vec::new());
    for calendar in whole.parts("VCALENDAR") {
        let read = events(calendar, &mut zones, &mut budget)?;
        let mut moved: HashMap<&str, Vec<&(Timestamp, bool)>> = HashMap::new();
        for (event, held) in &read {
            if let (Some(uid), Some(instead_of)) = (uid(event), &held.instead_of) {
                moved.entry(uid).or_default().push(instead_of);
            }
        }
        for (event, held) in &read {
            if leaves_free(event) {
                continue;
            }
            let instead = if held.instead_of.is_none() { uid(event).and_then(|uid| moved.get(uid)) } else { None };
            let (at, days): (HashSet<_>, HashSet<_>) = match instead {
                Some(instead) => (
                    instead.iter().filter(|(_, is_day)| !is_day).map(|(at, _)| *at).collect(),
                    instead.iter().filter(|(_, is_day)| *is_day).map(|(at, _)| *at).collect(),
                ),
                None => Default::default(),
            };
            // What began before and still goes on counts too.
            let earliest = from.checked_sub(held.longest()).unwrap_or(Timestamp::MIN);
            for occurrence in held.recurrence.between(earliest, to, &mut budget)? {
                let of_day = || held.start.zone.instant(occurrence.wall.date().to_datetime(jiff::civil::Time::midnight()));
                if at.contains(&occurrence.announced) || (!days.is_empty() && days.contains(&of_day())) {
                    continue;
                }
                push(&mut busy, (occurrence.at, held.end(occurrence.wall, occurrence.at)), from, to);
            }
        }
        for part in calendar.parts("VFREEBUSY") {
            published(part, &zones.floating, from, to, &mut busy, &mut budget)?;
        }
    }
    busy.sort_unstable();
    busy.dedup_by(|next, last| {
        let meets = next.0 <= last.1;
        if meets {
            last.1 = last.1.max(next.1);
        }
        meets
    });
    Ok(busy)
}

fn events<'p, 'a>(calendar: &'p Part<'a>, zones: &mut Zones<'_, '_>, budget: &mut Budget) -> Result<Vec<(&'p Part<'a>, Held)>, Error> {
    let mut read = Vec::new();
    for event in calendar.parts("VEVENT") {
        if let Some(held) = Held::of(event, zones, budget)? {
            read.push((event, held));
        }
    }
    Ok(read)
}

fn uid<'a>(event: &Part<'a>) -> Option<&'a str> {
    event.property("UID").map(|p| p.value)
}

fn leaves_free(event: &Part<'_>) -> bool {
    let says = |name: &str, value: &str| event.property(name).is_some_and(|p| p.value.trim().eq_ignore_ascii_case(value));
    says("STATUS", "CANCELLED") || says("TRANSP", "TRANSPARENT") || says("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")
}

/// FREEBUSY lines: periods in UTC, each with an end or a length.
fn published(
    part: &Part<'_>,
    floating: &Zone,
    from: Timestamp,
    to: Timestamp,
    busy: &mut Vec<Busy>,
    budget: &mut Budget,
) -> Result<(), Error> {
    for line in part.all("FREEBUSY").filter(|line| !line.has_param("FBTYPE", "FREE")) {
        for period in line.value.split(',') {
            budget.spend(1)?;
            let at = |text: &str| {
                let (date, time, zulu) = wall(text)?;
                let wall = date.to_datetime(time?);
                Some(if zulu { Zone::Known(TimeZone::UTC).instant(wall) } else { floating.instant(wall) })
            };
            let Some((start, end)) = period.split_once('/') else { continue };
            let Some(start) = at(start) else { continue };
            let end = at(end).or_else(|| {
                let length = length(end)?;
                start.checked_add(jiff::SignedDuration::from_hours(24 * length.days).saturating_add(length.rest)).ok()
            });
            if let Some(end) = end {
                push(busy, (start, end), from, to);
            }
        }
    }
    Ok(())
}

fn push(busy: &mut Vec<Busy>, (start, end): Busy, from: Timestamp, to: Timestamp) {
    let within = (start.max(from), end.min(to));
    if within.0 < within.1 && start < end {
        busy.push(within);
    }
}
