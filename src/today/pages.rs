//! Today, and the pages that anyone may read.

use super::first_days::FirstSteps;
use super::verbs::{self, Today};
use crate::app::App;
use crate::asks::{self, WaitEstimate};
use crate::error::Result;
use crate::logins::{self, Joining};
use crate::page::{self, Button, Clock, Icon, Markup, PageHeader, Row, Section, Tone, html};
use crate::people::first_name;
use crate::slices::Need;
use crate::viewer::Viewer;
use crate::web::{Go, Indexing, MaybeViewer, Page};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chiron_store::Timestamp;

pub async fn start(State(app): State<App>, MaybeViewer(viewer): MaybeViewer) -> Result<Response> {
    if viewer.is_some() {
        return Ok(Go::to("/today").into_response());
    }
    let (joining, wait) = app.read(|tx| Ok((logins::verbs::joining(tx)?, asks::verbs::estimate(tx)?))).await?;
    let place = app.place();
    Ok(Page::new("Welcome", Section::None, welcome(&place.name, place.set_up, joining, &wait)).shared(Indexing::Allowed).into_response())
}

pub async fn today(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    let now = app.now();
    let today = app
        .read({
            let viewer = viewer.clone();
            move |tx| verbs::today(tx, &viewer)
        })
        .await?;
    Ok(Page::new("Today", Section::Today, drawn(&viewer, &today, now)))
}

pub async fn help(State(app): State<App>) -> Page {
    Page::new("Help", Section::None, helping(&app.place().name)).shared(Indexing::Refused)
}

pub async fn privacy(State(app): State<App>) -> Page {
    Page::new("Who can see what", Section::None, who_sees_what(&app.place().name)).shared(Indexing::Refused)
}

fn welcome(place: &str, set_up: bool, joining: Joining, wait: &WaitEstimate) -> Markup {
    if !set_up {
        return html! {
            (PageHeader::new("This place has not been set up yet"))
            p { "Whoever runs it finds a link for that where Chiron was started. It works once." }
        };
    }
    let open = joining == Joining::Open;
    html! {
        (PageHeader::new(place).lead("Find someone who has done what you want to do, and ask them for help."))
        div.welcome {
            p { "You say what you want to learn. You see a few people who can help, why, and how soon they usually answer. You write to one of them; if they cannot, you are told, and the next one is asked if you like. Nobody waits without an end." }
            @if let Some(wait) = wait.known() { p { strong { (wait) } } }
            p { "It goes the other way too: you may have done what somebody else is about to try. You decide what you can be asked for, how often, and when not." }
            p {
                @if open { "Joining takes a name and an address. There is no password to think of: a link signs you in." }
                @else { "This place is open to people who were invited. If you have an invitation, use its link; if you have been here before, sign in." }
            }
            (page::actions(&html! {
                @if open { (Button::primary("Join").href("/join")) (Button::secondary("Sign in").href("/sign-in")) }
                @else { (Button::primary("Sign in").href("/sign-in")) }
            }))
            p.muted { a href="/privacy" { "Who can see what" } ", in plain words." }
        }
    }
}

fn drawn(viewer: &Viewer, today: &Today, now: Timestamp) -> Markup {
    let name = first_name(&viewer.name);
    html! {
        (PageHeader::new(format!("Hello {name}")).lead(viewer.day(now)))
        div.today id="today" hx-get="/today" hx-select="#today" hx-swap="outerHTML" hx-trigger="touched from:body delay:300ms" {
            @if let Some(steps) = &today.first_steps { (first_steps(*steps)) }
            @if today.needs.is_empty() && today.first_steps.is_none() {
                (page::empty(Icon::Sun, "Nothing needs you today", "That is a good day. When somebody waits for you, you read it here.", &html! {}))
            }
            @if !today.needs.is_empty() {
                (page::section("What needs you", &html! {}, &html! { @for one in &today.needs { (need(viewer, one, now)) } }))
            }
            @if !today.waiting.is_empty() {
                (page::section("Waiting for others", &html! { a href="/asks" { "All requests" } }, &page::rows(&html! {
                    @for (ask, chip) in &today.waiting { (asks::pages::row(ask, chip, viewer)) }
                })))
            }
            @if let Some((title, path)) = &today.noticed {
                (page::section("Worth noticing", &html! { a href="/notices" { "All notifications" } }, &page::rows(&page::notice_row(None, title, path, &html! {}, true))))
            }
        }
        @if let Some(wait) = today.wait.known() { p.muted { (wait) } }
    }
}

fn need(viewer: &Viewer, need: &Need, now: Timestamp) -> Markup {
    let due =
        need.by.map(|by| (format!("{} {}", if by < now { "was due" } else { "until" }, viewer.when(by)), by.jiff().to_string(), by < now));
    let clock = due.as_ref().map(|(due, due_at, late)| Clock {
        sentence: if need.line.is_empty() { "Waiting for you" } else { &need.line },
        due,
        due_at,
        tone: if *late { Tone::Red } else { Tone::Amber },
    });
    let sentence = html! { (need.title) @if clock.is_none() && !need.line.is_empty() { br; span.muted { (need.line) } } };
    page::need(None, &sentence, clock.as_ref(), &html! { (Button::primary(&need.button).context(&need.title).href(&need.path)) })
}

fn first_steps(steps: FirstSteps) -> Markup {
    let step = |done: bool, title: &'static str, text: &'static str, href: &'static str| {
        let row = Row::new(title).icon(if done { Icon::Check } else { Icon::Leaf }).text(text);
        if done { row.beside(page::tag("done", Tone::Laurel)) } else { row.href(href) }
    };
    let inside = html! {
        (step(steps.has_goal, "Say what you want to learn", "One question at a time; you can stop and come back. Only you see it.", "/goals/new"))
        (step(steps.shows_something, "Show a little of yourself", "What you can help with, or what you look for. A line is enough.", "/profile"))
        (step(steps.has_asked, "Find someone to ask", "People who can help, with the reasons for each.", "/find"))
    };
    page::section("Your first steps here", &html! {}, &page::rows(&inside))
}

fn helping(place: &str) -> Markup {
    html! {
        (PageHeader::new("Help").lead(format!("How {place} works, in short.")))
        div.reading {
            h2 { "I want to learn something" }
            p { "Begin with a " a href="/goals" { "goal" } ": what you want to be able to do, in your own words. From there you see whether a mentor, a coach, a partner or one question would help, and " a href="/find" { "people" } " to ask, with the reason for each." }
            h2 { "I asked someone. What now?" }
            p { "You both see the same clock. They can say yes, ask you something first, offer something smaller, point you to somebody else, or say no. If nothing is said in time, the request ends by itself, you are told, and whoever you named next is asked. You can take a request back at any moment." }
            h2 { "Someone asked me" }
            p { "Answer when you can, even with a no: a kind no helps more than silence. You can answer straight from the letter, without signing in. If it is too much just now, say “not now” on " a href="/profile" { "your profile" } ", and nobody can ask you until the day you choose." }
            h2 { "I am stuck, or have one question" }
            p { "You need no mentor for that: put it as " a href="/questions" { "one question" } ". It goes to somebody who said they like to answer such questions, and on to the others when they cannot." }
            h2 { "Something is not right" }
            p { "You can " a href="/concerns/new" { "raise a concern" } " and stop contact at once. It is read by those alone whom this place has named for it, and the other is told no reason. If you only need more help than you get, choose “I need more” where you meet." }
            h2 { "Mail" }
            p { "You choose what reaches you by mail, and how often, under " a href="/account/mail" { "mail to you" } ". A button in a letter works once and for fourteen days; it only does what it says, and asks before. Every letter but those you asked for yourself has a link that stops its kind." }
            h2 { "I cannot sign in" }
            p { "Ask for a " a href="/sign-in" { "new link" } "; it comes by mail and works for a few minutes. If no letter comes, look among the unwanted mail, then ask whoever runs this place: they can see whether it left." }
            h2 { "Keys" }
            p { "Press " kbd { "?" } " on any page for the list: " kbd { "g" } " " kbd { "t" } " goes to Today, " kbd { "/" } " finds somebody." }
        }
    }
}

fn who_sees_what(place: &str) -> Markup {
    let row = |what: &'static str, who: &'static str| vec![html! { (what) }, html! { (who) }];
    let rows = [
        row("Your name, photo and profile", "People who are signed in here. Everybody on the web only if you switch on your public page."),
        row("Your address", "You, and those who look after this place, so that they can help you sign in."),
        row("Your goals", "You, until you put one into a request; then whoever you ask sees what you put in."),
        row(
            "A request and its answers",
            "You and the person you ask. If it goes on to somebody else, so does what you wrote, and you are told.",
        ),
        row(
            "How far a goal has come",
            "You, and the one you share it with. If you let it count, those who look after this place see it only in a sum over seven people or more.",
        ),
        row("A question", "You and the people it is put to."),
        row("What two people write to each other", "The two of them."),
        row("A plan", "You, and the one partner you share it with, who writes in it too."),
        row(
            "What you have reached",
            "You. Whoever was beside you reads its one line when they are asked for a note; one partner reads the one that you show them.",
        ),
        row("What you take on, and what you decide", "You, and your partner where you choose that they see it."),
        row(
            "Feedback",
            "Whoever gives it and whoever receives it. Somebody without an account who is asked reads your name, your question and the line it is about.",
        ),
        row("A reflection", "You. If you share lines of it, those you share them with read these lines, until you take them back."),
        row(
            "A concern that you raise",
            "You, and those whom this place has named to look after concerns, never whoever it is about. Each time they open it is written down. Administrators read it only while nobody is named.",
        ),
        row("Whom you keep away", "You. Nobody else is told."),
        row("Your notifications", "You."),
    ];
    html! {
        (PageHeader::new("Who can see what").lead(format!("At {place}, in plain words.")))
        div.reading {
            (page::table("Who can see what", &["What", "Who sees it"], &rows))
            h2 { "What those who look after this place cannot see" }
            p { "Administrators and coordinators see who is here, with name and address, and whether letters arrive. They do not see what people write to each other: not in a page, an export or a log. It is encrypted in the database, and the key is kept in a file apart from it." }
            p { "To be honest about the limit: whoever controls the machine itself holds both the database and that file, and could open what is in them. So it matters who runs this place; ask them." }
            h2 { "What we keep on your device" }
            p { "One cookie, so that you stay signed in, and now and then one that carries a sentence to the next page. While you write a reflection, your words are kept in the browser until they have arrived here, or you sign out. Nothing from anybody else: no counting, no advertising, nothing is loaded from other places." }
            h2 { "What we keep to sign you in" }
            p { "Your address, the devices you are signed in on with the day they were last used, and your passkeys, or a hash of your password if you set one." }
            h2 { "People without an account" }
            p { "When somebody here asks a person outside for feedback, we write to that address once, keep it sealed until the answer came or its time is over, and ninety days longer only if they wish to hear what came of it. That somebody was written to is remembered for ninety days, and that an address wants no such letter for good, both as a fingerprint from which the address cannot be read." }
            h2 { "What we send to others" }
            p { "Letters go through the mail server of this place. Nothing else leaves it." }
            h2 { "Going" }
            p { "Under " a href="/account" { "your account" } " you can close it at any time. Within thirty days it can be opened again." }
        }
    }
}
