//! Somebody who types the worst into every form there is. Forms are found as a browser finds them, page by page from the
//! village on, so a new form is tried without anybody thinking of it.

use crate::seed;
use crate::story::{Actor, Answer, Arrived, Story, story};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::LazyLock;

/// What would run, lead elsewhere, break out of its line or be worked out, if it were not shown as the words that it is.
/// Whatever of it came through as markup has `evil` in it.
/// In a file of its own, since a real browser is given the same.
static WORST: LazyLock<Vec<String>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../../tests/browser/worst.json")).expect("texts"));

/// What a field is for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Words,
    Number,
    Day,
    /// One of those that are offered, or what the page carries along.
    Chosen,
}

impl Kind {
    /// What stands in a field of this kind when nobody thought of it.
    fn odd(self) -> &'static [&'static str] {
        match self {
            Self::Words => &["", "-9223372036854775808", "1e309", "\0"],
            Self::Number => {
                &["", "-1", "-9223372036854775808", "9223372036854775807", "18446744073709551616", "1e309", "NaN", "\u{1d7d9}\u{661}"]
            }
            Self::Day => &["", "0001-01-01", "-009999-01-02", "9999-12-31", "9999-12-31T23:59", "2026-02-30T25:61", "99:99"],
            Self::Chosen => &["", "9223372036854775807", "9999-12-31T23:59:59Z", "ffffffff-ffff-ffff-ffff-ffffffffffff", "'\0\""],
        }
    }
}

/// A tag with its attributes, as a browser reads it.
#[derive(Debug, Default)]
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
    /// What stands between it and the next tag.
    then: String,
}

impl Tag {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
    fn is(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// Every tag of a page, after “Tokenization” of the HTML standard: quotation marks may be missing, a slash is a space, and
/// the first of two attributes of a name counts. Nothing is skipped as comment or text, so a tag that a browser would not
/// see there is seen here.
fn tags(html: &str) -> Vec<Tag> {
    let mut tags: Vec<Tag> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        if let Some(last) = tags.last_mut() {
            last.then.push_str(&plain(&rest[..at]));
        }
        rest = &rest[at + 1..];
        let name: String = rest.trim_start_matches('/').chars().take_while(|c| !c.is_whitespace() && !matches!(c, '/' | '>')).collect();
        if !rest.trim_start_matches('/').starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let closes = rest.starts_with('/');
        rest = &rest[usize::from(closes) + name.len()..];
        let mut tag = Tag { name: format!("{}{}", if closes { "/" } else { "" }, name.to_lowercase()), ..Tag::default() };
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            if rest.is_empty() || rest.starts_with('>') {
                break;
            }
            let name =
                &rest[..rest[1..].find(|c: char| c.is_whitespace() || matches!(c, '/' | '>' | '=')).map_or(rest.len(), |end| end + 1)];
            rest = rest[name.len()..].trim_start();
            let mut value = "";
            if let Some(after) = rest.strip_prefix('=') {
                rest = after.trim_start();
                let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
                let begun = &rest[usize::from(quote.is_some())..];
                let ends = |c: char| quote.map_or(c.is_whitespace() || c == '>', |quote| c == quote);
                value = &begun[..begun.find(ends).unwrap_or(begun.len())];
                rest = &begun[value.len()..];
                rest = quote.and_then(|quote| rest.strip_prefix(quote)).unwrap_or(rest);
            }
            if !tag.is(&name.to_lowercase()) {
                tag.attributes.push((name.to_lowercase(), plain(value)));
            }
        }
        rest = rest.strip_prefix('>').unwrap_or(rest);
        tags.push(tag);
    }
    tags
}

/// Text without the entities that we write.
fn plain(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

/// What in a page could run, or lead somebody elsewhere without their doing.
fn harm(html: &str, place: &str) -> Vec<String> {
    let is_ours = |to: &str| {
        (to.starts_with('/') && !to.starts_with("//") && !to.starts_with("/\\"))
            || to.starts_with(['#', '?'])
            || to.is_empty()
            || to.starts_with(place)
    };
    let mut harm = Vec::new();
    for tag in tags(html) {
        let strange = matches!(
            tag.name.as_str(),
            "iframe" | "object" | "embed" | "base" | "math" | "frame" | "template" | "applet" | "animate" | "x"
        ) || (tag.name == "script"
            && (!tag.get("src").is_some_and(|src| src.starts_with("/assets/")) || !tag.then.trim().is_empty()))
            || (tag.name == "style" && tag.then.contains("evil"))
            || (tag.name == "meta" && tag.is("http-equiv"));
        let bad = tag.attributes.iter().any(|(name, value)| {
            let leads = matches!(name.as_str(), "src" | "action" | "formaction" | "xlink:href" | "data" | "poster" | "srcdoc" | "ping")
                || name.starts_with("hx-get")
                || name.starts_with("hx-post");
            let links = name == "href";
            name.starts_with("on")
                || name.starts_with("hx-on")
                || (name == "style" && value.contains("evil"))
                || name.contains("evil")
                || (leads && !is_ours(value))
                || (links && tag.name != "a" && !is_ours(value))
                || (links && !is_ours(value) && !["https://", "http://", "mailto:"].iter().any(|scheme| value.starts_with(scheme)))
        });
        if strange || bad {
            harm.push(format!("{tag:?}"));
        }
    }
    if html.contains(&(7919 * 7907).to_string()) {
        harm.push("a template was worked out".into());
    }
    harm
}

/// A form as it stands on a page, with what a browser would send.
#[derive(Debug, Clone)]
pub(super) struct Form {
    pub(super) action: String,
    pub(super) fields: Vec<(String, String, Kind)>,
}

impl Form {
    fn has_words(&self) -> bool {
        self.fields.iter().any(|(_, _, kind)| *kind == Kind::Words)
    }
    pub(super) fn sent(&self, by: &Actor, with: impl Fn(usize, &(String, String, Kind)) -> String) -> Answer {
        let fields: Vec<(&str, String)> = self.fields.iter().enumerate().map(|(n, field)| (field.0.as_str(), with(n, field))).collect();
        by.posts(&self.action, &fields.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>())
    }
}

/// The forms of a page as a browser would send them, with something in every field that must not be empty.
pub(super) fn forms(html: &str, path: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let (mut open, mut select): (Option<Form>, Option<(String, bool, Option<String>)>) = (None, None);
    for tag in tags(html) {
        let (name, must) = (tag.get("name").unwrap_or_default().to_owned(), tag.is("required"));
        let value = tag.get("value").unwrap_or_default().to_owned();
        let or = |value: String, else_: &str| if value.is_empty() && must { else_.to_owned() } else { value };
        match (tag.name.as_str(), &mut open) {
            ("form", _) if tag.get("method") == Some("post") => {
                open = Some(Form { action: tag.get("action").unwrap_or(path).to_owned(), fields: Vec::new() });
            }
            ("/form", _) => forms.extend(open.take()),
            (_, None) => {}
            ("select", Some(_)) => select = Some((name, must, None)),
            ("option", Some(_)) => {
                if let Some((_, must, chosen)) = &mut select
                    && (tag.is("selected") || chosen.as_ref().is_none_or(|chosen| *must && chosen.is_empty()))
                {
                    *chosen = Some(value);
                }
            }
            ("/select", Some(form)) => {
                form.fields.extend(select.take().map(|(name, _, chosen)| (name, chosen.unwrap_or_default(), Kind::Chosen)));
            }
            // A line break right after the tag is not part of it.
            ("textarea", Some(form)) => {
                form.fields.push((name, or(tag.then.strip_prefix('\n').unwrap_or(&tag.then).into(), "Some words"), Kind::Words));
            }
            ("button", Some(form)) if !name.is_empty() && !form.fields.iter().any(|(n, ..)| *n == name) => {
                form.fields.push((name, value, Kind::Chosen));
            }
            ("input", Some(form)) if !name.is_empty() => match tag.get("type").unwrap_or("text") {
                "text" | "search" => form.fields.push((name, or(value, "Some words"), Kind::Words)),
                "radio" | "checkbox" => match form.fields.iter().position(|(n, ..)| *n == name) {
                    None => form.fields.push((name, value, Kind::Chosen)),
                    Some(at) if tag.is("checked") => form.fields[at].1 = value,
                    Some(_) => {}
                },
                "file" => {}
                "date" => form.fields.push((name, or(value, "2026-11-20"), Kind::Day)),
                "datetime-local" => form.fields.push((name, or(value, "2026-11-20T10:00"), Kind::Day)),
                "time" => form.fields.push((name, or(value, "10:00"), Kind::Day)),
                "number" | "range" => form.fields.push((name, or(value, tag.get("min").unwrap_or("1")), Kind::Number)),
                "email" => form.fields.push((name, or(value, "somebody@elsewhere.example"), Kind::Chosen)),
                _ => form.fields.push((name, value, Kind::Chosen)),
            },
            _ => {}
        }
    }
    forms
}

/// A path with a sign in the place of what differs from one thing to the next.
pub(super) fn shape(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let parts = path.split('/').map(|part| if part.len() >= 20 || part.chars().all(|c| c.is_ascii_digit()) { "*" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// Opens what is linked to, at most so many pages of each shape.
pub(super) fn walks(who: &Actor, of_each: usize, mut visit: impl FnMut(&str, &Answer)) {
    let (mut seen, mut shapes) = (BTreeSet::new(), BTreeMap::<String, usize>::new());
    let mut ahead: VecDeque<String> = ["/today".to_owned(), "/account".into()].into();
    while let Some(path) = ahead.pop_front() {
        let count = shapes.entry(shape(&path)).or_default();
        if *count >= of_each || path == "/live" || path.starts_with("/assets/") || path.starts_with("/dev/") || !seen.insert(path.clone()) {
            continue;
        }
        *count += 1;
        let answer = who.gets(&path);
        visit(&path, &answer);
        for tag in tags(&answer.html()) {
            let link =
                tag.get("href").filter(|link| link.starts_with('/')).map(|link| link.split('#').next().unwrap_or_default().to_owned());
            ahead.extend(link);
        }
    }
}

/// The village, with some of its people signed in: two learners, a mentor, and the two offices.
pub(super) fn village(s: &Story) -> Vec<Actor<'_>> {
    let people = s.waits(seed::write::village(s.app())).expect("the village");
    let of = |name: &str| people.iter().find(|(_, n)| n.starts_with(name)).expect("somebody of the village").0;
    let signed_in = |name: &str| {
        let mut who = s.holding(&s.signed_in(of(name)));
        who.name = name.into();
        who
    };
    ["Amina", "Priya", "Tomáš", "Rosa", "Henrik"].map(signed_in).into()
}

/// What would end all the others, or lock somebody out.
pub(super) fn ends(action: &str) -> bool {
    ["/close", "/sign-out", "/passkeys", "/password", "/address", "/clocks"].iter().any(|end| action.contains(end))
}

/// What ends things comes last, so that everything else was there to be typed into.
pub(super) fn comes_last(action: &str) -> bool {
    let last = action.rsplit('/').next().unwrap_or_default();
    [
        "end",
        "dissolve",
        "cancel",
        "withdraw",
        "decline",
        "drop",
        "leave",
        "set-aside",
        "not-now",
        "keep",
        "take-back",
        "outcome",
        "move",
        "finish",
        "close",
    ]
    .contains(&last)
}

#[test]
fn whatever_is_typed_into_any_form_is_words_to_whoever_reads_it() {
    story(|s| {
        let people = village(s);
        let place = s.app().config.url();
        let mut typed = 0;
        let mut worst = |most: usize| -> String {
            typed += 7;
            WORST.iter().cycle().skip(typed % WORST.len()).find(|one| one.chars().count() <= most).expect("a short one").to_string()
        };
        let mut fields: BTreeMap<(String, String), bool> = BTreeMap::new();
        for who in &people {
            let mut found: BTreeMap<(bool, String), Form> = BTreeMap::new();
            walks(who, 1, |path, answer| {
                for form in forms(&answer.html(), path).into_iter().filter(|form| form.has_words() && !ends(&form.action)) {
                    found.entry((comes_last(&form.action), form.action.clone())).or_insert(form);
                }
            });
            for form in found.values() {
                // All of it at once; and where that is refused, each field alone, the others with a few plain words.
                let all: Vec<usize> = (0..form.fields.len()).filter(|at| form.fields[*at].2 == Kind::Words).collect();
                for some in std::iter::once(all.clone()).chain(all.iter().map(|at| vec![*at])) {
                    let most = if some.len() == 1 { 40 } else { 200 };
                    let say = |(n, field): (usize, &(String, String, Kind))| if some.contains(&n) { worst(most) } else { field.1.clone() };
                    let words: Vec<String> = form.fields.iter().enumerate().map(say).collect();
                    let answer = form.sent(who, |n, _| words[n].clone());
                    assert!(answer.state < 500, "{} sent {words:?} to {}: {} {}", who.name, form.action, answer.state, answer.text());
                    assert_eq!(harm(&answer.html(), &place), Vec::<String>::new(), "{} sent {words:?} to {}", who.name, form.action);
                    let taken = matches!(answer.state, 200 | 303);
                    for at in &some {
                        let name = form.fields[*at].0.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
                        *fields.entry((shape(&form.action), name)).or_default() |= taken;
                    }
                    if taken {
                        break;
                    }
                }
            }
        }
        // What is left is no place for words, such as a formula, or was not open to anybody here that day.
        let taken = fields.values().filter(|taken| **taken).count();
        assert!(taken > 100, "{taken} of {}: {fields:#?}", fields.len());
        s.days_pass(2);
        for who in people.iter().chain([&s.visitor()]) {
            walks(who, 2, |path, answer| {
                assert!(answer.state < 500, "{path} answers {}: {}", answer.state, answer.text());
                let header = |name: &str| answer.headers.get(name).map_or("", |value| value.to_str().expect("a header"));
                if answer.body.is_empty() || header("content-type").starts_with("text/html") {
                    assert_eq!(harm(&answer.html(), &place), Vec::<String>::new(), "{} reads {path}", who.name);
                } else {
                    // Words go out as they are, to be saved and never shown by the browser as a page.
                    assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
                    let saved = header("content-disposition").starts_with("attachment");
                    assert!(
                        saved || ["image/", "application/", "text/plain"].iter().any(|kind| header("content-type").starts_with(kind)),
                        "{path}"
                    );
                }
            });
        }
        let letters = s.every_letter();
        assert!(!letters.is_empty());
        for Arrived { raw, html, text, .. } in &letters {
            let head = raw.split("\r\n\r\n").next().unwrap_or_default();
            let strange = head.lines().filter(|line| ["bcc:", "x-evil:"].iter().any(|name| line.to_lowercase().starts_with(name)));
            assert_eq!(strange.count(), 0, "{head}");
            assert_eq!(harm(html, &place), Vec::<String>::new(), "{head}");
            assert!(!text.contains(&(7919 * 7907).to_string()));
        }
    });
}

#[test]
fn no_number_day_or_choice_however_odd_breaks_a_form() {
    story(|s| {
        let people = village(s);
        let mut tried = 0;
        let mut broke = Vec::new();
        let mut seen = BTreeSet::new();
        for who in &people {
            let mut found: BTreeMap<String, Form> = BTreeMap::new();
            walks(who, 1, |path, answer| {
                for form in forms(&answer.html(), path).into_iter().filter(|form| !ends(&form.action)) {
                    found.entry(shape(&form.action)).or_insert(form);
                }
            });
            for (shape, form) in found {
                for (at, field) in form.fields.iter().enumerate() {
                    if !seen.insert((shape.clone(), field.0.clone())) {
                        continue;
                    }
                    for odd in field.2.odd() {
                        let answer = form.sent(who, |n, (_, value, _)| if n == at { (*odd).into() } else { value.clone() });
                        tried += 1;
                        if answer.state >= 500 {
                            broke.push(format!("{} {} {} = {odd:?}: {} {}", who.name, form.action, field.0, answer.state, answer.text()));
                        }
                    }
                }
            }
        }
        assert!(tried > 1_000, "{tried}");
        assert_eq!(broke, Vec::<String>::new());
        s.days_pass(2);
        for who in &people {
            walks(who, 1, |path, answer| assert!(answer.state < 500, "{path} answers {}: {}", answer.state, answer.text()));
        }
    });
}
