//! Questions on screen: asking one, answering one, and growing a good answer into a request.

use super::question::{Deed, Draft, Question, QuestionId, days_to_choose, longest, usual_days};
use super::verbs::{self, Whole};
use crate::app::{App, Tx};
use crate::asks::{self, pages as ask_pages};
use crate::error::{Error, Result};
use crate::form::{Asked, Form};
use crate::page::{self, Button, Choices, Clock, Field, Icon, PageHeader, Row, Section, Tone};
use crate::people::{Chip, said, verbs as people};
use crate::relationships::RelationshipId;
use crate::relationships::pages::{face, moment};
use crate::skills;
use crate::slices::{Needs, Routes};
use crate::viewer::{PersonId, Viewer};
use crate::web::{Go, Page};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

pub fn routes() -> Routes {
    Routes::new()
        .get("/questions", Needs::SignedIn, list)
        .get("/questions/new", Needs::SignedIn, new)
        .post("/questions", Needs::SignedIn, ask)
        .get("/questions/{id}", Needs::Deed("question.see"), show)
        .post("/questions/{id}/answer", Needs::Deed("question.answer"), answer)
        .post("/questions/{id}/pass-on", Needs::Deed("question.pass_on"), pass_on)
        .post("/questions/{id}/helped", Needs::Deed("question.say_it_helped"), say_it_helped)
        .post("/questions/{id}/withdraw", Needs::Deed("question.withdraw"), withdraw)
        .get("/questions/{id}/grow", Needs::Deed("question.grow"), growing)
        .post("/questions/{id}/grow", Needs::Deed("question.grow"), grow)
}

// The list.

async fn list(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    let me = viewer.clone();
    let questions = app.read(move |tx| verbs::mine(tx, &me)).await?;
    let (waiting, past): (Vec<_>, Vec<_>) = questions.iter().partition(|(q, _)| q.is_waiting());
    let (on_me, on_others): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|(q, _)| q.waits_for_viewer(&viewer));
    let part = |title: &str, questions: &[&(Question, Chip)]| {
        html! { @if !questions.is_empty() { (page::section(title, &html! {}, &page::rows(&html! { @for (q, chip) in questions { (row(q, chip, &viewer)) } }))) } }
    };
    let body = html! {
        (PageHeader::new("Questions").lead("One question, one answer, by an agreed time.").actions(html! { (Button::primary("Ask a question").href("/questions/new")) }))
        (ask_pages::tabs(1))
        @if questions.is_empty() {
            (page::empty(Icon::Speech, "No questions yet", "A small question is often the best way to begin. It needs five minutes of somebody’s time.", &html! {}))
        }
        (part("Waiting for you", &on_me))
        (part("Waiting for others", &on_others))
        (part("Past", &past))
    };
    Ok(Page::new("Questions", Section::Asks, body))
}

fn row(question: &Question, chip: &Chip, viewer: &Viewer) -> Markup {
    let (mine, name) = (viewer.is(question.asker), chip.first_name());
    let title = if mine { format!("Your question to {}", chip.name) } else { super::notices::asks_you(question, &chip.name) };
    let over = if mine { question.ending(name) } else { question.ending_for_asked(name) };
    let (tag, meta) = match question.ended_at {
        None if question.waits_for_viewer(viewer) => {
            (page::tag("waiting for you", Tone::Amber), html! { "Until " (viewer.when(question.answer_by)) })
        }
        None => (page::tag("waiting", Tone::Plain), html! { "Until " (viewer.when(question.answer_by)) }),
        Some(ended) => (page::tag(&question.state.as_str().replace('_', " "), Tone::Plain), moment(viewer, ended)),
    };
    let face = face(chip);
    let row = Row::new(title).href(format!("/questions/{}", question.id)).face(&face).meta(meta).beside(tag);
    html! { @match over { Some(over) => (row.text(over)), None => (row) } }
}

// Asking one.

/// What the page needs to know of whom one asks.
struct Asking {
    to: Option<Chip>,
    stuck_in: Option<RelationshipId>,
    usual: Option<jiff::SignedDuration>,
    /// Where they work together: within how many days they answer each other.
    agreed: Option<i64>,
    nonce: String,
}

async fn new(State(app): State<App>, viewer: Viewer, Asked(asked): Asked) -> Result<Page> {
    let me = viewer.clone();
    let form = app.read(move |tx| begin(tx, &me, asked.clone())).await?;
    written(app, viewer, form).await
}

/// Said wherever a question that nobody answered can be asked again.
pub const KEPT: &str = "Your words are kept: change them if you like, and we look for somebody else.";

/// Where the same is asked anew.
pub fn again(question: &Question) -> String {
    format!("/questions/new?again={}", question.id)
}

/// What stands in a question before she writes: the words of one that nobody answered, or what she is stuck with.
fn begin(tx: &mut Tx, viewer: &Viewer, mut form: Form) -> Result<Form> {
    if let Ok(again) = form.value("again").parse() {
        let (question, words) = verbs::sent(tx, viewer, again)?;
        let graph = skills::graph_here(tx)?;
        let skill = question.skill.and_then(|skill| graph.by_id(&skill).map(|skill| skill.name.to_string()));
        form.set("words", words.unwrap_or_default());
        form.set("skill", skill.unwrap_or_default());
    } else if let Ok(stuck_in) = form.value("stuck_in").parse() {
        form.set("skill", verbs::about(tx, viewer, stuck_in)?.unwrap_or_default());
    }
    Ok(form)
}

async fn written(app: App, viewer: Viewer, form: Form) -> Result<Page> {
    let asked = form.clone();
    let asking = app.read(move |tx| asking(tx, &viewer, &asked)).await?;
    let title = match (&asking.to, asking.stuck_in) {
        (Some(to), Some(_)) => format!("Tell {} that you are stuck", to.first_name()),
        (Some(to), None) => format!("Ask {} one question", to.first_name()),
        (None, _) => "Ask whoever knows".into(),
    };
    let page = Page::new(title.clone(), Section::Asks, question_form(&asking, &title, &form));
    Ok(page.answering(&form))
}

fn asking(tx: &mut Tx, viewer: &Viewer, form: &Form) -> Result<Asking> {
    let stuck_in = form.value("stuck_in").parse::<RelationshipId>().ok();
    let (to, agreed) = match stuck_in {
        Some(id) => verbs::partner(tx, viewer, id).map(|(partner, agreed)| (Some(partner), agreed))?,
        None => (form.value("to").parse::<PersonId>().ok(), None),
    };
    let nonce = form.nonce_to_send(tx.chance());
    Ok(Asking {
        to: to.map(|to| people::chip(tx, to)).transpose()?,
        stuck_in,
        agreed,
        usual: to.map(|to| people::usual_reply(tx, to)).transpose()?.flatten(),
        nonce,
    })
}

fn question_form(asking: &Asking, title: &str, form: &Form) -> Markup {
    let proposed = asking.agreed.unwrap_or_else(|| usual_days(asking.usual));
    let days = if form.value("days").is_empty() { proposed.to_string() } else { form.value("days").to_owned() };
    let mut reply = Choices::radio("days", "An answer within").error(form.error("days")).required();
    for choice in days_to_choose(asking.agreed) {
        reply = reply.choice(choice.to_string(), in_days(choice));
    }
    let name = asking.to.as_ref().map(Chip::first_name);
    let hint = match (asking.agreed, name, asking.usual) {
        (Some(agreed), ..) => format!("Between the two of you, an answer takes {} at most.", in_days(agreed)),
        (None, Some(name), Some(usual)) => format!("{name} usually answers within {}.", said(usual)),
        (None, Some(name), None) => format!("We do not know yet how long {name} usually takes."),
        (None, None, _) => "We ask one person at a time, so that nobody is asked in vain.".into(),
    };
    // Whoever is stuck is heard by somebody in time, unless she wants to wait for her partner.
    let is_to_be_heard = asking.stuck_in.is_some() && !form.has("nonce");
    html! {
        (PageHeader::new(title).lead("One question that can be answered in a few sentences."))
        (crate::web::mend(form))
        form.stack method="post" action="/questions" {
            input type="hidden" name="nonce" value=(asking.nonce);
            @if let Some(stuck_in) = asking.stuck_in { input type="hidden" name="stuck_in" value=(stuck_in); }
            @if !form.value("again").is_empty() { input type="hidden" name="again" value=(form.value("again")); }
            @if let Some(to) = &asking.to { input type="hidden" name="to" value=(to.id); }
            @if let Some(to) = &asking.to { p { (face(to).chip(Some(&format!("/people/{}", to.id)))) } }
            (Field::textarea("words", "Your question").value(form.value("words")).error(form.error("words"))
                .hint("What you want to know, and what you have tried.").max(longest::WORDS).rows(5).required())
            (Field::text("skill", "What it is about").value(form.value("skill")).error(form.error("skill"))
                .hint(if name.is_some() { "A skill, such as “accessibility”. It tells us whom to ask next." } else { "A skill, such as “accessibility”. It tells us whom to ask." }).suggest_from("/skills/suggest").max(80).optional())
            (reply.chosen(&days).hint(hint))
            @if let Some(name) = name {
                (Field::checkbox("may_pass", format!("If {name} does not answer by then, ask someone else here")).checked(form.ticked("may_pass") || is_to_be_heard)
                    .hint("They get your question and your name, and nothing else."))
            }
            (page::actions(&html! { (Button::primary("Send the question").icon(Icon::Send)) }))
        }
    }
}

fn in_days(days: i64) -> String {
    if days == 1 { "1 day".into() } else { format!("{days} days") }
}

async fn ask(State(app): State<App>, viewer: Viewer, mut form: Form) -> Result<Response> {
    let words = form.text("words", longest::WORDS);
    let days = form.chosen("days", "Please choose a reply time.").filter(|days| (1..=7).contains(days));
    let typed_skill = form.maybe_text("skill", 80);
    let nonce = form.nonce("words");
    let (true, Some(days)) = (form.is_good(), days) else {
        return Ok(written(app, viewer, form).await?.into_response());
    };
    let (to, stuck_in, again) = (form.value("to").parse().ok(), form.value("stuck_in").parse().ok(), form.value("again").parse().ok());
    let may_pass = to.is_none() && stuck_in.is_none() || form.ticked("may_pass");
    let me = viewer.clone();
    let asked = app
        .write(move |tx| {
            let skill = recognised(tx, &typed_skill)?;
            let draft = Draft { to, skill, words: words.clone(), days, may_pass, stuck_in, again, nonce: nonce.clone() };
            verbs::ask(tx, &me, &draft)
        })
        .await;
    match asked {
        Ok(id) => Ok(Go::to(format!("/questions/{id}")).saying("Your question is on its way.").into_response()),
        Err(Error::Refused(refusal)) => Ok(written(app, viewer, form.refused(refusal)).await?.into_response()),
        Err(e) => Err(e),
    }
}

/// The skill that was meant, as the graph knows it; what it does not know is left out rather than refused.
fn recognised(tx: &mut Tx, typed: &str) -> Result<Option<String>> {
    let graph = skills::graph_here(tx)?;
    Ok(graph.by_id(typed).or_else(|| graph.find(typed)).map(|skill| skill.id.to_string()))
}

// Reading and answering one.

async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<QuestionId>) -> Result<Page> {
    shown(app, viewer, id, Form::default()).await
}

async fn shown(app: App, viewer: Viewer, id: QuestionId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let whole = app.read(move |tx| verbs::read(tx, &me, id)).await?;
    let q = &whole.question;
    let mine = viewer.is(q.asker);
    let title = if mine { format!("Your question to {}", whole.asked.name) } else { super::notices::asks_you(q, &whole.asker.name) };
    let other = if mine { whole.asked.first_name() } else { whole.asker.first_name() };
    let over = if mine { q.ending(other) } else { q.ending_for_asked(other) };
    let body = html! {
        (PageHeader::new(title.clone()).back("Questions", "/questions"))
        (crate::web::mend(&form))
        @if !q.is_waiting() && !form.value("answer").is_empty() {
            (page::section("What you wrote", &page::audience_me(), &page::quotation(form.value("answer"), "Not sent")))
        }
        @if let Some(over) = &over { (page::card(&html! { p { strong { (over) } }
            @if let Some((next, chip)) = &whole.went_on { (Button::primary(&format!("See your question to {}", chip.first_name())).href(&format!("/questions/{}", next.id))) }
            @else if mine && q.can_be_asked_again() {
                p { (KEPT) }
                (Button::primary("Ask again").href(&again(q)))
            }
        })) } @else { (clock(&whole, &viewer)) }
        (page::section("The question", &page::audience(&format!("Only you and {other}")),
            &page::quotation(&whole.words, &format!("{}, {}", if mine { "You" } else { other }, viewer.when(q.sent_at)))))
        @if let Some(answer) = &whole.answer {
            (page::section("The answer", &page::audience(&format!("Only you and {other}")),
                &page::quotation(answer, &format!("{}, {}", if mine { other } else { "You" }, viewer.when(q.ended_at.unwrap_or(q.sent_at))))))
        }
        (deeds(&whole, &viewer, &form))
    };
    let page = Page::new(title, Section::Asks, body);
    Ok(page.answering(&form))
}

fn clock(whole: &Whole, viewer: &Viewer) -> Markup {
    let q = &whole.question;
    let mine = q.waits_for_viewer(viewer);
    let name = whole.asked.first_name();
    let sentence = if mine { "It is your turn".to_owned() } else { format!("It is {name}’s turn") };
    let then = match (mine, q.may_go_on()) {
        (true, _) => format!("If you cannot answer by then, we let {} know. Nothing bad happens.", whole.asker.first_name()),
        (false, true) => format!("If {name} does not answer by then, we ask someone else."),
        (false, false) => format!("If {name} does not answer by then, we tell you."),
    };
    let (due, due_at) = (format!("until {}", viewer.when(q.answer_by)), q.answer_by.jiff().to_string());
    html! {
        (Clock { sentence: &sentence, due: &due, due_at: &due_at, tone: if mine { Tone::Amber } else { Tone::Plain } })
        p.muted { (then) }
    }
}

fn deeds(whole: &Whole, viewer: &Viewer, form: &Form) -> Markup {
    let q = &whole.question;
    let to = |deed: &str| format!("/questions/{}/{deed}", q.id);
    let name = whole.asked.first_name();
    html! {
        @if q.offers(viewer, Deed::Answer) {
            form.stack method="post" action=(to("answer")) { (answer_fields(whole, form)) (page::actions(&html! { (Button::primary("Send the answer")) })) }
            (page::more("I cannot answer this", &page::confirmation(&to("pass-on"),
                &passing_on(whole),
                &Button::secondary("Let it go on"), &format!("/questions/{}", q.id))))
        }
        @if viewer.is(q.asker) && whole.answer.is_some() {
            p { a href="/actions/new" { "Decide what you will do with this answer" } }
        }
        @if q.offers(viewer, Deed::SayItHelped) || q.offers(viewer, Deed::Grow) {
            (page::actions(&html! {
                @if q.offers(viewer, Deed::SayItHelped) { (page::post_button(&to("helped"), &[], &Button::primary("This answer helped"))) }
                @if q.offers(viewer, Deed::Grow) { (Button::secondary(&format!("Ask {name} for more than one answer")).href(&to("grow"))) }
            }))
        }
        @if let Some(ask) = q.ask { p { a href={ "/asks/" (ask) } { "The request that belongs to this" } } }
        @if q.offers(viewer, Deed::Withdraw) {
            (page::more("Take this question back", &page::confirmation(&to("withdraw"), &format!("{name} is told that there is nothing more to do."),
                &Button::secondary("Take it back"), &format!("/questions/{}", q.id))))
        }
    }
}

/// What happens when whoever is asked cannot answer; also said behind a letter.
pub fn passing_on(whole: &Whole) -> String {
    format!("{} is told at once{}.", whole.asker.first_name(), if whole.question.may_go_on() { ", and we ask someone else" } else { "" })
}

/// Inside the form that answers; also asked from a letter.
pub fn answer_fields(whole: &Whole, form: &Form) -> Markup {
    html! {
        (Field::textarea("answer", format!("Your answer to {}", whole.asker.first_name())).value(form.value("answer")).error(form.error("answer"))
            .hint("A few sentences are plenty.").max(longest::ANSWER).rows(6).required())
    }
}
pub fn read_answer(form: &mut Form) -> String {
    form.text("answer", longest::ANSWER)
}

/// Does something with a question and shows it again, with what is to be mended when it did not go through.
async fn does(
    app: App,
    viewer: Viewer,
    id: QuestionId,
    form: Form,
    said: &str,
    act: impl FnMut(&mut Tx) -> Result<()> + Send + 'static,
) -> Result<Response> {
    let then = |()| Go::to(format!("/questions/{id}")).saying(said);
    crate::web::does(&app.clone(), form, act, then, |form| shown(app, viewer, id, form)).await
}

async fn answer(State(app): State<App>, viewer: Viewer, Path(id): Path<QuestionId>, mut form: Form) -> Result<Response> {
    let (me, words) = (viewer.clone(), read_answer(&mut form));
    does(app, viewer, id, form, "Thank you. They have your answer.", move |tx| verbs::answer(tx, &me, id, &words)).await
}
async fn pass_on(State(app): State<App>, viewer: Viewer, Path(id): Path<QuestionId>) -> Result<Response> {
    let me = viewer.clone();
    does(app, viewer, id, Form::default(), "Thank you for saying so at once.", move |tx| verbs::pass_on(tx, &me, id)).await
}
async fn say_it_helped(State(app): State<App>, viewer: Viewer, Path(id): Path<QuestionId>) -> Result<Response> {
    let me = viewer.clone();
    does(app, viewer, id, Form::default(), "They know that it helped.", move |tx| verbs::say_it_helped(tx, &me, id)).await
}
async fn withdraw(State(app): State<App>, viewer: Viewer, Path(id): Path<QuestionId>) -> Result<Response> {
    let me = viewer.clone();
    does(app, viewer, id, Form::default(), "Taken back.", move |tx| verbs::withdraw(tx, &me, id)).await
}

// Growing into a request.

async fn growing(State(app): State<App>, viewer: Viewer, Path(id): Path<QuestionId>) -> Result<Response> {
    Ok(grown(app, viewer, id, Form::default()).await?.into_response())
}

async fn grown(app: App, viewer: Viewer, id: QuestionId, form: Form) -> Result<Page> {
    let (me, asked) = (viewer.clone(), form.clone());
    let (whole, composing) = app
        .read(move |tx| {
            verbs::open(tx, &me, id, Deed::Grow)?;
            let whole = verbs::read(tx, &me, id)?;
            let composing = ask_pages::composing(tx, &me, whole.question.asked, &asked)?;
            Ok((whole, composing))
        })
        .await?;
    let form = if form.has("nonce") { form } else { what_is_known(&whole, form) };
    let name = whole.asked.first_name();
    let before = page::section(
        "What came before",
        &page::audience(&format!("Only you and {name}")),
        &html! {
            (page::quotation(&whole.words, "You"))
            @if let Some(answer) = &whole.answer { (page::quotation(answer, name)) }
            p.muted { "It goes with your request, and stays with the two of you if " (name) " says yes." }
        },
    );
    let action = format!("/questions/{id}/grow");
    let body = ask_pages::compose(&composing, &viewer, &form, &action, &before);
    let page = Page::new(format!("Ask {name} for help"), Section::Asks, body);
    Ok(page.answering(&form))
}

/// What the question and its answer say of a letter to whoever answered: why them, and how far she has come.
fn what_is_known(whole: &Whole, mut form: Form) -> Form {
    // Room for the words around it.
    let quoted = |text: &str, most: usize| page::shortened(text, most - 50);
    form.set("why_you", format!("You answered my question: “{}”", quoted(&whole.words, asks::longest::WHY_YOU)));
    if let Some(answer) = &whole.answer {
        form.set("so_far", format!("You wrote: “{}”", quoted(answer, asks::longest::SO_FAR)));
    }
    form
}

async fn grow(State(app): State<App>, viewer: Viewer, Path(id): Path<QuestionId>, mut form: Form) -> Result<Response> {
    let Some(draft) = ask_pages::read_draft(&mut form) else {
        return Ok(grown(app, viewer, id, form).await?.into_response());
    };
    let me = viewer.clone();
    match app.write(move |tx| verbs::grow(tx, &me, id, &draft)).await {
        Ok(ask) => Ok(Go::to(format!("/asks/{ask}")).saying("Your letter is on its way.").into_response()),
        Err(Error::Refused(refusal)) => Ok(grown(app, viewer, id, form.refused(refusal)).await?.into_response()),
        Err(e) => Err(e),
    }
}
