//! Stories about people who write to each other.

use crate::asks::stories::Asking;
use crate::config::Config;
use crate::live::stories::listens;
use crate::mail::receive::{self, Outcome};
use crate::people::OpenTo;
use crate::story::{Actor, Answer, Arrived, Story, story, story_in};

/// Two people who have begun to work together, and where they write to each other.
pub fn two<'s>(s: &'s Story) -> ([Actor<'s>; 2], String) {
    let [amina, tomas] = s.people(["Amina", "Tomas"]);
    tomas.is_open_to(OpenTo::Mentor, 1);
    let ask = amina.asks(&tomas, "Work with data");
    let relationship = tomas.posts(&format!("{ask}/accept"), &[]).goes();
    ([amina, tomas], relationship)
}

/// What people do with messages.
pub trait Writing {
    fn writes(&self, relationship: &str, words: &str) -> Answer;
    /// Opens the conversation, as a browser with scripts does: the page says by itself that it was seen.
    fn reads_messages(&self, relationship: &str) -> Answer;
}

impl Writing for Actor<'_> {
    fn writes(&self, relationship: &str, words: &str) -> Answer {
        self.posts(&format!("{relationship}/messages"), &[("words", words)])
    }
    fn reads_messages(&self, relationship: &str) -> Answer {
        let page = self.gets(&format!("{relationship}/messages")).ok();
        let html = page.html();
        if let Some(number) = html.split("id=\"seen-").nth(1).and_then(|rest| rest.split('"').next()) {
            self.posts(&format!("{relationship}/messages/seen"), &[("number", number)]).goes();
        }
        page
    }
}

#[test]
fn p24_what_one_writes_the_other_reads_and_answers() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        amina.writes(&relationship, "Could we look at **one spreadsheet** on Tuesday?").goes();
        amina.does_not_see("/relationships", "new messages");
        tomas.sees("/relationships", "new messages");
        tomas.sees(&relationship, "Messages 1");
        tomas.sees("/today", "Amina has written to you");
        tomas.is_told("Amina has written to you");
        tomas.reads_messages(&relationship).shows("one spreadsheet");
        tomas.does_not_see("/relationships", "new messages");
        tomas.does_not_see("/today", "Amina has written to you");
        tomas.writes(&relationship, "Gladly. Bring the ugly one.").goes();
        let page = amina.reads_messages(&relationship);
        assert!(page.html().contains("<strong>one spreadsheet</strong>"));
        let text = page.shows("Gladly.").text();
        assert!(text.find("one spreadsheet") < text.find("Gladly."), "the newest stands at the foot: {text}");
    });
}

#[test]
fn p24_a_long_conversation_is_read_backwards_page_by_page() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        for n in 1..=95 {
            amina.writes(&relationship, &format!("Line {n}.")).goes();
        }
        let messages = format!("{relationship}/messages");
        let newest = tomas.gets(&messages).ok().shows("Line 95.").shows("Line 56.").hides("Line 55.").shows("Earlier messages");
        assert!(newest.html().contains(&format!("{messages}?before=56")));
        tomas.gets(&format!("{messages}?before=56")).ok().shows("Line 55.").shows("Line 16.").hides("Line 15.").hides("Line 56.");
        tomas
            .gets(&format!("{messages}?before=16"))
            .ok()
            .shows("Line 15.")
            .shows("Line 1.")
            .hides("Earlier messages")
            .shows("To the newest");
        tomas.sees(&relationship, "Messages 95");
    });
}

#[test]
fn p24_pressing_send_twice_sends_once() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let messages = format!("{relationship}/messages");
        let html = amina.gets(&messages).ok().html();
        let id = html.split("name=\"message\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an id").to_owned();
        for _ in 0..2 {
            amina.posts(&messages, &[("words", "Once."), ("message", &id)]).goes();
        }
        tomas.sees(&relationship, "Messages 1");
        // The id of somebody else's message leads nowhere.
        let [mallory, lea] = s.people(["Mallory", "Lea"]);
        lea.is_open_to(OpenTo::Mentor, 1);
        let ask = mallory.asks(&lea, "Something else");
        let theirs = lea.posts(&format!("{ask}/accept"), &[]).goes();
        assert_eq!(mallory.posts(&format!("{theirs}/messages"), &[("words", "Mine."), ("message", &id)]).state, 404);
    });
}

#[test]
fn p25_a_message_is_mended_for_some_minutes_and_taken_back_for_a_day() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let messages = format!("{relationship}/messages");
        amina.writes(&relationship, "See you on Tusday.").goes();
        let (edit, back) = (format!("{messages}/1/edit"), format!("{messages}/1/take-back"));
        assert_eq!(tomas.posts(&edit, &[("words", "No.")]).state, 404);
        assert_eq!(tomas.posts(&back, &[]).state, 404);
        amina.sees(&messages, "Mend or take back");
        amina.posts(&edit, &[("words", "See you on Tuesday.")]).goes();
        tomas.gets(&messages).ok().shows("See you on Tuesday.").shows("Edited").hides("Tusday");
        s.clock_moves(jiff::SignedDuration::from_mins(11));
        amina.posts(&edit, &[("words", "Wednesday.")]).refuses("for ten minutes");
        amina.posts(&back, &[]).goes();
        tomas.gets(&messages).ok().shows("Amina took this back.").hides("Tuesday");
        assert_eq!(s.does(|tx| Ok(tx.all::<(i64,)>("select number from messages where words is not null", &[])?.len())), 0);
        amina.writes(&relationship, "This stays.").goes();
        s.days_pass(1);
        amina.posts(&format!("{messages}/2/take-back"), &[]).refuses("taken back for a day");
    });
}

#[test]
fn p25_a_conversation_is_only_there_for_those_in_it() {
    story(|s| {
        let ([amina, _], relationship) = two(s);
        amina.writes(&relationship, "Between us.").goes();
        let ada = s.administrator("Ada");
        let [mallory] = s.people(["Mallory"]);
        let messages = format!("{relationship}/messages");
        for stranger in [&ada, &mallory] {
            stranger.finds_nothing(&messages);
            stranger.finds_nothing(&format!("{messages}/1"));
            for (end, field) in [("", "words"), ("/seen", "number"), ("/1/edit", "words"), ("/1/take-back", "x")] {
                assert_eq!(stranger.posts(&format!("{messages}{end}"), &[(field, "1")]).state, 404, "{end}");
            }
        }
    });
}

#[test]
fn p32_nothing_is_written_where_it_is_over_and_a_sentence_says_why() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        amina.writes(&relationship, "Thank you.").goes();
        tomas.posts(&format!("{relationship}/end"), &[]).goes();
        let messages = format!("{relationship}/messages");
        amina.gets(&messages).ok().shows("Thank you.").shows("This ended on").hides("Write to Tomas");
        amina.writes(&relationship, "One more thing.").refuses("ended already");
        let id = relationship.rsplit('/').next().and_then(|id| id.parse::<crate::relationships::RelationshipId>().ok()).expect("an id");
        s.does(move |tx| Ok(tx.execute("update relationships set state = 'frozen', ended_at = null where id = $1", &[&id])?));
        amina.gets(&messages).ok().shows("Writing is stopped here for now").hides("Write to Tomas");
        amina.writes(&relationship, "Hello?").refuses("frozen");
        assert!(amina.posts(&format!("{messages}/1/take-back"), &[]).state >= 400, "what was written is kept");
    });
}

/// A place that can be answered by mail.
fn answerable(tell: impl Fn(&Story)) {
    story_in(&Config { reply_domain: Some("reply.village.example".into()), ..Config::default() }, true, tell);
}

/// Answers a letter, as a mail program does: with what it answers quoted below.
fn answers(s: &Story, who: &Actor, letter: &Arrived, words: &str) -> Outcome {
    let to = letter.header("Reply-To")[0].trim_start_matches("Reply-To: ").to_owned();
    let quoted: String = letter.text.lines().map(|line| format!("> {line}\n")).collect();
    let raw = format!(
        "From: {} <{}>\nTo: {to}\nMessage-ID: <{}@x>\nSubject: Re: {}\n\n{words}\n\nOn Mon, 2 Nov 2026 at 09:00, The Village wrote:\n{quoted}",
        who.name,
        who.address(),
        words.len(),
        letter.subject
    );
    s.waits(receive::take(s.app(), raw.replace('\n', "\r\n").as_bytes())).expect("an outcome")
}

#[test]
fn p24_a_message_comes_by_mail_and_the_answer_to_the_letter_is_a_message() {
    answerable(|s| {
        let ([amina, tomas], relationship) = two(s);
        tomas.letters();
        amina.writes(&relationship, "Could we look at one spreadsheet on Tuesday?").goes();
        amina.writes(&relationship, "It is an ugly one.").goes();
        let letter = tomas.reads_in_letter("Could we look at one spreadsheet on Tuesday?");
        assert!(letter.says("It is an ugly one."));
        assert_eq!(letter.subject, "Amina has written to you");
        // Two messages that waited for the same letter are one letter and one notice.
        assert_eq!(tomas.letters().iter().filter(|l| l.subject == letter.subject).count(), 1);
        // What came after the letter is in the next one, alone.
        amina.writes(&relationship, "Or on Wednesday.").goes();
        let next = tomas.reads_in_letter("Or on Wednesday.");
        assert!(!next.says("Tuesday"));

        assert_eq!(answers(s, &tomas, &letter, "Gladly, on Tuesday."), Outcome::Taken { noun: "message" });
        let page = amina.reads_messages(&relationship).shows("Gladly, on Tuesday.").text();
        assert_eq!(page.matches("Could we look at one spreadsheet").count(), 1, "nothing quoted comes back: {page}");
        // A stranger who has the letter cannot answer in his name.
        let [mallory] = s.people(["Mallory"]);
        assert!(matches!(answers(s, &mallory, &letter, "I am Tomas, believe me."), Outcome::Ignored(_)));
        // Once it has ended, an answer is refused by mail, and says so.
        amina.posts(&format!("{relationship}/end"), &[]).goes();
        assert!(matches!(answers(s, &tomas, &letter, "One thing more that I forgot."), Outcome::Refused(_)));
        assert!(tomas.letters().iter().any(|l| l.says("did not reach anybody")));
    });
}

#[test]
fn p24_who_has_read_it_here_gets_no_letter() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let before = tomas.letters().len();
        amina.writes(&relationship, "Are you there?").goes();
        tomas.reads_messages(&relationship).shows("Are you there?");
        assert_eq!(tomas.letters().len(), before);
        assert_eq!(tomas.viewer().unread, tomas.gets("/notices").ok().html().matches("class=\"row notice unread\"").count() as i64);
        // Taken back before the letter left, there is nothing to tell.
        amina.writes(&relationship, "Never mind this.").goes();
        amina.posts(&format!("{relationship}/messages/2/take-back"), &[]).goes();
        assert_eq!(tomas.letters().len(), before);
    });
}

#[test]
fn p24_an_open_page_is_woken_and_shows_the_message_at_once() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let [lea] = s.people(["Lea"]);
        let (mut his, mut strangers) = (listens(&tomas), listens(&lea));
        amina.writes(&relationship, "Now.").goes();
        let took = his.hears("event: messages").expect("still open");
        assert!(took < std::time::Duration::from_millis(500), "{took:?}");
        assert!(!strangers.hears_meanwhile().contains("event"));
        // What the woken page asks for is the conversation itself.
        let page = tomas.gets(&format!("{relationship}/messages")).ok();
        assert!(page.html().contains("hx-trigger=\"messages from:body\"") && page.text().contains("Now."));
    });
}

/// The address of the only file on a page.
fn file_on(page: &Answer) -> String {
    let html = page.html();
    html.split("href=\"").find_map(|rest| rest.split('"').next().filter(|path| path.contains("/files/"))).expect("a file").to_owned()
}

#[test]
fn p24_a_file_goes_with_a_message_and_is_saved_never_opened() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let messages = format!("{relationship}/messages");
        let pdf = b"%PDF-1.4 <html><script>alert(1)</script> my CV";
        amina.uploads(&messages, &[("words", "My CV.")], ("files", pdf)).goes();
        let path = file_on(&tomas.gets(&messages).ok().shows("PDF, 1 KB"));
        let file = tomas.gets(&path).ok();
        let header = |name: &str| file.headers[name].to_str().expect("words").to_owned();
        assert_eq!(file.body, pdf);
        assert_eq!(header("content-type"), "application/pdf");
        assert_eq!(header("content-disposition"), "attachment; filename=\"message-1-1.pdf\"");
        assert_eq!((header("x-content-type-options"), header("cache-control")), ("nosniff".into(), "no-store".into()));
        assert!(header("content-security-policy").contains("sandbox"));
        let [mallory] = s.people(["Mallory"]);
        mallory.finds_nothing(&path);
        s.administrator("Ada").finds_nothing(&path);
        // It is found in its own conversation only, and gone when the message is taken back.
        tomas.finds_nothing(&path.replace("/1/files/", "/2/files/"));
        amina.posts(&format!("{messages}/1/take-back"), &[]).goes();
        tomas.finds_nothing(&path);
        assert_eq!(s.does(|tx| Ok(tx.all::<(i64,)>("select size from message_files", &[])?.len())), 0);
    });
}

#[test]
fn p24_a_picture_is_drawn_anew_and_shown_and_the_rest_is_refused_in_words() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let messages = format!("{relationship}/messages");
        let mut picture = std::io::Cursor::new(Vec::new());
        image::RgbImage::new(300, 200).write_to(&mut picture, image::ImageFormat::Png).expect("a picture");
        let sent = [&picture.into_inner()[..], b"<script>alert(1)</script>"].concat();
        amina.uploads(&messages, &[("words", "")], ("files", &sent)).goes();
        let file = tomas.gets(&file_on(&tomas.gets(&messages).ok())).ok();
        assert_eq!(file.headers["content-disposition"], "inline; filename=\"message-1-1.jpg\"");
        assert_eq!(image::guess_format(&file.body).ok(), Some(image::ImageFormat::Jpeg));
        assert!(!file.body.windows(7).any(|part| part == b"<script"));
        for (sent, words) in [
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(), "SVG drawings can run programs"),
            (b"<!doctype html><script>alert(1)</script>".to_vec(), "Web pages"),
            (b"MZ\x90\0".to_vec(), "We pass on pictures"),
            (b"\x89PNG\r\n\x1a\nbroken".to_vec(), "could not be read"),
            (vec![b'x'; (8 << 20) + 1], "larger than 8 MB"),
            (vec![b'x'; 13 << 20], "12 MB together"),
        ] {
            let answer = amina.uploads(&messages, &[("words", "What I typed stays.")], ("files", &sent));
            let is_whole = sent.len() < 12 << 20;
            let answer = answer.refuses(words);
            assert!(!is_whole || answer.text().contains("What I typed stays."), "{words}");
        }
        tomas.does_not_see(&messages, "What I typed stays.");
    });
}

#[test]
fn p29_the_listener_says_what_was_heard_and_the_other_says_whether_that_is_it() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let messages = format!("{relationship}/messages");
        amina.writes(&relationship, "I could do the job, but in meetings I say nothing, and afterwards I am cross with myself.").goes();
        tomas.sees(&messages, "Say what you heard");
        let heard = format!("{messages}/1/heard");
        assert_eq!(amina.posts(&heard, &[("heard", "Myself.")]).state, 404);
        tomas.posts(&heard, &[("heard", "One.\nTwo.\nThree.")]).refuses("Two lines are enough");
        tomas.posts(&heard, &[("heard", "You know what to say.\nThe meeting is where it stops.")]).goes();
        tomas.posts(&heard, &[("heard", "Again.")]).refuses("already");
        amina.is_told("Tomas says what your message meant");
        amina.gets(&messages).ok().shows("Tomas heard:").shows("The meeting is where it stops.").shows("Say whether that is it");
        let answer = format!("{heard}/answer");
        assert_eq!(tomas.posts(&answer, &[]).state, 404);
        amina.posts(&answer, &[("correction", "")]).refuses("what you meant");
        amina.posts(&answer, &[("correction", "Not every meeting: only with my manager.")]).goes();
        amina.posts(&answer, &[]).refuses("any more");
        tomas.is_told("Amina puts right what you heard");
        tomas.gets(&messages).ok().shows("only with my manager").shows("and it was put right: well that you asked");

        amina.writes(&relationship, "So on Thursday I will say one sentence.").goes();
        tomas.posts(&format!("{messages}/2/heard"), &[("heard", "One sentence, on Thursday.")]).goes();
        amina.posts(&format!("{messages}/2/heard/answer"), &[]).goes();
        tomas.is_told("Amina says that you heard it right");
        for who in [&amina, &tomas] {
            who.sees(&messages, "Of 2 times that one of you said what you heard, 1 were right at once.");
        }
        s.administrator("Ada").finds_nothing(&messages);
    });
}

#[test]
fn p25_the_hard_things_have_an_opening_that_is_not_a_letter() {
    story(|s| {
        let ([amina, _], relationship) = two(s);
        let messages = format!("{relationship}/messages");
        amina.gets(&messages).ok().shows("Hard to say?").shows("I am more stuck than I have let on.");
        let page = amina.gets(&format!("{messages}?opening=stuck")).ok().html();
        assert!(page.contains(">\nI am more stuck than I have let on. Where it stops is </textarea>"), "{page}");
        let page = amina.gets(&format!("{messages}?question=first-15")).ok().html();
        assert!(page.contains("detours taught you the most?</textarea>"));
        assert!(super::openings::ALL.iter().all(|o| o.words.len() < 120), "an opening is short");
    });
}

/// Whether these words stand anywhere in the files of a folder, as they are.
fn stands_in(folder: &std::path::Path, words: &[u8]) -> Option<std::path::PathBuf> {
    let files = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    files.filter(|path| path.is_file()).find(|path| std::fs::read(path).expect("bytes").windows(words.len()).any(|part| part == words))
}

#[test]
fn p25_what_two_people_write_stands_in_no_file_no_backup_no_log_and_no_export_of_others() {
    const WORDS: &str = "the secret that only the two of them know";
    const FILE: &[u8] = b"%PDF-1.4 the secret that lies in a file";
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let messages = format!("{relationship}/messages");
        amina.uploads(&messages, &[("words", WORDS)], ("files", FILE)).goes();
        tomas.posts(&format!("{messages}/1/heard"), &[("heard", WORDS)]).goes();
        amina.posts(&format!("{messages}/1/heard/answer"), &[("correction", WORDS)]).goes();
        amina.posts(&format!("{relationship}/notebook"), &[("words", WORDS)]).goes();
        tomas.letters();
        let ada = s.administrator("Ada");

        // The files of the database, its journal included, and a backup, unpacked.
        for secret in [WORDS.as_bytes(), FILE] {
            assert_eq!(stands_in(s.folder(), secret), None);
        }
        let backup = s.folder().join(format!("{:?}.backup", s.app().db.engine()));
        s.waits(crate::operate::back_up(s.app(), &backup)).expect("a backup");
        let mut unpacked = String::new();
        let packed = flate2::read::GzDecoder::new(std::fs::File::open(&backup).expect("the backup"));
        std::io::Read::read_to_string(&mut { packed }, &mut unpacked).expect("text");
        let in_base64 = data_encoding::BASE64.encode(&FILE[..30]);
        let in_hex = data_encoding::HEXLOWER.encode(&FILE[..30]);
        assert!(
            unpacked.contains("\"messages\"") && ![WORDS, "secret that lies", &in_base64, &in_hex].iter().any(|s| unpacked.contains(s))
        );

        // Every page there is, for the highest office, with this conversation in its address.
        let id = relationship.rsplit('/').next().expect("an id");
        for (method, path, _) in crate::web::route_table(crate::slices::SLICES) {
            if method == "GET" && path != "/live" {
                let path = path.replace("{id}", id).replace("{number}", "1").replace("{kept}", id).replace("{file}", id);
                let answer = ada.gets(&path);
                assert!(!String::from_utf8_lossy(&answer.body).contains("the secret that"), "{path} shows it");
            }
        }
        let (hers, his, adas) = (amina.person(), tomas.person(), ada.person());
        let export = |person| s.does(move |tx| crate::people::verbs::export(tx, person)).to_string();
        assert!(export(hers).contains(WORDS) && export(hers).contains(&data_encoding::BASE64.encode(FILE)));
        assert!(export(his).contains(WORDS) && !export(adas).contains("the secret that"));
        let log: Vec<(String, String)> = s.does(|tx| Ok(tx.all("select kind, people from happenings", &[])?));
        assert!(log.iter().any(|l| l.0 == "message sent") && !log.iter().any(|l| format!("{l:?}").contains("secret")));

        // Forgetting one of them destroys the key, and the files are gone.
        s.does(move |tx| crate::people::verbs::forget(tx, hers));
        tomas.gets(&messages).ok().shows("This was forgotten.").hides("the secret that");
        let left: Vec<(i64,)> = s.does(|tx| Ok(tx.all("select size from message_files", &[])?));
        assert_eq!(left.len(), 0);
        assert!(!export(his).contains(WORDS));
    });
}

#[test]
fn p24_two_who_write_at_the_same_moment_get_two_numbers() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let path = format!("{relationship}/messages");
        let requests: Vec<_> = (0..6)
            .map(|n| {
                if n % 2 == 0 {
                    amina.request_to_post(&path, &[("words", "From me.")])
                } else {
                    tomas.request_to_post(&path, &[("words", "And me.")])
                }
            })
            .collect();
        let answers = s.waits(futures_util::future::join_all(requests.into_iter().map(|request| s.answers(request))));
        assert!(answers.iter().all(|a| a.state == 303), "{:?}", answers.iter().map(|a| a.state).collect::<Vec<_>>());
        let numbers: Vec<(i64,)> = s.does(|tx| Ok(tx.all("select number from messages order by number", &[])?));
        assert_eq!(numbers.into_iter().map(|n| n.0).collect::<Vec<_>>(), (1..=6).collect::<Vec<_>>());
    });
}

#[test]
fn p24_who_has_not_answered_in_the_time_between_them_is_reminded_once() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let reminders = |who: &Actor| who.was_told().iter().filter(|w| w.title.ends_with("may be waiting for a word from you")).count();
        amina.writes(&relationship, "Could you look at page two?").goes();
        s.days_pass(2);
        amina.writes(&relationship, "And at page three?").goes();
        assert_eq!(reminders(&tomas), 0);
        // Three days after the first of them, because nothing else was agreed; and only once.
        s.hours_pass(25);
        tomas.is_told("Amina may be waiting for a word from you");
        amina.writes(&relationship, "No hurry.").goes();
        s.days_pass(8);
        assert_eq!((reminders(&tomas), reminders(&amina)), (1, 0));
        // With an answer there is nothing left to say, and now it is for her to answer.
        tomas.writes(&relationship, "Both are good.").goes();
        assert_eq!(reminders(&tomas), 0);
        s.days_pass(4);
        amina.is_told("Tomas may be waiting for a word from you");
        // Where it has ended nobody is reminded.
        amina.writes(&relationship, "Thank you!").goes();
        tomas.posts(&format!("{relationship}/end"), &[]).goes();
        s.days_pass(4);
        assert_eq!(reminders(&tomas), 0);
    });
}
