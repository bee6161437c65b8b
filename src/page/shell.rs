//! The page around a page: head, navigation, landmarks, toast, footer.

use maud::{DOCTYPE, Markup, PreEscaped, Render, html};

use super::blocks::{Tone, banner};
use super::controls::Button;
use super::fields::summed_up;
use super::icons::Icon;
use super::people::Face;
use crate::assets;

const STYLESHEET: &str = assets::url("chiron.css");
const SCRIPT: &str = assets::url("chiron.js");
const HTMX: &str = assets::url("vendor/htmx.js");
const FAVICON: &str = assets::url("icons/chiron.svg");
const TEXT_FONT: &str = assets::url("fonts/inter-latin.woff2");
const HEADING_FONT: &str = assets::url("fonts/newsreader-latin.woff2");

/// What stands around a page, apart from the page itself.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// The name people gave to this instance: "Mentoring at Hafen".
    pub place: String,
    /// Who looks; `None` before signing in.
    pub viewer: Option<FrameViewer>,
    /// Which entry of the navigation is lit.
    pub section: Section,
    /// What just happened, said once.
    pub toast: Option<Toast>,
    /// Across the top until it is dealt with: setup is unfinished, mail does not work.
    pub banner: Option<FrameBanner>,
    pub theme: Theme,
    /// Language of the page, `en` when empty.
    pub language: String,
}

#[derive(Debug, Clone, Default)]
pub struct FrameViewer {
    pub face: Face,
    /// Notifications not yet seen.
    pub unread: u64,
    /// Desks the viewer may use: (label, address).
    pub desks: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
pub struct FrameBanner {
    pub tone: Tone,
    pub sentence: String,
    /// (label, address)
    pub action: Option<(String, String)>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Section {
    #[default]
    None,
    Today,
    Find,
    Asks,
    Relationships,
    Goals,
    Notices,
    Desk,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the device says.
    #[default]
    Device,
    Light,
    Dark,
}

/// A sentence on what just happened, with a way back where there is one. `undo` is the address a POST goes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Toast {
    pub sentence: String,
    pub undo: Option<String>,
}

impl Toast {
    pub fn said(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), undo: None }
    }

    pub fn with_undo(sentence: impl Into<String>, undo: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), undo: Some(undo.into()) }
    }
}

impl Render for Toast {
    fn render(&self) -> Markup {
        html! {
            // Ten seconds is how long an undo stands; the script takes a toast away after that, unless one points at it.
            div.toast role="status" data-toast {
                (Icon::Check)
                p { (self.sentence) }
                @if let Some(undo) = &self.undo {
                    form method="post" action=(undo) { button.toast-undo type="submit" { "Undo" } }
                }
                button.toast-close type="button" data-dismiss hidden { (Icon::Cross) span.visually-hidden { "Dismiss" } }
            }
        }
    }
}

/// The navigation, in the order of the day: (section, label, address, icon).
const NAVIGATION: [(Section, &str, &str, Icon); 5] = [
    (Section::Today, "Today", "/today", Icon::Today),
    (Section::Find, "Find", "/find", Icon::Find),
    (Section::Asks, "Requests", "/asks", Icon::Letter),
    (Section::Relationships, "People", "/relationships", Icon::People),
    (Section::Goals, "Goals", "/goals", Icon::Goal),
];

/// A whole page. `title` is what the browser's tab says, before the name of the place.
pub fn shell(frame: &Frame, title: &str, body: &Markup) -> Markup {
    let theme = match frame.theme {
        Theme::Device => None,
        Theme::Light => Some("light"),
        Theme::Dark => Some("dark"),
    };
    let language = if frame.language.is_empty() { "en" } else { &frame.language };
    html! {
        (DOCTYPE)
        html lang=(language) data-theme=[theme] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                meta name="color-scheme" content="light dark";
                meta name="theme-color" content="#faf6ee" media="(prefers-color-scheme: light)";
                meta name="theme-color" content="#191613" media="(prefers-color-scheme: dark)";
                title { (title) " · " (frame.place) }
                link rel="preload" href=(TEXT_FONT) as="font" type="font/woff2" crossorigin;
                link rel="preload" href=(HEADING_FONT) as="font" type="font/woff2" crossorigin;
                link rel="stylesheet" href=(STYLESHEET);
                link rel="icon" href=(FAVICON) type="image/svg+xml";
                // Its own little stylesheet is in ours already.
                meta name="htmx-config" content=r#"{"includeIndicatorCSS":false}"#;
                // Ours is there before htmx begins to ask for things, so that it hears of each.
                script src=(SCRIPT) defer {}
                script src=(HTMX) defer {}
            }
            body {
                a.skip href="#main" { "Skip to the page" }
                (site_header(frame))
                @if let Some(above) = &frame.banner {
                    @let action = above.action.as_ref().map(|(label, href)| Button::secondary(label).small().href(href));
                    section.site-notice aria-label="From those who run this place" { (banner(above.tone, &above.sentence, action.as_ref())) }
                }
                main id="main" tabindex="-1" { (PreEscaped(summed_up(body))) }
                (site_footer(frame))
                div.toasts id="toasts" aria-live="polite" { @if let Some(toast) = &frame.toast { (toast) } }
                @if frame.viewer.is_some() {
                    // Says what has changed, as events that parts of the page wait for; without it they are as new as the page.
                    div hx-sse:connect="/live" hidden {}
                    (keys())
                }
            }
        }
    }
}

fn site_header(frame: &Frame) -> Markup {
    html! {
        header.site-header {
            div.site-header-inside {
                a.brand href="/" { (laurel()) span { (frame.place) } }
                @if let Some(viewer) = &frame.viewer {
                    nav.site-nav aria-label="Main" {
                        ul {
                            @for (section, label, href, icon) in NAVIGATION {
                                li { a href=(href) aria-current=[(section == frame.section).then_some("page")] { (icon) span { (label) } } }
                            }
                        }
                    }
                    div.site-tools {
                        (bell(viewer.unread, frame.section == Section::Notices))
                        (viewer_menu(viewer))
                    }
                } @else {
                    div.site-tools { (Button::quiet("Sign in").href("/sign-in")) }
                }
            }
        }
    }
}

/// The way to the notifications, with how many are new. It asks again for itself when a live page hears of something.
pub fn bell(unread: u64, here: bool) -> Markup {
    html! {
        a.button.quiet.icon-only.bell href="/notices" title="Notifications" aria-current=[here.then_some("page")]
            hx-get="/notices/bell" hx-trigger="touched from:body" hx-swap="outerHTML" {
            (Icon::Bell)
            span.visually-hidden { "Notifications" }
            @if unread > 0 {
                span.badge { (if unread > 99 { "99+".to_owned() } else { unread.to_string() }) span.visually-hidden { " new" } }
            }
        }
    }
}

fn viewer_menu(viewer: &FrameViewer) -> Markup {
    html! {
        details.menu.viewer-menu data-menu {
            summary { (viewer.face.medium()) span.visually-hidden { "Your menu" } }
            div.menu-panel {
                p.menu-name { (viewer.face.name) }
                a.menu-item href="/profile" { "Your profile" }
                a.menu-item href="/questions" { "Questions" }
                a.menu-item href="/actions" { "What you will do" }
                a.menu-item href="/reflections" { "Reflections" }
                a.menu-item href="/feedback" { "Feedback" }
                a.menu-item href="/wins" { "What you reached" }
                a.menu-item href="/records" { "Skills record" }
                a.menu-item href="/concerns" { "Concerns" }
                a.menu-item href="/account" { "Your account" }
                @if !viewer.desks.is_empty() {
                    hr;
                    @for (label, href) in &viewer.desks { a.menu-item href=(href) { (label) } }
                }
                hr;
                form method="post" action="/sign-out" { button.menu-item type="submit" { "Sign out" } }
            }
        }
    }
}

fn site_footer(frame: &Frame) -> Markup {
    html! {
        footer.site-footer {
            // Before it is set up, a place is called Chiron itself.
            p { @if frame.place == "Chiron" { "Chiron is " } @else { (frame.place) " runs on Chiron, " } "free software for mentoring." }
            ul {
                li { a href="/help" { "Help" } }
                li { a href="/conduct" { "How we treat each other" } }
                li { a href="/privacy" { "Privacy" } }
            }
        }
    }
}

/// The list of keys, opened by `?`.
fn keys() -> Markup {
    html! {
        (super::dialog("keys", "Keys", &html! {
            dl.keys {
                div { dt { kbd { "g" } " " kbd { "t" } } dd { "Today" } }
                div { dt { kbd { "g" } " " kbd { "f" } } dd { "Find" } }
                div { dt { kbd { "g" } " " kbd { "r" } } dd { "Requests" } }
                div { dt { kbd { "g" } " " kbd { "p" } } dd { "People" } }
                div { dt { kbd { "g" } " " kbd { "g" } } dd { "Goals" } }
                div { dt { kbd { "g" } " " kbd { "n" } } dd { "Notifications" } }
                div { dt { kbd { "/" } } dd { "Find somebody" } }
                div { dt { kbd { "?" } } dd { "This list" } }
                div { dt { kbd { "Esc" } } dd { "Close what is open" } }
            }
        }))
    }
}

/// Our sign: two laurel twigs.
fn laurel() -> Markup {
    html! {
        svg.laurel viewBox="0 0 24 24" width="28" height="28" aria-hidden="true" focusable="false" {
            path.laurel-twig d="M12 21C6.500 20 4 16.500 4 11.500 4 8.500 5 6 7 4M12 21c5.500-1 8-4.500 8-9.500 0-3-1-5.500-3-7.500" {}
            path.laurel-leaf d="M7 4c.9 1.600.8 3-.6 4.400C5.600 6.700 5.800 5.300 7 4zM4.600 8.500c-1.700.2-2.700 1.100-2.900 2.900 1.800-.1 2.800-1 2.900-2.900zM4.100 12.500c1.800.1 2.900 1 3.200 2.900-2-.1-3.100-1-3.200-2.900zM5.400 16.300c-1.700-.4-3 .1-3.900 1.700 1.800.6 3.100.1 3.900-1.700zM8.300 19.200c1.200-1.400 2.700-1.700 4.200-.7" {}
            path.laurel-leaf d="M17 4c-.9 1.600-.8 3 .6 4.400.8-1.700.6-3.100-.6-4.400zM19.400 8.500c1.700.2 2.700 1.100 2.900 2.900-1.800-.1-2.800-1-2.900-2.900zM19.900 12.500c-1.800.1-2.900 1-3.200 2.900 2-.1 3.100-1 3.200-2.900zM18.600 16.300c1.700-.4 3 .1 3.900 1.700-1.800.6-3.100.1-3.900-1.700z" {}
        }
    }
}

/// Inside a page when something went wrong or is not there: what happened, what is kept, and what to do.
pub fn sorry(title: &str, sentence: &str, what_to_do: &Markup) -> Markup {
    html! {
        div.error-page {
            span.empty-icon { (Icon::Compass) }
            h1 { (title) }
            p.lead { (sentence) }
            div.actions { (what_to_do) }
        }
    }
}
