//! The pages of the place itself.

use super::verbs::{self, SetUp};
use crate::app::App;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::logins::{Address, Joining, pages::joining_words, verbs::Device};
use crate::page::{self, Button, Choices, Field, PageHeader, Section};
use crate::slices::{Needs, Routes};
use crate::web::{self, Page};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::{Render, html};

pub fn routes() -> Routes {
    Routes::new().get("/set-up/{token}", Needs::Letter, ask_to_set_up).post("/set-up/{token}", Needs::Letter, set_up)
}

async fn ask_to_set_up(State(app): State<App>, Path(token): Path<String>) -> Result<Page> {
    let path = format!("/set-up/{token}");
    if !app.read(move |tx| verbs::may_set_up(tx, &token)).await? {
        return Err(Error::NotFound);
    }
    Ok(set_up_page(&path, &Form::default()))
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
                (zone_field(form))
                (joining_choices(chosen).error(form.error("joining")))
                (page::actions(&Button::primary("Open the doors").render()))
            }
        }
    };
    Page::new("Set this place up", Section::None, body)
}

fn zone_field(form: &Form) -> Field<'_> {
    let mut zones: Vec<&str> = crate::people::places::countries().iter().map(|c| c.zone).collect();
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
    let (place, name) = (form.text("place", 60), form.text("name", 100));
    let address = form.chosen::<Address>("address", "Please give a whole address, such as amina@example.org.");
    let joining = form.chosen::<Joining>("joining", "Please choose one.");
    let zone = form.text("zone", 60);
    if !crate::people::places::is_zone(&zone) {
        form.refuse("zone", "Please choose a time zone from the list, such as Europe/Lisbon.");
    }
    let (address, joining) = (address?, joining?);
    form.is_good().then_some(SetUp { place, name, address, zone, joining })
}

async fn set_up(State(app): State<App>, device: Device, Path(token): Path<String>, mut form: Form) -> Result<Response> {
    let Some(told) = told(&mut form) else {
        return Ok(set_up_page(&format!("/set-up/{token}"), &form).to_mend().into_response());
    };
    let signed_in = app.write(move |tx| verbs::set_up(tx, &token, &told, &device)).await?;
    Ok(crate::logins::pages::welcome(&app, signed_in))
}
