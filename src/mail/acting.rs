//! Doing something straight from a letter: a link that is good once, for one deed, after a page that asks. Whoever
//! holds it acts as the person it was sent to, signed in or not.

use super::sql::{self, Link};
use crate::app::{App, Tx};
use crate::error::{Error, RefusalKind, Result};
use crate::form::{Asked, Form};
use crate::page::{self, Button, Markup, PageHeader, Section, html};
use crate::slices::LetterDeed;
use crate::viewer::{Via, Viewer};
use crate::web::{MaybeViewer, Page, token_hash};
use axum::extract::{Path, State};

/// How a link stands.
enum Standing {
    Good { holder: Viewer, deed: &'static LetterDeed, link: Link },
    Used { outcome: String },
    Expired,
}

pub async fn confirm(State(app): State<App>, looking: MaybeViewer, Path(token): Path<String>, Asked(form): Asked) -> Result<Page> {
    let hash = token_hash(&token);
    app.read(move |tx| asked(tx, &looking, &hash, &form)).await
}

pub async fn act(State(app): State<App>, looking: MaybeViewer, Path(token): Path<String>, form: Form) -> Result<Page> {
    let hash = token_hash(&token);
    let (sent, typed, who) = (hash.clone(), form.clone(), looking.clone());
    let done = app.write(move |tx| {
        let (holder, deed, link) = match standing(tx, &sent)? {
            Standing::Good { holder, deed, link } => (holder, deed, link),
            Standing::Used { outcome } => return Ok(used(&outcome)),
            Standing::Expired => return Ok(expired()),
        };
        let mut form = typed.clone();
        let outcome = (deed.act)(tx, &holder, link.subject, &mut form)?;
        if !form.is_good() {
            return Ok(asking(tx, &who, &holder, deed, &link, &form)?.to_mend());
        }
        if !sql::use_link(tx, &sent, &outcome)? {
            return Err(crate::too_late!("This link was used a moment before."));
        }
        Ok(done(&who, &holder, &outcome))
    });
    match done.await {
        // A rule said no, and nothing was done: it is asked again, with everything that was typed.
        Err(Error::Refused(refusal)) if refusal.kind == RefusalKind::Rule => {
            let form = form.refused(refusal);
            app.read(move |tx| asked(tx, &looking, &hash, &form)).await
        }
        done => done,
    }
}

fn asked(tx: &mut Tx, looking: &MaybeViewer, hash: &[u8], form: &Form) -> Result<Page> {
    match standing(tx, hash)? {
        Standing::Good { holder, deed, link } => Ok(asking(tx, looking, &holder, deed, &link, form)?.answering(form)),
        Standing::Used { outcome } => Ok(used(&outcome)),
        Standing::Expired => Ok(expired()),
    }
}

fn standing(tx: &mut Tx, hash: &[u8]) -> Result<Standing> {
    let link = sql::find_link(tx, hash)?.ok_or(Error::NotFound)?;
    if link.used_at.is_some() {
        let outcome = link.outcome.as_ref().map(|o| tx.seal().open(o)).transpose()?.unwrap_or_default();
        return Ok(Standing::Used { outcome: String::from_utf8_lossy(&outcome).into_owned() });
    }
    if link.expires_at <= tx.now() {
        return Ok(Standing::Expired);
    }
    let holder = Viewer::of_person(tx, link.person, Via::Letter)?.ok_or(Error::NotFound)?;
    let deed = tx.slices().iter().flat_map(|s| s.letter_deeds).find(|d| d.deed == link.deed).ok_or(Error::NotFound)?;
    Ok(Standing::Good { holder, deed, link })
}

fn asking(tx: &mut Tx, looking: &MaybeViewer, holder: &Viewer, deed: &LetterDeed, link: &Link, form: &Form) -> Result<Page> {
    let (title, inside) = (deed.confirm)(tx, holder, link.subject, form)?;
    let body = html! {
        (PageHeader::new(title.as_str()).lead(format!("You are answering as {}.", holder.name)))
        @if let Some(other) = someone_else(looking, holder) {
            (page::banner(page::Tone::Amber, &format!("You are signed in here as {}, but this letter was to {}. What you do on this page, you do as {}.", other.name, holder.name, holder.name), None))
        }
        (crate::web::mend(form))
        form.stack method="post" {
            (inside)
            (page::actions(&html! { (Button::primary("Yes, do this")) (Button::quiet("Leave it as it is").href("/")) }))
        }
    };
    Ok(Page::new(title, Section::None, body))
}

fn someone_else<'a>(looking: &'a MaybeViewer, holder: &Viewer) -> Option<&'a Viewer> {
    looking.0.as_ref().filter(|viewer| !viewer.is(holder.person))
}

fn done(looking: &MaybeViewer, holder: &Viewer, outcome: &str) -> Page {
    let here = looking.0.as_ref().is_some_and(|viewer| viewer.is(holder.person));
    let body = html! {
        (PageHeader::new("Done"))
        p.lead { (outcome) }
        @if here {
            (page::actions(&html! { (Button::primary("Go to Today").href("/today")) }))
        } @else {
            p { "There is nothing else you have to do. If you would like to see more, sign in: we send a link to your address, no password needed." }
            (page::actions(&html! { (Button::secondary("Sign in").href("/sign-in")) }))
        }
    };
    Page::new("Done", Section::None, body)
}

fn used(outcome: &str) -> Page {
    closed(
        "This link was used already",
        &html! {
            @if outcome.is_empty() { p { "Each link in a letter works once." } } @else { p { "What came of it: " (outcome) } }
        },
    )
}

fn expired() -> Page {
    closed(
        "This link is no longer good",
        &html! { p { "Links in letters work for fourteen days. Sign in, and you find everything where it was." } },
    )
}

fn closed(title: &'static str, words: &Markup) -> Page {
    let body = html! {
        (PageHeader::new(title))
        (words)
        (page::actions(&html! { (Button::secondary("Sign in").href("/sign-in")) }))
    };
    Page::new(title, Section::None, body)
}
