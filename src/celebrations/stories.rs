//! Stories about what people have reached.

use crate::action_items::stories::two;
use crate::asks::stories::Asking;
use crate::attainment::stories::Attaining;
use crate::goals::stories::Wishing;
use crate::plans::Kind;
use crate::plans::stories::Planning;
use crate::story::{Actor, Story, story};
use chiron_store::sql;

/// Amina shares a plan with Tomas, in their relationship; and the path of its first milestone.
fn planned<'s>(s: &'s Story) -> ([Actor<'s>; 2], String, String, String) {
    let ([amina, tomas], relationship) = two(s);
    let goal = amina.sets_goal("Apply for a first analyst job", ("data analysis", "2", "4"), &["advise"]);
    let plan = amina.plans(&goal, "changing-fields");
    amina.shares_plan(&plan, &relationship);
    let milestone = amina.finds(&plan, Kind::Milestone, 0);
    ([amina, tomas], relationship, plan, milestone)
}

/// The path of the latest win of somebody.
fn latest(actor: &Actor) -> String {
    let owner = actor.person();
    let win: (super::WinId,) = actor
        .story
        .does(move |tx| Ok(tx.one(sql!("select id from wins where owner_id = $1 order by won_at desc, id desc limit 1"), &[&owner])?));
    format!("/wins/{}", win.0)
}

#[test]
fn p42_a_milestone_reached_on_evidence_brings_a_note_and_a_place_on_the_wall() {
    story(|s| {
        let ([amina, tomas], relationship, _, milestone) = planned(s);
        amina.gets("/wins").ok().shows("Nothing here yet");
        amina.closes(&milestone, "Notes of Lea, Ken and Ana").goes();
        amina
            .gets("/wins")
            .ok()
            .shows("I know three people who do it")
            .shows("Notes of Lea, Ken and Ana")
            .shows("a milestone of a plan")
            .shows("Only you");
        tomas.is_told("Amina has reached something");
        tomas.gets(&relationship).ok().shows("a note?");
        let win = latest(&amina);
        // He reads the line, and not what she keeps beside it.
        amina.posts(&win, &[("title", "I know three analysts"), ("shown_by", "Notes, and one is a friend now")]).goes();
        tomas.gets(&win).ok().shows("I know three analysts").hides("one is a friend now").shows("A note to Amina").hides("Take it down");
        tomas.posts(&format!("{win}/note"), &[("note", " ")]).refuses("Please fill this in");
        tomas.posts(&format!("{win}/note"), &[("note", "You asked the third one in spite of the second.")]).goes();
        tomas.posts(&format!("{win}/note"), &[("note", "And more")]).refuses("written your note already").shows("You asked the third one");
        amina.is_told("Tomas wrote you a note");
        amina.gets("/wins").ok().shows("You asked the third one in spite of the second.");
        tomas.does_not_see(&relationship, "a note?");
        tomas.does_not_see("/wins", "three analysts");
        s.administrator("Henrik").finds_nothing(&win);
        assert_eq!(tomas.posts(&win, &[("title", "His"), ("shown_by", "His")]).state, 404);
    });
}

#[test]
fn p42_a_celebration_fires_on_evidence_and_never_on_ticking() {
    story(|s| {
        let ([amina, tomas], _, plan, milestone) = planned(s);
        let told = tomas.was_told().len();
        // Things done, key results counted, a goal that one closes by a press: none of these.
        amina.closes(&amina.finds(&plan, Kind::Practise, 0), "Asked three.").goes();
        amina.closes(&milestone, "").refuses("By what would somebody else see");
        let other = amina.sets_goal("Give a talk", ("data analysis", "2", "4"), &["advise"]);
        amina.posts(&format!("{other}/end"), &[("how", "reached")]).goes();
        let attainment = amina.measures("Learn to listen");
        amina.rates(&attainment, &["2"], &[]).goes();
        amina.gets("/wins").ok().shows("Nothing here yet");
        assert_eq!(tomas.was_told().len(), told);
        // Said too early, it comes down again; reached again, it is one and not two.
        amina.closes(&milestone, "Notes").goes();
        amina.sees("/wins", "Notes");
        amina.posts(&format!("{milestone}/reopen"), &[]).goes();
        amina.gets("/wins").ok().shows("Nothing here yet");
        amina.closes(&milestone, "Better notes").goes();
        tomas.posts(&format!("{}/note", latest(&amina)), &[("note", "Well done.")]).goes();
        amina.posts(&format!("{milestone}/reopen"), &[]).goes();
        amina.closes(&milestone, "The best notes").goes();
        let wall = amina.gets("/wins").ok().shows("Well done.").text();
        assert_eq!(wall.matches("I know three people who do it").count(), 1, "{wall}");
        for harsh in ["points", "badge", "streak", "rank", "level up"] {
            assert!(!wall.to_lowercase().contains(harsh), "{harsh}");
        }
    });
}

#[test]
fn p42_a_goal_that_two_agree_to_be_as_far_as_expected_is_celebrated_once() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        let attainment = amina.measures("Apply for a first analyst job");
        amina.shares(&attainment, &relationship);
        amina.rates(&attainment, &["-1"], &[]).goes();
        tomas.says(&attainment, "agree").goes();
        amina.gets("/wins").ok().shows("Nothing here yet");
        // Proposed is not agreed; agreed at the expected level is.
        amina.rates(&attainment, &["1"], &[]).goes();
        amina.gets("/wins").ok().shows("Nothing here yet");
        tomas.rates(&attainment, &["0"], &[]).goes();
        amina.gets("/wins").ok().shows("Nothing here yet");
        amina.says(&attainment, "settle").goes();
        amina
            .gets("/wins")
            .ok()
            .shows("Apply for a first analyst job")
            .shows("I answer a question of my own within an evening")
            .shows("as you two agreed");
        let told = tomas.was_told().iter().filter(|told| told.title.contains("has reached something")).count();
        assert_eq!(told, 1);
        s.days_pass(1);
        amina.rates(&attainment, &["1"], &[]).goes();
        tomas.says(&attainment, "agree").goes();
        let wall = amina.gets("/wins").ok().text();
        assert_eq!(wall.matches("Apply for a first analyst job").count(), 1, "{wall}");
    });
}

#[test]
fn p42_who_keeps_it_quiet_is_told_of_nothing_and_the_wall_still_fills() {
    story(|s| {
        let ([amina, tomas], relationship, plan, milestone) = planned(s);
        amina.posts("/wins/quiet", &[("quiet", "yes")]).goes();
        amina.gets("/wins").ok().shows("It is quiet");
        amina.closes(&milestone, "Notes of three").goes();
        amina.sees("/wins", "Notes of three");
        assert!(tomas.was_told().iter().all(|told| !told.title.contains("has reached something")));
        tomas.does_not_see(&relationship, "a note?");
        tomas.finds_nothing(&latest(&amina));
        // He too may wish it quiet: he is not told, and may still write.
        amina.posts("/wins/quiet", &[("quiet", "no")]).goes();
        tomas.posts("/wins/quiet", &[("quiet", "yes")]).goes();
        s.days_pass(1);
        amina.closes(&amina.finds(&plan, Kind::Milestone, 1), "https://example.org, and she used it").goes();
        assert!(tomas.was_told().iter().all(|told| !told.title.contains("has reached something")));
        tomas.sees(&relationship, "a note?");
        // Quiet again before he writes: the note comes, and no notice.
        amina.posts("/wins/quiet", &[("quiet", "yes")]).goes();
        tomas.posts(&format!("{}/note", latest(&amina)), &[("note", "I would use it too.")]).goes();
        assert!(amina.was_told().iter().all(|told| !told.title.contains("wrote you a note")));
        amina.sees("/wins", "I would use it too.");
    });
}

#[test]
fn p03_wins_are_kept_by_hand_with_what_shows_them_changed_shared_one_by_one_and_taken_out() {
    story(|s| {
        let ([amina, tomas], relationship) = two(s);
        amina.posts("/wins", &[("title", "I said no"), ("nonce", "a")]).refuses("What shows it?");
        amina.posts("/wins", &[("title", "I said no"), ("link", "data:text/html,x"), ("nonce", "a")]).refuses("whole web address");
        let typed = [("title", "I said no to a third project"), ("shown_by", "Nobody was angry.\n\nThe second is done."), ("nonce", "a")];
        amina.posts("/wins", &typed).goes();
        amina.posts("/wins", &typed).goes();
        s.hours_pass(1);
        amina.posts("/wins", &[("title", "A letter from a pupil"), ("link", "https://example.org/letter"), ("nonce", "b")]).goes();
        let wall = amina.gets("/wins").ok().shows("A letter from a pupil").shows("Nobody was angry.").text();
        assert_eq!(wall.matches("I said no").count(), 1, "sent twice is one: {wall}");
        let win = latest(&amina);
        tomas.finds_nothing(&win);
        let id = relationship.rsplit('/').next().expect("an id");
        amina.posts(&format!("{win}/share"), &[("with", id)]).goes();
        tomas.is_told("Amina shows you something they reached");
        tomas.gets(&win).ok().shows("A letter from a pupil").shows("https://example.org/letter").hides("A note to Amina");
        tomas.sees(&relationship, "A letter from a pupil");
        assert_eq!(tomas.posts(&format!("{win}/note"), &[("note", "Oh")]).state, 404, "nobody asked him");
        let text = amina.gets("/wins.md").ok().html();
        for line in ["# What I have reached", "## I said no to a third project", "Nobody was angry.", "<https://example.org/letter>"] {
            assert!(text.contains(line), "{line} in {text}");
        }
        amina.posts(&format!("{win}/share"), &[("with", "")]).goes();
        tomas.finds_nothing(&win);
        amina
            .posts(&win, &[("title", "A letter from a pupil of long ago"), ("shown_by", "")])
            .refuses("What shows it?")
            .shows("Keep it like this");
        amina.posts(&format!("{win}/take-down"), &[]).goes();
        amina.finds_nothing(&win);
        amina.does_not_see("/wins", "A letter from a pupil");
    });
}

#[test]
fn wins_leave_with_their_owner_and_notes_stay_with_those_who_got_them() {
    story(|s| {
        let ([amina, tomas], _, _, milestone) = planned(s);
        amina.closes(&milestone, "Notes of three").goes();
        let win = latest(&amina);
        tomas.posts(&format!("{win}/note"), &[("note", "His note to her")]).goes();
        let export = |actor: &Actor| {
            let person = actor.person();
            s.does(move |tx| crate::people::verbs::export(tx, person)).to_string()
        };
        let (hers, his) = (export(&amina), export(&tomas));
        assert!(hers.contains("Notes of three") && hers.contains("His note to her"), "{hers}");
        assert!(his.contains("His note to her"), "{his}");
        // Nothing of it can be read in the database itself.
        let sealed: Vec<(Vec<u8>, Vec<u8>)> =
            s.does(|tx| Ok(tx.all(sql!("select words, note from wins where note is not null limit 9"), &[])?));
        assert!(
            sealed
                .iter()
                .all(|(words, note)| !String::from_utf8_lossy(words).contains("Notes") && !String::from_utf8_lossy(note).contains("His"))
        );
        let person = tomas.person();
        s.does(move |tx| (super::SLICE.personal[0].forget)(tx, person));
        amina.gets("/wins").ok().shows("His note to her");
        let person = amina.person();
        s.does(move |tx| crate::people::verbs::forget(tx, person));
        let left =
            s.does(|tx| Ok(tx.one::<(i64, i64)>(sql!("select (select count(*) from wins), (select count(*) from win_walls)"), &[])?));
        assert_eq!(left, (0, 0));
    });
}
