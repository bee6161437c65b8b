//! Stories about feedback.

use super::{FeedbackId, Said, verbs};
use crate::action_items::stories::{Acting as _, two};
use crate::asks::stories::Asking;
use crate::goals::stories::Wishing;
use crate::plans::Kind;
use crate::plans::stories::Planning as _;
use crate::story::{Actor, Answer, Story, story};
use chiron_store::sql;

const OUTSIDE: &str = "jo@elsewhere.example";

trait Feeding {
    /// Asks for feedback on something; the fields that are not said are usual ones.
    fn tries_to_ask_for_feedback(&self, fields: &[(&str, &str)]) -> Answer;
    /// Gives what was asked for, in usual words.
    fn gives(&self, feedback: &str) -> Answer;
    fn takes(&self, feedback: &str, way: &str, fields: &[(&str, &str)]) -> Answer;
}

const WORDS: [(&str, &str); 4] = [
    ("situation", "On Tuesday, with the team."),
    ("behaviour", "You showed the chart before you said what it was for."),
    ("impact", "I looked for a minute at the wrong axis."),
    ("next", "Say one sentence first."),
];
const PLAN: [(&str, &str); 4] =
    [("words", "Say what it is for"), ("plan_if", "I open a chart"), ("plan_then", "say one sentence first"), ("on", "2026-11-20")];

impl Feeding for Actor<'_> {
    fn tries_to_ask_for_feedback(&self, fields: &[(&str, &str)]) -> Answer {
        // The last fields first: a nonce is cut at eighty characters.
        let nonce = format!("{:?} {:?}", self.story.now(), fields.iter().rev().map(|(_, value)| *value).collect::<Vec<_>>());
        let usual = [("question", "Where did I lose you?"), ("by_on", "2026-11-09"), ("nonce", nonce.as_str())];
        let all: Vec<(&str, &str)> = usual.iter().filter(|(n, _)| !fields.iter().any(|(f, _)| f == n)).chain(fields).copied().collect();
        self.posts("/feedback", &all)
    }
    fn gives(&self, feedback: &str) -> Answer {
        self.posts(&format!("{feedback}/give"), &WORDS)
    }
    fn takes(&self, feedback: &str, way: &str, fields: &[(&str, &str)]) -> Answer {
        let all: Vec<(&str, &str)> = [("way", way)].iter().chain(fields).copied().collect();
        self.posts(&format!("{feedback}/receive"), &all)
    }
}

fn pin_of(path: &str) -> String {
    let (noun, id) = path[1..].split_once('/').expect("a page of something");
    format!("{}:{id}", noun.trim_end_matches('s'))
}

/// Two who work together, a goal of Amina's, and how she names Tomas in the form.
fn asking(s: &Story) -> ([Actor<'_>; 2], String, String, String) {
    let ([amina, tomas], relationship) = two(s);
    let goal = pin_of(&amina.sets_goal("Present to the board", ("leadership", "2", "4"), &["advise"]));
    let of = format!("{}:{}", &relationship["/relationships/".len()..], tomas.id());
    ([amina, tomas], relationship, goal, of)
}

/// Asked of Tomas and answered.
fn given<'s>(s: &'s Story) -> ([Actor<'s>; 2], String, String) {
    let ([amina, tomas], relationship, goal, of) = asking(s);
    let feedback = amina.tries_to_ask_for_feedback(&[("pin", &goal), ("of", &of)]).goes();
    tomas.gives(&feedback).goes();
    ([amina, tomas], relationship, feedback)
}

fn id_of(relationship: &str) -> crate::relationships::RelationshipId {
    relationship["/relationships/".len()..].parse().expect("a relationship")
}

fn link_of(s: &Story, label: &str) -> String {
    let letters = s.letters_to(OUTSIDE);
    let found = letters.iter().rev().flat_map(|letter| &letter.links).find(|(l, _)| l == label).expect("a link").1.clone();
    found.strip_prefix(&s.app().config.url()).expect("a link to this place").to_owned()
}

fn addresses(s: &Story) -> i64 {
    let row: (i64,) = s.does(|tx| Ok(tx.one(sql!("select count(*) from feedback where giver_address is not null"), &[])?));
    row.0
}

#[test]
fn p44_a_precise_question_is_asked_of_a_partner_answered_on_the_page_and_thanked_in_one_press() {
    story(|s| {
        let ([amina, tomas], relationship, goal, of) = asking(s);
        amina.sees("/feedback", "Nothing yet");
        amina.gets("/feedback/new").ok().shows("Goal: Present to the board").shows("Tomas").shows("Somebody without an account");
        amina.tries_to_ask_for_feedback(&[("pin", &goal), ("of", &of), ("question", "")]).refuses("Please fill this in");
        amina.tries_to_ask_for_feedback(&[("pin", &goal)]).refuses("Please choose whom you ask").shows("Where did I lose you?");
        amina.tries_to_ask_for_feedback(&[("pin", &goal), ("of", &of), ("by_on", "2026-10-01")]).refuses("from today on");
        let fields = [("pin", goal.as_str()), ("of", &of), ("nonce", "once")];
        let feedback = amina.tries_to_ask_for_feedback(&fields).goes();
        assert_eq!(amina.tries_to_ask_for_feedback(&fields).goes(), feedback, "sent twice is one");
        tomas.is_told("Amina asks for your feedback");
        tomas.is_told("Where did I lose you?");
        tomas.sees("/today", "Amina asks for your feedback");
        tomas.sees(&relationship, "Feedback that waits for you");
        tomas.gets(&feedback).ok().shows("Present to the board").shows("A short lesson in giving feedback").hides("Take the question back");
        tomas.posts(&format!("{feedback}/give"), &WORDS[..2]).refuses("Please fill this in").shows("You showed the chart before");
        tomas.gives(&feedback).goes();
        tomas.gives(&feedback).refuses("a moment before");
        amina.is_told("Tomas gave you feedback");
        assert!(amina.letters().iter().any(|letter| letter.says("Tomas gave you feedback")));
        assert!(amina.letters().iter().all(|letter| !letter.raw.contains("axis")), "what it says stands on the page");
        amina.gets(&feedback).ok().shows("I looked for a minute at the wrong axis.").shows("Say one sentence first.");
        amina.posts(&format!("{feedback}/thank"), &[]).goes();
        amina.posts(&format!("{feedback}/thank"), &[]).refuses("thanked for this already");
        tomas.is_told("Amina thanks you");
        // Nobody else finds it, and nobody else can do anything with it.
        let [mallory] = s.people(["Mallory"]);
        for other in [&mallory, &s.coordinator("Cora"), &s.administrator("Ada")] {
            other.finds_nothing(&feedback);
            for deed in ["give", "pass", "withdraw", "thank", "outcome"] {
                assert_eq!(other.posts(&format!("{feedback}/{deed}"), &WORDS).state, 404, "{deed}");
            }
            assert_eq!(other.takes(&feedback, "decline", &[("words", "No")]).state, 404);
            other.does_not_see("/feedback", "Present to the board");
        }
        assert_eq!(tomas.takes(&feedback, "decline", &[("words", "No")]).state, 404, "it is hers to take");
        for scored in ["star", "score", "rating", "out of 5", "%"] {
            assert!(!amina.gets(&feedback).text().contains(scored), "“{scored}” stands on the page");
        }
    });
}

#[test]
fn p43_feedback_that_is_pinned_to_nothing_is_kindly_refused() {
    story(|s| {
        let ([amina, tomas], relationship, goal, of) = asking(s);
        amina.tries_to_ask_for_feedback(&[("of", &of)]).refuses("Please pin it to something").shows("Where did I lose you?");
        let [noor] = s.people(["Noor"]);
        let theirs = pin_of(&noor.sets_goal("Mine alone", ("leadership", "2", "4"), &["advise"]));
        amina.tries_to_ask_for_feedback(&[("of", &of), ("pin", &theirs)]).refuses("Please pin it to something").hides("Mine alone");

        // Given without being asked: on what both know, and on nothing else.
        let give = format!("{relationship}/feedback");
        tomas.sees(&format!("{give}/new"), "There is none yet");
        let action = amina.takes_on(&relationship, "Redraw the chart", &[]);
        let quiet = amina.takes_on(&relationship, "Sleep more", &[("intensity", "silent")]);
        tomas.gets(&format!("{give}/new")).ok().shows("What Amina took on: Redraw the chart").hides("Sleep more");
        let offers = |pin: &str| {
            let about = amina.id();
            let fields: Vec<_> = WORDS.iter().copied().chain([("about", about.as_str()), ("nonce", pin), ("pin", pin)]).collect();
            tomas.posts(&give, &fields)
        };
        offers("").refuses("Please pin it to something").shows("wrong axis");
        offers(&pin_of(&quiet)).refuses("Please pin it to something");
        let feedback = offers(&pin_of(&action)).goes();
        amina.is_told("Tomas gave you feedback");
        amina.gets(&feedback).ok().shows("Redraw the chart").shows("wrong axis");
        amina.sees(&action, "Ask somebody for feedback on it");
        tomas.sees(&action, "Give feedback on it");
        // A goal is its owner's, until she shares it there.
        offers(&goal).refuses("Please pin it to something");
        let (me, shared, with) =
            (amina.viewer(), goal["goal:".len()..].parse::<crate::goals::GoalId>().expect("a goal"), id_of(&relationship));
        s.does(move |tx| crate::attainment::verbs::share(tx, &me, shared, Some(with)));
        tomas.sees(&format!("{give}/new"), "Goal: Present to the board");
        let on_goal = offers(&goal).goes();
        assert!(tomas.gets(&on_goal).ok().html().contains("/attainment/"), "he sees it as it is shared");
        assert!(amina.gets(&on_goal).ok().html().contains(&format!("/goals/{shared}")));
        amina.sees(&give, "From Tomas");
        tomas.sees(&give, "You to Amina");
        let [mallory] = s.people(["Mallory"]);
        mallory.finds_nothing(&format!("{give}/new"));
        assert_eq!(mallory.posts(&give, &[("about", &amina.id()), ("pin", &pin_of(&action)), ("nonce", "x")]).state, 404);
    });
}

#[test]
fn p43_a_piece_of_work_from_a_plan_can_be_asked_about_and_given_feedback_on() {
    story(|s| {
        let ([amina, tomas], relationship, _, of) = asking(s);
        let goal = amina.sets_goal("Apply for a first analyst job", ("data analysis", "2", "4"), &["advise"]);
        let plan = amina.plans(&goal, "changing-fields");
        let mine = amina.finds(&plan, Kind::Talk, 0);
        let work = format!("activity:{}", mine.rsplit('/').next().expect("an id"));
        let title = "Tell it to three people, and change it after each";
        assert!(amina.gets(&mine).ok().shows(title).html().contains(&format!("/feedback/new?pin={work}")));
        let asking = amina.gets(&format!("/feedback/new?pin={work}")).ok().shows(&format!("Talk: {title}"));
        let chosen = |answer: &Answer, pin: &str| answer.html().contains(&format!("value=\"{pin}\" selected"));
        assert!(chosen(&asking, &work), "what the link named is chosen");
        // Also where there is more than is offered.
        let steps: Vec<String> = (0..20).map(|n| pin_of(&amina.takes_on(&relationship, &format!("Step {n}"), &[]))).collect();
        for step in &steps {
            assert!(chosen(&amina.gets(&format!("/feedback/new?pin={step}")), step), "{step} is chosen");
            assert!(chosen(&tomas.gets(&format!("{relationship}/feedback/new?pin={step}")), step), "{step} is chosen");
        }

        // A plan that only she sees: she may ask about what stands in it, and nobody else can name it.
        let given = |nonce: &str| {
            let fields = [("about", amina.id()), ("pin", work.clone()), ("nonce", nonce.to_owned())];
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).chain(WORDS).collect();
            tomas.posts(&format!("{relationship}/feedback"), &fields)
        };
        tomas.does_not_see(&format!("{relationship}/feedback/new"), title);
        given("before it is shared").refuses("Please pin it to something").hides(title);
        let asked = amina.tries_to_ask_for_feedback(&[("pin", &work), ("of", &of)]).goes();
        tomas.gets(&asked).ok().shows(title).hides("Apply for a first analyst job");
        tomas.finds_nothing(&mine);

        amina.shares_plan(&plan, &relationship);
        tomas.gets(&mine).ok().shows("Give feedback on it");
        tomas.gets(&format!("{relationship}/feedback/new?pin={work}")).ok().shows(title);
        let told = given("once it is shared").goes();
        amina.gets(&told).ok().shows(title).shows("I looked for a minute at the wrong axis.");

        // What she took out again is nobody's to ask about; what was said of it stays.
        amina.posts(&format!("{mine}/take-out"), &[("version", "1")]).goes();
        amina.tries_to_ask_for_feedback(&[("pin", &work), ("of", &of), ("question", "And now?")]).refuses("Please pin it to something");
        amina.sees(&told, title);
    });
}

#[test]
fn p38_what_is_tried_becomes_an_action_with_a_plan_and_the_giver_hears_what_came_of_it() {
    story(|s| {
        let ([amina, tomas], _, feedback) = given(s);
        amina.takes(&feedback, "try", &PLAN[..2]).refuses("Please fill this in").shows("Say what it is for");
        amina.takes(&feedback, "try", &PLAN).goes();
        tomas.is_told("Amina is trying what you said");
        let page = amina.gets(&feedback).ok().shows("You are trying it.").html();
        let action = page
            .split("href=\"")
            .filter_map(|rest| rest.split('"').next())
            .find(|p| p.starts_with("/actions/0"))
            .expect("an action")
            .to_owned();
        amina
            .gets(&action)
            .ok()
            .shows("Say what it is for")
            .shows("If I open a chart, then I say one sentence first.")
            .shows("Present to the board");
        tomas.gets(&feedback).ok().shows("Amina is trying it.").hides("/actions/");
        amina.posts(&format!("{action}/keep"), &[]).goes();
        assert!(tomas.was_told().iter().all(|t| !t.title.contains("What came of")), "she may say it in her own words first");
        amina.sees("/today", "What came of what Tomas told you?");
        s.days_pass(4);
        tomas.is_told("What came of your feedback to Amina");
        tomas.is_told("Amina has tried it.");
        amina.posts(&format!("{feedback}/outcome"), &[("outcome", "Late")]).refuses("said what came of it already");

        // In her own words, when she has some.
        let ([amina, tomas], _, feedback) = {
            let [bea, tim] = s.people(["Bea", "Tim"]);
            tim.is_open_to(crate::people::OpenTo::Mentor, 3);
            let relationship = tim.posts(&format!("{}/accept", bea.asks(&tim, "Speak up")), &[]).goes();
            let goal = pin_of(&bea.sets_goal("Speak up", ("leadership", "2", "4"), &["advise"]));
            let of = format!("{}:{}", &relationship["/relationships/".len()..], tim.id());
            let feedback = bea.tries_to_ask_for_feedback(&[("pin", &goal), ("of", &of), ("by_on", "2026-11-12")]).goes();
            tim.gives(&feedback).goes();
            ([bea, tim], relationship, feedback)
        };
        amina.takes(&feedback, "try", &PLAN).goes();
        amina.posts(&format!("{feedback}/outcome"), &[("outcome", "She nodded at once.")]).goes();
        tomas.is_told("She nodded at once.");
        tomas.sees(&feedback, "She nodded at once.");
    });
}

#[test]
fn p38_what_was_tried_and_let_go_waits_for_another_answer() {
    story(|s| {
        let ([amina, _], _, feedback) = given(s);
        amina.takes(&feedback, "try", &PLAN).goes();
        amina.does_not_see("/today", "gave you feedback");
        let page = amina.gets(&feedback).html();
        let action = page
            .split("href=\"")
            .filter_map(|rest| rest.split('"').next())
            .find(|p| p.starts_with("/actions/0"))
            .expect("an action")
            .to_owned();
        amina.posts(&format!("{action}/drop"), &[]).goes();
        amina.sees("/today", "Tomas gave you feedback");
        amina.takes(&feedback, "try", &PLAN).goes();
        amina.sees(&feedback, "You are trying it.");
    });
}

#[test]
fn p26_each_of_the_four_ways_is_an_answer_and_the_giver_hears_which() {
    story(|s| {
        let ([amina, tomas], _, goal, of) = asking(s);
        let one = |n: &str| {
            let feedback = amina.tries_to_ask_for_feedback(&[("pin", &goal), ("of", &of), ("nonce", n)]).goes();
            tomas.gives(&feedback).goes();
            feedback
        };
        let [park, decline, done] = ["1", "2", "3"].map(one);
        amina.gets(&park).ok().shows("A short lesson in taking feedback").shows("four honest answers");
        amina.takes(&park, "park", &[("on", "2026-11-02")]).refuses("a day after today");
        amina.takes(&park, "park", &[("on", "2026-11-12"), ("heard", "That I hurry.")]).goes();
        tomas.is_told("Amina keeps what you said for later");
        tomas.gets(&park).ok().shows("That I hurry.").shows("Amina keeps it for later.");
        amina.takes(&decline, "decline", &[("words", "")]).refuses("Please fill this in");
        amina.takes(&decline, "decline", &[("words", "The board knows the chart.")]).goes();
        tomas.is_told("The board knows the chart.");
        amina.takes(&decline, "decline", &[("words", "Twice")]).refuses("answered for this already");
        amina.takes(&done, "done", &[("words", "I changed the title slide.")]).goes();
        tomas.is_told("I changed the title slide.");
        // What was parked comes back on its day, and then asks for one of the four again.
        s.days_pass(9);
        amina.does_not_see("/today", "gave you feedback");
        s.days_pass(1);
        amina.is_told("Feedback from Tomas waits for your answer");
        amina.sees("/today", "Tomas gave you feedback");
        amina.takes(&park, "decline", &[("words", "It does not fit any more.")]).goes();
    });
}

#[test]
fn p26_what_nobody_answers_for_is_brought_back_after_fourteen_days_and_again() {
    story(|s| {
        let ([amina, _], ..) = given(s);
        amina.sees("/today", "Tomas gave you feedback");
        s.days_pass(13);
        let waits = |amina: &Actor| amina.was_told().iter().filter(|t| t.title.contains("waits for your answer")).count();
        assert_eq!(waits(&amina), 0);
        s.days_pass(1);
        assert_eq!(waits(&amina), 1);
        s.days_pass(14);
        assert_eq!(waits(&amina), 2);
    });
}

#[test]
fn p44_somebody_without_an_account_answers_by_the_link_once_and_is_thanked() {
    story(|s| {
        let ([amina, _], _, goal, _) = asking(s);
        let asks = |fields: &[(&str, &str)]| {
            let all: Vec<_> = [("pin", goal.as_str()), ("of", "outside")].iter().chain(fields).copied().collect();
            amina.tries_to_ask_for_feedback(&all)
        };
        asks(&[("name", "Jo Miller"), ("address", "nonsense")]).refuses("e-mail address");
        asks(&[("name", "Me"), ("address", "AMINA@village.example")]).refuses("your own address");
        let feedback = asks(&[("name", "Jo Miller"), ("address", OUTSIDE)]).goes();
        let letters = s.letters_to(OUTSIDE);
        assert_eq!(letters.len(), 1);
        assert!(
            letters[0].says("Amina asks for your feedback")
                && letters[0].says("Where did I lose you?")
                && letters[0].says("Present to the board")
        );
        let link = link_of(s, "Answer");
        let door = s.visitor();
        door.gets(&link).ok().shows("Where did I lose you?").shows("Only you and Amina").shows("Feedback that helps");
        door.posts(&link, &[("do", "give"), ("situation", "On Tuesday")]).refuses("Please fill this in").shows("On Tuesday");
        let words: Vec<_> = WORDS.iter().copied().chain([("do", "give"), ("keep", "yes")]).collect();
        assert_eq!(door.posts(&link, &words).goes(), link);
        door.gets(&link).ok().shows("Thank you").hides("axis");
        let again = [("do", "give"), ("situation", "No"), ("behaviour", "No"), ("impact", "Something else")];
        door.posts(&link, &again).ok().shows("Thank you");
        amina.does_not_see(&feedback, "Something else");
        assert_eq!(s.visitor().gets("/feedback/answer/nobodyslink").state, 404);
        amina.is_told("Jo Miller gave you feedback");
        amina.gets(&feedback).ok().shows("wrong axis").shows("Only you and Jo Miller").hides(OUTSIDE);
        amina.posts(&format!("{feedback}/thank"), &[]).goes();
        assert!(s.letters_to(OUTSIDE).last().expect("a letter").says("Amina thanks you"));
        amina.takes(&feedback, "try", &PLAN).goes();
        assert_eq!(s.letters_to(OUTSIDE).len(), 2, "no letter for each step");
        amina.posts(&format!("{feedback}/outcome"), &[("outcome", "They found the axis.")]).goes();
        let letters = s.letters_to(OUTSIDE);
        assert!(letters.last().expect("a letter").says("What came of your feedback") && letters[2].says("They found the axis."));
        assert_eq!(addresses(s), 0, "the address is forgotten with the last letter");
        assert!(s.letters_to(OUTSIDE).len() == 3);
    });
}

#[test]
fn p44_an_address_outside_is_forgotten_when_it_has_served() {
    story(|s| {
        let ([amina, _], _, goal, _) = asking(s);
        let asks = |name: &str, address: &str| {
            amina.tries_to_ask_for_feedback(&[("pin", &goal), ("of", "outside"), ("name", name), ("address", address)])
        };
        // Without a wish to hear more, with the answer.
        let first = asks("Jo", OUTSIDE).goes();
        assert_eq!(addresses(s), 1);
        let words: Vec<_> = WORDS.iter().copied().chain([("do", "give")]).collect();
        s.visitor().posts(&link_of(s, "Answer"), &words).goes();
        assert_eq!(addresses(s), 0);
        amina.posts(&format!("{first}/thank"), &[]).goes();
        assert_eq!(s.letters_to(OUTSIDE).len(), 1, "where nothing more was wished for, nothing more comes");
        // Taken back, or never answered.
        let second = asks("Kim", "kim@elsewhere.example").goes();
        amina.posts(&format!("{second}/withdraw"), &[]).goes();
        assert_eq!(addresses(s), 0);
        let third = asks("Lou", "lou@elsewhere.example").goes();
        s.days_pass(8 + 13);
        assert_eq!(addresses(s), 1);
        s.days_pass(2);
        assert_eq!(addresses(s), 0);
        amina.sees(&third, "Lou did not find the time to answer.");
        amina.is_told("Lou did not find the time to answer");
        // With a wish, ninety days after the answer at the latest.
        let fourth = amina.tries_to_ask_for_feedback(&[
            ("pin", &goal),
            ("of", "outside"),
            ("name", "Max"),
            ("address", "max@elsewhere.example"),
            ("by_on", "2026-12-01"),
        ]);
        fourth.goes();
        let letters = s.letters_to("max@elsewhere.example");
        let link = letters[0].links[0].1.strip_prefix(&s.app().config.url()).expect("a link").to_owned();
        let words: Vec<_> = WORDS.iter().copied().chain([("do", "give"), ("keep", "yes")]).collect();
        s.visitor().posts(&link, &words).goes();
        s.days_pass(89);
        assert_eq!(addresses(s), 1);
        s.days_pass(2);
        assert_eq!(addresses(s), 0);
    });
}

#[test]
fn p44_nobody_outside_is_written_to_too_often_or_against_their_wish() {
    story(|s| {
        let ([amina, tomas], _, goal, _) = asking(s);
        let asks = |n: usize, address: &str| {
            let nonce = n.to_string();
            amina.tries_to_ask_for_feedback(&[("pin", &goal), ("of", "outside"), ("name", "Jo"), ("address", address), ("nonce", &nonce)])
        };
        let mut made = 0;
        for n in 0..3 {
            let feedback = asks(n, OUTSIDE).goes();
            amina.posts(&format!("{feedback}/withdraw"), &[]).goes();
            made += 1;
        }
        asks(3, &OUTSIDE.to_uppercase()).refuses("We cannot write to this address now");
        // Whoever wants none of it says so once, for everybody here.
        asks(4, "kim@elsewhere.example").goes();
        made += 1;
        let letters = s.letters_to("kim@elsewhere.example");
        let (_, rather_not) = letters[0].links.iter().find(|(label, _)| label == "I would rather not").expect("a way out");
        let path = rather_not.strip_prefix(&s.app().config.url()).expect("a link").to_owned();
        s.visitor().gets(&path).ok().shows("your address is forgotten").hides("When and where was it?");
        let post = path.split('?').next().expect("a path").to_owned();
        s.visitor().posts(&post, &[("do", "pass"), ("never", "yes")]).goes();
        s.visitor().sees(&post, "You would rather not");
        assert_eq!(addresses(s), 0);
        amina.is_told("Jo would rather not answer");
        let goal_of_tomas = pin_of(&tomas.sets_goal("Rest", ("leadership", "2", "4"), &["advise"]));
        tomas
            .tries_to_ask_for_feedback(&[("pin", &goal_of_tomas), ("of", "outside"), ("name", "Kim"), ("address", "Kim@elsewhere.example")])
            .refuses("We cannot write to this address now");
        // Ten open at once, and twelve letters a month.
        for n in 0..8 {
            let feedback = asks(10 + n, &format!("nr{n}@elsewhere.example")).goes();
            made += 1;
            if n % 2 == 0 {
                amina.posts(&format!("{feedback}/withdraw"), &[]).goes();
            }
        }
        assert_eq!(made, 12);
        asks(30, "more@elsewhere.example").refuses("the most");
        assert!(s.letters_to("more@elsewhere.example").is_empty());
    });
}

#[test]
fn p26_two_nodes_bring_it_back_once_and_of_two_answers_one_counts() {
    story(|s| {
        let ([amina, _], _, feedback) = given(s);
        s.clock_moves(jiff::SignedDuration::from_hours(24 * 15));
        let elsewhere = s.another_node();
        let (one, other) = (s.app().write(verbs::in_time), elsewhere.write(verbs::in_time));
        let (one, other) = s.waits(async { futures_util::future::join(one, other).await });
        assert_eq!(one.expect("a sweep") + other.expect("a sweep"), 1);
        let id: FeedbackId = feedback["/feedback/".len()..].parse().expect("feedback");
        let (me, again) = (amina.viewer(), amina.viewer());
        let said = Said { heard: String::new(), words: "Because.".into() };
        let twice = said.clone();
        let first = s.app().write(move |tx| verbs::receive(tx, &me, id, &verbs::Taking::Decline, &said));
        let second = elsewhere.write(move |tx| verbs::receive(tx, &again, id, &verbs::Taking::Done, &twice));
        let (one, other) = s.waits(async { futures_util::future::join(first, second).await });
        assert!(one.is_ok() != other.is_ok(), "both or neither");
    });
}

#[test]
fn p26_where_contact_is_stopped_nothing_goes_to_and_fro() {
    story(|s| {
        let ([amina, tomas], relationship, feedback) = given(s);
        let id = id_of(&relationship);
        s.does(move |tx| crate::relationships::verbs::freeze(tx, id));
        for one in [&amina, &tomas] {
            one.finds_nothing(&feedback);
            one.does_not_see("/feedback", "Present to the board");
            one.does_not_see("/today", "gave you feedback");
        }
        s.does(move |tx| crate::relationships::verbs::thaw(tx, id));
        amina.sees(&feedback, "wrong axis");
    });
}

#[test]
fn p43_feedback_is_exported_forgotten_and_stays_with_whoever_received_it() {
    story(|s| {
        let ([amina, tomas], _, feedback) = given(s);
        let goal = pin_of(&amina.sets_goal("Write", ("leadership", "2", "4"), &["advise"]));
        amina.tries_to_ask_for_feedback(&[("pin", &goal), ("of", "outside"), ("name", "Jo"), ("address", OUTSIDE)]).goes();
        let (one, other) = (amina.person(), tomas.person());
        let exported = |person| s.does(move |tx| (super::SLICE.personal[0].export)(tx, person)).to_string();
        assert!(exported(one).contains("wrong axis") && exported(one).contains("Where did I lose you?"));
        assert!(exported(other).contains("wrong axis"));
        s.does(move |tx| (super::SLICE.personal[0].forget)(tx, other));
        amina.sees(&feedback, "wrong axis");
        let link = link_of(s, "Answer");
        s.does(move |tx| (super::SLICE.personal[0].forget)(tx, one));
        amina.finds_nothing(&feedback);
        assert_eq!(s.visitor().gets(&link).state, 404);
        let left: (i64,) =
            s.does(|tx| Ok(tx.one(sql!("select (select count(*) from feedback) + (select count(*) from feedback_letters)"), &[])?));
        assert_eq!(left.0, 0);
    });
}
