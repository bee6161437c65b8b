//! Worksheets that are there from the beginning, in our own words and free for anybody to use (CC0).

use super::formula::Letter;
use super::worksheet::{Kind, Paper, Part};

/// One by its name in an address.
pub fn named(name: &str) -> Option<Paper> {
    READY.iter().find(|ready| ready.name == name).map(Ready::paper)
}

pub struct Ready {
    pub name: &'static str,
    pub title: &'static str,
    pub intro: &'static str,
    asks: &'static [Ask],
}

struct Ask {
    ask: &'static str,
    hint: &'static str,
    by: By,
    measured: bool,
}

enum By {
    Words,
    Number(&'static str),
    /// From 0 to 10, with what its ends mean.
    Scale(&'static str, &'static str),
    Choice(&'static [&'static str]),
    Computed(&'static str, &'static str),
}

const fn ask(ask: &'static str, hint: &'static str, by: By) -> Ask {
    Ask { ask, hint, by, measured: false }
}
const fn measured(ask: &'static str, hint: &'static str, by: By) -> Ask {
    Ask { ask, hint, by, measured: true }
}
const fn area(name: &'static str) -> Ask {
    ask(name, "", By::Scale("not at all content", "as I wish it"))
}

impl Ready {
    pub fn paper(&self) -> Paper {
        let part = |(place, ask): (usize, &Ask)| {
            let kind = match ask.by {
                By::Words => Kind::Words,
                By::Number(unit) => Kind::Number { unit: unit.into() },
                By::Scale(low, high) => Kind::Scale { least: 0, most: 10, low: low.into(), high: high.into() },
                By::Choice(options) => Kind::Choice { options: options.iter().map(|option| (*option).into()).collect() },
                By::Computed(formula, unit) => Kind::Computed { formula: formula.into(), unit: unit.into() },
            };
            let letter = Letter::at(place)?;
            Some(Part { letter, ask: ask.ask.into(), hint: ask.hint.into(), kind, measured: ask.measured })
        };
        Paper {
            title: self.title.into(),
            intro: self.intro.into(),
            parts: self.asks.iter().enumerate().filter_map(part).collect(),
            lettered: self.asks.len(),
        }
    }
}

pub static READY: &[Ready] = &[
    Ready {
        name: "all-round",
        title: "A look all round",
        intro: "Say how content you are with each part of your life and work today. There is no right number; what matters is where you would like it to be another.",
        asks: &[
            area("Work that means something"),
            area("What I earn and own"),
            area("Body and sleep"),
            area("Family and home"),
            area("Friends"),
            area("Learning"),
            area("Rest and play"),
            area("Giving something back"),
            measured("All of it together", "The middle of the eight.", By::Computed("mean(A:H)", "of 10")),
            ask("From the lowest to the highest", "How uneven it is.", By::Computed("max(A:H) - min(A:H)", "")),
            ask("Which one, if it moved by one, would move others?", "", By::Words),
            ask("What is one small thing you could do for it this week?", "", By::Words),
        ],
    },
    Ready {
        name: "my-week",
        title: "My week",
        intro: "Ten minutes at the end of a week. Filled in again and again it shows what a single week hides.",
        asks: &[
            measured("Hours for what matters most to me", "", By::Number("hours")),
            ask("Hours worked in all", "", By::Number("hours")),
            measured("How much of it went to what matters", "", By::Computed("percent(A, B)", "of 100")),
            measured("How much energy did you have?", "", By::Scale("worn out", "plenty")),
            ask("What went well, and what did you do for it?", "", By::Words),
            ask("What would you do otherwise?", "", By::Words),
            ask("What will you protect time for next week?", "", By::Words),
        ],
    },
    Ready {
        name: "hard-conversation",
        title: "Before a hard conversation",
        intro: "Sort it out on paper first. Bring it to a session, or keep it to yourself.",
        asks: &[
            ask("What happened? Only what a camera would have seen.", "", By::Words),
            ask("What do you make of it, and what else could it mean?", "", By::Words),
            ask("What do you want for yourself, for the other, and between you?", "", By::Words),
            ask("What might it look like from the other side?", "", By::Words),
            ask("Your first sentence", "Say it aloud once.", By::Words),
            ask("What will you do if it gets heated?", "", By::Words),
            ask("How ready do you feel?", "", By::Scale("not at all", "quite ready")),
        ],
    },
    Ready {
        name: "two-ways",
        title: "One way or the other",
        intro: "Two options, weighed by what matters to you. If the numbers say one and you hope for the other, you have learned something too.",
        asks: &[
            ask("The first way", "", By::Words),
            ask("The other way", "", By::Words),
            ask("How much does it matter that it fits what you hold high?", "", By::Scale("little", "much")),
            ask("… the first way, there", "", By::Scale("poor", "very good")),
            ask("… the other way, there", "", By::Scale("poor", "very good")),
            ask("How much does it matter that you learn?", "", By::Scale("little", "much")),
            ask("… the first way, there", "", By::Scale("poor", "very good")),
            ask("… the other way, there", "", By::Scale("poor", "very good")),
            ask("How much does it matter that it is safe?", "", By::Scale("little", "much")),
            ask("… the first way, there", "", By::Scale("poor", "very good")),
            ask("… the other way, there", "", By::Scale("poor", "very good")),
            ask("The first way", "Each rating times how much it matters.", By::Computed("(C*D + F*G + I*J) / (C + F + I)", "of 10")),
            ask("The other way", "", By::Computed("(C*E + F*H + I*K) / (C + F + I)", "of 10")),
            ask("What do you hope the answer is?", "", By::Choice(&["The first way", "The other way", "Neither", "I cannot say yet"])),
        ],
    },
    Ready {
        name: "a-habit",
        title: "Keeping a habit",
        intro: "How often you planned it and how often it happened. A day missed is a day missed; what counts is how it goes on.",
        asks: &[
            ask("On how many days did you plan it?", "", By::Number("days")),
            ask("On how many did it happen?", "", By::Number("days")),
            measured("How often it happened of what you planned", "", By::Computed("percent(B, A)", "of 100")),
            ask("What made it easy?", "", By::Words),
            ask("What got in the way, and what will you do then? If …, then I …", "", By::Words),
        ],
    },
    Ready {
        name: "after-an-interview",
        title: "After an interview",
        intro: "Write it down on the same day, before it becomes a story.",
        asks: &[
            ask("What were you asked?", "One on each line.", By::Words),
            ask("Which answer would you give again?", "", By::Words),
            ask("Which one would you give otherwise, and how?", "", By::Words),
            measured("How much were you yourself?", "", By::Scale("hardly", "quite")),
            ask("What did you learn about them?", "", By::Words),
            ask("Would you go there?", "", By::Choice(&["Yes", "I am not sure", "No"])),
        ],
    },
    Ready {
        name: "values-at-work",
        title: "What I hold high, and how I spend my days",
        intro: "Name three things that matter to you at work, and how much of each the last month had.",
        asks: &[
            ask("The first", "In a word or two.", By::Words),
            ask("How much of it did the last month have?", "", By::Scale("none", "plenty")),
            ask("The second", "", By::Words),
            ask("How much of it did the last month have?", "", By::Scale("none", "plenty")),
            ask("The third", "", By::Words),
            ask("How much of it did the last month have?", "", By::Scale("none", "plenty")),
            measured("All three together", "", By::Computed("mean(B, D, F)", "of 10")),
            ask("What could you do more of, and what would you leave for it?", "", By::Words),
        ],
    },
    Ready {
        name: "first-hundred-days",
        title: "The first hundred days",
        intro: "For a new role. Fill it in before the first day and every few weeks after.",
        asks: &[
            ask("What is expected of you, in the words of whoever expects it?", "", By::Words),
            ask("Whom should you get to know, and what would you ask them?", "", By::Words),
            ask("What could you bring to an end in the first weeks that others would notice?", "", By::Words),
            ask("What will you not touch yet?", "", By::Words),
            measured("How clear is it what you are there for?", "", By::Scale("a fog", "quite clear")),
            measured("How much do you belong?", "", By::Scale("a guest", "one of them")),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::super::worksheet::{Answer, Answers};
    use super::*;

    #[test]
    fn p40_every_ready_worksheet_can_be_filled_in_and_worked_out() {
        for ready in READY {
            let paper = ready.paper();
            assert_eq!(named(ready.name).as_ref(), Some(&paper), "{}: found by its name", ready.name);
            assert_eq!(paper.parts.len(), ready.asks.len());
            let number = |part: &Part| matches!(part.kind, Kind::Number { .. } | Kind::Scale { .. });
            let answers: Answers = paper.parts.iter().filter(|part| number(part)).map(|part| (part.letter, Answer::Number(5.0))).collect();
            for part in &paper.parts {
                assert!(!part.ask.is_empty());
                // Whatever is laid down passes the same checks as what people build.
                paper.clone().with_changed(part.clone()).expect(ready.title);
                if matches!(part.kind, Kind::Computed { .. }) {
                    assert!(paper.number(part.letter, &answers).is_ok(), "{}: {}", ready.title, part.letter);
                }
            }
        }
        let paper = named("my-week").expect("there");
        let letter = |place| Letter::at(place).expect("a letter");
        let answers = Answers::from([(letter(0), Answer::Number(10.0)), (letter(1), Answer::Number(40.0))]);
        assert_eq!(paper.number(letter(2), &answers), Ok(25.0));
    }
}
