//! Stories about what whole quarters came to.

use super::tally::Tally;
use super::{sql, verbs};
use crate::asks::stories::Asking;
use crate::attainment::Level;
use crate::attainment::stories::Attaining;
use crate::attainment::verbs as attainment;
use crate::people::OpenTo;
use crate::relationships::RelationshipId;
use crate::seal::KeyId;
use crate::story::{Actor, Story, story};
use crate::viewer::PersonId;
use chiron_store::{Timestamp, sql};
use jiff::SignedDuration;
use std::sync::Mutex;
use uuid::Uuid;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Somebody whose goal lies between two.
struct Works<'s> {
    learner: Actor<'s>,
    guide: Actor<'s>,
    relationship: String,
    attainment: String,
}

/// Someone who works with somebody of their own, and shares a goal that began at −2 on its one scale.
fn works<'s>(s: &'s Story, name: &str) -> Works<'s> {
    let [learner, guide] = s.people([name, &format!("{name} Guide")]);
    guide.is_open_to(OpenTo::Mentor, 3);
    let ask = learner.asks(&guide, "Work with data");
    let relationship = guide.posts(&format!("{ask}/accept"), &[]).goes();
    let attainment = learner.measures(&format!("A secret wish of {name}"));
    learner.shares(&attainment, &relationship);
    Works { learner, guide, relationship, attainment }
}

impl Works<'_> {
    fn agree_on(&self, level: &str) {
        self.learner.rates(&self.attainment, &[level], &[]).goes();
        self.guide.says(&self.attainment, "agree").goes();
    }
    fn lets_count(&self, may: &str) {
        self.learner.posts(&format!("{}/count", self.attainment), &[("may", may)]).goes();
    }
}

/// The clock goes on, and what is due is done.
fn passes(s: &Story, days: i64) {
    s.clock_moves(SignedDuration::from_hours(24 * days));
    s.sweeps_run();
}

fn rows(s: &Story) -> Vec<Tally> {
    s.does(sql::latest)
}

/// A goal with one scale, as it lies in the database: where it began and where it is, whether it counts, and when it was
/// agreed. The people of a world are written so, as many as it takes.
struct Goal {
    began: i64,
    now: i64,
    counts: bool,
    agreed_at: Timestamp,
    /// When it was reached or let go.
    ended: Option<&'static str>,
}

impl Goal {
    fn new(s: &Story, now: i64) -> Self {
        Self { began: -2, now, counts: true, agreed_at: s.now() + DAY, ended: None }
    }
}

fn write(s: &Story, goals: Vec<Goal>) -> Vec<PersonId> {
    let guide = s.people(["Guide of all"])[0].person();
    s.does(move |tx| {
        let key: KeyId = crate::seal::new_key(tx)?;
        let parties = [(guide, crate::relationships::Role::Peer)];
        let relationship: RelationshipId =
            crate::relationships::verbs::begin(tx, crate::relationships::Kind::Peer, key, guide.0, &parties)?;
        let words = crate::seal::seal(tx, key, "{}")?;
        let mut people = Vec::new();
        for goal in &goals {
            let person: PersonId = tx.new_id();
            let [id, scale, rating]: [Uuid; 3] = std::array::from_fn(|_| tx.new_id());
            let (began, now) = (Level::of(goal.began), Level::of(goal.now));
            let at = goal.agreed_at;
            let counts = goal.counts.then_some(at);
            tx.execute(sql!("insert into people (id, name, folded, joined_at) values ($1, 'Somebody', 'somebody', $2)"), &[&person, &at])?;
            let ended = goal.ended.map(|_| at);
            let state = goal.ended.unwrap_or("set");
            tx.execute(
                sql!("insert into goals (id, person_id, state, version, step, key_id, made_at, changed_at, ended_at) values ($1, $2, $3, 1, 'help', $4, $5, $5, $6)"),
                &[&id, &person, &state, &key, &at, &ended],
            )?;
            tx.execute(
                sql!(
                    "insert into attainments (goal_id, owner_id, key_id, relationship_id, form, version, made_at, ended_at, counted_at)
                     values ($1, $2, $3, $4, 'scales', 1, $5, $6, $7)"
                ),
                &[&id, &person, &key, &relationship, &at, &ended, &counts],
            )?;
            tx.execute(
                sql!("insert into goal_scales (id, goal_id, version, position, weight, baseline, words, made_at) values ($1, $2, 1, 0, 1, $3, $4, $5)"),
                &[&scale, &id, &began, &words, &at],
            )?;
            tx.execute(
                sql!("insert into goal_ratings (id, goal_id, relationship_id, key_id, by_id, at, agreed, agreed_at) values ($1, $2, $3, $4, $5, $6, 'proposed', $6)"),
                &[&rating, &id, &relationship, &key, &person, &at],
            )?;
            tx.execute(
                sql!("insert into goal_rating_levels (rating_id, scale_id, proposed) values ($1, $2, $3)"),
                &[&rating, &scale, &now],
            )?;
            people.push(person);
        }
        Ok(people)
    })
}

/// All that can be seen of a world once its quarter is over: the page, the file, and what is kept.
fn looks(s: &Story, goals: Vec<Goal>) -> (String, String, Vec<Tally>) {
    write(s, goals);
    passes(s, 70);
    let cleo = s.coordinator("Cleo");
    (cleo.gets("/growth/all").ok().text(), cleo.gets("/growth/all.csv").ok().html(), rows(s))
}

#[test]
fn p35_a_quarter_of_goals_is_counted_once_and_only_of_those_who_let_theirs_count() {
    story(|s| {
        let all: Vec<Works> = ["Ava", "Ben", "Cem", "Dora", "Eva", "Fay", "Gil", "Hana"].iter().map(|name| works(s, name)).collect();
        for (n, one) in all.iter().enumerate() {
            one.agree_on(if n < 7 { "1" } else { "-2" });
        }
        let cleo = s.coordinator("Cleo");
        cleo.gets("/growth/all").ok().shows("No quarter to show yet").shows("This shows change, not cause.");
        // Seven of eight let theirs count; the eighth, whose goal has not moved, is in no number.
        all[..7].iter().for_each(|one| one.lets_count("yes"));
        // Stories begin on 2 November.
        passes(s, 70);
        let page = cleo.gets("/growth/all").ok();
        let page = page.shows("October to December 2026 7 – – – +30 +22 +38 What became of goals").shows("October to December 2026 7 – –");
        let html = page.html();
        assert!(html.contains("<svg") && !html.contains("A secret wish") && !html.contains("Ava"), "{html}");
        for harsh in ["rank", "percentile", "best", "better"] {
            assert!(!page.text().to_lowercase().contains(harsh), "{harsh}");
        }
        // The file says exactly what the page says.
        let file = cleo.gets("/growth/all.csv").ok().html();
        assert!(
            file.contains("\"October to December 2026\",\"7\",\"not shown\",\"not shown\",\"not shown\",\"+30\",\"+22\",\"+38\",\"not shown\",\"not shown\",\"not shown\""),
            "{file}"
        );
        assert_eq!(file.lines().count(), 2, "{file}");
        for one in [&all[0].learner, &all[0].guide] {
            one.finds_nothing("/growth/all");
            one.finds_nothing("/growth/all.csv");
        }
        // Whoever goes later, or takes it back, changes nothing that was counted.
        let counted = rows(s);
        all[0].lets_count("no");
        let person = all[1].learner.person();
        s.does(move |tx| (crate::attainment::SLICE.personal[0].forget)(tx, person));
        passes(s, 1);
        assert_eq!(rows(s), counted);
        // Nobody rated in the next quarter, and it says so as if they had been six.
        passes(s, 90);
        let page = s.administrator("Ada").gets("/growth/all").ok();
        page.shows("January to March 2027 fewer than 7 – –").shows("October to December 2026 7");
    });
}

#[test]
fn p03_whoever_does_not_want_to_be_counted_need_not_say_so_and_whoever_was_says_so_in_one_press() {
    story(|s| {
        let Works { learner, guide, relationship, attainment } = works(s, "Amina");
        let press = format!("{attainment}/count");
        let counted = |s: &Story| s.does(|tx| attainment::those_counted(tx, PersonId(Uuid::nil()), 10)).len();
        learner.gets(&attainment).ok().shows("It is counted nowhere, unless you say so.");
        guide.gets(&attainment).ok().hides("counted");
        learner.gets("/growth").ok().shows("None of your goals is counted anywhere");
        assert_eq!(counted(s), 0);
        // Only its owner says it.
        for other in [&guide, &s.people(["Mallory"])[0], &s.coordinator("Cora"), &s.administrator("Ada")] {
            assert_eq!(other.posts(&press, &[("may", "yes")]).state, 404);
        }
        learner.posts(&press, &[("may", "yes")]).goes();
        assert_eq!(counted(s), 1);
        learner.gets(&attainment).ok().shows("Do not count it any more");
        guide.gets(&attainment).ok().shows("lets this goal be counted").shows("You are not counted in it");
        let person = learner.person();
        let taken = s.does(move |tx| crate::people::verbs::export(tx, person)).to_string();
        assert!(taken.contains("\"let_count\":true"), "{taken}");
        // It is said of what these two agree: with somebody else, or nobody, it is asked anew.
        learner.posts(&format!("{attainment}/share"), &[("with", "")]).goes();
        assert_eq!(counted(s), 0);
        learner.posts(&press, &[("may", "yes")]).refuses("Please share the goal with somebody first.");
        learner.shares(&attainment, &relationship);
        learner.gets(&attainment).ok().shows("It is counted nowhere, unless you say so.");
        // A closed goal too can be let count, and taken back; all of them in one press.
        learner.posts(&press, &[("may", "yes")]).goes();
        learner.posts(&format!("{}/end", attainment.replace("/attainment/", "/goals/")), &[("how", "reached")]).goes();
        learner.gets(&attainment).ok().shows("Do not count it any more");
        learner.gets("/growth").ok().shows("1 of your goals may be counted");
        learner.posts("/growth/count-none", &[]).goes();
        assert_eq!(counted(s), 0);
        learner.gets(&attainment).ok().shows("It is counted nowhere, unless you say so.");
        s.visitor().sees("/privacy", "If you let it count");
    });
}

/// Thirty pairs who agree that they have reached everything, and keep it between them, are as nobody.
#[test]
fn p03_a_goal_that_stays_between_two_is_in_no_number() {
    let worlds = Mutex::new(Vec::new());
    for many in [0, 30] {
        story(|s| {
            let goals = (0..many).map(|_| Goal { counts: false, ended: Some("reached"), ..Goal::new(s, 2) }).collect();
            worlds.lock().expect("the worlds").push(looks(s, goals));
        });
    }
    let worlds = worlds.into_inner().expect("the worlds");
    assert!(worlds.iter().all(|world| *world == worlds[0]), "{worlds:?}");
    assert!(worlds[0].0.contains("October to December 2026 fewer than 7 – – –"), "{}", worlds[0].0);
}

/// Somebody knows everything of the world but one person: from no page, file or row do they learn whether that person is in
/// it, how far their goal came, or what became of it.
#[test]
fn p35_two_worlds_that_differ_in_one_person_below_the_floor_look_the_same() {
    let worlds = Mutex::new(Vec::new());
    let six = |one: Option<(i64, Option<&'static str>)>| {
        let told = std::iter::repeat_n(Some((1, Some("reached"))), 5).chain([one]).flatten().collect::<Vec<_>>();
        story(|s| {
            let goals = told.iter().map(|(now, ended)| Goal { ended: *ended, ..Goal::new(s, *now) }).collect();
            worlds.lock().expect("the worlds").push(looks(s, goals));
        });
    };
    six(None);
    six(Some((2, Some("reached"))));
    six(Some((-2, Some("let_go"))));
    let worlds = worlds.into_inner().expect("the worlds");
    assert!(worlds.iter().all(|world| *world == worlds[0]), "{worlds:#?}");
    let row = &worlds[0].2[0];
    assert_eq!(*row, Tally { begins_on: "2026-10-01".into(), ..Tally::default() }, "nothing finer is kept than is shown");

    // Above it too: of fourteen, the one who stands apart may be anybody of the seven or more that are not shown.
    let worlds = Mutex::new(Vec::new());
    for apart in [[0, -2], [-2, -2], [-2, 0]] {
        story(|s| {
            let goals = std::iter::repeat_n(1, 12).chain(apart).map(|now| Goal { began: 0, ..Goal::new(s, now) }).collect();
            let (text, ..) = looks(s, goals);
            worlds.lock().expect("the worlds").push(text.contains("October to December 2026 14 – – –"));
        });
    }
    assert!(worlds.into_inner().expect("the worlds").into_iter().all(|hidden| hidden));
}

#[test]
fn p35_only_the_last_rating_that_was_agreed_in_the_quarter_counts() {
    story(|s| {
        let people = write(s, (0..7).map(|_| Goal::new(s, 1)).collect());
        let (sooner, later, next) = (s.now(), s.now() + DAY + DAY, s.now() + DAY * 70);
        s.does(move |tx| {
            for person in &people {
                let (goal, scale, relationship, key): (Uuid, Uuid, RelationshipId, KeyId) = tx.one(
                    sql!("select a.goal_id, s.id, a.relationship_id, a.key_id from attainments a join goal_scales s on s.goal_id = a.goal_id where a.owner_id = $1"),
                    &[person],
                )?;
                // Agreed before, never agreed, agreed with the other's level, and agreed in the next quarter.
                for (at, level, answered, agreed) in [
                    (sooner, -2_i64, None, Some("proposed")),
                    (later + DAY, 2, None, None),
                    (later, 2, Some(0_i64), Some("answered")),
                    (next, 2, None, Some("proposed")),
                ] {
                    let rating: Uuid = tx.new_id();
                    let agreed_at = agreed.map(|_| at);
                    tx.execute(
                        sql!("insert into goal_ratings (id, goal_id, relationship_id, key_id, by_id, at, agreed, agreed_at) values ($1, $2, $3, $4, $5, $6, $7, $8)"),
                        &[&rating, &goal, &relationship, &key, person, &at, &agreed, &agreed_at],
                    )?;
                    tx.execute(
                        sql!("insert into goal_rating_levels (rating_id, scale_id, proposed, answered) values ($1, $2, $3, $4)"),
                        &[&rating, &scale, &level, &answered],
                    )?;
                }
            }
            Ok(())
        });
        passes(s, 62);
        assert_eq!(rows(s)[0].mean, Some(20), "from −2 to 0");
        passes(s, 90);
        assert_eq!(rows(s)[0].mean, Some(40), "from −2 to 2");
    });
}

#[test]
fn p35_the_same_count_is_taken_over_any_set_of_people_in_any_portions() {
    story(|s| {
        let mut people = write(s, (0..40).map(|n| Goal { ended: (n % 2 == 0).then_some("reached"), ..Goal::new(s, n % 5 - 2) }).collect());
        let quarter = jiff::civil::date(2026, 10, 1);
        let whole = s.waits(verbs::gather(s.app(), attainment::those_counted, quarter)).expect("a count");
        // Three at a time, whatever is asked for.
        let few = |tx: &mut crate::app::Tx, after, _: i64| attainment::those_counted(tx, after, 3);
        let portions = s.waits(verbs::gather(s.app(), few, quarter)).expect("a count").tally(quarter);
        let whole = whole.tally(quarter);
        assert_eq!(whole, portions);
        assert_eq!((whole.people, whole.further, whole.alike, whole.less), (Some(40), Some(24), None, None));
        assert_eq!((whole.lower, whole.middle, whole.upper), (Some(10), Some(20), Some(30)));
        assert_eq!((whole.begun, whole.reached, whole.let_go), (Some(40), Some(20), None));
        people.sort_unstable();
        // A narrower set, as those of one programme will be.
        let (first, tenth) = (people[0], people[9]);
        let ten = move |tx: &mut crate::app::Tx, after: PersonId, most: i64| {
            let all = attainment::those_counted(tx, after, most)?;
            Ok(all.into_iter().filter(|person| *person >= first && *person <= tenth).collect())
        };
        let ten = s.waits(verbs::gather(s.app(), ten, quarter)).expect("a count").tally(quarter);
        assert_eq!((ten.people, ten.middle, ten.begun), (Some(10), None, Some(10)));
    });
}

/// A place that was empty has no quarter to count before it began, and a missed one is counted before the next.
#[test]
fn p35_every_quarter_since_the_place_began_is_counted_whatever_there_is_in_it() {
    story(|s| {
        s.sweeps_run();
        assert_eq!(rows(s), Vec::new());
        let _ = s.people(["Amina"]);
        passes(s, 70);
        passes(s, 200);
        let begun: Vec<String> = rows(s).into_iter().map(|row| row.begins_on).collect();
        assert_eq!(begun, ["2027-04-01", "2027-01-01", "2026-10-01"]);
    });
}
