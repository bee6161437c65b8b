//! Stories about asking for help.

use crate::people::OpenTo;
use crate::slices::Words;
use crate::story::{Actor, Answer, story};
use chiron_store::sql;

/// What people in stories do about asks.
pub trait Asking {
    /// Is open to be asked for this, with so many places.
    fn is_open_to(&self, role: OpenTo, places: i64);
    /// Writes the letter and sends it; returns the ask's path.
    fn asks(&self, whom: &Actor, goal: &str) -> String;
    /// Everything this person has been told so far, latest last: title, lines and quotation of each.
    fn was_told(&self) -> Vec<Words>;
    /// Has been told this, in a title, a line or a quotation.
    fn is_told(&self, words: &str);
    /// As `asks`, with more said, or said otherwise.
    fn asks_with(&self, whom: &Actor, goal: &str, more: &[(&str, &str)]) -> Answer;
}

impl Asking for Actor<'_> {
    fn is_open_to(&self, role: OpenTo, places: i64) {
        let person = self.person();
        self.story.does(move |tx| {
            tx.execute(
                sql!("insert into profile_roles (person_id, role) values ($1, $2) on conflict (person_id, role) do nothing"),
                &[&person, &role],
            )?;
            tx.execute(sql!("update profiles set capacity = $2 where person_id = $1"), &[&person, &places])?;
            Ok(())
        });
    }

    #[track_caller]
    fn asks(&self, whom: &Actor, goal: &str) -> String {
        self.asks_with(whom, goal, &[]).goes()
    }

    fn was_told(&self) -> Vec<Words> {
        let viewer = self.viewer();
        self.story.does(move |tx| {
            let rows: Vec<(String, uuid::Uuid)> =
                tx.all(sql!("select kind, subject from notices where person_id = $1 order by made_at, id"), &[&viewer.person])?;
            let mut told = Vec::new();
            for (kind, subject) in rows {
                let telling = tx.slices().iter().flat_map(|s| s.tellings).find(|t| t.kind == kind).expect("a declared telling");
                told.extend((telling.words)(tx, &viewer, subject)?);
            }
            Ok(told)
        })
    }

    #[track_caller]
    fn is_told(&self, words: &str) {
        let told = self.was_told();
        let says =
            |t: &Words| t.title.contains(words) || t.lines.iter().any(|l| l.contains(words)) || t.quote.iter().any(|q| q.contains(words));
        assert!(told.iter().any(says), "{} was not told “{words}” but: {told:#?}", self.name);
    }

    fn asks_with(&self, whom: &Actor, goal: &str, more: &[(&str, &str)]) -> Answer {
        let (to, nonce) = (whom.id(), format!("{} {goal} {:?}", whom.id(), self.story.now()));
        let usual = [
            ("to", to.as_str()),
            ("nonce", &nonce),
            ("help", "mentoring"),
            ("goal", goal),
            ("why_you", "You made the same move."),
            ("so_far", "Two courses and a small project."),
            ("extent", "regular"),
            ("hours", "2"),
            ("months", "6"),
            ("the_ask", "Tell me which of my plans is worth a year."),
            ("will_bring", "I prepare, and I tell you what came of it."),
        ];
        let fields: Vec<(&str, &str)> =
            usual.iter().filter(|(name, _)| !more.iter().any(|(m, _)| m == name)).chain(more).copied().collect();
        self.posts("/asks", &fields)
    }
}

#[test]
fn p16_a_learner_asks_in_five_short_fields_and_is_told_yes() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina Okafor", "Tomas Novak"]);
        tomas.is_open_to(OpenTo::Mentor, 2);

        amina.sees(&format!("/asks/new?to={}&outcome=Work+with+data", tomas.id()), "Work with data");
        let ask = amina.asks(&tomas, "How do I move into data work?");
        amina.sees(&ask, "Tomas’s turn");
        tomas.sees("/asks", "Amina Okafor asks for your help");
        tomas.sees(&ask, "You made the same move.");

        let relationship = tomas.posts(&format!("{ask}/accept"), &[]).goes();
        amina.is_told("Tomas said yes");
        amina.sees(&relationship, "Your mentoring with Tomas");
        amina.sees(&relationship, "2 hours a month for 6 months");
        tomas.sees(&relationship, "How do I move into data work?");
    });
}
