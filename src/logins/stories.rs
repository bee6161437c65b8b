//! Stories about signing in.

use crate::story::{Actor, Answer, Story, story, story_in};
use crate::viewer::LoginId;
use axum::http::HeaderMap;
use chiron_store::sql;
use jiff::SignedDuration;

/// What someone in a story does to sign in.
pub trait SigningIn {
    /// The subject and the link's path of the newest letter to an address.
    fn letter_to(&self, address: &str) -> Option<(String, Option<String>)>;
    fn letters(&self) -> i64;
}

impl SigningIn for Story {
    fn letter_to(&self, address: &str) -> Option<(String, Option<String>)> {
        let address = address.to_owned();
        let letter = self.does(move |tx| {
            let row: Option<(crate::seal::Sealed,)> = tx.opt(
                sql!("select body from letters where to_address = $1 and body is not null order by made_at desc, id desc limit 1"),
                &[&address],
            )?;
            match row {
                Some((body,)) => Ok(Some(serde_json::from_slice::<serde_json::Value>(&tx.seal().open(&body)?)?)),
                None => Ok(None),
            }
        })?;
        let path = letter["link"].as_str().map(|link| url::Url::parse(link).expect("a whole address").path().to_owned());
        Some((letter["subject"].as_str().unwrap_or_default().to_owned(), path))
    }
    fn letters(&self) -> i64 {
        self.does(|tx| Ok(tx.one::<(i64,)>(sql!("select count(*) from letters"), &[])?.0))
    }
}

/// The value that a `Set-Cookie` gave to the login cookie.
pub fn login_cookie(headers: &HeaderMap) -> Option<String> {
    let set = headers.get_all("set-cookie").iter().filter_map(|v| v.to_str().ok());
    set.filter_map(|v| v.split(';').next()?.split_once('=')).find(|(n, _)| n.ends_with("chiron")).map(|(_, v)| v.to_owned())
}

/// A form sent from another network than the story's own.
pub fn posts_from(s: &Story, network: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    s.sends(request_from(network, path, fields))
}
fn request_from(network: &str, path: &str, fields: &[(&str, &str)]) -> axum::http::Request<axum::body::Body> {
    let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let peer = std::net::SocketAddr::new(network.parse().expect("an address"), 40_000);
    let request = axum::http::Request::post(path)
        .header("host", "127.0.0.1:8080")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .extension(axum::extract::ConnectInfo(peer));
    request.body(body.into()).expect("a request")
}

fn signs_in(answer: &Answer) -> String {
    login_cookie(&answer.headers).filter(|t| t.len() == 52).unwrap_or_else(|| panic!("not signed in: {} {}", answer.state, answer.text()))
}

fn is_signed_in(answer: &Answer) -> bool {
    login_cookie(&answer.headers).is_some_and(|token| token.len() == 52)
}

#[test]
fn nobody_is_sent_to_look_for_a_letter_that_cannot_leave() {
    story(|s| s.visitor().sees("/sign-in/sent", "your link waits for you with whoever runs it"));
    let config = crate::config::Config { smtp: Some("smtp://localhost:25".into()), ..Default::default() };
    story_in(&config, true, |s| s.visitor().sees("/sign-in/sent", "Look in your mail"));
}

#[test]
fn a_link_in_a_letter_signs_in_once_and_looking_at_it_uses_nothing_up() {
    story(|s| {
        s.people(["Amina"]);
        let visitor = s.visitor();
        assert_eq!(visitor.posts("/sign-in", &[("address", "Amina@village.example"), ("next", "/goals")]).goes(), "/sign-in/sent");
        let (subject, link) = s.letter_to("Amina@village.example").expect("a letter");
        assert_eq!(subject, "Sign in to The Village");
        let link = link.expect("a link");
        visitor.sees(&link, "You are about to sign in as Amina");
        visitor.sees(&link, "You are about to sign in as Amina");
        let answer = visitor.posts(&link, &[]);
        assert!(is_signed_in(&answer));
        assert_eq!(answer.goes(), "/goals");
        visitor.posts(&link, &[]).refuses("has been used already");
        visitor.gets(&link).refuses("This link no longer works");
    });
}

#[test]
fn a_link_is_over_after_ten_minutes() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let person = amina.person();
        let link = s.does(move |tx| super::verbs::sign_in_link(tx, person, SignedDuration::from_mins(10)));
        s.clock_moves(SignedDuration::from_mins(10));
        s.visitor().posts(&link, &[]).refuses("older than ten minutes");
    });
}

#[test]
fn whoever_asks_learns_nothing_about_who_is_here() {
    story(|s| {
        s.people(["Amina"]);
        let visitor = s.visitor();
        let known = visitor.posts("/sign-in", &[("address", "amina@village.example")]);
        let unknown = visitor.posts("/sign-in", &[("address", "nobody@village.example")]);
        assert_eq!((known.state, known.body.clone(), &known.headers), (unknown.state, unknown.body.clone(), &unknown.headers));
        assert_eq!(s.letter_to("nobody@village.example"), Some(("Nobody at The Village uses this address".into(), None)));
        // One letter and one link each: the same rows, whoever it was.
        assert_eq!(s.letters(), 2);
    });
}

const GOOD: &str = "copper lantern by the pier";

/// Someone who has just set a password.
fn with_password<'s>(s: &'s Story, name: &str) -> crate::story::Actor<'s> {
    let [amina] = s.people([name]);
    assert_eq!(amina.posts("/account/password", &[("password", GOOD)]).goes(), "/account");
    amina
}

#[test]
fn a_password_is_an_option_and_signs_in() {
    story(|s| {
        let amina = with_password(s, "Amina");
        amina.sees("/account", "Password Set.");
        let visitor = s.visitor();
        let wrong = visitor.posts("/sign-in/password", &[("address", "amina@village.example"), ("password", "copper lantern by the pie")]);
        wrong.refuses("do not go together");
        let right = visitor.posts("/sign-in/password", &[("address", " AMINA@village.example "), ("password", GOOD), ("next", "/goals")]);
        assert!(is_signed_in(&right));
        assert_eq!(right.goes(), "/goals");
        amina.posts("/account/password", &[("password", "Amina12345")]).refuses("mostly your name");
        assert_eq!(amina.posts("/account/password/remove", &[]).goes(), "/account");
        visitor.posts("/sign-in/password", &[("address", "amina@village.example"), ("password", GOOD)]).refuses("do not go together");
    });
}

#[test]
fn a_wrong_password_and_an_address_of_nobody_get_one_answer_for_one_work() {
    story(|s| {
        with_password(s, "Amina");
        let rows = || {
            s.does(|tx| {
                let (tries, happenings): (i64, i64) = tx.one(
                    sql!("select (select count(*) from tries), (select count(*) from happenings where kind = 'sign-in refused')"),
                    &[],
                )?;
                Ok((tries, happenings))
            })
        };
        // Work is counted, because a clock on a busy machine proves nothing: units of work and hashes, besides the rows.
        let work = || (s.app().db.stats(), s.app().memory::<super::hasher::Hasher>().asked());
        let try_as = |address: &str, network: &str| {
            let (before, begun) = (rows(), work());
            let answer = posts_from(s, network, "/sign-in/password", &[("address", address), ("password", "not the one it is")]);
            let (ended, after) = (work(), rows());
            assert_eq!(answer.state, 422);
            let units = (ended.0.reads - begun.0.reads, ended.0.writes - begun.0.writes, ended.1 - begun.1);
            (answer.text().replace(address, "…"), (after.0 - before.0, after.1 - before.1), units)
        };
        let known = try_as("amina@village.example", "192.0.2.1");
        let unknown = try_as("nobody@village.example", "192.0.2.2");
        assert_eq!(known, unknown);
        assert_eq!(known.2.2, 1, "one hash each");
        // An account without a password, and one that is closed, are no different.
        s.people(["Lea"]);
        let [gone] = s.people(["Gone"]);
        gone.posts("/account/close", &[]).goes();
        assert_eq!(try_as("lea@village.example", "192.0.2.3"), known);
        assert_eq!(try_as("gone@village.example", "192.0.2.4"), known);
        // A letter is asked for with the same work too.
        let ask_as = |address: &str, network: &str| {
            let begun = work();
            let answer = posts_from(s, network, "/sign-in", &[("address", address)]);
            let ended = work();
            (answer.goes(), ended.0.reads - begun.0.reads, ended.0.writes - begun.0.writes, ended.1 - begun.1)
        };
        assert_eq!(ask_as("amina@village.example", "192.0.2.5"), ask_as("nobody@village.example", "192.0.2.6"));
    });
}

#[test]
fn whoever_guesses_an_account_cannot_close_its_other_doors() {
    story(|s| {
        let amina = with_password(s, "Amina");
        let fields = [("address", "amina@village.example"), ("password", "a wrong guess")];
        // From many networks at once, each until it is held off.
        for network in 0..12 {
            for _ in 0..11 {
                posts_from(s, &format!("203.0.{network}.1"), "/sign-in/password", &fields);
            }
            assert_eq!(posts_from(s, &format!("203.0.{network}.1"), "/sign-in/password", &fields).state, 429);
        }
        // Her link by mail, her passkey's page and the device she is signed in on work as before.
        s.clock_moves(SignedDuration::from_mins(1));
        assert_eq!(s.visitor().posts("/sign-in", &[("address", "amina@village.example")]).goes(), "/sign-in/sent");
        let (_, link) = s.letter_to("amina@village.example").expect("a letter");
        assert!(is_signed_in(&s.visitor().posts(&link.expect("a link"), &[])));
        assert_eq!(s.visitor().posts("/sign-in/passkey/begin", &[]).state, 200);
        amina.gets("/today").ok();
        // And so does her password, from where she is.
        let right = [("address", "amina@village.example"), ("password", GOOD)];
        assert!(is_signed_in(&posts_from(s, "198.51.100.7", "/sign-in/password", &right)));
    });
}

/// Where somebody comes from is what the connection says, or the last address that a trusted proxy adds; what they say
/// of themselves counts for nothing.
#[test]
fn nobody_gets_more_tries_by_saying_that_they_are_somewhere_else() {
    let proxy: std::net::IpAddr = "203.0.113.66".parse().expect("an address");
    for (trusted, told) in [(vec![], "198.51.100.{n}"), (vec![proxy], "198.51.100.{n}, 192.0.2.1")] {
        let config = crate::config::Config { trusted_proxies: trusted, ..Default::default() };
        story_in(&config, true, |s| {
            s.people(["Amina"]);
            let try_as = |n: usize| {
                let fields = [("address", "amina@village.example"), ("password", "a wrong guess")];
                let mut request = request_from("203.0.113.66", "/sign-in/password", &fields);
                for (name, value) in [("x-forwarded-for", told.replace("{n}", &n.to_string())), ("x-forwarded-host", "evil.example".into())]
                {
                    request.headers_mut().insert(name, value.parse().expect("a value"));
                }
                s.sends(request)
            };
            let states: Vec<u16> = (1..=12).map(|n| try_as(n).state).collect();
            assert_eq!(states, [[422; 10].as_slice(), &[429; 2]].concat());
            // Nor does a letter lead to a host that somebody made up.
            let mut request = request_from("192.0.2.9", "/sign-in", &[("address", "amina@village.example")]);
            request.headers_mut().insert("x-forwarded-host", "evil.example".parse().expect("a value"));
            s.sends(request).goes();
            let letters = s.letters_to("amina@village.example");
            let letter = letters.last().expect("a letter");
            assert!(letter.links.iter().any(|(_, link)| link.starts_with(&s.app().config.url())), "{:?}", letter.links);
            assert!(!letter.raw.contains("evil.example"));
        });
    }
}

#[test]
fn a_flood_of_sign_ins_is_told_to_come_back_and_others_are_served_meanwhile() {
    story(|s| {
        let amina = with_password(s, "Amina");
        let app = s.app();
        let hasher = app.memory::<super::hasher::Hasher>();
        let before = hasher.asked();
        hasher.waits_for(200);
        let numbers = std::sync::atomic::AtomicU64::new(0);
        let answers = s.sends_at_once(200, || {
            let n = numbers.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let fields = [("address", "amina@village.example"), ("password", "a wrong guess")];
            request_from(&format!("198.51.{}.{}", n / 100, n % 100), "/sign-in/password", &fields)
        });
        let count = |state: u16| answers.iter().filter(|a| a.state == state).count();
        assert_eq!(count(422) + count(503), 200);
        assert!(count(503) > 0 && count(422) >= 64, "{} and {}", count(503), count(422));
        for busy in answers.iter().filter(|a| a.state == 503) {
            assert!(busy.headers.contains_key("retry-after"));
            assert!(busy.text().contains("Many people are signing in"), "{}", busy.text());
        }
        assert_eq!(hasher.asked() - before, 200);
        amina.gets("/today").ok();
    });
}

#[test]
fn a_thousand_wrong_tries_elsewhere_do_not_keep_the_right_person_out() {
    story(|s| {
        with_password(s, "Amina");
        let (mut wrong, mut held_off) = (0, 0);
        for n in 0..1000 {
            let fields = [("address", "amina@village.example"), ("password", &*format!("a wrong password {n}"))];
            match posts_from(s, "203.0.113.66", "/sign-in/password", &fields).state {
                422 => wrong += 1,
                429 => held_off += 1,
                state => panic!("answered {state}"),
            }
        }
        assert_eq!((wrong, held_off), (10, 990));
        let fields = [("address", "amina@village.example"), ("password", GOOD)];
        let held = posts_from(s, "203.0.113.66", "/sign-in/password", &fields);
        assert!(held.headers.contains_key("retry-after"));
        held.refuses("a lot of tries from your network");
        assert!(is_signed_in(&posts_from(s, "198.51.100.7", "/sign-in/password", &fields)));
        s.clock_moves(SignedDuration::from_mins(16));
        // By their own clock the bursts are still counted, so from a third network of the same kind.
        assert!(is_signed_in(&posts_from(s, "203.0.113.67", "/sign-in/password", &fields)));
    });
}

#[test]
fn nobody_fills_a_mailbox_and_nobody_is_kept_from_a_link() {
    story(|s| {
        s.people(["Amina"]);
        for _ in 0..20 {
            assert_eq!(posts_from(s, "203.0.113.66", "/sign-in", &[("address", "amina@village.example")]).goes(), "/sign-in/sent");
        }
        assert_eq!(s.letters(), 3);
        // The one she asks for herself is not sent either, but those that came work.
        assert_eq!(s.visitor().posts("/sign-in", &[("address", "amina@village.example")]).goes(), "/sign-in/sent");
        let (_, link) = s.letter_to("amina@village.example").expect("a letter");
        assert!(is_signed_in(&s.visitor().posts(&link.expect("a link"), &[])));
    });
}

#[test]
fn fifty_who_use_one_link_at_once_are_one_who_signs_in() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let person = amina.person();
        let link = s.does(move |tx| super::verbs::sign_in_link(tx, person, SignedDuration::from_mins(10)));
        let token = link.rsplit('/').next().expect("a token").to_owned();
        let app = s.app();
        let tries = (0..50).map(|_| {
            let token = token.clone();
            app.write(move |tx| super::verbs::use_link(tx, &token, &super::verbs::Device::default()))
        });
        let won = s.waits(futures_util::future::join_all(tries)).into_iter().filter(Result::is_ok).count();
        assert_eq!(won, 1);
        let logins: i64 = s.does(move |tx| Ok(tx.one::<(i64,)>(sql!("select count(*) from logins where person_id = $1"), &[&person])?.0));
        assert_eq!(logins, 2, "the story's own and the one that won");
    });
}

#[test]
fn each_sign_in_has_a_new_token_and_ends_the_one_before() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let person = amina.person();
        let link = move || s.does(move |tx| super::verbs::sign_in_link(tx, person, SignedDuration::from_mins(10)));
        let planted = "a".repeat(52);
        let first = signs_in(&s.holding(&planted).posts(&link(), &[]));
        assert_ne!(first, planted);
        s.holding(&first).sees("/account", "this one");
        let second = signs_in(&s.holding(&first).posts(&link(), &[]));
        assert_ne!(first, second);
        assert_eq!(s.holding(&first).gets("/account").goes(), "/sign-in?next=%2Faccount");
        s.holding(&second).sees("/account", "this one");
    });
}

#[test]
fn a_device_that_rests_for_a_month_or_stays_for_half_a_year_signs_in_again() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let person = amina.person();
        let token = move || {
            let link = s.does(move |tx| super::verbs::sign_in_link(tx, person, SignedDuration::from_mins(10)));
            signs_in(&s.visitor().posts(&link, &[]))
        };
        let resting = token();
        s.clock_moves(SignedDuration::from_hours(24 * 30));
        assert_eq!(s.holding(&resting).gets("/account").state, 303);
        let used = token();
        for _ in 0..8 {
            s.clock_moves(SignedDuration::from_hours(24 * 20));
            s.holding(&used).gets("/account").ok();
            s.sweeps_run();
        }
        s.clock_moves(SignedDuration::from_hours(24 * 20));
        assert_eq!(s.holding(&used).gets("/account").state, 303, "180 days are the longest");
    });
}

#[test]
fn someone_sees_their_devices_and_signs_them_out() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        let other = s.signed_in(amina.person());
        amina.sees("/account", "a story (this one)");
        s.holding(&other).gets("/account").ok();
        let theirs = amina.gets("/account").html();
        let action = theirs.split('"').filter(|a| a.starts_with("/account/devices/")).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(action.len(), 2);
        tomas.posts(&action[0], &[]).refuses("There is nothing here");
        let out = amina.posts("/account/sign-out-everywhere", &[]);
        assert!(out.headers["clear-site-data"].to_str().unwrap().contains("storage"));
        assert_eq!(login_cookie(&out.headers).as_deref(), Some(""));
        for token in [&amina, &s.holding(&other)] {
            assert_eq!(token.gets("/account").state, 303);
        }
    });
}

/// What is pressed on one device; then what still works: that device, another one, a link that waits in a letter, and the
/// calendar feed. On another node of the place it is the same, and a page that is open where it ended hears no more.
#[test]
fn whatever_ends_a_sign_in_ends_it_everywhere_from_the_next_request_on() {
    story(|s| {
        let elsewhere = s.another_node();
        let works = |who: &Actor, path: &str| {
            let there = s.waits(tower::ServiceExt::oneshot(crate::web::router(&elsewhere), who.request_to_get(path))).expect("an answer");
            let here = who.gets(path).state;
            assert_eq!(here, there.status().as_u16(), "{path}: one node says otherwise than the other");
            here == 200
        };
        let mut open = Vec::new();
        for (n, (pressed, here, there, link, feed)) in [
            ("/sign-out", false, true, true, true),
            ("/account/devices/{there}/sign-out", true, false, true, true),
            ("/account/sign-out-everywhere", false, false, false, true),
            ("/account/password", true, false, false, true),
            ("/account/password/remove", true, false, false, true),
            ("/account/close", false, false, false, false),
        ]
        .into_iter()
        .enumerate()
        {
            let [amina] = s.people([&*format!("Amina {n}")]);
            let person = amina.person();
            s.clock_moves(SignedDuration::from_mins(1));
            let other = s.holding(&s.signed_in(person));
            let newest = sql!("select id from logins where person_id = $1 order by made_at desc limit 1");
            let device = s.does(move |tx| Ok(tx.one::<(LoginId,)>(newest, &[&person])?.0));
            let waits = s.does(move |tx| super::verbs::sign_in_link(tx, person, SignedDuration::from_mins(10)));
            let made = amina.posts("/account/calendars/feed", &[]).ok().html();
            let calendar = made.split("/calendar/").nth(1).and_then(|rest| rest.split('"').next()).expect("a feed").to_owned();
            let page = crate::live::stories::listens(&other);
            amina.posts(&pressed.replace("{there}", &device.to_string()), &[("password", GOOD)]).goes();
            assert_eq!(works(&amina, "/account"), here, "{pressed}: here");
            assert_eq!(works(&other, "/account"), there, "{pressed}: there");
            assert_eq!(works(&s.visitor(), &format!("/calendar/{calendar}")), feed, "{pressed}: the feed");
            assert_eq!(is_signed_in(&s.visitor().posts(&waits, &[])), link, "{pressed}: the link");
            open.extend(Some((pressed, page)).filter(|_| !there));
        }
        for (pressed, mut page) in open {
            assert_eq!(page.hears("words that nobody says"), None, "{pressed}: a page stays open");
        }
    });
}

#[test]
fn a_change_of_how_one_signs_in_wants_a_fresh_sign_in() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        s.clock_moves(SignedDuration::from_mins(11));
        for path in ["/account/password", "/account/address", "/account/passkeys/new"] {
            assert_eq!(amina.gets(path).goes(), format!("/sign-in?next={path}"));
        }
        for (path, fields) in [
            ("/account/password", [("password", GOOD)]),
            ("/account/address", [("address", "new@village.example")]),
            ("/account/passkeys/begin", [("", "")]),
        ] {
            amina.posts(path, &fields).refuses("Please sign in once more first");
        }
    });
}

#[test]
fn an_address_changes_when_its_own_letter_says_so_and_the_old_one_is_told() {
    story(|s| {
        let [amina, _] = s.people(["Amina", "Tomas"]);
        assert_eq!(amina.posts("/account/address", &[("address", "amina@new.example")]).goes(), "/account");
        assert!(s.letter_to("amina@village.example").expect("a letter").0.contains("A new address for your account"));
        let (_, link) = s.letter_to("amina@new.example").expect("a letter");
        let link = link.expect("a link");
        s.visitor().posts(&link.replace("/account/address/", "/sign-in/"), &[]).refuses("used already");
        s.visitor().sees(&link, "letters will go to this address");
        s.clock_moves(SignedDuration::from_secs(1));
        assert_eq!(s.visitor().posts(&link, &[]).goes(), "/account");
        amina.sees("/account", "amina@new.example");
        assert_eq!(s.letter_to("amina@village.example").expect("a letter").0, "Your address for The Village was changed");
        // Somebody else's address is not given away: they get a letter, the page says what it always says.
        assert_eq!(amina.posts("/account/address", &[("address", "tomas@village.example")]).goes(), "/account");
        assert_eq!(s.letter_to("tomas@village.example"), Some(("This address is already in use at The Village".into(), None)));
    });
}

#[test]
fn someone_who_closes_their_account_is_out_at_once_and_may_come_back_for_a_month() {
    story(|s| {
        let amina = with_password(s, "Amina");
        let person = amina.person();
        let admin = s.administrator("Root");
        let link = s.does(move |tx| super::verbs::sign_in_link(tx, person, SignedDuration::from_mins(10)));
        amina.sees("/account/close", "Within thirty days");
        assert_eq!(amina.posts("/account/close", &[]).goes(), "/sign-in");
        assert_eq!(amina.gets("/account").state, 303);
        s.visitor().posts(&link, &[]).refuses("older than ten minutes");
        let fields = [("address", "amina@village.example"), ("password", GOOD)];
        s.visitor().posts("/sign-in/password", &fields).refuses("do not go together");
        s.visitor().posts("/sign-in", &fields);
        assert_eq!(s.letter_to("amina@village.example").expect("a letter").0, "Your account at The Village is closed");
        let viewer = admin.viewer();
        s.does(move |tx| super::verbs::reopen(tx, &viewer, person));
        assert!(is_signed_in(&s.visitor().posts("/sign-in/password", &fields)));
        admin.posts("/account/close", &[]).refuses("You are the only administrator");
    });
}

#[test]
fn p24_someone_joins_with_a_name_and_an_address_and_needs_no_password() {
    story(|s| {
        s.does(|tx| tx.set("who may join", "open"));
        let visitor = s.visitor();
        visitor.sees("/join", "How we treat each other");
        let told = [("name", "Léa Martin"), ("address", "lea@new.example"), ("zone", "Europe/Paris"), ("agreed", "yes")];
        visitor.posts("/join", &told[..3]).refuses("tick this if you will keep to it").shows("Join");
        assert_eq!(visitor.posts("/join", &told).goes(), "/sign-in/sent");
        // Nobody is here before the letter comes back.
        assert_eq!(s.does(|tx| Ok(tx.one::<(i64,)>(sql!("select count(*) from people"), &[])?.0)), 0);
        let (subject, link) = s.letter_to("lea@new.example").expect("a letter");
        assert_eq!(subject, "Finish joining The Village");
        let link = link.expect("a link");
        visitor.sees(&link, "Hello Léa Martin, welcome.");
        let token = signs_in(&visitor.posts(&link, &[]));
        s.holding(&token).sees("/account", "lea@new.example");
        // Again: what is here is not overwritten, and the page says what it always says.
        s.clock_moves(jiff::SignedDuration::from_secs(1));
        assert_eq!(visitor.posts("/join", &[("name", "Mallory"), told[1], told[2], told[3]]).goes(), "/sign-in/sent");
        let (subject, link) = s.letter_to("lea@new.example").expect("a letter");
        assert_eq!(subject, "You already have a place at The Village");
        visitor.sees(&link.expect("a link"), "You are about to sign in as Léa Martin");
    });
}

#[test]
fn a_place_by_invitation_takes_those_who_have_one_and_no_more_than_its_places() {
    story(|s| {
        let admin = s.administrator("Root");
        let visitor = s.visitor();
        visitor.sees("/join", "by invitation");
        let joins = |name: &str, invitation: &str| {
            let address = format!("{name}@new.example");
            s.visitor().posts("/join", &[("name", name), ("address", &address), ("agreed", "yes"), ("invitation", invitation)])
        };
        joins("Lea", "").refuses("by invitation");
        let viewer = admin.viewer();
        let path = s.does(move |tx| {
            super::verbs::invite(tx, &viewer, "For the spring group", 1)?;
            Ok(super::verbs::invitations(tx, &viewer)?[0].1.clone())
        });
        visitor.sees(&path, "Join The Village");
        let token = path.split('=').nth(1).expect("a token").to_owned();
        for name in ["Lea", "Tomas"] {
            assert_eq!(joins(name, &token).goes(), "/sign-in/sent");
        }
        let link = |address: &str| s.letter_to(address).and_then(|l| l.1).expect("a link");
        let (first, second) = (link("Lea@new.example"), link("Tomas@new.example"));
        assert!(is_signed_in(&visitor.posts(&first, &[])));
        visitor.posts(&second, &[]).refuses("used up");
        visitor.sees(&path, "used up");
    });
}

#[test]
fn reading_writes_nothing_and_when_a_device_was_used_is_kept_once_an_hour() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let person = amina.person();
        let seen =
            move || s.does(move |tx| Ok(tx.one::<(i64,)>(sql!("select max(seen_at) from logins where person_id = $1"), &[&person])?.0));
        let before = seen();
        amina.gets("/account").ok();
        s.sweeps_run();
        s.clock_moves(SignedDuration::from_mins(30));
        amina.gets("/account").ok();
        s.sweeps_run();
        assert_eq!(seen(), before);
        s.clock_moves(SignedDuration::from_mins(31));
        amina.gets("/account").ok();
        s.sweeps_run();
        assert!(seen() > before);
    });
}
