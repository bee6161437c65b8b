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
