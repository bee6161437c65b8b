//! Stories about a place: its first hour, and those who look after it.

use crate::config::Config;
use crate::story::{story, story_in};

#[test]
fn a_new_place_opens_by_its_one_link_and_by_nothing_else() {
    story_in(&Config::default(), false, |s| {
        let visitor = s.visitor();
        visitor.sees("/", "not set up yet");
        visitor.sees("/sign-in", "not set up yet");
        assert_eq!(visitor.posts("/sign-in", &[("address", "admin@example.org")]).state, 409);
        visitor.gets("/set-up/guessed").refuses("There is nothing here");

        let told = [
            ("place", "Hafen"),
            ("name", "Amina Haddad"),
            ("address", "amina@hafen.example"),
            ("zone", "Europe/Lisbon"),
            ("joining", "open"),
        ];
        let older = s.does(super::verbs::set_up_link).expect("a link");
        let link = s.does(super::verbs::set_up_link).expect("a link");
        visitor.gets(&older).refuses("There is nothing here").shows("prints a new one each time it starts");
        visitor.posts(&older, &told).refuses("printed a new link");
        visitor.sees(&link, "Set this place up");
        visitor.posts(&link, &[("place", ""), ("name", "Amina Haddad")]).refuses("Please fill this in");
        let answer = visitor.posts(&link, &told);
        assert_eq!(answer.state, 303, "{}", answer.text());
        visitor.posts(&link, &told).refuses("used already");
        assert_eq!(s.does(super::verbs::set_up_link), None);
        visitor.sees("/sign-in", "Hafen");
    });
}

#[test]
fn an_administrator_names_the_place_and_opens_it() {
    story(|s| {
        let root = s.administrator("Root");
        let [amina] = s.people(["Amina"]);
        root.sees("/place", "What you cannot see");
        amina.finds_nothing("/place");
        s.coordinator("Sol").finds_nothing("/place/people");
        amina.posts("/place", &[("name", "Mine")]).refuses("There is nothing here");
        root.posts("/place", &[("name", ""), ("joining", "open"), ("conduct", "Be kind.")]).refuses("Please fill this in");
        assert_eq!(root.posts("/place", &[("name", "Hafen"), ("joining", "open"), ("conduct", "Be kind.")]).goes(), "/place");
        s.visitor().sees("/join", "Join Hafen");
        s.visitor().sees("/conduct", "Be kind.");
    });
}

#[test]
fn an_invitation_works_without_mail_and_ends_when_told() {
    story(|s| {
        let root = s.administrator("Root");
        root.posts("/place/invitations", &[("note", "Spring group"), ("places", "0")]).refuses("from 1 to 500");
        root.posts("/place/invitations", &[("note", "Spring group"), ("places", "")]).refuses("how many");
        assert_eq!(root.posts("/place/invitations", &[("note", "Spring group"), ("places", "12")]).goes(), "/place#invitations");
        let page = root.gets("/place").ok().shows("12 places left").html();
        let find = |start: &str| page.split('"').find(|a| a.contains(start)).expect("it is on the page").to_owned();
        let link = find("/join?invitation=");
        let path = &link[link.find("/join").expect("a path")..];
        s.visitor().sees(path, "Join The Village");
        assert_eq!(root.posts(&find("/place/invitations/"), &[]).goes(), "/place");
        s.visitor().sees(path, "used up or has ended");
    });
}

#[test]
fn offices_change_by_hand_and_the_last_administrator_stays() {
    story(|s| {
        let root = s.administrator("Root");
        let [amina, _] = s.people(["Amina", "Tomás_%"]);
        let office = |actor: &crate::story::Actor, of: &crate::story::Actor, office: &str| {
            actor.posts(&format!("/place/people/{}/office", of.id()), &[("office", office)])
        };
        root.sees("/place/people?q=tomas", "Tomás_%");
        root.does_not_see("/place/people?q=%25a%25", "Amina");
        office(&amina, &amina, "administrator").refuses("There is nothing here");
        office(&root, &root, "member").refuses("You are the only administrator");
        assert_eq!(office(&root, &amina, "administrator").goes(), "/place/people");
        amina.reads("You now look after this place");
        amina.sees("/place", "This place");
        assert_eq!(office(&amina, &root, "member").goes(), "/place/people");
        root.finds_nothing("/place");
        office(&amina, &amina, "emperor").refuses("There is nothing here");
    });
}

#[test]
fn a_thousand_people_are_shown_fifty_at_a_time_each_once() {
    story(|s| {
        let root = s.administrator("Aaron");
        s.does(|tx| {
            for n in 0..120 {
                let newcomer = crate::people::Newcomer { name: format!("Same Name {}", n / 60), ..Default::default() };
                crate::people::verbs::join(tx, &newcomer)?;
            }
            Ok(())
        });
        let (mut path, mut seen) = (Some("/place/people".to_owned()), std::collections::BTreeSet::new());
        let mut pages = 0;
        while let Some(now) = path.take() {
            let html = root.gets(&now).ok().html();
            let here = html.split('"').filter(|a| a.ends_with("/office")).map(str::to_owned).collect::<Vec<_>>();
            assert!(here.len() <= 50);
            for person in here {
                assert!(seen.insert(person), "someone is shown twice");
            }
            path = html.split('"').find(|a| a.starts_with("/place/people?q=&amp;after=")).map(|a| a.replace("&amp;", "&"));
            pages += 1;
        }
        assert_eq!((seen.len(), pages), (121, 3));
    });
}
