//! “I need more”: another mentor beside this one, one quick question, or another partner without anybody's fault.

use crate::app::{App, Happening, Tx};
use crate::error::{Error, Result};
use crate::form::Form;
use crate::goals::{self, GoalId};
use crate::page::{self, Button, Choices, Field, PageHeader, Section};
use crate::relationships::{self, Company, Deed, RelationshipId, verbs as partners};
use crate::viewer::Viewer;
use crate::web::{Go, Page};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chiron_store::text_enum;
use maud::{Markup, html};

text_enum!(
    /// Which way on someone chooses who needs more.
    Way { Another = "another", Question = "question", Rematch = "rematch" }
);

/// On the first page of a relationship, at its foot.
pub fn now_block(_: &mut Tx, _: &Viewer, company: &Company) -> Result<Option<Markup>> {
    let path = format!("/concerns/new?relationship={}", company.relationship.id);
    Ok(Some(html! { p.muted { a href=(path) { "Something is not right" } } }))
}

struct Asking {
    company: Company,
    goals: Vec<(GoalId, String)>,
}

fn asking(tx: &mut Tx, viewer: &Viewer, id: RelationshipId) -> Result<Asking> {
    let company = partners::company(tx, viewer, id, Deed::SayStuck)?;
    Ok(Asking { company, goals: goals::verbs::pursued(tx, viewer)? })
}

pub async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Page> {
    shown(app, viewer, id, Form::default()).await
}

async fn shown(app: App, viewer: Viewer, id: RelationshipId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let asking = app.read(move |tx| asking(tx, &me, id)).await?;
    let (name, title) = (asking.company.name(&viewer), asking.company.title(&viewer));
    let way = form.value("way");
    let mut ways = Choices::cards("way", "What would help?").error(form.error("way"));
    ways = ways
        .described(
            Way::Another.as_str(),
            "Another mentor beside this one",
            format!("For what {name} cannot give. {name} is not told, and stays."),
        )
        .described(Way::Question.as_str(), "One quick question", "To whoever here knows about it. One answer, by an agreed time.");
    if asking.company.relationship.offers(&viewer, Deed::Dissolve) {
        ways = ways.described(
            Way::Rematch.as_str(),
            "Somebody else instead",
            format!("This ends without anybody’s fault, {name} is told kindly, and you look for somebody else. Your goals, your plan and everything you wrote stay yours."),
        );
    }
    let goal = if form.value("goal").is_empty() {
        asking.goals.first().map(|g| g.0.to_string()).unwrap_or_default()
    } else {
        form.value("goal").to_owned()
    };
    let body = html! {
        (PageHeader::new("I need more").back(&title, &format!("/relationships/{id}")).lead("To see that you need more is a good sign, and nobody’s failure."))
        (crate::web::mend(&form))
        form.stack method="post" action={ "/relationships/" (id) "/more" } {
            (ways.chosen(if way.is_empty() { Way::Another.as_str() } else { way }).required())
            @if !asking.goals.is_empty() {
                (Field::select("goal", "For which goal?", asking.goals.iter().map(|(id, outcome)| (id.to_string(), page::shortened(outcome, page::ONE_LINE)))
                    .chain(std::iter::once((String::new(), "Another one".to_owned())))).value(goal))
            }
            (page::actions(&html! { (Button::primary("Go on")) (Button::quiet("Back").href(&format!("/relationships/{id}"))) }))
        }
        p.muted { "If something between you is not right, " a href={ "/concerns/new?relationship=" (id) } { "say so here" } "." }
    };
    let page = Page::new("I need more", Section::Relationships, body);
    Ok(page.answering(&form))
}

pub async fn choose(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    let way = form.chosen::<Way>("way", "Please choose one.");
    let goal = form.parsed::<GoalId>("goal", "Please choose one of your goals.");
    let (true, Some(way)) = (form.is_good(), way) else {
        return Ok(shown(app, viewer, id, form).await?.into_response());
    };
    app.write(move |tx| take(tx, &viewer, id, way, goal)).await?;
    let find = goal.map_or_else(|| "/find".into(), |goal| format!("/find?goal={goal}"));
    Ok(match way {
        Way::Another => Go::to(find).into_response(),
        Way::Question => Go::to("/questions/new").into_response(),
        Way::Rematch => Go::to(find).saying("It has ended without fault. Everything you wrote is kept.").into_response(),
    })
}

/// Notes that the learner needs more, and ends this one without fault where they want somebody else.
fn take(tx: &mut Tx, viewer: &Viewer, id: RelationshipId, way: Way, goal: Option<GoalId>) -> Result<()> {
    let relationship = partners::open(tx, viewer, id, Deed::SayStuck)?;
    if let Some(goal) = goal {
        goals::verbs::brief(tx, viewer, goal)?;
    }
    if !relationship.is_open_to(relationships::Deed::SayStuck) {
        return Err(Error::NotFound);
    }
    tx.record(Happening::of("more asked for", id).by(viewer).touching([viewer.person]))?;
    if way == Way::Rematch {
        partners::dissolve(tx, viewer, id, "")?;
    }
    Ok(())
}
