//! Numbers to look at: each chart is a table too, so nobody needs to see it to read it.

use maud::{Markup, html};

/// How far along: "3 of 8 agenda items".
pub fn progress(label: &str, done: u64, of: u64) -> Markup {
    html! {
        label.progress {
            span { (label) span.muted { " · " (done) " of " (of) } }
            progress value=(done) max=(of.max(1)) { (done) " of " (of) }
        }
    }
}

/// Long work whose end is not known.
pub fn working(label: &str) -> Markup {
    html! { div role="status" { label.progress { span { (label) } progress { (label) } } } }
}

const LEVELS: [&str; 5] = ["new to it", "has tried it", "does it", "does it well", "teaches it"];

/// The words of a skill level, 1 to 5.
pub fn skill_words(level: u8) -> &'static str {
    LEVELS[usize::from(level.clamp(1, 5)) - 1]
}

/// A skill and how far it is, in words first: five leaves on a twig.
pub fn skill_meter(skill: &str, level: u8) -> Markup {
    let level = level.clamp(1, 5);
    html! {
        div.skill {
            span.skill-name { (skill) }
            svg.skill-leaves viewBox="0 0 100 20" width="100" height="20" aria-hidden="true" focusable="false" {
                line.twig x1="2" y1="15" x2="98" y2="15" {}
                @for index in 0..5_u32 {
                    @let from = 8 + index * 19;
                    path.leaf.grown[index < u32::from(level)] d={ "M" (from) " 15c0-7 5-11 14-12c0 8-5 12-14 12z" } {}
                }
            }
            span.skill-words { (skill_words(level)) }
        }
    }
}

/// From where to where with a skill, as two lots of leaves on one twig: grown as far as somebody is, drawn in outline as far as
/// they want to be. What it says stands in words beside it.
pub fn skill_gap(present: Option<u8>, wanted: u8) -> Markup {
    let present = u32::from(present.unwrap_or(0).min(5));
    let wanted = u32::from(wanted.clamp(1, 5));
    html! {
        svg.skill-leaves viewBox="0 0 100 20" width="100" height="20" aria-hidden="true" focusable="false" {
            line.twig x1="2" y1="15" x2="98" y2="15" {}
            @for index in 0..5_u32 {
                @let from = 8 + index * 19;
                path.leaf.grown[index < present].wanted[index >= present && index < wanted] d={ "M" (from) " 15c0-7 5-11 14-12c0 8-5 12-14 12z" } {}
            }
        }
    }
}

/// The levels of a skill over time, each at its true distance from the others and standing until the next; the last until
/// `until`. Hollow where nobody else has seen it. The table with the same levels stands under it.
pub fn level_steps(caption: &str, marks: &[Mark], until: f64, table: &Markup) -> Markup {
    const WIDTH: f64 = 600.0;
    const HEIGHT: f64 = 190.0;
    const LEFT: f64 = 92.0;
    const RIGHT: f64 = 14.0;
    const TOP: f64 = 14.0;
    const BOTTOM: f64 = 34.0;
    let first = marks.first().map_or(0.0, |mark| mark.at);
    let across =
        |at: f64| if until > first { LEFT + 10.0 + (WIDTH - LEFT - RIGHT - 10.0) * (at - first) / (until - first) } else { LEFT + 10.0 };
    let down = |value: f64| TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - (value.clamp(1.0, 5.0) - 1.0) / 4.0);
    let mut line = String::new();
    for (place, mark) in marks.iter().enumerate() {
        let end = marks.get(place + 1).map_or(until, |next| next.at);
        line.push_str(&format!("{:.1},{:.1} {:.1},{:.1} ", across(mark.at), down(mark.value), across(end), down(mark.value)));
    }
    html! {
        figure.chart {
            figcaption { (caption) }
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label={ (caption) ". The levels are in the table below." } {
                @for level in 1..=5_u8 {
                    @let y = format!("{:.1}", down(f64::from(level)));
                    line.grid x1=(LEFT) y1=(y) x2=(WIDTH - RIGHT) y2=(y) {}
                    text.axis x=(LEFT - 8.0) y=(y) dy="0.35em" text-anchor="end" { (skill_words(level)) }
                }
                @if !marks.is_empty() { polyline.line points=(line.trim_end()) {} }
                @for mark in marks {
                    circle.point.firm[mark.firm] cx=(format!("{:.1}", across(mark.at))) cy=(format!("{:.1}", down(mark.value))) r="4.5" { title { (mark.when) } }
                }
                @if let Some(mark) = marks.first() { text.axis x=(LEFT + 10.0) y=(HEIGHT - 8.0) text-anchor="start" { (mark.when) } }
                text.axis x=(WIDTH - RIGHT) y=(HEIGHT - 8.0) text-anchor="end" { "today" }
            }
            (table)
        }
    }
}

/// How people spread over the five levels of a skill: from which level to which, and how many. The mark below stands where
/// somebody sees themselves. What it says stands in words beside it.
pub fn spread(parts: &[(u8, u8, u32)], own: u8) -> Markup {
    const STEP: u32 = 40;
    let most = parts.iter().map(|part| part.2).max().unwrap_or(1).max(1);
    let own = (u32::from(own.clamp(1, 5)) - 1) * STEP + STEP / 2;
    html! {
        svg.spread viewBox="0 0 200 64" width="200" height="64" aria-hidden="true" focusable="false" {
            @for (from, to, people) in parts {
                @let height = 44 * people / most;
                @let width = (u32::from(to.saturating_sub(*from)) + 1) * STEP;
                rect.bar x=((u32::from(*from) - 1) * STEP + 2) y=(48 - height) width=(width - 4) height=(height) rx="2" {}
            }
            line.twig x1="0" y1="48.5" x2="200" y2="48.5" {}
            path.own d={ "M" (own) " 51l5 10h-10z" } {}
        }
    }
}

/// Bars with their names and numbers: a table whose middle column is drawn.
pub fn bar_chart(caption: &str, name_of_rows: &str, name_of_numbers: &str, bars: &[(&str, f64)]) -> Markup {
    let most = bars.iter().map(|(_, number)| *number).filter(|number| number.is_finite()).fold(0.0, f64::max);
    html! {
        table.bars {
            caption { (caption) }
            thead.visually-hidden { tr { th scope="col" { (name_of_rows) } th scope="col" { (name_of_numbers) } } }
            tbody {
                @if bars.is_empty() { tr { td.muted colspan="2" { "There is nothing to show yet." } } }
                @for (name, number) in bars {
                    @let width = if most > 0.0 && number.is_finite() { (number / most * 100.0).clamp(0.0, 100.0) } else { 0.0 };
                    tr {
                        th scope="row" { (name) }
                        td {
                            div.bar-cell {
                                svg viewBox="0 0 100 10" preserveAspectRatio="none" height="12" aria-hidden="true" focusable="false" { rect.bar width=(format!("{width:.1}")) height="10" rx="1" {} }
                                span { (plain(*number)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A line over time (or over anything in order), with its table behind "as a table".
pub fn line_chart(caption: &str, name_of_points: &str, name_of_numbers: &str, points: &[(&str, f64)]) -> Markup {
    const WIDTH: f64 = 600.0;
    const HEIGHT: f64 = 180.0;
    const BOTTOM: f64 = 28.0;
    const LEFT: f64 = 36.0;
    let most = points.iter().map(|(_, number)| *number).filter(|number| number.is_finite()).fold(0.0, f64::max);
    let top = round_up(most);
    let step = (WIDTH - LEFT - 16.0) / usize_as_f64(points.len().saturating_sub(1).max(1));
    let place = |index: usize, number: f64| {
        (LEFT + usize_as_f64(index) * step, 12.0 + (HEIGHT - BOTTOM - 12.0) * (1.0 - (number / top).clamp(0.0, 1.0)))
    };
    let places: Vec<(f64, f64)> = points.iter().enumerate().map(|(index, (_, number))| place(index, *number)).collect();
    let line = places.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ");
    // A label at each point would run into the next on a phone.
    let every = points.len().div_ceil(6).max(1);
    html! {
        figure.chart {
            figcaption { (caption) }
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label={ (caption) ". The numbers are in the table below." } {
                @for share in [0.0, 0.5, 1.0] {
                    @let y = place(0, top * share).1;
                    line.grid x1=(LEFT) y1=(format!("{y:.1}")) x2=(WIDTH - 16.0) y2=(format!("{y:.1}")) {}
                    text.axis x=(LEFT - 8.0) y=(format!("{y:.1}")) dy="0.35em" text-anchor="end" { (plain(top * share)) }
                }
                polyline.line points=(line) {}
                @for (index, ((x, y), (name, number))) in places.iter().zip(points).enumerate() {
                    circle.point cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="4" { title { (name) ": " (plain(*number)) } }
                    @if index % every == 0 { text.axis x=(format!("{x:.1}")) y=(HEIGHT - 6.0) text-anchor="middle" { (name) } }
                }
            }
            (super::more("As a table", &super::table(caption, &[name_of_points, name_of_numbers], &points.iter().map(|(name, number)| vec![html! { (name) }, html! { (plain(*number)) }]).collect::<Vec<_>>())))
        }
    }
}

/// A value at a moment, and how sure it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// The moment, in any unit that grows with time.
    pub at: f64,
    /// The moment in a few words: “22 Nov 2026”.
    pub when: String,
    pub value: f64,
    /// Between which values the true one may well lie.
    pub range: Option<(f64, f64)>,
    /// Whether it is settled; what is not is drawn hollow.
    pub firm: bool,
}

/// Values over time, each at its true distance from the others, with their ranges as a band behind them. `axis`: the least
/// and the most that can be; `guide`: a value to compare with. The table with the same numbers stands under it.
pub fn range_chart(caption: &str, axis: (f64, f64), guide: Option<f64>, marks: &[Mark], table: &Markup) -> Markup {
    const WIDTH: f64 = 600.0;
    const HEIGHT: f64 = 200.0;
    const LEFT: f64 = 36.0;
    const RIGHT: f64 = 12.0;
    const TOP: f64 = 12.0;
    const BOTTOM: f64 = 32.0;
    /// Points closer than this run into one line.
    const MOST_POINTS: usize = 60;
    /// As wide as the words under a point, on a phone.
    const WORDS: f64 = 150.0;
    let (first, last) = (marks.first().map_or(0.0, |mark| mark.at), marks.last().map_or(1.0, |mark| mark.at));
    let across =
        |at: f64| if last > first { LEFT + (WIDTH - LEFT - RIGHT) * (at - first) / (last - first) } else { (LEFT + WIDTH - RIGHT) / 2.0 };
    let down = |value: f64| TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - ((value - axis.0) / (axis.1 - axis.0)).clamp(0.0, 1.0));
    let line: Vec<String> = marks.iter().map(|mark| format!("{:.1},{:.1}", across(mark.at), down(mark.value))).collect();
    let edge = |mark: &Mark, side: fn((f64, f64)) -> f64| {
        format!("{:.1},{:.1}", across(mark.at), down(side(mark.range.unwrap_or((mark.value, mark.value)))))
    };
    let band: Vec<String> =
        marks.iter().map(|mark| edge(mark, |range| range.1)).chain(marks.iter().rev().map(|mark| edge(mark, |range| range.0))).collect();
    let has_band = marks.iter().any(|mark| mark.range.is_some());
    // Names of moments that do not run into each other: the first, the last, and what fits between them.
    let end = (WIDTH - RIGHT - WORDS, WIDTH - RIGHT);
    let mut named: Vec<(&Mark, &str)> = Vec::new();
    let mut until = 0.0;
    for (place, mark) in marks.iter().enumerate() {
        let x = across(mark.at);
        if last <= first {
            named.push((mark, "middle"));
            break;
        } else if place == 0 {
            named.push((mark, "start"));
            until = x + WORDS;
        } else if place + 1 == marks.len() && until <= end.0 {
            named.push((mark, "end"));
        } else if x - WORDS / 2.0 >= until && x + WORDS / 2.0 <= end.0 {
            named.push((mark, "middle"));
            until = x + WORDS / 2.0;
        }
    }
    html! {
        figure.chart {
            figcaption { (caption) }
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label={ (caption) ". The numbers are in the table below." } {
                @for value in [axis.0, (axis.0 + axis.1) / 2.0, axis.1] {
                    line.grid x1=(LEFT) y1=(format!("{:.1}", down(value))) x2=(WIDTH - RIGHT) y2=(format!("{:.1}", down(value))) {}
                    text.axis x=(LEFT - 8.0) y=(format!("{:.1}", down(value))) dy="0.35em" text-anchor="end" { (plain(value)) }
                }
                @if has_band && marks.len() > 1 { polygon.band points=(band.join(" ")) {} }
                @if let Some(guide) = guide { line.guide x1=(LEFT) y1=(format!("{:.1}", down(guide))) x2=(WIDTH - RIGHT) y2=(format!("{:.1}", down(guide))) {} }
                @if marks.len() > 1 { polyline.line points=(line.join(" ")) {} }
                @if marks.len() <= MOST_POINTS {
                    @for mark in marks {
                        @let x = format!("{:.1}", across(mark.at));
                        @if let Some((low, high)) = mark.range { line.whisker x1=(x) y1=(format!("{:.1}", down(high))) x2=(x) y2=(format!("{:.1}", down(low))) {} }
                        circle.point.firm[mark.firm] cx=(x) cy=(format!("{:.1}", down(mark.value))) r="4" { title { (mark.when) ": " (plain(mark.value)) } }
                    }
                }
                @for (mark, anchor) in &named {
                    text.axis x=(format!("{:.1}", across(mark.at))) y=(HEIGHT - 6.0) text-anchor=(anchor) { (mark.when) }
                }
            }
            (table)
        }
    }
}

/// A number as one would say it: no ".0".
pub fn plain(number: f64) -> String {
    if (number - number.round()).abs() < 0.005 { format!("{number:.0}") } else { format!("{number:.1}") }
}

/// The next of 1, 2, 4, 5, 10, 20 ... so that the axis has round numbers, also at its half.
fn round_up(most: f64) -> f64 {
    let mut power = 1.0;
    while power * 10.0 < most {
        power *= 10.0;
    }
    [1.0, 2.0, 4.0, 6.0, 8.0, 10.0].into_iter().map(|factor| factor * power).find(|top| *top >= most).unwrap_or(1.0)
}

fn usize_as_f64(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_ends_at_a_round_number() {
        for (most, top) in [(0.0, 1.0), (1.0, 1.0), (3.0, 4.0), (7.0, 8.0), (11.0, 20.0), (99.0, 100.0), (420.0, 600.0)] {
            assert!((round_up(most) - top).abs() < 1e-9, "{most} gave {}", round_up(most));
        }
    }

    #[test]
    fn charts_of_nothing_do_not_divide_by_nothing() {
        for chart in [
            bar_chart("None", "Month", "Sessions", &[]),
            line_chart("None", "Month", "Sessions", &[]),
            line_chart("Zero", "Month", "Sessions", &[("May", 0.0)]),
            range_chart("None", (0.0, 10.0), None, &[], &html! {}),
            level_steps("None", &[], 0.0, &html! {}),
            level_steps("One", &[Mark { at: 5.0, when: "May".into(), value: 3.0, range: None, firm: true }], 5.0, &html! {}),
            range_chart(
                "One",
                (20.0, 80.0),
                Some(50.0),
                &[Mark { at: 5.0, when: "May".into(), value: 50.0, range: None, firm: true }],
                &html! {},
            ),
        ] {
            assert!(!chart.into_string().contains("NaN"));
        }
    }
}
