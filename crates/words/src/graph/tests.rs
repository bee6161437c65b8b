use proptest::prelude::*;

use super::*;

fn graph() -> &'static Graph {
    Graph::shipped()
}

fn id(slot: Slot) -> &'static str {
    &graph().skill(slot).unwrap().id
}

fn found(text: &str) -> Vec<&'static str> {
    graph().recognise(text).iter().map(|found| id(found.skill)).collect()
}

#[test]
fn the_shipped_data_has_no_faults() {
    let (graph, complaints) = Graph::read(include_str!("../graph.txt"));
    assert_eq!(complaints, Vec::<String>::new());
    assert!(graph.len() >= 600, "{} skills", graph.len());
    for skill in graph.skills() {
        assert!(skill.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{}", skill.id);
        assert!(!skill.name.is_empty() && skill.name.len() <= 60, "{}", skill.id);
        assert!(!graph.broader_closure(skill.slot).contains(&skill.slot), "{} lies inside itself", skill.id);
        // An id that is also a word must mean the same skill, or a link and a search would disagree.
        let by_word = graph.look_up(&key(&skill.id)).map(|at| graph.words[at].skill);
        assert!(by_word.is_none_or(|slot| slot == skill.slot), "{} is also a word for another skill", skill.id);
    }
}

#[test]
fn the_words_people_really_type_find_the_skill() {
    for (word, skill) in [
        ("react", "react"),
        ("React.js", "react"),
        ("react js", "react"),
        ("REACTJS", "react"),
        ("k8s", "kubernetes"),
        ("a11y", "accessibility"),
        ("ML", "machine-learning"),
        ("Führung", "leadership"),
        ("fuhrung", "leadership"),
        ("gestión de proyectos", "project-management"),
        ("prise de parole", "public-speaking"),
        ("C", "c"),
        ("c++", "cpp"),
        ("C #", "c"),
        ("C#", "csharp"),
        (".NET", "dotnet"),
        ("R", "r-language"),
        ("go", "go"),
        ("it", "it-support"),
        ("l&d", "learning-development"),
        ("salary-negotiation", "salary-negotiation"),
        ("asking for a raise", "salary-negotiation"),
        ("return to work", "returning-to-work"),
        ("dashboard", "dashboards"),
        ("nurse", "nursing"),
    ] {
        assert_eq!(graph().find(word).map(|skill| &*skill.id), Some(skill), "{word}");
    }
    for word in ["", "   ", "!!", "zzz", "rail", "and"] {
        assert!(graph().find(word).is_none(), "{word:?}");
    }
}

#[test]
fn typing_brings_the_likely_skill_first() {
    for (typed, first) in [
        ("react", "react"),
        ("reac", "react"),
        ("javscript", "javascript"),
        ("javasrcipt", "javascript"),
        ("acessibility", "accessibility"),
        ("accesibilty", "accessibility"),
        ("kuberntes", "kubernetes"),
        ("pyhton", "python"),
        ("negotation", "negotiation"),
        ("leadreship", "leadership"),
        ("publik speaking", "public-speaking"),
        ("on rails", "rails"),
        ("salary", "salary-negotiation"),
        ("ml", "machine-learning"),
        ("liderasgo", "leadership"),
    ] {
        let suggested: Vec<&str> = graph().suggest(typed, 5).iter().map(|skill| &*skill.id).collect();
        assert_eq!(suggested.first(), Some(&first), "{typed}: {suggested:?}");
    }
    let react: Vec<&str> = graph().suggest("react", 3).iter().map(|skill| &*skill.name).collect();
    assert_eq!(&react[..2], ["React", "React Native"]);
    assert!(graph().suggest("", 5).is_empty());
    assert!(graph().suggest("qqqqqqqq", 5).is_empty());
    assert_eq!(graph().suggest("a", 7).len(), 7);
}

#[test]
fn skills_are_found_inside_sentences() {
    for (text, skills) in [
        ("accessibility in React apps, in Spanish", vec!["accessibility", "react"]),
        ("I moved from teaching into data, with R and some Excel.", vec!["teaching", "r-language", "excel"]),
        ("React Native or React?", vec!["react-native", "react"]),
        ("Go to the market. It is open.", vec![]),
        ("I want to go further and express myself", vec![]),
        ("Python, go, rust", vec!["python", "go", "rust"]),
        ("Python and go", vec!["python", "go"]),
        ("rust developer", vec!["rust"]),
        ("Rust", vec!["rust"]),
        ("c", vec!["c"]),
        ("We write C++ and C# on .NET at work", vec!["cpp", "csharp", "dotnet"]),
        ("Someone who can help me negotiate a salary: salary negotiation", vec!["salary-negotiation"]),
        ("UX/UI and a/b testing", vec!["ux-design", "experiment-design"]),
        ("learn Spanish with a Spanish-speaking nurse", vec!["spanish", "nursing"]),
        ("in English or Spanish", vec![]),
        ("Ich möchte Führung lernen, auf Deutsch", vec!["leadership"]),
        ("Building Great Mobile Things Now", vec![]),
        ("the rest of the day, a drama", vec![]),
        ("REST and GraphQL", vec!["rest-apis", "graphql"]),
        ("", vec![]),
    ] {
        assert_eq!(found(text), skills, "{text}");
    }
}

#[test]
fn a_span_is_the_very_words() {
    let text = "Bonjour à tous, j’aime la Gestion du Temps!";
    let spans: Vec<&str> = graph().recognise(text).into_iter().map(|found| &text[found.span]).collect();
    assert_eq!(spans, ["Gestion du Temps"]);
}

#[test]
fn nearness_follows_the_graph() {
    let near = |wanted: &str, offered: &str| graph().nearness(graph().by_id(wanted).unwrap().slot, graph().by_id(offered).unwrap().slot);
    assert_eq!(near("react", "react"), 100);
    assert_eq!(near("frontend", "react"), 80);
    assert_eq!(near("web-development", "react"), 65);
    assert_eq!(near("react", "frontend"), 55);
    assert_eq!(near("react", "web-development"), 23, "wide, and two steps away");
    assert_eq!(near("react", "redux"), 80, "Redux is inside React");
    assert_eq!(near("frontend", "ui-design"), 50);
    assert_eq!(near("next-js", "gatsby"), 40);
    assert_eq!(near("react", "baking"), 0);
    assert_eq!(graph().nearness(Slot(60_000), Slot(1)), 0);
}

#[test]
fn a_place_adds_its_own_words() {
    let own = [
        OwnSkill {
            id: "tram-driving".into(),
            name: "Tram driving".into(),
            field: "crafts".into(),
            words: vec!["Straßenbahn".into()],
            broader: vec!["driving".into()],
            ..OwnSkill::default()
        },
        OwnSkill {
            id: "tram-school".into(),
            name: "Tram school".into(),
            field: "nowhere".into(),
            broader: vec!["tram-driving".into(), "no-such".into()],
            ..OwnSkill::default()
        },
        // Shipped meanwhile: becomes another way to reach the shipped skill.
        OwnSkill {
            id: "our-react".into(),
            name: "React.JS".into(),
            words: vec!["Reakt".into()],
            broader: vec!["next-js".into()],
            ..OwnSkill::default()
        },
    ];
    let merges = [
        Merge { word: "Tramfahren".into(), into: "tram-driving".into() },
        Merge { word: "Lean".into(), into: "kanban".into() },
        Merge { word: "x".into(), into: "no-such".into() },
    ];
    let ours = graph().with(&own, &merges);
    assert_eq!(ours.len(), graph().len() + 2);
    for (word, skill) in [
        ("strassenbahn", "tram-driving"),
        ("tramfahren", "tram-driving"),
        ("reakt", "react"),
        ("lean", "kanban"),
        ("tram schools", "tram-school"),
    ] {
        assert_eq!(ours.find(word).map(|skill| &*skill.id), Some(skill), "{word}");
    }
    let slot = |id: &str| ours.by_id(id).unwrap().slot;
    assert_eq!(slot("our-react"), graph().by_id("react").unwrap().slot);
    assert_eq!(ours.nearness(slot("driving"), slot("tram-school")), 65);
    assert!(!ours.broader_closure(slot("react")).contains(&slot("next-js")), "a circle is refused");
    assert_eq!(&*ours.fields()[ours.by_id("tram-school").unwrap().field].name, "Other");
    assert!(ours.by_id("tram-driving").unwrap().own);
    assert_eq!(graph().find("tramfahren").map(|skill| &skill.id), None, "the shipped graph stays as it is");
}

#[test]
fn a_real_directory_of_mentors_is_understood() {
    let Ok(text) = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/mentors/people.csv")) else {
        eprintln!("skipped: no shared data");
        return;
    };
    let mut reader = csv::Reader::from_reader(text.as_slice());
    let column = reader.headers().unwrap().iter().position(|name| name == "skills_offered").unwrap();
    let (mut known, mut unknown) = (0, Vec::new());
    for row in reader.records() {
        for tag in row.unwrap()[column].split(';').filter(|tag| !tag.trim().is_empty()) {
            match graph().find(tag) {
                Some(_) => known += 1,
                None => unknown.push(tag.to_owned()),
            }
        }
    }
    let share = f64::from(known) / f64::from(known + u32::try_from(unknown.len()).unwrap());
    assert!(share >= 0.97, "only {share:.3} understood; not {unknown:?}");
}

proptest! {
    #[test]
    fn folding_before_finding_changes_nothing(word in "\\PC{0,30}") {
        let of = |word: &str| graph().find(word).map(|skill| skill.slot);
        prop_assert_eq!(of(&fold(&word)), of(&word));
    }

    #[test]
    fn every_known_word_survives_capitals_and_hyphens(at in 0usize..3000, upper: bool) {
        let word = &graph().words[at % graph().words.len()];
        let skill = graph().skill(word.skill).unwrap();
        for written in std::iter::once(&skill.name).chain(&skill.words) {
            let written = if upper { written.to_uppercase() } else { written.replace(' ', "-") };
            prop_assert_eq!(graph().find(&written).map(|skill| skill.slot), Some(skill.slot), "{}", written);
        }
    }

    #[test]
    fn any_text_can_be_read(text in "\\PC{0,200}") {
        let mut end = 0;
        for found in graph().recognise(&text) {
            prop_assert!(found.span.start >= end && text.get(found.span.clone()).is_some());
            end = found.span.end;
        }
        graph().suggest(&text, 5);
    }

    #[test]
    fn one_wrong_letter_in_a_long_name_is_forgiven(at in 0usize..600, position in 1usize..8) {
        let skill = &graph().skills()[at % graph().len()];
        let mut letters: Vec<char> = key(&skill.name).chars().collect();
        prop_assume!(letters.len() >= 9);
        letters.remove(position);
        let typed: String = letters.into_iter().collect();
        prop_assert!(graph().suggest(&typed, 8).iter().any(|s| s.slot == skill.slot), "{} for {}", typed, skill.name);
    }
}
