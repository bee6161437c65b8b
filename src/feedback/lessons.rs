//! Two short lessons, in giving feedback and in receiving it. Our own words, in the public domain (CC0).

use crate::page;
use maud::{Markup, html};

pub static GIVING: &[(&str, &str)] = &[
    (
        "Begin with what it is for.",
        "It is for the next time, not for settling the last. If nothing in it can be done by the other, keep it.",
    ),
    ("Name one moment.", "One that both of you remember. “Always” and “never” cannot be looked at together."),
    (
        "Say what you saw and heard.",
        "As somebody would who only watched. What you believe they meant is a guess, and they will argue with the guess.",
    ),
    ("Say what it did.", "To you, to the work, to others. Of that you are the one who knows."),
    ("Say one thing for next time.", "Small enough to be tried within a week."),
    ("Praise in the same way.", "“Well done” pleases and teaches nothing. “You waited, and then she said it herself” can be done again."),
];

pub static RECEIVING: &[(&str, &str)] = &[
    ("Read it to the end, then wait a little.", "The first answer that comes to mind is usually a defence. Nobody asks you to agree."),
    ("Say what you heard.", "In your own words, before you say anything to it. Many a quarrel ends there."),
    ("Ask for the moment.", "If you cannot see it, ask when it was and what you did. That is no objection."),
    ("Thank them.", "It cost them something, whatever it is worth to you."),
    (
        "Choose one of four.",
        "Try it, and say when. Park it until a day. Decline it, and say why. Or it is done already. Each is honest; silence is not an answer.",
    ),
    ("Tell them what came of it.", "Whoever hears that will speak up again."),
];

/// One of them on a page, open where it is for the first time.
pub fn lesson(title: &str, points: &[(&str, &str)], open: bool) -> Markup {
    page::more_open(title, open, &html! { (list(points)) p.muted { "Two minutes. You may as well skip it." } })
}

pub fn list(points: &[(&str, &str)]) -> Markup {
    html! { ol.lesson { @for (rule, why) in points { li { strong { (rule) } " " (why) } } } }
}
