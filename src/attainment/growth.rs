//! The page of what changed: what I set out to do, where I am, how that came, in my words and in charts that say how unsure
//! they are. Its owner's alone; it ranks nothing and nobody.

use super::gas::{self, Level};
use super::measure::{Form, Rating, SUREST, Standing, Voice};
use super::verbs::{self, Measured};
use crate::app::App;
use crate::error::Result;
use crate::goals::{GoalId, GoalState, verbs as goals};
use crate::page::{self, Button, Icon, Mark, PageHeader, Row, Section, Tone};
use crate::slices::GROWTH_PARTS;
use crate::viewer::Viewer;
use crate::web::Page;
use axum::extract::State;
use chiron_store::Timestamp;
use jiff::civil::Date;
use maud::{Markup, html};
use std::collections::HashMap;

/// Rows that a table beside a chart has room for; of more, the last of each stretch of time is shown.
const MOST_ROWS: usize = 14;
/// Words of a goal's owner that the page brings, the latest first.
const MOST_WORDS: usize = 5;
/// What T may be, for the chart: five scales at their lowest have 19.8.
const T_AXIS: (f64, f64) = (20.0, 80.0);

/// What every chart of these says under itself.
pub const NOT_CAUSE: &str = "This shows what changed, not what caused it: time, luck and everything else in a life change goals too.";

/// A value at a moment, for a chart and its table.
pub struct Point {
    at: Timestamp,
    day: Date,
    value: f64,
    range: Option<(f64, f64)>,
    firm: bool,
    /// Beside it in the table.
    words: String,
}

pub async fn show(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    let me = viewer.clone();
    let (all, mut listed, parts, now) = app
        .read(move |tx| {
            let parts = GROWTH_PARTS.iter().map(|part| part(tx, &me)).collect::<Result<Vec<_>>>()?;
            Ok((verbs::own(tx, &me)?, goals::own(tx, &me)?, parts, tx.now()))
        })
        .await?;
    let parts: Vec<Markup> = parts.into_iter().flatten().collect();
    listed.retain(|listed| !all.iter().any(|measured| measured.attainment.goal == listed.id) && listed.state != GoalState::Draft);
    let body = html! {
        (PageHeader::new("What changed").back("Your goals", "/goals").lead("What you set out to do, where you are, and how it came, in your words.")
            .actions(html! { @if !all.is_empty() { (page::print_button()) } (page::audience_me()) }))
        @if all.is_empty() && listed.is_empty() && parts.is_empty() {
            (page::empty(Icon::Leaf, "Nothing to look back on yet", "Begin a goal, and say now and then how far it has come. This page shows what changed.",
                &html! { (Button::primary("Begin a goal").href("/goals/new")) }))
        }
        (together(&all, &viewer))
        @for measured in &all { (one(measured, &viewer)) }
        @if !listed.is_empty() {
            (page::section("Goals without a measure", &html! {}, &page::rows(&html! {
                @for listed in &listed { (Row::new(listed.outcome.as_str()).href(format!("/attainment/{}", listed.id)).icon(Icon::Goal).beside(state_tag(listed.state))) }
            })))
        }
        @for part in &parts { (part) }
        (what_counts(&all))
        p.muted.print-only { "As of " (viewer.date(now)) "." }
    };
    Ok(Page::new("What changed", Section::Goals, html! { div.growth { (body) } }))
}

/// How many of one's goals may be counted, and one press to end that for all of them.
fn what_counts(all: &[Measured]) -> Markup {
    let shared = all.iter().filter(|measured| measured.attainment.relationship.is_some()).count();
    let counted = all.iter().filter(|measured| measured.attainment.counted_at.is_some()).count();
    html! {
        @if shared > 0 {
            (page::section("Whether it counts", &html! {}, &html! {
                @if counted == 0 {
                    p { "None of your goals is counted anywhere. Of each that you share you can say on its page that it may be, with those of at least six other people." }
                } @else {
                    p { (counted) " of your goals may be counted with those of at least six other people, when a quarter of the year is over. Nobody reads it." }
                    (page::actions(&html! { (page::post_button("/growth/count-none", &[], &Button::secondary("Count none of mine"))) }))
                }
            }))
        }
    }
}

pub fn state_tag(state: GoalState) -> Markup {
    match state {
        GoalState::Reached => page::tag("reached", Tone::Laurel),
        GoalState::LetGo => page::tag("let go", Tone::Plain),
        GoalState::Draft | GoalState::Set => html! {},
    }
}

/// T over all the goals that have scales.
fn together(all: &[Measured], viewer: &Viewer) -> Markup {
    let rated = all.iter().filter(|measured| measured.rating_now().is_some()).count();
    let points = person_points(all, viewer);
    html! {
        @if let Some(last) = points.last().filter(|_| rated > 1) {
            (page::section("All of it together", &html! {}, &html! {
                p { "Over the " (rated) " goals that you rated on levels, you are at " strong { "T " (one_place(last.value)) } ": " (gas::words(last.value)) "." }
                (chart("T over all your rated goals, each with its last rating", T_AXIS, Some(gas::EXPECTED), &points, "T"))
                (about_t())
            }))
        }
    }
}

fn one(measured: &Measured, viewer: &Viewer) -> Markup {
    let attainment = &measured.attainment;
    let href = format!("/attainment/{}", attainment.goal);
    let points = t_points(measured, viewer);
    let sure = sure_points(measured, viewer);
    let spoken = own_words(measured, viewer);
    let beside = html! { (state_tag(measured.state)) (Button::quiet("Open").small().href(&href).context(&measured.outcome)) };
    page::section(
        &measured.outcome,
        &beside,
        &html! {
            p.muted { "Since " (viewer.date(attainment.made_at)) @if let Some(ended) = attainment.ended_at { ", until " (viewer.date(ended)) } "." }
            @match attainment.form {
                Some(Form::Scales) => {
                    (then_and_now(measured))
                    @if let Some(rating) = measured.rating_now() { (t_sentence(rating)) }
                    @if points.len() > 1 {
                        (chart("How far it has come", T_AXIS, Some(gas::EXPECTED), &points, "T"))
                        p.muted.chart-note { (NOT_CAUSE) }
                    }
                }
                Some(Form::Results) => {
                    (results(measured))
                    (way_chart(measured, viewer))
                }
                None => {}
            }
            @if sure.len() > 1 { (chart("How sure you were to get there, 0 to 10", (0.0, SUREST as f64), None, &sure, "of 10")) }
            @if !spoken.is_empty() {
                h3 { "In your words" }
                @for (at, words) in &spoken { (page::quotation(words, &viewer.date(*at))) }
            }
            @if attainment.form.is_none() && sure.is_empty() { p.muted { "Nothing was said of how far it has come." } }
        },
    )
}

/// Each scale in words: where it began, and where it is.
pub fn then_and_now(measured: &Measured) -> Markup {
    let rating = measured.rating_now();
    html! {
        @for scale in measured.scales_now() {
            @let now = rating.and_then(|rating| rating.level_of(scale.id));
            div.then-and-now {
                h3 { (scale.words.title) }
                (page::facts(&[
                    ("Where it began", level_words(scale.baseline, scale.at(scale.baseline))),
                    ("Where it is", html! { @match now { Some(level) => strong { (level_words(level, scale.at(level))) }, None => span.muted { "Not rated yet" } } }),
                ]))
            }
        }
    }
}

pub fn level_words(level: Level, said: &str) -> Markup {
    html! { span.level-sign { (level.sign()) } " " (said) }
}

/// T in a sentence, after the words, with how unsure it is.
pub fn t_sentence(rating: &Rating) -> Markup {
    let (Some(t), Some((low, high))) = (rating.t(), rating.range()) else { return html! {} };
    let standing = match rating.standing() {
        Standing::Agreed => " You both agree on it.",
        Standing::Alone => " It is the owner’s own rating.",
        Standing::Waiting => " The two of you have not agreed on it yet.",
        Standing::Differs => " The two of you see it differently, so the range is wider.",
    };
    html! { p { strong { "T " (one_place(t)) } ": " (gas::words(t)) ". Rated once more it might well be anything from " (whole(low)) " to " (whole(high)) "." (standing) } }
}

/// What the number is, and what it is not.
pub fn about_t() -> Markup {
    page::more(
        "What T says, and what it does not",
        &html! {
            p { "T is the number of Goal Attainment Scaling (Kiresuk and Sherman 1968). Levels from −2 to +2 are weighed and brought to a scale on which 50 means: as expected when the levels were described." }
            p { "The shaded band holds what the same rating might well have been: studies find that two raters agree on such goals more or less well, and we take the lowest agreement that is called sufficient (0.70). That makes " (whole(gas::margin())) " points to each side, and a change of fewer than " (whole(gas::smallest_change())) " points may come from the rating alone. Where two people rated differently, the band holds both." }
            p { "Everybody writes their own levels, so nobody’s T can be compared with anybody else’s. " (NOT_CAUSE) }
        },
    )
}

/// Key results: from where, to where, and now.
pub fn results(measured: &Measured) -> Markup {
    let now = measured.progress_now();
    let rows: Vec<Vec<Markup>> = measured
        .results_now()
        .enumerate()
        .map(|(place, result)| {
            let at = now.and_then(|now| now.numbers.now.get(place)).copied().unwrap_or(result.start);
            let share = result.share(at) * 100.0;
            vec![
                html! { (result.title) },
                html! { (number(result.start)) " → " (number(result.target)) @if !result.unit.is_empty() { " " (result.unit) } },
                html! { strong { (number(at)) } },
                html! { progress value=(format!("{share:.0}")) max="100" { (format!("{share:.0}")) } " " (format!("{share:.0}")) " of 100" },
            ]
        })
        .collect();
    let shares: Vec<f64> = measured
        .results_now()
        .enumerate()
        .map(|(place, result)| result.share(now.and_then(|now| now.numbers.now.get(place)).copied().unwrap_or(result.start)))
        .collect();
    let mean = if shares.is_empty() { 0.0 } else { shares.iter().sum::<f64>() / shares.len() as f64 * 100.0 };
    html! {
        (page::table("Key results", &["What is counted", "From and to", "Now", "How much of the way"], &rows))
        p { "Together they are " strong { (format!("{mean:.0}")) " of 100" } " of the way, each counted alike." }
    }
}

/// How the key results came along, once they were counted twice.
pub fn way_chart(measured: &Measured, viewer: &Viewer) -> Markup {
    let points = way_points(measured, viewer);
    html! {
        @if points.len() > 1 { (chart("How much of the way, 0 to 100", (0.0, 100.0), None, &points, "of 100")) }
        p.muted.chart-note { (NOT_CAUSE) }
    }
}

/// What the owner wrote beside their ratings, their numbers and how sure they were, the latest first.
fn own_words<'m>(measured: &'m Measured, viewer: &Viewer) -> Vec<(Timestamp, &'m str)> {
    let mut words: Vec<(Timestamp, &str)> = Vec::new();
    for rating in &measured.ratings {
        words.extend(rating.note.as_deref().filter(|_| viewer.is(rating.by)).map(|note| (rating.at, note)));
        let mine = rating.answered_by.is_some_and(|by| viewer.is(by));
        words.extend(rating.answer_note.as_deref().filter(|_| mine).zip(rating.answered_at).map(|(note, at)| (at, note)));
    }
    words.extend(measured.confidences.iter().filter_map(|said| said.note.as_deref().map(|note| (said.at, note))));
    words.extend(measured.progress.iter().filter(|said| !said.numbers.note.is_empty()).map(|said| (said.at, said.numbers.note.as_str())));
    words.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    words.truncate(MOST_WORDS);
    words
}

/// T of one goal: where each laying down of its scales began, and each rating.
pub fn t_points(measured: &Measured, viewer: &Viewer) -> Vec<Point> {
    let mut points = Vec::with_capacity(measured.ratings.len() + 1);
    let mut versions: HashMap<i64, Vec<&super::Scale>> = HashMap::new();
    for scale in &measured.scales {
        versions.entry(scale.version).or_default().push(scale);
    }
    for scales in versions.into_values() {
        let Some(t) = gas::t(scales.iter().map(|scale| (scale.weight, scale.baseline))) else { continue };
        points.push(Point {
            value: t,
            range: Some(gas::range(t, None)),
            firm: true,
            words: "where it began".into(),
            ..Point::at(scales[0].made_at, viewer)
        });
    }
    for rating in &measured.ratings {
        let Some(t) = rating.t() else { continue };
        points.push(Point {
            value: t,
            range: rating.range(),
            firm: rating.is_firm(),
            words: standing_words(rating).into(),
            ..Point::at(rating.at, viewer)
        });
    }
    points.sort_by_key(|point| point.at);
    points
}

pub fn standing_words(rating: &Rating) -> &'static str {
    match rating.standing() {
        Standing::Alone => "own rating",
        Standing::Waiting => "not agreed yet",
        Standing::Differs => "seen differently",
        Standing::Agreed => "agreed",
    }
}

/// T over all goals whenever one of them was rated, each goal with its latest rating at the time. Goals that were reached or
/// let go stay in it with their last rating: leaving them out would make the past better than it was.
fn person_points(all: &[Measured], viewer: &Viewer) -> Vec<Point> {
    let mut events: Vec<(Timestamp, GoalId, &Rating)> =
        all.iter().flat_map(|measured| measured.ratings.iter().map(|rating| (rating.at, rating.goal, rating))).collect();
    events.sort_by_key(|(at, goal, _)| (*at, *goal));
    let mut latest: HashMap<GoalId, &Rating> = HashMap::new();
    let mut points = Vec::with_capacity(events.len());
    for (at, goal, rating) in events {
        latest.insert(goal, rating);
        let of = |voice: fn(&Rating) -> Voice| {
            gas::t(latest.values().flat_map(|rating| rating.levels_of(voice(rating)).map(|(said, level)| (said.weight, level))))
        };
        let counts = |rating: &Rating| rating.agreed.unwrap_or(Voice::Proposed);
        let otherwise = |rating: &Rating| rating.agreed.unwrap_or(Voice::Answered);
        let Some(t) = of(counts) else { continue };
        let rated = latest.len();
        points.push(Point {
            value: t,
            range: Some(gas::range(t, of(otherwise))),
            firm: latest.values().all(|rating| rating.is_firm()),
            words: if rated == 1 { "one goal".into() } else { format!("{rated} goals") },
            ..Point::at(at, viewer)
        });
    }
    points
}

/// How much of the way all key results together had come, of 100, whenever they were counted.
pub fn way_points(measured: &Measured, viewer: &Viewer) -> Vec<Point> {
    let mut points = Vec::with_capacity(measured.progress.len());
    for said in &measured.progress {
        let results = measured.results.iter().filter(|(version, _)| *version == said.version);
        let shares: Vec<f64> = results.zip(&said.numbers.now).map(|((_, result), now)| result.share(*now)).collect();
        if !shares.is_empty() {
            let value = shares.iter().sum::<f64>() / shares.len() as f64 * 100.0;
            points.push(Point { value, words: page::shortened(&said.numbers.note, 80), ..Point::at(said.at, viewer) });
        }
    }
    points
}

/// How sure somebody was.
pub fn sure_points(measured: &Measured, viewer: &Viewer) -> Vec<Point> {
    let said = measured.confidences.iter();
    said.map(|said| Point {
        value: said.level as f64,
        words: page::shortened(said.note.as_deref().unwrap_or_default(), 80),
        ..Point::at(said.at, viewer)
    })
    .collect()
}

impl Point {
    /// A settled value.
    pub fn of(at: Timestamp, value: f64, viewer: &Viewer) -> Self {
        Self { value, ..Self::at(at, viewer) }
    }
    fn at(at: Timestamp, viewer: &Viewer) -> Self {
        Self { at, day: at.in_zone(&viewer.zone).date(), value: 0.0, range: None, firm: true, words: String::new() }
    }
    fn when(&self) -> String {
        self.day.strftime("%-d %b %Y").to_string()
    }
    fn mark(&self) -> Mark {
        // Microseconds since 1970 lose nothing that one could see.
        Mark { at: self.at.jiff().as_microsecond() as f64, when: self.when(), value: self.value, range: self.range, firm: self.firm }
    }
}

/// A chart of points with their table under it.
pub fn chart(caption: &str, axis: (f64, f64), guide: Option<f64>, points: &[Point], name_of_values: &str) -> Markup {
    let (rows, stretch) = thinned(points);
    let compared = guide.map_or_else(String::new, |guide| format!(", {guide:.0} is as expected"));
    let said =
        stretch.map_or_else(|| format!("In numbers{compared}"), |stretch| format!("In numbers{compared}, the last of each {stretch}"));
    let ranged = points.iter().any(|point| point.range.is_some());
    let noted = rows.iter().any(|point| !point.words.is_empty());
    let mut heads = vec!["Day", name_of_values];
    heads.extend(ranged.then_some("Range"));
    heads.extend(noted.then_some(""));
    let rows: Vec<Vec<Markup>> = rows
        .iter()
        .map(|point| {
            let mut row = vec![html! { (point.when()) }, html! { (page::plain(point.value)) }];
            if ranged {
                row.push(html! { @if let Some((low, high)) = point.range { (whole(low)) "\u{a0}to\u{a0}" (whole(high)) } });
            }
            if noted {
                row.push(html! { (point.words) });
            }
            row
        })
        .collect();
    let marks: Vec<Mark> = points.iter().map(Point::mark).collect();
    page::range_chart(caption, axis, guide, &marks, &page::table(&said, &heads, &rows))
}

/// As many points as a table has room for: all of them, or the last of each month, quarter or year, and which of these.
fn thinned(points: &[Point]) -> (Vec<&Point>, Option<&'static str>) {
    if points.len() <= MOST_ROWS {
        return (points.iter().collect(), None);
    }
    let stretches: [(&str, fn(Date) -> (i16, i8)); 3] = [
        ("month", |day| (day.year(), day.month())),
        ("quarter", |day| (day.year(), (day.month() + 2) / 3)),
        ("year", |day| (day.year(), 0)),
    ];
    for (stretch, of) in stretches {
        let ends = |at: usize| points.get(at + 1).is_none_or(|next| of(next.day) != of(points[at].day));
        let last: Vec<&Point> = (0..points.len()).filter(|at| *at == 0 || ends(*at)).map(|at| &points[at]).collect();
        if last.len() <= MOST_ROWS || stretch == "year" {
            return (last, Some(stretch));
        }
    }
    (Vec::new(), None)
}

/// One place after the point, as T is published.
fn one_place(number: f64) -> String {
    format!("{number:.1}")
}
fn whole(number: f64) -> String {
    format!("{number:.0}")
}
/// A number as it was typed.
pub fn number(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;

    fn weekly(weeks: i64) -> Vec<Point> {
        let first = jiff::civil::date(2016, 11, 21);
        (0..weeks)
            .map(|week| Point {
                at: Timestamp::from_micros(week),
                day: first.saturating_add((7 * week).days()),
                value: 50.0,
                range: None,
                firm: true,
                words: String::new(),
            })
            .collect()
    }

    #[test]
    fn a_table_beside_a_chart_stays_short_and_says_what_it_left_out() {
        for (weeks, stretch) in [(10, None), (40, Some("month")), (150, Some("quarter")), (520, Some("year"))] {
            let points = weekly(weeks);
            let (rows, said) = thinned(&points);
            assert_eq!(said, stretch, "{weeks} weeks");
            assert!(rows.len() <= MOST_ROWS, "{weeks} weeks have {} rows", rows.len());
            assert_eq!(rows.first().map(|point| point.at), points.first().map(|point| point.at));
            assert_eq!(rows.last().map(|point| point.at), points.last().map(|point| point.at));
        }
    }

    #[test]
    fn numbers_stand_as_they_were_typed() {
        for (typed, shown) in [(5.0, "5"), (2.5, "2.5"), (0.25, "0.25"), (-3.0, "-3"), (100.0, "100")] {
            assert_eq!(number(typed), shown);
        }
    }
}
