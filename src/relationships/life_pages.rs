//! The pages on which a relationship takes a turn: does it fit, a break, another way of working, a good end, or none.

use super::life::{Fit, LONGEST_CLOSING, LONGEST_PAUSE};
use super::pages::{face, part_words};
use super::relationship::{Company, Deed, Kind, Relationship, RelationshipId, RelationshipState, Role, longest};
use super::verbs::{self, Whole};
use crate::app::{App, Tx};
use crate::error::{Result, still_there};
use crate::form::Form;
use crate::page::{self, Button, Choices, Field, Icon, PageHeader, Section, Tone};
use crate::people::{self, Chip, Profile, STYLES, said, style_words};
use crate::slices::{Needs, Routes};
use crate::viewer::{PersonId, Viewer};
use crate::web::{Go, Page};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

pub fn routes(routes: Routes) -> Routes {
    routes
        .get("/relationships/compare", Needs::SignedIn, compare)
        .get("/relationships/{id}/fit", Needs::Deed("relationship.say_fit"), fit_page)
        .post("/relationships/{id}/fit", Needs::Deed("relationship.say_fit"), say_fit)
        .post("/relationships/{id}/share-reason", Needs::Deed("relationship.see"), share_reason)
        .post("/relationships/{id}/start", Needs::Deed("relationship.start"), start)
        .get("/relationships/{id}/pause", Needs::Deed("relationship.pause"), pause_page)
        .post("/relationships/{id}/pause", Needs::Deed("relationship.pause"), pause)
        .post("/relationships/{id}/resume", Needs::Deed("relationship.resume"), resume)
        .get("/relationships/{id}/kind", Needs::Deed("relationship.change_kind"), kind_page)
        .post("/relationships/{id}/kind", Needs::Deed("relationship.change_kind"), propose_kind)
        .post("/relationships/{id}/kind/agree", Needs::Deed("relationship.change_kind"), agree_kind)
        .post("/relationships/{id}/kind/leave", Needs::Deed("relationship.change_kind"), leave_kind)
        .get("/relationships/{id}/wind-up", Needs::Deed("relationship.wind_up"), wind_up_page)
        .post("/relationships/{id}/wind-up", Needs::Deed("relationship.wind_up"), wind_up)
        .get("/relationships/{id}/closing", Needs::Deed("relationship.answer_closing"), closing_page)
        .post("/relationships/{id}/closing", Needs::Deed("relationship.answer_closing"), answer_closing)
        .get("/relationships/{id}/dissolve", Needs::Deed("relationship.dissolve"), dissolve_page)
        .post("/relationships/{id}/dissolve", Needs::Deed("relationship.dissolve"), dissolve)
        .post("/relationships/{id}/silence", Needs::Deed("relationship.take_part"), silence)
}

/// What else one can do, for the menu of its page.
pub(super) fn menu(r: &Relationship, viewer: &Viewer) -> Vec<(&'static str, String)> {
    let all = [
        (Deed::Pause, "Take a break", "pause"),
        (Deed::ChangeKind, "Work in another way", "kind"),
        (Deed::WindUp, "Wind it up", "wind-up"),
        (Deed::End, "End it well now", "end"),
        (Deed::Dissolve, "End it without fault", "dissolve"),
        (Deed::See, "See it as others see it", "seen-by"),
    ];
    let mut all: Vec<_> = all
        .into_iter()
        .filter(|(deed, ..)| r.offers(viewer, *deed))
        .map(|(_, label, end)| (label, format!("/relationships/{}/{end}", r.id)))
        .collect();
    if r.kind == Kind::Circle && r.state.is_live() {
        all.push(("Who is in it", format!("/circles/{}", r.id)));
        if r.is_open_to(Deed::TakePart) {
            all.push(("Ask somebody more", format!("/circles/{}/newcomers", r.id)));
        }
        all.push(("Leave this circle", format!("/circles/{}/leave", r.id)));
    }
    all
}

/// What matters at this moment of its life, on its first page.
pub(super) fn moment_of_life(whole: &Whole, viewer: &Viewer, name: &str, form: &Form) -> Markup {
    let r = &whole.company.relationship;
    let here = format!("/relationships/{}", r.id);
    let waiting_kind = whole.kinds.iter().find(|change| change.agreed_at.is_none());
    html! {
        @match r.state {
            RelationshipState::TryingOut => (trying_out(whole, name, &here)),
            RelationshipState::Agreed => (page::section(if r.kind == Kind::Circle { "It begins" } else { "You both said yes" }, &html! {}, &html! {
                p { "Write down how you want to work together: each of you alone first, then you look at the differences. It takes ten minutes each." }
                (page::actions(&html! {
                    (Button::primary("Write it down").href(&format!("{here}/agreement")))
                }))
                (page::post_button(&format!("{here}/start"), &[], &Button::quiet("Begin with what is usual instead")))
            })),
            RelationshipState::Paused => (page::section("A break", &html! {}, &html! {
                p { "You have a break" @if let Some(until) = r.paused_until { " until " strong { (viewer.day(until)) } } ". It goes on by itself on that day, and your place is kept." }
                (page::post_button(&format!("{here}/resume"), &[], &Button::secondary("Go on now")))
            })),
            RelationshipState::Closing => (page::section("Winding up", &html! {}, &html! {
                p { "You bring this to a good end" @if let Some(until) = r.closes_at { " by " strong { (viewer.day(until)) } } "." }
                (page::actions(&html! {
                    (Button::primary(if whole.closings.iter().any(|c| viewer.is(c.by)) { "Change your closing answers" } else { "Answer the closing questions" }).href(&format!("{here}/closing")))
                }))
            })),
            RelationshipState::Dissolved => (dissolved(whole, name, &here)),
            RelationshipState::Frozen => (page::banner(Tone::Amber, "This stands still for now. Please do not contact each other meanwhile; whoever looks after this place tells you when it goes on.", None)),
            RelationshipState::Ended => (super::touch::section(&whole.company, viewer, whole.has_left_quietly, form)),
            RelationshipState::Proposed => (page::banner(Tone::Plain, "This begins when three of you are in it.", Some(&Button::secondary("See who has answered").href(&format!("/circles/{}", r.id))))),
            RelationshipState::Active => {}
        }
        @if whole.asked_about_silence { (silent(r, name, &here)) }
        @if let Some(change) = waiting_kind {
            @if viewer.is(change.by) {
                p.muted { "You have proposed to change to " (change.to.words()) ". " (name) " has not answered yet. " a href={ (here) "/kind" } { "Look at it" } }
            } @else {
                (page::banner(Tone::Amber, &format!("{name} would like to change to {}.", change.to.words()), Some(&Button::secondary("Look at it").href(&format!("{here}/kind")))))
            }
        }
        @for (by, words) in &whole.private.shared_by_others {
            (page::section("Shared with you", &html! {}, &page::quotation(words, whole.company.called(viewer, *by))))
        }
        @if !whole.closings.is_empty() { (closing_answers(whole, viewer)) }
    }
}

fn trying_out(whole: &Whole, name: &str, here: &str) -> Markup {
    html! {
        @match whole.my_vote.map(|vote| vote.fit) {
            None => (page::section("A first conversation", &html! {}, &html! {
                p { "Meet once before you decide. Then each of you says in private whether it fits; it begins only if you both say yes." }
                (page::actions(&html! {
                    (Button::secondary("We have talked: say whether it fits").href(&format!("{here}/fit")))
                    (Button::quiet("Compare those you are trying out").href("/relationships/compare"))
                }))
            })),
            Some(fit) => (page::section("Does it fit?", &page::audience_me(), &html! {
                p { "You said: " strong { (fit_words(fit)) } ". As soon as " (name) " has answered too, you both see whether it begins. You can change your answer until then." }
                (page::actions(&html! { (Button::quiet("Change your answer").href(&format!("{here}/fit"))) }))
            })),
        }
    }
}

fn dissolved(whole: &Whole, name: &str, here: &str) -> Markup {
    html! {
        (page::section("This does not go on", &html! {}, &html! {
            p { "It is nobody’s fault: sometimes it fits, and sometimes it does not. Your goals, and what you noted for yourself, stay with you." }
            (page::actions(&html! { (Button::secondary("Find somebody else").href("/find")) }))
            @if let Some(words) = &whole.private.mine {
                (page::section("What you noted about it", &if whole.private.mine_is_shared { page::audience(&format!("You and {name}")) } else { page::audience_me() }, &html! {
                    (page::quotation(words, "You"))
                    @if !whole.private.mine_is_shared {
                        (page::post_button(&format!("{here}/share-reason"), &[], &Button::quiet(&format!("Share it with {name}"))))
                    }
                }))
            }
        }))
    }
}

fn silent(r: &Relationship, name: &str, here: &str) -> Markup {
    page::section(
        "It has been quiet",
        &page::audience_me(),
        &html! {
            p { "You agreed to meet about every " (weeks(r.cadence_days)) ", and for twice that time there was nothing between you. How is it for you? " (name) " is asked the same, and sees nothing of what you choose." }
            (page::actions(&html! {
                (Button::primary("Say hello and propose a time").href(&format!("{here}/messages")))
                @if r.is_open_to(Deed::Pause) { (Button::secondary("Take a break").href(&format!("{here}/pause"))) }
                @if r.is_open_to(Deed::Dissolve) { (Button::quiet("End it without fault").href(&format!("{here}/dissolve"))) }
                @if r.kind == Kind::Circle { (Button::quiet("Leave this circle").href(&format!("/circles/{}/leave", r.id))) }
            }))
            (page::post_button(&format!("{here}/silence"), &[], &Button::quiet("It is fine as it is")))
        },
    )
}

/// A number of days as people say it.
pub(crate) fn weeks(days: i64) -> String {
    match days {
        7 => "week".into(),
        n if n % 7 == 0 => format!("{} weeks", n / 7),
        1 => "day".into(),
        n => format!("{n} days"),
    }
}

const CLOSING_QUESTIONS: [(&str, &str); 3] = [
    ("changed", "What has changed since you began?"),
    ("takes", "What do you take with you?"),
    ("hands_over", "What is still open, and who or what helps with it from here?"),
];

fn closing_answers(whole: &Whole, viewer: &Viewer) -> Markup {
    page::section(
        "Looking back",
        &page::audience(&whole.company.audience(viewer)),
        &html! {
            @for closing in &whole.closings {
                div.card {
                    h3 { (whole.company.called(viewer, closing.by)) }
                    @for ((_, question), answer) in CLOSING_QUESTIONS.iter().zip(&closing.answers) {
                        @if !answer.is_empty() { p.muted { (question) } (page::paragraphs(answer)) }
                    }
                }
            }
            @if !whole.company.relationship.state.is_over() && whole.closings.len() == 1 {
                p.muted { "You read each other’s answers once you have both written yours." }
            }
        },
    )
}

// The shape that all of these pages share.

async fn company(app: &App, viewer: &Viewer, id: RelationshipId, deed: Deed) -> Result<Company> {
    let me = viewer.clone();
    app.read(move |tx| {
        let company = verbs::company(tx, &me, id, deed)?;
        company.relationship.must_offer(&me, deed)?;
        Ok(company)
    })
    .await
}

fn turn(company: &Company, viewer: &Viewer, title: &str, lead: &str, form: &Form, body: &Markup) -> Page {
    let (back, path) = (company.title(viewer), format!("/relationships/{}", company.relationship.id));
    let whole = html! { (PageHeader::new(title).back(&back, &path).lead(lead)) (crate::web::mend(form)) (body) };
    let page = Page::new(format!("{title}, {}", company.name(viewer)), Section::Relationships, whole);
    page.answering(form)
}

/// Asked for a day that a break or an end is on.
const UNTIL: &str = "Until which day? Please choose one.";

fn home(id: RelationshipId, sentence: impl Into<String>) -> Response {
    Go::to(format!("/relationships/{id}")).saying(sentence).into_response()
}

// Does it fit?

fn fit_words(fit: Fit) -> &'static str {
    match fit {
        Fit::Yes => "Yes, I would like to begin",
        Fit::NotSure => "I am not sure yet",
        Fit::No => "No, not this time",
    }
}

async fn fit_page(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Page> {
    fit_shown(app, viewer, id, Form::default()).await
}

async fn fit_shown(app: App, viewer: Viewer, id: RelationshipId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let whole = app
        .read(move |tx| {
            let whole = verbs::read(tx, &me, id)?;
            whole.company.relationship.must_offer(&me, Deed::SayFit)?;
            Ok(whole)
        })
        .await?;
    let (name, vote) = (whole.company.name(&viewer).to_owned(), whole.my_vote);
    let chosen = if form.has("fit") { form.value("fit") } else { vote.map_or("", |v| v.fit.as_str()) };
    let usual = vote.map(|v| v.minutes_a_month).or(whole.terms.as_ref().map(|t| t.size.minutes)).unwrap_or(120);
    let hours = if form.has("hours") { form.value("hours").to_owned() } else { (usual / 60).max(1).to_string() };
    let reason = if form.has("reason") { form.value("reason") } else { whole.private.mine.as_deref().unwrap_or_default() };
    let body = html! {
        form.stack method="post" action={ "/relationships/" (id) "/fit" } {
            (Choices::cards("fit", "After your first conversation")
                .described("yes", fit_words(Fit::Yes), "It begins when both of you have said so.")
                .described("not_sure", fit_words(Fit::NotSure), "Meet once more, or think about it. You can change your answer.")
                .described("no", fit_words(Fit::No), format!("It ends kindly and without fault. {name} learns that it does not go on, and nothing else."))
                .chosen(chosen).error(form.error("fit")).required())
            (Field::number("hours", "How many hours a month can you give?").value(hours).error(form.error("hours")).between("1", "40")
                .hint("Honestly, with everything else you do. It begins with what both of you can give."))
            @if form.error("hours").is_some() {
                (Field::checkbox("despite", "I know, and I mean it: I take this on as well").checked(form.ticked("despite")))
            }
            (Field::textarea("reason", "A note on it, for yourself").value(reason).error(form.error("reason")).max(longest::REASON).rows(3).optional())
            (page::audience_me())
            (page::actions(&html! { (Button::primary("Keep my answer")) (Button::quiet("Not now").href(&format!("/relationships/{id}"))) }))
        }
    };
    let lead = format!("Only you see this page. {name} is asked the same, and neither of you learns the other’s reasons.");
    Ok(turn(&whole.company, &viewer, "Does it fit?", &lead, &form, &body))
}

async fn say_fit(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    let fit = form.chosen::<Fit>("fit", "Please choose one of the three.");
    let hours = form.number("hours", 1..=40).unwrap_or_else(|| {
        form.refuse("hours", "Please give a whole number from 1 to 40.");
        1
    });
    let (despite, reason) = (form.ticked("despite"), form.maybe_text("reason", longest::REASON));
    let Some(fit) = fit.filter(|_| form.is_good()) else { return Ok(fit_shown(app, viewer, id, form).await?.into_response()) };
    let me = viewer.clone();
    let done = app.write(move |tx| verbs::say_fit(tx, &me, id, fit, hours * 60, despite, &reason)).await;
    Ok(match form.beside("hours", done)? {
        None => fit_shown(app, viewer, id, form).await?.into_response(),
        Some(r) => home(
            id,
            match r.state {
                RelationshipState::Agreed => "You both said yes. It begins.",
                RelationshipState::Dissolved => "It has ended kindly. Nobody is told why.",
                _ => "Kept. Only you see your answer.",
            },
        ),
    })
}

async fn share_reason(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Response> {
    app.write(move |tx| verbs::share_reason(tx, &viewer, id)).await?;
    Ok(home(id, "Shared."))
}

async fn start(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Response> {
    app.write(move |tx| verbs::start(tx, &viewer, id)).await?;
    Ok(home(id, "It begins. You can write an agreement at any time."))
}

// Comparing those one is trying out.

/// As many as anybody can weigh against each other.
const COMPARED: usize = 3;

async fn compare(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    let me = viewer.clone();
    let found = app.read(move |tx| candidates(tx, &me)).await?;
    let body = html! {
        (PageHeader::new("Compare").back("People", "/relationships").lead("Those you are trying out, side by side, in their own words. Only you see this page."))
        @if found.is_empty() {
            (page::empty(Icon::People, "Nobody to compare", "When you try out working with one to three people, they stand here side by side.", &html! { (Button::primary("Find someone").href("/find")) }))
        } @else {
            (page::table("Those you are trying out", &heads(&found), &comparison(&found)))
            (page::actions(&html! { @for (id, chip, _) in &found {
                (Button::secondary(&format!("Say whether it fits with {}", chip.first_name())).href(&format!("/relationships/{id}/fit")))
            } }))
        }
    };
    Ok(Page::new("Compare", Section::Relationships, body))
}

type Candidate = (RelationshipId, Chip, Profile);

fn candidates(tx: &mut Tx, viewer: &Viewer) -> Result<Vec<Candidate>> {
    let mut found = Vec::new();
    for r in verbs::mine(tx, viewer)? {
        let learns = r.role_of(viewer.person).is_some_and(Role::learns);
        if let (RelationshipState::TryingOut, true, Some(other)) = (r.state, learns, r.other(viewer))
            && found.len() < COMPARED
            && let Some(profile) = still_there(people::verbs::see(tx, viewer, other.person))?
        {
            found.push((r.id, verbs::called(tx, other.person)?, profile));
        }
    }
    Ok(found)
}

fn heads(found: &[Candidate]) -> Vec<&str> {
    std::iter::once("").chain(found.iter().map(|(_, chip, _)| chip.name.as_str())).collect()
}

fn comparison(found: &[Candidate]) -> Vec<Vec<Markup>> {
    let line = |title: &str, cell: &dyn Fn(&Profile) -> Markup| {
        std::iter::once(html! { (title) }).chain(found.iter().map(|(_, _, profile)| cell(profile))).collect::<Vec<_>>()
    };
    let or_dash = |text: &str| html! { @if text.is_empty() { span.muted { "not said" } } @else { (text) } };
    let style = |profile: &Profile| {
        let s = &profile.shown;
        let said: Vec<&str> = [s.directive_facilitative, s.support_challenge, s.structured_emergent]
            .into_iter()
            .enumerate()
            .filter_map(|(scale, value)| Some(style_words(scale, value?)))
            .collect();
        debug_assert_eq!(STYLES.len(), 3);
        or_dash(&said.join(", "))
    };
    let mut lines = vec![
        std::iter::once(html! { "" }).chain(found.iter().map(|(_, chip, _)| face(chip).medium())).collect(),
        line("In one line", &|p| or_dash(&p.shown.headline)),
        line("Approach", &|p| or_dash(&p.methods().collect::<Vec<_>>().join(", "))),
        line("Style", &style),
        line(
            "How they work, in their own words",
            &|p| html! { @if p.shown.how_i_work.is_empty() { span.muted { "not said" } } @else { (page::paragraphs(&p.shown.how_i_work)) } },
        ),
        line("Fee", &|p| html! { (p.shown.fee.as_deref().unwrap_or("none")) }),
        line("Time", &|p| or_dash(&p.commitment().unwrap_or_default())),
        line(
            "Hours",
            &|p| html! { @if p.hours.is_empty() { span.muted { "not said" } } @else { a href={ "/people/" (p.shown.person) } { "see their week" } } },
        ),
        line("Languages", &|p| or_dash(&p.language_names().join(", "))),
        line(
            "Usually answers",
            &|p| html! { @match p.usual_reply { Some(usual) => { "in " (said(usual)) } None => span.muted { "too little history" } } },
        ),
    ];
    lines.push(line("Profile", &|p| html! { a href={ "/people/" (p.shown.person) } { "Read all of it" } }));
    lines
}

// A break.

async fn pause_page(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Page> {
    pause_shown(app, viewer, id, Form::default()).await
}

async fn pause_shown(app: App, viewer: Viewer, id: RelationshipId, form: Form) -> Result<Page> {
    let company = company(&app, &viewer, id, Deed::Pause).await?;
    let name = company.name(&viewer);
    let body = html! {
        form.stack method="post" action={ "/relationships/" (id) "/pause" } {
            (Field::date("until", "Until which day?").value(form.value("until")).error(form.error("until"))
                .hint(format!("At most {LONGEST_PAUSE} days. {name} is told the day, and no reason.")).required())
            (page::actions(&html! { (Button::primary("Take a break")) (Button::quiet("Keep things as they are").href(&format!("/relationships/{id}"))) }))
        }
    };
    Ok(turn(
        &company,
        &viewer,
        "Take a break",
        "It goes on by itself on the day you choose. The place stays kept, so that there is room when you come back.",
        &form,
        &body,
    ))
}

async fn pause(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    let Some(until) = form.day("until", &viewer.zone, UNTIL) else { return Ok(pause_shown(app, viewer, id, form).await?.into_response()) };
    let me = viewer.clone();
    let done = app.write(move |tx| verbs::pause(tx, &me, id, until)).await;
    Ok(match form.beside("until", done)? {
        Some(()) => home(id, format!("A break until {}.", viewer.day(until))),
        None => pause_shown(app, viewer, id, form).await?.into_response(),
    })
}

async fn resume(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Response> {
    app.write(move |tx| verbs::resume(tx, &viewer, id)).await?;
    Ok(home(id, "It goes on."))
}

// Another way of working together.

async fn kind_page(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Page> {
    kind_shown(app, viewer, id, Form::default()).await
}

async fn kind_shown(app: App, viewer: Viewer, id: RelationshipId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let (company, changes) = app
        .read(move |tx| {
            let company = verbs::company(tx, &me, id, Deed::ChangeKind)?;
            company.relationship.must_offer(&me, Deed::ChangeKind)?;
            Ok((company, verbs::kind_changes(tx, id)?))
        })
        .await?;
    let (r, name) = (&company.relationship, company.name(&viewer));
    let open = changes.iter().find(|change| change.agreed_at.is_none());
    let choice = |choices: Choices<'static>, kind: Kind, label: &'static str, more: &'static str| {
        if kind == r.kind { choices } else { choices.described(kind.as_str(), label, more) }
    };
    let kinds = Choices::cards("kind", "How would you like to work from now on?");
    let kinds = choice(kinds, Kind::Mentoring, "Mentoring", "One of you has done it, and shares what they know. About once a month.");
    let kinds = choice(
        kinds,
        Kind::Coaching,
        "Coaching",
        "One of you asks, the other finds their own answers. Every two weeks, with a fuller agreement.",
    );
    let kinds = choice(kinds, Kind::Peer, "Learning together", "You take turns. Every two weeks.");
    let guide = company.people.iter().fold(Choices::radio("guide", "Who gives their time?"), |choices, chip| {
        choices.choice(chip.id.to_string(), if viewer.is(chip.id) { "I do" } else { &chip.name })
    });
    let body = html! {
        @match open {
            Some(change) if viewer.is(change.by) => {
                p { "You have proposed to change to " strong { (change.to.words()) } ". " (name) " has not answered yet." }
                (page::post_button(&format!("/relationships/{id}/kind/leave"), &[], &Button::secondary("Take it back")))
            }
            Some(change) => {
                p { (name) " would like to change from " (change.from.words()) " to " strong { (change.to.words()) } "." }
                ul { @for (person, role) in r.roles_in(change.to, change.guide) { li { (company.called(&viewer, person)) ": " (part_words(role)) } } }
                form.stack method="post" action={ "/relationships/" (id) "/kind/agree" } {
                    @if form.error("one_more").is_some() {
                        (Field::checkbox("one_more", "One more is meant").error(form.error("one_more")))
                    }
                    (page::actions(&html! {
                        (Button::primary("Agree"))
                        (Button::secondary("Leave it as it is").goes_to(&format!("/relationships/{id}/kind/leave")))
                    }))
                }
            }
            None => form.stack method="post" action={ "/relationships/" (id) "/kind" } {
                (kinds.chosen(form.value("kind")).error(form.error("kind")).required())
                @if r.kind == Kind::Peer { (guide.chosen(form.value("guide")).error(form.error("guide"))) }
                (page::actions(&html! { (Button::primary("Propose it")) (Button::quiet("Keep things as they are").href(&format!("/relationships/{id}"))) }))
            },
        }
    };
    let lead = format!("Now: {}. Everything you have written stays where it is. {name} has to agree.", r.kind.words());
    Ok(turn(&company, &viewer, "Work in another way", &lead, &form, &body))
}

async fn propose_kind(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    let kind = form.chosen::<Kind>("kind", "Please choose one.");
    let guide = form.parsed::<PersonId>("guide", "Please choose one of you.");
    let Some(kind) = kind.filter(|_| form.is_good()) else { return Ok(kind_shown(app, viewer, id, form).await?.into_response()) };
    let me = viewer.clone();
    let done = app.write(move |tx| verbs::propose_kind(tx, &me, id, kind, guide)).await;
    Ok(match form.beside("kind", done)? {
        Some(()) => home(id, "Proposed. It changes when you both want it."),
        None => kind_shown(app, viewer, id, form).await?.into_response(),
    })
}

async fn agree_kind(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    let (me, one_more) = (viewer.clone(), form.ticked("one_more"));
    let done = app.write(move |tx| verbs::agree_kind(tx, &me, id, one_more)).await;
    Ok(match form.beside("one_more", done)? {
        Some(()) => home(id, "Changed. Everything you have written is still here."),
        None => kind_shown(app, viewer, id, form).await?.into_response(),
    })
}

async fn leave_kind(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Response> {
    app.write(move |tx| verbs::leave_kind(tx, &viewer, id)).await?;
    Ok(home(id, "It stays as it is."))
}

// Winding up, and the closing questions.

async fn wind_up_page(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Page> {
    wind_up_shown(app, viewer, id, Form::default()).await
}

async fn wind_up_shown(app: App, viewer: Viewer, id: RelationshipId, form: Form) -> Result<Page> {
    let company = company(&app, &viewer, id, Deed::WindUp).await?;
    let name = company.name(&viewer);
    let body = html! {
        form.stack method="post" action={ "/relationships/" (id) "/wind-up" } {
            (Field::date("until", "By which day?").value(form.value("until")).error(form.error("until"))
                .hint(format!("At most {LONGEST_CLOSING} days. Leave time for a last session or two.")).required())
            (page::actions(&html! { (Button::primary("Begin to wind it up")) (Button::quiet("Keep things as they are").href(&format!("/relationships/{id}"))) }))
        }
    };
    let lead =
        format!("{name} is told the day. Until then you use the time for what is open, and each of you answers three short questions.");
    Ok(turn(&company, &viewer, "Wind it up", &lead, &form, &body))
}

async fn wind_up(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    let Some(until) = form.day("until", &viewer.zone, UNTIL) else {
        return Ok(wind_up_shown(app, viewer, id, form).await?.into_response());
    };
    let me = viewer.clone();
    let done = app.write(move |tx| verbs::wind_up(tx, &me, id, until)).await;
    Ok(match form.beside("until", done)? {
        Some(()) => home(id, format!("You bring it to a good end by {}.", viewer.day(until))),
        None => wind_up_shown(app, viewer, id, form).await?.into_response(),
    })
}

async fn closing_page(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Page> {
    closing_shown(app, viewer, id, Form::default()).await
}

async fn closing_shown(app: App, viewer: Viewer, id: RelationshipId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let (company, mine) = app
        .read(move |tx| {
            let company = verbs::company(tx, &me, id, Deed::AnswerClosing)?;
            company.relationship.must_offer(&me, Deed::AnswerClosing)?;
            let mine = verbs::closings(tx, &me, &company.relationship)?.into_iter().find(|closing| me.is(closing.by));
            Ok((company, mine))
        })
        .await?;
    let said = mine.map_or_else(Default::default, |closing| closing.answers);
    let body = html! {
        form.stack method="post" action={ "/relationships/" (id) "/closing" } {
            @for ((name, question), kept) in CLOSING_QUESTIONS.iter().zip(&said) {
                @let value = if form.has(name) { form.value(name) } else { kept.as_str() };
                (Field::textarea(*name, *question).value(value).error(form.error(name)).max(longest::CLOSING_ANSWER).rows(3).optional())
            }
            (page::audience(&company.audience(&viewer)))
            (page::actions(&html! { (Button::primary("Keep my answers")) (Button::quiet("Not now").href(&format!("/relationships/{id}"))) }))
        }
    };
    let lead = "A few lines are plenty. You read each other’s once both of you have answered.";
    Ok(turn(&company, &viewer, "Looking back", lead, &form, &body))
}

async fn answer_closing(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    let answers = CLOSING_QUESTIONS.map(|(name, _)| form.maybe_text(name, longest::CLOSING_ANSWER));
    if answers.iter().all(String::is_empty) {
        form.refuse(CLOSING_QUESTIONS[0].0, "Please answer at least one of them.");
    }
    if !form.is_good() {
        return Ok(closing_shown(app, viewer, id, form).await?.into_response());
    }
    app.write(move |tx| verbs::answer_closing(tx, &viewer, id, &answers)).await?;
    Ok(home(id, "Kept."))
}

// An end without fault.

async fn dissolve_page(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Page> {
    dissolve_shown(app, viewer, id, Form::default()).await
}

async fn dissolve_shown(app: App, viewer: Viewer, id: RelationshipId, form: Form) -> Result<Page> {
    let company = company(&app, &viewer, id, Deed::Dissolve).await?;
    let name = company.name(&viewer);
    let body = html! {
        form.stack method="post" action={ "/relationships/" (id) "/dissolve" } {
            (Field::textarea("reason", "A note on why, for yourself").value(form.value("reason")).error(form.error("reason")).max(longest::REASON).rows(3).optional())
            (page::audience_me())
            (page::actions(&html! { (Button::primary("End it without fault")) (Button::quiet("Keep things as they are").href(&format!("/relationships/{id}"))) }))
        }
    };
    let lead = format!(
        "{} ends at once. {name} is told kindly that it does not go on, that it is nobody’s fault, and no reason. Your goals and your own notes stay with you.",
        page::capital(company.relationship.kind.words())
    );
    Ok(turn(&company, &viewer, "End it without fault", &lead, &form, &body))
}

async fn dissolve(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    let reason = form.maybe_text("reason", longest::REASON);
    if !form.is_good() {
        return Ok(dissolve_shown(app, viewer, id, form).await?.into_response());
    }
    app.write(move |tx| verbs::dissolve(tx, &viewer, id, &reason)).await?;
    Ok(home(id, "It has ended, without fault."))
}

async fn silence(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Response> {
    app.write(move |tx| verbs::accept_silence(tx, &viewer, id)).await?;
    Ok(home(id, "Good. You are not asked again about this silence."))
}
