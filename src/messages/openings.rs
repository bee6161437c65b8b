//! Ways into what is hard to say: a few words to begin with, and nothing that could be sent as it is. Our own.

pub struct Opening {
    pub id: &'static str,
    pub words: &'static str,
}

pub static ALL: &[Opening] = &[
    Opening {
        id: "not-working",
        words: "Something between us is not working for me yet, and I would like to find out with you what it is: ",
    },
    Opening { id: "did-not-do-it", words: "I did not do what I said I would. What got in the way was " },
    Opening { id: "stuck", words: "I am more stuck than I have let on. Where it stops is " },
    Opening { id: "hurt", words: "There was a moment last time that stayed with me: " },
    Opening { id: "disagree", words: "I see this differently, and I would rather say so than nod: " },
    Opening { id: "too-much", words: "I have taken on too much. What I can keep is " },
    Opening { id: "success", words: "Something went well, and I want to tell you before I play it down: " },
    Opening { id: "afraid", words: "What I am a little afraid of is " },
    Opening { id: "ask-more", words: "I would like to ask you for something that may be too much; please say no if it is: " },
    Opening { id: "sorry", words: "I am sorry about " },
    Opening { id: "less-time", words: "My life has changed and I have less time now. What I hope we can do is " },
    Opening { id: "end", words: "I have been wondering whether we should bring this to a good end, because " },
];

pub fn find(id: &str) -> Option<&'static str> {
    ALL.iter().find(|o| o.id == id).map(|o| o.words)
}
