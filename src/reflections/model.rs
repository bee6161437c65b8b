//! What one can be guided by while one reflects: four short rows of questions, in our own words. Where each comes from
//! stands in docs/decisions/reflections.md.

use chiron_store::text_enum;

text_enum!(
    /// How somebody reflects: freely, or guided by questions.
    pub Model {
        Free = "free",
        /// After Gibbs' reflective cycle.
        Cycle = "cycle",
        /// After Kolb's cycle of learning from experience.
        Rule = "rule",
        /// After the three questions of Borton, and of Rolfe, Freshwater and Jasper.
        ThreeSteps = "three_steps",
        /// Our own.
        Surprise = "surprise",
    }
);

impl Model {
    pub fn title(self) -> &'static str {
        match self {
            Self::Free => "Just write",
            Self::Cycle => "Go round it once",
            Self::Rule => "Find a rule to try",
            Self::ThreeSteps => "What, so what, now what",
            Self::Surprise => "What surprised me",
        }
    }

    /// When one would choose it.
    pub fn describes(self) -> &'static str {
        match self {
            Self::Free => "A line is enough.",
            Self::Cycle => "Six questions, for something that went well or badly and still occupies you.",
            Self::Rule => "Four questions, for something you will do again soon.",
            Self::ThreeSteps => "Three questions, for a few minutes after a session.",
            Self::Surprise => "Four questions, for when something was not as you had thought.",
        }
    }

    /// Its questions in their order; none where one just writes.
    pub fn questions(self) -> &'static [&'static str] {
        match self {
            Self::Free => &[],
            Self::Cycle => &[
                "What took place, in a few lines?",
                "What went through you while it did?",
                "What helped, and what got in the way?",
                "Why do you think it went like that?",
                "What else could you have done?",
                "What is the first thing you do when it happens again?",
            ],
            Self::Rule => &[
                "What did you do or try?",
                "What stands out when you look at it once more?",
                "Which rule of thumb would you draw from it?",
                "Where will you put that rule to the test?",
            ],
            Self::ThreeSteps => {
                &["What: what happened that is worth a thought?", "So what: what does it mean to you?", "Now what: what do you do with it?"]
            }
            Self::Surprise => &[
                "What surprised you?",
                "What had you expected instead, and why?",
                "What do you see now that you did not see before?",
                "Who could tell you whether you are right?",
            ],
        }
    }

    /// How many texts one writes.
    pub fn parts(self) -> usize {
        self.questions().len().max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_model_has_few_questions_of_its_own() {
        let mut all: Vec<&str> = Model::ALL.iter().flat_map(|model| model.questions()).copied().collect();
        let many = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), many, "a question stands twice");
        assert!(Model::ALL.iter().all(|model| model.parts() <= 6 && model.questions().iter().all(|q| q.ends_with('?'))));
    }
}
