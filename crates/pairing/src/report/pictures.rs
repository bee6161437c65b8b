//! The pictures of the report, as SVG inside the page. Each stands beside the same in numbers.

use super::words::number;
use crate::frontier::Point;
use crate::round::Outcome;
use crate::sheets::Told;
use maud::{Markup, html};

/// Which colour is what.
pub fn legend(outcome: &Outcome<'_>) -> Markup {
    let terms: Vec<(String, u16)> = outcome.scoring.terms().map(|(kind, weight)| (kind.label(), weight)).collect();
    html! { ul.legend { @for (at, (label, weight)) in terms.iter().enumerate() { li { i class={ "k" (at % 8) } {} (label) " " span.quiet { "weight " (weight) } } } } }
}

/// The parts of a score behind each other, on a ground as wide as the highest score.
pub fn bar(pair: &Told) -> Markup {
    let mut from = 0;
    let mut parts = Vec::with_capacity(pair.parts.len());
    for (at, part) in pair.parts.iter().enumerate().filter(|(_, part)| part.points > 0) {
        parts.push((at % 8, from, part.points, part.unsaid));
        from += part.points;
    }
    html! {
        svg.bar viewBox="0 0 10000 100" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            @for (colour, x, width, unsaid) in parts { rect class={ "k" (colour) @if unsaid { " unsaid" } } x=(x) width=(width) height="100" {} }
        }
    }
}

/// A mark for each seat, filled where somebody sits; in numbers when there are many.
pub fn seats(taken: usize, seats: usize) -> Markup {
    html! {
        span.seats {
            @if (1..=12).contains(&seats) {
                svg viewBox={ "0 0 " (seats * 12) " 10" } width=(seats * 12) height="10" aria-hidden="true" focusable="false" {
                    @for at in 0..seats { circle.taken[at < taken] cx=(at * 12 + 5) cy="5" r="4" {} }
                }
                " "
            }
            (taken) " of " (seats)
        }
    }
}

/// How many of a group, as a line.
pub fn share(of: usize, all: usize) -> Markup {
    html! {
        svg.share viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            rect width=(of * 100 / all.max(1)) height="10" {}
        }
    }
}

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 260.0;
const LEFT: f64 = 52.0;
const BOTTOM: f64 = 44.0;
const TOP: f64 = 22.0;
const RIGHT: f64 = 28.0;

/// People matched over mean score; a mark is as large as its worst pair is good.
pub fn frontier(points: &[Point]) -> Markup {
    let means: Vec<f64> = points.iter().map(|point| f64::from(point.mean)).collect();
    let matched: Vec<f64> = points.iter().map(|point| point.matched as f64).collect();
    let (across, up) = (Scale::of(&means, 100.0), Scale::of(&matched, 1.0));
    let x = |mean: f64| LEFT + across.at(mean) * (WIDTH - LEFT - RIGHT);
    let y = |matched: f64| HEIGHT - BOTTOM - up.at(matched) * (HEIGHT - BOTTOM - TOP);
    let size = |worst: i32| 5.0 + 9.0 * f64::from(worst.clamp(0, 10_000)) / 10_000.0;
    html! {
        figure {
            svg.frontier viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label="Ways to decide: mean score across, people matched upwards. The table below says the same." {
                @for step in up.steps() { line.grid x1=(LEFT) x2=(WIDTH - RIGHT) y1=(one(y(step))) y2=(one(y(step))) {} text.axis x=(LEFT - 8.0) y=(one(y(step) + 4.0)) text-anchor="end" { (number(step as i64)) } }
                @for step in across.steps() { text.axis x=(one(x(step))) y=(HEIGHT - BOTTOM + 20.0) text-anchor="middle" { (number(step as i64)) } }
                line.axis-line x1=(LEFT) x2=(WIDTH - RIGHT) y1=(HEIGHT - BOTTOM) y2=(HEIGHT - BOTTOM) {}
                text.axis x=(WIDTH - RIGHT) y=(HEIGHT - 6.0) text-anchor="end" { "mean score →" }
                text.axis x="4" y="12" { "↑ people matched" }
                @for point in points { circle.point.chosen[point.chosen] cx=(one(x(f64::from(point.mean)))) cy=(one(y(point.matched as f64))) r=(one(size(point.worst))) { title { (point.way) ": " (point.matched) " matched, mean " (number(point.mean.into())) ", worst " (number(point.worst.into())) } } }
            }
            figcaption { "A larger mark has a better worst pair." }
        }
    }
}

fn one(number: f64) -> String {
    format!("{number:.1}")
}

/// From a round number below the least to one above the greatest.
struct Scale {
    low: f64,
    high: f64,
    step: f64,
}

impl Scale {
    fn of(numbers: &[f64], least_step: f64) -> Self {
        let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
        let high = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut step = least_step;
        for factor in [2.0, 2.5, 2.0].into_iter().cycle().take(30) {
            if (high - low) / step <= 4.0 {
                break;
            }
            step *= factor;
        }
        if least_step >= 1.0 {
            step = step.ceil();
        }
        let (low, high) = ((low / step).floor() * step, (high / step).ceil() * step);
        let (low, high) = if high > low { (low, high) } else { ((low - step).max(0.0), low + step) };
        Self { low, high, step }
    }

    fn at(&self, number: f64) -> f64 {
        ((number - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    fn steps(&self) -> Vec<f64> {
        (0..=8).map(|at| self.low + f64::from(at) * self.step).take_while(|step| *step <= self.high + self.step / 2.0).collect()
    }
}
