//! Settings of the running program. Every one has a default, a flag, an environment variable and a line of
//! documentation; `chiron settings` prints them, and `docs/operate/settings.md` is that print.

use clap::Args;
use clap::builder::BoolishValueParser;
use std::net::SocketAddr;
use std::path::PathBuf;

#[derive(Debug, Clone, Args)]
pub struct Config {
    /// Address and port to listen on.
    #[arg(long, env = "CHIRON_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDR:PORT", value_parser = listen)]
    pub listen: SocketAddr,

    /// Folder that holds the database, the photos and the key file. Made when it is not there.
    #[arg(long, env = "CHIRON_DATA", default_value = "chiron-data", value_name = "DIR")]
    pub data: PathBuf,

    /// A PostgreSQL URL (`postgres://…`) to use instead of the embedded database in the data folder.
    #[arg(long, env = "CHIRON_DATABASE", value_name = "URL")]
    pub database: Option<String>,

    /// The address people type to reach this place, used in letters and for signing in. Taken from the listen address when not given.
    #[arg(long, env = "CHIRON_PUBLIC_URL", value_name = "URL", value_parser = public_url)]
    pub public_url: Option<url::Url>,

    /// File with the instance key, which opens what people write to each other. `chiron.key` in the data folder when not given; keep a copy apart from your backups.
    #[arg(long, env = "CHIRON_KEY_FILE", value_name = "FILE")]
    pub key_file: Option<PathBuf>,

    /// Mail server to send letters with, such as `smtps://name:password@mail.example.org` or `smtp://localhost:25`. Without it, letters wait and their links are shown to the administrator.
    #[arg(long, env = "CHIRON_SMTP", value_name = "URL", hide_env_values = true)]
    pub smtp: Option<String>,

    /// File that holds the mail server URL, for those who keep secrets in files.
    #[arg(long, env = "CHIRON_SMTP_FILE", value_name = "FILE")]
    pub smtp_file: Option<PathBuf>,

    /// File with the certificate of an authority that signed the mail server's, when no public one did. In PEM form; the public ones are trusted all the same.
    #[arg(long, env = "CHIRON_MAIL_CA_FILE", value_name = "FILE")]
    pub mail_ca_file: Option<PathBuf>,

    /// The address letters come from.
    #[arg(long, env = "CHIRON_MAIL_FROM", default_value = "Chiron <chiron@localhost>", value_name = "ADDRESS")]
    pub mail_from: String,

    /// Domain whose mail reaches `chiron mail receive`, so that people can answer letters by replying. Without it, letters say to answer on the page.
    #[arg(long, env = "CHIRON_REPLY_DOMAIN", value_name = "DOMAIN")]
    pub reply_domain: Option<String>,

    /// Jitsi server on which people can make a room for a session. Nothing is asked of it until somebody opens the room.
    #[arg(long, env = "CHIRON_JITSI_URL", default_value = "https://meet.jit.si", value_name = "URL")]
    pub jitsi_url: String,

    /// Addresses of proxies in front of Chiron whose `X-Forwarded-For` and `X-Forwarded-Proto` may be believed.
    #[arg(long, env = "CHIRON_TRUSTED_PROXIES", value_name = "ADDR", value_delimiter = ',')]
    pub trusted_proxies: Vec<std::net::IpAddr>,

    /// Let people's calendars be read from private addresses too: for a calendar server in your own network.
    #[arg(long, env = "CHIRON_PRIVATE_CALENDARS", value_parser = BoolishValueParser::new())]
    pub private_calendars: bool,

    /// File with the certificate of an authority that signed calendar servers', when no public one did. In PEM form; the public ones are trusted all the same.
    #[arg(long, env = "CHIRON_CALENDAR_CA_FILE", value_name = "FILE")]
    pub calendar_ca_file: Option<PathBuf>,

    /// What to log: `error`, `warn`, `info`, `debug`, or a filter such as `info,chiron::mail=debug`; `info,chiron_store=debug` names work on the database that was slow.
    #[arg(long, env = "CHIRON_LOG", default_value = "info", value_name = "LEVEL")]
    pub log: tracing_subscriber::filter::Targets,

    /// Write log lines as JSON.
    #[arg(long, env = "CHIRON_LOG_JSON", value_parser = BoolishValueParser::new())]
    pub log_json: bool,
}

impl Config {
    /// The address people type, without a slash at its end.
    pub fn url(&self) -> String {
        match &self.public_url {
            Some(url) => url.as_str().trim_end_matches('/').to_owned(),
            // By its name, because passkeys belong to one: at the number, the first administrator could add none.
            None if self.listen.ip() == std::net::Ipv4Addr::LOCALHOST => format!("http://localhost:{}", self.listen.port()),
            None => format!("http://{}", self.listen),
        }
    }
    /// Whether letters leave. Until they do, they wait in the outbox.
    pub fn sends_mail(&self) -> bool {
        self.smtp.as_deref().is_some_and(|server| !server.trim().is_empty()) || self.smtp_file.is_some()
    }
    /// The name of this place's machine as people type it, without a port.
    pub fn host(&self) -> String {
        match self.public_url.as_ref().and_then(|u| u.host_str()) {
            Some(host) => host.to_owned(),
            None => "localhost".into(),
        }
    }
    /// Whether people reach us over TLS, which decides the cookies' names and flags.
    pub fn is_https(&self) -> bool {
        self.public_url.as_ref().is_some_and(|u| u.scheme() == "https")
    }
    pub fn database_file(&self) -> PathBuf {
        self.data.join("chiron.db")
    }
    pub fn key_path(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| self.data.join("chiron.key"))
    }
}

/// The address to listen on, in numbers: a name may mean several.
fn listen(typed: &str) -> Result<SocketAddr, String> {
    typed.parse().map_err(|_| "write an address in numbers and a port, such as 127.0.0.1:8080, or 0.0.0.0:8080 for every network".into())
}

/// The address people type. Links on our pages begin at the root, so a path in front of it would lead nowhere.
fn public_url(typed: &str) -> Result<url::Url, String> {
    let url = url::Url::parse(typed).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let url = url.ok_or("write the whole address, such as https://mentors.example.org")?;
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err("Chiron needs a name of its own, such as https://mentors.example.org: nothing may follow it".into());
    }
    Ok(url)
}

impl Default for Config {
    /// What the program runs with when nothing is said.
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data: "chiron-data".into(),
            database: None,
            public_url: None,
            key_file: None,
            smtp: None,
            smtp_file: None,
            mail_ca_file: None,
            mail_from: "Chiron <chiron@localhost>".into(),
            reply_domain: None,
            jitsi_url: "https://meet.jit.si".into(),
            trusted_proxies: Vec::new(),
            private_calendars: false,
            calendar_ca_file: None,
            log: tracing_subscriber::filter::Targets::new().with_default(tracing::Level::INFO),
            log_json: false,
        }
    }
}
