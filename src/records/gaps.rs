//! From where somebody is to where they want to be, in words: for each skill alone. Nothing is added up over skills, and
//! nobody is compared with anybody. Pure.

use super::record::Level;

/// One skill that a goal or an aim asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// The skill's id in the graph, and its name.
    pub skill: String,
    pub name: String,
    pub present: Option<Level>,
    /// Whether the present level stands in the record; else it was only said with the goal.
    pub is_recorded: bool,
    pub is_confirmed: bool,
    pub wanted: Level,
    /// What others see, where that was released.
    pub others: Vec<String>,
}

impl Gap {
    pub fn is_closed(&self) -> bool {
        self.present.is_some_and(|present| present >= self.wanted)
    }
    /// “From “has tried it” to “does it well”: two levels.”
    pub fn words(&self) -> String {
        match self.present {
            None => format!("You have not said yet where you are. Wanted: “{}”.", self.wanted.words()),
            Some(present) if present > self.wanted => format!("“{}”, which is more than it asks.", present.words()),
            Some(present) if present == self.wanted => format!("“{}”: you are there.", present.words()),
            Some(present) => {
                let steps = match self.wanted.number() - present.number() {
                    1 => "one level",
                    2 => "two levels",
                    3 => "three levels",
                    _ => "four levels",
                };
                format!("From “{}” to “{}”: {steps}.", present.words(), self.wanted.words())
            }
        }
    }
    /// What somebody does who is one level further; nothing where nothing is missing.
    pub fn next(&self) -> Option<&'static str> {
        if self.is_closed() { None } else { self.present.and_then(Level::next).map(Level::behaviour) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p02_a_gap_is_said_in_words_and_with_what_comes_next() {
        let gap = |present: Option<u8>, wanted: u8| Gap {
            skill: "sql".into(),
            name: "SQL".into(),
            present: present.map(|level| level.try_into().unwrap()),
            is_recorded: true,
            is_confirmed: false,
            wanted: wanted.try_into().unwrap(),
            others: Vec::new(),
        };
        assert_eq!(gap(Some(2), 4).words(), "From “has tried it” to “does it well”: two levels.");
        assert_eq!(gap(Some(2), 4).next(), Some("Does the usual alone, and knows when to ask."));
        assert_eq!(gap(Some(4), 4).words(), "“does it well”: you are there.");
        assert_eq!(gap(Some(5), 4).words(), "“teaches it”, which is more than it asks.");
        assert!(gap(None, 3).words().contains("have not said yet"));
        for closed in [gap(Some(4), 4), gap(Some(5), 1)] {
            assert!(closed.is_closed() && closed.next().is_none());
        }
        assert!(!gap(None, 1).is_closed());
    }
}
