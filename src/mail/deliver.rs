//! Takes letters to the mail server: claims a few, speaks to the server outside any transaction, and records how it
//! went. A letter whose claim runs out unrecorded may have arrived; it goes out again with the same Message-ID, and
//! only so often.

use super::letter::{Due, Ended, Invitation, Next, Written};
use super::smtp::{Conversation, Server};
use super::sql;
use crate::app::{App, Tx};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::refused;
use chiron_store::Timestamp;
use futures_util::StreamExt;
use jiff::SignedDuration;
use lettre::message::header::ContentType;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, Message, MultiPart, SinglePart};
#[cfg(test)]
use std::sync::Arc;
use std::sync::{Mutex, PoisonError};

/// Letters claimed at a time, and how many of them are on their way at once.
const BATCH: i64 = 8;
const AT_ONCE: usize = 4;
/// Longer than the conversations of a batch can take.
const CLAIM: SignedDuration = SignedDuration::from_mins(5);
/// A server that could not be spoken to is left alone for so long.
const REST: SignedDuration = SignedDuration::from_mins(1);

/// How letters leave this place.
#[derive(Clone)]
pub enum Post {
    /// They wait: no mail is configured.
    Nowhere,
    Smtp(Server),
    /// What a story's mail server would have been given.
    #[cfg(test)]
    Remembered(Arc<Mutex<Vec<Remembered>>>),
}

#[cfg(test)]
#[derive(Debug, Clone)]
pub struct Remembered {
    pub to: String,
    pub raw: Vec<u8>,
}

/// What is kept in memory about the way out: the way itself, read from the configuration once, and until when the
/// server is left alone.
#[derive(Default)]
pub struct WayOut {
    post: Mutex<Option<Post>>,
    resting_until: Mutex<Option<Timestamp>>,
}

impl WayOut {
    pub fn post(&self, config: &Config) -> Post {
        let mut post = self.post.lock().unwrap_or_else(PoisonError::into_inner);
        post.get_or_insert_with(|| match configured(config) {
            Ok(Some(server)) => Post::Smtp(server),
            Ok(None) => Post::Nowhere,
            Err(e) => {
                tracing::error!("{e}; letters wait");
                Post::Nowhere
            }
        })
        .clone()
    }
    #[cfg(test)]
    pub fn set(&self, post: Post) {
        *self.post.lock().unwrap_or_else(PoisonError::into_inner) = Some(post);
    }
    fn rests(&self, now: Timestamp) -> bool {
        self.resting_until.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|until| now < until)
    }
    fn rest(&self, until: Timestamp) {
        *self.resting_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(until);
    }
    /// Someone asked to try again now.
    pub fn wake(&self) {
        *self.resting_until.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// The mail server of the configuration, if there is one. `chiron serve` asks once at start, so that a wrong setting
/// is said there.
pub fn configured(config: &Config) -> Result<Option<Server>> {
    let from_file = match &config.smtp_file {
        Some(file) => Some(
            std::fs::read_to_string(file)
                .map_err(|e| Error::broken(format!("the file {} (CHIRON_SMTP_FILE) cannot be read: {e}", file.display())))?,
        ),
        None => None,
    };
    match config.smtp.as_deref().or(from_file.as_deref()).map(str::trim).filter(|s| !s.is_empty()) {
        Some(setting) => {
            sender(config)?;
            let server = Server::of(setting)?;
            let Some(file) = &config.mail_ca_file else { return Ok(Some(server)) };
            let pem = std::fs::read(file)
                .map_err(|e| Error::broken(format!("the file {} (CHIRON_MAIL_CA_FILE) cannot be read: {e}", file.display())))?;
            server.trusting(&pem).map(Some)
        }
        None => Ok(None),
    }
}

fn sender(config: &Config) -> Result<Mailbox> {
    config.mail_from.parse().map_err(|_| {
        Error::broken(format!("the sender {} (CHIRON_MAIL_FROM) is not an address such as “Chiron <chiron@example.org>”", config.mail_from))
    })
}

/// Whether letters can leave at all.
pub fn leaves(tx: &Tx) -> bool {
    !matches!(tx.memory::<WayOut>().post(tx.config()), Post::Nowhere)
}

pub fn due(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    Ok(leaves(tx) && !tx.memory::<WayOut>().rests(now) && sql::any_due(tx)?)
}

pub async fn deliver(app: App) -> Result<usize> {
    let post = app.memory::<WayOut>().post(&app.config);
    if matches!(post, Post::Nowhere) {
        return Ok(0);
    }
    let letters = app.write(|tx| claim(tx, BATCH)).await?;
    let done = letters.len();
    let mut on_their_way = futures_util::stream::iter(letters)
        .map(|letter| {
            let (app, post) = (app.clone(), post.clone());
            async move {
                if *app.stopping.borrow() {
                    // Not begun, so there is no doubt about it: it goes back as it was.
                    return app.write(move |tx| sql::put_back(tx, letter.id)).await;
                }
                let said = take(&app, &post, &letter).await;
                if !said.reached && said.ended == Ended::Later {
                    app.memory::<WayOut>().rest(app.now() + REST);
                }
                app.write(move |tx| record(tx, &letter, &said)).await
            }
        })
        .buffer_unordered(AT_ONCE);
    while let Some(recorded) = on_their_way.next().await {
        recorded?;
    }
    Ok(done)
}

pub fn claim(tx: &mut Tx, most: i64) -> Result<Vec<Due>> {
    let until = tx.now() + CLAIM;
    sql::claim(tx, until, most)
}

fn record(tx: &mut Tx, letter: &Due, said: &Conversation) -> Result<()> {
    let doubts = letter.doubts + i64::from(said.ended == Ended::InDoubt);
    match letter.after(said.ended, tx.now()) {
        Next::Sent => sql::sent(tx, letter.id),
        Next::TryAt(at) => sql::try_again_at(tx, letter.id, at, doubts, &said.text),
        Next::GiveUp => {
            tracing::warn!(letter = %letter.id, "a letter was given up; /place/outbox shows why");
            sql::give_up(tx, letter.id, doubts, &said.text)
        }
    }
}

async fn take(app: &App, post: &Post, letter: &Due) -> Conversation {
    let message = match message(app, letter) {
        Ok(message) => message,
        Err(e) => return Conversation::ended(Ended::Never, &format!("(not sent: {e})")),
    };
    match post {
        Post::Nowhere => Conversation::ended(Ended::Later, "(no mail is configured)"),
        Post::Smtp(server) => server.deliver(&app.config.host(), message.envelope(), &message.formatted()).await,
        #[cfg(test)]
        Post::Remembered(all) => {
            let remembered = Remembered { to: letter.to_address.clone(), raw: message.formatted() };
            all.lock().unwrap_or_else(PoisonError::into_inner).push(remembered);
            Conversation::ended(Ended::Taken, "")
        }
    }
}

/// The letter as it goes over the wire. The library folds and encodes headers; that none of them breaks is tested on
/// the bytes.
fn message(app: &App, letter: &Due) -> Result<Message> {
    let body = letter.body.as_ref().ok_or_else(|| Error::broken("its words are gone"))?;
    let written: Written = serde_json::from_slice(&app.seal.open(body)?)?;
    let address = letter.to_address.parse().map_err(|_| Error::broken("this is not an address that mail can be sent to"))?;
    let name = Some(written.to_name).filter(|n| !n.is_empty());
    let made = std::time::UNIX_EPOCH + std::time::Duration::from_micros(letter.made_at.as_micros().max(0).unsigned_abs());
    let mut message = Message::builder()
        .from(sender(&app.config)?)
        .to(Mailbox::new(name, address))
        .subject(written.subject)
        .date(made)
        .message_id(Some(letter.message_id.clone()))
        .raw_header(header("Auto-Submitted", "auto-generated")?);
    if let Some(reply_to) = written.reply_to {
        message = message.reply_to(reply_to.parse().map_err(Error::broken)?);
    }
    if let Some(stop) = written.unsubscribe {
        message = message
            .raw_header(header("List-Unsubscribe", &format!("<{stop}>"))?)
            .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")?);
    }
    let words = MultiPart::alternative_plain_html(written.text, written.html);
    let whole = match written.invitation {
        None => words,
        // Some programs look for the calendar among the forms of the letter, others among what is attached.
        Some(Invitation { method, calendar }) => {
            let kind = format!("text/calendar; charset=utf-8; method={method}").parse::<ContentType>().map_err(Error::broken)?;
            let file = "application/ics".parse::<ContentType>().map_err(Error::broken)?;
            let for_calendars = SinglePart::builder().header(kind).body(calendar.clone());
            MultiPart::mixed()
                .multipart(words.singlepart(for_calendars))
                .singlepart(Attachment::new("invite.ics".into()).body(calendar, file))
        }
    };
    message.multipart(whole).map_err(Error::broken)
}

fn header(name: &'static str, value: &str) -> Result<HeaderValue> {
    let name = HeaderName::new_from_ascii(name.to_owned()).map_err(Error::broken)?;
    Ok(HeaderValue::new(name, value.to_owned()))
}

/// Speaks to the mail server about one test letter, outside the outbox, and gives back what was said.
pub async fn test(app: &App, address: &str) -> Result<(bool, String)> {
    let Post::Smtp(server) = app.memory::<WayOut>().post(&app.config) else {
        return Ok((false, "No mail is configured: set CHIRON_SMTP or CHIRON_SMTP_FILE.\n".into()));
    };
    let to: Mailbox = address.parse().map_err(|_| refused!("This is not an address that mail can be sent to."))?;
    let id = app.chance.id(app.now()).simple().to_string();
    let message = Message::builder()
        .from(sender(&app.config)?)
        .to(to)
        .subject(format!("A test letter from {}", app.place().name))
        .date(std::time::UNIX_EPOCH + std::time::Duration::from_micros(app.now().as_micros().unsigned_abs()))
        .message_id(Some(format!("<{id}@{}>", app.config.host())))
        .raw_header(header("Auto-Submitted", "auto-generated")?)
        .body(format!("If you can read this, letters from {} arrive.\n", app.place().name))
        .map_err(Error::broken)?;
    let said = server.deliver(&app.config.host(), message.envelope(), &message.formatted()).await;
    Ok((said.ended == Ended::Taken, said.text))
}
