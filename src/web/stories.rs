//! What holds for every page and every route, told against the router with all of its routes.

use crate::asks::stories::{Asking, letter};
use crate::config::Config;
use crate::goals::stories::Wishing;
use crate::logins::stories::{SigningIn, login_cookie};
use crate::messages::stories::two;
use crate::people::OpenTo;
use crate::sessions::stories::booked;
use crate::slices::SLICES;
use crate::story::{Actor, Answer, Story, story, story_in};
use crate::web::route_table;
use axum::body::Body;
use axum::http::Request;
use chiron_store::Engine;
use std::collections::{BTreeSet, VecDeque};

/// Every route with something in the place of its parts.
fn paths(method: &str, id: &str) -> Vec<String> {
    let fill = |path: &str| {
        let parts = path.split('/').map(|part| match part {
            "{id}" => id.to_owned(),
            part if part.starts_with('{') => "anything".into(),
            part => part.into(),
        });
        parts.collect::<Vec<_>>().join("/")
    };
    route_table(SLICES).into_iter().filter(|(m, _, _)| *m == method).map(|(_, path, _)| fill(path)).collect()
}

/// A stream never ends, so it is not read whole.
fn is_stream(path: &str) -> bool {
    path == "/live"
}

fn guarded(answer: &Answer, path: &str) {
    let header = |name: &str| answer.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let policy = header("content-security-policy");
    for rule in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
        assert!(policy.contains(rule), "{path} has the policy “{policy}”");
    }
    assert!(!policy.contains("unsafe"), "{path}: {policy}");
    assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
    assert_eq!(header("x-frame-options"), "DENY", "{path}");
    assert_eq!(header("referrer-policy"), "same-origin", "{path}");
    assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{path}");
    assert!(!header("cache-control").is_empty(), "{path} does not say who may keep it");
    assert!(!answer.headers.contains_key("server") && !answer.headers.contains_key("x-powered-by"), "{path}");
    if header("content-type").starts_with("text/html") {
        assert!(header("content-type").contains("charset=utf-8"), "{path}");
    }
}

#[test]
fn every_answer_carries_the_headers_that_guard_it_and_personal_ones_are_not_kept() {
    story(|s| {
        let root = s.administrator("Root");
        let visitor = s.visitor();
        for path in paths("GET", &root.id()).into_iter().filter(|p| !is_stream(p)) {
            let (own, strange) = (root.gets(&path), visitor.gets(&path));
            guarded(&own, &path);
            guarded(&strange, &path);
            assert!(own.state < 500 && strange.state < 500, "{path} answers {} and {}: {}", own.state, strange.state, own.text());
            if own.headers["cache-control"] != "no-store" {
                let shared = path.starts_with("/photos/") || path.starts_with("/p/") || path.starts_with("/dev/") || own.state == 404;
                assert!(shared, "{path} is somebody's own and may be kept: {:?}", own.headers["cache-control"]);
            }
        }
        for path in ["/nowhere", "/assets/nothing.css", "/people/not-an-id", "/%00", "/..%2f..%2fetc%2fpasswd"] {
            let answer = root.gets(path);
            assert!((400..500).contains(&answer.state), "{path} answers {}", answer.state);
            guarded(&answer, path);
        }
    });
}

#[test]
fn something_that_broke_says_a_reference_and_nothing_of_how() {
    use axum::response::IntoResponse;
    story(|s| {
        let answer = s.waits(async {
            let broken = crate::error::Error::broken("secret detail: /var/lib/chiron.db is on fire");
            let response = super::framed(s.app(), None, &axum::http::HeaderMap::new(), broken.into_response());
            let (parts, body) = response.into_parts();
            (parts, String::from_utf8(http_body_util::BodyExt::collect(body).await.unwrap().to_bytes().to_vec()).unwrap())
        });
        assert_eq!(answer.0.status, 500);
        assert!(answer.1.contains("the reference") && !answer.1.contains("secret detail"), "{}", answer.1);
        assert_eq!(answer.0.headers["cache-control"], "no-store");
    });
}

#[test]
fn a_page_that_panics_says_a_reference_too() {
    story(|s| {
        async fn panics() -> &'static str {
            panic!("secret detail")
        }
        let look = axum::middleware::from_fn_with_state(s.app().clone(), super::look);
        let router = axum::Router::new().route("/", axum::routing::get(panics)).layer(look);
        let request = Request::get("/").body(Body::empty()).expect("a request");
        let answer = s.waits(tower::ServiceExt::oneshot(router, request)).expect("an answer");
        assert_eq!(answer.status(), 500);
        let body = s.waits(http_body_util::BodyExt::collect(answer.into_body())).expect("a body").to_bytes();
        let text = String::from_utf8_lossy(&body);
        assert!(text.contains("the reference") && !text.contains("secret detail"), "{text}");
    });
}

#[test]
fn a_large_body_is_waited_for_longer_than_a_small_one() {
    use super::{ANSWER, LARGEST_BODY, patience};
    assert_eq!(patience(200), ANSWER);
    // A photo of five megabytes at ten kilobytes a second.
    assert!(patience(5 << 20).as_secs() > (5 << 20) / 10_000);
    assert_eq!(patience(u64::MAX), patience(LARGEST_BODY as u64), "whatever somebody says it will be");
}

#[test]
fn no_other_site_can_send_a_form_for_someone() {
    story(|s| {
        let root = s.administrator("Root");
        let token = s.signed_in(root.person());
        let before = rows(s);
        for path in paths("POST", &root.id()) {
            for (name, value) in
                [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "null")]
            {
                let request = Request::post(&path)
                    .header("host", "127.0.0.1:8080")
                    .header("cookie", format!("chiron={token}"))
                    .header("content-type", "application/x-www-form-urlencoded")
                    .header(name, value);
                let answer = s.sends(request.body(Body::from("name=x")).expect("a request"));
                assert_eq!(answer.state, 403, "{path} with {name}: {value} answers {}", answer.text());
                guarded(&answer, &path);
                assert!(answer.text().contains("nothing was changed"), "{path}: {}", answer.text());
            }
        }
        assert_eq!(rows(s), before);
    });
}

/// How many lines the log has, and how many letters there are: what a change leaves behind.
#[test]
fn no_part_of_a_path_breaks_a_page() {
    story(|s| {
        let root = s.administrator("Root");
        let long = "x".repeat(4_000);
        let strange = [
            "%00",
            "a%00b",
            "%ff",
            "..%2f..%2fetc%2fpasswd",
            "CON",
            "%0d%0aX-Evil:1",
            "'--",
            "%F0%9F%92%A9",
            &long,
            "-1",
            "9223372036854775808",
        ];
        let with_parts = |(method, path, _): &(&str, &str, _)| *method == "GET" && path.contains('{');
        let mut tried = 0;
        for (_, path, _) in route_table(SLICES).iter().filter(|row| with_parts(row)) {
            for part in strange {
                let path: Vec<&str> = path.split('/').map(|p| if p.starts_with('{') { part } else { p }).collect();
                let path = path.join("/");
                let answer = root.gets(&path);
                assert!(answer.state < 500 && answer.state != 400, "{path} answers {}: {}", answer.state, answer.text());
                assert!(!answer.headers.contains_key("x-evil"));
                tried += 1;
            }
        }
        assert!(tried > 100, "{tried}");
    });
}

#[test]
fn the_foot_of_a_page_says_what_the_place_runs_on_in_a_whole_sentence() {
    story(|s| {
        s.visitor().gets("/sign-in").ok().shows("The Village runs on Chiron, free software for mentoring.").hides("Chiron is free");
    });
    // Before anybody has named it, a place is called Chiron, which does not run on itself.
    story_in(&Config::default(), false, |s| {
        s.visitor().gets("/").ok().shows("Chiron is free software for mentoring.").hides("runs on Chiron");
    });
}

fn rows(s: &Story) -> (i64, i64) {
    s.does(|tx| Ok(tx.one(chiron_store::sql!("select (select count(*) from happenings), (select count(*) from letters)"), &[])?))
}

#[test]
fn who_is_not_signed_in_is_asked_to_sign_in_and_comes_back() {
    use crate::slices::Needs;
    story(|s| {
        for (method, path, needs) in route_table(SLICES) {
            if matches!(needs, Needs::Nothing | Needs::Letter) {
                continue;
            }
            let filled = path.replace("{id}", "00000000000000000000000000000001").replace(['{', '}'], "");
            if method == "GET" {
                let to = s.visitor().gets(&filled).goes();
                assert!(to.starts_with("/sign-in?next=%2F"), "{path} leads to {to}");
            } else {
                assert_eq!(s.visitor().posts(&filled, &[]).state, 401, "{path}");
            }
        }
    });
}

#[test]
fn an_open_page_takes_no_sentence_away_from_the_page_that_one_goes_to_and_never_shows_a_sign_in_within_itself() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let asks = |who: &Actor, path: &str, said: &str| {
            let mut request = who.request_to_get(path);
            request.headers_mut().insert("hx-request", "true".parse().unwrap());
            let cookies = request.headers().get("cookie").map_or(said.to_owned(), |c| format!("{}; {said}", c.to_str().unwrap()));
            request.headers_mut().insert("cookie", cookies.parse().unwrap());
            s.sends(request)
        };
        let signed_out = amina.posts("/sign-out", &[]);
        let said = signed_out.headers.get_all("set-cookie").iter().filter_map(|c| c.to_str().ok()).find(|c| c.starts_with("chiron_said="));
        let said = said.and_then(|c| c.split(';').next()).expect("something to say").to_owned();
        // A page of hers is open, in this tab or another, and asks for its bell and its stream.
        for path in ["/notices/bell", "/live", "/today"] {
            let part = asks(&amina, path, &said);
            assert_eq!((part.state, part.body.len()), (401, 0), "{path}");
            assert_eq!(part.headers["hx-reswap"], "none");
            assert!(!part.headers.contains_key("set-cookie"), "{path}");
        }
        // The same for a part of a page that is there for everyone, and for somebody who is signed in.
        let [tomas] = s.people(["Tomas"]);
        for part in [asks(&s.visitor(), "/sign-in", &said), asks(&tomas, "/today", &said)] {
            assert!(!part.ok().hides("You are signed out on this device.").headers.contains_key("set-cookie"));
        }
        let mut goes = s.visitor().request_to_get("/sign-in");
        goes.headers_mut().insert("cookie", said.parse().unwrap());
        let page = s.sends(goes).shows("You are signed out on this device.");
        assert!(page.headers["set-cookie"].to_str().unwrap().contains("Max-Age=0"));
    });
}

/// Follows every link of ours from the first pages on.
fn walk(actor: &Actor, mut visit: impl FnMut(&str, &Answer)) -> usize {
    let mut seen = BTreeSet::new();
    let mut ahead: VecDeque<String> = paths("GET", &actor.id()).into_iter().filter(|p| !is_stream(p)).collect();
    while let Some(path) = ahead.pop_front() {
        if seen.len() >= 400 || !seen.insert(path.clone()) {
            continue;
        }
        let answer = actor.gets(&path);
        visit(&path, &answer);
        // What the components show there are examples; their links lead nowhere on purpose.
        if path == "/dev/components" {
            continue;
        }
        let html = answer.html();
        for link in html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            if link.starts_with('/') && !link.starts_with("/assets/") && !is_stream(link) {
                ahead.push_back(link.replace("&amp;", "&").split('#').next().unwrap_or_default().to_owned());
            }
        }
    }
    seen.len()
}

#[test]
fn looking_at_pages_writes_nothing() {
    story(|s| {
        let root = s.administrator("Root");
        s.people(["Amina", "Tomas"]);
        // SQLite counts the commits of other connections. On PostgreSQL the pages are the same.
        let file = s.folder().join("story.db");
        let watch = chiron_store::drivers::rusqlite::Connection::open(file).expect("the database");
        let commits = || watch.query_row("pragma data_version", [], |row| row.get::<_, i64>(0)).expect("a number");
        let before = commits();
        let mut wrote = Vec::new();
        let mut last = before;
        let pages = walk(&root, |path, answer| {
            assert!(answer.state < 500, "{path} answers {}: {}", answer.state, answer.text());
            let now = commits();
            if now != last {
                wrote.push(path.to_owned());
                last = now;
            }
        });
        assert!(pages > 30, "only {pages} pages were found");
        assert_eq!(wrote, Vec::<String>::new(), "these pages write when they are looked at");
    });
}

/// How many statements a page runs, who is looking and all.
fn statements(actor: &Actor, path: &str) -> u64 {
    let before = actor.story.app().db.stats().statements;
    actor.gets(path).ok();
    actor.story.app().db.stats().statements - before
}

#[test]
fn a_page_costs_the_database_the_same_however_long_its_lists() {
    story(|s| {
        let mentors = s.people(["Tomas", "Lea", "Joana"]);
        let [amina] = s.people(["Amina"]);
        for mentor in &mentors {
            mentor.is_open_to(OpenTo::Mentor, 3);
        }
        let mut costs = Vec::new();
        for some in [&mentors[..1], &mentors[1..]] {
            for mentor in some {
                amina.sets_goal(&format!("Learn what {} knows", mentor.person()), ("data analysis", "2", "4"), &["advise"]);
                amina.asks(mentor, "Read a balance sheet without fear");
            }
            let lists = ["/goals", "/asks", "/questions", "/relationships", "/profile", "/account"];
            costs.push(lists.map(|path| (path, statements(&amina, path))));
        }
        assert_eq!(costs[0], costs[1]);
        let most = costs[1].iter().map(|(_, cost)| *cost).max();
        assert!(most < Some(30), "{costs:?}");
    });
}

#[test]
fn no_page_asks_the_database_more_than_sixty_times() {
    story(|s| {
        let root = s.administrator("Root");
        s.people(["Amina", "Tomas"]);
        let cost = || s.app().db.stats().statements;
        let mut last = cost();
        let mut dear = Vec::new();
        walk(&root, |path, _| {
            let now = cost();
            if now - last > 60 {
                dear.push((path.to_owned(), now - last));
            }
            last = now;
        });
        assert_eq!(dear, Vec::new());
    });
}

#[test]
fn no_link_of_ours_leads_nowhere() {
    story(|s| {
        let root = s.administrator("Root");
        let mut dead = BTreeSet::new();
        let given: BTreeSet<String> = paths("GET", &root.id()).into_iter().collect();
        walk(&root, |path, answer| {
            let is_route_with_made_up_parts = given.contains(path);
            if answer.state == 404 && !is_route_with_made_up_parts {
                dead.insert(path.to_owned());
            }
        });
        assert_eq!(dead, BTreeSet::new(), "these are linked to and are not there");
    });
}

#[test]
fn after_signing_in_one_goes_on_within_this_place_only() {
    story(|s| {
        s.people(["Amina"]);
        for (next, to) in [
            ("/goals", "/goals"),
            ("/asks?state=open", "/asks?state=open"),
            ("//evil.example", "/today"),
            ("/\\evil.example", "/today"),
            ("https:evil.example", "/today"),
            ("https://evil.example/", "/today"),
            ("/%2f%2fevil.example", "/today"),
            ("/%2F%2Fevil.example", "/today"),
            ("@evil.example", "/today"),
            ("/@evil.example", "/today"),
            ("javascript:alert(1)", "/today"),
            ("/\r\nset-cookie: a=b", "/today"),
            ("", "/today"),
        ] {
            s.visitor().posts("/sign-in", &[("address", "amina@village.example"), ("next", next)]);
            let (_, link) = s.letter_to("amina@village.example").expect("a letter");
            assert_eq!(s.visitor().posts(&link.expect("a link"), &[]).goes(), to, "next={next:?}");
            // So that the newest letter is the one of this round.
            s.clock_moves(jiff::SignedDuration::from_mins(11));
        }
    });
}

#[test]
fn over_tls_the_cookie_is_bound_to_this_host() {
    let config = Config { public_url: Some("https://mentoring.example.org".parse().expect("an address")), ..Config::default() };
    story_in(&config, true, |s| {
        let person = s.people(["Amina"])[0].person();
        let link = s.does(move |tx| crate::logins::verbs::sign_in_link(tx, person, jiff::SignedDuration::from_mins(10)));
        let answer = s.visitor().posts(&link, &[]);
        let set: Vec<_> = answer.headers.get_all("set-cookie").iter().map(|v| v.to_str().expect("text").to_owned()).collect();
        let login = set.iter().find(|c| c.starts_with("__Host-chiron=")).expect("a login cookie");
        for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(login.contains(part), "{login}");
        }
        assert!(!login.contains("Domain"), "{login}");
        assert!(login_cookie(&answer.headers).is_some());
        assert!(answer.headers["strict-transport-security"].to_str().expect("text").contains("max-age=63072000"));
    });
}

/// What an attacker would add to every form.
const EXTRA: [(&str, &str); 12] = [
    ("id", "00000000000000000000000000000009"),
    ("person", "00000000000000000000000000000009"),
    ("person_id", "00000000000000000000000000000009"),
    ("office", "administrator"),
    ("role", "administrator"),
    ("verified", "1"),
    ("verified_at", "1"),
    ("joined_at", "1"),
    ("closed_at", ""),
    ("forgotten_at", "1"),
    ("token", "x"),
    ("created_at", "1"),
];

#[test]
fn fields_that_a_form_does_not_have_change_nothing() {
    story(|s| {
        s.does(|tx| tx.set("who may join", "open"));
        let root = s.administrator("Root");
        let [amina] = s.people(["Amina"]);
        let with = |fields: &[(&'static str, &'static str)]| [fields, &EXTRA].concat();
        s.visitor().posts("/join", &with(&[("name", "Mallory"), ("address", "mallory@new.example"), ("agreed", "yes")])).goes();
        let link = s.letter_to("mallory@new.example").and_then(|l| l.1).expect("a link");
        let mallory = s.holding(&login_cookie(&s.visitor().posts(&link, &with(&[])).headers).expect("signed in"));
        mallory.finds_nothing("/place");
        for path in paths("POST", &amina.id()).into_iter().filter(|p| !p.contains("/place") && !p.contains("close")) {
            amina.posts(&path, &EXTRA);
        }
        let offices =
            s.does(|tx| Ok(tx.all::<(String, String)>(chiron_store::sql!("select name, office from people order by name limit 10"), &[])?));
        let office = |name: &str| offices.iter().find(|(n, _)| n == name).map(|(_, o)| o.as_str());
        assert_eq!((office("Amina"), office("Mallory"), office("Root")), (Some("member"), Some("member"), Some("administrator")));
        root.sees("/place", "This place");
    });
}

#[test]
fn of_a_field_that_was_sent_twice_the_first_counts() {
    story(|s| {
        s.people(["Amina", "Tomas"]);
        s.visitor().posts("/sign-in", &[("address", "amina@village.example"), ("address", "tomas@village.example")]).goes();
        assert!(s.letter_to("amina@village.example").is_some());
        assert!(s.letter_to("tomas@village.example").is_none());
    });
}

/// The database cannot grow any more, as on a disk that is full. What PostgreSQL says then passes as well.
#[test]
fn a_full_disk_is_said_on_a_page_that_asks_to_come_back_and_nothing_that_was_saved_is_lost() {
    story(|s| {
        if s.app().db.engine() == Engine::Postgres {
            return;
        }
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        let pages = s.does(|tx| Ok(tx.one::<(i64,)>("pragma page_count", &[])?.0));
        s.does(move |tx| Ok(tx.batch(&format!("pragma max_page_count = {}", pages + 4))?));
        let says = |n: usize| amina.posts("/profile/about", &[("name", "Amina"), ("story", &format!("{n} {}", "words ".repeat(600)))]);
        let refused = (0..).map(|n| (n, says(n))).find(|(_, answer)| answer.state != 303).expect("an end");
        let saved = refused.0 - 1;
        assert!(refused.1.headers.contains_key("retry-after"));
        guarded(&refused.1, "/profile/about");
        assert_eq!(refused.1.shows("This place cannot save anything just now").state, 503);
        // Everybody reads on, and what was said to be saved is.
        for path in ["/today", "/find", "/readyz"] {
            tomas.gets(path).ok();
        }
        amina.sees("/profile/about", &format!("{saved} words"));
        s.does(|tx| Ok(tx.batch("pragma max_page_count = 1000000")?));
        says(7_000).goes();
        amina.sees("/profile/about", "7000 words");
    });
}

#[test]
fn what_is_wrong_is_said_in_the_order_of_the_page_and_with_the_name_of_its_field() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        tomas.is_open_to(OpenTo::Mentor, 2);
        let typed =
            [("to", tomas.id()), ("nonce", "n".into()), ("extent", "regular".into()), ("hours", "99".into()), ("months", "3".into())];
        let typed: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let html = amina.posts("/asks", &typed).html();
        let list = html.split_once("<ul data-errors>").and_then(|(_, rest)| rest.split_once("</ul>")).expect("a list of errors").0;
        let leads: Vec<&str> = list.split("href=\"#").skip(1).filter_map(|line| line.split('"').next()).collect();
        assert_eq!(leads, ["f-help", "f-goal", "f-why-you", "f-so-far", "f-hours", "f-the-ask", "f-will-bring"]);
        assert!(leads.iter().all(|id| html.contains(&format!("id=\"{id}\""))), "{html}");
        assert!(list.contains("Hours a month, if regularly: Please give a whole number from 1 to 10."), "{list}");
        // Of two fields with one name, the one that was tried is the one that is wrong.
        let ask = amina.asks(&tomas, "Work with data");
        let html = tomas.posts(&format!("{ask}/decline"), &[("words", &"x".repeat(3_000)), ("reason", "no_time")]).html();
        assert!(html.contains("href=\"#f-decline-words\"") && html.matches("aria-invalid").count() == 1, "{html}");
    });
}

#[test]
fn what_was_sent_after_the_sign_in_had_ended_is_kept_to_be_sent_again() {
    story(|s| {
        let visitor = s.visitor();
        let words = "First line.\nSecond, with <b> and \"quotes\".";
        let late = visitor.posts("/goals", &[("outcome", words), ("password", "a secret")]);
        assert_eq!(late.state, 401);
        let html = late.html();
        assert!(html.contains("action=\"/goals\"") && html.contains("&lt;b&gt; and &quot;quotes&quot;"), "{html}");
        assert!(!html.contains("a secret"), "{html}");
        late.shows("Please sign in first").shows("Send it again");
    });
}

/// Sends a form sixty-four times at the same moment, each of these people in turn; `{n}` in a value is which time it is.
fn sixty_four(s: &Story, who: &[&Actor], path: &str, fields: &[(&str, &str)]) -> Vec<Answer> {
    let sent = (0..64).map(|n| {
        let fields: Vec<(&str, String)> = fields.iter().map(|(name, value)| (*name, value.replace("{n}", &n.to_string()))).collect();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        s.answers(who[n % who.len()].request_to_post(path, &fields))
    });
    s.waits(futures_util::future::join_all(sent))
}

fn states(answers: &[Answer]) -> Vec<u16> {
    answers.iter().map(|answer| answer.state).collect()
}

/// A double click, two tabs, a page sent again because its answer was lost: all of it at the same moment.
#[test]
fn one_form_sent_sixty_four_times_at_once_is_done_once() {
    story(|s| {
        let [amina, tomas, lea] = s.people(["Amina", "Tomas", "Lea"]);
        tomas.is_open_to(OpenTo::Mentor, 3);
        lea.is_open_to(OpenTo::Question, 0);
        let once = |who: &Actor, path: &str, fields: &[(&str, &str)], rows: &str| {
            let answers = sixty_four(s, &[who], path, fields);
            assert!(answers.iter().all(|answer| [303, 409, 503].contains(&answer.state)), "{path}: {:?}", states(&answers));
            let mut led: BTreeSet<String> = answers.iter().filter(|answer| answer.state == 303).map(Answer::goes).collect();
            let count = format!("select count(*) from {rows}");
            let (made,): (i64,) = s.does(move |tx| Ok(tx.one(&count, &[])?));
            assert_eq!((led.len(), made), (1, 1), "{path}: {:?} {led:?}", states(&answers));
            led.pop_first().expect("a path")
        };
        let ask = once(&amina, "/asks", &letter(&tomas.id(), "one", "Work with data"), "asks");
        let meet = once(&tomas, &format!("{ask}/accept"), &[], "relationships");
        let message = [("words", "Hello"), ("message", "0190b6f0000070008000000000000001")];
        once(&amina, &format!("{meet}/messages"), &message, "messages");
        once(&amina, "/questions", &[("to", &lea.id()), ("nonce", "one"), ("days", "2"), ("words", "How do I begin?")], "questions");
        once(&amina, "/goals", &[("goal", "0190b6f0000070008000000000000002"), ("outcome", "Work with people")], "goals");
        let goal = amina.sets_goal("Work with data", ("SQL", "1", "4"), &["mentoring"]);
        let goal = goal.rsplit('/').next().expect("an id");
        let plan = [("goal", goal), ("template", ""), ("first_on", "2026-11-09"), ("hours", "3"), ("nonce", "one")];
        once(&amina, "/plans", &plan, "plans");
        let times = [("purpose", "regular"), ("minutes", "60"), ("cadence", "once"), ("times", "2026-11-05T18:00:00Z")];
        let session = once(&amina, &format!("{meet}/sessions"), &times, "sessions");
        let time: (uuid::Uuid,) = s.does(|tx| Ok(tx.one("select id from session_times", &[])?));
        once(&tomas, &format!("{session}/book"), &[("time", &time.0.to_string())], "notices where kind = 'session booked'");
    });
}

#[test]
fn of_sixty_four_changes_at_once_each_is_kept_or_shown_again_as_typed() {
    story(|s| {
        let ([amina, tomas], meet) = two(s);
        // Notes of two are merged.
        let session = booked(&amina, &tomas, &meet, "2026-11-02T10:00", &[]);
        s.clock_moves(jiff::SignedDuration::from_hours(1));
        let notes = sixty_four(s, &[&amina, &tomas], &format!("{session}/notes"), &[("notes-base", ""), ("notes", "word {n} end")]);
        assert!(notes.iter().all(|answer| answer.state == 303), "{:?}", states(&notes));
        let page = amina.gets(&session).ok().text();
        assert!((0..64).all(|n| page.contains(&format!("word {n} end"))), "{page}");
        // A goal keeps every version.
        let goal = amina.sets_goal("Work with data", ("SQL", "1", "4"), &["mentoring"]);
        let versions = || s.does(|tx| Ok(tx.one::<(i64,)>("select count(*) from goal_versions", &[])?)).0;
        let before = versions();
        let answers = sixty_four(s, &[&amina], &format!("{goal}/success"), &[("success", "word {n} end")]);
        assert!(answers.iter().all(|answer| answer.state == 303), "{:?}", states(&answers));
        assert_eq!(versions() - before, 64);
        // A part of a profile is one text: what was saved meanwhile is not overwritten unseen.
        let mark =
            |html: &str| html.split("name=\"was\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a mark").to_owned();
        let was = mark(&amina.gets("/profile/about").ok().html());
        let about = [("was", was.as_str()), ("name", "Amina"), ("headline", "word {n} end")];
        let answers = sixty_four(s, &[&amina], "/profile/about", &about);
        let (saved, told): (Vec<_>, Vec<_>) = answers.iter().enumerate().partition(|(_, answer)| answer.state == 303);
        assert_eq!((saved.len(), told.len()), (1, 63), "{:?}", states(&answers));
        amina.sees(&format!("/people/{}", amina.id()), &format!("word {} end", saved[0].0));
        for (n, answer) in &told {
            assert!(answer.state == 409 && answer.html().contains(&format!("value=\"word {n} end\"")), "{}", answer.text());
        }
        // Having been told, she may; and the same once more takes nothing away.
        let (n, answer) = told[0];
        let (headline, seen) = (format!("word {n} end"), mark(&answer.html()));
        for was in [&seen, &was] {
            amina.posts("/profile/about", &[("was", was), ("name", "Amina"), ("headline", &headline)]).goes();
        }
    });
}
