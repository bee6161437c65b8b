//! The web's edge: who is looking, what a route needs, the frame around every page, and the headers on every answer.

use crate::app::{App, Tx};
use crate::error::{Broken, Error, RefusalKind, Result};
use crate::form::Form;
use crate::page::{self, Button, Face, Frame, FrameViewer, Section, Toast, Tone};
use crate::slices::{Needs, Routes};
use crate::viewer::{LastSeen, Office, Via, Viewer};
use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header, request::Parts};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use maud::{Markup, html};
use sha2::{Digest, Sha256};
use std::net::{IpAddr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::time::Duration;

/// A page without its frame: the frame is put around it on the way out, where it is known who looks.
pub struct Page {
    pub title: String,
    pub section: Section,
    pub state: StatusCode,
    pub body: Markup,
    /// Anyone may see it and it is the same for all: it may be kept by caches and found by search engines.
    pub shared: Option<Indexing>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indexing {
    Allowed,
    Refused,
}

impl Page {
    pub fn new(title: impl Into<String>, section: Section, body: Markup) -> Self {
        Self { title: title.into(), section, state: StatusCode::OK, body, shared: None }
    }
    /// A form that came back with something to mend.
    #[must_use]
    pub fn to_mend(mut self) -> Self {
        self.state = StatusCode::UNPROCESSABLE_ENTITY;
        self
    }
    /// The answer to this form, which may have something to mend, or may have come too late.
    #[must_use]
    pub fn answering(self, form: &Form) -> Self {
        match form.refusal().map(|refusal| refusal.kind) {
            Some(RefusalKind::Conflict) => Self { state: StatusCode::CONFLICT, ..self },
            _ if form.is_good() => self,
            _ => self.to_mend(),
        }
    }
    #[must_use]
    pub fn shared(mut self, indexing: Indexing) -> Self {
        self.shared = Some(indexing);
        self
    }
}

/// Carries a page through the response, to where the frame is drawn.
#[derive(Clone)]
struct Unframed(std::sync::Arc<Page>);

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut response = self.state.into_response();
        response.extensions_mut().insert(Unframed(std::sync::Arc::new(self)));
        response
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (state, title, words) = match &self {
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "There is nothing here".to_owned(),
                "It may have been moved or taken back, or it is not yours to see.".to_owned(),
            ),
            Self::Refused(refusal) => {
                let state = match refusal.kind {
                    RefusalKind::Rule => StatusCode::UNPROCESSABLE_ENTITY,
                    RefusalKind::NotAgreed => StatusCode::FORBIDDEN,
                    RefusalKind::Conflict => StatusCode::CONFLICT,
                    RefusalKind::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
                    RefusalKind::Busy => StatusCode::SERVICE_UNAVAILABLE,
                };
                let title = if refusal.kind == RefusalKind::NotAgreed { "That was not agreed" } else { "That did not go through" };
                (state, title.to_owned(), refusal.sentence.clone())
            }
            // Full or away for a while: what was sent changed nothing, and the log says why to whoever runs the place.
            Self::Broken(Broken::Store(e)) if e.is_passing() => {
                let words = match e {
                    chiron_store::Error::Busy => {
                        "More is being asked of this place than it can do at once. Nothing was changed; please try again in a few seconds."
                    }
                    chiron_store::Error::Unsure => {
                        "The database went away in the middle of this. Please look whether it was saved before you send it again."
                    }
                    _ => {
                        "This place cannot save anything just now. Nothing was changed, and what you typed is still here when you go back; please try again in a minute."
                    }
                };
                if !matches!(e, chiron_store::Error::Busy) {
                    tracing::error!("{e}");
                }
                (StatusCode::SERVICE_UNAVAILABLE, "A moment, please".to_owned(), words.to_owned())
            }
            Self::Broken(_) => {
                let reference = reference(&self);
                tracing::error!(reference, "{self}");
                #[cfg(test)]
                println!("broken: {self}");
                (
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "Something broke on our side".to_owned(),
                    format!(
                        "Nothing of what you did was half-saved. If it happens again, please tell whoever runs this place the reference {reference}."
                    ),
                )
            }
        };
        let body = page::sorry(&title, &words, &html! { (Button::secondary("Back to the start").href("/")) });
        let mut response = Page { state, ..Page::new(title, Section::None, body) }.into_response();
        let wait = match &self {
            Self::Refused(refusal) => match refusal.kind {
                RefusalKind::TooOften(seconds) => Some(seconds),
                RefusalKind::Busy => Some(5),
                _ => None,
            },
            _ if state == StatusCode::SERVICE_UNAVAILABLE => Some(5),
            _ => None,
        };
        if let Some(seconds) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// A short word for a failure, the same for the same failure, so that a log line can be found from what a person reads.
fn reference(error: &Error) -> String {
    data_encoding::BASE32_NOPAD.encode(&Sha256::digest(error.to_string().as_bytes())[..5]).to_lowercase()
}

/// Goes to another page of ours after something was done, with a sentence to show there.
pub struct Go {
    to: String,
    said: Option<String>,
}

impl Go {
    pub fn to(path: impl Into<String>) -> Self {
        Self { to: path.into(), said: None }
    }
    #[must_use]
    pub fn saying(mut self, sentence: impl Into<String>) -> Self {
        self.said = Some(sentence.into());
        self
    }
}

impl IntoResponse for Go {
    fn into_response(self) -> Response {
        let to = HeaderValue::from_str(&self.to).unwrap_or(HeaderValue::from_static("/"));
        let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response();
        if let Some(said) = self.said {
            let said: String = url::form_urlencoded::byte_serialize(said.as_bytes()).collect();
            set_cookie(&mut response, SAID, &said, 60, false);
        }
        response
    }
}

const SAID: &str = "chiron_said";

/// Sets a cookie for all of this place that scripts cannot read; for no seconds, takes it away. The value is ours and
/// holds only characters that need no quoting.
fn set_cookie(response: &mut Response, name: &str, value: &str, seconds: i64, secure: bool) {
    let secure = if secure { "; Secure" } else { "" };
    if let Ok(cookie) = HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}")) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// The value of a cookie of a request.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(n, _)| *n == name)
        .map(|(_, v)| v.to_owned())
}

/// What the login cookie is called: with the `__Host-` prefix, which browsers bind to this host over TLS, where there is TLS.
pub fn login_cookie_name(app: &App) -> &'static str {
    if app.config.is_https() { "__Host-chiron" } else { "chiron" }
}

/// Puts a login's token into its cookie; for no seconds, takes it away.
pub fn set_login_cookie(response: &mut Response, app: &App, token: &str, seconds: i64) {
    set_cookie(response, login_cookie_name(app), token, seconds, app.config.is_https());
}

/// Tokens are kept as hashes, so that a copy of the database signs nobody in.
pub fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// A path of ours to go on to, or `/` when what was asked for is anything else: never another host.
pub fn safe_next(next: &str) -> &str {
    let ours = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(['\\', '\n', '\r', '\t', '@'])
        && !next.to_lowercase().contains("%2f%2f");
    if ours && !next.chars().any(char::is_control) { next } else { "/" }
}

/// Who looks, when anyone is signed in.
#[derive(Clone)]
struct Looking(Option<Viewer>);

impl FromRequestParts<App> for Viewer {
    type Rejection = Response;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Response> {
        let looking = parts.extensions.get::<Looking>().and_then(|l| l.0.clone());
        looking.ok_or_else(|| sign_in_first(&parts.method, &parts.uri, &parts.headers))
    }
}

/// The viewer where a page is for everyone.
#[derive(Clone)]
pub struct MaybeViewer(pub Option<Viewer>);
impl FromRequestParts<App> for MaybeViewer {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.extensions.get::<Looking>().and_then(|l| l.0.clone())))
    }
}

/// Where the request came from: the peer's address, or what a trusted proxy says of it.
#[derive(Debug, Clone, Copy)]
pub struct From(pub IpAddr);
impl FromRequestParts<App> for From {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        Ok(Self(client_address(parts, app)))
    }
}

fn client_address(parts: &Parts, app: &App) -> IpAddr {
    let peer = parts.extensions.get::<axum::extract::ConnectInfo<SocketAddr>>().map_or(IpAddr::from([127, 0, 0, 1]), |c| c.0.ip());
    if !app.config.trusted_proxies.contains(&peer) {
        return peer;
    }
    // The last address that is not a proxy of ours: everything before it is the client's own word.
    let told = parts.headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(','));
    let told: Vec<IpAddr> = told.filter_map(|a| a.trim().parse().ok()).collect();
    told.into_iter().rev().find(|a| !app.config.trusted_proxies.contains(a)).unwrap_or(peer)
}

/// Stands in front of every handler. Deny by default: a route says what it needs, or does not exist.
pub async fn gate(needs: Needs, req: Request, next: Next) -> Response {
    let viewer = req.extensions().get::<Looking>().and_then(|l| l.0.as_ref());
    let allowed = match needs {
        Needs::Nothing | Needs::Letter => Ok(()),
        Needs::SignedIn | Needs::Deed(_) => viewer.map(|_| ()).ok_or(true),
        Needs::Office(office) => match viewer {
            None => Err(true),
            Some(v) if v.administers() || (office == Office::Coordinator && v.coordinates()) => Ok(()),
            Some(_) => Err(false),
        },
    };
    match allowed {
        Ok(()) => {
            let response = next.run(req).await;
            // Only a part of the path that is no id answers like this: nothing is there, and that is said on a page.
            if response.status() == StatusCode::BAD_REQUEST { Error::NotFound.into_response() } else { response }
        }
        Err(true) => keeping_what_was_sent(req).await,
        // “Not yours” answers as “not found”.
        Err(false) => Error::NotFound.into_response(),
    }
}

/// Whether a page that is open already asks for a part of itself, and nobody has gone anywhere.
pub fn by_open_page(headers: &HeaderMap) -> bool {
    headers.contains_key("hx-request")
}

fn sign_in_first(method: &Method, uri: &Uri, headers: &HeaderMap) -> Response {
    if by_open_page(headers) {
        // No place within a page is one to sign in at: it stays as it is, and the next press leads there.
        return (StatusCode::UNAUTHORIZED, [("hx-reswap", "none")]).into_response();
    }
    if method.is_safe() {
        let path = uri.path_and_query().map_or("/", |p| p.as_str());
        let next: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
        return Go::to(format!("/sign-in?next={next}")).into_response();
    }
    please_sign_in(None)
}

/// What was sent after the sign-in had ended comes back whole, to be sent again from the page that says so: what browsers
/// keep of a form one goes back to is theirs to say. Passwords are not written into a page, and files cannot be.
async fn keeping_what_was_sent(req: Request) -> Response {
    if req.method().is_safe() || by_open_page(req.headers()) {
        return sign_in_first(req.method(), req.uri(), req.headers());
    }
    let there = req.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    let form = match Form::from_request(req, &()).await {
        Ok(form) => form,
        Err(e) => return e.into_response(),
    };
    please_sign_in(Some(&html! {
        form method="post" action=(there) {
            @for (name, value) in form.fields().iter().filter(|(name, _)| !name.contains("password")) { input type="hidden" name=(name) value=(value); }
            (Button::secondary("Send it again"))
        }
    }))
}

fn please_sign_in(again: Option<&Markup>) -> Response {
    let title = "Please sign in first";
    let words = match again {
        Some(_) => {
            "Your sign-in on this device has ended, so nothing was changed. Sign in in another tab, then send this again from here: everything you wrote is kept on this page."
        }
        None => "Your sign-in on this device has ended, so nothing was changed. Sign in, then try once more.",
    };
    let body = page::sorry(
        title,
        words,
        &html! {
            a.button.primary href="/sign-in" target="_blank" { "Sign in" }
            @if let Some(again) = again { (again) }
        },
    );
    Page { state: StatusCode::UNAUTHORIZED, ..Page::new(title, Section::None, body) }.into_response()
}

/// Finds out who looks, once a request.
async fn look(State(app): State<App>, mut req: Request, next: Next) -> Response {
    // No name of anything here holds this, and no text in the database can.
    if req.uri().path().contains("%00") {
        return framed(&app, None, req.headers(), Error::NotFound.into_response());
    }
    let token = cookie(req.headers(), login_cookie_name(&app));
    let viewer = match token {
        None => None,
        Some(token) => {
            let hash = token_hash(&token);
            match app.read(move |tx| Viewer::of_login(tx, &hash)).await {
                Ok(viewer) => viewer,
                Err(e) => return framed(&app, None, &HeaderMap::new(), e.into_response()),
            }
        }
    };
    if let Some(Viewer { via: Via::Login(login), .. }) = viewer {
        app.memory::<LastSeen>().note(login, app.now());
    }
    let headers = req.headers().clone();
    req.extensions_mut().insert(Looking(viewer.clone()));
    let response = match open_before_set_up(req.uri().path()) || is_set_up(&app).await {
        // Without this the connection would end without a word to whoever sent the request.
        true => match AssertUnwindSafe(next.run(req)).catch_unwind().await {
            Ok(response) => response,
            Err(_) => Error::broken("a page panicked; the line before says where").into_response(),
        },
        false => not_set_up(req.method()),
    };
    framed(&app, viewer.as_ref(), &headers, response)
}

/// What answers in a place that nobody has set up yet.
fn open_before_set_up(path: &str) -> bool {
    ["/healthz", "/readyz", "/dev/components"].contains(&path) || path.starts_with("/set-up/")
}

/// Looks again while it is not: another node of the same place may have been asked to.
async fn is_set_up(app: &App) -> bool {
    if !app.place().set_up && app.refresh_place().await.is_err() {
        return false;
    }
    app.place().set_up
}

fn not_set_up(method: &Method) -> Response {
    let body = html! {
        h1 { "This place is not set up yet" }
        p { "Whoever started it finds a link in the terminal, or in the log of the service. It opens a short page, and then the doors are open." }
    };
    let state = if method == Method::GET { StatusCode::OK } else { StatusCode::CONFLICT };
    Page { state, ..Page::new("Not set up yet", Section::None, body) }.into_response()
}

/// Puts the frame around a page and says who may keep it.
fn framed(app: &App, viewer: Option<&Viewer>, asked: &HeaderMap, mut response: Response) -> Response {
    let Some(Unframed(page)) = response.extensions_mut().remove::<Unframed>() else {
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        return response;
    };
    // What is to be said waits for the page that its reader goes to.
    let said = if by_open_page(asked) { None } else { cookie(asked, SAID) };
    let said = said.and_then(|s| url::form_urlencoded::parse(s.as_bytes()).next().map(|(k, _)| k.into_owned()));
    let place = app.place();
    let frame = Frame {
        place: place.name.clone(),
        section: page.section,
        viewer: viewer.map(|v| FrameViewer {
            face: Face::new(v.name.clone(), v.photo.as_ref().map(|p| format!("/photos/{p}")), v.person.to_string()),
            unread: v.unread.max(0) as u64,
            desks: desks(v),
        }),
        toast: said.clone().map(Toast::said),
        ..Frame::default()
    };
    let body = page::shell(&frame, &page.title, &page.body).into_string();
    let mut headers = std::mem::take(response.headers_mut());
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::VARY, HeaderValue::from_static("cookie, hx-request"));
    let indexing = page.shared;
    if indexing != Some(Indexing::Allowed) {
        headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    }
    if indexing.is_some() && viewer.is_none() && said.is_none() && page.state == StatusCode::OK {
        // Whether it may be listed is a header, which whoever holds the same words already would not hear of otherwise.
        let listed = if indexing == Some(Indexing::Allowed) { "-listed" } else { "" };
        let tag = format!("\"{}{listed}\"", data_encoding::HEXLOWER.encode(&Sha256::digest(body.as_bytes())[..12]));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        let known = asked
            .get(header::IF_NONE_MATCH)
            .and_then(|v| v.to_str().ok())
            .is_some_and(|v| v.split(',').any(|t| t.trim().trim_start_matches("W/") == tag));
        if let Ok(value) = HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, value);
        }
        if known {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
    } else {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    let mut response = (page.state, headers, body).into_response();
    if said.is_some() {
        set_cookie(&mut response, SAID, "", 0, false);
    }
    response
}

fn desks(viewer: &Viewer) -> Vec<(String, String)> {
    let mut desks = Vec::new();
    if viewer.coordinates() {
        desks.push(("Skills".into(), "/skills".into()));
        desks.push(("How it goes".into(), "/pulse".into()));
        desks.push(("How far goals come".into(), "/growth/all".into()));
    }
    if viewer.administers() {
        desks.push(("This place".into(), "/place".into()));
    }
    desks
}

/// What a form gets that another site sent, and also one that came through a proxy which hides the address people type.
const FORGED: &str = "This form did not come from a page of this place, so nothing was changed. Open the page again and send it from there.\nIf you run this place and see this on your own pages: CHIRON_PUBLIC_URL has to be the address that people type.\n";

/// Headers that every answer carries.
async fn guard(State(app): State<App>, req: Request, next: Next) -> Response {
    let mut response = next.run(req).await;
    if response.status() == StatusCode::FORBIDDEN && !response.headers().contains_key(header::CONTENT_TYPE) {
        // The layer against forged forms answers with nothing; we ourselves never say “forbidden”.
        response = (StatusCode::FORBIDDEN, FORGED).into_response();
    }
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    for (name, value) in [
        (
            "content-security-policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
        ),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if app.config.is_https() {
        headers.insert("strict-transport-security", HeaderValue::from_static("max-age=63072000; includeSubDomains"));
    }
    response
}

/// How long an answer may take, beside the time that the body of its request needs to arrive.
const ANSWER: Duration = Duration::from_secs(30);
/// How long nothing of a body may arrive, and how many bytes a second it comes with at least: a photo from a train gets
/// here, and nobody holds a connection for little.
const PAUSE: Duration = Duration::from_secs(10);
const SLOWEST: u64 = 8 << 10;

/// How long we wait for the answer to a request whose body says it is so large.
fn patience(body: u64) -> Duration {
    ANSWER + Duration::from_secs(body.min(LARGEST_BODY as u64) / SLOWEST)
}

/// Ends what takes too long, with a page that says so.
async fn patient(State(app): State<App>, req: Request, next: Next) -> Response {
    let patience = patience(axum::body::HttpBody::size_hint(req.body()).exact().unwrap_or(0));
    match tokio::time::timeout(patience, next.run(req)).await {
        Ok(response) => response,
        Err(_) => {
            let words = "This took longer than this place waits for anything. Please look whether it was saved before you send it again.";
            framed(&app, None, &HeaderMap::new(), Error::refused("slow", RefusalKind::Busy, words.into()).into_response())
        }
    }
}

/// Largest body of a request: a photo as a phone takes it.
pub const LARGEST_BODY: usize = 12 << 20;

/// All routes of all slices behind all layers.
pub fn router(app: &App) -> axum::Router {
    let mut router = health().router.merge(crate::live::routes().router);
    for slice in app.slices {
        router = router.merge((slice.routes)().router);
    }
    let csrf = tower_http::csrf::CsrfLayer::new();
    let csrf = match csrf.clone().add_trusted_origin(app.config.url()) {
        Ok(csrf) => csrf,
        Err(_) => csrf,
    };
    router
        .fallback(|| async { Error::NotFound })
        .method_not_allowed_fallback(|| async { Error::NotFound })
        .layer(axum::middleware::from_fn_with_state(app.clone(), look))
        .layer(axum::extract::DefaultBodyLimit::max(LARGEST_BODY))
        .layer(csrf)
        .layer(tower_http::timeout::RequestBodyTimeoutLayer::new(PAUSE))
        .layer(axum::middleware::from_fn_with_state(app.clone(), patient))
        .layer(tower_http::compression::CompressionLayer::new().quality(tower_http::CompressionLevel::Fastest))
        .merge(crate::assets::router())
        .layer(axum::middleware::from_fn_with_state(app.clone(), guard))
        .with_state(app.clone())
}

/// The table of routes with what each needs, as the slices declare it.
pub fn route_table(slices: &[&crate::slices::Slice]) -> Vec<(&'static str, &'static str, Needs)> {
    health().table.into_iter().chain(crate::live::routes().table).chain(slices.iter().flat_map(|s| (s.routes)().table)).collect()
}

/// Routes that belong to no noun: is it alive, is it ready.
pub fn health() -> Routes {
    Routes::new()
        .get("/dev/components", Needs::Nothing, crate::components::show)
        .get("/healthz", Needs::Nothing, || async { "alive\n" })
        .get("/readyz", Needs::Nothing, |State(app): State<App>| async move {
            match app.read(|tx| Ok(tx.opt::<(i64,)>(chiron_store::sql!("select count(*) from settings"), &[])?)).await {
                _ if *app.stopping.borrow() => (StatusCode::SERVICE_UNAVAILABLE, "stopping\n"),
                Ok(_) => (StatusCode::OK, "ready\n"),
                Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
            }
        })
}

/// What is to be mended, above a form that came back.
pub fn mend(form: &Form) -> Markup {
    html! {
        @if let Some(refusal) = form.refusal() {
            div role="alert" tabindex="-1" data-focus autofocus { (page::banner(Tone::Amber, &refusal.sentence, None)) }
        }
        (page::error_summary(form.errors()))
    }
}

/// Does what a form asks for and goes on from there. When something is to be mended, or a rule says no, the page is
/// shown again with everything that was typed.
pub async fn does<T, Again>(
    app: &App,
    form: Form,
    act: impl FnMut(&mut Tx) -> Result<T> + Send + 'static,
    then: impl FnOnce(T) -> Go,
    again: impl FnOnce(Form) -> Again,
) -> Result<Response>
where
    T: Send + 'static,
    Again: Future<Output = Result<Page>>,
{
    let form = if form.is_good() {
        match app.write(act).await {
            Ok(done) => return Ok(then(done).into_response()),
            Err(Error::Refused(refusal)) => form.refused(refusal),
            Err(e) => return Err(e),
        }
    } else {
        form
    };
    Ok(again(form).await?.into_response())
}

#[cfg(test)]
mod hostile {
    #[cfg(debug_assertions)]
    mod mishaps;
    mod stories;
}
#[cfg(test)]
mod stories;
