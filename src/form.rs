//! What a person typed, kept as typed, with what was wrong with it field by field, and with what the rules said to the
//! whole of it, so that nothing is ever lost.

use crate::app::Chance;
use crate::error::{Error, Refusal, RefusalKind, Result};
use axum::RequestExt;
use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request};
use chiron_store::Timestamp;
use futures_util::StreamExt;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::str::FromStr;

#[derive(Debug, Clone, Default)]
pub struct Form {
    fields: Vec<(String, String)>,
    files: Vec<(String, Upload)>,
    errors: BTreeMap<String, String>,
    refusal: Option<Box<Refusal>>,
}

/// A file as it was sent. Its name and declared type are the sender's words and are not kept.
#[derive(Debug, Clone)]
pub struct Upload {
    pub bytes: bytes::Bytes,
}

const MOST_FIELDS: usize = 500;

impl Form {
    pub fn of<K: Into<String>, V: Into<String>>(fields: impl IntoIterator<Item = (K, V)>) -> Self {
        Self { fields: fields.into_iter().map(|(k, v)| (k.into(), clean(&v.into()))).collect(), ..Self::default() }
    }
    pub fn of_query(query: Option<&str>) -> Self {
        Self::of(url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()).take(MOST_FIELDS))
    }

    /// The value as typed; empty when the field was not sent. When a field was sent twice, the first counts.
    pub fn value(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }
    /// Every value of a field that may be chosen several times.
    pub fn values(&self, name: &str) -> Vec<&str> {
        self.fields.iter().filter(|(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.as_str()).collect()
    }
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(n, _)| n == name)
    }
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
    /// Whether a box was ticked.
    pub fn ticked(&self, name: &str) -> bool {
        matches!(self.value(name), "on" | "yes" | "true" | "1")
    }
    pub fn file(&self, name: &str) -> Option<&Upload> {
        self.files.iter().find(|(n, u)| n == name && !u.bytes.is_empty()).map(|(_, u)| u)
    }
    /// Every file of a field that takes several.
    pub fn files(&self, name: &str) -> impl Iterator<Item = &Upload> {
        self.files.iter().filter(move |(n, u)| n == name && !u.bytes.is_empty()).map(|(_, u)| u)
    }
    /// Fields as they were sent, for a page that carries them along.
    pub fn fields(&self) -> &[(String, String)] {
        &self.fields
    }
    /// Tells what is in the fields from whatever else could be in them.
    pub fn mark(&self) -> String {
        let parts = self.fields.iter().flat_map(|(name, value)| [name, value]);
        let sum = parts.fold(Sha256::new(), |sum, part| sum.chain_update(part).chain_update([0])).finalize();
        data_encoding::HEXLOWER.encode(&sum[..16])
    }
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.fields.retain(|(n, _)| n != name);
        self.fields.push((name.into(), value.into()));
    }
    pub fn push(&mut self, name: &str, value: impl Into<String>) {
        self.fields.push((name.into(), value.into()));
    }

    /// Says what is wrong with a field; the first thing said stays.
    pub fn refuse(&mut self, name: &str, sentence: impl Into<String>) {
        self.errors.entry(name.into()).or_insert_with(|| sentence.into());
    }
    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors.get(name).map(String::as_str)
    }
    pub fn errors(&self) -> impl Iterator<Item = (&str, &str)> {
        self.errors.iter().map(|(n, e)| (n.as_str(), e.as_str()))
    }
    pub fn is_good(&self) -> bool {
        self.errors.is_empty() && self.refusal.is_none()
    }
    /// Keeps what the rules said to the whole of it.
    #[must_use]
    pub fn refused(mut self, refusal: Box<Refusal>) -> Self {
        self.refusal = Some(refusal);
        self
    }
    pub fn refusal(&self) -> Option<&Refusal> {
        self.refusal.as_deref()
    }
    /// Puts what a rule said beside the field it is about. `None` when it did.
    pub fn beside<T>(&mut self, name: &str, done: Result<T>) -> Result<Option<T>> {
        match done {
            Ok(value) => Ok(Some(value)),
            Err(Error::Refused(refusal)) if refusal.kind == RefusalKind::Rule => {
                self.refuse(name, refusal.sentence);
                Ok(None)
            }
            Err(e) => Err(e),
        }
    }

    /// A text that must be there, at most so many characters.
    pub fn text(&mut self, name: &str, most: usize) -> String {
        let text = self.maybe_text(name, most);
        if text.is_empty() {
            self.refuse(name, "Please fill this in.");
        }
        text
    }
    /// A text that may be empty, at most so many characters.
    pub fn maybe_text(&mut self, name: &str, most: usize) -> String {
        let text = self.value(name).trim().to_owned();
        let long = text.chars().count();
        if long > most {
            self.refuse(name, format!("This is {long} characters; please keep it to {most}."));
        }
        text
    }
    /// A name to call somebody by, in single spaces.
    pub fn name(&mut self, name: &str, most: usize) -> String {
        let text = self.text(name, most).split_whitespace().collect::<Vec<_>>().join(" ");
        if !says_a_name(&text) {
            self.refuse(name, "Please write a name with letters in it, so that people can call you by it.");
        }
        text
    }
    /// The nonce by which the same form sent twice is known; without one, that is said beside a field.
    pub fn nonce(&mut self, beside: &str) -> String {
        let nonce: String = self.value("nonce").chars().take(80).collect();
        if nonce.is_empty() {
            self.refuse(beside, "This page was opened in an unusual way. Please send it once more.");
        }
        nonce
    }
    /// The nonce that a form goes out with: the one it came back with, or a new one.
    pub fn nonce_to_send(&self, chance: &Chance) -> String {
        if self.value("nonce").is_empty() { chance.token() } else { self.value("nonce").to_owned() }
    }
    /// A value of a type that parses; `None` when the field is empty or does not parse, which is then said.
    pub fn parsed<T: FromStr>(&mut self, name: &str, sentence: &str) -> Option<T> {
        let typed = self.value(name).trim();
        if typed.is_empty() {
            return None;
        }
        let parsed = typed.parse().ok();
        if parsed.is_none() {
            self.refuse(name, sentence);
        }
        parsed
    }
    /// As `parsed`, but an empty field is wrong too.
    pub fn chosen<T: FromStr>(&mut self, name: &str, sentence: &str) -> Option<T> {
        let parsed = self.parsed(name, sentence);
        if parsed.is_none() {
            self.refuse(name, sentence);
        }
        parsed
    }
    /// The beginning of a day that must be given, on a clock of that zone.
    pub fn day(&mut self, name: &str, zone: &TimeZone, sentence: &str) -> Option<Timestamp> {
        let start = self.chosen::<Date>(name, sentence)?.to_zoned(zone.clone());
        if start.is_err() {
            self.refuse(name, "Please choose another day.");
        }
        Some(start.ok()?.timestamp().into())
    }
    /// A whole number within bounds.
    pub fn number(&mut self, name: &str, bounds: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let sentence = format!("Please give a whole number from {} to {}.", bounds.start(), bounds.end());
        let number = self.parsed::<i64>(name, &sentence)?;
        if !bounds.contains(&number) {
            self.refuse(name, sentence);
            return None;
        }
        Some(number)
    }
    /// A link that is safe to show: https, http or mailto, nothing else, nothing relative.
    pub fn link(&mut self, name: &str) -> Option<String> {
        let typed = self.maybe_text(name, 500);
        if typed.is_empty() {
            return None;
        }
        match safe_link(&typed) {
            Some(url) => Some(url),
            None => {
                self.refuse(name, "Please give a whole web address that starts with https://.");
                None
            }
        }
    }
}

/// Whether somebody can be called by it: signs and pictures alone cannot be said or found.
pub fn says_a_name(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

/// A web address that is safe to put behind a link, or nothing.
pub fn safe_link(typed: &str) -> Option<String> {
    if typed.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        return None;
    }
    let url = url::Url::parse(typed).ok()?;
    let good = match url.scheme() {
        "https" | "http" => url.host_str().is_some_and(|h| !h.is_empty()) && url.username().is_empty() && url.password().is_none(),
        "mailto" => true,
        _ => false,
    };
    good.then(|| url.to_string())
}

/// Takes out what no text of ours may hold: NUL and other controls (PostgreSQL refuses NUL), and settles line ends.
fn clean(typed: &str) -> String {
    typed.replace("\r\n", "\n").chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Error;

    async fn from_request(req: Request, state: &S) -> Result<Self> {
        match arriving(req, state).await? {
            (form, None) => Ok(form),
            (_, Some((_, e))) => Err(e),
        }
    }
}

/// A form as far as it arrived: what is too large to be sent is told at its field, and all that came before it is kept.
pub struct AsFar(pub Form);

impl<S: Send + Sync> FromRequest<S> for AsFar {
    type Rejection = Error;

    async fn from_request(req: Request, state: &S) -> Result<Self> {
        let (req, whole) = up_to_the_limit(req).await;
        match (arriving(req, state).await, whole) {
            (Ok((form, None)), true) => Ok(Self(form)),
            (Ok((mut form, Some((field, _)))), false) => {
                form.refuse(&field, "This is larger than the 12 MB that can be sent at once. Please choose a smaller one.");
                Ok(Self(form))
            }
            (Ok((_, Some((_, e)))) | Err(e), true) => Err(e),
            (_, false) => Err(too_large()),
        }
    }
}

/// A request with as much of its body as it may have, and whether that is all of it. A reader of parts reads ahead, and
/// what is too large would end it before the first of them.
async fn up_to_the_limit(req: Request) -> (Request, bool) {
    let (head, body) = req.with_limited_body().into_parts();
    let (mut pieces, mut kept, mut whole) = (body.into_data_stream(), Vec::new(), true);
    while let Some(piece) = pieces.next().await {
        match piece {
            Ok(piece) => kept.extend_from_slice(&piece),
            Err(_) => {
                whole = false;
                break;
            }
        }
    }
    (Request::from_parts(head, Body::from(kept)), whole)
}

fn too_large() -> Error {
    Error::refused(
        "too_large",
        RefusalKind::Rule,
        "This is more than can be sent at once, which is 12 MB together. Please go back and send less, or one after the other.".into(),
    )
}

/// What arrived, and the field in which it broke off, with why.
async fn arriving<S: Send + Sync>(req: Request, state: &S) -> Result<(Form, Option<(String, Error)>)> {
    let unreadable =
        || Error::refused("unreadable_form", RefusalKind::Rule, "That did not arrive whole. Please go back and try again.".into());
    let kind = req.headers().get(axum::http::header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("multipart/form-data") {
        let bytes = bytes::Bytes::from_request(req, state).await.map_err(|_| unreadable())?;
        return Ok((Form::of(url::form_urlencoded::parse(&bytes).take(MOST_FIELDS)), None));
    }
    let mut parts = Multipart::from_request(req, state).await.map_err(|_| unreadable())?;
    let mut form = Form::default();
    // What is larger than a request may be breaks off; then the reason is worth a sentence.
    let broke_off = |e: axum::extract::multipart::MultipartError| match e.status() {
        axum::http::StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => unreadable(),
    };
    while let Some(part) = parts.next_field().await.map_err(broke_off)? {
        if form.fields.len() + form.files.len() >= MOST_FIELDS {
            return Err(unreadable());
        }
        let name = part.name().unwrap_or_default().to_owned();
        let is_file = part.file_name().is_some();
        let bytes = match part.bytes().await {
            Ok(bytes) => bytes,
            Err(e) => return Ok((form, Some((name, broke_off(e))))),
        };
        if is_file {
            form.files.push((name, Upload { bytes }));
        } else {
            form.fields.push((name, clean(&String::from_utf8_lossy(&bytes))));
        }
    }
    Ok((form, None))
}

/// The query of a GET as a form: searches and filters.
pub struct Asked(pub Form);

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Asked {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut axum::http::request::Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(Form::of_query(parts.uri.query())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_and_mail_addresses_are_links() {
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "\u{1}javascript:x",
            "//evil.example",
            "/\\evil",
            "https:\\evil",
            "ftp://x",
            "https://a:b@evil.example/",
            "java\nscript:x",
        ] {
            assert_eq!(safe_link(bad), None, "{bad}");
        }
        assert_eq!(safe_link("https://example.org/a").as_deref(), Some("https://example.org/a"));
    }

    #[test]
    fn what_was_typed_stays_when_it_is_wrong() {
        let mut form = Form::of([("headline", "x".repeat(200)), ("nul", "a\0b".into())]);
        form.maybe_text("headline", 120);
        assert_eq!(form.value("headline").len(), 200);
        assert_eq!(form.error("headline"), Some("This is 200 characters; please keep it to 120."));
        assert_eq!(form.value("nul"), "ab");
    }
}
