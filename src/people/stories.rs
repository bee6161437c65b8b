//! What people do with their profile, as stories.

use crate::story::{Actor, story};
use image::ImageFormat;

/// What a story does to a profile through its forms.
pub trait Profiled {
    fn shows_about(&self, fields: &[(&str, &str)]);
    fn offers(&self, skills: &[(&str, &str)]);
    fn opens_to(&self, roles: &[&str], places: &str);
    /// Fills in the card of values; `switches` are what of it is ticked.
    fn holds_high(&self, values: &[&str], switches: &[&str]);
    fn page(&self) -> String;
}

impl Profiled for Actor<'_> {
    fn shows_about(&self, fields: &[(&str, &str)]) {
        let mut all = vec![("name", self.name.as_str())];
        all.extend(fields);
        self.posts("/profile/about", &all).goes();
    }
    fn offers(&self, skills: &[(&str, &str)]) {
        let fields: Vec<(String, &str)> = skills
            .iter()
            .enumerate()
            .flat_map(|(at, (skill, level))| [(format!("offered_{at}"), *skill), (format!("offered_level_{at}"), *level)])
            .collect();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        self.posts("/profile/skills", &fields).goes();
    }
    fn opens_to(&self, roles: &[&str], places: &str) {
        let roles: Vec<(&str, &str)> = roles.iter().map(|role| ("roles", *role)).collect();
        self.posts("/profile/open-to", &roles).goes();
        self.posts("/profile/time", &[("minutes_a_week", "60"), ("capacity", places)]).goes();
    }
    fn holds_high(&self, values: &[&str], switches: &[&str]) {
        let values = values.iter().map(|value| ("values", *value));
        let fields: Vec<(&str, &str)> = values.chain(switches.iter().map(|switch| (*switch, "yes"))).collect();
        self.posts("/profile/values", &fields).goes();
    }
    fn page(&self) -> String {
        format!("/people/{}", self.id())
    }
}

fn picture(format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(600, 400, image::Rgb([90, 120, 60])).write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

#[test]
fn a_name_is_enough_for_a_page() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina Diallo", "Tomas"]);
        amina.sees(&tomas.page(), "Tomas");
        amina.gets(&tomas.page()).ok().hides("Ask Tomas for help");
        tomas.sees(&tomas.page(), "Nothing here yet, and that is fine");
        s.visitor().gets(&tomas.page()).goes();
        amina.finds_nothing("/people/not-an-id");
    });
}

#[test]
fn p06_others_review_what_someone_has_done_and_what_they_show_for_it() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomáš Novák"]);
        tomas.shows_about(&[
            ("pronouns", "he/him"),
            ("headline", "Data engineer at a tram company"),
            ("story", "Two people *once* gave me an hour."),
            ("country", "CZ"),
            ("language_0", "cs"),
            ("language_1", "en"),
        ]);
        tomas.offers(&[("SQL", "5"), ("python", "4")]);
        tomas
            .posts(
                "/profile/experience",
                &[
                    ("from_0", "a trade"),
                    ("into_0", "data"),
                    ("year_0", "2015"),
                    ("credential_0", "Associate Certified Coach"),
                    ("issuer_0", "ICF"),
                    ("issued_0", "2024-01-01"),
                    ("expires_0", "2026-12-01"),
                ],
            )
            .goes();
        let page = amina.gets(&tomas.page()).ok();
        for words in ["Tomáš Novák", "he/him", "Data engineer at a tram company", "Czech", "English", "Moved from a trade into data, 2015"]
        {
            assert!(page.text().contains(words), "{words} in {}", page.text());
        }
        let page = page.shows("SQL").shows("Python").shows("teaches it").shows("ICF · since 1 January 2024 · good until 1 December 2026");
        assert!(page.html().contains("<em>once</em>"));
        assert!(!page.html().contains("class=\"expired\""));
        s.days_pass(40);
        let page = amina.gets(&tomas.page()).ok().shows("ended 1 December 2026");
        assert!(page.html().contains("class=\"expired\""), "{}", page.html());
    });
}

#[test]
fn p07_a_way_of_working_is_told_in_words_and_their_own() {
    story(|s| {
        let [amina, lea] = s.people(["Amina", "Lea"]);
        lea.posts(
            "/profile/how-i-work",
            &[
                ("directive_facilitative", "70"),
                ("support_challenge", ""),
                ("structured_emergent", "10"),
                ("how_i_work", "Four conversations, each with one question you choose."),
                ("methods", "GROW\nreading a chart aloud"),
                ("supervision", "monthly, with Ines"),
            ],
        )
        .goes();
        amina
            .gets(&lea.page())
            .ok()
            .shows("rather questions")
            .shows("Plan or flow: plan")
            .hides("Comfort or stretch")
            .shows("Four conversations")
            .shows("reading a chart aloud")
            .shows("monthly, with Ines");
        lea.posts("/profile/how-i-work", &[("directive_facilitative", "170"), ("how_i_work", "kept as typed")])
            .refuses("Please give a whole number from 0 to 100.")
            .shows("kept as typed");
    });
}

#[test]
fn p21_who_offers_places_says_how_much_time_they_have_and_reads_it_back() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        tomas.posts("/profile/time", &[("minutes_a_week", "0"), ("capacity", "3")]).refuses("how much time a week");
        // Who would guide and has set no place aside is found by nobody, and reads so.
        tomas.opens_to(&["mentor"], "0");
        tomas.sees("/profile/open-to", "nobody can ask you for that");
        tomas.opens_to(&["mentor", "question"], "2");
        tomas.gets("/profile/open-to").ok().hides("nobody can ask you for that");
        tomas.sees("/profile/time", "1 hour a week for 2 people is about 2 hours a month for each.");
        amina
            .gets(&tomas.page())
            .ok()
            .shows("Ask Tomas for help")
            .shows("Ask one question")
            .shows("2 places free")
            .shows("too little history yet");
        tomas.opens_to(&["mentor", "question"], "0");
        amina.gets(&tomas.page()).ok().hides("Ask Tomas for help").shows("Ask one question").shows("No place free just now");
    });
}

#[test]
fn p21_not_now_hides_the_buttons_and_ends_by_itself() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        tomas.opens_to(&["mentor", "question"], "2");
        tomas.posts("/profile/not-now", &[("weeks", "2")]).goes();
        amina
            .gets(&tomas.page())
            .ok()
            .hides("Ask Tomas for help")
            .hides("Ask one question")
            .shows("no new requests until Monday 16 November");
        tomas.sees("/profile/time", "I am back");
        s.days_pass(15);
        amina.sees(&tomas.page(), "Ask Tomas for help");
        tomas.posts("/profile/not-now", &[("until", "2020-01-01")]).refuses("still to come");
        tomas.posts("/profile/not-now", &[("until", "2027-01-11")]).goes();
        amina.sees(&tomas.page(), "until Monday 11 January");
        tomas.posts("/profile/not-now", &[("back", "yes")]).goes();
        amina.sees(&tomas.page(), "Ask Tomas for help");
    });
}

#[test]
fn hours_are_read_on_the_clock_of_whoever_looks() {
    story(|s| {
        let [ravi, tomas] = s.people(["Ravi", "Tomas"]);
        tomas.shows_about(&[("country", "CZ")]);
        ravi.shows_about(&[("country", "IN")]);
        let hours =
            [("hours_day", "2"), ("hours_from", "18:00"), ("hours_to", "20:00"), ("hours_day", ""), ("hours_from", ""), ("hours_to", "")];
        tomas.posts("/profile/time", &hours).goes();
        ravi.gets(&tomas.page()).ok().shows("Tuesday 22:30–00:30").shows("Tuesday 18:00–20:00 for Tomas");
        let overlapping = [
            ("hours_day", "2"),
            ("hours_from", "18:00"),
            ("hours_to", "20:00"),
            ("hours_day", "2"),
            ("hours_from", "19:00"),
            ("hours_to", "21:00"),
        ];
        tomas.posts("/profile/time", &overlapping).refuses("overlaps with another time on Tuesday");
    });
}

#[test]
fn whoever_would_guide_somebody_is_led_to_say_how_many() {
    story(|s| {
        let [tomas] = s.people(["Tomas"]);
        assert_eq!(tomas.posts("/profile/open-to", &[("roles", "question")]).goes(), "/profile/open-to");
        assert_eq!(tomas.posts("/profile/open-to", &[("roles", "mentor")]).goes(), "/profile/time#f-capacity");
        assert!(tomas.gets("/profile/time").html().contains("id=\"f-capacity\""));
        tomas.sees("/profile/open-to", "nobody can ask you for that");
        tomas.opens_to(&[], "2");
        assert_eq!(tomas.posts("/profile/open-to", &[("roles", "mentor")]).goes(), "/profile/open-to");
        tomas.gets("/profile/open-to").ok().hides("nobody can ask you for that");
    });
}

#[test]
fn a_photo_is_drawn_anew_and_seen_only_by_those_who_may() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        tomas.uploads("/profile/about", &[("name", "Tomas")], ("photo", &picture(ImageFormat::Png))).goes();
        let html = amina.gets(&tomas.page()).ok().html();
        let at = html.find("/photos/").expect("a photo on the page");
        let path = html[at..].split('"').next().expect("a path").to_owned();
        let answer = amina.gets(&path).ok();
        assert_eq!(answer.headers["content-type"], "image/jpeg");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert!(answer.headers["cache-control"].to_str().expect("text").contains("immutable"));
        assert_eq!(image::guess_format(&answer.body).ok(), Some(ImageFormat::Jpeg));
        s.visitor().finds_nothing(&path);
        tomas.posts("/profile/public", &[("public", "yes"), ("slug", "tomas")]).goes();
        s.visitor().gets(&path).ok();
        tomas.uploads("/profile/about", &[("name", "Tomas")], ("photo", b"<svg onload=alert(1)>")).refuses("Please choose a photo");
        tomas.posts("/profile/about", &[("name", "Tomas"), ("remove", "yes")]).goes();
        amina.finds_nothing(&path);
    });
}

#[test]
fn what_was_typed_beside_a_photo_is_kept_whatever_becomes_of_the_photo() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        let typed = [("name", "Tomas"), ("headline", "Repairs trams")];
        for (sent, words) in [(b"no photo".to_vec(), "Please choose a photo"), (vec![7; 13 << 20], "larger than the 12 MB")] {
            let page = tomas.uploads("/profile/about", &typed, ("photo", &sent)).refuses(words);
            assert!(page.html().contains("value=\"Repairs trams\""), "{}", page.html());
        }
        // Nor is a good photo lost because something else is to be mended.
        let wrong = [("name", "Tomas"), ("zone", "Mars/Olympus")];
        tomas.uploads("/profile/about", &wrong, ("photo", &picture(ImageFormat::Png))).refuses("We do not know this clock");
        assert!(amina.gets(&tomas.page()).ok().html().contains("/photos/"));
        // Or because another window was a moment earlier.
        tomas.posts("/profile/about", &[("name", "Tomas"), ("remove", "yes")]).goes();
        let stale = [("was", "another"), ("name", "Tomas"), ("headline", "Typed in an old window")];
        let page = tomas.uploads("/profile/about", &stale, ("photo", &picture(ImageFormat::Png)));
        assert_eq!(page.state, 409);
        page.shows("You changed this in another window");
        assert!(amina.gets(&tomas.page()).ok().html().contains("/photos/"));
        tomas.uploads("/profile/about", &typed, ("photo", &picture(ImageFormat::Jpeg))).goes();
        amina.sees(&tomas.page(), "Repairs trams");
        // A name that one could join with can be saved again.
        tomas.posts("/profile/about", &[("name", "x".repeat(100).as_str())]).goes();
    });
}

#[test]
fn what_is_no_photo_is_refused_and_what_pretends_to_be_one_comes_back_as_a_picture() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        const SCRIPT: &[u8] = b"<html><script>alert(1)</script>";
        let gif = [b"GIF89a\x01\x00\x01\x00/*".as_slice(), b"*/=1;alert(1)//"].concat();
        for (sent, words) in [
            (gif, "Please choose a photo"),
            (SCRIPT.to_vec(), "Please choose a photo"),
            (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec(), "Please choose a photo"),
            (b"PK\x03\x04 a whole archive".to_vec(), "Please choose a photo"),
            (picture(ImageFormat::Png)[..60].to_vec(), "could not be read as a photo"),
        ] {
            tomas.uploads("/profile/about", &[("name", "Tomas")], ("photo", &sent)).refuses(words);
            assert!(!amina.gets(&tomas.page()).ok().html().contains("/photos/"));
        }
        let both = [&picture(ImageFormat::Png)[..], SCRIPT].concat();
        tomas.uploads("/profile/about", &[("name", "Tomas")], ("photo", &both)).goes();
        let html = amina.gets(&tomas.page()).ok().html();
        let path = html[html.find("/photos/").expect("a photo")..].split('"').next().expect("a path").to_owned();
        let kept = amina.gets(&path).ok();
        assert_eq!(kept.headers["content-type"], "image/jpeg");
        assert_eq!(kept.headers["x-content-type-options"], "nosniff");
        assert!(!kept.body.windows(7).any(|w| w == b"<script"));
        // Whatever somebody calls it, the server names it, and nothing else is served from there.
        for path in ["/photos/..%2f..%2fchiron.key", "/photos/%00", "/photos/CON", &format!("/photos/{}", "x".repeat(4_000))] {
            amina.finds_nothing(path);
        }
    });
}

#[test]
fn p11_a_public_page_is_there_only_by_choice() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas Novak"]);
        tomas.shows_about(&[("headline", "Data engineer")]);
        s.visitor().finds_nothing("/p/tomas-novak");
        tomas.sees("/profile/public", "nobody else");
        tomas.posts("/profile/public", &[("public", "yes"), ("slug", "Tomas-Novak")]).goes();
        let page = s.visitor().gets("/p/tomas-novak").ok().shows("Data engineer");
        assert_eq!(page.headers["x-robots-tag"], "noindex");
        assert!(page.headers.contains_key("etag"));
        assert!(page.html().contains("itemtype=\"https://schema.org/Person\"") && !page.html().contains("ld+json"));
        tomas.posts("/profile/public", &[("public", "yes"), ("slug", "tomas-novak"), ("indexed", "yes")]).goes();
        assert!(!s.visitor().gets("/p/tomas-novak").ok().headers.contains_key("x-robots-tag"));
        amina.posts("/profile/public", &[("public", "yes"), ("slug", "tomas-novak")]).refuses("Somebody else has the address");
        amina.posts("/profile/public", &[("public", "yes"), ("slug", "../x")]).refuses("small letters");
        tomas.posts("/profile/public", &[("slug", "tomas-novak")]).goes();
        s.visitor().finds_nothing("/p/tomas-novak");
    });
}

#[test]
fn what_was_typed_stays_when_a_form_comes_back() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        let long = "x".repeat(200);
        amina
            .posts("/profile/about", &[("name", "Amina"), ("headline", &long), ("zone", "Mars/Olympus"), ("story", "my whole story")])
            .refuses("please keep it to 120")
            .shows("We do not know this clock")
            .shows("my whole story");
        amina.posts("/profile/about", &[("name", " ")]).refuses("Please fill this in.");
        amina.posts("/profile/skills", &[("offered_0", "?!"), ("offered_1", "knitting for robots")]).refuses("a few words");
        amina.posts("/profile/nothing", &[]).refuses("nothing here");
    });
}

#[test]
fn nothing_that_people_write_runs_in_a_browser() {
    const WRITTEN: [&str; 14] = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "\"><svg onload=alert(1)>",
        "' autofocus onfocus=alert(1) x='",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "[a](//evil.example)",
        "[a](/\\evil.example)",
        "![a](https://evil.example/pixel.png)",
        "<javascript:alert(1)>",
        "[a]: javascript:alert(1)\n\n[a]",
        "# <iframe srcdoc='<script>alert(1)</script>'>",
        "`</code><script>alert(1)</script>`",
    ];
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        for written in WRITTEN {
            let short: String = written.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(40).collect();
            tomas.posts("/profile/about", &[("name", &short), ("pronouns", &short), ("headline", &short), ("story", written)]).goes();
            tomas.posts("/profile/how-i-work", &[("how_i_work", written), ("methods", &short), ("supervision", &short)]).goes();
            tomas.posts("/profile/experience", &[("done_0", &short), ("credential_0", &short), ("issuer_0", &short)]).goes();
            tomas.posts("/profile/skills", &[("offered_0", &short)]).goes();
            tomas.posts("/profile/open-to", &[("fee", &short)]).goes();
            for answer in [
                amina.gets(&tomas.page()),
                tomas.gets("/profile/about"),
                tomas.gets("/profile/how-i-work"),
                tomas.gets("/profile/experience"),
            ] {
                let html = answer.ok().html().to_lowercase();
                assert!(!html.contains("<script>") && !html.contains("<iframe") && !html.contains("<img src=x"), "{written}: {html}");
                for tag in html.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
                    for address in ["href=\"", "src=\""].into_iter().filter_map(|name| tag.split(name).nth(1)) {
                        let bad =
                            ["javascript:", "data:"].iter().any(|scheme| address.starts_with(scheme)) || address.contains("evil.example");
                        assert!(!bad, "{written}: <{tag}>");
                    }
                    let quoted_out: String = tag.split('"').step_by(2).collect();
                    assert!(
                        !quoted_out.contains("onload") && !quoted_out.contains("onerror") && !quoted_out.contains("onfocus"),
                        "{written}: <{tag}>"
                    );
                }
            }
        }
        for link in ["javascript:alert(1)", "data:text/html,x", "\u{1}javascript:alert(1)", "//evil.example", "/\\evil.example", "ftp://x"]
        {
            let answer = tomas.posts("/profile/experience", &[("credential_0", "PCC"), ("issuer_0", "ICF"), ("link_0", link)]);
            if link.starts_with('\u{1}') {
                answer.refuses("web address");
            } else {
                answer.refuses("whole web address");
            }
        }
    });
}

#[test]
fn who_leaves_is_forgotten_and_can_take_everything_along() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas Novak"]);
        tomas.shows_about(&[("headline", "Data engineer"), ("country", "CZ"), ("language_0", "cs")]);
        tomas.offers(&[("SQL", "5")]);
        tomas
            .uploads(
                "/profile/about",
                &[("name", "Tomas Novak"), ("headline", "Data engineer"), ("country", "CZ"), ("language_0", "cs")],
                ("photo", &picture(ImageFormat::Jpeg)),
            )
            .goes();
        let person = tomas.person();
        let taken = s.does(move |tx| super::verbs::export(tx, person)).to_string();
        for words in ["Tomas Novak", "Data engineer", "SQL", "tomas.novak@village.example", "photo_jpeg_base64"] {
            assert!(taken.contains(words), "{words} in {taken}");
        }
        s.does(move |tx| super::verbs::forget(tx, person));
        amina.finds_nothing(&tomas.page());
        let left = s.does(move |tx| {
            Ok((
                tx.opt::<(String, String)>(
                    chiron_store::sql!("select p.name, f.headline from people p join profiles f on f.person_id = p.id where p.id = $1"),
                    &[&person],
                )?,
                tx.all::<(Option<String>,)>(chiron_store::sql!("select email from accounts where person_id = $1"), &[&person])?,
                tx.all::<(String,)>(chiron_store::sql!("select name from photos where person_id = $1"), &[&person])?,
                tx.all::<(String,)>(chiron_store::sql!("select skill from profile_skills where person_id = $1"), &[&person])?,
            ))
        });
        assert_eq!(left, (Some((String::new(), String::new())), vec![(None,)], vec![], vec![]));
    });
}

#[test]
fn p05_a_card_of_values_is_its_owners_alone_goes_along_with_them_and_is_forgotten() {
    story(|s| {
        let [amina, tomas] = s.people(["Amina", "Tomas"]);
        let root = s.administrator("Root");
        let all = ["honesty", "learning", "fairness", "freedom", "care", "craft"].map(|value| ("values", value));
        tomas.posts("/profile/values", &all).refuses("Five at most").shows("No page shows this card to anybody else");
        tomas.holds_high(&["care", "honesty", "nothing-we-know"], &["counts", "named"]);
        let card = tomas.gets("/profile/values").ok().shows("Only you").html();
        for (value, is_chosen) in [("honesty", true), ("care", true), ("craft", false)] {
            let input = card.split("<input").find(|input| input.contains(&format!("value=\"{value}\""))).expect(value);
            assert_eq!(input.split('>').next().is_some_and(|tag| tag.contains("checked")), is_chosen, "{value}");
        }
        for (other, path) in
            [(&amina, tomas.page()), (&root, tomas.page()), (&root, "/place/people".to_owned()), (&amina, "/find".to_owned())]
        {
            other.gets(&path).ok().hides("onesty");
        }
        let (person, looking) = (tomas.person(), amina.viewer());
        assert!(s.does(move |tx| Ok(super::verbs::values(tx, &looking, person).is_err())));
        let taken = s.does(move |tx| super::verbs::export(tx, person)).to_string();
        assert!(taken.contains(r#""chosen":["honesty","care"]"#) && taken.contains(r#""may_be_named":true"#), "{taken}");
        s.does(move |tx| super::verbs::forget(tx, person));
        let left: Vec<(String,)> =
            s.does(move |tx| Ok(tx.all(chiron_store::sql!("select chosen from value_cards where person_id = $1"), &[&person])?));
        assert!(left.is_empty());
    });
}

#[test]
fn a_clock_is_named_as_people_name_it_and_a_name_can_be_said() {
    story(|s| {
        let [amina] = s.people(["Amina"]);
        for (typed, kept) in [("Chatham", "Pacific/Chatham"), ("UTC+13:45", "Pacific/Chatham"), ("utc+2", "UTC+2"), ("UTC+2", "UTC+2")] {
            amina.posts("/profile/about", &[("name", "Amina"), ("zone", typed)]).goes();
            let page = amina.gets("/profile/about").ok();
            assert!(page.html().contains(&format!("value=\"{kept}\"")), "{typed}");
        }
        amina.posts("/profile/about", &[("name", "🦊"), ("zone", "UTC")]).refuses("a name with letters in it");
    });
}

const SHEET: &str = "\
id,name,email,roles,country,languages,skills_offered,headline
m1,Ana López,ana@example.org,mentor,ES,es;en,accessibility;reactjs;urban bees,Front-end developer
m2,Bo,bo@example.org,mentor;question,DK,da,sql:5,=1+1
";

#[test]
fn p11_people_come_in_from_a_sheet_after_a_look_at_what_it_would_do() {
    story(|s| {
        let ada = s.administrator("Ada");
        let [amina] = s.people(["Amina"]);
        amina.finds_nothing("/place/import");
        ada.posts("/place/import", &[]).refuses("Please choose a file first.");
        let looked = ada.uploads("/place/import", &[], ("file", SHEET.as_bytes())).ok();
        let looked = looked.shows("2 new people.").shows("urban bees");
        assert!(looked.html().contains("name=\"sheet\""));
        let people = |n: i64| {
            let count = s.does(|tx| Ok(tx.one::<(i64,)>(chiron_store::sql!("select count(*) from people"), &[])?));
            assert_eq!(count, (n,));
        };
        people(2);
        // One bad line, and nothing of the sheet comes in.
        let bad = format!("{SHEET}m3,,c@example.org,,,,,\n");
        ada.uploads("/place/import", &[("sheet", &bad)], ("none", b"")).refuses("Everybody needs a name.");
        people(2);
        ada.uploads("/place/import", &[("sheet", SHEET)], ("none", b"")).goes();
        people(4);
        // The same sheet once more would change nobody, and a line that says more of one changes one.
        ada.uploads("/place/import", &[], ("file", SHEET.as_bytes())).ok().shows("2 as they are.").hides("Bring them in");
        let more = SHEET.replace("m2,Bo,bo@example.org,mentor;question,DK,da,sql:5,", "m2,Bo,bo@example.org,mentor;question,DK,da,sql:4,");
        ada.uploads("/place/import", &[], ("file", more.as_bytes())).ok().shows("1 changed, 1 as they are.");
        let ana = s.does(|tx| Ok(super::sql::known_by(tx, "m1")?.expect("Ana")));
        amina
            .gets(&format!("/people/{ana}"))
            .ok()
            .shows("Ana López")
            .shows("Front-end developer")
            .shows("Spain")
            .shows("Spanish, English")
            .shows("Ask Ana for help")
            .shows("urban bees");
        // Again: changed by id, nobody doubled, and what the sheet leaves empty stays.
        let again = "id,name,email,headline,country\nm1,Ana María López,ana.maria@example.org,,PT\n";
        ada.uploads("/place/import", &[("sheet", again)], ("none", b"")).goes();
        people(4);
        amina
            .gets(&format!("/people/{ana}"))
            .ok()
            .shows("Ana María López")
            .shows("Front-end developer")
            .shows("Portugal")
            .shows("urban bees");
        // An address that is somebody else's is no way in.
        let stolen = "id,name,email\nm1,Ana,bo@example.org\n";
        ada.uploads("/place/import", &[("sheet", stolen)], ("none", b"")).refuses("belongs to somebody else");
        // Who has left stays away.
        s.does(move |tx| super::verbs::forget(tx, ana));
        let back = "id,name,email\nm2,Bo Berg,\n";
        ada.uploads("/place/import", &[("sheet", back)], ("none", b"")).goes();
        people(4);
    });
}

#[test]
fn a_real_directory_comes_in_as_it_is() {
    let Ok(bytes) = std::fs::read("../shared/data/mentors/people.csv") else {
        println!("skipped: no shared data");
        return;
    };
    story(|s| {
        let read = std::time::Instant::now();
        let sheet = super::import::Sheet::read(&bytes);
        let again = sheet.clone();
        let report = s.does(move |tx| super::import::run(tx, &sheet, false));
        println!(
            "imported in {:?}: {} new, {} remarks, {} new words",
            read.elapsed(),
            report.new,
            report.notes.len(),
            report.new_words.len()
        );
        for problem in report.errors.iter().chain(&report.notes) {
            println!("{problem}");
        }
        assert_eq!((report.rows, report.new, report.done), (298, 298, true));
        let report = s.does(move |tx| super::import::run(tx, &again, true));
        assert_eq!((report.new, report.changed, report.same), (0, 0, 298));
    });
}
