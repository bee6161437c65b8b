//! What whole quarters came to, on screen and to take out.

use super::tally::{FLOOR, FOR_QUARTERS, Tally};
use super::verbs;
use crate::app::App;
use crate::attainment::gas;
use crate::error::Result;
use crate::page::{self, Button, Icon, Mark, PageHeader, Section};
use crate::pulses::{quarter_words, verbs::begins};
use crate::slices::{Needs, Routes};
use crate::viewer::{Office, Viewer};
use crate::web::Page;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use maud::{Markup, html};

pub fn routes() -> Routes {
    Routes::new().get("/growth/all", Needs::Office(Office::Coordinator), show).get(
        "/growth/all.csv",
        Needs::Office(Office::Coordinator),
        file,
    )
}

/// A column of what is shown, on the page and in the file alike.
struct Column {
    head: &'static str,
    cell: fn(&Tally) -> String,
}

const CHANGE: [Column; 8] = [
    Column { head: "Quarter", cell: quarter },
    Column { head: "People", cell: |tally| tally.people.map_or_else(|| format!("fewer than {FLOOR}"), |people| people.to_string()) },
    Column { head: "Further", cell: |tally| number(tally.further) },
    Column { head: "Much as it began", cell: |tally| number(tally.alike) },
    Column { head: "Less far", cell: |tally| number(tally.less) },
    Column { head: "Points of T", cell: |tally| points(tally.mean) },
    Column { head: "from", cell: |tally| points(tally.mean_from) },
    Column { head: "to", cell: |tally| points(tally.mean_to) },
];
const QUARTILES: [Column; 4] = [
    Column { head: "Quarter", cell: quarter },
    Column { head: "A quarter below", cell: |tally| points(tally.lower) },
    Column { head: "Half below", cell: |tally| points(tally.middle) },
    Column { head: "Three quarters below", cell: |tally| points(tally.upper) },
];
const GOALS: [Column; 4] = [
    Column { head: "Quarter", cell: quarter },
    Column { head: "Goals begun", cell: |tally| number(tally.begun) },
    Column { head: "Goals reached", cell: |tally| number(tally.reached) },
    Column { head: "Goals let go", cell: |tally| number(tally.let_go) },
];

/// What stands where nothing is shown.
const NOTHING: &str = "–";

fn quarter(tally: &Tally) -> String {
    tally.begins_on.parse().map_or_else(|_| tally.begins_on.clone(), quarter_words)
}
fn number(count: Option<i64>) -> String {
    count.map_or_else(|| NOTHING.into(), |count| count.to_string())
}
fn points(points: Option<i64>) -> String {
    match points {
        None => NOTHING.into(),
        Some(points) if points < 0 => format!("−{}", points.unsigned_abs()),
        Some(points) => format!("+{points}"),
    }
}

async fn show(State(app): State<App>, _: Viewer) -> Result<Page> {
    let tallies = app.read(verbs::latest).await?;
    let body = html! {
        (PageHeader::new("What changed, all in all").back("How it goes, all in all", "/pulse")
            .lead("Two people who work on a goal agree now and then how far it has come. This is what whole quarters came to, over those who let it be counted.")
            .actions(html! {
                (page::audience("Those who look after this place"))
                @if !tallies.is_empty() { (Button::quiet("Take it out (CSV)").small().href("/growth/all.csv")) }
            }))
        p { strong { "This shows change, not cause." } " Nobody knows from it what would have become of the same goals otherwise: time, luck and everything else in a life change goals too. Those who let their goals be counted, and still rate them, may be those for whom it went well." }
        @if tallies.is_empty() {
            (page::empty(Icon::Leaf, "No quarter to show yet", "A quarter is counted once, when it is over. The first stands here then.", &html! {}))
        } @else {
            (chart(&tallies))
            (table("How far goals have come, by the last rating that two agreed on in the quarter", &CHANGE, &tallies))
            // Of small places it would be a table of dashes.
            @if tallies.iter().any(|tally| tally.middle.is_some()) {
                (table("Between which points of T people are", &QUARTILES, &tallies))
            }
            (table("What became of goals", &GOALS, &tallies))
        }
        (how_to_read())
    };
    Ok(Page::new("What changed, all in all", Section::Today, html! { div.growth { (body) } }))
}

fn table(caption: &str, columns: &[Column], tallies: &[Tally]) -> Markup {
    let heads: Vec<&str> = columns.iter().map(|column| column.head).collect();
    let line = |tally: &Tally| columns.iter().map(|column| html! { ((column.cell)(tally)) }).collect();
    page::table(caption, &heads, &tallies.iter().map(line).collect::<Vec<Vec<Markup>>>())
}

/// The quarters that have a number, oldest first, each with its range.
fn chart(tallies: &[Tally]) -> Markup {
    let mark = |tally: &Tally| {
        let (mean, from, to) = (tally.mean?, tally.mean_from?, tally.mean_to?);
        let begins_on: Date = tally.begins_on.parse().ok()?;
        let at = begins(begins_on).ok()?;
        // Microseconds since 1970 lose nothing that one could see.
        let at = at.as_micros() as f64;
        Some(Mark { at, when: short(begins_on), value: mean as f64, range: Some((from as f64, to as f64)), firm: true })
    };
    let marks: Vec<Mark> = tallies.iter().rev().filter_map(mark).collect();
    // As far to each side as the farthest, so that nothing is cut off and 0 is in the middle.
    let farthest = marks.iter().filter_map(|mark| mark.range).map(|(low, high)| low.abs().max(high.abs())).fold(20.0, f64::max);
    let axis = (farthest / 10.0).ceil() * 10.0;
    html! {
        @if !marks.is_empty() {
            (page::range_chart("Points of T between where it began and where it is, on average", (-axis, axis), Some(0.0), &marks, &html! {}))
        }
    }
}

/// A quarter under a point, where there is little room: “Oct–Dec 2026”.
fn short(begins_on: Date) -> String {
    let months = ["Jan–Mar", "Apr–Jun", "Jul–Sep", "Oct–Dec"];
    format!("{} {}", months[usize::from(begins_on.month().unsigned_abs() - 1) / 3], begins_on.year())
}

fn how_to_read() -> Markup {
    html! {
        (page::more("How it is counted, and how to read it", &html! {
            p { "Everybody describes what they expect in their own words, so these numbers say how far goals came against what people themselves had expected. They compare no two people and no two pairs, and say nothing of who guides well." }
            p { "Each person counts once, with the points of T (Goal Attainment Scaling, Kiresuk and Sherman 1968) between where the scales of their counted goals began and the last rating of each that was agreed in the quarter. Further or less far is a change of " (format!("{:.0}", gas::smallest_change())) " points or more: less may come from rating twice alone." }
            p { "Points of T are their average, and from and to what that might be: Student’s range of 95 in 100 (1908), with the spread between people, and never less of it than rating twice has by itself. It says how much another group of people like them might differ; it knows nothing of those who are not counted." }
            p { "Of fewer than " (FLOOR) " people nothing is shown, and no quarters of fewer than " (FOR_QUARTERS) ", so that at least " (FLOOR) " stand on each side of a number. A dash stands where there are too few, also where it could be worked out from the numbers beside it. Nothing finer is kept. A quarter is counted once, so that two looks at it cannot be held against each other." }
            p { "Only goals whose owners said that they may be are counted; those that stay between two are in no number here." }
        }))
    }
}

/// What the page shows, with a minus and a word that every spreadsheet understands.
async fn file(State(app): State<App>, _: Viewer) -> Result<Response> {
    let tallies = app.read(verbs::latest).await?;
    let columns = || CHANGE.iter().chain(QUARTILES.iter().skip(1)).chain(GOALS.iter().skip(1));
    let line = |cells: Vec<String>| cells.iter().map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(",") + "\r\n";
    let mut text = line(columns().map(|column| column.head.to_owned()).collect());
    for tally in &tallies {
        let plain = |cell: String| if cell == NOTHING { "not shown".into() } else { cell.replace('−', "-") };
        text += &line(columns().map(|column| plain((column.cell)(tally))).collect());
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"what-changed.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, text).into_response())
}
