//! Reviews on screen: begin one, answer by a link on a phone, and read what may be shown.

use super::review::{
    Answer, FEWEST_DAYS, FLOOR, Item, MOST_ASKED, MOST_DAYS, MOST_ITEMS, MOST_QUESTIONS, Outline, Part, Results, ReviewId, Seen,
    beside_own, in_words, longest, seen,
};
use super::verbs::{self, Behind, Door, Starting, Whole};
use crate::app::{App, Tx};
use crate::error::{Error, Result};
use crate::form::{Asked, Form};
use crate::logins::Address;
use crate::page::{self, Button, Choices, Field, Icon, PageHeader, Row, Section, Tone};
use crate::records::{self, Level, RecordedId};
use crate::relationships::{self, RelationshipId, verbs as partners};
use crate::skills;
use crate::slices::{Needs, Routes};
use crate::viewer::{PersonId, Viewer};
use crate::web::{Go, Page, mend};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};

pub fn routes() -> Routes {
    Routes::new()
        .get("/reviews", Needs::SignedIn, list)
        .post("/reviews", Needs::SignedIn, start)
        .get("/reviews/new", Needs::SignedIn, new)
        .get("/reviews/answer/{token}", Needs::Letter, outside)
        .post("/reviews/answer/{token}", Needs::Letter, answer)
        .get("/reviews/{id}", Needs::Deed("review.see"), show)
        .post("/reviews/{id}/release", Needs::Deed("review.release"), release)
        .post("/reviews/{id}/delete", Needs::Deed("review.delete"), delete)
}

async fn list(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    let me = viewer.clone();
    let all = app.read(move |tx| verbs::own(tx, &me)).await?;
    let row = |whole: &Whole| {
        let review = &whole.review;
        let (tag, tone) = match (review.closed_at, &whole.results) {
            (None, _) => ("open", Tone::Plain),
            (_, Some(_)) => ("closed", Tone::Laurel),
            (_, None) => ("too few answered", Tone::Plain),
        };
        let items: Vec<&str> = whole.outline.items.iter().map(|item| item.words.as_str()).collect();
        let title = if review.closed_at.is_none() {
            format!("Closes on {}", viewer.day(review.closes_at))
        } else {
            format!("Closed on {}", viewer.date(review.closes_at))
        };
        html! { (Row::new(title).href(format!("/reviews/{}", review.id)).icon(Icon::People).text(items.join(", ")).meta(page::audience_me()).beside(page::tag(tag, tone))) }
    };
    let body = html! {
        (PageHeader::new("How others see it").back("Your skills record", "/records").lead("Ask a few people at once how far they see you. Nobody learns who said what, you neither.")
            .actions(html! { (Button::primary("Ask several people").href("/reviews/new")) }))
        @if all.is_empty() {
            (page::empty(Icon::People, "Nothing yet", "Choose a few skills, name six or more people who have seen you at work, and a day on which it closes.", &html! {}))
        } @else { (page::rows(&html! { @for whole in &all { (row(whole)) } })) }
        (how_it_is_kept())
    };
    Ok(Page::new("How others see it", Section::Goals, body))
}

fn how_it_is_kept() -> Markup {
    page::more(
        "How it is kept that nobody knows who said what",
        &html! {
            ul {
                li { "Each gets one letter with a link that works once. Until the day it closes, nothing of any answer is shown to anybody, not even how many came." }
                li { "It closes on the day chosen at the start, never when some answer comes. With fewer than four answers, all of them are destroyed unread." }
                li { "What is shown is how the answers spread, in parts in which at least two people stand. The answers themselves and who was asked are destroyed on that day." }
                li { "Words are shown as they were written. Who writes in their own way may be known by it, and three who tell each other what they said can work out a fourth." }
            }
        },
    )
}

// Beginning one.

/// A partner who can be asked.
struct Partner {
    relationship: RelationshipId,
    person: PersonId,
    name: String,
    what: String,
}

struct Composing {
    skills: Vec<(RecordedId, String, Level)>,
    partners: Vec<Partner>,
    nonce: String,
    today: Date,
}

fn composing(tx: &mut Tx, viewer: &Viewer, form: &Form) -> Result<Composing> {
    let graph = skills::graph_here(tx)?;
    let own = records::verbs::own(tx, viewer)?;
    let skills = own.iter().filter_map(|one| Some((one.id, records::verbs::skill_name(&graph, &one.skill), one.now()?.level))).collect();
    let mut all: Vec<Partner> = Vec::new();
    let live: Vec<RelationshipId> =
        partners::mine(tx, viewer)?.iter().filter(|r| r.offers(viewer, relationships::Deed::TakePart)).map(|r| r.id).take(12).collect();
    for id in live {
        let company = partners::company(tx, viewer, id, relationships::Deed::See)?;
        for chip in company.people.iter().filter(|chip| !viewer.is(chip.id)) {
            if !all.iter().any(|known| known.person == chip.id) {
                all.push(Partner { relationship: id, person: chip.id, name: chip.first_name().to_owned(), what: company.title(viewer) });
            }
        }
    }
    let nonce = form.nonce_to_send(tx.chance());
    Ok(Composing { skills, partners: all, nonce, today: tx.now().in_zone(&viewer.zone).date() })
}

async fn new(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    compose(app, viewer, Form::default()).await
}

/// Behaviours in one's own words.
const BEHAVIOURS: usize = 4;

fn levels<'f>() -> impl Iterator<Item = (String, &'f str)> {
    std::iter::once((String::new(), "Choose")).chain(Level::ALL.into_iter().map(|level| (level.number().to_string(), level.words())))
}

async fn compose(app: App, viewer: Viewer, form: Form) -> Result<Page> {
    let (me, asked) = (viewer.clone(), form.clone());
    let Composing { skills, partners, nonce, today } = app.read(move |tx| composing(tx, &me, &asked)).await?;
    let mut of_record = Choices::checkboxes("skill", "Skills of your record").hint("With the level that you gave yourself there.");
    for (id, name, level) in &skills {
        of_record = of_record.choice(id.to_string(), format!("{name} (“{}”)", level.words()));
    }
    let mut of_partners = Choices::many_cards("partner", "People you work with here");
    for one in &partners {
        of_partners = of_partners.described(format!("{}:{}", one.relationship, one.person), one.name.clone(), one.what.clone());
    }
    of_record = form.values("skill").into_iter().fold(of_record, Choices::chosen);
    of_partners = form.values("partner").into_iter().fold(of_partners, Choices::chosen);
    let days = |days: i32| today.saturating_add(days.days()).to_string();
    let day = if form.has("closes_on") { form.value("closes_on").to_owned() } else { days(14) };
    let (first, last) = (days(FEWEST_DAYS), days(MOST_DAYS));
    let body = html! {
        (PageHeader::new("Ask several people").back("How others see it", "/reviews").lead("What you want to know, whom you ask, and until when. All of it is fixed once you begin."))
        (mend(&form))
        (how_it_is_kept())
        form.stack method="post" action="/reviews" data-draft="review" {
            input type="hidden" name="nonce" value=(nonce);
            @if !skills.is_empty() { (of_record.error(form.error("skill"))) }
            (page::group("Behaviours in your own words", Some("What others can see. “Says early when something will be late”"), &html! {
                @for at in 0..BEHAVIOURS {
                    @let [words, own] = ["behaviour", "own"].map(|name| format!("{name}_{at}"));
                    div.skill-row role="group" aria-label={ "Behaviour " (at + 1) } {
                        (Field::text(words.as_str(), "Behaviour").value(form.value(&words)).error(form.error(&words)).max(longest::ITEM).optional())
                        (Field::select(own.as_str(), "How far do you see yourself?", levels()).value(form.value(&own)).error(form.error(&own)))
                    }
                }
            }))
            (page::group("Up to two open questions", None, &html! {
                @for at in 0..MOST_QUESTIONS {
                    @let name = format!("question_{at}");
                    (Field::text(name.as_str(), if at == 0 { "A question" } else { "Another question" }).value(form.value(&name)).error(form.error(&name)).max(longest::QUESTION)
                        .hint(if at == 0 { "“What should I go on doing?”" } else { "“What one thing would help most, if I did it otherwise?”" }).optional())
                }
            }))
            @if !partners.is_empty() { (of_partners.error(form.error("partner"))) }
            (Field::textarea("outside", "Others, one a line: a name and an e-mail address").value(form.value("outside")).error(form.error("outside")).rows(6)
                .hint(format!("“Carla Nunes carla@school.example”. At least {FLOOR} people together and {MOST_ASKED} at most; six or more is better, as not everybody answers. We write to each once.")))
            (Field::date("closes_on", "On which day does it close?").value(day).between(first.as_str(), Some(last.as_str())).error(form.error("closes_on")).required())
            (page::actions(&html! { (Button::primary("Begin, and send the letters")) (Button::quiet("Back").href("/reviews")) }))
        }
    };
    Ok(Page::new("Ask several people", Section::Goals, body).answering(&form))
}

/// A line such as “Carla Nunes <carla@school.example>”.
fn read_line(line: &str) -> Option<(String, Address)> {
    let (before, last) = line.trim().rsplit_once([' ', '\t', ',', ';', '<']).unwrap_or(("", line.trim()));
    let address: Address = last.trim_matches(['<', '>', ',', ';', ' ']).parse().ok()?;
    let name = before.trim_matches(['<', ',', ';', ' ', '"']).to_owned();
    let name = if name.is_empty() { address.as_str().split('@').next().unwrap_or_default().to_owned() } else { name };
    Some((page::shortened(&name, longest::NAME - 1), address))
}

struct Read {
    skills: Vec<RecordedId>,
    behaviours: Vec<Item>,
    questions: Vec<String>,
    partners: Vec<(RelationshipId, PersonId)>,
    outside: Vec<(String, Address)>,
    closes_on: Date,
    nonce: String,
}

fn read(form: &mut Form) -> Option<Read> {
    let skills: Vec<RecordedId> = form.values("skill").into_iter().filter_map(|id| id.parse().ok()).take(MOST_ITEMS + 1).collect();
    let mut behaviours = Vec::new();
    for at in 0..BEHAVIOURS {
        let [words, own] = ["behaviour", "own"].map(|name| format!("{name}_{at}"));
        let words = form.maybe_text(&words, longest::ITEM);
        if words.is_empty() {
            continue;
        }
        if let Some(own) = form.chosen::<Level>(&own, "Please say how far you see yourself.") {
            behaviours.push(Item { skill: None, words, own });
        }
    }
    let questions: Vec<String> = (0..MOST_QUESTIONS)
        .map(|at| form.maybe_text(&format!("question_{at}"), longest::QUESTION))
        .filter(|question| !question.is_empty())
        .collect();
    let partners: Vec<(RelationshipId, PersonId)> = form
        .values("partner")
        .into_iter()
        .filter_map(|of| of.split_once(':'))
        .filter_map(|(relationship, person)| Some((relationship.parse().ok()?, person.parse().ok()?)))
        .take(MOST_ASKED + 1)
        .collect();
    let lines: Vec<String> =
        form.value("outside").lines().map(str::trim).filter(|line| !line.is_empty()).take(40).map(str::to_owned).collect();
    let mut outside = Vec::new();
    for line in &lines {
        match read_line(line) {
            Some(one) => outside.push(one),
            None => form.refuse("outside", format!("We find no e-mail address in “{}”.", page::shortened(line, 60))),
        }
    }
    let closes_on = form.chosen::<Date>("closes_on", "Please choose a day.");
    let nonce = form.nonce("closes_on");
    let closes_on = closes_on?;
    form.is_good().then_some(Read { skills, behaviours, questions, partners, outside, closes_on, nonce })
}

fn begin(tx: &mut Tx, viewer: &Viewer, read: &Read) -> Result<ReviewId> {
    let graph = skills::graph_here(tx)?;
    let own = if read.skills.is_empty() { Vec::new() } else { records::verbs::own(tx, viewer)? };
    let of_record = own.iter().filter(|one| read.skills.contains(&one.id)).filter_map(|one| {
        Some(Item { skill: Some(one.skill.clone()), words: records::verbs::skill_name(&graph, &one.skill), own: one.now()?.level })
    });
    let items = of_record.chain(read.behaviours.iter().cloned()).collect();
    let starting = Starting {
        outline: Outline { items, questions: read.questions.clone() },
        partners: read.partners.clone(),
        outside: read.outside.clone(),
        closes_on: read.closes_on,
        nonce: read.nonce.clone(),
    };
    Ok(verbs::start(tx, viewer, &starting)?.0)
}

async fn start(State(app): State<App>, viewer: Viewer, mut form: Form) -> Result<Response> {
    let Some(read) = read(&mut form) else { return Ok(compose(app, viewer, form).await?.into_response()) };
    let me = viewer.clone();
    match app.write(move |tx| begin(tx, &me, &read)).await {
        Ok(id) => Ok(Go::to(format!("/reviews/{id}")).saying("Begun. The letters are on their way.").into_response()),
        Err(Error::Refused(refusal)) => {
            let field = match refusal.code {
                "day" => Some("closes_on"),
                "too_few" | "too_many" | "own_address" | "not_this_address" | "too_many_letters" => Some("outside"),
                _ => None,
            };
            let form = match field {
                Some(field) => {
                    form.refuse(field, refusal.sentence);
                    form
                }
                None => form.refused(refusal),
            };
            Ok(compose(app, viewer, form).await?.into_response())
        }
        Err(e) => Err(e),
    }
}

// By the link.

async fn outside(State(app): State<App>, Path(token): Path<String>, Asked(asked): Asked) -> Result<Page> {
    behind(app, token, asked).await
}

async fn behind(app: App, token: String, form: Form) -> Result<Page> {
    let wanted = token.clone();
    let there = app.read(move |tx| verbs::behind(tx, &wanted)).await?;
    let name = there.asker.first_name().to_owned();
    let ended =
        |title: &str, line: String| Page::new(title, Section::None, html! { (PageHeader::new(title)) p.lead { (line) } }).answering(&form);
    match there.door {
        Door::Done => {
            return Ok(ended(
                "Thank you",
                format!("This link has done its work. {name} is not told that you used it, and there is nothing else you have to do."),
            ));
        }
        Door::Closed => return Ok(ended("This has closed", "Thank you all the same. There is nothing else you have to do.".into())),
        Door::Open => {}
    }
    let passes = form.value("pass") == "yes";
    let path = format!("/reviews/answer/{token}");
    let title = format!("{} asks how you see it", there.asker.name);
    let body = html! {
        (PageHeader::new(title.clone()).lead("Five minutes, no account, and not your name."))
        (mend(&form))
        @if !passes { (asking(&there, &form, &path, &name)) }
        (page::more_open("I would rather not", passes, &html! {
            form.stack method="post" action=(path) {
                input type="hidden" name="do" value="pass";
                p { "Nobody is told. This link then leads nowhere any more." }
                (Field::checkbox("never", "Nobody here is to ask me for anything like this again").id("f-never"))
                (page::actions(&html! { (Button::secondary("I would rather not")) }))
            }
        }))
        @if passes { p { a href=(path) { "Answer after all" } } }
    };
    Ok(Page::new(title, Section::None, body).answering(&form))
}

const CANNOT_SAY: &str = "cannot_say";

fn asking(there: &Behind, form: &Form, path: &str, name: &str) -> Markup {
    html! {
        p { (page::audience(&format!("{name}, from four answers up, without who said it"))) }
        (page::card(&html! {
            p { (name) " has asked " (there.many) " people. Until it closes nobody sees anything, not even that you answered. With fewer than four answers all are destroyed unread; with four or more " (name) " sees how they spread, and never yours alone." }
            p.muted { "Two things no program can keep: who writes in their own way may be known by it, so write as anybody might; and if others tell " (name) " what they said, yours can be guessed." }
        }))
        form.stack method="post" action=(path) data-draft="review-answer" {
            input type="hidden" name="do" value="answer";
            @for (at, item) in there.outline.items.iter().enumerate() {
                @let field = format!("level_{at}");
                @let choices = Level::ALL.into_iter().fold(Choices::cards(field.clone(), item.words.clone()), |cards, level| cards.described(level.number().to_string(), page::capital(level.words()), level.behaviour()));
                @let value = if form.has(&field) { form.value(&field) } else { CANNOT_SAY };
                (choices.described(CANNOT_SAY, "I cannot say", "I have not seen enough of it.").chosen(value).error(form.error(&field)))
            }
            @for (at, question) in there.outline.questions.iter().enumerate() {
                @let field = format!("words_{at}");
                (Field::textarea(field.as_str(), question.as_str()).value(form.value(&field)).error(form.error(&field)).hint("Shown as you write it, among what others wrote.").max(longest::WORDS).rows(3).optional())
            }
            (page::actions(&html! { (Button::primary("Send it")) }))
            p.muted { "It cannot be changed afterwards: nobody could find which one is yours." }
        }
    }
}

async fn answer(State(app): State<App>, Path(token): Path<String>, mut form: Form) -> Result<Response> {
    let (wanted, path) = (token.clone(), format!("/reviews/answer/{token}"));
    let then = move |()| Go::to(path);
    if form.value("do") == "pass" {
        let never = form.ticked("never");
        let act = move |tx: &mut Tx| verbs::pass(tx, &wanted, never);
        return crate::web::does(&app.clone(), form, act, then, |form| behind(app, token, form)).await;
    }
    let mut levels = Vec::with_capacity(MOST_ITEMS);
    for at in 0..MOST_ITEMS {
        let field = format!("level_{at}");
        levels.push(if form.value(&field) == CANNOT_SAY { None } else { form.parsed::<Level>(&field, "Please choose one of these.") });
    }
    let words = (0..MOST_QUESTIONS).map(|at| form.maybe_text(&format!("words_{at}"), longest::WORDS)).collect();
    let said = Answer { levels, words };
    crate::web::does(&app.clone(), form, move |tx| verbs::answer(tx, &wanted, &said), then, |form| behind(app, token, form)).await
}

// Reading it.

async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<ReviewId>) -> Result<Page> {
    let me = viewer.clone();
    let whole = app.read(move |tx| verbs::read(tx, &me, id)).await?;
    let closed = whole.review.closed_at.is_some();
    let title =
        if closed { format!("How others saw it on {}", viewer.date(whole.review.closes_at)) } else { "How others see it".to_owned() };
    let body = html! {
        (PageHeader::new(title.clone()).back("How others see it", "/reviews"))
        div.part-stack id="review" hx-get=(format!("/reviews/{id}")) hx-select="#review" hx-swap="outerHTML" hx-trigger="reviews from:body delay:300ms" {
            p { (page::audience_me()) }
            @match (&whole.results, closed) {
                (Some(results), _) => { (shown(&whole, results)) }
                (None, true) => (page::empty(Icon::People, "Too few people answered", "To show fewer than four would show who said what, so what came was destroyed unread. That few answered says nothing about you: letters get lost in full weeks.", &html! {})),
                (None, false) => (waiting(&whole, &viewer)),
            }
        }
        (page::more("Delete all of it", &html! {
            form.stack method="post" action=(format!("/reviews/{id}/delete")) {
                p { "What you asked, what was answered and what is shown are destroyed for good. The links in the letters lead nowhere then." }
                (page::actions(&html! { (Button::danger("Delete all of it")) }))
            }
        }))
    };
    Ok(Page::new(title, Section::Goals, body))
}

fn waiting(whole: &Whole, viewer: &Viewer) -> Markup {
    html! {
        (page::card(&html! {
            p { strong { "It closes on " (viewer.day(whole.review.closes_at)) ", in the morning." } }
            p { "Until then nothing is shown to anybody, not even how many have answered. There is nothing to do but to wait." }
        }))
        (page::section("What you asked", &html! {}, &html! {
            ul { @for item in &whole.outline.items { li { (item.words) span.muted { " · you: “" (item.own.words()) "”" } } } @for question in &whole.outline.questions { li { (question) } } }
        }))
        (page::section("Whom you asked", &html! {}, &html! {
            (page::tags(whole.asked.iter().map(String::as_str)))
            p.muted { "Forgotten on the day it closes." }
        }))
    }
}

fn shown(whole: &Whole, results: &Results) -> Markup {
    let released = whole.review.released_at.is_some();
    let all: Vec<(&Item, &Vec<Part>)> = whole.outline.items.iter().zip(&results.items).collect();
    let group = |title: &str, wanted: Seen| {
        let of: Vec<_> = all.iter().filter(|(_, parts)| seen(parts) == wanted).collect();
        html! { @if !of.is_empty() { (page::section(title, &html! {}, &page::card(&html! { @for (item, parts) in of { (one(item, parts)) } }))) } }
    };
    html! {
        p.lead { (results.people) " people answered. Read it as what they saw, not as what you are." }
        (group("Where they see you strong", Seen::Strong))
        (group("Where they see it in between, or not alike", Seen::Between))
        (group("Where they see room", Seen::Room))
        (group("Where too few could say", Seen::TooFew))
        @for (question, words) in whole.outline.questions.iter().zip(&results.words) {
            (page::section(question, &html! {}, &html! {
                @if words.is_empty() { p.muted { "Nobody wrote anything to this." } }
                @for words in words { (page::quotation(words, "one of them")) }
            }))
        }
        p.muted { "What people wrote stands by its first letters, so its order tells nothing. The mark under a picture is where you see yourself." }
        @if whole.outline.items.iter().any(|item| item.skill.is_some()) {
            form method="post" action=(format!("/reviews/{}/release", whole.review.id)) {
                @if released {
                    input type="hidden" name="released" value="no";
                    p { "It stands beside your own view where you look how far it is, for yourself alone." }
                    (page::actions(&html! { (Button::quiet("Let it not count any more")) a href="/records/gaps" { "Look at it there" } }))
                } @else {
                    input type="hidden" name="released" value="yes";
                    p { "You can let it stand beside your own view where you look how far it is. Nobody else sees it there either." }
                    (page::actions(&html! { (Button::secondary("Let it count beside my own view")) }))
                }
            }
        }
    }
}

fn one(item: &Item, parts: &[Part]) -> Markup {
    let drawn: Vec<(u8, u8, u32)> =
        parts.iter().map(|part| (part.from.number(), part.to.number(), u32::try_from(part.people).unwrap_or(u32::MAX))).collect();
    html! {
        div.gap {
            div.gap-top { h3 { (item.words) } @if !parts.is_empty() { (page::spread(&drawn, item.own.number())) } }
            @if parts.is_empty() { p { "Fewer than four could say, so nothing is shown." } }
            @else { p { (page::capital(&in_words(parts))) "." } }
            p.muted { "You: “" (item.own.words()) "”. " (beside_own(item.own, parts)) }
        }
    }
}

async fn release(State(app): State<App>, viewer: Viewer, Path(id): Path<ReviewId>, form: Form) -> Result<Go> {
    let released = form.value("released") == "yes";
    app.write(move |tx| verbs::release(tx, &viewer, id, released)).await?;
    Ok(Go::to(format!("/reviews/{id}")).saying(if released { "It counts beside your own view." } else { "It does not count any more." }))
}

async fn delete(State(app): State<App>, viewer: Viewer, Path(id): Path<ReviewId>) -> Result<Go> {
    app.write(move |tx| verbs::delete(tx, &viewer, id)).await?;
    Ok(Go::to("/reviews").saying("All of it is gone."))
}
