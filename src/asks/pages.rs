//! Asks on screen: the letter one writes, the letter one reads with its clock and its buttons, and the list of both.

use super::ask::{
    self, Ask, AskId, Deed, Draft, Help, Letter, LineKind, MOST_NEXT, Pending, Reason, Standing, Turn, WaitEstimate, longest,
};
use super::verbs::{self, HEADINGS, Whole};
use crate::app::{App, Tx};
use crate::error::{Error, Result};
use crate::form::{Asked, Form};
use crate::goals::{self, GoalId};
use crate::page::{self, Button, Choices, Clock, Field, Icon, PageHeader, Row, Section, Tone};
use crate::people::{Chip, said, verbs as people};
use crate::relationships::pages::{face, moment};
use crate::relationships::{Extent, Size};
use crate::slices::{Needs, Routes};
use crate::viewer::{PersonId, Viewer};
use crate::web::{Go, Page};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chiron_store::Timestamp;
use maud::{Markup, html};
use std::str::FromStr;

pub fn routes() -> Routes {
    Routes::new()
        .get("/asks", Needs::SignedIn, list)
        .get("/asks/new", Needs::SignedIn, new)
        .post("/asks", Needs::SignedIn, send)
        .get("/asks/{id}", Needs::Deed("ask.see"), show)
        .post("/asks/{id}/accept", Needs::Deed("ask.accept"), accept)
        .post("/asks/{id}/ask-back", Needs::Deed("ask.ask_back"), ask_back)
        .post("/asks/{id}/offer", Needs::Deed("ask.offer"), offer)
        .post("/asks/{id}/redirect", Needs::Deed("ask.redirect"), redirect)
        .post("/asks/{id}/decline", Needs::Deed("ask.decline"), decline)
        .post("/asks/{id}/answer", Needs::Deed("ask.answer"), answer)
        .post("/asks/{id}/take-offer", Needs::Deed("ask.take_offer"), take_offer)
        .post("/asks/{id}/leave-offer", Needs::Deed("ask.leave_offer"), leave_offer)
        .post("/asks/{id}/allow-redirect", Needs::Deed("ask.allow_redirect"), allow_redirect)
        .post("/asks/{id}/refuse-redirect", Needs::Deed("ask.refuse_redirect"), refuse_redirect)
        .post("/asks/{id}/next", Needs::Deed("ask.choose_next"), choose_next)
        .post("/asks/{id}/withdraw", Needs::Deed("ask.withdraw"), withdraw)
}

// The list.

async fn list(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    let me = viewer.clone();
    let (asks, estimate) = app.read(move |tx| Ok((verbs::mine(tx, &me)?, verbs::estimate(tx)?))).await?;
    let (waiting, past): (Vec<_>, Vec<_>) = asks.iter().partition(|(ask, _)| ask.is_waiting());
    let (on_me, on_others): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|(ask, _)| ask.waits_for_viewer(&viewer));
    let part = |title: &str, asks: &[&(Ask, Chip)]| {
        html! { @if !asks.is_empty() { (page::section(title, &html! {}, &page::rows(&html! { @for (ask, chip) in asks { (row(ask, chip, &viewer)) } }))) } }
    };
    let find = Button::primary("Find someone to ask").href("/find");
    let body = html! {
        (PageHeader::new("Requests").lead(estimate.words()).actions(html! { (find) }))
        (tabs(0))
        @if asks.is_empty() {
            (page::empty(Icon::Letter, "No requests yet", "When you ask somebody for help, or somebody asks you, the letter and its clock are here.", &html! {}))
        }
        (part("Waiting for you", &on_me))
        (part("Waiting for others", &on_others))
        (part("Past", &past))
    };
    Ok(Page::new("Requests", Section::Asks, body))
}

/// Both lists of what is asked, each one press from the other.
pub fn tabs(now: usize) -> Markup {
    page::tabs("What is asked", &[("Requests", "/asks", 0), ("Questions", "/questions", 0)], now)
}

pub fn row(ask: &Ask, chip: &Chip, viewer: &Viewer) -> Markup {
    let (mine, name) = (viewer.is(ask.asker), chip.first_name());
    let title = match (mine, ask.waits_for_viewer(viewer)) {
        (true, true) => verbs::what_is_asked(ask, name),
        (true, false) => format!("Your request to {}", chip.name),
        (false, _) => format!("{} asks for your help", chip.name),
    };
    let over = if mine { ask.ending(name) } else { ask.ending_for_asked(name) };
    let text = over.unwrap_or_else(|| format!("{}, {}", page::capital(&ask.size().words()), ask.help.words()));
    let beside = match (ask.is_waiting(), ask.waits_for_viewer(viewer)) {
        (true, true) => page::tag("waiting for you", Tone::Amber),
        (true, false) => page::tag("waiting", Tone::Plain),
        (false, _) => page::tag(ask.state.as_str(), if ask.relationship.is_some() { Tone::Laurel } else { Tone::Plain }),
    };
    let meta = match ask.ended_at {
        Some(ended) => moment(viewer, ended),
        None => html! { "Until " (viewer.when(ask.answer_by)) },
    };
    html! { (Row::new(title).href(format!("/asks/{}", ask.id)).face(&face(chip)).text(text).meta(meta).beside(beside)) }
}

/// On the page of somebody whom the viewer has asked already.
pub fn profile_part(tx: &mut Tx, viewer: Option<&Viewer>, person: PersonId) -> Result<Option<Markup>> {
    let Some(viewer) = viewer else { return Ok(None) };
    let asked = verbs::waiting_between(tx, viewer.person, person)?;
    Ok(asked.map(|ask| {
        page::banner(
            Tone::Laurel,
            "You have asked them already.",
            Some(&Button::secondary("See your request").href(&format!("/asks/{ask}"))),
        )
    }))
}

// Writing one.

/// What the page needs to know of the person one writes to.
pub(crate) struct Composing {
    pub to: Chip,
    pub standing: Standing,
    pub next: Vec<Chip>,
    pub estimate: WaitEstimate,
    pub nonce: String,
    pub now: Timestamp,
}

pub(crate) fn composing(tx: &mut Tx, viewer: &Viewer, to: PersonId, form: &Form) -> Result<Composing> {
    if viewer.is(to) {
        return Err(crate::refused!("to_oneself"; "You cannot ask yourself. Choose someone else."));
    }
    let named = ids::<PersonId>(form.values("next").into_iter().chain(form.values("offered_next")));
    let next = if named.is_empty() && form.has("nonce") { Vec::new() } else { verbs::next_to(tx, viewer, to, named)? };
    let nonce = form.nonce_to_send(tx.chance());
    Ok(Composing {
        to: people::chip(tx, to)?,
        standing: verbs::standing(tx, viewer.person, to)?,
        next,
        estimate: verbs::estimate(tx)?,
        nonce,
        now: tx.now(),
    })
}

/// The ids among these words, each once.
fn ids<'w, T: FromStr + PartialEq>(words: impl IntoIterator<Item = &'w str>) -> Vec<T> {
    let mut found = Vec::new();
    for id in words.into_iter().take(20).filter_map(|w| w.parse().ok()) {
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

async fn new(State(app): State<App>, viewer: Viewer, Asked(asked): Asked) -> Result<Response> {
    let Ok(to) = asked.value("to").parse::<PersonId>() else { return Ok(Go::to("/find").into_response()) };
    let me = viewer.clone();
    let begun = app.read(move |tx| {
        // Nobody writes a letter only to be told at its end that one is waiting already.
        if let Some(waiting) = verbs::waiting_between(tx, me.person, to)? {
            return Ok(Err(waiting));
        }
        let (form, before) = begin(tx, &me, to, asked.clone())?;
        Ok(Ok((composing(tx, &me, to, &form)?, form, before)))
    });
    match begun.await? {
        Ok((composing, form, before)) => Ok(letter_page(&composing, &viewer, &form, &before).into_response()),
        Err(waiting) => Ok(Go::to(format!("/asks/{waiting}")).saying("You have asked already, and this is your letter.").into_response()),
    }
}

/// What stands in a letter before she writes: the words of her goal, and those of an earlier letter if she wants them,
/// which is offered above it.
fn begin(tx: &mut Tx, viewer: &Viewer, to: PersonId, mut form: Form) -> Result<(Form, Markup)> {
    let mut before = html! {};
    if let Ok(again) = form.value("again").parse::<AskId>() {
        let (ask, goal, letter) = verbs::sent(tx, viewer, again)?;
        if let Some(letter) = letter {
            let name = people::chip(tx, ask.asked)?.first_name().to_owned();
            before = html! { p.muted { "These are the words you wrote to " (name) ". Only “" (HEADINGS[1]) "” is empty: that was about " (name) "." } };
            let fields =
                [("outcome", letter.goal), ("so_far", letter.so_far), ("the_ask", letter.the_ask), ("will_bring", letter.will_bring)];
            fields.into_iter().for_each(|(name, words)| form.set(name, words));
        }
        let goal = goal.map(|goal| ("goal_id", goal.to_string()));
        let [hours, months] = [ask.minutes / 60, ask.months].map(|n| n.to_string());
        let size = match ask.extent {
            Extent::Answer => Vec::new(),
            Extent::Conversation => vec![("minutes", ask.minutes.to_string())],
            Extent::Regular => vec![("hours", hours), ("months", months)],
        };
        let same = [("help", ask.help.to_string()), ("extent", ask.extent.to_string())];
        same.into_iter().chain(size).chain(goal).for_each(|(name, value)| form.set(name, value));
    } else if let Some((ask, chip)) = verbs::to_send_again(tx, viewer)?.filter(|(_, chip)| chip.id != to) {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(form.fields()).append_pair("again", &ask.to_string());
        before = html! { p { a href={ "/asks/new?" (query.finish()) } { "Begin with the words you wrote to " (chip.first_name()) } } };
    }
    // A goal comes by its id, and the letter begins with its words; she may say it otherwise here.
    if let Ok(goal) = form.value("goal").parse::<GoalId>() {
        let brief = goals::verbs::brief(tx, viewer, goal)?;
        form.set("goal_id", goal.to_string());
        form.set("goal", brief.outcome);
    } else if form.value("goal").is_empty() {
        let outcome = form.value("outcome").to_owned();
        form.set("goal", outcome);
    }
    Ok((form, before))
}

fn letter_page(composing: &Composing, viewer: &Viewer, form: &Form, before: &Markup) -> Page {
    let title = format!("Ask {} for help", composing.to.first_name());
    Page::new(title, Section::Asks, compose(composing, viewer, form, "/asks", before)).answering(form)
}

/// The letter as it was sent, with what is to be mended.
async fn to_mend(app: &App, viewer: &Viewer, to: PersonId, form: Form) -> Result<Response> {
    let (me, sent) = (viewer.clone(), form.clone());
    let composing = app.read(move |tx| composing(tx, &me, to, &sent)).await?;
    Ok(letter_page(&composing, viewer, &form, &html! {}).into_response())
}

async fn send(State(app): State<App>, viewer: Viewer, mut form: Form) -> Result<Response> {
    let Some(draft) = read_draft(&mut form) else {
        let to = form.value("to").parse::<PersonId>().map_err(|_| Error::NotFound)?;
        return to_mend(&app, &viewer, to, form).await;
    };
    let (me, to) = (viewer.clone(), draft.to);
    match app.write(move |tx| verbs::send(tx, &me, &draft)).await {
        Ok(id) => Ok(Go::to(format!("/asks/{id}")).saying("Your letter is on its way.").into_response()),
        Err(Error::Refused(refusal)) => to_mend(&app, &viewer, to, form.refused(refusal)).await,
        Err(e) => Err(e),
    }
}

/// What was typed as a draft; `None` when something is to be mended, which the form then says.
pub(crate) fn read_draft(form: &mut Form) -> Option<Draft> {
    let to = form.value("to").parse().ok()?;
    let help = form.chosen("help", "Please choose what kind of help you would like.");
    let letter = Letter {
        goal: form.text("goal", longest::GOAL),
        why_you: form.text("why_you", longest::WHY_YOU),
        so_far: form.text("so_far", longest::SO_FAR),
        the_ask: form.text("the_ask", longest::THE_ASK),
        will_bring: form.text("will_bring", longest::WILL_BRING),
    };
    let size = read_size(form);
    let next: Vec<PersonId> = ids(form.values("next"));
    if next.len() > MOST_NEXT {
        form.refuse("next", format!("Please choose at most {MOST_NEXT} people."));
    }
    let nonce = form.nonce("goal");
    if !form.is_good() {
        return None;
    }
    Some(Draft { to, help: help?, size: size?, goal_id: form.value("goal_id").parse().ok(), letter, next, nonce })
}

fn read_size(form: &mut Form) -> Option<Size> {
    match form.chosen("extent", "Please choose how much time you ask for.")? {
        Extent::Answer => Some(Size::ANSWER),
        Extent::Conversation => Some(Size::conversation(form.number("minutes", 10..=90)?)),
        Extent::Regular => Some(Size::regular(form.number("hours", 1..=10)?, form.number("months", 1..=12)?)),
    }
}

/// The letter to write. `before` stands above it: the conversation it grows from.
pub(crate) fn compose(c: &Composing, viewer: &Viewer, form: &Form, action: &str, before: &Markup) -> Markup {
    let name = c.to.first_name();
    html! {
        (PageHeader::new(format!("Ask {name} for help")).lead("Five short answers. They are read by one busy person who would like to say yes."))
        (crate::web::mend(form))
        (before)
        p { (face(&c.to).chip(Some(&format!("/people/{}", c.to.id)))) }
        (letter_form(c, viewer, form, action))
    }
}

/// Read before the letter is sent, and so above its button.
fn what_happens_next(c: &Composing, viewer: &Viewer) -> Markup {
    page::section(
        "What happens next",
        &html! {},
        &html! {
            p { (expectation(c, viewer)) }
            @if let Some(known) = c.estimate.known() { p.muted { (known) } }
            p.muted { "Whatever happens, you have an answer or an end within three weeks, and you are told why." }
            (page::audience(&format!("Only you and {}", c.to.first_name())))
        },
    )
}

/// “Tomas usually answers in two days. If not by Friday, we ask Lea.”
fn expectation(c: &Composing, viewer: &Viewer) -> String {
    let name = c.to.first_name();
    let by = viewer.day(ask::answer_by(c.now, c.standing.usual_reply, c.now + ask::LONGEST));
    let usually = match c.standing.usual_reply {
        Some(usual) => format!("{name} usually answers within {}.", said(usual)),
        None => format!("We do not know yet how long {name} usually takes."),
    };
    let then = match c.next.first() {
        Some(next) => format!("If not by {by}, we ask {}, if you allow it.", next.first_name()),
        None => format!("If not by {by}, we tell you, and you can send it to someone else."),
    };
    format!("{usually} {then}")
}

fn letter_form(c: &Composing, viewer: &Viewer, form: &Form, action: &str) -> Markup {
    let name = c.to.first_name();
    let field = |id: &'static str, heading: &'static str, max: usize| {
        Field::textarea(id, heading).value(form.value(id)).error(form.error(id)).max(max).rows(3).required()
    };
    let kinds: Vec<Help> = Help::ALL.iter().copied().filter(|h| c.standing.open_to.contains(&h.needs())).collect();
    let kinds = if kinds.is_empty() { Help::ALL.to_vec() } else { kinds };
    let chosen = if form.value("help").is_empty() { kinds.first().map_or("", |k| k.as_str()) } else { form.value("help") };
    let mut help = Choices::radio("help", "What kind of help").error(form.error("help")).required();
    for kind in &kinds {
        help = help.choice(kind.as_str(), page::capital(kind.words()));
    }
    let extent = if form.value("extent").is_empty() { "conversation" } else { form.value("extent") };
    html! {
        form.stack method="post" action=(action) data-draft={ "letter-" (c.to.id) } {
            @for hidden in ["goal_id", "stuck_in"] { @if !form.value(hidden).is_empty() { input type="hidden" name=(hidden) value=(form.value(hidden)); } }
            input type="hidden" name="to" value=(c.to.id);
            input type="hidden" name="nonce" value=(c.nonce);
            // One kind is no question.
            @if let ([kind], None) = (kinds.as_slice(), form.error("help")) { input type="hidden" name="help" value=(kind); } @else { (help.chosen(chosen)) }
            (field("goal", HEADINGS[0], longest::GOAL).hint("One or two sentences. What would be different?"))
            (field("why_you", HEADINGS[1], longest::WHY_YOU).hint(format!("What in {name}’s experience made you write to them and not to anyone?")))
            (field("so_far", HEADINGS[2], longest::SO_FAR).hint("It saves a first conversation."))
            (Choices::cards("extent", "How much time you ask for")
                .described("answer", "One answer", "They write to you once.").icon(Icon::Letter)
                .described("conversation", "One conversation", "You meet once, for as long as you say below.").icon(Icon::Speech)
                .described("regular", "Meet regularly", "Some hours a month, for some months.").icon(Icon::Calendar)
                .chosen(extent).error(form.error("extent")).required())
            div.letter-size { (page::side_by_side(&html! {
                (amount(form, "minutes", "Minutes, if one conversation", "30", "10", "90"))
                (amount(form, "hours", "Hours a month, if regularly", "1", "1", "10"))
                (amount(form, "months", "Months, if regularly", "3", "1", "12"))
            })) }
            (field("the_ask", HEADINGS[3], longest::THE_ASK).hint("The most useful thing they could do for you."))
            (field("will_bring", HEADINGS[4], longest::WILL_BRING).hint("What they can rely on: that you prepare, keep times, tell them what came of it."))
            (allowed_next(&c.next, form, name))
            (what_happens_next(c, viewer))
            (page::actions(&html! { (Button::primary("Send the letter").icon(Icon::Send)) }))
        }
    }
}

fn amount(form: &Form, name: &'static str, label: &'static str, usual: &'static str, least: &'static str, most: &'static str) -> Markup {
    let value = if form.has(name) { form.value(name).to_owned() } else { usual.to_owned() };
    html! { (Field::number(name, label).value(value).between(least, most).error(form.error(name))) }
}

/// Whom we may ask next: offered, and nobody ticked whom she did not tick herself.
fn allowed_next(next: &[Chip], form: &Form, name: &str) -> Markup {
    if next.is_empty() {
        return html! {};
    }
    let id_of = |c: &Chip| c.id.to_string();
    let mut choices = Choices::checkboxes("next", format!("If {name} cannot, whom may we ask instead?"))
        .hint(format!("At most {MOST_NEXT}, one after the other, in this order. They get the same letter, with a line that says so."))
        .error(form.error("next"))
        .optional();
    for chip in next {
        choices = choices.described(id_of(chip), chip.name.clone(), chip.headline.clone());
    }
    for chosen in form.values("next") {
        choices = choices.chosen(&chosen.parse::<PersonId>().map_or(String::new(), |id| id.to_string()));
    }
    html! {
        (choices)
        @for chip in next { input type="hidden" name="offered_next" value=(id_of(chip)); }
    }
}

// Reading one.

async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<AskId>) -> Result<Page> {
    let form = Form::default();
    shown(app, viewer, id, form, None).await
}

/// The page again, after something on it did not go through: everything typed stays.
async fn shown(app: App, viewer: Viewer, id: AskId, form: Form, tried: Option<Deed>) -> Result<Page> {
    let (me, typed) = (viewer.clone(), form.value("person").to_owned());
    let whole = app
        .read(move |tx| {
            let mut whole = verbs::read(tx, &me, id)?;
            // A part of a name, or one that several people have: those it may be stand there to choose from.
            if tried == Some(Deed::Redirect) && whole.ask.offers(&me, Deed::Redirect) && !typed.is_empty() {
                let found = verbs::called_like(tx, &me, id, &typed)?;
                whole.suggested = if found.is_empty() { whole.suggested } else { found };
            }
            Ok(whole)
        })
        .await?;
    let other = if viewer.is(whole.ask.asker) { &whole.asked } else { &whole.asker };
    let title =
        if viewer.is(whole.ask.asker) { format!("Your request to {}", other.name) } else { format!("{} asks for your help", other.name) };
    let page = Page::new(title.clone(), Section::Asks, body(&whole, &viewer, &title, &form, tried));
    Ok(page.answering(&form))
}

fn body(whole: &Whole, viewer: &Viewer, title: &str, form: &Form, tried: Option<Deed>) -> Markup {
    let ask = &whole.ask;
    let mine = viewer.is(ask.asker);
    let other = if mine { &whole.asked } else { &whole.asker };
    html! {
        (PageHeader::new(title).back("Requests", "/asks").lead(format!("{}, {}.", page::capital(&ask.size().words()), ask.help.words())))
        (crate::web::mend(form))
        @if let (Some(_), Some(words)) = (form.refusal().filter(|_| !tried.is_some_and(|d| ask.offers(viewer, d))), typed(form)) {
            (page::section("What you wrote", &page::audience_me(), &page::quotation(words, "Not sent")))
        }
        @if let Some(clock) = clock(whole, viewer) { (clock) }
        (ending(whole, viewer))
        @if mine { (turn_of_asker(whole, viewer, form)) }
        // What did not go through stands beside the sentence that says so.
        @if !mine && tried.is_some() { (turn_of_asked(whole, viewer, form, tried)) }
        (page::section("The letter", &page::audience(&format!("Only you and {}", other.first_name())), &letter(whole, viewer)))
        @if !whole.lines.is_empty() { (conversation(whole, viewer)) }
        // First one reads, then one answers.
        @if !mine && tried.is_none() { (turn_of_asked(whole, viewer, form, tried)) }
        @if mine { (asker_extras(whole, viewer)) }
    }
}

fn typed(form: &Form) -> Option<&str> {
    ["question", "words", "answer"].into_iter().map(|f| form.value(f)).find(|w| !w.is_empty())
}

/// The same clock for both: whose turn, and until when.
fn clock(whole: &Whole, viewer: &Viewer) -> Option<Markup> {
    let ask = &whole.ask;
    if !ask.is_waiting() {
        return None;
    }
    let mine = ask.waits_for_viewer(viewer);
    let name = if ask.turn == Turn::Asked { whole.asked.first_name() } else { whole.asker.first_name() };
    let sentence = match (mine, ask.turn, whole.usual_reply) {
        (true, _, _) => "It is your turn".to_owned(),
        (false, Turn::Asked, Some(usual)) => format!("{name} usually answers within {}", said(usual)),
        (false, _, _) => format!("It is {name}’s turn"),
    };
    let then = match (viewer.is(ask.asker), ask.turn, whole.next.first()) {
        (true, Turn::Asked, Some(next)) => Some(format!("If {name} does not answer by then, we ask {}.", next.first_name())),
        (true, Turn::Asked, None) => Some(format!("If {name} does not answer by then, we tell you, and you can send it to someone else.")),
        (false, Turn::Asked, _) => {
            Some(format!("If you cannot answer by then, we let {} know. Nothing bad happens.", whole.asker.first_name()))
        }
        _ => None,
    };
    let (due, due_at) = (format!("until {}", viewer.when(ask.answer_by)), ask.answer_by.jiff().to_string());
    Some(html! {
        (Clock { sentence: &sentence, due: &due, due_at: &due_at, tone: if mine { Tone::Amber } else { Tone::Plain } })
        @if let Some(then) = then { p.muted { (then) } }
    })
}

fn ending(whole: &Whole, viewer: &Viewer) -> Markup {
    let ask = &whole.ask;
    let mine = viewer.is(ask.asker);
    let over = if mine { ask.ending(whole.asked.first_name()) } else { ask.ending_for_asked(whole.asker.first_name()) };
    let Some(over) = over else { return html! {} };
    let to_relationship = ask.relationship.map(|r| format!("/relationships/{r}"));
    html! {
        (page::card(&html! {
            p { strong { (over) } }
            @if let Some((next, chip)) = &whole.went_on {
                p { "We have asked " (chip.first_name()) " for you, as you allowed." }
                (Button::primary(&format!("See your request to {}", chip.first_name())).href(&format!("/asks/{}", next.id)))
            } @else if let Some(href) = &to_relationship {
                (Button::primary("Go to where you meet").href(href))
            } @else if mine {
                p { "Your letter is kept below. When you ask someone else, you can begin with its words." }
                @if whole.suggested.is_empty() { (find_someone_else(whole, Button::primary)) }
            }
        }))
        @if mine && !whole.suggested.is_empty() { (who_else(whole)) }
    }
}

/// Nobody is left with a no alone: who could be asked now, and the words come along.
fn who_else(whole: &Whole) -> Markup {
    page::section(
        "Who could help you with the same",
        &page::audience_me(),
        &html! {
            (page::rows(&html! { @for chip in &whole.suggested {
                (Row::new(chip.name.as_str()).href(format!("/people/{}", chip.id)).face(&face(chip)).text(chip.headline.as_str())
                    .beside(html! { (Button::secondary("Ask").context(&chip.name).href(&format!("/asks/new?to={}&again={}", chip.id, whole.ask.id)).small()) }))
            } }))
            p { (find_someone_else(whole, Button::quiet)) }
        },
    )
}

fn find_someone_else(whole: &Whole, button: fn(&'static str) -> Button<'static>) -> Markup {
    let path = whole.goal.map_or_else(|| "/find".to_owned(), |goal| format!("/find?goal={goal}"));
    html! { (button("Find someone else").href(&path)) }
}

fn letter(whole: &Whole, viewer: &Viewer) -> Markup {
    let Some(letter) = &whole.letter else { return html! { p.muted { "The words of this request have been forgotten." } } };
    let words = [&letter.goal, &letter.why_you, &letter.so_far, &letter.the_ask, &letter.will_bring];
    let parts: Vec<(&str, &str)> = HEADINGS.iter().copied().zip(words.map(String::as_str)).collect();
    html! {
        @if let Some(from) = &whole.came_from {
            p.muted { (whole.asker.first_name()) " asked " (from.first_name()) " first. This letter was carried on with the words written then." }
        }
        (page::letter_sheet(&face(&whole.asker), &whole.asked.name, &moment(viewer, whole.ask.sent_at), &parts))
    }
}

fn conversation(whole: &Whole, viewer: &Viewer) -> Markup {
    let who = |by: PersonId| {
        if viewer.is(by) {
            "You"
        } else if by == whole.asker.id {
            whole.asker.first_name()
        } else {
            whole.asked.first_name()
        }
    };
    let kind = |kind: LineKind| match kind {
        LineKind::Question => "asked back",
        LineKind::Answer => "answered",
        LineKind::Offer => "offered something smaller",
        LineKind::Redirect => "suggested someone else",
        LineKind::Decline => "declined",
        LineKind::Note => "wrote",
        LineKind::Before => "wrote before",
    };
    page::section(
        "What was written since",
        &html! {},
        &html! { @for line in &whole.lines { (page::quotation(&line.words, &format!("{} {}, {}", who(line.by), kind(line.kind), viewer.when(line.at)))) } },
    )
}

fn turn_of_asker(whole: &Whole, viewer: &Viewer, form: &Form) -> Markup {
    let (ask, name) = (&whole.ask, whole.asked.first_name());
    if !ask.offers(viewer, Deed::Answer) {
        return html! {};
    }
    let to = |deed: &str| format!("/asks/{}/{deed}", ask.id);
    html! {
        (page::card(&html! {
            p { strong { (verbs::what_is_asked(ask, name)) "." } }
            (what_came_back(whole, viewer))
            @if ask.pending == Some(Pending::SmallerOffered) {
                (page::actions(&html! {
                    (page::post_button(&to("take-offer"), &[], &Button::primary("Take it")))
                    (page::post_button(&to("leave-offer"), &[], &Button::secondary("No, thank you")))
                }))
            }
            @if let (Some(Pending::RedirectOffered), Some(who)) = (ask.pending, &whole.redirect_to) {
                (page::actions(&html! {
                    (page::post_button(&to("allow-redirect"), &[], &Button::primary(&format!("Ask {}", who.first_name()))))
                    (page::post_button(&to("refuse-redirect"), &[], &Button::secondary("No, thank you")))
                }))
            }
            form.stack method="post" action=(to("answer")) {
                (answer_field(ask, form))
                (page::actions(&html! { (Button::secondary("Send the answer")) }))
            }
        }))
    }
}

/// What the one who was asked came back with: their words, and whom they suggest. Also asked from a letter.
pub fn what_came_back(whole: &Whole, viewer: &Viewer) -> Markup {
    let (ask, name) = (&whole.ask, whole.asked.first_name());
    html! {
        // It is further down too, with all that was written; nobody answers what they have to look for.
        @if let Some(line) = whole.lines.last().filter(|line| line.by == ask.asked) {
            (page::quotation(&line.words, &format!("{name}, {}", viewer.when(line.at))))
        }
        @if let (Some(Pending::RedirectOffered), Some(who)) = (ask.pending, &whole.redirect_to) {
            p { (face(who).chip(Some(&format!("/people/{}", who.id)))) }
            p { (who.first_name()) " gets your letter only when you say yes." }
        }
    }
}

fn answer_field<'f>(ask: &Ask, form: &'f Form) -> Field<'f> {
    Field::textarea("answer", if ask.pending == Some(Pending::AskedBack) { "Your answer" } else { "Or write back" })
        .value(form.value("answer"))
        .error(form.error("answer"))
        .max(longest::LINE)
        .rows(3)
}

/// Inside the form that answers; also asked from a letter.
pub fn answer_fields(whole: &Whole, viewer: &Viewer, form: &Form) -> Markup {
    html! { (what_came_back(whole, viewer)) (answer_field(&whole.ask, form)) }
}

/// The five ways to answer. What was tried and has to be mended stands open.
fn turn_of_asked(whole: &Whole, viewer: &Viewer, form: &Form, tried: Option<Deed>) -> Markup {
    let ask = &whole.ask;
    if !ask.offers(viewer, Deed::Decline) {
        return html! {};
    }
    let name = whole.asker.first_name();
    // Two of them have a field of the same name; what was typed belongs to the one that was tried.
    let untouched = Form::default();
    let of = |deed: Deed| if tried == Some(deed) { form } else { &untouched };
    let way = |deed: Deed, path: &str, summary: &str, fields: Markup, button: Button| {
        html! {
            @if ask.offers(viewer, deed) {
                details.more open[tried == Some(deed)] {
                    summary { (Icon::Right) span { (summary) } }
                    div { form.stack method="post" action={ "/asks/" (ask.id) "/" (path) } { (fields) (page::actions(&html! { (button) })) } }
                }
            }
        }
    };
    html! {
        (page::card(&html! {
            @if ask.offers(viewer, Deed::Accept) {
                p { strong { (name) } " asks for " strong { (ask.size().words()) } "." }
                form.stack method="post" action={ "/asks/" (ask.id) "/accept" } {
                    (accept_fields(whole, of(Deed::Accept)))
                    (page::actions(&html! { (Button::primary("Say yes").icon(Icon::Check)) }))
                }
            }
            (way(Deed::AskBack, "ask-back", "Ask for more first", ask_back_fields(whole, of(Deed::AskBack)), Button::secondary("Send the question")))
            (way(Deed::Offer, "offer", "Offer something smaller", offer_fields(ask.size(), of(Deed::Offer)), Button::secondary("Offer it")))
            (way(Deed::Redirect, "redirect", "Suggest someone else", redirect_fields(whole, of(Deed::Redirect)), Button::secondary("Suggest them")))
            (way(Deed::Decline, "decline", "Decline kindly", decline_fields(whole, viewer, of(Deed::Decline)), Button::secondary("Decline")))
        }))
    }
}

/// Inside the form that says yes; also asked from a letter.
pub fn accept_fields(whole: &Whole, form: &Form) -> Markup {
    let (name, size) = (whole.asker.first_name(), whole.ask.size());
    html! {
        @if size.fills_a_place() && whole.places_left < 1 {
            p { "All the places you set aside are taken." }
            (Field::checkbox("one_more", "I have room for one more").checked(form.ticked("one_more")).error(form.error("one_more")))
        } @else if size.fills_a_place() {
            p.muted {
                @if whole.places_left == 1 { "This fills the one place you have left." }
                @else { "This fills one of the " (whole.places_left) " places you have left." }
            }
        }
        p.muted { (name) " is told at once and proposes what comes next." }
    }
}

pub fn ask_back_fields(whole: &Whole, form: &Form) -> Markup {
    let name = whole.asker.first_name();
    html! {
        (Field::textarea("question", format!("Your question to {name}")).value(form.value("question")).error(form.error("question"))
            .hint("One question. The clock is theirs then, and yours again when they have answered.").max(longest::LINE).rows(3).required())
    }
}

/// What can be offered instead of what was asked, each as the form sends it.
fn smaller(asked: Size) -> Vec<(&'static str, Size)> {
    offers().into_iter().filter(|(_, size)| size.is_smaller_than(asked)).collect()
}

fn offers() -> [(&'static str, Size); 4] {
    [("answer", Size::ANSWER), ("20", Size::conversation(20)), ("30", Size::conversation(30)), ("45", Size::conversation(45))]
}

/// Inside the form that offers something smaller; also asked from a letter.
pub fn offer_fields(asked: Size, form: &Form) -> Markup {
    let offers = smaller(asked).into_iter().fold(Choices::radio("offer", "What you can give"), |offers, (value, size)| {
        let words = if size == Size::ANSWER { "One answer in writing".to_owned() } else { page::capital(&size.words()) };
        offers.choice(value, words)
    });
    html! {
        (offers.chosen(form.value("offer")).error(form.error("offer")).required())
        (Field::textarea("words", "A word with it").id("f-offer-words").value(form.value("words")).error(form.error("words")).max(longest::LINE).rows(2).optional())
    }
}

/// Inside the form that suggests someone else; also asked from a letter.
pub fn redirect_fields(whole: &Whole, form: &Form) -> Markup {
    let name = whole.asker.first_name();
    let someone = Field::text("person", if whole.suggested.is_empty() { "Who would be better to ask" } else { "Their name" })
        .value(form.value("person"))
        .error(form.error("person"))
        .hint(format!(
            "A part of their name is enough to look for them, or the address of their profile. {name} decides whether they are asked."
        ))
        .max(200);
    html! {
        @if whole.suggested.is_empty() { (someone.required()) } @else {
            @let people = whole.suggested.iter().fold(Choices::radio("suggested", "Who would be better to ask"), |people, chip| {
                people.described(chip.id.to_string(), chip.name.as_str(), chip.headline.as_str())
            });
            (people.choice("", "Someone else, by name").chosen(form.value("suggested")))
            (someone)
        }
        (Field::textarea("words", "Why them").id("f-redirect-words").value(form.value("words")).error(form.error("words")).max(longest::LINE).rows(2).optional())
    }
}

/// Inside the form that declines; also asked from a letter.
pub fn decline_fields(whole: &Whole, viewer: &Viewer, form: &Form) -> Markup {
    let name = whole.asker.first_name();
    let _ = viewer;
    let chosen = if form.value("reason").is_empty() { Reason::NoTime.as_str() } else { form.value("reason") };
    let mut reasons = Choices::radio("reason", "Why").error(form.error("reason"));
    for reason in Reason::CHOICES {
        reasons = reasons.choice(reason.as_str(), reason.label());
    }
    html! {
        (reasons.chosen(chosen))
        (Field::textarea("words", format!("In your own words, to {name}")).id("f-decline-words").value(form.value("words")).error(form.error("words"))
            .hint("One kind sentence is plenty, and none is fine.").max(longest::LINE).rows(2).optional())
        (Field::date("not_now_until", "Not now, until").value(form.value("not_now_until")).error(form.error("not_now_until"))
            .hint("If you would like to be left in peace for a while: nobody can ask you before this day.").optional())
    }
}

fn asker_extras(whole: &Whole, viewer: &Viewer) -> Markup {
    let ask = &whole.ask;
    html! {
        @if ask.offers(viewer, Deed::ChooseNext) && !whole.next.is_empty() {
            (page::section("Whom we may ask next", &page::audience_me(), &html! {
                form.stack method="post" action={ "/asks/" (ask.id) "/next" } {
                    fieldset.field {
                        legend.visually-hidden { "Whom we may ask next" }
                        @for chip in &whole.next {
                            (Field::checkbox("next", chip.name.clone()).id(format!("f-next-{}", chip.id)).value(chip.id.to_string()).checked(true))
                        }
                    }
                    (page::actions(&html! { (Button::secondary("Save whom we may ask")) }))
                }
            }))
        }
        @if ask.offers(viewer, Deed::Withdraw) {
            (page::more("Take this request back", &page::confirmation(&format!("/asks/{}/withdraw", ask.id),
                &format!("{} is told that there is nothing more to do. Your letter stays here for you to read.", whole.asked.first_name()),
                &Button::secondary("Take it back"), &format!("/asks/{}", ask.id))))
        }
    }
}

// What one does with it.

/// What to decline with.
pub struct Decline {
    pub reason: Reason,
    pub words: String,
    pub not_now_until: Option<Timestamp>,
}

pub fn read_decline(form: &mut Form, viewer: &Viewer, now: Timestamp) -> Decline {
    let reason =
        form.parsed("reason", "Please choose one of these reasons.").filter(|r| Reason::CHOICES.contains(r)).unwrap_or(Reason::OwnWords);
    let words = form.maybe_text("words", longest::LINE);
    let date = form.parsed::<jiff::civil::Date>("not_now_until", "Please give a day, such as 2027-01-07.");
    let not_now_until = date.and_then(|date| date.to_zoned(viewer.zone.clone()).ok()).map(|at| Timestamp::from(at.timestamp()));
    let year = jiff::SignedDuration::from_hours(366 * 24);
    if not_now_until.is_some_and(|until| until <= now || until > now + year) {
        form.refuse("not_now_until", "Please choose a day after today and within a year.");
    }
    Decline { reason, words, not_now_until }
}

pub fn read_line(form: &mut Form, name: &str) -> String {
    form.text(name, longest::LINE)
}

/// What is offered, and a word with it.
pub fn read_offer(form: &mut Form) -> (Size, String) {
    let chosen = offers().into_iter().find(|(value, _)| *value == form.value("offer"));
    if chosen.is_none() {
        form.refuse("offer", "Please choose what you can give.");
    }
    let size = chosen.map_or(Size::ANSWER, |(_, size)| size);
    (size, form.maybe_text("words", longest::LINE))
}

/// Who is suggested, as they were chosen from the list or typed, and a word with it.
pub fn read_redirect(form: &mut Form) -> (String, String) {
    let chosen = form.maybe_text("suggested", 200);
    let person = if chosen.is_empty() { form.text("person", 200) } else { chosen };
    (person, form.maybe_text("words", longest::LINE))
}

/// The sentence after declining.
pub fn declined(name: &str, viewer: &Viewer, not_now_until: Option<Timestamp>) -> String {
    match not_now_until {
        Some(until) => format!("Thank you for answering. {name} is told kindly, and nobody can ask you before {}.", viewer.day(until)),
        None => format!("Thank you for answering. {name} is told kindly."),
    }
}

/// Does something with an ask and goes where that leads, or shows the page again with what is to be mended.
async fn does<T: Send + 'static>(
    app: App,
    viewer: Viewer,
    id: AskId,
    form: Form,
    deed: Deed,
    act: impl FnMut(&mut Tx) -> Result<T> + Send + 'static,
    then: impl FnOnce(T) -> Go,
) -> Result<Response> {
    crate::web::does(&app.clone(), form, act, then, |form| shown(app, viewer, id, form, Some(deed))).await
}

fn back(id: AskId, saying: &str) -> Go {
    Go::to(format!("/asks/{id}")).saying(saying)
}

async fn accept(State(app): State<App>, viewer: Viewer, Path(id): Path<AskId>, form: Form) -> Result<Response> {
    let (me, one_more) = (viewer.clone(), form.ticked("one_more"));
    let act = move |tx: &mut Tx| verbs::accept(tx, &me, id, one_more);
    does(app, viewer, id, form, Deed::Accept, act, |r| {
        Go::to(format!("/relationships/{r}")).saying("You said yes. This is where you meet.")
    })
    .await
}

async fn ask_back(State(app): State<App>, viewer: Viewer, Path(id): Path<AskId>, mut form: Form) -> Result<Response> {
    let (me, question) = (viewer.clone(), read_line(&mut form, "question"));
    let act = move |tx: &mut Tx| verbs::ask_back(tx, &me, id, &question);
    does(app, viewer, id, form, Deed::AskBack, act, |()| back(id, "Sent. It is their turn now.")).await
}

async fn offer(State(app): State<App>, viewer: Viewer, Path(id): Path<AskId>, mut form: Form) -> Result<Response> {
    let (me, (size, words)) = (viewer.clone(), read_offer(&mut form));
    let act = move |tx: &mut Tx| verbs::offer(tx, &me, id, size, &words);
    does(app, viewer, id, form, Deed::Offer, act, |()| back(id, "Offered. It is their turn now.")).await
}

async fn redirect(State(app): State<App>, viewer: Viewer, Path(id): Path<AskId>, mut form: Form) -> Result<Response> {
    let (me, (person, words)) = (viewer.clone(), read_redirect(&mut form));
    let act = move |tx: &mut Tx| {
        let to = verbs::named(tx, &person)?;
        verbs::redirect(tx, &me, id, to, &words)
    };
    does(app, viewer, id, form, Deed::Redirect, act, |()| back(id, "Thank you. We take it from here.")).await
}

async fn decline(State(app): State<App>, viewer: Viewer, Path(id): Path<AskId>, mut form: Form) -> Result<Response> {
    let decline = read_decline(&mut form, &viewer, app.now());
    let (me, until) = (viewer.clone(), decline.not_now_until);
    let said = declined("The person who asked", &viewer, until);
    let act = move |tx: &mut Tx| verbs::decline(tx, &me, id, decline.reason, &decline.words, decline.not_now_until);
    does(app, viewer, id, form, Deed::Decline, act, |()| back(id, &said)).await
}

async fn answer(State(app): State<App>, viewer: Viewer, Path(id): Path<AskId>, mut form: Form) -> Result<Response> {
    let (me, words) = (viewer.clone(), read_line(&mut form, "answer"));
    let act = move |tx: &mut Tx| verbs::answer(tx, &me, id, &words);
    does(app, viewer, id, form, Deed::Answer, act, |()| back(id, "Sent. It is their turn now.")).await
}

async fn take_offer(State(app): State<App>, viewer: Viewer, Path(id): Path<AskId>) -> Result<Response> {
    let me = viewer.clone();
    let act = move |tx: &mut Tx| verbs::take_offer(tx, &me, id);
    let then = |r| Go::to(format!("/relationships/{r}")).saying("Good. This is where you meet; what comes next is yours to propose.");
    does(app, viewer, id, Form::default(), Deed::TakeOffer, act, then).await
}

async fn leave_offer(State(app): State<App>, viewer: Viewer, Path(id): Path<AskId>) -> Result<Response> {
    let me = viewer.clone();
    let act = move |tx: &mut Tx| verbs::leave_offer(tx, &me, id);
    does(app, viewer, id, Form::default(), Deed::LeaveOffer, act, |()| back(id, "They are told, with thanks.")).await
}

async fn allow_redirect(State(app): State<App>, viewer: Viewer, Path(id): Path<AskId>) -> Result<Response> {
    let me = viewer.clone();
    let act = move |tx: &mut Tx| verbs::allow_redirect(tx, &me, id);
    does(app, viewer, id, Form::default(), Deed::AllowRedirect, act, |()| back(id, "Your letter is on its way to them.")).await
}

async fn refuse_redirect(State(app): State<App>, viewer: Viewer, Path(id): Path<AskId>) -> Result<Response> {
    let me = viewer.clone();
    let act = move |tx: &mut Tx| verbs::refuse_redirect(tx, &me, id);
    does(app, viewer, id, Form::default(), Deed::RefuseRedirect, act, |()| back(id, "They are not asked.")).await
}

async fn choose_next(State(app): State<App>, viewer: Viewer, Path(id): Path<AskId>, form: Form) -> Result<Response> {
    let (me, next) = (viewer.clone(), ids::<PersonId>(form.values("next")));
    let act = move |tx: &mut Tx| verbs::choose_next(tx, &me, id, &next);
    does(app, viewer, id, form, Deed::ChooseNext, act, |()| back(id, "Saved.")).await
}

async fn withdraw(State(app): State<App>, viewer: Viewer, Path(id): Path<AskId>) -> Result<Response> {
    let me = viewer.clone();
    let act = move |tx: &mut Tx| verbs::withdraw(tx, &me, id);
    does(app, viewer, id, Form::default(), Deed::Withdraw, act, |()| {
        back(id, "Taken back. They are told that there is nothing more to do.")
    })
    .await
}
