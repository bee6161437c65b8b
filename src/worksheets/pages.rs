//! Worksheets on screen: putting one together, giving it, filling it in, and writing beside it.

use super::formula::Letter;
use super::ready::{self, READY};
use super::verbs::{self, Followed, Giving, Shelf, Told};
use super::worksheet::{
    Answer, Answers, AssignmentId, AssignmentState, Deed, Kind, Notes, PACES, Paper, Part, Worksheet, WorksheetDeed, WorksheetId, longest,
};
use crate::app::{App, Tx};
use crate::attainment::{Point, chart, number, pace_words, read_number};
use crate::error::{Error, Result};
use crate::form::{Asked, Form};
use crate::page::{self, Button, Choices, Field, Icon, PageHeader, Row, Section, Tone};
use crate::relationships::{self, Company, RelationshipId, verbs as partners};
use crate::slices::{Needs, Routes};
use crate::viewer::Viewer;
use crate::web::{Go, Page, does, mend};
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};

pub fn routes() -> Routes {
    Routes::new()
        .get("/worksheets", Needs::SignedIn, shelf)
        .get("/worksheets/new", Needs::SignedIn, new)
        .post("/worksheets", Needs::SignedIn, begin)
        .get("/worksheets/ready/{name}", Needs::SignedIn, show_ready)
        .get("/worksheets/{id}", Needs::Deed("worksheet.see"), build)
        .post("/worksheets/{id}", Needs::Deed("worksheet.change"), rename)
        .post("/worksheets/{id}/copy", Needs::Deed("worksheet.see"), copy)
        .post("/worksheets/{id}/put-away", Needs::Deed("worksheet.change"), put_away)
        .get("/worksheets/{id}/questions/new", Needs::Deed("worksheet.change"), new_part)
        .post("/worksheets/{id}/questions", Needs::Deed("worksheet.change"), add_part)
        .get("/worksheets/{id}/questions/{letter}", Needs::Deed("worksheet.change"), part)
        .post("/worksheets/{id}/questions/{letter}", Needs::Deed("worksheet.change"), change_part)
        .post("/worksheets/{id}/questions/{letter}/up", Needs::Deed("worksheet.change"), part_up)
        .post("/worksheets/{id}/questions/{letter}/remove", Needs::Deed("worksheet.change"), remove_part)
        .get("/worksheets/{id}/give", Needs::Deed("worksheet.give"), giving)
        .post("/worksheets/{id}/give", Needs::Deed("worksheet.give"), give)
        .get("/assignments/{id}", Needs::Deed("assignment.see"), show)
        .post("/assignments/{id}", Needs::Deed("assignment.fill"), fill)
        .post("/assignments/{id}/take-back", Needs::Deed("assignment.fill"), take_back)
        .post("/assignments/{id}/set-aside", Needs::Deed("assignment.fill"), set_aside)
        .post("/assignments/{id}/take-up", Needs::Deed("assignment.fill"), take_up)
        .post("/assignments/{id}/day", Needs::Deed("assignment.fill"), choose_day)
        .post("/assignments/{id}/notes", Needs::Deed("assignment.annotate"), annotate)
        .post("/assignments/{id}/again", Needs::Deed("assignment.repeat"), again)
        .post("/assignments/{id}/withdraw", Needs::Deed("assignment.withdraw"), withdraw)
        .get("/relationships/{id}/worksheets", Needs::Deed("relationship.see"), tab)
}

fn own_path(id: WorksheetId) -> String {
    format!("/worksheets/{id}")
}
fn path(id: AssignmentId) -> String {
    format!("/assignments/{id}")
}

// Where they are found.

async fn shelf(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    let me = viewer.clone();
    let shelf = app.read(move |tx| verbs::shelf(tx, &me)).await?;
    let (open, done): (Vec<&Told>, Vec<&Told>) = shelf.mine.iter().partition(|told| told.one.is_open());
    let body = html! {
        (PageHeader::new("Worksheets").back("Your goals", "/goals").lead("A page of questions, for you or for somebody you work with. What is filled in again and again makes a line.")
            .actions(html! { (Button::primary("Make a worksheet").href("/worksheets/new").icon(Icon::Plus)) }))
        @if !open.is_empty() {
            (page::section("To fill in", &html! {}, &page::rows(&html! { @for told in &open { (filled_row(told, &shelf, &viewer)) } })))
        }
        @if !shelf.worksheets.is_empty() {
            (page::section("Yours", &page::audience_me(), &page::rows(&html! {
                @for one in &shelf.worksheets { (Row::new(one.paper.title.clone()).href(own_path(one.id)).icon(Icon::Book).text(asks(&one.paper))) }
            })))
        }
        @if !done.is_empty() {
            (page::section("Filled in", &html! {}, &page::rows(&html! { @for told in &done { (filled_row(told, &shelf, &viewer)) } })))
        }
        (page::section("Ready to take", &html! {}, &page::rows(&html! {
            @for one in READY { (Row::new(one.title).href(format!("/worksheets/ready/{}", one.name)).icon(Icon::Copy).text(page::shortened(one.intro, 120))) }
        })))
    };
    Ok(Page::new("Worksheets", Section::Goals, body))
}

fn asks(paper: &Paper) -> String {
    let asked = paper.parts.iter().filter(|part| part.kind.is_asked()).count();
    let followed = paper.parts.iter().filter(|part| part.measured).count();
    let questions = match asked {
        0 => "No question yet".to_owned(),
        1 => "One question".to_owned(),
        asked => format!("{asked} questions"),
    };
    if followed == 0 { questions } else { format!("{questions}, {followed} followed over time") }
}

fn filled_row(told: &Told, shelf: &Shelf, viewer: &Viewer) -> Markup {
    let with = told.one.relationship.map(|id| shelf.with.get(&id).map_or("somebody", String::as_str));
    let seen = with.map_or_else(page::audience_me, |name| page::audience(&format!("Only you and {name}")));
    row(told, viewer, &seen)
}

fn row(told: &Told, viewer: &Viewer, seen: &Markup) -> Markup {
    let one = &told.one;
    let done = one.is_own() && one.handed_in_at.is_some();
    let tone = match one.state {
        AssignmentState::Given | AssignmentState::HandedIn if !done => Tone::Amber,
        _ => Tone::Plain,
    };
    let state = if done { "done" } else { one.state.words() };
    let when = match (one.handed_in_at, one.due()) {
        (Some(at), _) if done => viewer.date(at),
        (Some(at), _) => format!("Handed in on {}", viewer.date(at)),
        (None, Some(day)) => format!("For {}", day.strftime("%A %-d %B")),
        (None, None) => format!("Since {}", viewer.date(one.given_at)),
    };
    let meta = html! { span { (when) } (seen) };
    html! { (Row::new(told.paper.title.clone()).href(path(one.id)).icon(Icon::Book).meta(meta).beside(page::tag(state, tone))) }
}

/// On the first page of a relationship: what waits for this viewer.
pub fn now(tx: &mut Tx, viewer: &Viewer, company: &Company) -> Result<Option<Markup>> {
    let waiting = verbs::waiting_in(tx, viewer, &company.relationship)?;
    let seen = page::audience(&company.audience(viewer));
    Ok((!waiting.is_empty())
        .then(|| page::section("Worksheets", &seen, &page::rows(&html! { @for told in &waiting { (row(told, viewer, &html! {})) } }))))
}

async fn tab(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Page> {
    let me = viewer.clone();
    let (company, all) = app
        .read(move |tx| {
            let company = partners::company(tx, &me, id, relationships::Deed::See)?;
            let all = verbs::of_relationship(tx, &me, &company.relationship)?;
            Ok((company, all))
        })
        .await?;
    let may = company.relationship.offers(&viewer, relationships::Deed::TakePart) && company.people.len() == 2;
    let followed = verbs::followed(&all);
    let live = format!("/relationships/{id}/worksheets");
    let body = html! {
        div.part-stack id="worksheets" hx-get=(live) hx-select="#worksheets" hx-swap="outerHTML" hx-trigger="worksheets from:body delay:300ms" {
            @if all.is_empty() {
                (page::empty(Icon::Book, "No worksheet was given here", "A worksheet is a page of questions that one of you gives the other. What it answers by numbers makes a line from one time to the next.",
                    &html! { @if may { (Button::primary("Choose a worksheet").href("/worksheets")) } }))
            } @else {
                p { (page::audience(&company.audience(&viewer))) }
                @for line in &followed { (line_of(line, &viewer, Some(company.called(&viewer, line.filler)))) }
                (page::rows(&html! { @for told in all.iter().take(60) { (row(told, &viewer, &html! { span { (company.called(&viewer, told.one.filler)) } })) } }))
                @if may { (page::actions(&html! { (Button::secondary("Choose a worksheet").href("/worksheets")) })) }
            }
        }
    };
    Ok(relationships::tab(&company, &viewer, "Worksheets", &body))
}

/// One number from one time to the next, once it was said twice.
fn line_of(line: &Followed, viewer: &Viewer, whose: Option<&str>) -> Markup {
    let words = match (&line.part.kind, line.part.kind.unit()) {
        (Kind::Scale { low, high, .. }, _) if !low.is_empty() && !high.is_empty() => format!(" (from “{low}” to “{high}”)"),
        (_, "") => String::new(),
        (_, unit) => format!(" ({unit})"),
    };
    let whose = whose.map_or_else(String::new, |whose| format!(", {whose}"));
    let caption = format!("{}: {}{words}{whose}", line.title, line.part.ask);
    let points: Vec<Point> = line.points.iter().map(|(at, number)| Point::of(*at, *number, viewer)).collect();
    html! { @if points.len() > 1 { (chart(&caption, axis(line), None, &points, "Number")) } }
}

/// As much as a scale has, and otherwise as much as was said, with some air.
fn axis(line: &Followed) -> (f64, f64) {
    #[expect(clippy::cast_precision_loss, reason = "a scale ends at ten")]
    if let Kind::Scale { least, most, .. } = line.part.kind {
        return (least as f64, most as f64);
    }
    let numbers = line.points.iter().map(|(_, number)| *number);
    let (low, high) = numbers.fold((f64::MAX, f64::MIN), |(low, high), number| (low.min(number), high.max(number)));
    let air = ((high - low) * 0.1).max(1.0);
    (if low >= 0.0 { (low - air).max(0.0) } else { low - air }, high + air)
}

/// What worksheets have measured, on the page of what changed.
pub fn growth_part(tx: &mut Tx, viewer: &Viewer) -> Result<Option<Markup>> {
    let lines = verbs::followed_of(tx, viewer)?;
    let lines: Vec<Markup> = lines.iter().filter(|line| line.points.len() > 1).map(|line| line_of(line, viewer, None)).collect();
    Ok((!lines.is_empty()).then(|| page::section("From your worksheets", &html! {}, &html! { @for line in lines { (line) } })))
}

// Beginning one.

async fn new(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    new_page(app, viewer, Form::default()).await
}

async fn new_page(app: App, _: Viewer, form: Form) -> Result<Page> {
    let nonce = form.nonce_to_send(&app.chance);
    let body = html! {
        (PageHeader::new("Make a worksheet").back("Worksheets", "/worksheets").lead("Say what it is for. The questions come next."))
        (mend(&form))
        form.stack method="post" action="/worksheets" {
            input type="hidden" name="nonce" value=(nonce);
            (head_fields(&form))
            (page::actions(&html! { (Button::primary("Go on to the questions")) }))
        }
    };
    Ok(Page::new("Make a worksheet", Section::Goals, body).answering(&form))
}

fn head_fields(form: &Form) -> Markup {
    html! {
        (Field::text("title", "What is it called?").value(form.value("title")).error(form.error("title")).max(longest::TITLE).required())
        (Field::textarea("intro", "What should one know before filling it in?").value(form.value("intro")).error(form.error("intro")).max(longest::INTRO).rows(3).optional())
    }
}

/// An empty one by its title, or a ready one by its name.
async fn begin(State(app): State<App>, viewer: Viewer, mut form: Form) -> Result<Response> {
    let nonce = form.nonce("title");
    let taken = form.has("ready");
    let paper = if taken {
        ready::named(form.value("ready")).ok_or(Error::NotFound)?
    } else {
        Paper { title: form.text("title", longest::TITLE), intro: form.maybe_text("intro", longest::INTRO), ..Paper::default() }
    };
    let me = viewer.clone();
    let then = move |id| match taken {
        true => Go::to(own_path(id)).saying("It is yours now. Change it as you like."),
        false => Go::to(own_path(id)),
    };
    does(&app.clone(), form, move |tx| verbs::begin(tx, &me, &paper, &nonce), then, |form| new_page(app, viewer, form)).await
}

async fn show_ready(State(app): State<App>, Path(name): Path<String>) -> Result<Page> {
    let paper = ready::named(&name).ok_or(Error::NotFound)?;
    let nonce = app.chance.token();
    let body = html! {
        (PageHeader::new(paper.title.as_str()).back("Worksheets", "/worksheets").lead(paper.intro.as_str()))
        (page::actions(&page::post_button("/worksheets", &[("ready", &name), ("nonce", &nonce)], &Button::primary("Take a copy"))))
        p.muted { "The copy is yours: change it, give it to somebody, or fill it in yourself." }
        (page::rows(&html! { @for part in &paper.parts { (part_row(part, None)) } }))
    };
    Ok(Page::new(paper.title, Section::Goals, body))
}

fn part_row(part: &Part, own: Option<WorksheetId>) -> Markup {
    let how = match &part.kind {
        Kind::Words => String::new(),
        Kind::Number { unit } => unit.clone(),
        Kind::Scale { least, most, low, high } => format!("{least} ({low}) to {most} ({high})"),
        Kind::Choice { options } => options.join(", "),
        Kind::Computed { formula, unit } => format!("= {formula}{}", if unit.is_empty() { String::new() } else { format!(", {unit}") }),
    };
    let text: Vec<&str> = [part.hint.as_str(), how.as_str()].into_iter().filter(|text| !text.is_empty()).collect();
    let meta = html! { span { (part.kind.title()) } @if part.measured { span { "followed over time" } } };
    let row = Row::new(format!("{}: {}", part.letter, part.ask)).text(text.join(" · ")).meta(meta);
    html! { @match own { Some(id) => (row.href(format!("{}/questions/{}", own_path(id), part.letter))), None => (row) } }
}

// Putting it together.

async fn build(State(app): State<App>, viewer: Viewer, Path(id): Path<WorksheetId>) -> Result<Page> {
    build_page(app, viewer, id, Form::default()).await
}

async fn own(app: &App, viewer: &Viewer, id: WorksheetId, deed: WorksheetDeed) -> Result<Worksheet> {
    let me = viewer.clone();
    app.read(move |tx| verbs::worksheet(tx, &me, id, deed)).await
}

async fn build_page(app: App, viewer: Viewer, id: WorksheetId, form: Form) -> Result<Page> {
    let worksheet = own(&app, &viewer, id, WorksheetDeed::See).await?;
    let nonce = form.nonce_to_send(&app.chance);
    let (paper, at) = (&worksheet.paper, own_path(id));
    let mut head = form.clone();
    if !head.has("title") {
        head.set("title", paper.title.clone());
        head.set("intro", paper.intro.clone());
    }
    let give = format!("{at}/give");
    let body = html! {
        (PageHeader::new(paper.title.as_str()).back("Worksheets", "/worksheets").lead(paper.intro.as_str())
            .actions(html! { @if paper.asks_anything() { (Button::primary("Give it").href(&give)) } (page::audience_me()) }))
        (mend(&form))
        @if paper.parts.is_empty() { p { "No question yet. How should the first one be answered?" } }
        @if !paper.parts.is_empty() { (page::section("Questions", &html! {}, &page::rows(&html! { @for part in &paper.parts { (part_row(part, Some(id))) } }))) }
        (page::section("Add a question", &html! {}, &page::rows(&html! {
            @for (kind, icon, words) in KINDS {
                @if let Some(named) = Kind::named(kind).filter(|named| named.is_asked() || paper.parts.iter().any(|part| part.kind.is_number())) {
                    (Row::new(named.title()).href(format!("{at}/questions/new?kind={kind}")).icon(*icon).text(*words))
                }
            }
        })))
        (page::more_open("Its name", form.error("title").is_some() || form.error("intro").is_some(), &html! {
            form.stack method="post" action=(at) { (head_fields(&head)) (page::actions(&html! { (Button::secondary("Keep this")) })) }
        }))
        (page::more("Copy it or put it away", &html! {
            (page::actions(&html! {
                (page::post_button(&format!("{at}/copy"), &[("nonce", &nonce)], &Button::secondary("Make a copy").icon(Icon::Copy)))
                (page::post_button(&format!("{at}/put-away"), &[], &Button::quiet("Put it away")))
            }))
            p.muted { "What was given of it stays where it is." }
        }))
    };
    Ok(Page::new(paper.title.clone(), Section::Goals, body).answering(&form))
}

const KINDS: &[(&str, Icon, &str)] = &[
    ("words", Icon::Pencil, "A few lines, as long as they need to be"),
    ("number", Icon::Plus, "Hours, days, pages: whatever is counted"),
    ("scale", Icon::Filter, "From little to much, with what the ends mean"),
    ("choice", Icon::Check, "One of a few that you name"),
    ("computed", Icon::Gear, "A sum, a mean or a share of other answers"),
];

async fn rename(State(app): State<App>, viewer: Viewer, Path(id): Path<WorksheetId>, mut form: Form) -> Result<Response> {
    let (title, intro) = (form.text("title", longest::TITLE), form.maybe_text("intro", longest::INTRO));
    let change = move |paper: Paper| Ok((Paper { title: title.clone(), intro: intro.clone(), ..paper }, ()));
    changes(app, viewer, id, form, change, move |()| Go::to(own_path(id)).saying("Kept.")).await
}

/// Changes a worksheet, or shows it again with what is to be mended.
async fn changes<T: Send + 'static>(
    app: App,
    viewer: Viewer,
    id: WorksheetId,
    form: Form,
    change: impl Fn(Paper) -> Result<(Paper, T)> + Send + 'static,
    then: impl FnOnce(T) -> Go,
) -> Result<Response> {
    let me = viewer.clone();
    does(&app.clone(), form, move |tx| verbs::change(tx, &me, id, &change), then, |form| build_page(app, viewer, id, form)).await
}

async fn copy(State(app): State<App>, viewer: Viewer, Path(id): Path<WorksheetId>, mut form: Form) -> Result<Response> {
    let (me, nonce) = (viewer.clone(), form.nonce("title"));
    let act = move |tx: &mut Tx| {
        let paper = verbs::worksheet(tx, &me, id, WorksheetDeed::See)?.paper;
        verbs::begin(tx, &me, &paper.copied(), &nonce)
    };
    does(&app.clone(), form, act, |id| Go::to(own_path(id)).saying("This is the copy."), |form| build_page(app, viewer, id, form)).await
}

async fn put_away(State(app): State<App>, viewer: Viewer, Path(id): Path<WorksheetId>, form: Form) -> Result<Response> {
    let me = viewer.clone();
    let then = |()| Go::to("/worksheets").saying("Put away. What was given of it stays.");
    does(&app.clone(), form, move |tx| verbs::put_away(tx, &me, id), then, |form| build_page(app, viewer, id, form)).await
}

async fn new_part(State(app): State<App>, viewer: Viewer, Path(id): Path<WorksheetId>, Asked(asked): Asked) -> Result<Page> {
    let kind = Kind::named(asked.value("kind")).ok_or(Error::NotFound)?;
    part_page(app, viewer, id, None, kind.name(), Form::default()).await
}

async fn part(State(app): State<App>, viewer: Viewer, Path((id, letter)): Path<(WorksheetId, String)>) -> Result<Page> {
    let worksheet = own(&app, &viewer, id, WorksheetDeed::Change).await?;
    let part = letter.parse().ok().and_then(|letter| worksheet.paper.part(letter)).ok_or(Error::NotFound)?;
    part_page(app, viewer, id, Some(part.letter), part.kind.name(), form_of(part)).await
}

/// A question as it would have been typed.
fn form_of(part: &Part) -> Form {
    let mut form = Form::default();
    let mut set = |name: &str, value: &str| form.set(name, value);
    set("ask", &part.ask);
    set("hint", &part.hint);
    set("measured", if part.measured { "yes" } else { "" });
    set("unit", part.kind.unit());
    match &part.kind {
        Kind::Scale { least, most, low, high } => {
            set("span", &format!("{least}-{most}"));
            set("low", low);
            set("high", high);
        }
        Kind::Choice { options } => set("options", &options.join("\n")),
        Kind::Computed { formula, .. } => set("formula", formula),
        Kind::Words | Kind::Number { .. } => {}
    }
    form
}

const SPANS: [(&str, &str); 4] = [("0-10", "0 to 10"), ("1-10", "1 to 10"), ("1-5", "1 to 5"), ("1-7", "1 to 7")];

async fn part_page(app: App, viewer: Viewer, id: WorksheetId, letter: Option<Letter>, kind: &str, form: Form) -> Result<Page> {
    let worksheet = own(&app, &viewer, id, WorksheetDeed::Change).await?;
    let (at, paper) = (own_path(id), &worksheet.paper);
    let action = letter.map_or_else(|| format!("{at}/questions"), |letter| format!("{at}/questions/{letter}"));
    let named = Kind::named(kind).ok_or(Error::NotFound)?;
    let value = |name: &'static str| form.value(name);
    let title = match letter {
        Some(letter) => format!("Question {letter}"),
        None if named.is_asked() => "Add a question".into(),
        None => "Work something out".into(),
    };
    let label = if named.is_asked() { "What do you ask?" } else { "What is it called?" };
    let body = html! {
        (PageHeader::new(title.as_str()).back(&paper.title, &at).lead(named.title()))
        (mend(&form))
        form.stack method="post" action=(action) {
            input type="hidden" name="kind" value=(kind);
            (Field::text("ask", label).value(value("ask")).error(form.error("ask")).max(longest::ASK).required())
            @match named {
                Kind::Scale { .. } => {
                    (Field::select("span", "From where to where?", SPANS).value(if form.has("span") { value("span") } else { "0-10" }).error(form.error("span")))
                    (page::side_by_side(&html! {
                        (Field::text("low", "What does the lowest mean?").value(value("low")).error(form.error("low")).max(longest::END).required())
                        (Field::text("high", "And the highest?").value(value("high")).error(form.error("high")).max(longest::END).required())
                    }))
                }
                Kind::Choice { .. } => (Field::textarea("options", "One of what?").hint("One on each line, two to twelve.").value(value("options")).error(form.error("options")).max(longest::OPTIONS).rows(5).required()),
                Kind::Computed { .. } => {
                    (Field::text("formula", "How is it worked out?").value(value("formula")).error(form.error("formula")).max(super::formula::LONGEST).required()
                        .hint("By the letters of other questions: A + B, mean(A:H), percent(A, B)."))
                    (page::table("What stands on this worksheet", &["", "What it is"], &paper.parts.iter().filter(|part| part.kind.is_number() && Some(part.letter) != letter)
                        .map(|part| vec![html! { (part.letter) }, html! { (part.ask) }]).collect::<Vec<_>>()))
                    (page::more("What can be worked out", &html! {
                        ul {
                            li { "A + B, A - B, A * B, A / B, and brackets: (A + B) / 2" }
                            li { "sum(A:E) and mean(A:E), min and max: over all numbers from A to E, or over some: mean(A, C, D)" }
                            li { "percent(A, B): how much A is of B, of a hundred" }
                            li { "round(A): to a whole number" }
                        }
                        p { "Where an answer is missing, nothing is worked out, and it says so." }
                    }))
                }
                Kind::Words | Kind::Number { .. } => {}
            }
            @if matches!(named, Kind::Number { .. } | Kind::Computed { .. }) {
                (Field::text("unit", "Counted in what?").value(value("unit")).error(form.error("unit")).max(longest::UNIT).hint("Hours, days, of 10.").narrow().optional())
            }
            (Field::text("hint", "A hint under it").value(value("hint")).error(form.error("hint")).max(longest::HINT).optional())
            @if named.is_number() {
                (Field::checkbox("measured", "Follow it over time").checked(form.ticked("measured")).hint("Filled in twice or more, it makes a line."))
            }
            (page::actions(&html! { (Button::primary(if letter.is_some() { "Keep it" } else { "Add it" })) (Button::quiet("Back").href(&at)) }))
        }
        @if letter.is_some() {
            (page::actions(&html! {
                (page::post_button(&format!("{action}/up"), &[], &Button::quiet("Move it up").icon(Icon::Up)))
                (page::post_button(&format!("{action}/remove"), &[], &Button::quiet("Take it out").icon(Icon::Bin)))
            }))
        }
    };
    Ok(Page::new(title.clone(), Section::Goals, body).answering(&form))
}

fn read_kind(form: &mut Form) -> Result<Kind> {
    let unit = form.maybe_text("unit", longest::UNIT);
    Ok(match Kind::named(form.value("kind")).ok_or(Error::NotFound)? {
        Kind::Words => Kind::Words,
        Kind::Number { .. } => Kind::Number { unit },
        Kind::Scale { .. } => {
            let span = SPANS.iter().find(|(value, _)| *value == form.value("span")).and_then(|(value, _)| value.split_once('-'));
            let (least, most) = span.and_then(|(least, most)| Some((least.parse().ok()?, most.parse().ok()?))).unwrap_or((0, 10));
            Kind::Scale { least, most, low: form.text("low", longest::END), high: form.text("high", longest::END) }
        }
        Kind::Choice { .. } => {
            let typed = form.text("options", longest::OPTIONS);
            let mut options: Vec<String> = Vec::new();
            for line in typed.lines().map(str::trim).filter(|line| !line.is_empty()) {
                if !options.iter().any(|there| there == line) {
                    options.push(line.to_owned());
                }
            }
            if !(2..=12).contains(&options.len()) {
                form.refuse("options", "Please name two to twelve, one on each line.");
            }
            Kind::Choice { options }
        }
        Kind::Computed { .. } => {
            let formula = form.text("formula", super::formula::LONGEST);
            form.beside("formula", super::formula::Formula::of(&formula))?;
            Kind::Computed { formula, unit }
        }
    })
}

struct Typed {
    ask: String,
    hint: String,
    kind: Kind,
    measured: bool,
}

fn read_part(form: &mut Form) -> Result<Typed> {
    let ask = form.text("ask", longest::ASK);
    let hint = form.maybe_text("hint", longest::HINT);
    let kind = read_kind(form)?;
    let measured = form.ticked("measured") && kind.is_number();
    Ok(Typed { ask, hint, kind, measured })
}

async fn add_part(State(app): State<App>, viewer: Viewer, Path(id): Path<WorksheetId>, mut form: Form) -> Result<Response> {
    let Typed { ask, hint, kind, measured } = read_part(&mut form)?;
    let name = kind.name();
    let me = viewer.clone();
    let act = move |tx: &mut Tx| verbs::change(tx, &me, id, |paper| paper.with(ask.clone(), hint.clone(), kind.clone(), measured));
    let then = |letter| Go::to(own_path(id)).saying(format!("Added as {letter}."));
    does(&app.clone(), form, act, then, |form| part_page(app, viewer, id, None, name, form)).await
}

async fn change_part(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, letter)): Path<(WorksheetId, String)>,
    mut form: Form,
) -> Result<Response> {
    let letter: Letter = letter.parse().map_err(|()| Error::NotFound)?;
    let Typed { ask, hint, kind, measured } = read_part(&mut form)?;
    let name = kind.name();
    let me = viewer.clone();
    let act = move |tx: &mut Tx| {
        let part = Part { letter, ask: ask.clone(), hint: hint.clone(), kind: kind.clone(), measured };
        verbs::change(tx, &me, id, |paper| paper.with_changed(part).map(|paper| (paper, ())))
    };
    let then = |()| Go::to(own_path(id)).saying("Kept.");
    does(&app.clone(), form, act, then, |form| part_page(app, viewer, id, Some(letter), name, form)).await
}

async fn part_up(State(app): State<App>, viewer: Viewer, Path((id, letter)): Path<(WorksheetId, String)>, form: Form) -> Result<Response> {
    let letter: Letter = letter.parse().map_err(|()| Error::NotFound)?;
    changes(app, viewer, id, form, move |paper| Ok((paper.with_up(letter), ())), move |()| Go::to(own_path(id))).await
}

async fn remove_part(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, letter)): Path<(WorksheetId, String)>,
    form: Form,
) -> Result<Response> {
    let letter: Letter = letter.parse().map_err(|()| Error::NotFound)?;
    let remove = move |paper: Paper| paper.without(letter).map(|paper| (paper, ()));
    changes(app, viewer, id, form, remove, move |()| Go::to(own_path(id)).saying("Taken out.")).await
}

// Giving it.

async fn giving(State(app): State<App>, viewer: Viewer, Path(id): Path<WorksheetId>) -> Result<Page> {
    giving_page(app, viewer, id, Form::default()).await
}

async fn giving_page(app: App, viewer: Viewer, id: WorksheetId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let (worksheet, pairs, today) = app
        .read(move |tx| {
            let worksheet = verbs::worksheet(tx, &me, id, WorksheetDeed::Give)?;
            Ok((worksheet, partners::pairs(tx, &me)?, tx.now().in_zone(&me.zone).date()))
        })
        .await?;
    let nonce = form.nonce_to_send(&app.chance);
    let at = own_path(id);
    let mut who = Choices::cards("to", "Who fills it in?").error(form.error("to")).required();
    for (with, name) in &pairs {
        who = who.described(with.to_string(), name.as_str(), "They choose when. You read the answers once they hand it in.");
    }
    let who = who.described("me", "I do", "Nobody else ever reads it.");
    let chosen = match (form.has("to"), pairs.as_slice()) {
        (true, _) => form.value("to").to_owned(),
        (false, [(only, _)]) => only.to_string(),
        _ => String::new(),
    };
    let week = today.checked_add(7.days()).unwrap_or(today).to_string();
    let due = if form.has("due_on") { form.value("due_on").to_owned() } else { week };
    let paces = std::iter::once((String::new(), "Once")).chain(PACES.iter().map(|days| (days.to_string(), pace_words(*days))));
    let body = html! {
        (PageHeader::new("Give it").back(&worksheet.paper.title, &at))
        (mend(&form))
        form.stack method="post" action={ (at) "/give" } {
            input type="hidden" name="nonce" value=(nonce);
            (who.chosen(&chosen))
            (Field::date("due_on", "By when?").value(due).between(today.to_string().as_str(), None).error(form.error("due_on")).hint("It reminds on the morning of this day. Leave it empty, and it does not.").optional())
            (Field::select("again", "How often?", paces).value(form.value("again")).error(form.error("again")).hint("The next one comes once this one is handed in."))
            (page::actions(&html! { (Button::primary("Give it")) (Button::quiet("Back").href(&at)) }))
        }
    };
    Ok(Page::new("Give it", Section::Goals, body).answering(&form))
}

async fn give(State(app): State<App>, viewer: Viewer, Path(id): Path<WorksheetId>, mut form: Form) -> Result<Response> {
    let nonce = form.nonce("to");
    let to = match form.value("to") {
        "me" => None,
        _ => form.chosen::<RelationshipId>("to", "Please choose who fills it in."),
    };
    let due_on = form.parsed::<Date>("due_on", "Please choose a day.");
    let again_days = form.parsed::<i64>("again", "Please choose one of the paces.");
    let own = to.is_none();
    let giving = Giving { to, due_on, again_days, nonce };
    let me = viewer.clone();
    let then = move |id| Go::to(path(id)).saying(if own { "Here it is." } else { "Given. You hear when it is handed in." });
    does(&app.clone(), form, move |tx| verbs::give(tx, &me, id, &giving), then, |form| giving_page(app, viewer, id, form)).await
}

// Filling it in, reading it, and writing beside it.

async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<AssignmentId>) -> Result<Page> {
    shown(app, viewer, id, Form::default()).await
}

async fn shown(app: App, viewer: Viewer, id: AssignmentId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let ((told, company), nonce, today) =
        app.read(move |tx| Ok((verbs::read(tx, &me, id)?, tx.token(), tx.now().in_zone(&me.zone).date()))).await?;
    let (one, paper) = (&told.one, &told.paper);
    let mine = viewer.is(one.filler);
    let name = company.as_ref().map_or("somebody", |company| company.name(&viewer));
    let seen = match &company {
        Some(company) if !one.is_own() => page::audience(&company.audience(&viewer)),
        _ => page::audience_me(),
    };
    let (label, back) = match &company {
        Some(company) => ("Worksheets", format!("/relationships/{}/worksheets", company.relationship.id)),
        None => ("Worksheets", "/worksheets".to_owned()),
    };
    let together = company.as_ref().map(|company| &company.relationship);
    let repeats = one.is_worked_on(together) && one.allows(together, &viewer, Deed::Repeat);
    let at = path(id);
    let body = html! {
        (PageHeader::new(paper.title.as_str()).back(label, &back).lead(paper.intro.as_str())
            .actions(html! { (page::tag(one.state.words(), if one.is_open() { Tone::Amber } else { Tone::Plain })) (seen) }))
        (mend(&form))
        @match (one.state, mine) {
            (AssignmentState::Given, true) => {
                @if !one.is_own() { p.muted { (name) " reads your answers once you hand it in, and not before." @if let Some(day) = one.due() { " It is for " (day.strftime("%A %-d %B")) "." } } }
                (filling(&told, &form))
                (otherwise(&told, &form, today))
            }
            (AssignmentState::Given, false) => {
                p { (name) " has not handed it in yet." @if let Some(day) = one.due() { " It is for " (day.strftime("%A %-d %B")) "." } }
                (page::rows(&html! { @for part in &paper.parts { (part_row(part, None)) } }))
            }
            (AssignmentState::SetAside, true) => {
                p { "You have set it aside. Nobody reminds you." }
                (page::actions(&page::post_button(&format!("{at}/take-up"), &[], &Button::primary("Take it up again"))))
            }
            (AssignmentState::SetAside, false) => p { (name) " has set it aside for now." },
            (AssignmentState::Withdrawn, _) => p { "It was taken back." },
            (AssignmentState::HandedIn | AssignmentState::Read, true) => {
                (answered(&told, name))
                @if one.state == AssignmentState::HandedIn {
                    (page::actions(&page::post_button(&format!("{at}/take-back"), &[], &Button::quiet("Take it back to change it").icon(Icon::Undo))))
                }
            }
            (AssignmentState::HandedIn | AssignmentState::Read, false) => {
                @if let Some(handed_in) = one.handed_in_at { p.muted { (name) " handed it in on " (viewer.date(handed_in)) "." } }
                (beside_it(&told, &form, name))
            }
        }
        @if one.handed_in_at.is_some() && repeats {
            (page::more("Once more", &html! {
                form.stack method="post" action={ (at) "/again" } {
                    input type="hidden" name="nonce" value=(nonce);
                    (Field::date("due_on", "By when?").value(form.value("due_on")).between(today.to_string().as_str(), None).error(form.error("due_on")).optional())
                    (page::actions(&html! { (Button::secondary(if mine { "Fill it in once more" } else { "Give it once more" })) }))
                }
            }))
        }
        @if one.handed_in_at.is_none() && one.allows(together, &viewer, Deed::Withdraw) {
            (page::more(if one.is_own() { "Throw it away" } else { "Take it back" }, &page::post_button(&format!("{at}/withdraw"), &[], &Button::danger(if one.is_own() { "Throw it away" } else { "Take it back" }))))
        }
    };
    Ok(Page::new(paper.title.clone(), if one.is_own() { Section::Goals } else { Section::Relationships }, body).answering(&form))
}

fn answer_name(letter: Letter) -> String {
    format!("answer-{letter}")
}
fn note_name(letter: Letter) -> String {
    format!("note-{letter}")
}

fn typed_answer(answer: Option<&Answer>) -> String {
    match answer {
        Some(Answer::Words(words)) => words.clone(),
        Some(Answer::Number(given)) => number(*given),
        None => String::new(),
    }
}

fn filling(told: &Told, form: &Form) -> Markup {
    html! {
        form.stack.worksheet method="post" action=(path(told.one.id)) data-draft="worksheet" {
            @for part in &told.paper.parts {
                @let name = answer_name(part.letter);
                @let value = if form.has(&name) { form.value(&name).to_owned() } else { typed_answer(told.answers.get(&part.letter)) };
                @let error = form.error(&name).map(str::to_owned);
                (question(part, name, &value, error.as_deref(), told))
            }
            (page::actions(&html! {
                (Button::primary(if told.one.is_own() { "Keep it as done" } else { "Hand it in" }).sends("do", "hand-in"))
                (Button::secondary("Keep it for later").sends("do", "keep").unchecked())
            }))
        }
    }
}

fn question(part: &Part, name: String, value: &str, error: Option<&str>, told: &Told) -> Markup {
    match &part.kind {
        Kind::Words => {
            html! { (hinted(Field::textarea(name, part.ask.as_str()).value(value).error(error).max(longest::ANSWER).rows(3), part)) }
        }
        Kind::Number { unit } => {
            let label = if unit.is_empty() { part.ask.clone() } else { format!("{} ({unit})", part.ask) };
            html! { (hinted(Field::text(name, label).value(value).error(error).narrow(), part)) }
        }
        Kind::Scale { least, most, low, high } => {
            let scale = (*least..=*most).fold(Choices::scale(name, part.ask.as_str()), |scale, level| {
                let ends = if level == *least {
                    format!(" {low}")
                } else if level == *most {
                    format!(" {high}")
                } else {
                    String::new()
                };
                scale.choice(level.to_string(), format!("{level}{ends}"))
            });
            let scale = scale.chosen(value).error(error);
            html! { @if part.hint.is_empty() { (scale) } @else { (scale.hint(part.hint.as_str())) } }
        }
        Kind::Choice { options } => {
            let choices = options
                .iter()
                .fold(Choices::radio(name, part.ask.as_str()), |choices, option| choices.choice(option.as_str(), option.as_str()));
            let choices = choices.chosen(value).error(error);
            html! { @if part.hint.is_empty() { (choices) } @else { (choices.hint(part.hint.as_str())) } }
        }
        Kind::Computed { .. } => page::card(
            &html! { p { strong { (part.ask) } ": " (worked_out(part, told)) } @if !part.hint.is_empty() { p.muted { (part.hint) } } },
        ),
    }
}

fn hinted<'a>(field: Field<'a>, part: &'a Part) -> Field<'a> {
    if part.hint.is_empty() { field } else { field.hint(part.hint.as_str()) }
}

fn worked_out(part: &Part, told: &Told) -> Markup {
    match told.paper.number(part.letter, &told.answers) {
        Ok(result) => html! { (number(result)) " " (part.kind.unit()) },
        Err(why) => html! { span.muted { (why) } },
    }
}

fn otherwise(told: &Told, form: &Form, today: Date) -> Markup {
    let at = path(told.one.id);
    let day = if form.has("due_on") { form.value("due_on").to_owned() } else { told.one.due_on.clone().unwrap_or_default() };
    page::more_open(
        "Not now",
        form.error("due_on").is_some(),
        &html! {
            form.stack method="post" action={ (at) "/day" } {
                (Field::date("due_on", "On another day").value(day).between(today.to_string().as_str(), None).error(form.error("due_on")).optional())
                (page::actions(&html! { (Button::secondary("Remind me then")) }))
            }
            (page::post_button(&format!("{at}/set-aside"), &[], &Button::quiet("Set it aside")))
        },
    )
}

/// What was answered, with what stands beside it.
fn answered(told: &Told, name: &str) -> Markup {
    html! {
        @for part in &told.paper.parts {
            (answered_part(part, told))
            @if let Some(note) = told.notes.beside.get(&part.letter) { (page::quotation(note, name)) }
        }
        @if !told.notes.all.is_empty() { (page::section("To all of it", &html! {}, &page::quotation(&told.notes.all, name))) }
    }
}

fn answered_part(part: &Part, told: &Told) -> Markup {
    let answer = typed_answer(told.answers.get(&part.letter));
    html! {
        div.answered {
            h3 { (part.ask) }
            @match &part.kind {
                Kind::Computed { .. } => p { strong { (worked_out(part, told)) } },
                _ if answer.is_empty() => p.muted { "Left out" },
                Kind::Scale { most, .. } => p { strong { (answer) } " of " (most) },
                Kind::Number { unit } => p { strong { (answer) } " " (unit) },
                Kind::Words | Kind::Choice { .. } => (page::paragraphs(&answer)),
            }
        }
    }
}

fn beside_it(told: &Told, form: &Form, name: &str) -> Markup {
    let typed = |field: &str, kept: &str| if form.has(field) { form.value(field).to_owned() } else { kept.to_owned() };
    html! {
        form.stack method="post" action={ (path(told.one.id)) "/notes" } data-draft="notes" {
            @for part in &told.paper.parts {
                @let field = note_name(part.letter);
                @let value = typed(&field, told.notes.beside.get(&part.letter).map_or("", String::as_str));
                @let error = form.error(&field).map(str::to_owned);
                (answered_part(part, told))
                (page::more_open("A word beside it", !value.is_empty() || error.is_some(), &html! {
                    (Field::textarea(field, format!("Beside “{}”", page::shortened(&part.ask, 60))).value(value).error(error.as_deref()).max(longest::NOTE).rows(2).label_hidden())
                }))
            }
            (Field::textarea("note", "To all of it").value(typed("note", &told.notes.all)).error(form.error("note")).max(longest::NOTE).rows(3).optional())
            (page::actions(&html! { (Button::primary(if told.one.state == AssignmentState::Read { "Keep this" } else { "I have read it" })) }))
            p.muted { (name) " reads what you write here. Nobody else does." }
        }
    }
}

fn read_answers(form: &mut Form, paper: &Paper) -> Answers {
    let mut answers = Answers::new();
    for part in &paper.parts {
        let name = answer_name(part.letter);
        if form.value(&name).trim().is_empty() {
            continue;
        }
        let answer = match &part.kind {
            Kind::Computed { .. } => None,
            Kind::Words => Some(Answer::Words(form.maybe_text(&name, longest::ANSWER))),
            Kind::Number { .. } => read_number(form, &name).map(Answer::Number),
            #[expect(clippy::cast_precision_loss, reason = "a scale ends at ten")]
            Kind::Scale { least, most, .. } => form.number(&name, *least..=*most).map(|level| Answer::Number(level as f64)),
            Kind::Choice { options } => {
                let chosen = options.iter().find(|option| option.as_str() == form.value(&name)).cloned();
                if chosen.is_none() {
                    form.refuse(&name, "Please choose one of these.");
                }
                chosen.map(Answer::Words)
            }
        };
        answers.extend(answer.map(|answer| (part.letter, answer)));
    }
    answers
}

async fn fill(State(app): State<App>, viewer: Viewer, Path(id): Path<AssignmentId>, mut form: Form) -> Result<Response> {
    let me = viewer.clone();
    let (told, _) = app.read(move |tx| verbs::read(tx, &me, id)).await?;
    let answers = read_answers(&mut form, &told.paper);
    let (me, own) = (viewer.clone(), told.one.is_own());
    if form.value("do") == "keep" {
        let then = |()| Go::to(path(id)).saying("Kept for later. Only you see it.");
        return does(&app.clone(), form, move |tx| verbs::keep(tx, &me, id, &answers), then, |form| shown(app, viewer, id, form)).await;
    }
    let then = |()| Go::to(path(id)).saying(if own { "Kept." } else { "Handed in." });
    does(&app.clone(), form, move |tx| verbs::hand_in(tx, &me, id, &answers), then, |form| shown(app, viewer, id, form)).await
}

/// Does one thing with it and shows it again.
async fn then_shown(
    app: App,
    viewer: Viewer,
    id: AssignmentId,
    form: Form,
    said: &str,
    act: impl FnMut(&mut Tx) -> Result<()> + Send + 'static,
) -> Result<Response> {
    does(&app.clone(), form, act, |()| Go::to(path(id)).saying(said), |form| shown(app, viewer, id, form)).await
}

async fn take_back(State(app): State<App>, viewer: Viewer, Path(id): Path<AssignmentId>, form: Form) -> Result<Response> {
    let me = viewer.clone();
    then_shown(app, viewer, id, form, "It is yours alone again.", move |tx| verbs::take_back(tx, &me, id)).await
}
async fn set_aside(State(app): State<App>, viewer: Viewer, Path(id): Path<AssignmentId>, form: Form) -> Result<Response> {
    let me = viewer.clone();
    then_shown(app, viewer, id, form, "Set aside. That is quite all right.", move |tx| verbs::set_aside(tx, &me, id)).await
}
async fn take_up(State(app): State<App>, viewer: Viewer, Path(id): Path<AssignmentId>, form: Form) -> Result<Response> {
    let me = viewer.clone();
    then_shown(app, viewer, id, form, "Here it is again.", move |tx| verbs::take_up(tx, &me, id)).await
}
async fn choose_day(State(app): State<App>, viewer: Viewer, Path(id): Path<AssignmentId>, mut form: Form) -> Result<Response> {
    let day = form.parsed::<Date>("due_on", "Please choose a day.");
    let me = viewer.clone();
    then_shown(app, viewer, id, form, "Kept.", move |tx| verbs::choose_day(tx, &me, id, day)).await
}

async fn annotate(State(app): State<App>, viewer: Viewer, Path(id): Path<AssignmentId>, mut form: Form) -> Result<Response> {
    let me = viewer.clone();
    let (told, _) = app.read(move |tx| verbs::read(tx, &me, id)).await?;
    let mut notes = Notes { all: form.maybe_text("note", longest::NOTE), ..Notes::default() };
    for part in &told.paper.parts {
        let note = form.maybe_text(&note_name(part.letter), longest::NOTE);
        if !note.is_empty() {
            notes.beside.insert(part.letter, note);
        }
    }
    let me = viewer.clone();
    then_shown(app, viewer, id, form, "Kept. It stands beside the answers.", move |tx| verbs::annotate(tx, &me, id, &notes)).await
}

async fn again(State(app): State<App>, viewer: Viewer, Path(id): Path<AssignmentId>, mut form: Form) -> Result<Response> {
    let (nonce, due_on) = (form.nonce("due_on"), form.parsed::<Date>("due_on", "Please choose a day."));
    let me = viewer.clone();
    let then = |id| Go::to(path(id)).saying("Here is the next one.");
    let act = move |tx: &mut Tx| verbs::give_again(tx, &me, id, due_on, &nonce);
    does(&app.clone(), form, act, then, |form| shown(app, viewer, id, form)).await
}

async fn withdraw(State(app): State<App>, viewer: Viewer, Path(id): Path<AssignmentId>, form: Form) -> Result<Response> {
    let me = viewer.clone();
    let then = |()| Go::to("/worksheets").saying("Taken back.");
    does(&app.clone(), form, move |tx| verbs::withdraw(tx, &me, id), then, |form| shown(app, viewer, id, form)).await
}
