//! Times that suit everybody: where the weekly hours of all of them meet, less what is taken already. Pure.

use crate::people::Hours;
use chiron_store::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};

/// A stretch of time, from its beginning to just before its end.
pub type Stretch = (Timestamp, Timestamp);

/// Someone's week by the clock on their wall.
#[derive(Debug, Clone)]
pub struct Week {
    pub zone: TimeZone,
    pub hours: Vec<Hours>,
}

/// Whoever has not said when they are free is taken to be free by day.
const BY_DAY: (i64, i64) = (8 * 60, 20 * 60);
/// Slots on one day; when there would be more, they begin on the full hour.
const MOST_A_DAY: usize = 8;

impl Week {
    /// The stretches in which this person is free, in order, from a day to so many days later.
    fn free(&self, from: Date, days: i64) -> Vec<Stretch> {
        let mut free: Vec<Stretch> = Vec::new();
        for day in (0..=days).filter_map(|n| from.checked_add(n.days()).ok()) {
            let mut today: Vec<(i64, i64)> = self
                .hours
                .iter()
                .filter(|row| i8::try_from(row.weekday).is_ok_and(|d| Weekday::from_monday_one_offset(d).is_ok_and(|d| d == day.weekday())))
                .map(|row| (row.from_minute, row.to_minute))
                .collect();
            if self.hours.is_empty() {
                today.push(BY_DAY);
            }
            today.sort_unstable();
            for (from, to) in today {
                let (Some(from), Some(to)) = (self.at(day, from), self.at(day, to)) else { continue };
                match free.last_mut() {
                    // Midnight at the end of a day is the beginning of the next.
                    Some(last) if last.1 >= from => last.1 = last.1.max(to),
                    _ => free.push((from, to)),
                }
            }
        }
        free
    }

    fn at(&self, day: Date, minute: i64) -> Option<Timestamp> {
        let (day, minute) = if minute >= 1440 { (day.tomorrow().ok()?, 0) } else { (day, minute) };
        let wall = day.at(i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?, 0, 0);
        Some(wall.to_zoned(self.zone.clone()).ok()?.timestamp().into())
    }
}

/// Beginnings of `minutes` that suit all of these people in the `days` from `from` on, at most eight a day by the clock of
/// `grid`, on its full and half hours. Costs the weeks' stretches times the days.
pub fn common(weeks: &[Week], busy: &[Stretch], from: Timestamp, days: i64, minutes: i64, grid: &TimeZone) -> Vec<Timestamp> {
    let until = from + SignedDuration::from_hours(24 * days);
    let mut free = vec![(from, until)];
    for week in weeks {
        // A day earlier, because it may still be yesterday on their wall; and a day more at the end.
        let first = from.in_zone(&week.zone).date();
        let first = first.yesterday().unwrap_or(first);
        free = meet(&free, &week.free(first, days + 2));
    }
    for taken in busy {
        free = free.into_iter().flat_map(|stretch| without(stretch, *taken)).collect();
    }
    let length = SignedDuration::from_mins(minutes);
    let mut slots: Vec<(Date, Timestamp, bool)> = Vec::new();
    for (begin, end) in free {
        let mut at = on_the_half_hour(begin, grid);
        while at + length <= end {
            let wall = at.in_zone(grid);
            slots.push((wall.date(), at, wall.minute() == 0));
            at = at + SignedDuration::from_mins(30);
        }
    }
    let mut chosen = Vec::with_capacity(slots.len());
    for day in slots.chunk_by(|one, other| one.0 == other.0) {
        let few = day.len() <= MOST_A_DAY;
        let hours = day.iter().filter(|(_, _, full)| few || *full);
        // What is still too many is thinned out evenly, so that morning and evening both stay.
        let hours: Vec<_> = hours.collect();
        let step = hours.len().div_ceil(MOST_A_DAY).max(1);
        chosen.extend(hours.into_iter().step_by(step).map(|(_, at, _)| *at));
    }
    chosen
}

fn meet(ours: &[Stretch], theirs: &[Stretch]) -> Vec<Stretch> {
    let (mut both, mut here, mut there) = (Vec::new(), 0, 0);
    while let (Some(one), Some(other)) = (ours.get(here), theirs.get(there)) {
        let (from, to) = (one.0.max(other.0), one.1.min(other.1));
        if from < to {
            both.push((from, to));
        }
        if one.1 < other.1 { here += 1 } else { there += 1 }
    }
    both
}

fn without((from, to): Stretch, (begin, end): Stretch) -> Vec<Stretch> {
    if end <= from || to <= begin {
        return vec![(from, to)];
    }
    [(from, begin), (end, to)].into_iter().filter(|(from, to)| from < to).collect()
}

/// The next full or half hour by a clock, which for some zones is not one by ours.
fn on_the_half_hour(at: Timestamp, grid: &TimeZone) -> Timestamp {
    const HALF: i64 = 30 * 60 * 1_000_000;
    let offset = i64::from(grid.to_offset(at.jiff()).seconds()) * 1_000_000;
    let wall = at.as_micros() + offset;
    Timestamp::from_micros(wall.div_euclid(HALF) * HALF + if wall.rem_euclid(HALF) == 0 { 0 } else { HALF } - offset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).expect("a zone")
    }
    fn at(text: &str) -> Timestamp {
        text.parse::<jiff::Timestamp>().expect("an instant").into()
    }
    fn week(zone_name: &str, hours: &[(i64, i64, i64)]) -> Week {
        let hours = hours.iter().map(|(weekday, from, to)| Hours { weekday: *weekday, from_minute: from * 60, to_minute: to * 60 });
        Week { zone: zone(zone_name), hours: hours.collect() }
    }
    fn said(slots: &[Timestamp]) -> Vec<String> {
        slots.iter().map(|s| s.jiff().to_string()).collect()
    }

    #[test]
    fn p22_two_weeks_in_two_zones_meet_where_both_are_free() {
        // Monday 18 to 21 in Berlin is 17 to 20 UTC; 14 to 16 in São Paulo is 17 to 19 UTC.
        let weeks = [week("Europe/Berlin", &[(1, 18, 21)]), week("America/Sao_Paulo", &[(1, 14, 16), (2, 9, 12)])];
        let slots = common(&weeks, &[], at("2026-11-22T12:00:00Z"), 7, 60, &zone("Europe/Berlin"));
        assert_eq!(said(&slots), ["2026-11-23T17:00:00Z", "2026-11-23T17:30:00Z", "2026-11-23T18:00:00Z"]);
        let taken = [(at("2026-11-23T17:00:00Z"), at("2026-11-23T17:45:00Z"))];
        let slots = common(&weeks, &taken, at("2026-11-22T12:00:00Z"), 7, 60, &zone("Europe/Berlin"));
        assert_eq!(said(&slots), ["2026-11-23T18:00:00Z"]);
    }

    #[test]
    fn weekly_hours_hold_on_both_sides_of_a_change_of_the_clock() {
        let weeks = [week("Europe/Berlin", &[(1, 18, 19)])];
        let slots = common(&weeks, &[], at("2027-03-21T00:00:00Z"), 14, 60, &zone("Europe/Berlin"));
        assert_eq!(said(&slots), ["2027-03-22T17:00:00Z", "2027-03-29T16:00:00Z"]);
    }

    #[test]
    fn whoever_has_not_said_is_free_by_day_and_a_day_is_not_a_wall_of_slots() {
        let slots = common(&[week("Europe/Lisbon", &[])], &[], at("2026-11-23T00:00:00Z"), 1, 60, &zone("Europe/Lisbon"));
        assert!(slots.len() <= MOST_A_DAY && slots.len() >= 4, "{slots:?}");
        assert_eq!(said(&slots[..1]), ["2026-11-23T08:00:00Z"]);
    }

    #[test]
    fn slots_lie_on_the_half_hours_of_the_one_who_chooses() {
        let slots = common(&[week("Asia/Kathmandu", &[(1, 18, 20)])], &[], at("2026-11-23T00:00:00Z"), 2, 60, &zone("Asia/Kathmandu"));
        assert_eq!(said(&slots), ["2026-11-23T12:15:00Z", "2026-11-23T12:45:00Z", "2026-11-23T13:15:00Z"]);
        // Up to midnight and on after it is one stretch.
        let slots = common(&[week("UTC", &[(1, 23, 24), (2, 0, 1)])], &[], at("2026-11-23T00:00:00Z"), 2, 120, &TimeZone::UTC);
        assert_eq!(said(&slots), ["2026-11-23T23:00:00Z"]);
    }

    proptest! {
        /// Whatever is offered lies in everybody's hours, in the time asked for, and on nothing that is taken.
        #[test]
        fn what_is_offered_is_free(
            ours in prop::collection::vec((1_i64..8, 0_i64..20, 1_i64..5), 1..6),
            theirs in prop::collection::vec((1_i64..8, 0_i64..20, 1_i64..5), 1..6),
            taken in prop::collection::vec((0_i64..14 * 24, 1_i64..4), 0..5),
            minutes in prop::sample::select(vec![20_i64, 30, 60, 90]),
        ) {
            let rows = |some: &[(i64, i64, i64)]| some.iter().map(|(d, f, l)| (*d, *f, f + l)).collect::<Vec<_>>();
            let weeks = [week("Europe/Berlin", &rows(&ours)), week("America/New_York", &rows(&theirs))];
            let from = at("2027-03-10T05:00:00Z");
            let busy: Vec<Stretch> = taken.iter().map(|(h, l)| (from + SignedDuration::from_hours(*h), from + SignedDuration::from_hours(h + l))).collect();
            for slot in common(&weeks, &busy, from, 14, minutes, &zone("Europe/Berlin")) {
                let end = slot + SignedDuration::from_mins(minutes);
                prop_assert!(slot >= from && end <= from + SignedDuration::from_hours(14 * 24));
                prop_assert!(busy.iter().all(|(b, e)| end <= *b || *e <= slot));
                for week in &weeks {
                    let day = slot.in_zone(&week.zone).date().yesterday().unwrap();
                    prop_assert!(week.free(day, 3).iter().any(|(f, t)| *f <= slot && end <= *t), "{:?}", slot.jiff());
                }
            }
        }
    }
}
