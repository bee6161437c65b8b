//! A mail server for stories: real sockets on a thread of its own, in whatever mood the story needs.

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Signs the certificates of the mail servers of stories.
pub const AUTHORITY: &[u8] = include_bytes!("sink/authority.pem");

/// What a mail server of a story shows for itself when it speaks TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certificate {
    Here,
    /// Made out to another name.
    Elsewhere,
    Expired,
}

/// How a mail server of a story speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaks {
    Plainly,
    /// In the clear until it is asked to change.
    StartTls(Certificate),
    Tls(Certificate),
}

impl Certificate {
    pub fn config(self) -> Arc<ServerConfig> {
        let chain: &[u8] = match self {
            Self::Here => include_bytes!("sink/here.pem"),
            Self::Elsewhere => include_bytes!("sink/elsewhere.pem"),
            Self::Expired => include_bytes!("sink/expired.pem"),
        };
        let chain = CertificateDer::pem_slice_iter(chain).map(|c| c.expect("a certificate")).collect();
        let key = PrivateKeyDer::from_pem_slice(include_bytes!("sink/key.pem")).expect("a key");
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
        let config = config.with_safe_default_protocol_versions().expect("versions").with_no_client_auth();
        Arc::new(config.with_single_cert(chain, key).expect("a key that fits"))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Well,
    /// 451 for the recipient.
    Busy,
    /// 550 for the recipient.
    Refusing,
    /// 452 once the letter has come.
    Full,
    /// Takes the letter and hangs up before saying so.
    Dropping,
    /// Takes the letter and says nothing more.
    Stalling,
    /// Says nothing at all.
    Silent,
    /// 554 instead of a greeting.
    Closed,
}

pub struct Sink {
    pub url: String,
    at: SocketAddr,
    state: Arc<State>,
}

struct State {
    speaks: Speaks,
    mood: Mutex<Mood>,
    /// Letters that came whole, whether or not that was said.
    came: Mutex<Vec<Vec<u8>>>,
    /// Commands other than letters, as they were sent.
    heard: Mutex<Vec<String>>,
    connections: AtomicUsize,
    over: AtomicBool,
}

impl Sink {
    pub fn open(mood: Mood) -> Self {
        Self::speaking(Speaks::Plainly, mood)
    }
    pub fn speaking(speaks: Speaks, mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let at = listener.local_addr().expect("an address");
        let url = match speaks {
            Speaks::Plainly => format!("smtp://{at}"),
            Speaks::StartTls(_) => format!("smtp://{at}?tls=required"),
            Speaks::Tls(_) => format!("smtps://{at}"),
        };
        let state = Arc::new(State {
            speaks,
            mood: Mutex::new(mood),
            came: Mutex::default(),
            heard: Mutex::default(),
            connections: AtomicUsize::new(0),
            over: AtomicBool::new(false),
        });
        let all = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if all.over.load(Ordering::SeqCst) {
                    return;
                }
                all.connections.fetch_add(1, Ordering::SeqCst);
                let state = Arc::clone(&all);
                // A client that hangs up is no failure of the story.
                std::thread::spawn(move || drop(talk(&stream, &state)));
            }
        });
        Self { url, at, state }
    }
    pub fn mood(&self, mood: Mood) {
        *self.state.mood.lock().expect("a mood") = mood;
    }
    pub fn came(&self) -> Vec<Vec<u8>> {
        self.state.came.lock().expect("letters").clone()
    }
    /// How many times somebody connected.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }
    pub fn heard(&self) -> Vec<String> {
        self.state.heard.lock().expect("commands").clone()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.state.over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.at);
    }
}

trait Wire: Read + Write {}
impl<T: Read + Write> Wire for T {}

fn over_tls(stream: TcpStream, certificate: Certificate) -> std::io::Result<Box<dyn Wire>> {
    let connection = ServerConnection::new(certificate.config()).map_err(std::io::Error::other)?;
    Ok(Box::new(StreamOwned::new(connection, stream)))
}

fn say(lines: &mut BufReader<Box<dyn Wire>>, words: &str) -> std::io::Result<()> {
    lines.get_mut().write_all(format!("{words}\r\n").as_bytes())?;
    lines.get_mut().flush()
}

fn talk(stream: &TcpStream, state: &State) -> std::io::Result<()> {
    let mood = || *state.mood.lock().expect("a mood");
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut lines = BufReader::new(match state.speaks {
        Speaks::Tls(certificate) => over_tls(stream.try_clone()?, certificate)?,
        Speaks::Plainly | Speaks::StartTls(_) => Box::new(stream.try_clone()?),
    });
    let mut encrypted = matches!(state.speaks, Speaks::Tls(_));
    if mood() == Mood::Closed {
        return say(&mut lines, "554 5.3.2 not today");
    }
    let mut nothing = String::new();
    if mood() == Mood::Silent {
        return lines.read_line(&mut nothing).map(|_| ());
    }
    say(&mut lines, "220 sink.example ready")?;
    let mut line = String::new();
    while lines.read_line(&mut line)? > 0 {
        state.heard.lock().expect("commands").push(line.trim_end().to_owned());
        match (line.get(..4).unwrap_or_default().to_uppercase().as_str(), state.speaks) {
            ("EHLO", Speaks::StartTls(_)) if !encrypted => say(&mut lines, "250-sink.example\r\n250-STARTTLS\r\n250 8BITMIME")?,
            ("EHLO", _) => say(&mut lines, "250-sink.example\r\n250-AUTH PLAIN\r\n250 8BITMIME")?,
            ("STAR", Speaks::StartTls(certificate)) => {
                say(&mut lines, "220 2.0.0 go on")?;
                lines = BufReader::new(over_tls(stream.try_clone()?, certificate)?);
                encrypted = true;
            }
            ("STAR", _) => say(&mut lines, "502 5.5.1 no such thing here")?,
            ("AUTH", _) => say(&mut lines, "235 2.7.0 welcome")?,
            ("RCPT", _) if mood() == Mood::Busy => say(&mut lines, "451 4.7.1 busy, try later")?,
            ("RCPT", _) if mood() == Mood::Refusing => say(&mut lines, "550 5.1.1 nobody of that name here")?,
            ("DATA", _) => {
                say(&mut lines, "354 go on")?;
                let letter = letter(&mut lines)?;
                if mood() == Mood::Full {
                    say(&mut lines, "452 4.2.2 the box is full")?;
                } else {
                    state.came.lock().expect("letters").push(letter);
                    if mood() == Mood::Stalling {
                        return lines.read_line(&mut nothing).map(|_| ());
                    }
                    if mood() == Mood::Dropping {
                        return stream.shutdown(std::net::Shutdown::Both);
                    }
                    say(&mut lines, "250 2.0.0 taken")?;
                }
            }
            ("QUIT", _) => return say(&mut lines, "221 2.0.0 bye"),
            _ => say(&mut lines, "250 2.0.0 well")?,
        }
        line.clear();
    }
    Ok(())
}

fn letter(lines: &mut impl BufRead) -> std::io::Result<Vec<u8>> {
    let mut letter = Vec::new();
    loop {
        let mut line = Vec::new();
        lines.read_until(b'\n', &mut line)?;
        match line.as_slice() {
            b".\r\n" | b"" => return Ok(letter),
            [b'.', rest @ ..] => letter.extend(rest),
            line => letter.extend(line),
        }
    }
}
