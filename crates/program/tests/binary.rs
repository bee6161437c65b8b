//! The real program from the outside, as whoever runs it meets it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const PROGRAM: &str = env!("CARGO_BIN_EXE_chiron");

/// A running place in a folder of its own.
struct Place {
    child: Child,
    at: SocketAddr,
    printed: std::sync::mpsc::Receiver<String>,
}

impl Place {
    fn start(folder: &Path) -> Self {
        Self::start_as(&["serve"], folder)
    }
    fn start_as(args: &[&str], folder: &Path) -> Self {
        Self::start_by(&[PROGRAM], args, folder)
    }
    /// Started by another program, whose last argument is ours.
    fn start_by(by: &[&str], args: &[&str], folder: &Path) -> Self {
        let at = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port");
        let mut child = chiron(by, args)
            .args(["--listen", &at.to_string(), "--data", &folder.display().to_string()])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let (say, printed) = std::sync::mpsc::channel();
        let out = BufReader::new(child.stdout.take().expect("its output"));
        std::thread::spawn(move || out.lines().map_while(Result::ok).for_each(|line| drop(say.send(line))));
        let place = Self { child, at, printed };
        until("it is ready", || place.get("/readyz").is_some_and(|a| a.starts_with("HTTP/1.1 200")));
        place
    }
    fn line(&self, with: &str) -> String {
        let end = Instant::now() + Duration::from_secs(20);
        while let Ok(line) = self.printed.recv_timeout(end.saturating_duration_since(Instant::now())) {
            if line.contains(with) {
                return line.trim().to_owned();
            }
        }
        panic!("nothing with {with:?} was printed");
    }
    fn get(&self, path: &str) -> Option<String> {
        self.get_as(path, "")
    }
    fn get_as(&self, path: &str, cookie: &str) -> Option<String> {
        let mut stream = TcpStream::connect(self.at).ok()?;
        let head = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n", self.at);
        stream.write_all(head.as_bytes()).ok()?;
        answer(&mut stream)
    }
    /// A line of what the kernel says about the memory of the program, in MiB.
    #[cfg(target_os = "linux")]
    fn memory(&self, line: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("its state");
        let line = status.lines().find_map(|l| l.strip_prefix(line)).expect("a line");
        line.trim_start_matches(':').split_whitespace().next().and_then(|kib| kib.parse::<u64>().ok()).expect("a number") / 1024
    }
    /// How many bytes any of its files may have.
    #[cfg(target_os = "linux")]
    fn room(&self, bytes: &str) {
        let set = Command::new("prlimit").args([&format!("--pid={}", self.child.id()), &format!("--fsize={bytes}:")]).status();
        assert!(set.is_ok_and(|s| s.success()), "the limit is set");
    }
    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.is_ok_and(|s| s.success()), "the signal is sent");
    }
    /// How long it takes to end.
    fn ends(&mut self) -> (Duration, Option<i32>) {
        let begun = Instant::now();
        loop {
            if let Some(end) = self.child.try_wait().expect("its end") {
                return (begun.elapsed(), end.code());
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn chiron(by: &[&str], args: &[&str]) -> Command {
    let mut command = Command::new(by[0]);
    command.args(&by[1..]).args(args);
    for (name, _) in std::env::vars().filter(|(n, _)| n.starts_with("CHIRON_")) {
        command.env_remove(name);
    }
    command
}
fn says(args: &[&str]) -> Output {
    chiron(&[PROGRAM], args).output().expect("the program runs")
}
/// A form, as a page of the place sends it.
#[cfg(unix)]
fn post(at: SocketAddr, path: &str, cookie: &str, body: &str) -> Option<String> {
    let mut stream = TcpStream::connect(at).ok()?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {at}\r\nOrigin: http://{at}\r\nCookie: {cookie}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    answer(&mut stream)
}
fn answer(stream: &mut TcpStream) -> Option<String> {
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    let mut text = Vec::new();
    stream.read_to_end(&mut text).ok()?;
    Some(String::from_utf8_lossy(&text).into_owned())
}
fn until(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(30), "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(30));
    }
}
fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// A place with the village in it, and the link by which each of its people signs in.
#[cfg(unix)]
fn village(folder: &Path) -> (Place, BTreeMap<String, String>) {
    village_by(folder, &[PROGRAM])
}
#[cfg(unix)]
fn village_by(folder: &Path, by: &[&str]) -> (Place, BTreeMap<String, String>) {
    let links = folder.join("links.json");
    let place = Place::start_by(by, &["demo", "--links-json", &links.display().to_string()], folder);
    until("the links are written", || links.exists());
    (place, serde_json::from_slice(&std::fs::read(&links).expect("the links")).expect("JSON"))
}
/// The cookie of whoever follows the link.
#[cfg(unix)]
fn signed_in(place: &Place, link: &str) -> String {
    let link = link.split_once("/sign-in/").expect("a link").1;
    let answer = post(place.at, &format!("/sign-in/{link}"), "", "").expect("an answer");
    answer.split("set-cookie: ").filter_map(|c| c.split(';').next()).find(|c| c.starts_with("chiron=")).expect("a login").to_owned()
}
/// Where they write to the first of their people.
#[cfg(unix)]
fn messages_of(place: &Place, cookie: &str) -> String {
    let people = place.get_as("/relationships", cookie).expect("a page");
    let path = people.split("href=\"/relationships/").nth(1).and_then(|rest| rest.split('"').next()).expect("somebody");
    format!("/relationships/{path}/messages")
}
/// Every page of those messages.
#[cfg(unix)]
fn read_back(place: &Place, messages: &str, cookie: &str) -> String {
    let (mut all, mut next) = (String::new(), Some(messages.to_owned()));
    while let Some(page) = next {
        let page = place.get_as(&page, cookie).expect("a page");
        next = page.split("?before=").nth(1).and_then(|rest| rest.split('"').next()).map(|before| format!("{messages}?before={before}"));
        all.push_str(&page);
    }
    all
}

#[test]
fn an_empty_folder_is_enough_and_the_link_to_set_it_up_is_printed() {
    let data = folder();
    let place = Place::start(data.path());
    let link = place.line("/set-up/");
    let path = link.split_once(&format!("http://localhost:{}", place.at.port())).expect("a link to this place").1;
    assert!(place.get(path).expect("an answer").starts_with("HTTP/1.1 200"));
    assert!(place.get("/set-up/anything-else").expect("an answer").starts_with("HTTP/1.1 404"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(data.path().join("chiron.key")).expect("a key").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "the key is for its owner alone");
    }
}

#[test]
fn what_an_operator_gets_wrong_is_said_in_one_line_that_names_the_setting() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let taken = taken.local_addr().map(|a| (a.to_string(), taken)).expect("its address");
    let data = folder();
    let dir = data.path().display().to_string();
    let bad_key = data.path().join("bad.key");
    std::fs::write(&bad_key, "not a key\n").expect("a file");
    let bad_key = bad_key.display().to_string();
    let place = folder();
    drop(Place::start(place.path()));
    let there = place.path().display().to_string();
    // Where a place is to come back to, the key lies already.
    let kept = folder();
    std::fs::copy(place.path().join("chiron.key"), kept.path().join("chiron.key")).expect("the key");
    let kept = kept.path().display().to_string();
    let free = "127.0.0.1:0";
    for (args, words) in [
        (vec!["serve", "--listen", &taken.0, "--data", &dir], "--listen"),
        (vec!["serve", "--listen", "nonsense"], "--listen"),
        (vec!["serve", "--listen", "8080"], "such as 127.0.0.1:8080"),
        (vec!["serve", "--listen", free, "--data", &dir, "--smtp", "mail.example.org"], "CHIRON_SMTP"),
        (vec!["serve", "--listen", free, "--data", &dir, "--smtp", "smtp://localhost", "--mail-from", "nobody"], "CHIRON_MAIL_FROM"),
        (vec!["serve", "--listen", free, "--data", &dir, "--database", ""], "--database"),
        (vec!["serve", "--public-url", "https://example.org/mentors"], "a name of its own"),
        (vec!["backup", "/nowhere/file", "--data", &there], "/nowhere/file"),
        (vec!["restore", &bad_key, "--data", &kept], "bad.key"),
        (vec!["serve", "--listen", "203.0.113.7:80", "--data", &dir], "--listen"),
        (vec!["serve", "--listen", free, "--data", "/dev/null/data"], "--data"),
        (vec!["serve", "--listen", free, "--data", &dir, "--key-file", &bad_key], "key file"),
        (vec!["serve", "--listen", free, "--data", &dir, "--database", "postgres://nobody@127.0.0.1:1/nothing"], "--database"),
        (vec!["serve", "--listen", free, "--data", &dir, "--database", "nonsense"], "--database"),
        (vec!["serve", "--listen", free, "--data", &dir, "--public-url", "mentors.example.org"], "--public-url"),
        (vec!["restore", "/nowhere/file", "--data", &dir], "/nowhere/file"),
    ] {
        let out = says(&args);
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(!out.status.success(), "{args:?} should fail");
        assert!(said.contains(words), "{args:?} says: {said}");
        assert!(said.lines().filter(|l| l.starts_with("chiron:") || l.starts_with("error:")).count() == 1, "{args:?} says: {said}");
        assert!(!said.contains("panicked"), "{args:?} says: {said}");
    }
}

#[test]
fn a_slip_in_the_name_of_the_folder_makes_no_empty_place() {
    let data = folder();
    let nowhere = data.path().join("chiron-dato");
    let dir = nowhere.display().to_string();
    let sheet = data.path().join("people.csv");
    std::fs::write(&sheet, "name\nAmina\n").expect("a sheet");
    let sheet = sheet.display().to_string();
    for args in [
        vec!["backup", "--data", &dir],
        vec!["import", "people", &sheet, "--data", &dir],
        vec!["rotate-key", "--data", &dir],
        vec!["outbox", "--data", &dir],
        vec!["doctor", "--data", &dir],
        vec!["mail", "test", "a@b.example", "--data", &dir],
    ] {
        let out = says(&args);
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(!out.status.success() && said.contains("there is no place in") && said.contains("--data"), "{args:?} says: {said}");
        assert!(!nowhere.exists(), "{args:?} made something");
    }
}

#[test]
fn a_place_without_its_key_gets_no_other_by_itself() {
    let (here, there) = (folder(), folder());
    let mut place = Place::start(here.path());
    place.signal("TERM");
    place.ends();
    let (dir, other) = (here.path().display().to_string(), there.path().display().to_string());
    let file = here.path().join("today.backup").display().to_string();
    assert!(says(&["backup", &file, "--data", &dir]).status.success());
    std::fs::remove_file(here.path().join("chiron.key")).expect("the key is lost");
    for args in
        [vec!["serve", "--listen", "127.0.0.1:0", "--data", &dir], vec!["doctor", "--data", &dir], vec!["restore", &file, "--data", &other]]
    {
        let out = says(&args);
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(!out.status.success() && said.contains("--key-file"), "{args:?} says: {said}");
    }
    assert!(!here.path().join("chiron.key").exists() && !there.path().join("chiron.key").exists());
    assert!(!there.path().join("chiron.db").exists(), "nothing is begun that cannot end");
}

/// A hundred pages listen and twenty-four messages are half sent.
#[cfg(unix)]
#[test]
fn what_was_begun_is_answered_and_kept_when_the_program_is_told_to_stop() {
    let data = folder();
    let (mut place, people) = village(data.path());
    let logins: Vec<String> = people.iter().take(5).map(|(_, link)| signed_in(&place, link)).collect();
    let cookie = signed_in(&place, &people["Priya Ramanathan"]);
    let messages = messages_of(&place, &cookie);
    let mut streams: Vec<TcpStream> = (0..100)
        .map(|n| {
            let mut stream = TcpStream::connect(place.at).expect("a connection");
            let head = format!("GET /live HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nCookie: {1}\r\n\r\n", place.at, logins[n / 20]);
            stream.write_all(head.as_bytes()).expect("a request");
            let mut begun = [0; 15];
            stream.read_exact(&mut begun).expect("a stream");
            assert_eq!(&begun, b"HTTP/1.1 200 OK");
            stream
        })
        .collect();
    let half = |head: String| {
        let mut stream = TcpStream::connect(place.at).expect("a connection");
        stream.write_all(head.as_bytes()).expect("half a request");
        stream
    };
    let mut sent: Vec<TcpStream> = (0..24)
        .map(|n| {
            half(format!(
                "POST {messages} HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nCookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 58\r\n\r\nmessage=0190b6f00000700080000000{n:08}&words=",
                place.at
            ))
        })
        .collect();
    let mut asked = half(format!("GET /readyz HTTP/1.1\r\nHost: {}\r\n", place.at));
    // Connections are taken in the order in which they came.
    assert!(place.get("/healthz").is_some());
    std::thread::sleep(Duration::from_millis(300));
    place.signal("TERM");
    until("nothing new is taken", || TcpStream::connect(place.at).is_err());
    asked.write_all(b"\r\n").expect("the other half");
    assert!(answer(&mut asked).is_some_and(|a| a.starts_with("HTTP/1.1 503")), "it is ready no more");
    for stream in &mut streams {
        assert!(answer(stream).is_some_and(|a| a.ends_with("0\r\n\r\n")), "the stream ends whole");
    }
    for (n, stream) in sent.iter_mut().enumerate() {
        stream.write_all(format!("word-{n:02}-end").as_bytes()).expect("the other half");
        let answer = answer(stream).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    }
    let (took, code) = place.ends();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(10), "{took:?}");
    let all = read_back(&Place::start(data.path()), &messages, &cookie);
    for n in 0..24 {
        assert_eq!(all.matches(&format!("word-{n:02}-end")).count(), 1);
    }
}

/// A mail server that takes letters, and says that it has them only once it is told to.
#[cfg(unix)]
#[derive(Default)]
struct SlowMail {
    came: std::sync::Mutex<Vec<String>>,
    says_so: std::sync::atomic::AtomicBool,
}

#[cfg(unix)]
impl SlowMail {
    fn open() -> (SocketAddr, Arc<Self>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let (at, mail) = (listener.local_addr().expect("an address"), Arc::new(Self::default()));
        let all = mail.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let all = all.clone();
                std::thread::spawn(move || drop(all.talk(&stream)));
            }
        });
        (at, mail)
    }
    fn talk(&self, mut stream: &TcpStream) -> std::io::Result<()> {
        stream.write_all(b"220 slow.example\r\n")?;
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        while let Some(line) = lines.next().transpose()? {
            let answer = match line.get(..4) {
                Some("DATA") => {
                    stream.write_all(b"354 go on\r\n")?;
                    let letter: Vec<String> = lines.by_ref().map_while(Result::ok).take_while(|line| line != ".").collect();
                    self.came.lock().expect("letters").push(letter.join("\n"));
                    until("it may say so", || self.says_so.load(Ordering::SeqCst));
                    "250 taken"
                }
                Some("QUIT") => return stream.write_all(b"221 bye\r\n"),
                _ => "250 well",
            };
            stream.write_all(format!("{answer}\r\n").as_bytes())?;
        }
        Ok(())
    }
    /// A line of the head of each letter that came.
    fn lines(&self, name: &str) -> Vec<String> {
        let came = self.came.lock().expect("letters");
        came.iter().map(|letter| letter.lines().find(|line| line.starts_with(name)).expect("a line of the head").to_owned()).collect()
    }
}

/// The mail server says that it has the letters after the signal: they are known to be sent, and none goes out twice.
#[cfg(unix)]
#[test]
fn letters_on_their_way_arrive_once_when_the_program_is_told_to_stop() {
    let data = folder();
    let (place, people) = village(data.path());
    let administrator = people.iter().find(|(name, _)| name.starts_with("Henrik")).expect("an administrator").1;
    let administrator = signed_in(&place, administrator);
    drop(place);
    let (at, mail) = SlowMail::open();
    let server = format!("smtp://{at}");
    let serve = ["serve", "--smtp", &server];
    // The letters of the village wait for a mail server.
    let mut place = Place::start_as(&serve, data.path());
    until("letters are on their way", || mail.lines("Message-ID").len() >= 2);
    place.signal("TERM");
    until("nothing new is taken", || TcpStream::connect(place.at).is_err());
    mail.says_so.store(true, Ordering::SeqCst);
    let (took, code) = place.ends();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(10), "{took:?}");

    let place = Place::start_as(&serve, data.path());
    post(place.at, "/sign-in", "", "address=somebody.new%40example.org").expect("an answer");
    until("the newest letter is there", || mail.lines("To: ").iter().any(|line| line.contains("somebody.new@example.org")));
    // One that went and was not written down as sent would wait here.
    until("no letter waits", || place.get_as("/place/outbox", &administrator).is_some_and(|page| page.contains("No letters here")));
    let mut all = mail.lines("Message-ID");
    all.sort();
    let many = all.len();
    all.dedup();
    assert_eq!(all.len(), many, "{all:?}");
}

/// A sheet is in the place whole or not at all, whenever its import is told to stop.
#[cfg(unix)]
#[test]
fn an_import_that_is_told_to_stop_leaves_all_of_the_sheet_or_nothing() {
    const LINES: usize = 3_000;
    let data = folder();
    drop(village(data.path()));
    let sheet = data.path().join("people.csv");
    let lines: String = (0..LINES).map(|n| format!("Person {n},person{n}@sheet.example,Teaching; Rust\n")).collect();
    std::fs::write(&sheet, format!("name,email,skills offered\n{lines}")).expect("a sheet");
    let (sheet, place) = (sheet.display().to_string(), data.path().display().to_string());
    let import = ["import", "people", &sheet, "--data", &place];
    let [all_new, all_there] = ["new people", "as they are"].map(|how| format!("This would be done: {LINES} {how}.\n"));
    for wait in [20, 100, 300, 700] {
        let mut child = chiron(&[PROGRAM], &import).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
        std::thread::sleep(Duration::from_millis(wait));
        let _ = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
        child.wait().expect("its end");
        let looked = says(&[&import[..], &["--dry-run"]].concat());
        let found = String::from_utf8_lossy(&looked.stdout);
        assert!(found.ends_with(&all_new) || found.ends_with(&all_there), "after {wait} ms: {found}");
    }
}

#[test]
fn a_second_signal_ends_the_program_at_once() {
    let data = folder();
    let mut place = Place::start(data.path());
    let mut stream = TcpStream::connect(place.at).expect("a connection");
    stream
        .write_all(format!("POST /sign-in HTTP/1.1\r\nHost: {0}\r\nContent-Length: 20\r\n\r\nx", place.at).as_bytes())
        .expect("half a request");
    std::thread::sleep(Duration::from_millis(200));
    place.signal("TERM");
    std::thread::sleep(Duration::from_millis(200));
    place.signal("TERM");
    let (took, _) = place.ends();
    assert!(took < Duration::from_secs(2), "{took:?}");
}

#[test]
fn a_head_that_never_ends_is_given_up() {
    let data = folder();
    let place = Place::start(data.path());
    let mut stream = TcpStream::connect(place.at).expect("a connection");
    stream.write_all(b"GET / HTTP/1.1\r\nHost: slow").expect("half a head");
    let begun = Instant::now();
    let _ = answer(&mut stream);
    assert!(begun.elapsed() < Duration::from_secs(15), "it waited {:?}", begun.elapsed());
}

#[test]
fn a_body_that_stops_coming_is_given_up() {
    let data = folder();
    let place = Place::start(data.path());
    let link = place.line("/set-up/");
    let path = &link[link.find("/set-up/").expect("a link")..];
    let mut stream = TcpStream::connect(place.at).expect("a connection");
    let head = format!("POST {path} HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nContent-Length: 20\r\n\r\nname=", place.at);
    stream.write_all(head.as_bytes()).expect("half a body");
    let begun = Instant::now();
    let answer = answer(&mut stream).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
    assert!(begun.elapsed() < Duration::from_secs(15), "it waited {:?}", begun.elapsed());
}

#[test]
fn a_place_is_backed_up_while_it_runs_and_comes_back_on_another_machine() {
    let (here, there) = (folder(), folder());
    let place = Place::start(here.path());
    let (from, to) = (here.path().display().to_string(), there.path().display().to_string());
    let file = here.path().join("today.backup").display().to_string();
    let out = says(&["backup", &file, "--data", &from]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    drop(place);
    std::fs::copy(here.path().join("chiron.key"), there.path().join("chiron.key")).expect("the key is brought along");
    let out = says(&["restore", &file, "--data", &to]);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let out = says(&["doctor", "--data", &to]);
    let said = String::from_utf8_lossy(&out.stdout);
    assert!(out.status.success() && said.contains("the file is whole"), "{said}");
}

#[test]
fn the_doctor_finds_a_key_that_others_can_read_and_a_damaged_database() {
    let data = folder();
    // It ends by itself, and so the file holds everything: a place that is killed may have it all in the log beside it.
    let mut place = Place::start(data.path());
    place.signal("TERM");
    place.ends();
    let dir = data.path().display().to_string();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(data.path().join("chiron.key"), std::fs::Permissions::from_mode(0o644)).expect("permissions");
        let said = String::from_utf8_lossy(&says(&["doctor", "--data", &dir]).stdout).into_owned();
        assert!(said.contains("chmod 600"), "{said}");
    }
    let file = data.path().join("chiron.db");
    let mut bytes = std::fs::read(&file).expect("the database");
    let middle = bytes.len() / 2;
    bytes[middle..middle + 20_000].fill(7);
    std::fs::write(&file, bytes).expect("damage");
    let _ = std::fs::remove_file(data.path().join("chiron.db-wal"));
    let out = says(&["doctor", "--data", &dir]);
    assert!(!out.status.success(), "{}", String::from_utf8_lossy(&out.stdout));
}

/// Four write to each other as fast as the place answers, and in the middle of it the program is killed. What was
/// answered is there afterwards, once each, and the place opens at once.
#[cfg(unix)]
#[test]
fn killed_while_people_write_it_keeps_every_message_that_was_answered() {
    let data = folder();
    let (mut place, people) = village(data.path());
    let cookie = signed_in(&place, &people["Priya Ramanathan"]);
    let messages = messages_of(&place, &cookie);

    let written = Arc::new(AtomicUsize::new(0));
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let (at, cookie, messages, written) = (place.at, cookie.clone(), messages.clone(), written.clone());
            std::thread::spawn(move || {
                let mut answered = Vec::new();
                for n in 0..60 {
                    let words = format!("word-{writer}-{n}-end");
                    let body = format!("message=0190b6f00000700080000000{writer:04}{n:04}&words={words}");
                    match post(at, &messages, &cookie, &body) {
                        Some(answer) if answer.starts_with("HTTP/1.1 303") => {
                            answered.push(words);
                            written.fetch_add(1, Ordering::Relaxed);
                        }
                        // The program is gone, perhaps in the middle of an answer.
                        _ => break,
                    }
                }
                answered
            })
        })
        .collect();
    until("a few are answered", || written.load(Ordering::Relaxed) >= 20);
    place.signal("KILL");
    place.ends();
    let answered: Vec<String> = writers.into_iter().flat_map(|writer| writer.join().expect("a writer")).collect();

    let all = read_back(&Place::start(data.path()), &messages, &cookie);
    for words in &answered {
        assert_eq!(all.matches(&**words).count(), 1, "{words} of {} that were answered", answered.len());
    }
    println!("{} messages were answered before the end, and all are there", answered.len());
}

/// No file may grow any more, as on a disk that is full: what cannot be kept is refused in words and is not there
/// afterwards, what was answered is, pages are shown meanwhile, and with room again the place goes on by itself.
#[cfg(target_os = "linux")]
#[test]
fn without_room_on_the_disk_it_refuses_in_words_and_goes_on_when_there_is_some() {
    let data = folder();
    // The signal that comes with such a limit would end the program; a full disk sends none.
    let (place, people) = village_by(data.path(), &["sh", "-c", "trap '' XFSZ; exec \"$0\" \"$@\"", PROGRAM]);
    let cookie = signed_in(&place, &people["Priya Ramanathan"]);
    let messages = messages_of(&place, &cookie);
    let send = |n: usize| {
        let words = format!("word-{n}-end {}", "and so on ".repeat(300));
        post(place.at, &messages, &cookie, &format!("message=0190b6f00000700080000000{n:08}&words={words}")).expect("an answer")
    };
    assert!(send(0).starts_with("HTTP/1.1 303"));
    place.room("262144");
    let (mut kept, mut refused) = (vec![0], Vec::new());
    for n in 1.. {
        let answer = send(n);
        if answer.starts_with("HTTP/1.1 303") {
            kept.push(n);
        } else {
            assert!(answer.starts_with("HTTP/1.1 503") && answer.to_ascii_lowercase().contains("\r\nretry-after: "), "{answer}");
            assert!(answer.contains("This place cannot save anything just now"), "{answer}");
            refused.push(n);
        }
        assert!(n < 2_000, "it never fills");
        if refused.len() == 5 {
            break;
        }
    }
    for page in [&*messages, "/find", "/today", "/readyz"] {
        assert!(place.get_as(page, &cookie).is_some_and(|a| a.starts_with("HTTP/1.1 200")), "{page} is shown");
    }

    place.room("unlimited");
    let after = refused[4] + 1;
    assert!(send(after).starts_with("HTTP/1.1 303"), "it goes on");
    let all = read_back(&place, &messages, &cookie);
    for n in kept.iter().chain([&after]) {
        assert_eq!(all.matches(&format!("word-{n}-end")).count(), 1, "message {n} was answered");
    }
    for n in &refused {
        assert!(!all.contains(&format!("word-{n}-end")), "message {n} was refused");
    }
    println!("{} messages were kept and {} refused", kept.len(), refused.len());
}

/// Two hundred people sign in with a password at once. Each hash takes 19 MiB; two at a time are made, and whoever would
/// wait too long is told when to come back.
#[cfg(target_os = "linux")]
#[test]
fn a_flood_of_sign_ins_is_bounded_in_memory() {
    let data = folder();
    let place = Place::start_as(&["demo", "--trusted-proxies", "127.0.0.1"], data.path());
    let before = place.memory("VmRSS");
    let at = place.at;
    let tries: Vec<_> = (0..200)
        .map(|n| {
            std::thread::spawn(move || {
                let mut stream = TcpStream::connect(at).expect("a connection");
                let body = "address=nobody%40village.example&password=a+wrong+guess+at+it";
                let head = format!(
                    "POST /sign-in/password HTTP/1.1\r\nHost: {at}\r\nOrigin: http://{at}\r\nX-Forwarded-For: 198.51.{}.{}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
                    n / 100,
                    n % 100,
                    body.len()
                );
                stream.write_all(head.as_bytes()).expect("a request");
                answer(&mut stream).expect("an answer")
            })
        })
        .collect();
    let answers: Vec<String> = tries.into_iter().map(|t| t.join().expect("an answer")).collect();
    let (told_wrong, told_later): (Vec<_>, Vec<_>) = answers.iter().partition(|a| a.starts_with("HTTP/1.1 422"));
    assert!(told_wrong.len() >= 64, "{}", told_wrong.len());
    for answer in &told_later {
        assert!(answer.starts_with("HTTP/1.1 503") && answer.to_lowercase().contains("\r\nretry-after: "), "{answer}");
    }
    let peak = place.memory("VmHWM");
    println!("{} were told it was wrong, {} to come back; {before} MiB before, {peak} at most", told_wrong.len(), told_later.len());
    assert!(peak - before <= 64, "{before} MiB before, {peak} at most");
}
