//! Saying in two lines what one heard, and hearing whether that was it: the same for a message and for what was said in a
//! session. What is common to both is here; each keeps its own rows.

use super::relationship::Company;
use crate::error::Result;
use crate::form::Form;
use crate::page::{self, Button, Field, Icon, Tone};
use crate::refused;
use crate::viewer::{PersonId, Viewer};
use chiron_store::{Timestamp, text_enum};
use maud::{Markup, html};

text_enum!(
    /// Where a playback stands: nobody has answered it, it was right, or it was put right.
    pub PlaybackState { Waiting = "waiting", Confirmed = "confirmed", Corrected = "corrected" }
);

/// Characters of what one heard: two lines, which is the point of it.
pub const LONGEST: usize = 280;
/// Lines of what one heard.
const LINES: usize = 2;

/// What somebody heard, and what was said to that.
#[derive(Debug, Clone)]
pub struct Playback {
    pub by: PersonId,
    pub at: Timestamp,
    pub words: String,
    pub state: PlaybackState,
    pub correction: Option<String>,
    /// Who said whether that was it; nobody yet while it waits.
    pub answered_by: Option<PersonId>,
}

/// How often what was heard was right at once, in one relationship. Only those in it ever see it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Heard {
    pub confirmed: i64,
    pub corrected: i64,
}

impl Heard {
    /// As a sentence; nothing before there is anything to tell.
    pub fn words(self) -> Option<String> {
        match (self.confirmed, self.confirmed + self.corrected) {
            (_, 0) => None,
            (1, 1) => Some("Once one of you said what you heard, and it was right.".into()),
            (0, 1) => Some("Once one of you said what you heard, and it was put right: well that you asked.".into()),
            (0, all) => {
                Some(format!("Of {all} times that one of you said what you heard, it was put right each time: well that you asked."))
            }
            (right, all) if right == all => Some(format!("{all} times one of you said what you heard, and it was right each time.")),
            (right, all) => Some(format!("Of {all} times that one of you said what you heard, {right} were right at once.")),
        }
    }
}

impl std::ops::Add for Heard {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { confirmed: self.confirmed + other.confirmed, corrected: self.corrected + other.corrected }
    }
}

/// More than two lines is an answer, not a playback.
pub fn must_be_two_lines(words: &str) -> Result<()> {
    if words.lines().filter(|line| !line.trim().is_empty()).count() > LINES {
        return Err(refused!("two_lines"; "Two lines are enough: what matters most in what you heard."));
    }
    Ok(())
}

/// What was heard, and whether that was it. `waits` says for what, while nobody has answered.
pub fn shown(company: &Company, viewer: &Viewer, playback: &Playback, waits: &str) -> Markup {
    let corrected_by = playback.answered_by.map_or("Someone who has left", |by| company.called(viewer, by));
    html! {
        div.heard {
            p.heard-by { (Icon::Speech) span { (company.called(viewer, playback.by)) " heard:" } }
            (page::paragraphs(&playback.words))
            @match playback.state {
                PlaybackState::Waiting => p.muted { (waits) },
                PlaybackState::Confirmed => p { (page::tag("That is it", Tone::Laurel)) },
                PlaybackState::Corrected => div.heard-correction {
                    p.heard-by { (corrected_by) ", to put it right:" }
                    (page::paragraphs(playback.correction.as_deref().unwrap_or_default()))
                },
            }
        }
    }
}

/// Where one says what one heard; `whom` is whoever says whether that is it.
pub fn play_back_form(action: &str, form: &Form, whom: &str) -> Markup {
    html! {
        form.stack method="post" action=(action) {
            (Field::textarea("heard", "In two lines, what did you hear?").value(form.value("heard")).error(form.error("heard"))
                .hint(format!("Not an answer yet: only what {whom} meant, as you understood it. {} says whether that is it.", page::capital(whom)))
                .max(LONGEST).rows(2))
            (page::actions(&html! { (Button::primary("Ask whether that is it")) }))
        }
    }
}

/// Where one says whether that was it.
pub fn answer_form(action: &str, form: &Form) -> Markup {
    html! {
        (page::post_button(action, &[], &Button::primary("Yes, that is it").icon(Icon::Check)))
        form.stack method="post" action=(action) {
            (Field::textarea("correction", "Or put it right").value(form.value("correction")).error(form.error("correction")).max(LONGEST).rows(2).required())
            (page::actions(&html! { (Button::secondary("Put it right")) }))
        }
    }
}

/// The correction in a form; empty when it was right. Says what is to be mended.
pub fn correction(form: &mut Form) -> String {
    let correction = form.maybe_text("correction", LONGEST);
    if form.has("correction") && correction.is_empty() {
        form.refuse("correction", "Please say in a line what you meant, or press “Yes, that is it”.");
    }
    correction
}
