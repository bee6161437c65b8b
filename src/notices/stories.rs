//! Being told, told as stories. Until there is more to tell, people here say hello to each other.

use super::tell;
use crate::app::Tx;
use crate::error::Result;
use crate::slices::{LetterDeed, Reply, Routes, Slice, Telling, Words};
use crate::story::{Actor, story};
use crate::viewer::Viewer;
use maud::html;
use uuid::Uuid;

/// A noun as small as can be: someone says hello to someone; the answer is kept among the settings.
pub static HELLO: Slice = Slice {
    name: "hello",
    heading: "Hello",
    routes: Routes::new,
    sweeps: &[],
    happenings: &[],
    reactions: &[],
    tellings: &[Telling { kind: "hello", about: "Someone says hello", words: hello }],
    letter_deeds: &[
        LetterDeed {
            deed: "hello.answer",
            confirm: |_, _, _, form| {
                Ok((
                    "Say hello back?".into(),
                    html! { (crate::page::Field::text("words", "Your words").value(form.value("words")).error(form.error("words"))) },
                ))
            },
            act: |tx, viewer, from, form| {
                let words = form.text("words", 40);
                if form.is_good() {
                    answer(tx, viewer, from, &words)?;
                }
                Ok("You said hello back.".into())
            },
        },
        LetterDeed {
            deed: "hello.ignore",
            confirm: |_, _, _, _| Ok(("Say nothing?".into(), html! { p { "They will not be told." } })),
            act: |tx, viewer, from, _| {
                answer(tx, viewer, from, "nothing")?;
                Ok("You said nothing.".into())
            },
        },
    ],
    replies: &[Reply { noun: "hello", receive: answer }],
    personal: &[],
    policy: |_| {},
    today: |_, _| Ok(Vec::new()),
};

fn hello(tx: &mut Tx, _: &Viewer, from: Uuid) -> Result<Option<Words>> {
    if tx.setting("hello taken back")?.is_some() {
        return Ok(None);
    }
    let name = crate::people::verbs::chip(tx, from.into())?.name;
    Ok(Some(Words {
        title: format!("{name} says hello"),
        lines: vec![format!("{name} says hello to you.")],
        quote: Some("Good morning {{7*7}} ${7*7} <b>you</b>".into()),
        path: "/notices".into(),
        button: "Read it here".into(),
        deeds: vec![("Say hello back".into(), "hello.answer", from), ("Say nothing".into(), "hello.ignore", from)],
        reply_to: Some(("hello", from)),
        ..Words::default()
    }))
}

fn answer(tx: &mut Tx, viewer: &Viewer, _: Uuid, words: &str) -> Result<()> {
    let before = tx.setting("hello answers")?.unwrap_or_default();
    tx.set("hello answers", &format!("{before}{} said {words}. ", viewer.name))
}

pub trait Greeting {
    fn greets(&self, other: &Actor);
}
impl Greeting for Actor<'_> {
    fn greets(&self, other: &Actor) {
        let (from, to) = (self.person(), other.person());
        self.story.does(move |tx| tell(tx, to, "hello", from));
    }
}

#[test]
fn a_notice_is_new_until_it_is_opened_and_leads_where_it_says() {
    story(|s| {
        let [amina, tomas, lea] = s.people(["Amina", "Tomas", "Lea"]);
        amina.greets(&tomas);
        let page = tomas.gets("/notices").ok().shows("Amina says hello").shows("(new)").html();
        let path = page.split("action=\"").find_map(|rest| rest.strip_prefix("/notices/0")?.split_once('"')).expect("a notice to open").0;
        let path = format!("/notices/0{path}");
        assert_eq!(lea.posts(&path, &[]).state, 404, "not Lea's to open");
        assert_eq!(tomas.posts(&path, &[]).goes(), "/notices");
        tomas.gets("/notices").ok().shows("Amina says hello").hides("(new)");
        lea.does_not_see("/notices", "Amina");
    });
}

#[test]
fn everything_can_be_marked_as_read_at_once() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        amina.greets(&tomas);
        amina.greets(&tomas);
        tomas.gets("/notices/bell").ok().shows("2 new");
        tomas.posts("/notices/read", &[]).goes();
        tomas.gets("/notices/bell").ok().hides("new");
    });
}

#[test]
fn a_long_list_of_notices_has_pages() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        for _ in 0..51 {
            amina.greets(&tomas);
            s.clock_moves(jiff::SignedDuration::from_mins(1));
        }
        let page = tomas.gets("/notices").ok().html();
        assert_eq!(page.matches("says hello").count(), 50);
        let older = page.split("/notices?before=").nth(1).and_then(|rest| rest.split('"').next()).expect("an older page");
        assert_eq!(tomas.gets(&format!("/notices?before={older}")).ok().html().matches("says hello").count(), 1);
    });
}

#[test]
fn a_notice_with_nothing_left_to_say_is_not_shown() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        amina.greets(&tomas);
        s.does(|tx| tx.set("hello taken back", "yes"));
        tomas.sees("/notices", "Nothing to tell you");
    });
}

#[test]
fn p24_saying_hello_back_from_a_letter_needs_no_signing_in() {
    story(|s| {
        let [amina, tomas, lea] = s.people(["Amina", "Tomas", "Lea"]);
        amina.greets(&tomas);
        let letter = tomas.reads_in_letter("Amina says hello");
        assert!(letter.text.contains("{{7*7}} ${7*7} <b>you</b>") && !letter.html.contains("<b>you</b>"));
        assert!(!letter.text.contains("49") && !letter.html.contains("49"), "what people write is never a template");
        let back = tomas.follows("Say hello back");
        let page = back.page.shows("You are answering as Tomas");
        assert!(!page.text().contains("Your menu"), "nobody was signed in by it");
        lea.gets(&back.path).ok().shows("You are signed in here as Lea, but this letter was to Tomas");
        // What is missing is said, and the link stays good.
        assert_eq!(back.by.posts(&back.path, &[("words", "")]).state, 422);
        back.by.posts(&back.path, &[("words", "servus")]).ok().shows("You said hello back.").shows("Sign in");
        back.by.posts(&back.path, &[("words", "again")]).ok().shows("This link was used already").shows("You said hello back.");
        back.by.gets(&back.path).ok().shows("This link was used already");
        assert_eq!(s.does(|tx| tx.setting("hello answers")).as_deref(), Some("Tomas said servus. "));
    });
}

#[test]
fn a_link_in_a_letter_ends_after_fourteen_days_and_a_made_up_one_is_nothing() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        amina.greets(&tomas);
        let ignore = tomas.follows("Say nothing");
        ignore.page.ok();
        s.days_pass(14);
        ignore.by.posts(&ignore.path, &[]).ok().shows("This link is no longer good");
        assert_eq!(s.does(|tx| tx.setting("hello answers")), None);
        s.visitor().finds_nothing("/letters/aaaa");
    });
}

#[test]
fn fifty_presses_of_one_link_are_one_deed() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        amina.greets(&tomas);
        let path = tomas.follows("Say nothing").path;
        let answers = s.sends_at_once(50, || s.visitor().request_to_post(&path, &[]));
        assert!(answers.iter().all(|a| matches!(a.state, 200 | 409 | 503)), "{:?}", answers.iter().map(|a| a.state).collect::<Vec<_>>());
        assert_eq!(s.does(|tx| tx.setting("hello answers")).as_deref(), Some("Tomas said nothing. "));
    });
}

#[test]
fn whoever_has_read_a_notice_gets_no_letter_about_it() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        amina.greets(&tomas);
        tomas.posts("/notices/read", &[]).goes();
        assert!(tomas.letters().is_empty());
        amina.greets(&tomas);
        s.does(|tx| tx.set("hello taken back", "yes"));
        assert!(tomas.letters().is_empty(), "nothing was left to say");
    });
}

#[test]
fn someone_who_wants_one_letter_a_day_gets_one_at_seven() {
    story(|s| {
        let [amina, lea, tomas] = s.people(["Amina", "Lea", "Tomas"]);
        tomas.posts("/account/mail", &[("rhythm", "daily"), ("about", "hello")]).goes();
        amina.greets(&tomas);
        lea.greets(&tomas);
        s.hours_pass(21);
        assert!(tomas.letters().is_empty(), "it is six in the morning");
        s.hours_pass(1);
        let letter = tomas.reads_in_letter("2 things are new for you");
        assert!(letter.says("Amina says hello") && letter.says("Lea says hello"));
        s.days_pass(3);
        assert_eq!(tomas.letters().len(), 1, "nothing new, no letter");
    });
}

#[test]
fn what_reaches_one_by_mail_stands_under_one_heading_each() {
    story(|s| {
        let [tomas] = s.people(["Tomas"]);
        let page = tomas.gets("/account/mail").ok().html();
        let headings: Vec<&str> = page.split("<summary>").skip(1).filter_map(|rest| rest.split_once(": ")).map(|(one, _)| one).collect();
        let once: std::collections::BTreeSet<&str> = headings.iter().copied().collect();
        assert!(headings.len() > 20, "{headings:?}");
        assert_eq!(once.len(), headings.len(), "{headings:?}");
    });
}

#[test]
fn someone_who_wants_no_mail_gets_none_and_reads_it_here() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        tomas.posts("/account/mail", &[("rhythm", "never"), ("about", "hello")]).goes();
        tomas.gets("/account/mail").ok().shows("Someone says hello");
        amina.greets(&tomas);
        s.days_pass(2);
        assert!(tomas.letters().is_empty());
        tomas.reads("Amina says hello");
    });
}

#[test]
fn one_press_in_the_mail_program_stops_a_kind_of_mail() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        amina.greets(&tomas);
        let letter = tomas.reads_in_letter("Amina says hello");
        assert_eq!(letter.header("List-Unsubscribe-Post"), ["List-Unsubscribe-Post: List-Unsubscribe=One-Click"]);
        assert_eq!(letter.header("List-Unsubscribe").len(), 1);
        let stop = letter.links.iter().find(|(label, _)| label == "Stop mail like this").expect("a link").1.clone();
        let path = stop.strip_prefix(&s.app().config.url()).expect("a link of ours");
        let visitor = s.visitor();
        visitor.gets(path).ok().shows("Stop this mail?").shows("Someone says hello");
        amina.greets(&tomas);
        assert_eq!(tomas.letters().len(), 2, "looking at the page changes nothing");
        visitor.posts(path, &[("List-Unsubscribe", "One-Click")]).ok().shows("no more mail like this");
        amina.greets(&tomas);
        assert_eq!(tomas.letters().len(), 2);
        tomas.reads("Amina says hello");
        let other = path.replace("hello", "daily");
        visitor.finds_nothing(&other);
    });
}
