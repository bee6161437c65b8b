//! What repeats: the recurrence rules of RFC 5545, 3.3.10, worked out on the wall and then taken to instants.

use crate::{Error, Zone};
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::{SignedDuration, Timestamp, ToSpan};
use std::fmt;
use std::str::FromStr;

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Frequency {
    Secondly,
    Minutely,
    Hourly,
    Daily,
    Weekly,
    Monthly,
    Yearly,
}

/// When it stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Never,
    /// After so many occurrences, the first among them.
    Count(u32),
    /// With the last occurrence that is not later.
    Until(Until),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// To the end of this day on the wall.
    Day(Date),
    Wall(DateTime),
    Instant(Timestamp),
}

/// How something repeats, as `FREQ=MONTHLY;BYDAY=2TU` says it: every second Tuesday of a month.
///
/// Read it with `parse`, write it with `to_string`. Values that do not apply to its frequency, such as the second
/// Tuesday of a day, are an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub frequency: Frequency,
    /// Every so many of them; one or more.
    pub interval: u32,
    pub end: End,
    /// 1 to 12.
    pub months: Vec<i16>,
    /// Weeks of the year, 1 to 53, or from its end, -1 to -53. Only of a year.
    pub weeks: Vec<i16>,
    /// Days of the year, 1 to 366, or from its end.
    pub year_days: Vec<i16>,
    /// Days of the month, 1 to 31, or from its end.
    pub month_days: Vec<i16>,
    /// Weekdays: every one (0), or the nth of the month or year, from its end when negative.
    pub weekdays: Vec<(i16, Weekday)>,
    pub hours: Vec<i16>,
    pub minutes: Vec<i16>,
    pub seconds: Vec<i16>,
    /// Which of those in each week, month or year: the first is 1, the last -1.
    pub positions: Vec<i16>,
    pub week_start: Weekday,
}

impl Rule {
    pub fn every(interval: u32, frequency: Frequency) -> Self {
        Self {
            frequency,
            interval: interval.max(1),
            end: End::Never,
            months: Vec::new(),
            weeks: Vec::new(),
            year_days: Vec::new(),
            month_days: Vec::new(),
            weekdays: Vec::new(),
            hours: Vec::new(),
            minutes: Vec::new(),
            seconds: Vec::new(),
            positions: Vec::new(),
            week_start: Weekday::Monday,
        }
    }
    /// On these weekdays.
    #[must_use]
    pub fn on(mut self, weekdays: impl IntoIterator<Item = Weekday>) -> Self {
        self.weekdays = weekdays.into_iter().map(|day| (0, day)).collect();
        self
    }
    /// On the nth such weekday of the month; the last one is -1.
    #[must_use]
    pub fn on_nth(mut self, nth: i16, weekday: Weekday) -> Self {
        self.weekdays = vec![(nth, weekday)];
        self
    }
    #[must_use]
    pub fn ending(mut self, end: End) -> Self {
        self.end = end;
        self
    }

    /// The occurrences from an instant on and before another, by the clock on a wall on which it begins at `start`.
    ///
    /// The beginning is the first occurrence, whether it fits the rule or not, and counts. A time that a change of the
    /// clock leaves out is read with the offset before the change, and one that it repeats is the first (RFC 5545,
    /// 3.3.5). Periods before `from` are leapt over unless occurrences are counted, so it costs the days of the periods
    /// between `from` and `to`; with a count, those since `start`.
    ///
    /// # Errors
    /// `TooOften` when that is more than the budget allows.
    pub fn between(
        &self,
        start: DateTime,
        zone: &Zone,
        from: Timestamp,
        to: Timestamp,
        budget: &mut Budget,
    ) -> Result<Vec<(DateTime, Timestamp)>, Error> {
        let mut found = Vec::new();
        let mut left = match self.end {
            End::Count(n) => n,
            _ => u32::MAX,
        };
        // Nothing on any wall is more than a day from what it is in UTC.
        let (earliest, latest) = (wall_before(from), wall_after(to));
        let mut take = |wall: DateTime, budget: &mut Budget| -> Result<bool, Error> {
            let at = zone.instant(wall);
            let over = match self.end {
                End::Until(Until::Day(last)) => wall.date() > last,
                End::Until(Until::Wall(last)) => wall > last,
                End::Until(Until::Instant(last)) => at > last,
                _ => false,
            };
            if over || left == 0 {
                return Ok(false);
            }
            left -= 1;
            if from <= at && at < to {
                budget.found()?;
                found.push((wall, at));
            }
            Ok(true)
        };
        if !take(start, budget)? {
            return Ok(found);
        }
        let first = match self.end {
            End::Count(_) => 0,
            _ => self.periods_before(start, earliest),
        };
        let held = self.held(start);
        let mut walls = Vec::new();
        'periods: for nth in first.. {
            budget.spend(1)?;
            let Some(period) = self.period(start, nth) else { break };
            if period > latest {
                break;
            }
            self.walls(period, &held, &mut walls, budget)?;
            for wall in walls.drain(..).filter(|wall| *wall > start) {
                if !take(wall, budget)? {
                    break 'periods;
                }
            }
        }
        Ok(found)
    }

    /// What holds when the rule does not say: that of the beginning.
    fn held(&self, start: DateTime) -> Held {
        use Frequency::{Daily, Hourly, Minutely, Monthly, Weekly, Yearly};
        let days_said = !(self.weeks.is_empty() && self.year_days.is_empty() && self.month_days.is_empty() && self.weekdays.is_empty());
        let mut held =
            Held { months: self.months.clone(), month_days: self.month_days.clone(), weekdays: self.weekdays.clone(), ..Held::default() };
        match self.frequency {
            Yearly | Monthly if !days_said => {
                held.month_days = vec![i16::from(start.day())];
                if self.frequency == Yearly && self.months.is_empty() {
                    held.months = vec![i16::from(start.month())];
                }
            }
            Yearly if !self.weeks.is_empty() && self.weekdays.is_empty() && self.month_days.is_empty() && self.year_days.is_empty() => {
                held.weekdays = vec![(0, start.weekday())];
            }
            Weekly if self.weekdays.is_empty() => held.weekdays = vec![(0, start.weekday())],
            _ => {}
        }
        let said_or = |said: &[i16], coarser: Frequency, then: i8| match (said.is_empty(), self.frequency >= coarser) {
            (true, true) => vec![i16::from(then)],
            _ => said.to_vec(),
        };
        held.hours = said_or(&self.hours, Daily, start.hour());
        held.minutes = said_or(&self.minutes, Hourly, start.minute());
        held.seconds = said_or(&self.seconds, Minutely, start.second());
        held
    }

    /// Where the nth period begins; nothing when that is past the calendar's end.
    fn period(&self, start: DateTime, nth: i64) -> Option<DateTime> {
        let steps = nth.checked_mul(i64::from(self.interval))?;
        let midnight = |date: Date| date.to_datetime(Time::midnight());
        match self.frequency {
            Frequency::Yearly => {
                let year = i64::from(start.year()).checked_add(steps)?;
                Date::new(i16::try_from(year).ok()?, 1, 1).ok().map(midnight)
            }
            Frequency::Monthly => {
                let month = (i64::from(start.year()) * 12 + i64::from(start.month()) - 1).checked_add(steps)?;
                Date::new(i16::try_from(month.div_euclid(12)).ok()?, month.rem_euclid(12) as i8 + 1, 1).ok().map(midnight)
            }
            Frequency::Weekly => {
                let back = start.weekday().since(self.week_start);
                let first = start.date().checked_sub(i64::from(back).days()).ok()?;
                first.checked_add(span(steps.checked_mul(7)?)?).ok().map(midnight)
            }
            Frequency::Daily => start.date().checked_add(span(steps)?).ok().map(midnight),
            Frequency::Hourly => later(midnight(start.date()).with().hour(start.hour()).build().ok()?, steps, 3600),
            Frequency::Minutely => later(start.with().second(0).build().ok()?, steps, 60),
            Frequency::Secondly => later(start, steps, 1),
        }
    }

    /// Periods that lie wholly before a time, less one to be sure.
    fn periods_before(&self, start: DateTime, earliest: DateTime) -> i64 {
        let seconds = earliest.duration_since(start).as_secs();
        // The longest that each can be, so that never too many are leapt over.
        let longest = match self.frequency {
            Frequency::Yearly => 366 * 86_400,
            Frequency::Monthly => 31 * 86_400,
            Frequency::Weekly => 7 * 86_400,
            Frequency::Daily => 86_400,
            Frequency::Hourly => 3600,
            Frequency::Minutely => 60,
            Frequency::Secondly => 1,
        };
        (seconds / longest / i64::from(self.interval) - 1).max(0)
    }

    /// Every time within a period, in order.
    fn walls(&self, period: DateTime, held: &Held, walls: &mut Vec<DateTime>, budget: &mut Budget) -> Result<(), Error> {
        let date = period.date();
        match self.frequency {
            Frequency::Yearly => {
                let months = if held.months.is_empty() { (1..=12).collect() } else { held.months.clone() };
                for month in months {
                    if let Ok(first) = Date::new(date.year(), month as i8, 1) {
                        self.days(first, i64::from(first.days_in_month()), period, held, walls, budget)?;
                    }
                }
            }
            Frequency::Monthly => self.days(date, i64::from(date.days_in_month()), period, held, walls, budget)?,
            Frequency::Weekly => self.days(date, 7, period, held, walls, budget)?,
            _ => self.days(date, 1, period, held, walls, budget)?,
        }
        if !self.positions.is_empty() {
            let all = std::mem::take(walls);
            let place = |p: i16| if p > 0 { usize::try_from(p - 1).ok() } else { all.len().checked_sub(usize::from(p.unsigned_abs())) };
            let mut places: Vec<usize> = self.positions.iter().filter_map(|p| place(*p)).filter(|p| *p < all.len()).collect();
            places.sort_unstable();
            places.dedup();
            walls.extend(places.into_iter().map(|p| all[p]));
        }
        Ok(())
    }

    fn days(
        &self,
        first: Date,
        days: i64,
        period: DateTime,
        held: &Held,
        walls: &mut Vec<DateTime>,
        budget: &mut Budget,
    ) -> Result<(), Error> {
        budget.spend(days.unsigned_abs())?;
        let mut next = Some(first);
        for _ in 0..days {
            let Some(day) = next else { break };
            if self.holds_on(day, held) {
                self.times(day, period, held, walls, budget)?;
            }
            next = day.tomorrow().ok();
        }
        Ok(())
    }

    fn holds_on(&self, day: Date, held: &Held) -> bool {
        let among = |said: &[i16], value: i16, of: i16| said.is_empty() || said.iter().any(|s| *s == value || *s == value - of - 1);
        if !(held.months.is_empty() || held.months.contains(&i16::from(day.month()))) {
            return false;
        }
        if !among(&held.month_days, i16::from(day.day()), i16::from(day.days_in_month())) {
            return false;
        }
        if !self.year_days.is_empty() && !among(&self.year_days, day.day_of_year(), day.days_in_year()) {
            return false;
        }
        if !self.weeks.is_empty() {
            let (week, weeks) = self.week(day);
            if !among(&self.weeks, week, weeks) {
                return false;
            }
        }
        held.weekdays.is_empty() || held.weekdays.iter().any(|(nth, weekday)| *weekday == day.weekday() && self.is_nth(day, *nth))
    }

    /// Whether a day is the nth of its weekday in its month, or in its year when a yearly rule names no months.
    fn is_nth(&self, day: Date, nth: i16) -> bool {
        if nth == 0 {
            return true;
        }
        let (place, of) = match self.frequency == Frequency::Yearly && self.months.is_empty() {
            true => (day.day_of_year(), day.days_in_year()),
            false => (i16::from(day.day()), i16::from(day.days_in_month())),
        };
        nth == (place - 1) / 7 + 1 || -nth == (of - place) / 7 + 1
    }

    /// The number of a day's week, and how many weeks its year has: a week belongs to the year in which it has four days
    /// or more (ISO 8601, with the week beginning where the rule says).
    fn week(&self, day: Date) -> (i16, i16) {
        let midweek = |day: Date| day.checked_add((3 - i64::from(day.weekday().since(self.week_start))).days()).unwrap_or(day);
        let middle = midweek(day);
        // 28 December is in the last week of its year, whichever day begins it.
        let last = midweek(Date::constant(middle.year(), 12, 28));
        ((middle.day_of_year() - 1) / 7 + 1, (last.day_of_year() - 1) / 7 + 1)
    }

    fn times(&self, day: Date, period: DateTime, held: &Held, walls: &mut Vec<DateTime>, budget: &mut Budget) -> Result<(), Error> {
        let within = |said: &[i16], finer: bool, now: i8| match (finer, said.is_empty() || said.contains(&i16::from(now))) {
            (false, _) => said.to_vec(),
            (true, true) => vec![i16::from(now)],
            (true, false) => Vec::new(),
        };
        let hours = within(&held.hours, self.frequency <= Frequency::Hourly, period.hour());
        let minutes = within(&held.minutes, self.frequency <= Frequency::Minutely, period.minute());
        let seconds = within(&held.seconds, self.frequency <= Frequency::Secondly, period.second());
        budget.spend((hours.len() * minutes.len() * seconds.len()) as u64)?;
        for hour in &hours {
            for minute in &minutes {
                for second in &seconds {
                    walls.extend(Time::new(*hour as i8, *minute as i8, *second as i8, 0).ok().map(|time| day.to_datetime(time)));
                }
            }
        }
        Ok(())
    }
}

/// What the parts of a rule are once its beginning has filled them in.
#[derive(Default)]
struct Held {
    months: Vec<i16>,
    month_days: Vec<i16>,
    weekdays: Vec<(i16, Weekday)>,
    hours: Vec<i16>,
    minutes: Vec<i16>,
    seconds: Vec<i16>,
}

fn span(days: i64) -> Option<jiff::Span> {
    jiff::Span::new().try_days(days).ok()
}
fn later(from: DateTime, steps: i64, seconds: i64) -> Option<DateTime> {
    from.checked_add(SignedDuration::from_secs(steps.checked_mul(seconds)?)).ok()
}
fn wall_before(at: Timestamp) -> DateTime {
    let wall = jiff::tz::TimeZone::UTC.to_datetime(at);
    wall.checked_sub(26.hours()).unwrap_or(DateTime::MIN)
}
fn wall_after(at: Timestamp) -> DateTime {
    let wall = jiff::tz::TimeZone::UTC.to_datetime(at);
    wall.checked_add(26.hours()).unwrap_or(DateTime::MAX)
}

/// What may be spent on working out what repeats, in one calendar or one answer to a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Days and times looked at.
    pub steps: u64,
    /// Occurrences found.
    pub occurrences: u64,
}

impl Default for Budget {
    /// Two million steps, which take a tenth of a second or so, and fifty thousand occurrences.
    fn default() -> Self {
        Self { steps: 2_000_000, occurrences: 50_000 }
    }
}

impl Budget {
    pub(crate) fn spend(&mut self, steps: u64) -> Result<(), Error> {
        self.steps = self.steps.checked_sub(steps).ok_or(Error::TooOften)?;
        Ok(())
    }
    pub(crate) fn found(&mut self) -> Result<(), Error> {
        self.occurrences = self.occurrences.checked_sub(1).ok_or(Error::TooOften)?;
        Ok(())
    }
}

const FREQUENCIES: [(&str, Frequency); 7] = [
    ("SECONDLY", Frequency::Secondly),
    ("MINUTELY", Frequency::Minutely),
    ("HOURLY", Frequency::Hourly),
    ("DAILY", Frequency::Daily),
    ("WEEKLY", Frequency::Weekly),
    ("MONTHLY", Frequency::Monthly),
    ("YEARLY", Frequency::Yearly),
];
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Monday),
    ("TU", Weekday::Tuesday),
    ("WE", Weekday::Wednesday),
    ("TH", Weekday::Thursday),
    ("FR", Weekday::Friday),
    ("SA", Weekday::Saturday),
    ("SU", Weekday::Sunday),
];

impl FromStr for Rule {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut rule = Self::every(1, Frequency::Daily);
        let mut frequency = None;
        for part in text.trim().split(';').filter(|p| !p.trim().is_empty()) {
            let wrong = || Error::NotARule(part.chars().take(60).collect());
            let (name, value) = part.trim().split_once('=').ok_or_else(wrong)?;
            let numbers = |from: i16, to: i16| numbers(value, from, to).ok_or_else(wrong);
            let signed = |to: i16| self::numbers(value, -to, to).filter(|all| !all.contains(&0)).ok_or_else(wrong);
            match name.trim().to_ascii_uppercase().as_str() {
                "FREQ" => frequency = Some(named(&FREQUENCIES, value).ok_or_else(wrong)?),
                "INTERVAL" => rule.interval = value.trim().parse().ok().filter(|n| (1..=100_000).contains(n)).ok_or_else(wrong)?,
                "COUNT" => rule.end = End::Count(value.trim().parse().ok().filter(|n| *n > 0).ok_or_else(wrong)?),
                "UNTIL" => rule.end = End::Until(until(value).ok_or_else(wrong)?),
                "BYMONTH" => rule.months = numbers(1, 12)?,
                "BYWEEKNO" => rule.weeks = signed(53)?,
                "BYYEARDAY" => rule.year_days = signed(366)?,
                "BYMONTHDAY" => rule.month_days = signed(31)?,
                "BYHOUR" => rule.hours = numbers(0, 23)?,
                "BYMINUTE" => rule.minutes = numbers(0, 59)?,
                // A leap second is none on any wall.
                "BYSECOND" => rule.seconds = numbers(0, 60)?.into_iter().filter(|s| *s < 60).collect(),
                "BYSETPOS" => rule.positions = signed(366)?,
                "BYDAY" => rule.weekdays = weekdays(value).ok_or_else(wrong)?,
                "WKST" => rule.week_start = named(&WEEKDAYS, value).ok_or_else(wrong)?,
                // What programs add for themselves does not change when it is.
                other if other.starts_with("X-") => {}
                _ => return Err(wrong()),
            }
        }
        rule.frequency = frequency.ok_or_else(|| Error::NotARule("a rule without FREQ".into()))?;
        let counted = rule.weekdays.iter().any(|(nth, _)| *nth != 0);
        if counted && (rule.frequency < Frequency::Monthly || (rule.frequency == Frequency::Yearly && !rule.weeks.is_empty())) {
            return Err(Error::NotARule("BYDAY counts weekdays only in a month or a year".into()));
        }
        if !rule.weeks.is_empty() && rule.frequency != Frequency::Yearly {
            return Err(Error::NotARule("BYWEEKNO counts weeks only in a year".into()));
        }
        Ok(rule)
    }
}

fn named<T: Copy>(names: &[(&str, T)], value: &str) -> Option<T> {
    names.iter().find(|(name, _)| name.eq_ignore_ascii_case(value.trim())).map(|(_, named)| *named)
}

/// Sorted and each once, so that no list is longer than what it counts.
fn numbers(value: &str, from: i16, to: i16) -> Option<Vec<i16>> {
    let mut all: Vec<i16> = value.split(',').map(|n| n.trim().parse().ok().filter(|n| (from..=to).contains(n))).collect::<Option<_>>()?;
    all.sort_unstable();
    all.dedup();
    Some(all)
}

fn weekdays(value: &str) -> Option<Vec<(i16, Weekday)>> {
    let mut all = Vec::new();
    for day in value.split(',').map(str::trim) {
        let (nth, name) = day.split_at_checked(day.len().checked_sub(2)?)?;
        let nth = if nth.is_empty() { 0 } else { nth.parse().ok().filter(|n: &i16| *n != 0 && n.abs() <= 53)? };
        let found = (nth, named(&WEEKDAYS, name)?);
        if !all.contains(&found) {
            all.push(found);
        }
    }
    Some(all)
}

fn until(value: &str) -> Option<Until> {
    Some(match crate::event::wall(value)? {
        (date, None, _) => Until::Day(date),
        (date, Some(time), true) => Until::Instant(jiff::tz::TimeZone::UTC.to_timestamp(date.to_datetime(time)).ok()?),
        (date, Some(time), false) => Until::Wall(date.to_datetime(time)),
    })
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = FREQUENCIES.iter().find(|(_, frequency)| *frequency == self.frequency).map_or("", |(name, _)| name);
        write!(f, "FREQ={name}")?;
        if self.interval != 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        match self.end {
            End::Never => {}
            End::Count(n) => write!(f, ";COUNT={n}")?,
            End::Until(Until::Day(day)) => write!(f, ";UNTIL={}", day.strftime("%Y%m%d"))?,
            End::Until(Until::Wall(wall)) => write!(f, ";UNTIL={}", wall.strftime("%Y%m%dT%H%M%S"))?,
            End::Until(Until::Instant(at)) => write!(f, ";UNTIL={}", at.strftime("%Y%m%dT%H%M%SZ"))?,
        }
        let lists = [
            ("BYMONTH", &self.months),
            ("BYWEEKNO", &self.weeks),
            ("BYYEARDAY", &self.year_days),
            ("BYMONTHDAY", &self.month_days),
            ("BYHOUR", &self.hours),
            ("BYMINUTE", &self.minutes),
            ("BYSECOND", &self.seconds),
            ("BYSETPOS", &self.positions),
        ];
        for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
            write!(f, ";{name}=")?;
            comma(f, list.iter().map(ToString::to_string))?;
        }
        if !self.weekdays.is_empty() {
            f.write_str(";BYDAY=")?;
            comma(
                f,
                self.weekdays
                    .iter()
                    .map(|(nth, day)| format!("{}{}", if *nth == 0 { String::new() } else { nth.to_string() }, short(*day))),
            )?;
        }
        if self.week_start != Weekday::Monday {
            write!(f, ";WKST={}", short(self.week_start))?;
        }
        Ok(())
    }
}

fn short(day: Weekday) -> &'static str {
    WEEKDAYS.iter().find(|(_, weekday)| *weekday == day).map_or("MO", |(name, _)| name)
}

fn comma(f: &mut fmt::Formatter<'_>, items: impl Iterator<Item = String>) -> fmt::Result {
    for (n, item) in items.enumerate() {
        write!(f, "{}{item}", if n == 0 { "" } else { "," })?;
    }
    Ok(())
}
