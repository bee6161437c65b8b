//! The pages of the place itself.

use super::office;
use super::verbs::{self, Said, SetUp};
use crate::app::{App, Tx};
use crate::error::{Error, Result};
use crate::form::{Asked, Form};
use crate::logins::{Address, InvitationId, Joining, pages::joining_words, verbs as logins, verbs::Device};
use crate::page::{self, Button, Choices, Face, Field, Icon, PageHeader, Row, Section, Tone};
use crate::people::{NO_ZONE, places};
use crate::slices::{Needs, Routes};
use crate::viewer::{Office, PersonId, Viewer};
use crate::web::{self, Go, Page};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, Render, html};

pub fn routes() -> Routes {
    let administrators = Needs::Office(Office::Administrator);
    Routes::new()
        .get("/set-up/{token}", Needs::Letter, ask_to_set_up)
        .post("/set-up/{token}", Needs::Letter, set_up)
        .get("/place", administrators, desk)
        .post("/place", administrators, change)
        .post("/place/invitations", administrators, invite)
        .post("/place/invitations/{id}/end", administrators, end_invitation)
        .get("/place/people", administrators, people)
        .post("/place/people/{id}/office", administrators, give_office)
        .post("/place/people/{id}/reopen", administrators, reopen)
}

async fn ask_to_set_up(State(app): State<App>, Path(token): Path<String>) -> Result<Page> {
    let path = format!("/set-up/{token}");
    if app.read(move |tx| verbs::may_set_up(tx, &token)).await? {
        return Ok(set_up_page(&path, &Form::default()));
    }
    if app.read(verbs::is_set_up).await? {
        return Err(Error::NotFound);
    }
    // Whoever runs this has started it again, most likely, and has an older link at hand.
    let body = html! {
        (PageHeader::new("There is nothing here").lead("This is not the newest link."))
        p { "Chiron prints a new one each time it starts, until this place is set up. It stands in the terminal, or in the log of the service." }
    };
    Ok(Page { state: StatusCode::NOT_FOUND, ..Page::new("There is nothing here", Section::None, body) })
}

fn set_up_page(path: &str, form: &Form) -> Page {
    let chosen = if form.value("joining").is_empty() { Joining::Invited.as_str() } else { form.value("joining") };
    let body = html! {
        (PageHeader::new("Set this place up").lead("One short page. You can change all of it later."))
        (web::mend(form))
        div.narrow-form {
            form.stack method="post" action=(path) {
                (Field::text("place", "What is this place called?").hint("Such as “Mentoring at Hafen”. It stands at the top of every page and in every letter.").value(form.value("place")).error(form.error("place")).max(60).required())
                (Field::text("name", "Your name").value(form.value("name")).error(form.error("name")).max(100).autocomplete("name").required())
                (Field::email("address", "Your e-mail address").hint("You sign in with it. You become the administrator.").value(form.value("address")).error(form.error("address")).required())
                // A script puts the device's own zone in, the first time the page is shown.
                div data-zone[form.is_empty()] { (zone_field(form)) }
                (joining_choices(chosen).error(form.error("joining")))
                (page::actions(&Button::primary("Open the doors").render()))
            }
        }
    };
    Page::new("Set this place up", Section::None, body)
}

fn zone_field(form: &Form) -> Field<'_> {
    let mut zones: Vec<&str> = places::countries().iter().map(|c| c.zone).collect();
    zones.sort_unstable();
    zones.dedup();
    Field::text("zone", "Your time zone")
        .hint("Such as Europe/Lisbon.")
        .value(if form.value("zone").is_empty() { "UTC" } else { form.value("zone") })
        .suggest(zones)
        .error(form.error("zone"))
        .required()
}

pub fn joining_choices(chosen: &str) -> Choices<'static> {
    Choices::radio("joining", "Who may join?")
        .choice(Joining::Invited.as_str(), joining_words(Joining::Invited))
        .choice(Joining::Open.as_str(), joining_words(Joining::Open))
        .chosen(chosen)
        .required()
}

fn told(form: &mut Form) -> Option<SetUp> {
    let (place, name) = (form.text("place", 60), form.name("name", 100));
    let address = form.chosen::<Address>("address", "Please give a whole address, such as amina@example.org.");
    let joining = form.chosen::<Joining>("joining", "Please choose one.");
    let zone = places::zone(&form.text("zone", 60));
    if zone.is_none() {
        form.refuse("zone", NO_ZONE);
    }
    let (address, joining, zone) = (address?, joining?, zone?);
    form.is_good().then_some(SetUp { place, name, address, zone, joining })
}

async fn set_up(State(app): State<App>, device: Device, Path(token): Path<String>, mut form: Form) -> Result<Response> {
    let Some(told) = told(&mut form) else {
        return Ok(set_up_page(&format!("/set-up/{token}"), &form).to_mend().into_response());
    };
    let signed_in = app.write(move |tx| verbs::set_up(tx, &token, &told, &device)).await?;
    Ok(crate::logins::pages::welcome(&app, signed_in))
}

/// What is kept and who sees it, in what is true today.
async fn desk(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    app.read(move |tx| desk_page(tx, &viewer, &Form::default())).await
}

fn desk_page(tx: &mut Tx, viewer: &Viewer, form: &Form) -> Result<Page> {
    let said = verbs::said(tx, viewer)?;
    let invitations = logins::invitations(tx, viewer)?;
    let url = tx.config().url();
    let own = |name: &str, kept: &str| if form.has(name) { form.value(name).to_owned() } else { kept.to_owned() };
    let about = html! {
        form.stack.narrow-form method="post" action="/place" {
            (Field::text("name", "What is this place called?").value(own("name", &said.name)).error(form.error("name")).max(60).required())
            (joining_choices(&own("joining", said.joining.as_str())).error(form.error("joining")))
            (Field::textarea("conduct", "How we treat each other").hint("Everybody reads and agrees to this when they join.").rows(8).value(own("conduct", &said.conduct)).error(form.error("conduct")).max(5000).required())
            (Field::checkbox("values_left_out", "Leave values out of recommendations").checked(if form.has("name") { form.ticked("values_left_out") } else { said.values_left_out }).hint("Whoever likes can say, for themselves alone, what matters most to them. Where two people both let it count, it brings them a little nearer."))
            (page::actions(&Button::primary("Keep this").render()))
        }
    };
    let list = html! {
        @for (invitation, path) in &invitations {
            @let label = if invitation.note.is_empty() { "Invitation".to_owned() } else { invitation.note.clone() };
            @let end = format!("/place/invitations/{}/end", invitation.id);
            li.row {
                div.row-words {
                    (page::copyable(&label, &format!("{url}{path}")))
                    p.row-meta { (places(invitation.places)) " left, until " (viewer.day(invitation.expires_at)) "." }
                    (page::post_button(&end, &[], &Button::secondary("End this invitation").context(&label).small()))
                }
            }
        }
    };
    let inviting = html! { div.part-stack {
        @if invitations.is_empty() { p { "None is open. A link that you pass on yourself works without mail." } } @else { (page::rows(&list)) }
        form.stack.narrow-form method="post" action="/place/invitations" {
            (Field::text("note", "Whom is it for?").hint("Such as “spring group”. Only administrators see this.").value(form.value("note")).error(form.error("note")).max(80).optional())
            (Field::number("places", "How many may join with it?").value(if form.has("places") { form.value("places") } else { "1" }).between("1", "500").error(form.error("places")).required())
            (page::actions(&Button::secondary("Make a link").icon(Icon::Plus).render()))
        }
    } };
    let sealed = html! {
        p { "What people write to each other is sealed under keys of their own: requests and their answers, questions, and all that is between two people who work together. No page, export or backup shows it to you, and no office opens it." }
        p { "You see who is here, their addresses, who holds which office, and whether letters went out." }
    };
    let body = html! {
        (PageHeader::new("This place").lead("Its name, who may join, and who looks after it."))
        (web::mend(form))
        (page::rows(&html! {
            (Row::new("People").icon(Icon::People).text("Who is here, and who holds which office").href("/place/people"))
            (Row::new("Bring people in").icon(Icon::Plus).text("From a spreadsheet, after a look at what it would do").href("/place/import"))
            (Row::new("Concerns").icon(Icon::Heart).text("Who looks after them, and how soon").href("/concerns/contacts"))
            (Row::new("Outbox").icon(Icon::Letter).text("Letters that wait, and what became of them").href("/place/outbox"))
        }))
        (page::section("About it", &html! {}, &about))
        div id="invitations" { (page::section("Invitations", &html! {}, &inviting)) }
        (page::section("What you cannot see", &html! {}, &sealed))
    };
    Ok(Page::new("This place", Section::Desk, body))
}

fn places(n: i64) -> String {
    if n == 1 { "One place".into() } else { format!("{n} places") }
}

async fn change(State(app): State<App>, viewer: Viewer, mut form: Form) -> Result<Response> {
    let (name, conduct) = (form.text("name", 60), form.text("conduct", 5000));
    let joining = form.chosen::<Joining>("joining", "Please choose one.");
    let Some(joining) = joining.filter(|_| form.is_good()) else { return mend(app, viewer, form).await };
    let said = Said { name, joining, conduct, values_left_out: form.ticked("values_left_out") };
    app.write(move |tx| verbs::change(tx, &viewer, &said)).await?;
    Ok(Go::to("/place").saying("Kept.").into_response())
}

async fn mend(app: App, viewer: Viewer, form: Form) -> Result<Response> {
    Ok(app.read(move |tx| desk_page(tx, &viewer, &form)).await?.to_mend().into_response())
}

async fn invite(State(app): State<App>, viewer: Viewer, mut form: Form) -> Result<Response> {
    let note = form.maybe_text("note", 80);
    let places = form.number("places", 1..=500);
    if !form.has("places") || form.value("places").trim().is_empty() {
        form.refuse("places", "Please say how many may join with it.");
    }
    let Some(places) = places.filter(|_| form.is_good()) else { return mend(app, viewer, form).await };
    app.write(move |tx| logins::invite(tx, &viewer, &note, places)).await?;
    Ok(Go::to("/place#invitations").saying("The link is ready: copy it and pass it on.").into_response())
}

async fn end_invitation(State(app): State<App>, viewer: Viewer, Path(id): Path<InvitationId>) -> Result<Go> {
    app.write(move |tx| logins::end_invitation(tx, &viewer, id)).await?;
    Ok(Go::to("/place").saying("That link no longer works."))
}

async fn people(State(app): State<App>, viewer: Viewer, Asked(asked): Asked) -> Result<Page> {
    app.read(move |tx| people_page(tx, &viewer, asked.value("q"), asked.value("after").parse().ok())).await
}

fn people_page(tx: &mut Tx, viewer: &Viewer, typed: &str, after: Option<PersonId>) -> Result<Page> {
    let (members, more) = verbs::members(tx, viewer, typed, after)?;
    let next = members.last().filter(|_| more).map(|last| {
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("q", typed)
            .append_pair("after", &last.person.to_string())
            .finish();
        format!("/place/people?{query}")
    });
    let list = html! { @for member in &members { (member_row(viewer, member)) } };
    let body = html! {
        (PageHeader::new("People").back("This place", "/place").lead("Who is here, and who holds which office."))
        (page::search_box("/place/people", "q", "Find by name", typed))
        @if members.is_empty() {
            (page::empty(Icon::People, "Nobody by that name", "Try a part of the name.", &html! {}))
        } @else {
            (page::rows(&list))
        }
        (page::actions(&html! {
            @if let Some(next) = &next { (Button::secondary("More people").href(next)) }
            @if after.is_some() { (Button::quiet("Back to the first").href("/place/people")) }
        }))
    };
    Ok(Page::new("People", Section::Desk, body))
}

fn member_row(viewer: &Viewer, member: &office::Member) -> Markup {
    let face = Face::new(member.name.clone(), None, member.person.to_string());
    let joined = format!("{} · joined {}", member.email.as_deref().unwrap_or("no address"), viewer.date(member.joined_at));
    let action = format!("/place/people/{}/office", member.person);
    let beside = match member.closed_at {
        Some(_) => page::post_button(
            &format!("/place/people/{}/reopen", member.person),
            &[],
            &Button::secondary("Open again").context(&member.name).small(),
        ),
        None => html! {
            form.inline-form method="post" action=(action) {
                (Field::select("office", "Office", Office::ALL.iter().map(|o| (o.as_str(), office::words(*o)))).id(format!("office-{}", member.person)).value(member.office.as_str()).label_hidden().narrow())
                (Button::secondary("Change").context(&member.name).small())
            }
        },
    };
    let meta = html! {
        @if member.closed_at.is_some() { (page::tag("account closed", Tone::Plain)) }
        @if member.office != Office::Member { (page::tag(office::words(member.office), Tone::Laurel)) }
    };
    Row::new(member.name.as_str()).face(&face).text(joined).meta(meta).beside(beside).render()
}

async fn give_office(State(app): State<App>, viewer: Viewer, Path(id): Path<PersonId>, mut form: Form) -> Result<Go> {
    let Some(office) = form.chosen::<Office>("office", "Please choose one.") else { return Err(Error::NotFound) };
    let member = app.write(move |tx| verbs::give_office(tx, &viewer, id, office)).await?;
    let article = if member.office == Office::Administrator { "an" } else { "a" };
    let words = format!("{} is now {article} {}.", member.name, office::words(member.office));
    Ok(Go::to("/place/people").saying(words))
}

async fn reopen(State(app): State<App>, viewer: Viewer, Path(id): Path<PersonId>) -> Result<Go> {
    app.write(move |tx| logins::reopen(tx, &viewer, id)).await?;
    Ok(Go::to("/place/people").saying("The account is open again."))
}
