//! `/dev/components`: every component with real-looking content, the longest names, and nothing at all.
//!
//! Look here after each change of `assets/chiron.css`, in light and dark, at 390 and 1280 pixels.

use crate::page::*;
use axum::extract::Query;
use axum::response::Html;

/// For everyone: it shows nobody's data.
pub async fn show(Query(look): Query<Look>) -> Html<String> {
    Html(page_in(look.theme()).into_string())
}

#[derive(serde::Deserialize)]
pub struct Look {
    theme: Option<String>,
}
impl Look {
    fn theme(&self) -> Theme {
        match self.theme.as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::Device,
        }
    }
}

/// The page as the device likes it.
pub fn page() -> Markup {
    page_in(Theme::Device)
}

/// The page in one theme: `?theme=light`, `?theme=dark`.
pub fn page_in(theme: Theme) -> Markup {
    let frame = Frame {
        place: "Mentoring at Hafen".into(),
        viewer: Some(FrameViewer {
            face: amina(),
            unread: 3,
            desks: vec![("Programme desk".into(), "/programmes".into()), ("Instance desk".into(), "/instance".into())],
        }),
        section: Section::Today,
        toast: Some(Toast::with_undo("You declined the request from Ben.", "/dev/components")),
        banner: Some(FrameBanner {
            tone: Tone::Amber,
            sentence: "Mail does not work yet, so nobody hears from us.".into(),
            action: Some(("Set up mail".into(), "/instance/mail".into())),
        }),
        theme,
        language: "en".into(),
    };
    shell(
        &frame,
        "Components",
        &html! {
            (PageHeader::new("Components").lead("Everything a page is made of, with the longest names and with nothing at all.").actions(html! {
                (Button::secondary("Light").href("?theme=light")) (Button::secondary("Dark").href("?theme=dark"))
            }))
            div.specimens {
                (today()) (people()) (words()) (buttons()) (fields()) (choices()) (times()) (journeys()) (numbers()) (overlays()) (desk()) (icons()) (colours())
            }
        },
    )
}

fn specimen(title: &str, body: &Markup) -> Markup {
    html! { section.specimen { h2 { (title) } (body) } }
}

fn amina() -> Face {
    Face::new("Amina Yusuf", None, "0192f0c1-amina")
}
fn tomas() -> Face {
    Face::new("Tomas Lindqvist", None, "0192f0c2-tomas")
}
fn lea() -> Face {
    Face::new("Lea Moreau", None, "0192f0c3-lea")
}
fn longest() -> Face {
    Face::new("Maximiliane Freifrau von Hohenstein-Wolkersdorff zu Schönau-Großenhain", None, "0192f0c4-max")
}
fn tiny() -> Face {
    Face::new("Ng", None, "0192f0c5-ng")
}

const WEEK: [(&str, &str); 7] = [
    ("mon", "Monday"),
    ("tue", "Tuesday"),
    ("wed", "Wednesday"),
    ("thu", "Thursday"),
    ("fri", "Friday"),
    ("sat", "Saturday"),
    ("sun", "Sunday"),
];
const PARTS: [(&str, &str); 4] = [("early", "Early"), ("day", "Day"), ("late", "Late"), ("evening", "Evening")];

fn is_free(day: &str, part: &str) -> bool {
    matches!((day, part), ("tue" | "thu", "evening") | ("sat", "early" | "day"))
}

fn today() -> Markup {
    let calm = Clock {
        sentence: "Tomas usually answers in two days",
        due: "until Friday 14:00",
        due_at: "2026-11-27T13:00:00Z",
        tone: Tone::Plain,
    };
    let soon =
        Clock { sentence: "Amina waits for your answer", due: "until tomorrow 14:00", due_at: "2026-11-23T13:00:00Z", tone: Tone::Amber };
    let late = Clock { sentence: "This is two days late", due: "since Friday", due_at: "2026-11-20T13:00:00Z", tone: Tone::Red };
    specimen(
        "What needs you",
        &html! {
            (need(Some(&amina()), &html! { "Amina asks how to move from teaching into data work." }, Some(&soon), &html! { (Button::primary("Read and answer").href("/asks/1")) }))
            (need(Some(&longest()), &html! { (longest().name) " proposed a new time for your session." }, Some(&late), &html! { (Button::primary("Choose a time").href("/s/1")) (Button::quiet("Later").href("/")) }))
            (need(None, &html! { "Say in a line how your session with Tomas went." }, None, &html! { (Button::secondary("Write a line").href("/s/2")) }))
            (section("Your next session", &audience("Only you and Tomas"), &card(&html! {
                (pair_of_faces(&amina(), &tomas()))
                h3 { "Tuesday, 18:30" }
                p { "With Tomas, by video. Three things are on the agenda." }
                (calm)
                (actions(&html! { (Button::primary("Prepare").href("/s/1")) (Button::quiet("Move it").href("/s/1/move")) }))
            })))
            (empty(Icon::Today, "Nothing needs you today.", "Your next session with Tomas is on Tuesday. Until then, the day is yours.", &html! { (Button::secondary("Write in your journal").href("/journal")) }))
            (empty(Icon::Letter, "No requests yet", "When somebody asks for your help, their letter will wait for you here.", &html! {}))
        },
    )
}

fn people() -> Markup {
    let crowded: Vec<Face> = (0..9)
        .map(|number| {
            Face::new(["Ada", "Bo", "Chi", "Dara", "Émile", "Fen", "Gül", "Hana", "Ivo"][number], None, format!("crowd-{number}"))
        })
        .collect();
    specimen(
        "People",
        &html! {
            div.line { (amina().huge()) (tomas().huge()) (lea().large()) (longest().large()) (tiny().medium()) (amina().small()) }
            div.line { (crowd(&crowded)) (crowd(&crowded[..3])) }
            div.line { (tomas().chip(Some("/people/tomas"))) (lea().chip(None)) (longest().chip(Some("/people/max"))) }
            (cards(&html! {
                @for (face, reason, free) in [(tomas(), "has done what you want to do: moved from teaching into data", "Free Tuesday evening, your time"), (lea(), "sees it from elsewhere: hires people who changed careers", "Free Thursday at noon"), (longest(), "knows your field and speaks German", "Free from 4 December")] {
                    (card(&html! {
                        (face.large())
                        h3 { a href="/people/1" { (face.name) } }
                        p { (reason) }
                        p.clock { (Icon::Calendar) span { (free) } }
                        (tags(["Data engineering", "Changing careers", "SQL"]))
                        (actions(&html! { (Button::primary("Ask for help").href("/asks/new").context(&face.name)) }))
                    }))
                }
            }))
            (rows(&html! {
                (Row::new("Tomas Lindqvist").href("/people/1").face(&tomas()).text("Data engineer, taught maths for nine years").meta(html! { (tag("active", Tone::Laurel)) (audience("Only you and Tomas")) }))
                (Row::new(longest().name).href("/people/2").face(&longest()).text("Vorstandsvorsitzende der Gesellschaft für Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamten").beside(tag("waiting for you", Tone::Amber)))
                (Row::new("Ng").face(&tiny()).meta(html! { (moment("2026-11-20T10:00:00Z", "20 November, 11:00")) }).beside(Button::secondary("Say hello").small().href("/hello").context("to Ng").render()))
            }))
            (rows(&html! {
                (notice_row(Some(&tomas()), "Tomas accepted your request.", "/n/1", &moment("2026-11-22T00:30:00Z", "22 November, 01:30"), true))
                (notice_row(Some(&lea()), "Lea wrote you a thank-you note.", "/n/2", &moment("2026-11-19T10:00:00Z", "19 November, 11:00"), false))
                (notice_row(None, "Your export is ready. You can fetch it until Sunday.", "/n/3", &moment("2026-11-01T10:00:00Z", "1 November, 11:00"), false))
            }))
            (people_header(&pair_of_faces(&amina(), &tomas()), "Your mentoring with Tomas", "Active since March. You meet next on Tuesday at 18:30.", &html! { (Button::secondary("Write to Tomas").icon(Icon::Speech).href("/m")) (menu("More about this mentoring", &[MenuItem::Link { label: "See the agreement", href: "/a" }, MenuItem::Post { label: "Pause for a while", action: "/p", danger: false }, MenuItem::Post { label: "End this mentoring", action: "/e", danger: true }])) }))
        },
    )
}

fn words() -> Markup {
    specimen(
        "Words",
        &html! {
            div.line { (tag("ended", Tone::Plain)) (tag("active", Tone::Laurel)) (tag("waiting for you", Tone::Amber)) (tag("frozen", Tone::Red)) (audience("Only you and Tomas")) (audience_me()) (audience("Everybody in Career Changers 2026")) }
            (banner(Tone::Plain, "This is a trial. Everything in it is made up and goes away on Sunday.", None))
            (banner(Tone::Laurel, "You are not available until 3 January. Nobody can ask you for help until then.", Some(&Button::secondary("Be available again").small().href("/me"))))
            (banner(Tone::Red, "The last backup is nine days old.", Some(&Button::secondary("See backups").small().href("/instance/backups"))))
            (letter_sheet(&amina(), "Tomas", &moment("2026-11-21T09:12:00Z", "21 November, 10:12"), &[
                ("What I want to reach", "I have taught maths for six years, and I want to work with data by next autumn without starting again from nothing."),
                ("Why you", "You made the same move. I read your story about the first year and recognised my own Sunday evenings in it."),
                ("What I have tried", "Two online courses, and a small project about bus delays in our town.\n\nI finish things, but I do not know which of them matter."),
            ]))
            (quotation("You asked the question I had been avoiding for a year. Thank you.", "Amina, in her thank-you note"))
            (card(&facts(&[("Met first", html! { "14 March 2026" }), ("How often", html! { "Every second week, one hour" }), ("Who can see this", audience("Only you and Tomas")), ("Goal", html! { "Work with data by next autumn, in a team that has somebody to learn from" })])))
            (more("What an administrator cannot see", &html! { p { "Notes, messages and agreements are sealed for the two of you. Nobody who runs this place can open them." } }))
            (code_block("chiron backup --to /srv/backups && chiron check"))
            (pagination(Some("?page=1"), Some("?page=3"), "Page 2 of 9"))
        },
    )
}

fn buttons() -> Markup {
    specimen(
        "Buttons",
        &html! {
            div.line { (Button::primary("Send the request").icon(Icon::Send).href("#")) (Button::secondary("Save and come back later").href("#")) (Button::quiet("Not now").href("#")) (Button::danger("End this mentoring").href("#")) (Button::quiet("Edit").icon_only(Icon::Pencil).href("#")) }
            div.line { (Button::primary("Accept").small().href("#")) (Button::secondary("Ask back").small().href("#")) (Button::quiet("Decline").small().href("#")) (Button::danger("Remove").small().href("#")) button.button.primary type="button" disabled { "Being sent" } }
            (post_button("/dev/components", &[("id", "1")], &Button::secondary("A form that is only a button").icon(Icon::Check)))
        },
    )
}

fn fields() -> Markup {
    specimen(
        "Fields",
        &html! {
            (error_summary([("headline", "Say in one line what you want to reach."), ("why", "This is 42 characters too long. Nothing is lost: shorten it and send it again.")]))
            form.stack method="post" action="/dev/components" data-draft="components" {
                (Field::text("headline", "In one line, what do you want to reach?").hint("For example: lead my first team without losing my evenings.").max(120).required().error(Some("Say in one line what you want to reach.")))
                (Field::textarea("why", "Why this person?").value("Because you made the same move, and wrote about it.").max(40).error(Some("This is 42 characters too long. Nothing is lost: shorten it and send it again.")))
                (Field::textarea("more", "Anything else").optional().hint("They read this before they answer.").max(600))
                (Field::email("email", "Your email address").value("amina@example.org").hint("We only write when somebody waits for you."))
                (Field::password("password", "A password").autocomplete("new-password").hint("At least ten characters. A sentence is good."))
                (Field::select("zone", "Where is your clock?", [("Europe/Lisbon", "Lisbon"), ("Europe/Berlin", "Berlin"), ("America/Argentina/ComodRivadavia", "Comodoro Rivadavia, Argentina")]).value("Europe/Berlin"))
                (Field::text("skill", "What do you know?").suggest(["Data engineering", "Public speaking", "First-time management"]).hint("Start typing, and choose or write your own."))
                (Field::text("mentor", "Who?").suggest_from("/find/names"))
                (side_by_side(&html! { (Field::date("day", "Day").value("2026-11-24")) (Field::time("from", "From").value("18:30")) (Field::number("minutes", "Minutes").value("60").between("15", "180")) }))
                (Field::slider("hours", "How many hours a month?", 1, 12).value("3").ends("a little", "a lot"))
                (Field::photo("photo", "A photo of you", None).optional().hint("A face helps people to trust. JPEG, PNG or WebP, up to 5 MB."))
                (Field::file("people", "People to invite", ".csv").hint("A CSV file with name and email."))
                (Field::checkbox("agree", "I will answer within a week, or say that I cannot.").error(Some("Please tick this to go on.")))
                (Field::checkbox("digest", "Write me one mail a week instead of one for each thing").checked(true).hint("What cannot wait still comes at once."))
                (group("Where to reach you", Some("Only people you mentor or who mentor you see this."), &html! { (Field::text("city", "Town").autocomplete("address-level2")) (Field::url("page", "Your page").optional()) }))
                (actions(&html! { (Button::primary("Send the request")) (Button::quiet("Save and come back later").unchecked().sends("then", "later")) }))
            }
            (copyable("A link to pass on", "https://mentoring.example/join/7h3k-9qpd-22xw"))
            (search_box("/dev/components", "q", "Find somebody by what they know", ""))
            (with_aside(&html! { div id="found" { p { "Eleven people could help." } } }, &filters("/dev/components", "#found", &html! {
                (facet("language", "Speaks", &[Facet { value: "en", label: "English", count: 41, chosen: true }, Facet { value: "de", label: "German", count: 12, chosen: false }, Facet { value: "rm", label: "Rumantsch Grischun, as it is spoken in the Val Müstair", count: 0, chosen: false }]))
                (facet("free", "Free", &[Facet { value: "week", label: "This week", count: 7, chosen: false }, Facet { value: "month", label: "This month", count: 19, chosen: false }]))
            }), true))
        },
    )
}

fn choices() -> Markup {
    specimen(
        "Choices",
        &html! {
            (Choices::cards("kind", "What would help you now?").hint("You can change this at any time.")
                .described("flash", "One conversation", "An hour with somebody who has been there.").icon(Icon::Speech)
                .described("mentoring", "A mentor for a while", "You meet every few weeks and work towards a goal.").icon(Icon::Leaf)
                .described("coaching", "Coaching", "A coach helps you to find your own answers, in a fixed number of sessions.").icon(Icon::Compass)
                .chosen("mentoring"))
            (Choices::many_cards("about", "What may we show?").described("photo", "Your photo", "To signed-in people only.").described("work", "Where you work", "To people you talk to.").chosen("photo"))
            (Choices::radio("who", "Who can see this?").choice("me", "Only you").choice("pair", "Only you and Tomas").described("programme", "Everybody in Career Changers 2026", "214 people today.").chosen("pair").error(Some("Choose who can see this.")))
            (Choices::checkboxes("how", "How do you like to meet?").optional().choice("video", "By video").choice("phone", "By phone").choice("place", "In person").chosen("video").chosen("place"))
            (Choices::scale("going", "How is it going?").choice("1", "Not well").choice("2", "So-so").choice("3", "Well").choice("4", "Very well").chosen("3"))
        },
    )
}

fn times() -> Markup {
    let days = [
        SlotDay {
            day: "Tuesday 24 November",
            slots: vec![
                Slot { value: "a", words: "18:00", theirs: Some("19:00 for Tomas") },
                Slot { value: "b", words: "18:30", theirs: Some("19:30 for Tomas") },
            ],
        },
        SlotDay { day: "Thursday 26 November", slots: vec![Slot { value: "c", words: "12:00", theirs: Some("13:00 for Tomas") }] },
        SlotDay { day: "Friday 27 November", slots: vec![] },
    ];
    specimen(
        "Times",
        &html! {
            (slot_picker("slot", "When shall you meet?", "Times are yours, in Lisbon.", &days, "b", None))
            (slot_picker("slot2", "Nothing chosen", "Times are yours, in Lisbon.", &days[1..2], "", Some("Choose a time, or write to Tomas.")))
            (week_grid("free", "When are you usually free?", &WEEK, &PARTS, is_free))
            (from_to_rows("free", "Or say it exactly", &WEEK, &[FromTo { day: "tue", from: "18:00", to: "20:30", error: None }, FromTo { day: "sat", from: "11:00", to: "10:00", error: Some("This ends before it begins.") }, FromTo::default()]))
            (week_view("When Tomas is usually free", &WEEK[..5], &PARTS, is_free))
        },
    )
}

fn journeys() -> Markup {
    let step = |when: &'static str, title: &'static str, state: Passed, body: Option<&'static str>| TimelineItem {
        when: html! { (when) },
        title,
        body: body.map(|body| html! { p { (body) } }),
        state,
    };
    specimen(
        "Ways",
        &html! {
            (steps(&["About you", "What you know", "When you are free", "Have a look"], 1))
            (tabs("Your mentoring with Tomas", &[("Now", "#", 0), ("Plan", "#", 0), ("Sessions", "#", 2), ("Messages", "#", 12), ("Notes", "#", 0), ("Agreement", "#", 0)], 0))
            (timeline(&[
                step("14 March", "Amina asked", Passed::Done, None),
                step("16 March", "Tomas accepted", Passed::Done, Some("“Happy to. I remember that year well.”")),
                step("Now", "Trying out, three sessions", Passed::Now, Some("After the third you both say whether to go on.")),
                step("About 20 December", "Your agreement", Passed::Ahead, None),
            ]))
        },
    )
}

fn numbers() -> Markup {
    specimen(
        "Numbers",
        &html! {
            (progress("Your profile", 3, 5)) (progress("Nothing yet", 0, 0)) (working("Finding pairs for 214 people"))
            @for (skill, level) in [("Data engineering", 5), ("Public speaking", 3), ("Negotiating with people who have known each other for twenty years", 1)] { (skill_meter(skill, level)) }
            (skill_gap(Some(2), 4)) (skill_gap(None, 3)) (skill_gap(Some(5), 3))
            (spread(&[(2, 3, 2), (4, 4, 4)], 3))
            @let mark = |at, when: &str, value, firm| Mark { at, when: when.into(), value, range: None, firm };
            (level_steps("SQL through time", &[mark(0.0, "3 May 2025", 1.0, false), mark(4.0, "9 July 2025", 3.0, false), mark(9.0, "1 October 2025", 4.0, true)], 12.0, &html! {}))
            (bar_chart("Sessions held in each programme", "Programme", "Sessions", &[("Career Changers 2026", 148.0), ("First-time managers", 62.0), ("Eine Gemeinschaft mit einem wirklich sehr langen Namen", 9.0), ("New this week", 0.0)]))
            (bar_chart("Nothing yet", "Programme", "Sessions", &[]))
            (line_chart("People who met, by month", "Month", "People", &[("Apr", 12.0), ("May", 31.0), ("Jun", 44.0), ("Jul", 38.0), ("Aug", 21.0), ("Sep", 57.0), ("Oct", 66.0), ("Nov", 71.0)]))
        },
    )
}

fn overlays() -> Markup {
    specimen(
        "Over the page",
        &html! {
            div.line { (Button::danger("End this mentoring").opens("end", "/dev/components")) (Button::secondary("See the keys").opens("keys", "/help/keys")) }
            (dialog("end", "End your mentoring with Tomas?", &confirmation("/dev/components", "You both keep your notes. Tomas gets a kind word from us and, if you like, one from you. Sessions to come are cancelled.", &Button::danger("End it"), "/dev/components")))
            (Toast::said("Saved."))
        },
    )
}

fn desk() -> Markup {
    let row = |name: &'static str, state: Markup, met: &'static str| vec![html! { (name) }, state, html! { (met) }];
    specimen(
        "A desk",
        &table(
            "Who is where",
            &["Pair", "State", "Met"],
            &[
                row("Amina and Tomas", tag("active", Tone::Laurel), "4 times"),
                row("Ben and Lea", tag("no session yet", Tone::Amber), "–"),
                row("Maximiliane Freifrau von Hohenstein-Wolkersdorff and Ng", tag("ended", Tone::Plain), "11 times"),
            ],
        ),
    )
}

fn icons() -> Markup {
    specimen("Icons", &html! { div.line { @for icon in Icon::ALL { (icon) } } })
}

fn colours() -> Markup {
    specimen(
        "Headings and text",
        &html! {
            div.prose {
                h1 { "The first conversation" }
                p.lead { "It is about finding out whether you can think together." }
                h2 { "Before you meet" }
                p { "Read their letter twice. Write down " strong { "one question" } " you cannot answer for them, and " a href="/library" { "a story of your own" } " that is not a success." }
                ul { li { "Agree how long you have." } li { "Say what you will not talk about." } }
                h3 { "If it does not fit" }
                p { "Say so early. Nobody is at fault, and we help both of you to find somebody else. Łukasz, Şebnem, Đặng Thị Hương and Ærøskøbing are names we can spell." }
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered() -> String {
        page().into_string()
    }

    /// Every tag of the page as its name and the text of its attributes.
    fn tags(page: &str) -> Vec<(&str, &str)> {
        page.split('<')
            .skip(1)
            .filter(|piece| !piece.starts_with(['/', '!']))
            .filter_map(|piece| piece.split_once('>').map(|(tag, _)| tag.split_once(' ').unwrap_or((tag, ""))))
            .collect()
    }

    fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
        let start = format!(" {attributes}").find(&format!(" {name}=\""))? + name.len() + 2;
        attributes.get(start..)?.split('"').next()
    }

    #[test]
    fn nothing_on_a_page_is_inline() {
        let page = rendered();
        for (tag, attributes) in tags(&page) {
            assert!(attribute(attributes, "style").is_none(), "<{tag} {attributes}>");
            let names: String = format!(" {attributes}").split('"').step_by(2).collect();
            assert!(!names.contains(" on"), "<{tag} {attributes}>");
            assert!(tag != "style" && (tag != "script" || attributes.contains("src=")), "<{tag} {attributes}>");
        }
        for forbidden in ["hx-on", "hx-live", "javascript:", "js:", "data:"] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
    }

    #[test]
    fn every_control_has_a_label_and_every_id_is_the_only_one() {
        let page = rendered();
        let tags = tags(&page);
        let labelled: Vec<&str> =
            tags.iter().filter(|(tag, _)| *tag == "label").filter_map(|(_, attributes)| attribute(attributes, "for")).collect();
        for (tag, attributes) in &tags {
            let needs = matches!(*tag, "textarea" | "select") || (*tag == "input" && !attributes.contains("type=\"hidden\""));
            if needs {
                let id = attribute(attributes, "id").unwrap_or_else(|| panic!("<{tag} {attributes}> has no id"));
                assert!(labelled.contains(&id), "<{tag} {attributes}> has no label");
            }
        }
        let mut ids: Vec<&str> = tags.iter().filter_map(|(_, attributes)| attribute(attributes, "id")).collect();
        ids.sort_unstable();
        for two in ids.windows(2) {
            assert_ne!(two[0], two[1], "the id is there twice");
        }
        for (_, attributes) in &tags {
            for reference in attribute(attributes, "aria-describedby").into_iter().flat_map(str::split_whitespace) {
                assert!(ids.binary_search(&reference).is_ok(), "nothing has the id {reference}");
            }
        }
    }

    #[test]
    fn every_button_says_something() {
        let page = rendered();
        for (open, close) in [("<button", "</button>"), ("<summary", "</summary>"), ("<a ", "</a>")] {
            for piece in page.split(open).skip(1) {
                let inside = piece.split(close).next().unwrap_or_default();
                let words: String = inside.split('>').skip(1).filter_map(|part| part.split('<').next()).collect();
                assert!(!words.trim().is_empty(), "{open}{inside}");
            }
        }
    }

    #[test]
    fn every_class_on_the_page_is_in_the_stylesheet() {
        let css = include_str!("../assets/chiron.css");
        let page = rendered();
        // Named for the reader of the markup, or a hook of htmx, with no look of their own.
        let plain = ["with-aside-main", "choices", "row", "viewer-menu", "dialog-top"];
        for (tag, attributes) in tags(&page) {
            for class in attribute(attributes, "class").into_iter().flat_map(str::split_whitespace) {
                assert!(
                    plain.contains(&class) || css.contains(&format!(".{class}")),
                    "<{tag}> has the class {class}, which the stylesheet does not know"
                );
            }
        }
    }
}
