//! Stories about people who write to each other.

use crate::asks::stories::Asking;
use crate::people::OpenTo;
use crate::story::{Actor, Answer, Story, story};

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
