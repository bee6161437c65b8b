//! The pages of signing in, joining, and of one's own account.

use super::limits::Bursts;
use super::login::{Address, Deed, Joining, LONGEST, PasskeyId, Purpose};
use super::verbs::{self, Device, SignedIn};
use super::{passkeys, password, passwords};
use crate::app::{App, Tx};
use crate::error::{Error, Result};
use crate::form::{Asked, Form};
use crate::page::{self, Button, Field, Icon, PageHeader, Row, Section};
use crate::refused;
use crate::slices::{Needs, Routes};
use crate::viewer::{LoginId, Via, Viewer};
use crate::web::{self, Go, MaybeViewer, Page};
use axum::extract::{FromRequestParts, Path, State};
use axum::http::{HeaderValue, StatusCode, header, request::Parts};
use axum::response::{IntoResponse, Response};
use maud::{Markup, Render, html};

pub fn routes() -> Routes {
    Routes::new()
        .get("/sign-in", Needs::Nothing, sign_in)
        .post("/sign-in", Needs::Nothing, send_link)
        .get("/sign-in/sent", Needs::Nothing, sent)
        .post("/sign-in/password", Needs::Nothing, sign_in_with_password)
        .post("/sign-in/passkey/begin", Needs::Nothing, begin_sign_in_with_passkey)
        .post("/sign-in/passkey", Needs::Nothing, sign_in_with_passkey)
        .get("/sign-in/{token}", Needs::Letter, link)
        .post("/sign-in/{token}", Needs::Letter, use_link)
        .get("/join", Needs::Nothing, join)
        .post("/join", Needs::Nothing, send_join)
        .get("/conduct", Needs::Nothing, conduct)
        .post("/sign-out", Needs::SignedIn, sign_out)
        .get("/account", Needs::Deed("account.see_devices"), account)
        .post("/account/devices/{id}/sign-out", Needs::Deed("account.sign_out"), end_device)
        .post("/account/sign-out-everywhere", Needs::Deed("account.sign_out"), sign_out_everywhere)
        .get("/account/address", Needs::Deed("account.change_sign_in"), address)
        .post("/account/address", Needs::Deed("account.change_sign_in"), ask_to_change_address)
        .get("/account/address/{token}", Needs::Letter, address_link)
        .post("/account/address/{token}", Needs::Letter, change_address)
        .get("/account/password", Needs::Deed("account.change_sign_in"), password)
        .post("/account/password", Needs::Deed("account.change_sign_in"), set_password)
        .post("/account/password/remove", Needs::Deed("account.change_sign_in"), remove_password)
        .get("/account/passkeys/new", Needs::Deed("account.change_sign_in"), new_passkey)
        .post("/account/passkeys/begin", Needs::Deed("account.change_sign_in"), begin_adding_passkey)
        .post("/account/passkeys", Needs::Deed("account.change_sign_in"), add_passkey)
        .post("/account/passkeys/{id}/remove", Needs::Deed("account.change_sign_in"), remove_passkey)
        .get("/account/close", Needs::Deed("account.close"), ask_to_close)
        .post("/account/close", Needs::Deed("account.close"), close)
}

impl FromRequestParts<App> for Device {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let web::From(from) = web::From::from_request_parts(parts, app).await?;
        let MaybeViewer(before) = MaybeViewer::from_request_parts(parts, app).await?;
        let agent = parts.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        Ok(Self { name: super::login::device(agent), network: super::login::network(from), before })
    }
}

/// Puts the login into the cookie and goes on.
pub fn welcome(app: &App, signed_in: SignedIn) -> Response {
    let mut response = Go::to(signed_in.goes_to).into_response();
    web::set_login_cookie(&mut response, app, &signed_in.token, LONGEST.as_secs());
    response
}

fn goodbye(app: &App, go: Go) -> Response {
    let mut response = go.into_response();
    web::set_login_cookie(&mut response, app, "", 0);
    // Not the cookies: that would take those of everything else on this host along.
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    response
}

/// Where to go after signing in.
fn next(asked: &str) -> String {
    match web::safe_next(asked) {
        "/" => "/today".into(),
        next => next.into(),
    }
}

async fn sign_in(State(app): State<App>, MaybeViewer(viewer): MaybeViewer, Asked(mut asked): Asked) -> Response {
    if viewer.is_some() && !asked.has("next") {
        return Go::to("/today").into_response();
    }
    asked.set("next", next(asked.value("next")));
    sign_in_page(&app, viewer.as_ref(), &asked).into_response()
}

fn sign_in_page(app: &App, viewer: Option<&Viewer>, form: &Form) -> Page {
    let sender = if app.config.sends_mail() { "We send a link to your address." } else { "Whoever runs this place passes you a link." };
    let body = html! {
        (PageHeader::new("Sign in").lead(format!("{sender} No password needed.")))
        (web::mend(form))
        div.narrow-form {
            @if let Some(viewer) = viewer {
                (page::banner(page::Tone::Plain, &format!("You are signed in as {}. Sign in once more to go on.", viewer.name), None))
            }
            form.stack method="post" action="/sign-in" {
                (Field::email("address", "Your e-mail address").value(form.value("address")).error(form.error("address")).required().focused())
                (next_field(form))
                (page::actions(&Button::primary("Send me a link").icon(Icon::Letter).render()))
            }
            (passkey_form("/sign-in/passkey", "/sign-in/passkey/begin", "use", &html! {
                (next_field(form))
                (Button::secondary("Use a passkey").icon(Icon::Key))
            }))
            @let with_password = html! {
                form.stack method="post" action="/sign-in/password" {
                    (Field::email("address", "Your e-mail address").id("password-address").value(form.value("address")).autocomplete("username").required())
                    (Field::password("password", "Your password").autocomplete("current-password").error(form.error("password")).required())
                    (next_field(form))
                    (page::actions(&Button::secondary("Sign in").render()))
                }
            };
            @if form.has("password") { (with_password) } @else { (page::more("Use a password", &with_password)) }
            p { "New here? " a href="/join" { "Join" } }
        }
    };
    Page::new("Sign in", Section::None, body)
}

fn next_field(form: &Form) -> Markup {
    html! { input type="hidden" name="next" value=(next(form.value("next"))); }
}

/// A form that a script fills from the device; without the script it stays out of sight.
fn passkey_form(action: &str, begin: &str, kind: &str, inside: &Markup) -> Markup {
    html! {
        form.stack method="post" action=(action) data-passkey=(begin) data-kind=(kind) {
            input type="hidden" name="ceremony";
            input type="hidden" name="credential";
            div.stack data-passkey-part hidden { (inside) }
            p.hint role="status" data-passkey-says hidden {}
        }
        script src=(PASSKEY) defer {}
    }
}

const PASSKEY: &str = crate::assets::url("passkey.js");

async fn sign_in_with_password(State(app): State<App>, device: Device, mut form: Form) -> Result<Response> {
    app.memory::<Bursts>().check(&device.network)?;
    let before = device.before.clone();
    if form.value("password").is_empty() {
        form.refuse("password", "Please fill this in.");
    }
    let Some(address) = address_of(&mut form) else { return Ok(sign_in_page(&app, before.as_ref(), &form).to_mend().into_response()) };
    match passwords::sign_in(&app, &address, form.value("password"), next(form.value("next")), device).await {
        Ok(signed_in) => Ok(welcome(&app, signed_in)),
        Err(Error::Refused(refusal)) if refusal.code == "wrong_password" => {
            form.refuse("password", refusal.sentence);
            Ok(sign_in_page(&app, before.as_ref(), &form).to_mend().into_response())
        }
        Err(e) => Err(e),
    }
}

async fn begin_sign_in_with_passkey(State(app): State<App>, device: Device) -> Result<Response> {
    app.memory::<Bursts>().check(&device.network)?;
    Ok(axum::Json(passkeys::begin_sign_in(&app).await?).into_response())
}

async fn sign_in_with_passkey(State(app): State<App>, device: Device, form: Form) -> Result<Response> {
    app.memory::<Bursts>().check(&device.network)?;
    let goes_to = next(form.value("next"));
    let signed_in = passkeys::sign_in(&app, form.value("ceremony"), form.value("credential"), goes_to, device).await?;
    Ok(welcome(&app, signed_in))
}

async fn send_link(State(app): State<App>, device: Device, mut form: Form) -> Result<Response> {
    app.memory::<Bursts>().check(&device.network)?;
    let Some(address) = address_of(&mut form) else {
        return Ok(sign_in_page(&app, device.before.as_ref(), &form).to_mend().into_response());
    };
    let goes_to = next(form.value("next"));
    app.write(move |tx| verbs::ask_for_link(tx, &address, &goes_to, &device.network)).await?;
    Ok(Go::to("/sign-in/sent").into_response())
}

fn address_of(form: &mut Form) -> Option<Address> {
    form.text("address", 254);
    form.chosen::<Address>("address", "Please give a whole address, such as amina@example.org.").filter(|_| form.is_good())
}

async fn sent(State(app): State<App>) -> Page {
    // Nobody is sent to look for a letter that cannot leave.
    if !app.config.sends_mail() {
        let body = html! {
            (PageHeader::new("Ask for your link").lead("This place cannot send mail yet, so your link waits for you with whoever runs it."))
            p { "Tell them that you are here: they find your link in the outbox of this place and pass it on to you. It works once, for ten minutes." }
            p { "Do you run it yourself? The command " code { "chiron outbox" } ", on its machine, prints your link." }
            p { "Was that too long ago? " a href="/sign-in" { "Ask for a new one" } ", or use your invitation again." }
        };
        return Page::new("Ask for your link", Section::None, body);
    }
    let body = html! {
        (PageHeader::new("Look in your mail").lead("A letter is on its way to the address you gave. Its link works once, for ten minutes."))
        p { "Nothing there after a minute? Look among unwanted mail, or " a href="/sign-in" { "try again" } "." }
    };
    Page::new("Look in your mail", Section::None, body)
}

async fn link(State(app): State<App>, Path(token): Path<String>) -> Result<Page> {
    let path = format!("/sign-in/{token}");
    let found = app.read(move |tx| verbs::look_at_link(tx, &token)).await?;
    Ok(match found {
        Some((Purpose::SignIn, name)) => press_page("Sign in", &format!("You are about to sign in as {name}."), &path, "Sign in"),
        Some((Purpose::Join, name)) => press_page("Finish joining", &format!("Hello {name}, welcome."), &path, "Finish joining"),
        _ => over(),
    })
}

/// A page with one button: programs that look through mail open links, and only people press buttons.
fn press_page(title: &str, words: &str, action: &str, button: &str) -> Page {
    let body = html! {
        (PageHeader::new(title).lead(words))
        (page::post_button(action, &[], &Button::primary(button)))
    };
    Page::new(title, Section::None, body)
}

fn over() -> Page {
    let body = html! {
        (PageHeader::new("This link no longer works").lead("It has been used already, or it is older than ten minutes."))
        p { (Button::primary("Get a new link").href("/sign-in")) }
    };
    Page { state: StatusCode::GONE, ..Page::new("This link no longer works", Section::None, body) }
}

async fn use_link(State(app): State<App>, device: Device, Path(token): Path<String>) -> Result<Response> {
    app.memory::<Bursts>().check(&device.network)?;
    let signed_in = app.write(move |tx| verbs::use_link(tx, &token, &device)).await?;
    Ok(welcome(&app, signed_in))
}

async fn join(State(app): State<App>, MaybeViewer(viewer): MaybeViewer, Asked(asked): Asked) -> Result<Response> {
    if viewer.is_some() {
        return Ok(Go::to("/today").saying("You have joined already.").into_response());
    }
    let invitation = asked.value("invitation").to_owned();
    let refusal = app.read(move |tx| Ok(verbs::welcome(tx, &invitation).err().map(|e| e.to_string()))).await?;
    Ok(match refusal {
        Some(words) => by_invitation(&words).into_response(),
        None => join_page(&app, &asked).into_response(),
    })
}

fn by_invitation(words: &str) -> Page {
    let body = html! {
        (PageHeader::new("Joining").lead(words))
        p { "Been here before? " a href="/sign-in" { "Sign in" } }
    };
    Page::new("Joining", Section::None, body)
}

fn join_page(app: &App, form: &Form) -> Page {
    let way =
        if app.config.sends_mail() { "We send a link there to finish." } else { "Whoever runs this place passes you a link to finish." };
    let body = html! {
        (PageHeader::new(format!("Join {}", app.place().name)).lead("Two lines now; the rest whenever you like."))
        (web::mend(form))
        div.narrow-form {
            form.stack method="post" action="/join" {
                (Field::text("name", "Your name").hint("As people should call you.").value(form.value("name")).error(form.error("name")).max(100).autocomplete("name").required())
                (Field::email("address", "Your e-mail address").hint(format!("{way} Only administrators see your address.")).value(form.value("address")).error(form.error("address")).required())
                (Field::checkbox("agreed", "I have read how we treat each other here, and will keep to it").checked(form.ticked("agreed")).error(form.error("agreed")))
                p.hint { a href="/conduct" target="_blank" { "How we treat each other" } " (one short page, opens beside this one)" }
                input type="hidden" name="invitation" value=(form.value("invitation"));
                input type="hidden" name="zone" value=(form.value("zone")) data-zone;
                (page::actions(&Button::primary("Join").render()))
            }
            p { "Been here before? " a href="/sign-in" { "Sign in" } }
        }
    };
    Page::new("Join", Section::None, body)
}

async fn send_join(State(app): State<App>, device: Device, mut form: Form) -> Result<Response> {
    app.memory::<Bursts>().check(&device.network)?;
    let name = form.name("name", 100);
    let address = address_of(&mut form);
    if !form.ticked("agreed") {
        form.refuse("agreed", "Please read the page first, and tick this if you will keep to it.");
    }
    let Some(address) = address.filter(|_| form.is_good()) else {
        return Ok(join_page(&app, &form).to_mend().into_response());
    };
    let zone = crate::people::places::zone(form.value("zone")).unwrap_or_else(|| "UTC".to_owned());
    let invitation = form.value("invitation").to_owned();
    app.write(move |tx| verbs::join(tx, &name, &address, &zone, &invitation, &device.network)).await?;
    Ok(Go::to("/sign-in/sent").into_response())
}

/// What everybody agrees to, until this place says it in its own words.
pub const CONDUCT: &str = "Everyone here gives their time to someone else. Treat it, and them, with care.\n\nBe honest about what you want and what you can give. Answer, even when the answer is no.\n\nWhat you are told stays with you. Share it only when the other person agrees, or when somebody is in danger.\n\nNo harassment, no discrimination, no selling, no dating. A no is a no the first time.\n\nWhen something is not right, tell whoever runs this place. They listen, keep it between you, and act.";

pub fn conduct_text(tx: &mut Tx) -> Result<String> {
    Ok(tx.setting("code of conduct")?.unwrap_or_else(|| CONDUCT.into()))
}

async fn conduct(State(app): State<App>) -> Result<Page> {
    let text = app.read(conduct_text).await?;
    let body = html! {
        (PageHeader::new("How we treat each other"))
        div.prose { (page::paragraphs(&text)) }
        p { a href="/concerns/new" { "Something is not right: raise a concern" } }
    };
    Ok(Page::new("How we treat each other", Section::None, body))
}

async fn sign_out(State(app): State<App>, viewer: Viewer) -> Result<Response> {
    app.write(move |tx| verbs::sign_out(tx, &viewer)).await?;
    Ok(goodbye(&app, Go::to("/sign-in").saying("You are signed out on this device.")))
}

async fn account(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    app.read(move |tx| account_page(tx, &viewer)).await
}

fn account_page(tx: &mut Tx, viewer: &Viewer) -> Result<Page> {
    let account = verbs::own(tx, viewer, Deed::SeeDevices)?;
    let devices = verbs::devices(tx, viewer)?;
    let keys = verbs::passkeys(tx, viewer)?;
    let address = account.email.as_deref().unwrap_or("none");
    let ways = html! {
        (Row::new("Address").icon(Icon::Letter).text(address).beside(Button::secondary("Change").context("your address").small().href("/account/address").render()))
        @for key in &keys {
            @let action = format!("/account/passkeys/{}/remove", key.id);
            @let used = key.used_at.map_or_else(|| "not used yet".to_owned(), |at| format!("last used {}", viewer.date(at)));
            (Row::new(format!("Passkey: {}", key.name)).icon(Icon::Key).text(format!("Added {}, {used}.", viewer.date(key.made_at)))
                .beside(page::post_button(&action, &[], &Button::secondary("Take away").context(&key.name).small())))
        }
        (Row::new(if keys.is_empty() { "A passkey" } else { "Another passkey" }).icon(Icon::Key).text("Your finger, your face or your device's PIN, instead of a letter.")
            .beside(Button::secondary("Add").context("a passkey").small().href("/account/passkeys/new").render()))
        @let has_password = account.password_hash.is_some();
        @let password = match has_password {
            true => "Set.",
            false if keys.is_empty() && !tx.config().sends_mail() => "None. This place cannot send mail yet, so give yourself a passkey or a password.",
            false => "None, and none is needed.",
        };
        (Row::new("Password").icon(Icon::Lock).text(password)
            .beside(Button::secondary(if has_password { "Change" } else { "Set" }).context("your password").small().href("/account/password").render()))
    };
    let list = html! {
        @for login in &devices {
            @let here = viewer.via == Via::Login(login.id);
            @let action = format!("/account/devices/{}/sign-out", login.id);
            @let since = format!("Signed in {}, last used {}.", viewer.date(login.made_at), viewer.date(login.seen_at));
            (Row::new(if here { format!("{} (this one)", login.device) } else { login.device.clone() })
                .icon(Icon::Door)
                .text(since)
                .beside(page::post_button(&action, &[], &Button::secondary("Sign out").context(&login.device).small())))
        }
    };
    let body = html! {
        (PageHeader::new("Your account").lead("How you sign in, and where you are signed in."))
        (page::section("How you sign in", &page::audience_me(), &page::rows(&ways)))
        (page::section("Where you are signed in", &page::audience_me(), &html! {
            (page::rows(&list))
            (page::actions(&page::post_button("/account/sign-out-everywhere", &[], &Button::secondary("Sign out everywhere"))))
        }))
        (page::section("Letters", &html! {}, &html! {
            p { a href="/account/mail" { "Choose what reaches you by mail, and how often" } }
        }))
        (page::section("Calendars", &html! {}, &html! {
            p { a href="/account/calendars" { "See your sessions in your own calendar, and keep free what is taken there" } }
        }))
        (page::section("Leaving", &html! {}, &html! {
            p { "You can close your account. For thirty days an administrator can open it again." }
            (page::actions(&Button::quiet("Close my account").href("/account/close").render()))
        }))
    };
    Ok(Page::new("Your account", Section::None, body))
}

async fn end_device(State(app): State<App>, viewer: Viewer, Path(id): Path<LoginId>) -> Result<Response> {
    let here = viewer.via == Via::Login(id);
    app.write(move |tx| verbs::end_device(tx, &viewer, id)).await?;
    Ok(match here {
        true => goodbye(&app, Go::to("/sign-in").saying("You are signed out on this device.")),
        false => Go::to("/account").saying("That device is signed out.").into_response(),
    })
}

async fn sign_out_everywhere(State(app): State<App>, viewer: Viewer) -> Result<Response> {
    app.write(move |tx| verbs::sign_out_everywhere(tx, &viewer)).await?;
    Ok(goodbye(&app, Go::to("/sign-in").saying("You are signed out everywhere.")))
}

/// To a fresh sign-in, and back here afterwards.
pub fn sign_in_again(path: &str) -> Response {
    Go::to(format!("/sign-in?next={path}")).saying("Please sign in once more first: this changes how you sign in.").into_response()
}

async fn address(State(app): State<App>, viewer: Viewer) -> Result<Response> {
    let fresh = app.read(move |tx| verbs::is_fresh(tx, &viewer)).await?;
    Ok(if fresh { address_page(&Form::default()).into_response() } else { sign_in_again("/account/address") })
}

fn address_page(form: &Form) -> Page {
    let body = html! {
        (PageHeader::new("Change your address").back("Your account", "/account").lead("A letter goes to the new address. Until you press its button, nothing changes."))
        (web::mend(form))
        div.narrow-form {
            form.stack method="post" action="/account/address" {
                (Field::email("address", "Your new address").value(form.value("address")).error(form.error("address")).required())
                (page::actions(&Button::primary("Send the letter").render()))
            }
        }
    };
    Page::new("Change your address", Section::None, body)
}

async fn ask_to_change_address(State(app): State<App>, viewer: Viewer, device: Device, mut form: Form) -> Result<Response> {
    let Some(address) = address_of(&mut form) else { return Ok(address_page(&form).to_mend().into_response()) };
    app.write(move |tx| verbs::ask_to_change_address(tx, &viewer, &address, &device.network)).await?;
    Ok(Go::to("/account").saying("A letter is on its way to the new address. Press its button within ten minutes.").into_response())
}

async fn address_link(State(app): State<App>, Path(token): Path<String>) -> Result<Page> {
    let path = format!("/account/address/{token}");
    let found = app.read(move |tx| verbs::look_at_link(tx, &token)).await?;
    Ok(match found {
        Some((Purpose::Address, name)) => {
            press_page("Your new address", &format!("{name}, letters will go to this address from now on."), &path, "Use this address")
        }
        _ => over(),
    })
}

async fn change_address(State(app): State<App>, Path(token): Path<String>) -> Result<Response> {
    app.write(move |tx| verbs::change_address(tx, &token)).await?;
    Ok(Go::to("/account").saying("Your address is changed.").into_response())
}

async fn ask_to_close() -> Page {
    let words = "You are signed out everywhere at once, and nobody finds you here any more. People you work with are told that you left. Within thirty days an administrator can open the account again; after that it can be forgotten for good.";
    let body = html! {
        (PageHeader::new("Close your account").back("Your account", "/account"))
        (page::confirmation("/account/close", words, &Button::danger("Close my account"), "/account"))
    };
    Page::new("Close your account", Section::None, body)
}

async fn close(State(app): State<App>, viewer: Viewer) -> Result<Response> {
    app.write(move |tx| verbs::close(tx, &viewer)).await?;
    Ok(goodbye(&app, Go::to("/sign-in").saying("Your account is closed. Thank you for having been here.")))
}

/// Words for who may join.
pub fn joining_words(joining: Joining) -> &'static str {
    match joining {
        Joining::Open => "Everybody who comes by",
        Joining::Invited => "People with an invitation",
    }
}

async fn password(State(app): State<App>, viewer: Viewer) -> Result<Response> {
    let (fresh, has) = app.read(move |tx| Ok((verbs::is_fresh(tx, &viewer)?, passwords::has_password(tx, &viewer)?))).await?;
    Ok(if fresh { password_page(has, &Form::default()).into_response() } else { sign_in_again("/account/password") })
}

fn password_page(has: bool, form: &Form) -> Page {
    let hint =
        format!("At least {} characters, of any kind. Three or four words in a row are good, and easy to remember.", password::SHORTEST);
    let body = html! {
        (PageHeader::new(if has { "Change your password" } else { "Set a password" }).back("Your account", "/account").lead("Only if you want one: a link by mail or a passkey does as well."))
        (web::mend(form))
        div.narrow-form {
            form.stack method="post" action="/account/password" {
                (Field::password("password", "Your new password").hint(hint).autocomplete("new-password").error(form.error("password")).required())
                (page::actions(&Button::primary("Keep this password").render()))
                p.hint { "Your other devices are signed out." }
            }
            @if has {
                (page::post_button("/account/password/remove", &[], &Button::quiet("Do without a password")))
            }
        }
    };
    Page::new("Your password", Section::None, body)
}

async fn set_password(State(app): State<App>, viewer: Viewer, mut form: Form) -> Result<Response> {
    let (asking, typed) = (viewer.clone(), form.value("password").to_owned());
    let (refusal, has) = app.read(move |tx| Ok((passwords::refusal(tx, &asking, &typed)?, passwords::has_password(tx, &asking)?))).await?;
    if let Some(words) = refusal {
        form.refuse("password", words);
        return Ok(password_page(has, &form).to_mend().into_response());
    }
    passwords::set(&app, viewer, form.value("password")).await?;
    Ok(Go::to("/account").saying("Your password is set. Your other devices are signed out.").into_response())
}

async fn remove_password(State(app): State<App>, viewer: Viewer) -> Result<Go> {
    app.write(move |tx| passwords::remove(tx, &viewer)).await?;
    Ok(Go::to("/account").saying("Your account has no password any more."))
}

async fn new_passkey(State(app): State<App>, device: Device, viewer: Viewer) -> Result<Response> {
    let fresh = app.read(move |tx| verbs::is_fresh(tx, &viewer)).await?;
    if !fresh {
        return Ok(sign_in_again("/account/passkeys/new"));
    }
    let can = passkeys::origin(&app.config).is_some();
    let body = html! {
        (PageHeader::new("Add a passkey").back("Your account", "/account").lead("Your device keeps it and asks for your finger, your face or its PIN. Nothing to remember, nothing to steal from us."))
        @if can {
            (passkey_form("/account/passkeys", "/account/passkeys/begin", "make", &html! {
                (Field::text("name", "What is this device called?").value(&device.name).max(60).required())
                (page::actions(&Button::primary("Make a passkey").render()))
            }))
            noscript { p { "Making a passkey needs JavaScript. A link by mail works without." } }
        } @else {
            p { "Passkeys belong to a name such as mentoring.example.org, and this place is reached by a number. Whoever runs it can give it a name." }
        }
    };
    Ok(Page::new("Add a passkey", Section::None, body).into_response())
}

async fn begin_adding_passkey(State(app): State<App>, viewer: Viewer) -> Result<Response> {
    Ok(axum::Json(passkeys::begin_adding(&app, viewer).await?).into_response())
}

async fn add_passkey(State(app): State<App>, viewer: Viewer, device: Device, mut form: Form) -> Result<Go> {
    let typed = form.maybe_text("name", 60);
    if let Some(words) = form.error("name") {
        return Err(refused!("long_name"; "{words}"));
    }
    let name = if typed.is_empty() { device.name } else { typed };
    passkeys::add(&app, viewer, form.value("ceremony"), form.value("credential"), name).await?;
    Ok(Go::to("/account").saying("Your passkey is ready. Use it the next time you sign in."))
}

async fn remove_passkey(State(app): State<App>, viewer: Viewer, Path(id): Path<PasskeyId>) -> Result<Response> {
    let asking = viewer.clone();
    if !app.read(move |tx| verbs::is_fresh(tx, &asking)).await? {
        return Ok(sign_in_again("/account"));
    }
    app.write(move |tx| passkeys::remove(tx, &viewer, id)).await?;
    Ok(Go::to("/account").saying("That passkey no longer signs in.").into_response())
}
