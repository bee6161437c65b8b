//! Letters, told as stories.

use super::{Letter, Recipient, sql, verbs};
use crate::story::story;

#[test]
fn a_letter_waits_sealed_and_an_address_of_nobody_gets_none() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let person = amina.person();
        let posted = s.does(move |tx| {
            let letter = Letter {
                lines: vec!["Only the bearer of this may read it.".into()],
                ..Letter::to(Recipient::Person(person), "test", "Hello\r\nBcc: everyone@example.org", "because you asked")
            };
            verbs::post(tx, letter)
        });
        assert!(posted.is_some());
        s.does(move |tx| {
            let letters: Vec<(String, crate::seal::Sealed)> = tx.all(chiron_store::sql!("select to_address, body from letters"), &[])?;
            assert_eq!(letters[0].0, "amina@village.example");
            assert_eq!(sql::open(tx, &letters[0].1)?.subject, "Hello Bcc: everyone@example.org");
            Ok(())
        });
    });
}
