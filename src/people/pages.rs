//! Someone's page, as others see it; the public one, for those who chose to have one; and their photo.

use super::profile::{Profile, Room, STYLES, on_clock_of, style_words, time_words};
use super::{said, verbs};
use crate::app::App;
use crate::error::{Error, Result};
use crate::page::{self, Button, Face, Icon, Markup, Section, Tone, html};
use crate::skills::{self, Graph};
use crate::slices::PROFILE_PARTS;
use crate::viewer::{PersonId, Viewer};
use crate::web::{Indexing, MaybeViewer, Page};
use crate::{markdown, people::OpenTo};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chiron_store::Timestamp;
use jiff::tz::TimeZone;
use std::sync::Arc;

/// What a profile page is made of, read in one snapshot.
struct Sheet {
    profile: Profile,
    graph: Arc<Graph>,
    /// What slices below this one add.
    parts: Vec<Markup>,
    viewer: Option<Viewer>,
    now: Timestamp,
}

pub async fn person(State(app): State<App>, viewer: Viewer, Path(id): Path<String>) -> Result<Page> {
    let id: PersonId = id.parse().map_err(|_| Error::NotFound)?;
    let sheet = app
        .read(move |tx| {
            let profile = verbs::see(tx, &viewer, id)?;
            sheet(tx, profile, Some(&viewer))
        })
        .await?;
    Ok(Page::new(sheet.profile.shown.name.clone(), Section::None, sheet.view()))
}

pub async fn public(State(app): State<App>, MaybeViewer(viewer): MaybeViewer, Path(slug): Path<String>) -> Result<Page> {
    let sheet = app
        .read(move |tx| {
            let profile = verbs::see_public(tx, &slug)?;
            sheet(tx, profile, viewer.as_ref())
        })
        .await?;
    let indexing = if sheet.profile.shown.public_indexed { Indexing::Allowed } else { Indexing::Refused };
    Ok(Page::new(sheet.profile.shown.name.clone(), Section::None, sheet.view_public()).shared(indexing))
}

pub async fn photo(State(app): State<App>, MaybeViewer(viewer): MaybeViewer, Path(name): Path<String>) -> Result<Response> {
    let jpeg = app.read(move |tx| verbs::photo(tx, viewer.as_ref(), &name)).await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        // The name is made from the bytes. Private, because who may see it is asked each time.
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("inline; filename=\"photo.jpg\"")),
    ];
    Ok((headers, jpeg).into_response())
}

fn sheet(tx: &mut crate::app::Tx, profile: Profile, viewer: Option<&Viewer>) -> Result<Sheet> {
    let mut parts = Vec::new();
    for part in PROFILE_PARTS {
        parts.extend(part(tx, viewer, profile.shown.person)?);
    }
    Ok(Sheet { graph: skills::graph_here(tx)?, parts, viewer: viewer.cloned(), now: tx.now(), profile })
}

/// A person's face as pages draw it.
pub fn face_of(profile: &Profile) -> Face {
    let photo = profile.shown.photo.as_ref().map(|name| format!("/photos/{name}"));
    Face::new(profile.shown.name.clone(), photo, profile.shown.person.to_string())
}

impl Sheet {
    fn is_own(&self) -> bool {
        self.viewer.as_ref().is_some_and(|viewer| viewer.is(self.profile.shown.person))
    }

    fn view(&self) -> Markup {
        html! {
            article.profile {
                (self.header(&self.actions()))
                (self.not_now_banner())
                (page::with_aside(&self.main(), &self.aside(), false))
            }
        }
    }

    /// The same for everyone: no clock but theirs, no buttons but the door, where there is something to come in for. Marked up in the words of schema.org.
    fn view_public(&self) -> Markup {
        let here = format!("/people/{}", self.profile.shown.person);
        let door = html! {
            @if self.is_own() {
                (Button::secondary("Change what is shown here").href("/profile/public").icon(Icon::Pencil))
            } @else if self.viewer.is_some() {
                (Button::primary("See the whole profile").href(&here))
            } @else if !self.profile.open_to.is_empty() {
                (Button::primary("Sign in to ask for help").href(&format!("/sign-in?next={here}")).icon(Icon::Door))
            }
        };
        html! {
            article.profile itemscope itemtype="https://schema.org/Person" {
                (self.header(&door))
                (page::with_aside(&self.main(), &self.aside(), false))
            }
        }
    }

    fn header(&self, actions: &Markup) -> Markup {
        let shown = &self.profile.shown;
        // The large word is what one would call them; what stands before it, a title perhaps, stays where it is.
        let first = self.profile.first_name();
        let (before, rest) = shown.name.split_once(first).unwrap_or(("", ""));
        html! {
            header.page-header.people-header.profile-header {
                (face_of(&self.profile).huge())
                div {
                    h1 itemprop="name" { (before) span.first-name { (first) } (rest) }
                    @if !shown.pronouns.is_empty() { p.muted { (shown.pronouns) } }
                    @if !shown.headline.is_empty() { p.lead itemprop="jobTitle" { (shown.headline) } }
                }
                div.actions { (actions) }
            }
        }
    }

    fn actions(&self) -> Markup {
        let (profile, first) = (&self.profile, self.profile.first_name());
        if self.is_own() {
            return html! { (Button::secondary("Edit your profile").href("/profile").icon(Icon::Pencil)) };
        }
        let person = profile.shown.person;
        html! {
            @if profile.takes_asks(self.now) {
                (Button::primary(&format!("Ask {first} for help")).href(&format!("/asks/new?to={person}")).icon(Icon::Letter))
            }
            @if profile.takes_questions(self.now) {
                (Button::secondary("Ask one question").href(&format!("/questions/new?to={person}")).icon(Icon::Speech))
            }
        }
    }

    fn not_now_banner(&self) -> Markup {
        let first = self.profile.first_name();
        html! {
            @if let Some(until) = self.profile.not_now(self.now) {
                @let day = self.viewer.as_ref().map_or_else(String::new, |viewer| viewer.day(until));
                @if self.is_own() {
                    (page::banner(Tone::Plain, &format!("You said “not now” until {day}. Nobody can ask you before."), Some(&Button::quiet("Change that").href("/profile/time").small())))
                } @else {
                    (page::banner(Tone::Plain, &format!("{first} takes no new requests until {day}."), None))
                }
            }
        }
    }

    fn main(&self) -> Markup {
        let profile = &self.profile;
        let nothing =
            profile.shown.story.is_empty() && profile.offered.is_empty() && profile.wanted.is_empty() && profile.experiences.is_empty();
        html! {
            @if nothing && self.is_own() {
                (page::empty(Icon::Leaf, "Nothing here yet, and that is fine", "A line on what you can help with is enough for others to find you.", &html! { (Button::primary("Write a few words").href("/profile")) }))
            }
            @if !profile.offered.is_empty() { (page::section("Can help with", &html! {}, &self.levels(true))) }
            @if !profile.experiences.is_empty() { (page::section("Has done", &html! {}, &self.has_done())) }
            @if !profile.shown.story.is_empty() {
                (page::section(&format!("About {}", profile.first_name()), &html! {}, &html! { div itemprop="description" dir="auto" { (markdown::prose(&profile.shown.story)) } }))
            }
            (self.how_i_work())
            @if !profile.credentials.is_empty() { (page::section("Credentials", &html! {}, &self.credentials())) }
            @if !profile.wanted.is_empty() { (page::section("Wants to learn", &html! {}, &self.levels(false))) }
            @for part in &self.parts { (part) }
        }
    }

    fn levels(&self, offered: bool) -> Markup {
        let skills = if offered { &self.profile.offered } else { &self.profile.wanted };
        html! {
            ul.skill-list {
                @for skill in skills {
                    @let name = self.graph.by_id(&skill.skill).map_or(skill.skill.as_str(), |known| &known.name);
                    li itemprop=[offered.then_some("knowsAbout")] { (page::skill_meter(name, skill.level.clamp(1, 5) as u8)) }
                }
            }
        }
    }

    fn has_done(&self) -> Markup {
        html! { ul.has-done { @for one in &self.profile.experiences { li dir="auto" { (Icon::Leaf) span { (page::capital(&one.sentence())) } } } } }
    }

    fn how_i_work(&self) -> Markup {
        let shown = &self.profile.shown;
        let styles = [shown.directive_facilitative, shown.support_challenge, shown.structured_emergent];
        let methods: Vec<&str> = self.profile.methods().collect();
        if styles.iter().all(Option::is_none) && methods.is_empty() && shown.how_i_work.is_empty() && shown.supervision.is_empty() {
            return html! {};
        }
        let body = html! {
            @if !shown.how_i_work.is_empty() { (page::quotation(&shown.how_i_work, self.profile.first_name())) }
            @if styles.iter().any(Option::is_some) {
                div.styles {
                    @for (at, value) in styles.iter().enumerate() {
                        @if let Some(value) = value { (style_scale(at, *value)) }
                    }
                }
            }
            @if !methods.is_empty() { (page::tags(methods)) }
            @if !shown.supervision.is_empty() { p.muted { "Supervision: " (shown.supervision) } }
        };
        page::section(&format!("How {} works", self.profile.first_name()), &html! {}, &page::card(&body))
    }

    fn credentials(&self) -> Markup {
        html! {
            ul.credentials {
                @for one in &self.profile.credentials {
                    @let expired = one.is_expired(self.now);
                    li.expired[expired] itemprop="hasCredential" itemscope itemtype="https://schema.org/EducationalOccupationalCredential" {
                        p.credential-title {
                            @match &one.link {
                                Some(link) => a href=(link) rel="nofollow noopener" itemprop="url" { span itemprop="name" { (one.title) } },
                                None => span itemprop="name" { (one.title) },
                            }
                            @if expired { " " (page::tag("expired", Tone::Plain)) }
                        }
                        p.muted {
                            (one.issuer)
                            @if let Some(issued) = one.issued_on.as_deref().and_then(month) { " · since " (issued) }
                            @if let Some(until) = one.expires_on.as_deref().and_then(month) { @if expired { " · ended " (until) } @else { " · good until " (until) } }
                        }
                    }
                }
            }
        }
    }

    fn aside(&self) -> Markup {
        let (profile, shown) = (&self.profile, &self.profile.shown);
        let mut facts: Vec<(&str, Markup)> = Vec::new();
        if !profile.open_to.is_empty() {
            facts.push(("Open to", html! { (self.open_to()) }));
        }
        match profile.room(self.now) {
            Room::Free(1) => facts.push(("Room", html! { "One place free" })),
            Room::Free(places) => facts.push(("Room", html! { (places) " places free" })),
            Room::Full => facts.push(("Room", html! { "No place free just now" })),
            Room::NotNow(_) | Room::NotOffered => {}
        }
        if !profile.open_to.is_empty() {
            let reply = profile.usual_reply.map_or_else(|| "too little history yet".to_owned(), |time| format!("in {}", said(time)));
            facts.push(("Usually answers", html! { (reply) }));
        }
        if let Some(fee) = &shown.fee {
            facts.push(("Fee", html! { (fee) }));
        } else if profile.open_to.iter().any(|role| *role != OpenTo::Question) {
            facts.push(("Fee", html! { "None" }));
        }
        if shown.minutes_a_week > 0 {
            facts.push(("Time", html! { (time_words(shown.minutes_a_week)) " a week" }));
        }
        if !profile.languages.is_empty() {
            facts.push(("Talks in", html! { span itemprop="knowsLanguage" { (profile.language_names().join(", ")) } }));
        }
        if let Some(country) = profile.country_name() {
            facts.push(("Lives in", html! { span itemprop="homeLocation" { (country) } }));
        }
        html! {
            @if !facts.is_empty() { (page::facts(&facts)) }
            @if !profile.hours.is_empty() { (self.hours()) }
        }
    }

    fn open_to(&self) -> String {
        let words: Vec<&str> = self
            .profile
            .open_to
            .iter()
            .map(|role| match role {
                OpenTo::Mentor => "being a mentor",
                OpenTo::Coach => "being a coach",
                OpenTo::Peer => "learning together",
                OpenTo::Question => "answering a question",
            })
            .collect();
        words.join(", ")
    }

    fn hours(&self) -> Markup {
        let theirs = self.profile.time_zone();
        let clock = self.viewer.as_ref().filter(|_| !self.is_own()).map_or_else(|| theirs.clone(), |viewer| viewer.zone.clone());
        let first = self.profile.first_name();
        html! {
            section.part {
                h2 { "Usually free" }
                ul.free-times {
                    @for time in on_clock_of(&self.profile.hours, &theirs, &clock, self.now) {
                        li { (time.yours) @if let Some(theirs) = &time.theirs { span.muted { (theirs) " for " (first) } } }
                    }
                }
                p.muted { @if self.viewer.is_some() && !self.is_own() { "Times are yours, " (zone_words(&clock)) "." } @else { "Times are by the clock of " (zone_words(&theirs)) "." } }
            }
        }
    }
}

/// A scale without numbers: its two words, a line, and a leaf where the person stands.
fn style_scale(at: usize, value: i64) -> Markup {
    let (_, title, low, high) = STYLES[at];
    let short = |words: &'static str| words.split(':').next().unwrap_or(words);
    html! {
        div.style-scale {
            p { (title) ": " strong { (style_words(at, value)) } }
            div.style-line aria-hidden="true" {
                span { (short(low)) }
                svg viewBox="0 0 120 12" width="120" height="12" focusable="false" {
                    line x1="6" y1="6" x2="114" y2="6" {}
                    circle cx=(6 + value.clamp(0, 100) * 108 / 100) cy="6" r="5" {}
                }
                span { (short(high)) }
            }
        }
    }
}

pub fn zone_words(zone: &TimeZone) -> String {
    zone.iana_name().unwrap_or("UTC").rsplit('/').next().unwrap_or("UTC").replace('_', " ")
}

/// “2026-11-30” as “30 November 2026”.
fn month(day: &str) -> Option<String> {
    let day: jiff::civil::Date = day.parse().ok()?;
    Some(day.strftime("%-d %B %Y").to_string())
}
