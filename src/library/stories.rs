//! Stories about finding a question.

use crate::story::story;

#[test]
fn p28_a_question_is_found_by_its_words_and_by_the_moment() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        amina.sees("/library/questions", "167 questions of our own");
        let found = amina.gets("/library/questions?q=OBVIOUS+walking&stage=stuck");
        found.ok().shows("No question with these words");
        let found = amina.gets("/library/questions?q=Walking&stage=stuck&for=guide&aim=courage").ok();
        found.shows("walking around").hides("What made you say yes");
        amina.gets("/library/questions?for=learner").ok().shows("in my place?").hides("How direct may I be with you?");
        amina.gets("/library/questions?stage=nowhere&for=nobody").ok().shows("What made you say yes");
        assert!(s.visitor().gets("/library/questions").state == 303);
        let file = s.visitor().gets("/library/questions.csv").ok();
        assert!(file.html().starts_with("id,stage,for,goal,question\n"));
    });
}
