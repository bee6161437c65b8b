//! Choosing a time, and saying when one is free.

use maud::{Markup, html};

use super::fields::{Field, error_line, id_of};
use super::icons::Icon;

/// A time that can be taken.
#[derive(Debug, Clone)]
pub struct Slot<'a> {
    /// What the form sends.
    pub value: &'a str,
    /// "18:30", in the viewer's zone.
    pub words: &'a str,
    /// "19:30 for Tomas", when their zone differs.
    pub theirs: Option<&'a str>,
}

/// The slots of one day: "Tuesday 24 November".
#[derive(Debug, Clone)]
pub struct SlotDay<'a> {
    pub day: &'a str,
    pub slots: Vec<Slot<'a>>,
}

/// Picks one time of a few days. `zone` says whose clock is shown: "Times are yours, in Lisbon."
pub fn slot_picker(name: &str, legend: &str, zone: &str, days: &[SlotDay], chosen: &str, error: Option<&str>) -> Markup {
    picker("radio", name, legend, zone, days, |value| value == chosen, error)
}

/// The same for several times at once.
pub fn slots_picker(name: &str, legend: &str, zone: &str, days: &[SlotDay], chosen: &[&str], error: Option<&str>) -> Markup {
    picker("checkbox", name, legend, zone, days, |value| chosen.contains(&value), error)
}

fn picker(
    kind: &str,
    name: &str,
    legend: &str,
    zone: &str,
    days: &[SlotDay],
    chosen: impl Fn(&str) -> bool,
    error: Option<&str>,
) -> Markup {
    let id = id_of(name);
    html! {
        fieldset.field.slot-picker.is-wrong[error.is_some()] aria-describedby={ (id) "-zone" @if error.is_some() { " " (id) "-error" } } {
            legend { (legend) }
            p.hint id={ (id) "-zone" } { (zone) }
            @if let Some(error) = error { (error_line(name, legend, &id, error)) }
            div.slot-days {
                @for (day_index, day) in days.iter().enumerate() {
                    div.slot-day role="group" aria-label=(day.day) {
                        p.slot-day-name aria-hidden="true" { (day.day) }
                        div.slot-list {
                            @for (index, slot) in day.slots.iter().enumerate() {
                                @let slot_id = if day_index == 0 && index == 0 { id.clone() } else { format!("{id}-{day_index}-{index}") };
                                div.choice {
                                    input id=(slot_id) type=(kind) name=(name) value=(slot.value) checked[chosen(slot.value)] required[kind == "radio"];
                                    label for=(slot_id) { span.choice-label { (slot.words) } @if let Some(theirs) = slot.theirs { span.choice-more { (theirs) } } }
                                }
                            }
                            @if day.slots.is_empty() { p.muted { "Nothing free" } }
                        }
                    }
                }
            }
        }
    }
}

/// The week as a table of day parts to tick; sends `name=mon-morning` for each.
/// `days` and `parts` are (value, words); `free` tells what is ticked.
pub fn week_grid(name: &str, caption: &str, days: &[(&str, &str)], parts: &[(&str, &str)], free: impl Fn(&str, &str) -> bool) -> Markup {
    html! {
        table.week-grid {
            caption { (caption) }
            thead { tr { td {} @for (_, words) in parts { th scope="col" { (words) } } } }
            tbody {
                @for (day, day_words) in days {
                    tr {
                        th scope="row" { (day_words) }
                        @for (part, part_words) in parts {
                            @let id = id_of(&format!("{name}-{day}-{part}"));
                            td {
                                input id=(id) type="checkbox" name=(name) value={ (day) "-" (part) } checked[free(day, part)];
                                label for=(id) { span.visually-hidden { (day_words) ", " (part_words) } (Icon::Check) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The same week to read: which parts are free, without controls.
pub fn week_view(caption: &str, days: &[(&str, &str)], parts: &[(&str, &str)], free: impl Fn(&str, &str) -> bool) -> Markup {
    html! {
        table.week-grid.to-read {
            caption { (caption) }
            thead { tr { td {} @for (_, words) in parts { th scope="col" { (words) } } } }
            tbody {
                @for (day, day_words) in days {
                    tr {
                        th scope="row" { (day_words) }
                        @for (part, _) in parts {
                            td { @if free(day, part) { span.free { (Icon::Check) span.visually-hidden { "free" } } } @else { span.visually-hidden { "not free" } } }
                        }
                    }
                }
            }
        }
    }
}

/// A stretch of a weekday as typed, each part of it possibly empty or wrong.
#[derive(Debug, Clone, Default)]
pub struct FromTo<'a> {
    pub day: &'a str,
    pub from: &'a str,
    pub to: &'a str,
    pub error: Option<&'a str>,
}

/// Rows of day, from and to, for those who want to say it exactly; sends `{name}_day`, `{name}_from` and `{name}_to` once for each row.
/// Give one empty row more than there are, so that one can be added without JavaScript.
pub fn from_to_rows(name: &str, legend: &str, days: &[(&str, &str)], rows: &[FromTo]) -> Markup {
    html! {
        fieldset.field.from-to {
            legend { (legend) }
            @for (index, row) in rows.iter().enumerate() {
                @let number = index + 1;
                div.from-to-row role="group" aria-label={ "Time " (number) } {
                    (Field::select(format!("{name}_day"), "Day", std::iter::once(("", "–")).chain(days.iter().copied())).value(row.day).id(format!("f-{name}-day-{index}")))
                    (Field::time(format!("{name}_from"), "From").value(row.from).id(format!("f-{name}-from-{index}")))
                    (Field::time(format!("{name}_to"), "To").value(row.to).id(format!("f-{name}-to-{index}")).error(row.error))
                }
            }
        }
    }
}
