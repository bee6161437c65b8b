//! Letters, told as stories. The mail server in them is a real one, on a socket, in whatever mood the story needs.

use super::deliver::{self, Post};
use super::receive::{Outcome, take};
use super::sink::{AUTHORITY, Certificate, Mood, Sink, Speaks};
use super::smtp::Server;
use super::{Letter, Recipient, reply, sql, verbs};
use crate::config::Config;
use crate::notices::Greeting;
use crate::story::{Actor, Arrived, Story, story, story_in};
use chiron_store::sql;

trait Posting {
    fn is_written_to(&self, subject: &str);
}
impl Posting for Actor<'_> {
    fn is_written_to(&self, subject: &str) {
        let (to, subject) = (Recipient::Person(self.person()), subject.to_owned());
        self.story.does(move |tx| {
            let lines = vec!["Only the bearer of this may read it.".to_owned(), ".a line that begins with a dot".to_owned()];
            verbs::post(tx, Letter { lines, ..Letter::to(to.clone(), "test letter", subject.as_str(), "because you asked") })
        });
    }
}

fn through(s: &Story, mood: Mood) -> Sink {
    let sink = Sink::open(mood);
    s.posts_through(Post::Smtp(Server::of(&sink.url).expect("a server")));
    sink
}
fn minutes(s: &Story, minutes: i64) {
    s.clock_moves(jiff::SignedDuration::from_mins(minutes));
    s.sweeps_run();
}

#[test]
fn a_letter_waits_sealed_and_its_words_are_gone_once_it_is_sent() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        amina.is_written_to("Hello");
        let body = |s: &Story| -> Option<crate::seal::Sealed> {
            s.does(|tx| Ok(tx.one::<(Option<crate::seal::Sealed>,)>(sql!("select body from letters"), &[])?.0))
        };
        let sealed = body(s).expect("a body");
        assert_eq!(s.does(move |tx| sql::open(tx, &sealed)).subject, "Hello");
        amina.reads_in_letter("Only the bearer of this may read it.");
        assert!(body(s).is_none());
    });
}

#[test]
fn someone_without_an_address_gets_no_letter() {
    story(|s| {
        let nobody = s.does(|tx| crate::people::verbs::join(tx, &crate::people::Newcomer { name: "Nobody".into(), ..Default::default() }));
        let posted = s.does(move |tx| verbs::post(tx, Letter::to(Recipient::Person(nobody), "test letter", "Hello", "because")));
        assert!(posted.is_none());
    });
}

#[test]
fn no_name_or_subject_breaks_out_of_its_header() {
    story(|s| {
        let [evil] = s.people(["Eve\u{85}\u{2028}Bcc: all@example.org"]);
        let sink = through(s, Mood::Well);
        let to = evil.person();
        s.does(move |tx| {
            let address = tx.one::<(String,)>(sql!("select email from accounts where person_id = $1"), &[&to])?.0;
            // However it came into the row.
            let name = Some("Eve\r\nBcc: all@example.org\r\n\r\n<b>x</b>\0 \"; drop".to_owned());
            assert!(address.ends_with("@village.example"));
            let subject = "Hi\r\nX-Evil: 1\n\nBody %s%n {{7*7}} ".to_owned() + &"long ".repeat(80) + "ÿ\u{202e}";
            verbs::post(
                tx,
                Letter::to(Recipient::Address { name, address: "eve@village.example".into() }, "test letter", subject, "because"),
            )
        });
        s.sweeps_run();
        let raw = sink.came().pop().expect("a letter");
        let head = String::from_utf8(raw.clone()).expect("plain").split("\r\n\r\n").next().expect("a head").to_owned();
        let names: Vec<_> =
            head.split("\r\n").filter(|l| !l.starts_with([' ', '\t'])).filter_map(|l| l.split_once(':')).map(|(n, _)| n).collect();
        assert_eq!(
            names,
            ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"],
            "exactly the headers we wrote:\n{head}"
        );
        assert!(head.bytes().all(|b| (32..127).contains(&b) || matches!(b, b'\r' | b'\n' | b'\t')), "{head}");
        assert!(head.split("\r\n").all(|l| l.len() <= 998));
        assert!(Arrived::of(&raw).subject.starts_with("Hi X-Evil: 1 Body %s%n {{7*7}} long"));
        assert_eq!(sink.heard().iter().filter(|l| l.starts_with("RCPT")).count(), 1);
    });
}

#[test]
fn a_server_that_is_busy_is_asked_again_and_gets_the_letter_once() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let root = s.administrator("Root");
        let sink = through(s, Mood::Busy);
        amina.is_written_to("Hello");
        s.sweeps_run();
        root.gets("/place/outbox").ok().shows("To amina@village.example").shows("451").shows("tried once").hides("bearer");
        for _ in 0..30 {
            minutes(s, 2);
        }
        let tries = sink.heard().iter().filter(|l| l.starts_with("RCPT")).count();
        assert!((3..=6).contains(&tries), "waits grow: {tries} tries in an hour");
        sink.mood(Mood::Well);
        for _ in 0..30 {
            minutes(s, 10);
        }
        assert_eq!(sink.came().len(), 1);
        assert!(
            Arrived::of(&sink.came()[0]).text.contains("\n.a line that begins with a dot")
                || Arrived::of(&sink.came()[0]).text.contains(".a line")
        );
        root.gets("/place/outbox?state=sent").ok().shows("amina@village.example").hides("451");
    });
}

#[test]
fn a_server_that_says_never_is_believed_until_somebody_tries_again() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let root = s.administrator("Root");
        let sink = through(s, Mood::Refusing);
        amina.is_written_to("Hello");
        s.days_pass(1);
        assert_eq!(sink.heard().iter().filter(|l| l.starts_with("RCPT")).count(), 1);
        let page = root.gets("/place/outbox?state=stuck").ok().shows("550").shows("nobody of that name here").html();
        let again = page.split("action=\"/place/outbox/").nth(1).and_then(|p| p.split('"').next()).expect("a button").to_owned();
        assert_eq!(amina.posts(&format!("/place/outbox/{again}"), &[]).state, 404, "not hers to press");
        amina.finds_nothing("/place/outbox");
        sink.mood(Mood::Well);
        root.posts(&format!("/place/outbox/{again}"), &[]).goes();
        s.sweeps_run();
        assert_eq!(sink.came().len(), 1);
        root.posts(&format!("/place/outbox/{again}"), &[]).refuses("cannot be sent again");
    });
}

#[test]
fn a_server_that_hangs_up_after_the_letter_gets_it_three_times_at_most_under_one_name() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let root = s.administrator("Root");
        let sink = through(s, Mood::Dropping);
        amina.is_written_to("Hello");
        s.days_pass(4);
        let names: Vec<_> = sink
            .came()
            .iter()
            .flat_map(|raw| Arrived::of(raw).header("Message-ID").iter().map(ToString::to_string).collect::<Vec<_>>())
            .collect();
        assert_eq!(names.len(), 3);
        assert!(names.iter().all(|n| *n == names[0]), "{names:?}");
        root.sees("/place/outbox?state=stuck", "it may have arrived");
    });
}

#[test]
fn a_server_that_says_nothing_is_given_up_in_time_and_holds_nobody_up() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let root = s.administrator("Root");
        for (mood, came) in [(Mood::Silent, 0), (Mood::Stalling, 1)] {
            let sink = Sink::open(mood);
            let server = Server::of(&sink.url).expect("a server").patient_for(std::time::Duration::from_millis(600));
            s.posts_through(Post::Smtp(server));
            amina.is_written_to("Hello");
            let delivering = tokio::time::Duration::from_secs(20);
            s.waits(async {
                let (done, page) = tokio::join!(
                    tokio::time::timeout(delivering, deliver::deliver(s.app().clone())),
                    s.answers(root.request_to_get("/today")),
                );
                assert_eq!(page.state, 200, "pages are answered meanwhile");
                done.expect("in time").expect("recorded");
            });
            assert_eq!(sink.came().len(), came);
            root.sees("/place/outbox", "nothing was said for too long");
            minutes(s, 2);
        }
    });
}

#[test]
fn a_program_that_ends_between_sending_and_recording_sends_again_under_the_same_name() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let sink = through(s, Mood::Well);
        amina.is_written_to("Hello");
        // Claimed, sent, and then the power goes: nothing is recorded.
        let claimed = s.does(|tx| deliver::claim(tx, 8));
        assert_eq!(claimed.len(), 1);
        s.sweeps_run();
        assert_eq!(sink.came().len(), 0, "the claim stands for a while");
        minutes(s, 6);
        assert_eq!(sink.came().len(), 1);
        assert_eq!(Arrived::of(&sink.came()[0]).header("Message-ID"), [format!("Message-ID: {}", claimed[0].message_id)]);
        minutes(s, 600);
        assert_eq!(sink.came().len(), 1);
    });
}

#[test]
fn two_that_claim_at_once_never_claim_the_same() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        for _ in 0..12 {
            amina.is_written_to("Hello");
        }
        let claims = (0..4).map(|_| s.app().write(|tx| deliver::claim(tx, 5)));
        let claimed: Vec<_> =
            s.waits(futures_util::future::join_all(claims)).into_iter().flat_map(|c| c.expect("a claim")).map(|l| l.id).collect();
        let different: std::collections::BTreeSet<_> = claimed.iter().collect();
        assert_eq!(different.len(), claimed.len());
        assert_eq!(claimed.len(), 12);
    });
}

#[test]
fn a_server_that_cannot_be_spoken_to_is_left_alone_for_a_minute() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let root = s.administrator("Root");
        let sink = through(s, Mood::Closed);
        for _ in 0..20 {
            amina.is_written_to("Hello");
        }
        s.sweeps_run();
        root.gets("/place/outbox").ok().shows("554").shows("not today");
        let waiting = s.does(|tx| Ok(tx.one::<(i64,)>(sql!("select count(*) from letters where attempts = 0"), &[])?.0));
        assert_eq!(waiting, 12, "the others were not even tried");
        sink.mood(Mood::Well);
        for _ in 0..5 {
            minutes(s, 2);
        }
        assert_eq!(sink.came().len(), 20);
    });
}

#[test]
fn what_is_of_no_use_any_more_is_not_sent_late() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        s.posts_through(Post::Nowhere);
        amina.is_written_to("Hello");
        s.days_pass(4);
        let sink = through(s, Mood::Well);
        s.days_pass(1);
        assert_eq!(sink.came().len(), 0);
        s.days_pass(30);
        assert_eq!(s.does(|tx| Ok(tx.one::<(i64,)>(sql!("select count(*) from letters"), &[])?.0)), 0, "and forgotten after a month");
    });
}

#[test]
fn without_mail_the_administrator_passes_sign_in_links_on_and_sees_no_other() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let root = s.administrator("Root");
        s.posts_through(Post::Nowhere);
        let to = amina.person();
        s.does(move |tx| {
            for (showable, path) in [(true, "/sign-in/good"), (false, "/asks/secret")] {
                let button = Some(("Go".to_owned(), path.to_owned()));
                verbs::post(tx, Letter { button, showable, ..Letter::to(Recipient::Person(to), "sign-in link", "Your link", "because") })?;
            }
            Ok(())
        });
        let page = root.gets("/place/outbox").ok().shows("No mail is configured").html();
        assert!(page.contains("/sign-in/good") && !page.contains("/asks/secret"));
        // Whoever is signed out and runs the place finds the same at the terminal.
        let links = s.does(verbs::links_that_wait).expect("no letter leaves");
        assert!(matches!(&links[..], [(to, link)] if to == "amina@village.example" && link.ends_with("/sign-in/good")), "{links:?}");
        // As soon as letters leave, nobody but its reader sees a link.
        let _sink = through(s, Mood::Busy);
        s.sweeps_run();
        assert_eq!(s.does(verbs::links_that_wait), None);
        assert!(!root.gets("/place/outbox").ok().html().contains("/sign-in/good"));
    });
}

/// Letters leave through a server that speaks TLS; whether its authority is trusted is a setting.
fn through_tls(s: &Story, speaks: Speaks, trusting: bool) -> Sink {
    let sink = Sink::speaking(speaks, Mood::Well);
    let url = sink.url.replace("://", "://robot:s3cret@");
    let server = Server::of(&url).expect("a server");
    let server = if trusting { server.trusting(AUTHORITY).expect("an authority") } else { server };
    s.posts_through(Post::Smtp(server));
    sink
}

#[test]
fn letters_leave_encrypted_from_the_start_or_from_starttls_on() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        for speaks in [Speaks::Tls(Certificate::Here), Speaks::StartTls(Certificate::Here)] {
            let sink = through_tls(s, speaks, true);
            amina.is_written_to("Hello");
            s.sweeps_run();
            assert_eq!(sink.came().len(), 1, "{speaks:?}: {:?}", sink.heard());
            let heard = sink.heard();
            let place = |word: &str| heard.iter().position(|line| line.starts_with(word));
            // The password and the letter come after the change, never before.
            assert!(place("AUTH") > place("STARTTLS"), "{heard:?}");
            assert_eq!(
                heard.iter().filter(|line| line.starts_with("STARTTLS")).count(),
                usize::from(speaks != Speaks::Tls(Certificate::Here))
            );
        }
    });
}

#[test]
fn a_wrong_certificate_is_refused_with_a_sentence_that_names_the_setting() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let root = s.administrator("Root");
        amina.is_written_to("Hello");
        for (certificate, trusting, words) in [
            (Certificate::Here, false, "give that authority's certificate with CHIRON_MAIL_CA_FILE"),
            (Certificate::Elsewhere, true, "is made out to another name; CHIRON_SMTP has to name the server"),
            (Certificate::Expired, true, "has expired"),
        ] {
            for speaks in [Speaks::Tls(certificate), Speaks::StartTls(certificate)] {
                let sink = through_tls(s, speaks, trusting);
                root.posts("/place/outbox", &[]);
                minutes(s, 300);
                assert!(sink.connections() > 0, "{speaks:?} was tried");
                assert!(sink.came().is_empty(), "{speaks:?}");
                assert!(!sink.heard().iter().any(|line| line.starts_with("AUTH") || line.starts_with("MAIL")), "{:?}", sink.heard());
                root.gets("/place/outbox").ok().shows(words).hides("s3cret");
            }
        }
        // A server that is to change to TLS and cannot gets nothing either.
        let sink = Sink::open(Mood::Well);
        s.posts_through(Post::Smtp(Server::of(&format!("{}?tls=required", sink.url)).expect("a server")));
        minutes(s, 600);
        assert!(sink.connections() > 0 && sink.came().is_empty());
    });
}

/// A place that can be answered by mail.
fn answerable(tell: impl Fn(&Story)) {
    story_in(&Config { reply_domain: Some("reply.village.example".into()), ..Config::default() }, true, tell);
}
fn replies(s: &Story, raw: &str) -> Outcome {
    s.waits(take(s.app(), raw.replace('\n', "\r\n").as_bytes())).expect("an outcome")
}
fn said(s: &Story) -> Option<String> {
    s.does(|tx| tx.setting("hello answers"))
}

#[test]
fn p24_a_reply_by_mail_reaches_what_it_answers_once() {
    answerable(|s| {
        let [amina, tomas, lea] = s.people(["Amina", "Tomas", "Lea"]);
        amina.greets(&tomas);
        let letter = tomas.reads_in_letter("You can also answer by replying to this mail.");
        let to = letter.header("Reply-To")[0].trim_start_matches("Reply-To: ").to_owned();
        assert!(to.split('@').next().is_some_and(|local| local.len() <= 64));
        let reply = |from: &Actor, id: &str, more: &str| {
            format!(
                "From: {} <{}>\nTo: {}\nMessage-ID: <{id}@x>\nSubject: Re: hello\n{more}\nGood morning.\n\nOn Mon, 2 Nov 2026, The Village wrote:\n> Amina says hello\n",
                from.name,
                from.address(),
                to.to_uppercase()
            )
        };
        assert_eq!(replies(s, &reply(&tomas, "1", "")), Outcome::Taken { noun: "hello" });
        assert_eq!(said(s).as_deref(), Some("Tomas said Good morning.. "));
        assert_eq!(replies(s, &reply(&tomas, "1", "")), Outcome::Ignored("it came before"));
        assert_eq!(replies(s, &reply(&lea, "2", "")), Outcome::Ignored("its reply address was not made for its sender"));
        for automatic in ["Auto-Submitted: auto-replied\n", "Precedence: bulk\n", "Return-Path: <>\n", "List-Id: <x.y>\n"] {
            assert_eq!(replies(s, &reply(&tomas, "3", automatic)), Outcome::Ignored("a program wrote it"), "{automatic}");
        }
        s.days_pass(61);
        assert_eq!(replies(s, &reply(&tomas, "4", "")), Outcome::Ignored("its reply address has expired"));
        assert_eq!(said(s).as_deref(), Some("Tomas said Good morning.. "));
    });
}

#[test]
fn what_is_no_reply_is_ignored() {
    answerable(|s| {
        let [tomas] = s.people(["Tomas"]);
        let from = tomas.address();
        let huge = format!("From: {from}\nTo: x@reply.village.example\n\n{}", "x".repeat(super::receive::LARGEST));
        for (raw, why) in [
            (String::new(), "it is not a letter"),
            (huge, "it is too large"),
            (format!("From: {from}\nTo: someone@reply.village.example\n\nHello\n"), "it is to no reply address of ours"),
            (
                format!("From: {from}\nTo: reply+hello.{}@reply.village.example\n\nHello\n", "a".repeat(46)),
                "its reply address was not made for its sender",
            ),
        ] {
            let outcome = replies(s, &raw);
            assert!(matches!(outcome, Outcome::Ignored(w) if w == why || why == "it is not a letter"), "{outcome:?} but: {why}");
        }
    });
}

#[test]
fn a_reply_address_is_read_whatever_the_case() {
    answerable(|s| {
        let [tomas, lea] = s.people(["Tomas", "Lea"]);
        let (person, other) = (tomas.person(), lea.person());
        s.does(move |tx| {
            let address = reply::address(tx, "question", person.0, person).expect("an address");
            let answered = reply::parse(&address.to_uppercase(), "Reply.Village.Example").expect("ours");
            assert_eq!((answered.noun.as_str(), answered.id), ("question", person.0));
            assert!(answered.is_from(tx.seal(), person) && !answered.is_from(tx.seal(), other) && answered.is_fresh(tx.now()));
            assert_eq!(reply::parse(&address, "elsewhere.example"), None);
            Ok(())
        });
    });
}
