//! What people do with words for skills, as stories.

use crate::people::stories::Profiled;
use crate::story::story;

#[test]
fn a_skill_is_suggested_whatever_it_is_called() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let html = amina.gets("/skills/suggest?q=react").ok().html();
        assert!(html.contains("<option value=\"React"), "{html}");
        let html = amina.gets("/skills/suggest?offered_3=acessibilty").ok().html();
        assert!(html.to_lowercase().contains("accessib"), "{html}");
        assert_eq!(amina.gets("/skills/suggest").ok().html(), "");
        s.visitor().gets("/skills/suggest?q=x").goes();
    });
}

#[test]
fn a_word_of_our_own_is_kept_and_later_merged_and_profiles_follow() {
    story(|s| {
        let [tomas, lea] = s.people(["Tomas", "Lea"]);
        let cora = s.coordinator("Cora");
        tomas.offers(&[("Urban bee keeping", "4"), ("sql", "5")]);
        lea.offers(&[("urban  Bee-keeping", "2"), ("Cycling cargo", "3")]);
        lea.sees(&tomas.page(), "Urban bee keeping");
        // Both wrote the same word.
        cora.gets("/skills").ok().shows("Urban bee keeping").shows("2 people use it").shows("Cycling cargo");
        tomas.finds_nothing("/skills");
        let html = cora.gets("/skills").ok().html();
        let id = |after: &str| {
            let rest = &html[html.find(after).expect("the word")..];
            let rest = &rest[rest.find("/skills/").expect("its form") + "/skills/".len()..];
            rest[..32].to_owned()
        };
        let bees = id("Urban bee keeping");
        cora.posts(&format!("/skills/{bees}/merge"), &[("into", "no such thing at all")]).refuses("no skill called");
        cora.posts(&format!("/skills/{bees}/merge"), &[("into", "SQL")]).goes();
        // Who had both keeps one line of it, at the level they gave it.
        let page = lea.gets(&tomas.page()).ok().hides("Urban bee keeping").shows("SQL");
        assert_eq!(page.text().matches("SQL").count(), 1);
        lea.sees(&lea.page(), "SQL");
        cora.posts(&format!("/skills/{bees}/merge"), &[("into", "Python")]).refuses("already been merged");
        // The word goes on meaning it.
        lea.gets("/skills/suggest?q=urban+bee").ok().html().contains("SQL").then_some(()).expect("the old word finds the skill");
        let cargo = id("Cycling cargo");
        cora.posts(&format!("/skills/{cargo}/acceptance"), &[]).goes();
        cora.sees("/skills", "Kept");
        tomas.posts(&format!("/skills/{cargo}/acceptance"), &[]).refuses("nothing here");
    });
}
