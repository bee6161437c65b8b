//! Stories about signing in.

use crate::story::{Answer, Story, story};
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

fn is_signed_in(answer: &Answer) -> bool {
    login_cookie(&answer.headers).is_some_and(|token| token.len() == 52)
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
