//! Stages in time, one under the other, as planners draw them. A list beside it says the same in words.

use maud::{Markup, html};

/// A stretch of time that ends in something to be reached.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// What the list beside it calls it by: “1”.
    pub number: usize,
    pub title: String,
    /// From when to when, in any unit that grows with time.
    pub from: f64,
    pub to: f64,
    pub reached: bool,
    /// What is to be done within it: when, and whether it is done.
    pub steps: Vec<(f64, bool)>,
}

const WIDTH: f64 = 600.0;
const LEFT: f64 = 40.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 12.0;
const ROW: f64 = 32.0;
const BOTTOM: f64 = 34.0;
/// As wide as the name of a moment, on a phone.
const WORDS: f64 = 96.0;

/// Draws stages. `now`: this moment; `names`: moments with what they are called, in order: each gets a line, and its name where
/// there is room for it.
pub fn strip(caption: &str, stages: &[Stage], now: f64, names: &[(f64, String)]) -> Markup {
    let first = stages.iter().map(|stage| stage.from).fold(f64::INFINITY, f64::min);
    let last = stages.iter().map(|stage| stage.to).fold(f64::NEG_INFINITY, f64::max);
    let across = |at: f64| {
        let share = if last > first { (at - first) / (last - first) } else { 0.5 };
        LEFT + (WIDTH - LEFT - RIGHT) * share.clamp(0.0, 1.0)
    };
    let rows = u32::try_from(stages.len()).map_or(0.0, f64::from);
    let (low, height) = (TOP + ROW * rows, TOP + ROW * rows + BOTTOM);
    let mut until = f64::NEG_INFINITY;
    let mut named = Vec::new();
    for (at, name) in names.iter().filter(|(at, _)| (first..=last).contains(at)) {
        let x = across(*at);
        let fits = x >= until && x + WORDS <= WIDTH;
        if fits {
            until = x + WORDS;
        }
        named.push((x, fits.then_some(name)));
    }
    html! {
        figure.chart.strip {
            figcaption { (caption) }
            svg viewBox={ "0 0 " (WIDTH) " " (plain(height)) } role="img" aria-label={ (caption) ". The list below says the same." } {
                @for (x, name) in &named {
                    line.grid x1=(plain(*x)) y1=(TOP) x2=(plain(*x)) y2=(plain(low)) {}
                    @if let Some(name) = name { text.axis x=(plain(*x)) y=(plain(height - 8.0)) { (name) } }
                }
                @for (place, stage) in (0_u32..).zip(stages) {
                    @let middle = TOP + ROW * (f64::from(place) + 0.5);
                    @let (from, to) = (across(stage.from), across(stage.to));
                    g.stage.reached[stage.reached] {
                        title { (stage.title) }
                        text.axis x=(LEFT - 12.0) y=(plain(middle)) dy="0.35em" text-anchor="end" { (stage.number) }
                        rect.stretch x=(plain(from)) y=(plain(middle - 7.0)) width=(plain((to - from).max(4.0))) height="14" rx="4" {}
                        @for (at, done) in &stage.steps { circle.step.done[*done] cx=(plain(across(*at))) cy=(plain(middle)) r="4" {} }
                        path.goal d={ "M" (plain(to)) " " (plain(middle - 11.0)) "l11 11l-11 11l-11-11z" } {}
                    }
                }
                @if (first..=last).contains(&now) { line.guide x1=(plain(across(now))) y1="2" x2=(plain(across(now))) y2=(plain(low)) { title { "Today" } } }
            }
        }
    }
}

fn plain(number: f64) -> String {
    format!("{number:.1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strip_of_nothing_or_of_one_day_does_not_divide_by_nothing() {
        let one = Stage { number: 1, title: "One".into(), from: 5.0, to: 5.0, reached: false, steps: vec![(5.0, true)] };
        for drawn in [strip("None", &[], 1.0, &[]), strip("One", &[one], 5.0, &[(5.0, "May".into())])] {
            let drawn = drawn.into_string();
            assert!(!drawn.contains("NaN") && !drawn.contains("inf"), "{drawn}");
        }
    }
}
