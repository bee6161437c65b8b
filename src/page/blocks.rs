//! What a page is made of: headers, cards, rows, sentences about states and people.

use std::borrow::Cow;

use maud::{Markup, Render, html};

use super::controls::Button;
use super::icons::Icon;
use super::people::Face;

/// The top of a page: its name, one sentence, and what one can do here.
#[derive(Debug, Clone, Default)]
pub struct PageHeader<'a> {
    title: Cow<'a, str>,
    lead: Option<Cow<'a, str>>,
    back: Option<(&'a str, &'a str)>,
    actions: Option<Markup>,
}

impl<'a> PageHeader<'a> {
    pub fn new(title: impl Into<Cow<'a, str>>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// One sentence under the title.
    pub fn lead(mut self, lead: impl Into<Cow<'a, str>>) -> Self {
        self.lead = Some(lead.into());
        self
    }

    /// Where one came from.
    pub fn back(mut self, label: &'a str, href: &'a str) -> Self {
        self.back = Some((label, href));
        self
    }

    pub fn actions(mut self, actions: Markup) -> Self {
        self.actions = Some(actions);
        self
    }
}

impl Render for PageHeader<'_> {
    fn render(&self) -> Markup {
        html! {
            header.page-header {
                div {
                    @if let Some((label, href)) = self.back { a.back href=(href) { (Icon::Left) span { (label) } } }
                    h1 { (self.title) }
                    @if let Some(lead) = &self.lead { p.lead { (lead) } }
                }
                @if let Some(actions) = &self.actions { div.actions { (actions) } }
            }
        }
    }
}

/// A page about people: faces first and largest, then the title.
pub fn people_header(faces: &Markup, title: &str, lead: &str, actions: &Markup) -> Markup {
    html! {
        header.page-header.people-header {
            (faces)
            div { h1 { (title) } p.lead { (lead) } }
            div.actions { (actions) }
        }
    }
}

/// A part of a page under its own heading; `beside` stands at the end of the heading's line (an audience mark, a link).
pub fn section(title: &str, beside: &Markup, body: &Markup) -> Markup {
    html! {
        section.part {
            div.part-top { h2 { (title) } (beside) }
            (body)
        }
    }
}

/// A sheet of paper.
pub fn card(body: &Markup) -> Markup {
    html! { div.card { (body) } }
}

/// Main text with something narrower beside it: filters, facts. On a phone the aside comes first when `aside_first`.
pub fn with_aside(main: &Markup, aside: &Markup, aside_first: bool) -> Markup {
    html! { div.with-aside.aside-first[aside_first] { div.with-aside-main { (main) } aside.with-aside-side { (aside) } } }
}

/// Cards next to each other where there is room.
pub fn cards(cards: &Markup) -> Markup {
    html! { div.card-grid { (cards) } }
}

/// Something that waits for the viewer: a face, a sentence, by when, and one clear action.
pub fn need(face: Option<&Face>, sentence: &Markup, clock: Option<&Clock>, actions: &Markup) -> Markup {
    html! {
        article.card.need {
            @if let Some(face) = face { (face.large()) }
            div.need-words {
                p.need-sentence { (sentence) }
                @if let Some(clock) = clock { (clock) }
            }
            div.actions { (actions) }
        }
    }
}

/// A line in a list: all of it is the link.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    title: Cow<'a, str>,
    href: Option<Cow<'a, str>>,
    face: Option<&'a Face>,
    icon: Option<Icon>,
    text: Option<Cow<'a, str>>,
    meta: Option<Markup>,
    beside: Option<Markup>,
}

impl<'a> Row<'a> {
    pub fn new(title: impl Into<Cow<'a, str>>) -> Self {
        Self { title: title.into(), href: None, face: None, icon: None, text: None, meta: None, beside: None }
    }

    pub fn href(mut self, href: impl Into<Cow<'a, str>>) -> Self {
        self.href = Some(href.into());
        self
    }

    pub fn face(mut self, face: &'a Face) -> Self {
        self.face = Some(face);
        self
    }

    /// Instead of a face.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// A second line.
    pub fn text(mut self, text: impl Into<Cow<'a, str>>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// A third, quieter line: a time, a state, an audience mark.
    pub fn meta(mut self, meta: Markup) -> Self {
        self.meta = Some(meta);
        self
    }

    /// At the end of the line: a tag, a button.
    pub fn beside(mut self, beside: Markup) -> Self {
        self.beside = Some(beside);
        self
    }
}

impl Render for Row<'_> {
    fn render(&self) -> Markup {
        html! {
            li.row {
                @if let Some(face) = self.face { (face.medium()) } @else if let Some(icon) = self.icon { span.row-icon { (icon) } }
                div.row-words {
                    p.row-title { @if let Some(href) = &self.href { a.row-link href=(href) { (self.title) } } @else { (self.title) } }
                    @if let Some(text) = &self.text { p.row-text { (text) } }
                    @if let Some(meta) = &self.meta { div.row-meta { (meta) } }
                }
                @if let Some(beside) = &self.beside { div.row-beside { (beside) } }
            }
        }
    }
}

/// Rows (`Row`, `notice_row`) in a list.
pub fn rows(rows: &Markup) -> Markup {
    html! { ul.rows { (rows) } }
}

/// One notification: what happened, when, and a dot while it is new. Opening a new one is a POST to its address, which
/// marks it as read; one that was read is a link.
pub fn notice_row(face: Option<&Face>, sentence: &str, href: &str, when: &Markup, unread: bool) -> Markup {
    html! {
        li.row.notice.unread[unread] {
            @match face { Some(face) => (face.medium()), None => span.row-icon { (Icon::Bell) } }
            div.row-words {
                @if unread {
                    form.row-title method="post" action=(href) { button.row-link type="submit" { (sentence) span.visually-hidden { " (new)" } } }
                } @else {
                    p.row-title { a.row-link href=(href) { (sentence) } }
                }
                div.row-meta { (when) }
            }
        }
    }
}

/// When there is nothing: says so kindly, and what to do. `action` may be empty.
pub fn empty(icon: Icon, title: &str, sentence: &str, action: &Markup) -> Markup {
    html! {
        div.empty {
            span.empty-icon { (icon) }
            p.empty-title { (title) }
            p { (sentence) }
            @if !action.0.is_empty() { div.actions { (action) } }
        }
    }
}

/// Who can see what is beside it: `audience("Only you and Tomas")`.
pub fn audience(who: &str) -> Markup {
    html! { span.audience { (Icon::Eye) span { span.visually-hidden { "Who can see this: " } (who) } } }
}

/// As `audience`, for what only the viewer sees.
pub fn audience_me() -> Markup {
    html! { span.audience { (Icon::Lock) span { span.visually-hidden { "Who can see this: " } "Only you" } } }
}

/// How a state or a fact feels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// A fact.
    Plain,
    /// Good, or what one can do.
    Laurel,
    /// Needs you.
    Amber,
    /// Harm.
    Red,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Tone::Plain => "plain",
            Tone::Laurel => "laurel",
            Tone::Amber => "amber",
            Tone::Red => "red",
        }
    }
}

/// A word or two on a state: "trying out", "waiting for you".
pub fn tag(words: &str, tone: Tone) -> Markup {
    html! { span class={ "tag " (tone.class()) } { (words) } }
}

/// Tags with what somebody knows or wants.
pub fn tags<'a>(words: impl IntoIterator<Item = &'a str>) -> Markup {
    html! { ul.tags { @for word in words { li.tag.plain { (word) } } } }
}

/// An obligation and when it is due: both sides see the same one.
#[derive(Debug, Clone)]
pub struct Clock<'a> {
    /// "Tomas usually answers in two days".
    pub sentence: &'a str,
    /// "until Friday 14:00".
    pub due: &'a str,
    /// The same, for machines: `2026-11-27T13:00:00Z`.
    pub due_at: &'a str,
    /// Amber when it needs the viewer, red when it is late, else plain.
    pub tone: Tone,
}

impl Render for Clock<'_> {
    fn render(&self) -> Markup {
        html! {
            p class={ "clock " (self.tone.class()) } {
                (Icon::Clock)
                span { (self.sentence) " · " time datetime=(self.due_at) { (self.due) } }
            }
        }
    }
}

/// A moment. With JavaScript it reads "two hours ago" and keeps counting; `words` is what stands there before.
pub fn moment(at: &str, words: &str) -> Markup {
    html! { time datetime=(at) data-relative title=(words) { (words) } }
}

/// A step of something that happened or will.
#[derive(Debug, Clone)]
pub struct TimelineItem<'a> {
    pub when: Markup,
    pub title: &'a str,
    pub body: Option<Markup>,
    pub state: Passed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passed {
    Done,
    Now,
    Ahead,
}

/// What happened and what comes, in order.
pub fn timeline(items: &[TimelineItem]) -> Markup {
    html! {
        ol.timeline {
            @for item in items {
                @let (class, words) = match item.state { Passed::Done => ("done", "Done: "), Passed::Now => ("now", "Now: "), Passed::Ahead => ("ahead", "Ahead: ") };
                li class=(class) {
                    p.timeline-when { (item.when) }
                    p.timeline-title { span.visually-hidden { (words) } (item.title) }
                    @if let Some(body) = &item.body { div.timeline-body { (body) } }
                }
            }
        }
    }
}

/// Where one is in a guided form, counted from 0.
pub fn steps(names: &[&str], now: usize) -> Markup {
    html! {
        nav.steps aria-label="Steps" {
            p.steps-short { "Step " (now + 1) " of " (names.len()) @if let Some(name) = names.get(now) { ": " strong { (name) } } }
            ol {
                @for (index, name) in names.iter().enumerate() {
                    li class=[(index <= now).then_some(if index < now { "done" } else { "now" })] aria-current=[(index == now).then_some("step")] {
                        span.step-dot { @if index < now { (Icon::Check) } @else { (index + 1) } }
                        span { (name) @if index < now { span.visually-hidden { " (done)" } } }
                    }
                }
            }
        }
    }
}

/// The parts of one thing: (label, address, how many or 0). Each is a page.
pub fn tabs(label: &str, parts: &[(&str, &str, u64)], now: usize) -> Markup {
    html! {
        nav.tabs aria-label=(label) {
            ul {
                @for (index, (name, href, count)) in parts.iter().enumerate() {
                    li { a href=(href) aria-current=[(index == now).then_some("page")] { (name) @if *count > 0 { " " span.badge { (count) } } } }
                }
            }
        }
    }
}

/// Names and their values.
pub fn facts(facts: &[(&str, Markup)]) -> Markup {
    html! {
        dl.facts { @for (name, value) in facts { div { dt { (name) } dd { (value) } } } }
    }
}

/// A sentence across the page: setup is unfinished, mail does not work, this is a trial.
pub fn banner(tone: Tone, sentence: &str, action: Option<&Button>) -> Markup {
    html! {
        div class={ "banner " (tone.class()) } {
            @if matches!(tone, Tone::Amber | Tone::Red) { (Icon::Warning) } @else { (Icon::Info) }
            p { (sentence) }
            @if let Some(action) = action { (action) }
        }
    }
}

/// An ask as the letter it is: what was asked and what was written, from whom, and when.
pub fn letter_sheet(from: &Face, to: &str, when: &Markup, parts: &[(&str, &str)]) -> Markup {
    html! {
        article.letter {
            header { (from.medium()) div { p.letter-from { (from.name) } p.muted { "to " (to) " · " (when) } } }
            @for (question, answer) in parts {
                section { h3 { (question) } (paragraphs(answer)) }
            }
            p.letter-sign { (from.name) }
        }
    }
}

/// As much of a text as a choice in a list has room for, in characters.
pub const ONE_LINE: usize = 70;

/// A text cut to so many characters, at the end of a word.
pub fn shortened(text: &str, most: usize) -> String {
    /// Bytes.
    const LONG_WORD: usize = 30;
    let Some((at, next)) = text.char_indices().nth(most) else { return text.to_owned() };
    let cut = &text[..at];
    // A word that was cut goes, unless it is so long that it may be a sentence in a script without spaces.
    let words = match cut.rfind(char::is_whitespace) {
        Some(space) if !next.is_whitespace() && cut.len() - space <= LONG_WORD => &cut[..space],
        _ => cut,
    };
    format!("{}…", words.trim_end())
}

/// The same with its first letter large.
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Words of a person, with their line breaks and nothing else.
pub fn paragraphs(text: &str) -> Markup {
    html! {
        @for paragraph in text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
            p.written { (paragraph) }
        }
    }
}

/// Words somebody said, and who.
pub fn quotation(text: &str, who: &str) -> Markup {
    html! { figure.quotation { blockquote { (paragraphs(text)) } figcaption { (who) } } }
}

/// Code, or a command to type.
pub fn code_block(text: &str) -> Markup {
    html! { pre.code tabindex="0" { code { (text) } } }
}

/// To the pages before and after; `None` where there is none.
pub fn pagination(before: Option<&str>, after: Option<&str>, here: &str) -> Markup {
    html! {
        nav.pagination aria-label="Pages" {
            @if let Some(href) = before { a.button.quiet rel="prev" href=(href) { (Icon::Left) span { "Newer" } } } @else { span {} }
            span.muted { (here) }
            @if let Some(href) = after { a.button.quiet rel="next" href=(href) { span { "Older" } (Icon::Right) } } @else { span {} }
        }
    }
}

/// Says more when asked.
pub fn more(summary: &str, body: &Markup) -> Markup {
    more_open(summary, false, body)
}

/// The same, open from the start where something in it is to be seen.
pub fn more_open(summary: &str, open: bool, body: &Markup) -> Markup {
    html! { details.more open[open] { summary { (Icon::Right) span { (summary) } } div { (body) } } }
}

/// A table of rows; the first cell of each is its heading. On a phone it scrolls inside its own frame.
pub fn table(caption: &str, heads: &[&str], rows: &[Vec<Markup>]) -> Markup {
    html! {
        div.table role="region" aria-label=(caption) tabindex="0" {
            table {
                caption { (caption) }
                thead { tr { @for head in heads { th scope="col" { (head) } } } }
                tbody {
                    @for row in rows {
                        tr { @for (index, cell) in row.iter().enumerate() { @if index == 0 { th scope="row" { (cell) } } @else { td { (cell) } } } }
                    }
                }
            }
        }
    }
}
