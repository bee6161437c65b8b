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

/// A number as one would say it: no ".0".
fn plain(number: f64) -> String {
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
        ] {
            assert!(!chart.into_string().contains("NaN"));
        }
    }
}
