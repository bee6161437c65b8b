//! One conversation with a mail server, written down as it goes so that whoever runs this place can read why a letter
//! did not leave. What the letter says is never written down, nor is the password.

use super::letter::Ended;
use crate::error::{Error, Result};
use lettre::address::{Address, Envelope};
use lettre::transport::smtp::Error as Smtp;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use std::time::Duration;

/// How long one conversation may take. A server that says nothing holds up one of a few, for so long and no longer.
const PATIENCE: Duration = Duration::from_secs(30);
/// How a certificate begins in a PEM file.
const BEGINS: &[u8] = b"-----BEGIN CERTIFICATE-----";
/// Characters of a conversation that are kept.
const KEPT: usize = 4000;

/// A mail server as the setting names it: `smtps://name:password@host`, or `smtp://host:25`, which changes to TLS when
/// the server offers it and, with `?tls=required`, refuses to go on when it does not.
#[derive(Clone)]
pub struct Server {
    host: String,
    port: u16,
    tls: Tls,
    credentials: Option<(String, String)>,
    /// Authorities that are trusted beside the public ones.
    trusted: Option<Certificate>,
    patience: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tls {
    FromTheStart,
    Offered,
    Required,
}

impl Server {
    /// Reads the setting. The sentence of an error never repeats it: it may hold a password.
    pub fn of(setting: &str) -> Result<Self> {
        let wrong = |why: &str| Error::broken(format!("the mail server setting (CHIRON_SMTP) {why}"));
        let url = url::Url::parse(setting.trim()).map_err(|_| wrong("is not an address such as smtps://name:password@mail.example.org"))?;
        let required = url.query_pairs().any(|(k, v)| k == "tls" && v == "required");
        let (tls, port) = match url.scheme() {
            "smtps" => (Tls::FromTheStart, 465),
            "smtp" if required => (Tls::Required, 587),
            "smtp" => (Tls::Offered, 25),
            _ => return Err(wrong("must begin with smtp:// or smtps://")),
        };
        let host = url.host_str().filter(|h| !h.is_empty()).ok_or_else(|| wrong("names no host"))?;
        let plain = |text: &str| {
            percent(text).ok_or_else(|| wrong("has a name or a password that is not readable; write special characters as %XX"))
        };
        let credentials = match (url.username(), url.password()) {
            ("", _) => None,
            (name, password) => Some((plain(name)?, plain(password.unwrap_or_default())?)),
        };
        Ok(Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(port),
            tls,
            credentials,
            trusted: None,
            patience: PATIENCE,
        })
    }

    /// The same, trusting the authorities of a PEM file beside the public ones: for a mail server whose certificate an
    /// organisation signs for itself.
    pub fn trusting(self, pem: &[u8]) -> Result<Self> {
        let wrong = || Error::broken("the file of CHIRON_MAIL_CA_FILE holds no certificate that can be read; it should be in PEM form");
        if !pem.windows(BEGINS.len()).any(|some| some == BEGINS) {
            return Err(wrong());
        }
        let trusted = Certificate::from_pem(pem).map_err(|_| wrong())?;
        let server = Self { trusted: Some(trusted), ..self };
        // Said now, where the setting is read, and not with each letter.
        server.over_tls().map_err(|_| wrong())?;
        Ok(server)
    }

    fn over_tls(&self) -> Result<TlsParameters, Smtp> {
        let parameters = TlsParameters::builder(self.host.clone());
        match &self.trusted {
            Some(trusted) => parameters.add_root_certificate(trusted.clone()).build(),
            None => parameters.build(),
        }
    }

    /// The same with less time, for stories that do not want to wait either.
    #[cfg(test)]
    pub fn patient_for(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    fn is_here(&self) -> bool {
        self.host == "localhost" || self.host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// Hands one letter over. Never fails: how it ended, and what was said, are the answer.
    pub async fn deliver(&self, hello: &str, envelope: &Envelope, letter: &[u8]) -> Conversation {
        let mut said = Conversation { text: String::new(), reached: false, handed_over: false, ended: Ended::Later };
        let ended = tokio::time::timeout(self.patience, self.converse(hello, envelope, letter, &mut said)).await;
        said.ended = match ended {
            Ok(Ok(())) => Ended::Taken,
            Ok(Err(e)) => said.note(&e, &self.host),
            Err(_) => {
                said.line(&format!("(nothing was said for too long; given up after {} seconds)", self.patience.as_secs()));
                if said.handed_over { Ended::InDoubt } else { Ended::Later }
            }
        };
        said
    }

    async fn converse(&self, hello: &str, envelope: &Envelope, letter: &[u8], said: &mut Conversation) -> Result<(), Smtp> {
        let mut connection = self.connect(hello, said).await?;
        let info = connection.server_info();
        let mut parameters = Vec::new();
        let foreign = envelope.from().into_iter().chain(envelope.to()).any(|a| !AsRef::<str>::as_ref(a).is_ascii());
        if foreign && info.supports_feature(Extension::SmtpUtfEight) {
            parameters.push(MailParameter::SmtpUtfEight);
        }
        if !letter.is_ascii() && info.supports_feature(Extension::EightBitMime) {
            parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        said.reached = true;
        let from: Option<Address> = envelope.from().cloned();
        said.ask(&mut connection, Mail::new(from, parameters)).await?;
        for to in envelope.to() {
            said.ask(&mut connection, Rcpt::new(to.clone(), Vec::new())).await?;
        }
        said.ask(&mut connection, Data).await?;
        said.line(&format!("> (the letter, {} bytes)", letter.len()));
        said.handed_over = true;
        let response = connection.message(letter).await?;
        said.answer(&response);
        // Taken is taken, however the goodbye goes.
        let _ = tokio::time::timeout(Duration::from_secs(2), connection.quit()).await;
        Ok(())
    }

    async fn connect(&self, hello: &str, said: &mut Conversation) -> Result<AsyncSmtpConnection, Smtp> {
        let hello = ClientId::Domain(hello.to_owned());
        let at_once = match self.tls {
            Tls::FromTheStart => Some(self.over_tls()?),
            Tls::Offered | Tls::Required => None,
        };
        said.line(&format!("(to {}:{}{})", self.host, self.port, if at_once.is_some() { ", encrypted from the start" } else { "" }));
        let mut connection =
            AsyncSmtpConnection::connect_tokio1((self.host.as_str(), self.port), Some(self.patience), &hello, at_once, None).await?;
        said.line(&format!("< {} is there", connection.server_info().name()));
        // To a server on this machine there is nobody to listen in, and its certificate is seldom made out to “localhost”.
        if self.tls == Tls::Required || (self.tls == Tls::Offered && connection.can_starttls() && !self.is_here()) {
            said.line("> STARTTLS");
            connection.starttls(self.over_tls()?, &hello).await?;
            said.line("< (encrypted from here on)");
        }
        if let Some((name, password)) = &self.credentials {
            said.line(&format!("> AUTH as {name}"));
            if !connection.is_encrypted() && !self.is_here() {
                said.line("(stopped: the password would have crossed the network in the clear)");
                return connection.auth(&[], &Credentials::new(String::new(), String::new())).await.map(|_| connection);
            }
            let credentials = Credentials::new(name.clone(), password.clone());
            let response = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await?;
            said.answer(&response);
        }
        Ok(connection)
    }
}

/// What is wrong with the certificate that a server showed, when it is that.
fn certificate_fault(e: &Smtp) -> Option<rustls::CertificateError> {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(e);
    while let Some(e) = cause {
        let wrapped = e.downcast_ref::<std::io::Error>().and_then(|e| e.get_ref()).and_then(|e| e.downcast_ref::<rustls::Error>());
        if let Some(rustls::Error::InvalidCertificate(fault)) = e.downcast_ref::<rustls::Error>().or(wrapped) {
            return Some(fault.clone());
        }
        cause = e.source();
    }
    None
}

/// After “the certificate of mail.example.org”: what is wrong, and which setting mends it.
fn in_words(fault: &rustls::CertificateError) -> &'static str {
    use rustls::CertificateError as Fault;
    match fault {
        Fault::Expired | Fault::ExpiredContext { .. } => "has expired; whoever runs that server has to renew it",
        Fault::NotValidForName | Fault::NotValidForNameContext { .. } => {
            "is made out to another name; CHIRON_SMTP has to name the server as its certificate does"
        }
        _ => "is signed by nobody we know; when your own authority signed it, give that authority's certificate with CHIRON_MAIL_CA_FILE",
    }
}

/// A conversation with a mail server.
#[derive(Debug, Clone)]
pub struct Conversation {
    pub text: String,
    /// Whether it came as far as naming the letter's recipient. Before that a failure says nothing about the letter.
    pub reached: bool,
    handed_over: bool,
    pub ended: Ended,
}

impl Conversation {
    /// One that did not take place.
    pub fn ended(ended: Ended, text: &str) -> Self {
        Self { text: text.to_owned(), reached: true, handed_over: false, ended }
    }
    async fn ask(&mut self, connection: &mut AsyncSmtpConnection, command: impl std::fmt::Display) -> Result<(), Smtp> {
        self.line(&format!("> {}", command.to_string().trim_end()));
        let response = connection.command(command).await?;
        self.answer(&response);
        Ok(())
    }
    fn answer(&mut self, response: &Response) {
        let words: Vec<&str> = response.message().collect();
        self.line(&format!("< {} {}", response.code(), words.join(" / ")));
    }
    fn line(&mut self, line: &str) {
        if self.text.len() + line.len() < KEPT {
            let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            self.text.push_str(&line);
            self.text.push('\n');
        }
    }
    /// Writes down what went wrong, and says what it means for the letter.
    fn note(&mut self, e: &Smtp, host: &str) -> Ended {
        use std::error::Error as _;
        let why = e.source().map_or_else(|| e.to_string(), ToString::to_string);
        match e.status() {
            Some(code) => self.line(&format!("< {code} {why}")),
            None => self.line(&format!("({why})")),
        }
        if let Some(fault) = certificate_fault(e) {
            self.line(&format!("(stopped: the certificate of {host} {})", in_words(&fault)));
        }
        // Before the letter is named, whatever is wrong is with the server or our settings, which can be mended.
        match () {
            () if !self.reached => Ended::Later,
            () if e.is_permanent() => Ended::Never,
            () if e.is_transient() => Ended::Later,
            () if self.handed_over => Ended::InDoubt,
            () => Ended::Later,
        }
    }
}

fn percent(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(b) = rest.next() {
        match b {
            b'%' => {
                let hex = [rest.next()?, rest.next()?];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).ok()?, 16).ok()?);
            }
            b => bytes.push(b),
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_is_named_by_an_address() {
        let server = Server::of("smtps://amina%40example.org:p%3Ass@mail.example.org").unwrap();
        assert_eq!((server.host.as_str(), server.port, server.tls), ("mail.example.org", 465, Tls::FromTheStart));
        assert_eq!(server.credentials, Some(("amina@example.org".into(), "p:ss".into())));
        assert_eq!(Server::of("smtp://localhost").unwrap().port, 25);
        assert_eq!(Server::of("smtp://[::1]:2525").unwrap().host, "::1");
        assert_eq!(Server::of("smtp://mail.example.org?tls=required").unwrap().tls, Tls::Required);
    }

    #[test]
    fn a_file_that_holds_no_certificate_is_named_by_its_setting() {
        let server = || Server::of("smtps://mail.example.org").unwrap();
        assert!(server().trusting(super::super::sink::AUTHORITY).is_ok());
        let empty = format!("{0}\n-----END CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----");
        for wrong in [&b""[..], b"hello", b"-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n", empty.as_bytes()] {
            let sentence = server().trusting(wrong).err().expect("an error").to_string();
            assert!(sentence.contains("CHIRON_MAIL_CA_FILE"), "{sentence}");
        }
    }

    #[test]
    fn a_wrong_setting_is_explained_without_its_password() {
        for wrong in ["http://a:secret@b", "smtp://", "secret", "smtp://a:%zzsecret@b"] {
            let sentence = Server::of(wrong).err().expect("an error").to_string();
            assert!(sentence.contains("CHIRON_SMTP") && !sentence.contains("secret"), "{sentence}");
        }
    }
}
