//! The skills record on screen: what stands in it, one skill with its history, and a partner asked whether they see it so
//! too.

use super::map;
use super::record::{ConfirmationId, ConfirmationState, Evidence, Level, RecordedId, Settled, longest};
use super::verbs::{self, Askable, Asked as AskedOf, Saying, Whole};
use crate::app::{App, Tx};
use crate::error::{Error, Result};
use crate::feedback::{Pin, PinKind, pins};
use crate::form::{Asked, Form};
use crate::page::{self, Button, Choices, Field, Icon, Mark, PageHeader, Row, Section, Tone};
use crate::relationships::{self, Company, RelationshipId};
use crate::skills::{self, Word};
use crate::slices::{Needs, Routes};
use crate::viewer::{PersonId, Viewer};
use crate::web::{Go, Page, mend};
use axum::extract::{Path, State};
use axum::response::Response;
use chiron_store::Timestamp;
use maud::{Markup, html};

pub fn routes() -> Routes {
    Routes::new()
        .get("/records", Needs::SignedIn, list)
        .post("/records", Needs::SignedIn, say)
        .get("/records/new", Needs::SignedIn, new)
        .get("/records/gaps", Needs::SignedIn, map::show)
        .get("/records/aims/new", Needs::SignedIn, map::new_aim)
        .post("/records/aims", Needs::SignedIn, map::set_aim)
        .get("/records/aims/{id}", Needs::SignedIn, map::edit_aim)
        .post("/records/aims/{id}/delete", Needs::SignedIn, map::delete_aim)
        .get("/records/asked/{id}", Needs::Deed("skill confirmation.see"), asked)
        .post("/records/asked/{id}/answer", Needs::Deed("skill confirmation.answer"), answer)
        .post("/records/asked/{id}/settle", Needs::Deed("skill confirmation.settle"), settle)
        .post("/records/asked/{id}/withdraw", Needs::Deed("skill confirmation.withdraw"), withdraw)
        .get("/records/{id}", Needs::Deed("skill in a record.see"), show)
        .post("/records/{id}/levels", Needs::Deed("skill in a record.change"), say_again)
        .post("/records/{id}/ask", Needs::Deed("skill in a record.ask_partner"), ask)
        .post("/records/{id}/show", Needs::Deed("skill in a record.show"), show_on_profile)
        .post("/records/{id}/delete", Needs::Deed("skill in a record.delete"), delete)
}

// The record.

async fn list(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    let me = viewer.clone();
    let (all, graph) = app.read(move |tx| Ok((verbs::own(tx, &me)?, skills::graph_here(tx)?))).await?;
    let body = html! {
        (PageHeader::new("Your skills record").lead("How far you are, what shows it, and who has seen it too. Yours alone; you choose what anybody sees.")
            .actions(html! { (Button::primary("Add a skill").href("/records/new")) (Button::secondary("From here to where?").href("/records/gaps")) (Button::quiet("How others see it").href("/reviews")) }))
        p { (page::audience_me()) }
        div.part-stack id="record" hx-get="/records" hx-select="#record" hx-swap="outerHTML" hx-trigger="records from:body delay:300ms" {
            @if all.is_empty() {
                (page::empty(Icon::Leaf, "Nothing yet", "Begin with one skill and one thing that shows how far you are: something you made, did or explained.", &html! {}))
            } @else {
                ul.rows {
                    @for one in &all {
                        @if let Some(now) = one.now() {
                            (Row::new(verbs::skill_name(&graph, &one.skill)).href(format!("/records/{}", one.id)).icon(Icon::Leaf)
                                .text(format!("{}. {}", page::capital(now.level.words()), now.level.behaviour()))
                                .meta(html! { span { "since " (viewer.date(now.at)) } @if one.shown_at.is_some() { (page::audience("Everybody who sees your profile")) } })
                                .beside(standing(one.confirmed_by().len(), one.confirmations.iter().any(|c| c.waits_for_owner()))))
                        }
                    }
                }
            }
        }
    };
    Ok(Page::new("Your skills record", Section::Goals, body))
}

fn standing(confirmed_by: usize, waits: bool) -> Markup {
    match (waits, confirmed_by) {
        (true, _) => page::tag("waits for you", Tone::Amber),
        (_, 0) => page::tag("self-rated", Tone::Plain),
        (_, 1) => page::tag("confirmed by one", Tone::Laurel),
        (_, many) => page::tag(&format!("confirmed by {many}"), Tone::Laurel),
    }
}

// Saying a level.

/// The five levels, each with what others can see of it.
pub(super) fn level_choice(name: &'static str, legend: &str, form: &Form) -> Markup {
    let mut choices = Choices::cards(name, legend.to_owned()).hint("Which of these would somebody say who has seen you do it?");
    for level in Level::ALL {
        choices = choices.described(level.number().to_string(), page::capital(level.words()), level.behaviour());
    }
    html! { (choices.chosen(form.value(name)).error(form.error(name)).required()) }
}

fn saying_fields(form: &Form, pins: &[(Pin, String)]) -> Markup {
    let options = std::iter::once((String::new(), "Nothing in particular".to_owned()))
        .chain(pins.iter().map(|(pin, words)| (pin.to_string(), page::shortened(words, 90))));
    html! {
        (level_choice("level", "How far are you?", form))
        (Field::textarea("words", "What shows it?").value(form.value("words")).error(form.error("words")).max(longest::EVIDENCE).rows(3)
            .hint("One thing you made, did or explained. “Wrote the query that the office uses each Monday.”"))
        (Field::url("link", "A link to it").value(form.value("link")).error(form.error("link")).optional())
        @if !pins.is_empty() { (Field::select("pin", "It belongs to", options).value(form.value("pin")).error(form.error("pin")).optional()) }
    }
}

fn pins_and_nonce(tx: &mut Tx, viewer: &Viewer, form: &Form) -> Result<(Vec<(Pin, String)>, String)> {
    let pins =
        pins::offered(tx, viewer, form.value("pin").parse().ok())?.into_iter().filter(|(pin, _)| pin.kind != PinKind::Decision).collect();
    let nonce = form.nonce_to_send(tx.chance());
    Ok((pins, nonce))
}

fn read_saying(form: &mut Form) -> Option<Saying> {
    let level = form.chosen::<Level>("level", "Please choose the level that fits best.");
    let words = form.maybe_text("words", longest::EVIDENCE);
    let link = form.link("link");
    let pin = form.parsed::<Pin>("pin", "Please choose from the list.");
    if words.is_empty() && link.is_none() && pin.is_none() {
        form.refuse("words", "Please say in a line what shows it, or give a link to it.");
    }
    let nonce = form.nonce("words");
    let level = level?;
    form.is_good().then_some(Saying { level, words, link, pin, nonce })
}

async fn new(State(app): State<App>, viewer: Viewer, Asked(asked): Asked) -> Result<Page> {
    compose(app, viewer, asked).await
}

async fn compose(app: App, viewer: Viewer, form: Form) -> Result<Page> {
    let asked = form.clone();
    let (pins, nonce) = app.read(move |tx| pins_and_nonce(tx, &viewer, &asked)).await?;
    let body = html! {
        (PageHeader::new("Add a skill").back("Your skills record", "/records").lead("It is self-rated until somebody you work with has seen it too."))
        (mend(&form))
        form.stack method="post" action="/records" data-draft="skill-level" {
            input type="hidden" name="nonce" value=(nonce);
            (Field::text("skill", "Skill").value(form.value("skill")).error(form.error("skill")).max(Word::LONGEST).suggest_from("/skills/suggest").required())
            (saying_fields(&form, &pins))
            p { (page::audience_me()) }
            (page::actions(&html! { (Button::primary("Put it into the record")) (Button::quiet("Back").href("/records")) }))
        }
    };
    Ok(Page::new("Add a skill", Section::Goals, body).answering(&form))
}

async fn say(State(app): State<App>, viewer: Viewer, mut form: Form) -> Result<Response> {
    let sentence = format!("Please name the skill in a few words, at most {} characters.", Word::LONGEST);
    let word = form.chosen::<Word>("skill", &sentence);
    let saying = read_saying(&mut form);
    let me = viewer.clone();
    let act = move |tx: &mut Tx| {
        let (Some(word), Some(saying)) = (&word, &saying) else { return Err(Error::NotFound) };
        verbs::say(tx, &me, word, saying)
    };
    let then = |id| Go::to(format!("/records/{id}")).saying("It stands in your record. Is there somebody who has seen it too?");
    crate::web::does(&app.clone(), form, act, then, |form| compose(app, viewer, form)).await
}

// One skill.

async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<RecordedId>) -> Result<Page> {
    shown(app, viewer, id, Form::default()).await
}

async fn shown(app: App, viewer: Viewer, id: RecordedId, form: Form) -> Result<Page> {
    let (me, asked) = (viewer.clone(), form.clone());
    let (whole, pins, nonce, now) = app
        .read(move |tx| {
            let whole = verbs::read(tx, &me, id)?;
            let (pins, nonce) = pins_and_nonce(tx, &me, &asked)?;
            Ok((whole, pins, nonce, tx.now()))
        })
        .await?;
    let name = verbs::skill_name(&whole.graph, &whole.recorded.skill);
    let body = html! {
        (PageHeader::new(name.clone()).back("Your skills record", "/records"))
        (mend(&form))
        div.part-stack id="skill" hx-get=(format!("/records/{id}")) hx-select="#skill" hx-swap="outerHTML" hx-trigger="records from:body delay:300ms" {
            (present(&whole, &name, &viewer))
            (history(&whole, &viewer, now))
        }
        (asking(&whole))
        (page::section("Further since then?", &page::audience_me(), &page::more_open("Say a new level, or add what shows the present one", !form.is_empty(), &html! {
            form.stack method="post" action=(format!("/records/{id}/levels")) data-draft="level" {
                input type="hidden" name="nonce" value=(nonce);
                (saying_fields(&form, &pins))
                (page::actions(&html! { (Button::primary("Put it into the record")) }))
            }
        })))
        (page::more("Take this skill out of the record", &html! {
            form.stack method="post" action=(format!("/records/{id}/delete")) {
                p { "Its levels, what shows them, and what was asked and answered about them are deleted, also for those you asked." }
                (page::actions(&html! { (Button::danger("Take it out")) }))
            }
        }))
    };
    Ok(Page::new(name, Section::Goals, body).answering(&form))
}

fn present(whole: &Whole, name: &str, viewer: &Viewer) -> Markup {
    let recorded = &whole.recorded;
    let Some(now) = recorded.now() else { return html! {} };
    let confirmed: Vec<&str> = recorded.confirmed_by().into_iter().map(|person| whole.called(person)).collect();
    let waiting: Vec<_> = recorded.confirmations.iter().filter(|c| c.state == ConfirmationState::Asked || c.waits_for_owner()).collect();
    let seen_by = if recorded.shown_at.is_some() {
        page::audience("Everybody who sees your profile, without the evidence")
    } else {
        page::audience_me()
    };
    let inside = html! {
        (page::skill_meter(name, now.level.number()))
        p { (now.level.behaviour()) span.muted { " Since " (viewer.date(now.at)) "." } }
        @if confirmed.is_empty() { p { (page::tag("self-rated", Tone::Plain)) " Nobody has confirmed it yet." } }
        @else { p { (page::tag("confirmed", Tone::Laurel)) " by " (list_of(&confirmed)) "." } }
        @for words in &whole.others { p { strong { "Others see: " } (words) } }
        @for one in &waiting {
            p {
                a href=(format!("/records/asked/{}", one.id)) {
                    @if one.state == ConfirmationState::Asked { "You asked " (whole.called(one.partner)) ", and they have not answered yet" }
                    @else { (whole.called(one.partner)) " sees another level: read why, and decide what stands" }
                }
            }
        }
        @if recorded.is_confirmed() {
            form method="post" action=(format!("/records/{}/show", recorded.id)) {
                @if recorded.shown_at.is_some() {
                    input type="hidden" name="shown" value="no";
                    (page::actions(&html! { (Button::quiet("Take it off your profile")) }))
                } @else {
                    input type="hidden" name="shown" value="yes";
                    p.muted { "On your profile it would say the skill, the level, and by how many who worked with you it was confirmed. Not by whom, and nothing of the evidence." }
                    (page::actions(&html! { (Button::secondary("Show it on your profile")) }))
                }
            }
        }
    };
    page::section("Where you are", &seen_by, &page::card(&inside))
}

pub(super) fn list_of(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn shown_evidence(evidence: &Evidence) -> Markup {
    html! {
        @if !evidence.words.is_empty() { (page::paragraphs(&evidence.words)) }
        @if let Some(link) = &evidence.link { p { a href=(link) rel="noopener noreferrer nofollow" target="_blank" { (page::shortened(link, page::ONE_LINE)) } } }
        @if let Some((_, words)) = &evidence.pin { p.muted { "On: " (words) } }
    }
}

fn history(whole: &Whole, viewer: &Viewer, now: Timestamp) -> Markup {
    let recorded = &whole.recorded;
    let confirmed_for = |id| recorded.confirmations.iter().filter(move |c| c.level_id == id && c.state == ConfirmationState::Confirmed);
    let seen = |said: &super::record::Said| said.by != recorded.person || confirmed_for(said.id).next().is_some();
    let marks: Vec<Mark> = recorded
        .levels
        .iter()
        .map(|said| Mark {
            at: micros(said.at),
            when: viewer.date(said.at),
            value: f64::from(said.level.number()),
            range: None,
            firm: seen(said),
        })
        .collect();
    let rows: Vec<Vec<Markup>> = recorded
        .levels
        .iter()
        .rev()
        .map(|said| {
            let first = Some(said).filter(|said| said.by != recorded.person).map(|said| format!("{} saw it first", whole.called(said.by)));
            let then = confirmed_for(said.id)
                .map(|c| format!("{} on {}", whole.called(c.partner), viewer.date(c.answered_at.unwrap_or(c.asked_at))));
            let confirmed: Vec<String> = first.into_iter().chain(then).collect();
            vec![
                html! { (viewer.date(said.at)) },
                html! { (said.level.words()) },
                html! { @if said.by == recorded.person { "you" } @else { (whole.called(said.by)) ", and you let it stand" } },
                html! { (shown_evidence(&said.evidence)) },
                html! { @if confirmed.is_empty() { span.muted { "nobody yet" } } @else { (confirmed.join("; ")) } },
            ]
        })
        .collect();
    let otherwise: Vec<_> = recorded.confirmations.iter().filter(|c| c.state == ConfirmationState::Otherwise).collect();
    let table = page::table("Every level that was said", &["When", "Level", "Who said it", "On what evidence", "Who confirmed it"], &rows);
    page::section(
        "How it came about",
        &page::audience_me(),
        &html! {
            (page::level_steps("Your level through time", &marks, micros(now), &table))
            p.muted { "A full dot was seen by somebody else too; a hollow one is your own view." }
            @for one in otherwise {
                @if let Some(answer) = whole.answers.get(&one.id) {
                    (page::quotation(&answer.why, &format!("{} saw “{}” on {}{}", whole.called(one.partner), answer.level.words(), viewer.date(one.answered_at.unwrap_or(one.asked_at)),
                        match one.settled { Some(Settled::Taken) => ", and you let it stand", Some(Settled::Kept) => "; you kept your own view", None => "" })))
                }
            }
        },
    )
}

fn micros(at: Timestamp) -> f64 {
    at.jiff().as_second() as f64
}

fn asking(whole: &Whole) -> Markup {
    let recorded = &whole.recorded;
    if whole.askable.is_empty() {
        return html! {};
    }
    let mut of = Choices::cards("of", "Who has seen you do it?");
    for Askable { relationship, person, name, what } in &whole.askable {
        of = of.described(format!("{relationship}:{person}"), name.clone(), what.clone());
    }
    let one = if let [one] = &whole.askable[..] { format!("{}:{}", one.relationship, one.person) } else { String::new() };
    page::section(
        "Does somebody see it so too?",
        &html! {},
        &html! {
            form.stack method="post" action=(format!("/records/{}/ask", recorded.id)) {
                (of.chosen(&one).required())
                p.muted { "They read the skill, the level, and what you wrote there about what shows it; nothing else of your record. They confirm it, or say which level they see and why. You decide what stands." }
                (page::actions(&html! { (Button::secondary("Ask")) }))
            }
        },
    )
}

async fn does<T: Send + 'static>(
    app: App,
    viewer: Viewer,
    id: RecordedId,
    form: Form,
    act: impl FnMut(&mut Tx) -> Result<T> + Send + 'static,
    then: impl FnOnce(T) -> Go,
) -> Result<Response> {
    crate::web::does(&app.clone(), form, act, then, |form| shown(app, viewer, id, form)).await
}

async fn say_again(State(app): State<App>, viewer: Viewer, Path(id): Path<RecordedId>, mut form: Form) -> Result<Response> {
    let (me, saying) = (viewer.clone(), read_saying(&mut form));
    let act = move |tx: &mut Tx| verbs::say_again(tx, &me, id, saying.as_ref().ok_or(Error::NotFound)?);
    does(app, viewer, id, form, act, |()| Go::to(format!("/records/{id}")).saying("It stands in your record.")).await
}

async fn ask(State(app): State<App>, viewer: Viewer, Path(id): Path<RecordedId>, mut form: Form) -> Result<Response> {
    let of = form.value("of").split_once(':').and_then(|(r, p)| Some((r.parse::<RelationshipId>().ok()?, p.parse::<PersonId>().ok()?)));
    if of.is_none() {
        form.refuse("of", "Please choose whom you ask.");
    }
    let me = viewer.clone();
    let act = move |tx: &mut Tx| {
        let (relationship, person) = of.ok_or(Error::NotFound)?;
        verbs::ask(tx, &me, id, relationship, person)
    };
    does(app, viewer, id, form, act, |_| Go::to(format!("/records/{id}")).saying("Asked. You are told when they answer.")).await
}

async fn show_on_profile(State(app): State<App>, viewer: Viewer, Path(id): Path<RecordedId>, form: Form) -> Result<Response> {
    let (me, shown) = (viewer.clone(), form.value("shown") == "yes");
    let said = if shown { "It stands on your profile." } else { "It is not on your profile any more." };
    does(app, viewer, id, form, move |tx| verbs::show(tx, &me, id, shown), |()| Go::to(format!("/records/{id}")).saying(said)).await
}

async fn delete(State(app): State<App>, viewer: Viewer, Path(id): Path<RecordedId>) -> Result<Go> {
    app.write(move |tx| verbs::delete(tx, &viewer, id)).await?;
    Ok(Go::to("/records").saying("It is out of your record."))
}

// A partner is asked.

async fn asked(State(app): State<App>, viewer: Viewer, Path(id): Path<ConfirmationId>) -> Result<Page> {
    asked_page(app, viewer, id, Form::default()).await
}

async fn asked_page(app: App, viewer: Viewer, id: ConfirmationId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let asked = app.read(move |tx| verbs::asked(tx, &me, id)).await?;
    let mine = viewer.is(asked.one.person);
    let other = asked.other(&viewer).to_owned();
    let question = &asked.question;
    let title = if mine { format!("You asked {other}: {}", question.skill) } else { format!("{other} asks you: {}", question.skill) };
    let lead =
        if mine { "What they read, and what they said.".to_owned() } else { format!("Do you see {other} there too? A minute is enough.") };
    let body = html! {
        (PageHeader::new(title.clone()).back(if mine { "The skill" } else { "Today" }, &if mine { format!("/records/{}", asked.one.recorded) } else { "/today".into() }).lead(lead))
        (mend(&form))
        p { (page::audience(&format!("Only you and {other}"))) }
        (page::card(&html! {
            (page::skill_meter(&question.skill, question.level.number()))
            p { (question.level.behaviour()) }
            @if !question.words.is_empty() { (page::quotation(&question.words, &format!("What shows it, says {}", asked.owner.first_name()))) }
            @if let Some(link) = &question.link { p { a href=(link) rel="noopener noreferrer nofollow" target="_blank" { (page::shortened(link, page::ONE_LINE)) } } }
        }))
        (said(&asked, &viewer))
        @if asked.one.state == ConfirmationState::Asked && !mine && asked.together.offers(&viewer, relationships::Deed::TakePart) { (answering(&asked, &form)) }
        @if asked.one.state == ConfirmationState::Asked && mine {
            (page::more("Take the question back", &page::post_button(&format!("/records/asked/{id}/withdraw"), &[], &Button::secondary("Take it back"))))
        }
    };
    Ok(Page::new(title, if mine { Section::Goals } else { Section::Relationships }, body).answering(&form))
}

fn said(asked: &AskedOf, viewer: &Viewer) -> Markup {
    let mine = viewer.is(asked.one.person);
    let who = if mine { asked.partner.first_name() } else { "You" };
    let sees = if mine { "sees" } else { "see" };
    let id = asked.one.id;
    match (&asked.one.state, &asked.answer) {
        (ConfirmationState::Asked, _) => html! { @if mine { p { (who) " has not answered yet." } } },
        (ConfirmationState::Passed, _) => {
            html! { p { (who) " would rather not say. That says nothing about " @if mine { "you" } @else { (asked.owner.first_name()) } "." } }
        }
        (ConfirmationState::Confirmed, answer) => html! {
            p { (page::tag("confirmed", Tone::Laurel)) " " (who) " " (sees) " it so too." }
            @if let Some(answer) = answer.as_ref().filter(|answer| !answer.why.is_empty()) { (page::quotation(&answer.why, who)) }
        },
        (ConfirmationState::Otherwise, None) => html! { p { (who) " " (sees) " another level. The words were forgotten." } },
        (ConfirmationState::Otherwise, Some(answer)) => html! {
            p { (who) " " (sees) " “" (answer.level.words()) "”. " (answer.level.behaviour()) }
            (page::quotation(&answer.why, who))
            @match (asked.one.settled, mine) {
                (Some(Settled::Taken), true) => p { "You have let it stand." },
                (Some(Settled::Kept), true) => p { "You have kept your own view. Both are kept; only yours counts." },
                (Some(_), false) => p { (asked.owner.first_name()) " has read it, and has decided what stands." },
                (None, false) => p { (asked.owner.first_name()) " reads it, and decides what stands." },
                (None, true) => div.actions {
                    (page::post_button(&format!("/records/asked/{id}/settle"), &[("how", Settled::Taken.as_str())], &Button::primary(&format!("Let “{}” stand", answer.level.words()))))
                    (page::post_button(&format!("/records/asked/{id}/settle"), &[("how", Settled::Kept.as_str())], &Button::secondary("Keep my own view")))
                },
            }
        },
    }
}

fn answering(asked: &AskedOf, form: &Form) -> Markup {
    let (id, name) = (asked.one.id, asked.owner.first_name());
    let action = format!("/records/asked/{id}/answer");
    let other = form.value("do") == "otherwise";
    let mut levels = Choices::cards("level", format!("Where do you see {name}?"));
    for level in Level::ALL.into_iter().filter(|level| *level != asked.question.level) {
        levels = levels.described(level.number().to_string(), page::capital(level.words()), level.behaviour());
    }
    html! {
        form.stack method="post" action=(action) data-draft="confirm" {
            input type="hidden" name="do" value="confirm";
            (Field::textarea("why", "Where did you see it?").value(if other { "" } else { form.value("why") }).max(longest::WHY).rows(2).optional())
            (page::actions(&html! { (Button::primary(&format!("Yes, I see {name} there too"))) }))
        }
        (page::more_open("I see another level", other, &html! {
            form.stack method="post" action=(action) data-draft="otherwise" {
                input type="hidden" name="do" value="otherwise";
                (levels.chosen(form.value("level")).error(form.error("level")).required())
                (Field::textarea("why", "Why?").id("f-why-otherwise").value(if other { form.value("why") } else { "" }).error(form.error("why")).hint(format!("{name} reads it, and decides what stands.")).max(longest::WHY).rows(3).required())
                (page::actions(&html! { (Button::secondary("Say so")) }))
            }
        }))
        (page::more("I would rather not say", &html! {
            form.stack method="post" action=(action) {
                input type="hidden" name="do" value="pass";
                p { (name) " is told that you would rather not say, and nothing more." }
                (page::actions(&html! { (Button::secondary("I would rather not say")) }))
            }
        }))
    }
}

async fn asked_does<T: Send + 'static>(
    app: App,
    viewer: Viewer,
    id: ConfirmationId,
    form: Form,
    act: impl FnMut(&mut Tx) -> Result<T> + Send + 'static,
    then: impl FnOnce(T) -> Go,
) -> Result<Response> {
    crate::web::does(&app.clone(), form, act, then, |form| asked_page(app, viewer, id, form)).await
}

async fn answer(State(app): State<App>, viewer: Viewer, Path(id): Path<ConfirmationId>, mut form: Form) -> Result<Response> {
    let me = viewer.clone();
    let why = form.maybe_text("why", longest::WHY);
    let (seen, confirms) = match form.value("do") {
        "confirm" => (None, true),
        "otherwise" => {
            if why.is_empty() {
                form.refuse("why", "Please say why, in a line. That is what one can learn from.");
            }
            (form.chosen::<Level>("level", "Please choose the level that you see."), false)
        }
        "pass" => (None, false),
        _ => return Err(Error::NotFound),
    };
    let act = move |tx: &mut Tx| {
        let seen = if confirms { Some(verbs::asked(tx, &me, id)?.question.level) } else { seen };
        verbs::answer(tx, &me, id, seen, &why)
    };
    asked_does(app, viewer, id, form, act, |_| Go::to(format!("/records/asked/{id}")).saying("Said.")).await
}

async fn settle(State(app): State<App>, viewer: Viewer, Path(id): Path<ConfirmationId>, form: Form) -> Result<Response> {
    let how: Settled = form.value("how").parse().map_err(|_| Error::NotFound)?;
    let me = viewer.clone();
    asked_does(
        app,
        viewer,
        id,
        form,
        move |tx| verbs::settle(tx, &me, id, how),
        |recorded| Go::to(format!("/records/{recorded}")).saying("That stands."),
    )
    .await
}

async fn withdraw(State(app): State<App>, viewer: Viewer, Path(id): Path<ConfirmationId>, form: Form) -> Result<Response> {
    let me = viewer.clone();
    asked_does(
        app,
        viewer,
        id,
        form,
        move |tx| verbs::withdraw(tx, &me, id),
        |recorded| Go::to(format!("/records/{recorded}")).saying("Taken back."),
    )
    .await
}

// On other pages.

/// On the first page of a relationship: what waits for the viewer.
pub fn now(tx: &mut Tx, viewer: &Viewer, company: &Company) -> Result<Option<Markup>> {
    let waiting = verbs::waiting_in(tx, viewer, company.relationship.id)?;
    if waiting.is_empty() {
        return Ok(None);
    }
    let rows = html! {
        @for one in &waiting {
            @if viewer.is(one.person) {
                (Row::new(format!("{} sees another level of a skill of yours", company.called(viewer, one.partner))).href(format!("/records/asked/{}", one.id)).icon(Icon::Leaf).text("Read which and why, and decide what stands."))
            } @else {
                (Row::new(format!("{} asks you about a skill", company.called(viewer, one.person))).href(format!("/records/asked/{}", one.id)).icon(Icon::Leaf).text("Do you see it so too?"))
            }
        }
    };
    Ok(Some(page::section("A skill to look at", &html! {}, &page::rows(&rows))))
}

/// On somebody's profile: what they show of their record.
pub fn profile_part(tx: &mut Tx, viewer: Option<&Viewer>, person: PersonId) -> Result<Option<Markup>> {
    let shown = verbs::shown(tx, person)?;
    if shown.is_empty() {
        return Ok(None);
    }
    let own = viewer.is_some_and(|viewer| viewer.is(person));
    let beside = html! { @if own { a href="/records" { "Your skills record" } } };
    let inside = html! {
        ul.skill-list {
            @for one in &shown {
                li {
                    (page::skill_meter(&one.name, one.level.number()))
                    p.muted { @if one.confirmed_by == 1 { "confirmed by 1 person who worked with them" } @else { "confirmed by " (one.confirmed_by) " people who worked with them" } }
                }
            }
        }
    };
    Ok(Some(page::section("Seen by others too", &beside, &inside)))
}
