//! A mail server for stories: real sockets on a thread of its own, in whatever mood the story needs.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

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
    state: Arc<State>,
}

struct State {
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
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("smtp://{}", listener.local_addr().expect("an address"));
        let state = Arc::new(State {
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
        Self { url, state }
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
        let _ = TcpStream::connect(self.url.trim_start_matches("smtp://"));
    }
}

fn talk(stream: &TcpStream, state: &State) -> std::io::Result<()> {
    let mood = || *state.mood.lock().expect("a mood");
    let mut out = stream;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut say = |words: &str| out.write_all(format!("{words}\r\n").as_bytes());
    if mood() == Mood::Closed {
        return say("554 5.3.2 not today");
    }
    let mut lines = BufReader::new(stream);
    if mood() == Mood::Silent {
        let mut nothing = String::new();
        return lines.read_line(&mut nothing).map(|_| ());
    }
    say("220 sink.example ready")?;
    let mut line = String::new();
    while lines.read_line(&mut line)? > 0 {
        state.heard.lock().expect("commands").push(line.trim_end().to_owned());
        match line.get(..4).unwrap_or_default().to_uppercase().as_str() {
            "EHLO" => say("250-sink.example\r\n250 8BITMIME")?,
            "RCPT" if mood() == Mood::Busy => say("451 4.7.1 busy, try later")?,
            "RCPT" if mood() == Mood::Refusing => say("550 5.1.1 nobody of that name here")?,
            "DATA" => {
                say("354 go on")?;
                let letter = letter(&mut lines)?;
                if mood() == Mood::Full {
                    say("452 4.2.2 the box is full")?;
                } else {
                    state.came.lock().expect("letters").push(letter);
                    if mood() == Mood::Stalling {
                        let mut nothing = String::new();
                        return lines.read_line(&mut nothing).map(|_| ());
                    }
                    if mood() == Mood::Dropping {
                        return stream.shutdown(std::net::Shutdown::Both);
                    }
                    say("250 2.0.0 taken")?;
                }
            }
            "QUIT" => return say("221 2.0.0 bye"),
            _ => say("250 2.0.0 well")?,
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
