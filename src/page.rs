//! How Chiron looks: components as plain functions over plain values, and the page around them.
//!
//! Nothing here knows the product, the database or how a form is parsed. A slice's `pages.rs`
//! hands in names, sentences and addresses, and gets markup back. All of it is to be seen at
//! `/dev/components`. The stylesheet is `assets/chiron.css`.
//!
//! Two rules that a test keeps: no inline style and no inline script (the content security
//! policy forbids both, so a width is an SVG attribute or a class), and every page works with
//! JavaScript off (so whatever opens in place also has an address).

mod blocks;
mod charts;
mod controls;
mod fields;
mod icons;
pub mod letter;
mod people;
mod shell;
mod strip;
mod times;

pub use blocks::*;
pub use charts::*;
pub use controls::*;
pub use fields::*;
pub use icons::Icon;
pub use people::*;
pub use shell::*;
pub use strip::*;
pub use times::*;

pub use maud::{Markup, PreEscaped, Render, html};

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    const STYLESHEET: &str = include_str!("../assets/chiron.css");

    /// Each colour token as (light, dark), from `--ink: light-dark(#25211b, #efe8dc);`.
    fn colours() -> HashMap<&'static str, (&'static str, &'static str)> {
        STYLESHEET
            .lines()
            .filter_map(|line| {
                let (name, value) = line.trim().strip_prefix("--")?.split_once(": light-dark(#")?;
                let (light, rest) = value.split_once(", #")?;
                Some((name, (light, rest.split_once(')')?.0)))
            })
            .collect()
    }

    /// Relative luminance, WCAG 2.2.
    fn luminance(hex: &str) -> f64 {
        let channel = |from: usize| {
            let value = f64::from(u8::from_str_radix(&hex[from..from + 2], 16).expect("two hexadecimal digits")) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn check(pairs: &[(&str, &str)], least: f64) {
        let colours = colours();
        for (text, ground) in pairs {
            let (text_light, text_dark) = colours[text];
            let (ground_light, ground_dark) = colours[ground];
            for (theme, ratio) in [("light", contrast(text_light, ground_light)), ("dark", contrast(text_dark, ground_dark))] {
                assert!(ratio >= least, "{text} on {ground} is {ratio:.2} in {theme}, and should be {least}");
            }
        }
    }

    #[test]
    fn text_can_be_read_by_almost_everybody() {
        let grounds = ["paper", "sheet", "sunk", "laurel-tint"];
        for text in ["ink", "ink-soft", "laurel-deep"] {
            check(&grounds.map(|ground| (text, ground)), 7.0);
        }
        check(
            &[
                ("ink", "press"),
                ("laurel", "paper"),
                ("laurel", "sheet"),
                ("red", "paper"),
                ("red", "sheet"),
                ("amber", "sheet"),
                ("amber", "amber-tint"),
                ("red", "red-tint"),
                ("ink", "red-tint"),
            ],
            7.0,
        );
        check(&[("on-laurel", "laurel-fill"), ("on-laurel", "laurel-fill-deep"), ("on-red", "red-fill"), ("laurel", "laurel-tint")], 6.0);
    }

    #[test]
    fn the_edges_of_controls_can_be_seen() {
        check(&[("edge", "paper"), ("edge", "sheet"), ("laurel-fill", "paper"), ("laurel-fill", "sheet"), ("red-fill", "sheet")], 3.0);
    }

    #[test]
    fn motion_stops_for_those_who_ask() {
        assert!(STYLESHEET.contains("prefers-reduced-motion: reduce"));
    }
}
