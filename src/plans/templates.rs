//! Plans to begin from, in our own words and free for every use (CC0): what people who went this way before usually do, with
//! the hours it usually takes. The days follow from the hours somebody has in a week. Pure.

use super::plan::Kind;
use jiff::ToSpan;
use jiff::civil::Date;

/// A plan to begin from.
pub struct Template {
    /// Stable, for addresses.
    pub name: &'static str,
    pub title: &'static str,
    pub about: &'static str,
    /// A goal that it fits, as an example.
    pub goal: &'static str,
    pub milestones: &'static [Step],
}

/// A milestone, and by what one sees that it is reached.
pub struct Step {
    pub title: &'static str,
    pub seen_by: &'static str,
    pub activities: &'static [Activity],
}

/// Something to do for it, and the hours it usually takes.
pub struct Activity(pub Kind, pub &'static str, pub i64);

use Kind::{Practise, Project, Read, Review, Shadow, Talk, Teach};

#[rustfmt::skip]
pub static TEMPLATES: &[Template] = &[
    Template {
        name: "first-leadership",
        title: "A first leadership role",
        about: "From doing the work to being answerable for that of others.",
        goal: "Lead a small team well in my first year",
        milestones: &[
            Step { title: "I know what my people and my own lead expect of me", seen_by: "A page with what each of them said, in their words", activities: &[
                Activity(Practise, "Ask each of your people what helps them work well, and what gets in the way", 4),
                Activity(Practise, "Ask your own lead what would be a good first half-year, and write it down", 2),
                Activity(Read, "Read one short book on the step from colleague to lead", 5),
            ] },
            Step { title: "My one-to-one conversations are a habit", seen_by: "Each of your people had one at least every two weeks for six weeks", activities: &[
                Activity(Shadow, "Sit in when an experienced lead plans a week, and ask why", 2),
                Activity(Practise, "Hold a one-to-one with everybody; listen more than you speak", 8),
                Activity(Practise, "Give one piece of praise and one of criticism, each about one thing", 2),
            ] },
            Step { title: "I have handed over something that I liked doing myself", seen_by: "Somebody else does it, their way, and you did not take it back", activities: &[
                Activity(Practise, "List what only you can do; choose one thing from the rest and hand it over", 3),
                Activity(Review, "Look at the result together: what went well, what would they do otherwise?", 2),
            ] },
            Step { title: "The team says how it is to work with me, and I changed something", seen_by: "One thing they named, and what you do differently since", activities: &[
                Activity(Practise, "Ask each one precise question about how you lead", 2),
                Activity(Project, "Change one rule or meeting with the team, for a month, and see", 6),
            ] },
        ],
    },
    Template {
        name: "changing-fields",
        title: "Changing fields",
        about: "From what you know to something new, by small steps that can be taken back.",
        goal: "Find out whether data work suits me, and make a first step into it",
        milestones: &[
            Step { title: "I know three people who do it, and what their weeks are like", seen_by: "Notes of three conversations: what they like, what they would not do again", activities: &[
                Activity(Practise, "Ask three people in the field for half an hour each", 5),
                Activity(Shadow, "Spend half a day beside one of them", 4),
                Activity(Read, "Read ten advertisements for beginners; mark what you could do already", 3),
            ] },
            Step { title: "I made one small thing of that kind", seen_by: "Something one can look at: a link, a picture, a page", activities: &[
                Activity(Read, "Learn what the small thing needs, and no more", 12),
                Activity(Project, "Make it, for somebody who could use it", 16),
                Activity(Review, "Have it looked at by somebody from the field, and mend one thing", 3),
            ] },
            Step { title: "I can tell in two minutes why I am changing and what I bring", seen_by: "Somebody from the field heard it and asked back about the right things", activities: &[
                Activity(Practise, "Write down what you did before in the words of the new field", 3),
                Activity(Talk, "Tell it to three people, and change it after each", 3),
            ] },
            Step { title: "I have taken a first step that counts there", seen_by: "An application, a small job, a course with a place in it", activities: &[
                Activity(Practise, "Choose five places where a beginner would be welcome, and write to them", 8),
                Activity(Review, "Look back: what did you learn about the field, and about you?", 2),
            ] },
        ],
    },
    Template {
        name: "programming-language",
        title: "Learning a programming language",
        about: "To the point where you write something small and somebody else can read it.",
        goal: "Write and publish a small tool in Rust",
        milestones: &[
            Step { title: "I can read other people’s programs in it", seen_by: "You explained a short program to somebody, line by line", activities: &[
                Activity(Read, "Work through the official introduction; type the examples, do not copy them", 12),
                Activity(Practise, "Do twenty small exercises; compare your answers with those of others", 10),
            ] },
            Step { title: "I have written something small that runs", seen_by: "A link to it, or its source", activities: &[
                Activity(Project, "Choose something you would use yourself, small enough for two weekends", 14),
                Activity(Read, "Read the source of one small library that you use in it", 4),
            ] },
            Step { title: "Somebody who knows it better has read my code", seen_by: "What they said, and what you changed", activities: &[
                Activity(Review, "Ask for a review of about two hundred lines", 2),
                Activity(Practise, "Write tests for it, and see which mistakes they would have found", 6),
            ] },
            Step { title: "I gave something back", seen_by: "A change of yours that somebody took in, or somebody you helped", activities: &[
                Activity(Project, "Mend a small fault in a project that others use", 10),
                Activity(Teach, "Show somebody newer than you the one thing that was hardest for you", 3),
            ] },
        ],
    },
    Template {
        name: "speaking",
        title: "Speaking in public",
        about: "From three people in a room to a talk that somebody remembers.",
        goal: "Give a talk to fifty people that I would like to hear myself",
        milestones: &[
            Step { title: "I have told one thing to a few people, standing", seen_by: "One of them told you afterwards what they took from it", activities: &[
                Activity(Read, "Watch three talks that you like; write down how each begins and ends", 2),
                Activity(Practise, "Choose one thing to say, in one sentence, and build five minutes around it", 3),
                Activity(Talk, "Tell it to three people whom you trust", 2),
            ] },
            Step { title: "I know how I sound and look, and have changed one habit", seen_by: "What you heard in a recording before and after", activities: &[
                Activity(Practise, "Record yourself twice, and listen with somebody else", 3),
                Activity(Practise, "Practise the first minute until you need no notes for it", 3),
                Activity(Review, "Ask one precise question of somebody who heard you", 1),
            ] },
            Step { title: "I have spoken before people who did not know me", seen_by: "Where, what about, and one thing that somebody asked you", activities: &[
                Activity(Shadow, "Help somebody prepare and set up their talk", 3),
                Activity(Project, "Propose a short talk to a meeting of your field", 3),
                Activity(Talk, "Give it; stay for the questions", 5),
            ] },
        ],
    },
    Template {
        name: "first-publication",
        title: "A first publication",
        about: "From a question to a text with your name on it, and through the reviews.",
        goal: "Submit my first paper by summer",
        milestones: &[
            Step { title: "I can say my question and why it matters on one page", seen_by: "Two people from the field read the page and knew what it is about", activities: &[
                Activity(Read, "Read the ten texts nearest to yours; write two sentences about each", 15),
                Activity(Practise, "Write the one page; show it to somebody inside and somebody outside the field", 5),
            ] },
            Step { title: "The results stand, as figures and tables in their order", seen_by: "Somebody told the story back to you from the figures alone", activities: &[
                Activity(Project, "Finish what is missing, and write down what you leave out and why", 25),
                Activity(Talk, "Show the figures in your group, without slides of text", 4),
            ] },
            Step { title: "There is a whole draft, however rough", seen_by: "A file that has a beginning and an end", activities: &[
                Activity(Practise, "Write half an hour each working day; methods first, introduction last", 20),
                Activity(Review, "Exchange drafts with somebody who writes too", 5),
            ] },
            Step { title: "It is submitted", seen_by: "The acknowledgement", activities: &[
                Activity(Shadow, "Go through a whole review of somebody’s earlier paper with them, answers and all", 3),
                Activity(Practise, "Choose the place it fits, shape it by their rules, and send it", 8),
            ] },
        ],
    },
    Template {
        name: "returning",
        title: "Returning after a break",
        about: "Back to work after a child, an illness, a flight or a pause, at a pace that holds.",
        goal: "Be back in my profession by autumn, without burning out",
        milestones: &[
            Step { title: "I know what I want to come back to, and what not", seen_by: "One page: what I keep, what I leave, what must be different", activities: &[
                Activity(Practise, "Write down what you learned in the break that work can use", 2),
                Activity(Practise, "Meet two people who came back, and ask what they would do otherwise", 4),
            ] },
            Step { title: "What I know is of today again", seen_by: "You followed a conversation among people of the field and could add something", activities: &[
                Activity(Read, "Find out the three things that changed most, and learn one of them", 12),
                Activity(Shadow, "Spend a day beside somebody at their work", 6),
            ] },
            Step { title: "I have done a small piece of real work", seen_by: "What it was and who used it", activities: &[
                Activity(Project, "Take on something small with an end, paid or not", 20),
                Activity(Review, "Ask whoever used it one precise question", 1),
            ] },
            Step { title: "I am back, with hours that hold", seen_by: "The terms that you agreed, and a week that went by them", activities: &[
                Activity(Practise, "Practise saying in one sentence where you were, without an apology", 1),
                Activity(Practise, "Apply, or speak with your employer; name the hours first", 8),
                Activity(Practise, "Choose whom you tell when it is too much, and tell them now", 1),
            ] },
        ],
    },
    Template {
        name: "language",
        title: "Learning a language",
        about: "Speaking from the first week, and a conversation at the end.",
        goal: "Talk with my neighbours in Portuguese for half an hour",
        milestones: &[
            Step { title: "I can say who I am and ask the same", seen_by: "You did it with somebody who speaks it, without notes", activities: &[
                Activity(Practise, "Learn the two hundred commonest words, ten a day, aloud", 12),
                Activity(Practise, "Find a partner to speak with, and fix a weekly half-hour", 3),
            ] },
            Step { title: "I get through a day’s errands", seen_by: "A shop, a question on the way, a call: what you said in each", activities: &[
                Activity(Practise, "Speak half an hour a week; write down each time the three words you lacked", 8),
                Activity(Read, "Listen to something slow every day, on the way", 15),
            ] },
            Step { title: "I understand the middle of what people say to each other", seen_by: "You told somebody what a conversation around you was about", activities: &[
                Activity(Read, "Read one short book for young people, without looking up every word", 15),
                Activity(Practise, "Write five sentences a day; have them mended once a week", 10),
            ] },
            Step { title: "Half an hour of conversation, without falling back on my own language", seen_by: "With whom, and what it was about", activities: &[
                Activity(Practise, "Two conversations a week with different people", 14),
                Activity(Teach, "Teach somebody ten things to say in your own language, in theirs", 2),
            ] },
        ],
    },
    Template {
        name: "first-project",
        title: "Running one’s first project",
        about: "Something with a beginning, an end and other people in it.",
        goal: "Bring the school garden from an idea to its first summer",
        milestones: &[
            Step { title: "Everybody who matters agrees what it is for and when it is done", seen_by: "One page, and the yes of each of them", activities: &[
                Activity(Practise, "Ask each of them what would make it worth it, and what they fear", 4),
                Activity(Practise, "Write one page: for what, for whom, until when, what not", 3),
                Activity(Shadow, "Sit in on a planning meeting of somebody who has run several", 2),
            ] },
            Step { title: "There is a first version that somebody can use", seen_by: "Who used it, and what they said", activities: &[
                Activity(Project, "Cut it down to the smallest thing that helps somebody, and make it", 20),
                Activity(Practise, "Keep a list of what could go wrong, and look at it each week", 3),
            ] },
            Step { title: "It went on when something went wrong", seen_by: "What happened, whom you told and when, and what you changed", activities: &[
                Activity(Practise, "Tell the others each week in five lines how it stands, also when it stands badly", 4),
                Activity(Practise, "Say no to one wish, kindly and with the reason", 1),
            ] },
            Step { title: "It is finished, and handed over", seen_by: "Whoever has it now, and what they need no longer ask you", activities: &[
                Activity(Project, "Finish it; write down how it is kept going", 12),
                Activity(Review, "Look back with everybody: what to keep, what to do otherwise", 2),
            ] },
        ],
    },
    Template {
        name: "hard-conversations",
        title: "Having hard conversations",
        about: "Saying what is difficult early, so that both can go on working together.",
        goal: "Say what bothers me within a week, so that it can be heard",
        milestones: &[
            Step { title: "I know what I avoid, and what it costs", seen_by: "Three conversations you put off, and what became of each", activities: &[
                Activity(Practise, "Keep a list for two weeks of what you did not say", 2),
                Activity(Read, "Read one good text on giving feedback and one on negotiating", 4),
            ] },
            Step { title: "I can say it in three sentences: what happened, what it did, what I ask for", seen_by: "Somebody you practised with would have wanted to hear it", activities: &[
                Activity(Practise, "Write it down for two of the three, and read it aloud", 2),
                Activity(Practise, "Play one of them with a partner, both ways round", 2),
            ] },
            Step { title: "I have had one, and we still talk", seen_by: "What you agreed, and what is different since", activities: &[
                Activity(Practise, "Choose the smallest of the three, and have it", 2),
                Activity(Review, "Look back with your partner: where did you listen, where did you defend?", 1),
            ] },
        ],
    },
    Template {
        name: "teaching-what-you-know",
        title: "Passing on what you know",
        about: "From knowing how to do it to helping somebody else do it without you.",
        goal: "Run a workshop after which people can do it themselves",
        milestones: &[
            Step { title: "I know what beginners find hard", seen_by: "Five things, from people who began lately", activities: &[
                Activity(Shadow, "Watch a beginner do it, and say nothing for twenty minutes", 1),
                Activity(Practise, "Ask three people what they wish somebody had told them", 2),
            ] },
            Step { title: "One person learned it from me", seen_by: "They did it without you, a week later", activities: &[
                Activity(Practise, "Write down what they shall be able to do at the end, and begin from there", 2),
                Activity(Teach, "Teach one person, in two short sessions", 4),
            ] },
            Step { title: "A small group learned it from me", seen_by: "What they could do at the end, and what they said was missing", activities: &[
                Activity(Shadow, "Help in somebody else’s workshop", 3),
                Activity(Project, "Prepare an hour and a half in which they do more than you say", 6),
                Activity(Teach, "Hold it; change one thing; hold it again", 6),
            ] },
        ],
    },
];

/// A template by its name.
pub fn named(name: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|template| template.name == name)
}

/// A milestone with its day, and its activities with theirs.
pub struct Dated {
    pub step: &'static Step,
    pub on: Date,
    pub activities: Vec<(&'static Activity, Date)>,
}

impl Template {
    pub fn hours(&self) -> i64 {
        self.milestones.iter().flat_map(|step| step.activities).map(|activity| activity.2).sum()
    }
    /// The weeks it takes at so many hours a week.
    pub fn weeks(&self, hours_a_week: i64) -> i64 {
        ceiling(self.hours(), hours_a_week.max(1))
    }
    /// When everything is done if one thing follows the other: the day on which its hours are over, counted from the first,
    /// at so many a week. A milestone has the day of the last of its activities.
    pub fn dated(&self, first: Date, hours_a_week: i64) -> Vec<Dated> {
        let mut hours = 0;
        let mut after = |more: i64| {
            hours += more;
            first.saturating_add(ceiling(hours * 7, hours_a_week.max(1)).days())
        };
        let dated = self.milestones.iter().map(|step| {
            let activities: Vec<_> = step.activities.iter().map(|activity| (activity, after(activity.2))).collect();
            Dated { step, on: activities.last().map_or(first, |(_, on)| *on), activities }
        });
        dated.collect()
    }
}

fn ceiling(of: i64, by: i64) -> i64 {
    (of + by - 1) / by
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plans::plan::{MOST_MILESTONES, longest};
    use jiff::civil::date;
    use std::collections::BTreeSet;

    #[test]
    fn p34_every_template_is_whole_and_fits_what_a_plan_holds() {
        assert!(TEMPLATES.len() >= 8);
        let names: BTreeSet<_> = TEMPLATES.iter().map(|template| template.name).collect();
        assert_eq!(names.len(), TEMPLATES.len());
        for template in TEMPLATES {
            assert!((2..=MOST_MILESTONES).contains(&template.milestones.len()), "{}", template.name);
            for step in template.milestones {
                assert!(step.title.chars().count() <= longest::TITLE && !step.seen_by.is_empty(), "{}", step.title);
                assert!(step.activities.len() >= 2, "{}", step.title);
                for Activity(kind, words, hours) in step.activities {
                    assert!(kind.is_activity() && words.chars().count() <= longest::TITLE && *hours > 0, "{words}");
                }
            }
        }
    }

    #[test]
    fn p34_the_days_follow_from_the_first_day_and_the_hours_of_a_week() {
        let template = named("first-leadership").expect("a template");
        let first = date(2026, 11, 23);
        // Its first milestone takes 4 + 2 + 5 hours: at 3 a week, 9.3, 14 and 25.7 days.
        let dated = template.dated(first, 3);
        let days: Vec<Date> = dated[0].activities.iter().map(|(_, on)| *on).collect();
        assert_eq!(days, [date(2026, 12, 3), date(2026, 12, 7), date(2026, 12, 19)]);
        assert_eq!(dated[0].on, date(2026, 12, 19));
        // Twice the hours, half the time; and what comes later is never earlier.
        assert_eq!(template.dated(first, 6)[0].on, date(2026, 12, 6));
        for hours in [1, 3, 40] {
            let all: Vec<Date> = template
                .dated(first, hours)
                .iter()
                .flat_map(|dated| dated.activities.iter().map(|(_, on)| *on).collect::<Vec<_>>())
                .collect();
            assert!(all.is_sorted() && all[0] > first, "{all:?}");
        }
        assert_eq!((template.hours(), template.weeks(3)), (36, 12));
    }
}
