//! The mail we send: plain, short, one button, and the same in text beside it.
//!
//! Mail readers know little of style sheets, so the styles stand inline, as constants; the
//! policy that forbids this on our pages does not reach into a mailbox. Colours work on a
//! dark ground too, for the readers that turn a mail dark by themselves.

use maud::{DOCTYPE, Markup, PreEscaped, html};

/// A mail, before it is drawn. All of it is plain text.
#[derive(Debug, Clone, Default)]
pub struct Letter {
    /// The name of the instance.
    pub place: String,
    pub subject: String,
    /// What a mailbox shows after the subject; not in the body.
    pub preview: String,
    /// "Hello Amina,"
    pub greeting: String,
    pub paragraphs: Vec<String>,
    /// Words of a person, shown as theirs: (what they wrote, who).
    pub quotation: Option<(String, String)>,
    /// (label, address): the one button.
    pub button: Option<(String, String)>,
    /// Quieter than the button, under it: (label, address).
    pub links: Vec<(String, String)>,
    /// After the button: what happens if one does nothing.
    pub after: Option<String>,
    /// "Because Tomas asked you", said at the foot.
    pub why: String,
    /// Where this kind of mail is switched off; `None` for mail that must come (a sign-in link).
    pub unsubscribe: Option<String>,
    pub language: String,
}

const BODY: &str = "margin:0;padding:24px 12px;background:#faf6ee;color:#25211b;font-family:Inter,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.6";
const SHEET: &str = "max-width:560px;margin:0 auto;padding:28px 28px 24px;background:#fffdf8;border:1px solid #e4dccc;border-radius:14px";
const PLACE: &str = "margin:0 0 20px;color:#1f5a3a;font-family:Newsreader,Georgia,serif;font-size:18px;font-weight:500";
const PARAGRAPH: &str = "margin:0 0 16px";
const QUOTATION: &str =
    "margin:0 0 20px;padding:0 0 0 16px;border-left:3px solid #b6cdb4;font-family:Newsreader,Georgia,serif;font-size:18px";
const BUTTON_ROW: &str = "margin:24px 0";
const BUTTON: &str =
    "display:inline-block;padding:12px 22px;background:#23613f;color:#fffdf8;border-radius:10px;font-weight:600;text-decoration:none";
const LINK: &str = "color:#1f5a3a";
const SMALL: &str = "margin:0 0 8px;color:#564f45;font-size:13px";
const FOOT: &str = "max-width:560px;margin:16px auto 0;padding:0 28px";
const HIDDEN: &str = "display:none;max-height:0;overflow:hidden";

/// For the readers that know media queries; the others keep the light sheet, which reads well on dark too.
const DARK: &str = "@media (prefers-color-scheme: dark){body{background:#191613!important;color:#efe8dc!important}.sheet{background:#221e1a!important;border-color:#38322b!important}.place,.link{color:#9bd3ae!important}.small{color:#c0b7a8!important}.button{background:#8cc9a1!important;color:#0e2016!important}.quotation{border-color:#3f5c4b!important}}";

/// The HTML part.
pub fn letter_html(letter: &Letter) -> Markup {
    let language = if letter.language.is_empty() { "en" } else { &letter.language };
    html! {
        (DOCTYPE)
        html lang=(language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="supported-color-schemes" content="light dark";
                title { (letter.subject) }
                style { (PreEscaped(DARK)) }
            }
            body style=(BODY) {
                @if !letter.preview.is_empty() { div style=(HIDDEN) { (letter.preview) } }
                div.sheet style=(SHEET) {
                    p.place style=(PLACE) { (letter.place) }
                    @if !letter.greeting.is_empty() { p style=(PARAGRAPH) { (letter.greeting) } }
                    @for paragraph in &letter.paragraphs { p style=(PARAGRAPH) { (with_breaks(paragraph)) } }
                    @if let Some((words, who)) = &letter.quotation {
                        div.quotation style=(QUOTATION) { (with_breaks(words)) @if !who.is_empty() { div.small style=(SMALL) { (who) } } }
                    }
                    @if let Some((label, address)) = &letter.button {
                        p style=(BUTTON_ROW) { a.button style=(BUTTON) href=(address) { (label) } }
                    }
                    @if !letter.links.is_empty() {
                        p style=(PARAGRAPH) {
                            @for (index, (label, address)) in letter.links.iter().enumerate() {
                                @if index > 0 { br; }
                                a.link style=(LINK) href=(address) { (label) }
                            }
                        }
                    }
                    @if let Some(after) = &letter.after { p style=(PARAGRAPH) { (after) } }
                    @if let Some((_, address)) = &letter.button {
                        p.small style=(SMALL) { "If the button does nothing, copy this address into your browser:" br; (address) }
                    }
                }
                div style=(FOOT) {
                    p.small style=(SMALL) { "You get this mail " (letter.why) "." }
                    @if let Some(address) = &letter.unsubscribe {
                        p.small style=(SMALL) { a.link href=(address) style=(LINK) { "Stop mail like this" } }
                    }
                }
            }
        }
    }
}

/// The text part: says the same.
pub fn letter_text(letter: &Letter) -> String {
    let mut parts: Vec<String> = Vec::new();
    if !letter.greeting.is_empty() {
        parts.push(letter.greeting.clone());
    }
    parts.extend(letter.paragraphs.iter().cloned());
    if let Some((words, who)) = &letter.quotation {
        let quoted: Vec<String> = words.lines().map(|line| format!("> {line}").trim_end().to_owned()).collect();
        parts.push(format!("{}\n{who}", quoted.join("\n")).trim_end().to_owned());
    }
    if let Some((label, address)) = &letter.button {
        parts.push(format!("{label}:\n{address}"));
    }
    parts.extend(letter.links.iter().map(|(label, address)| format!("{label}:\n{address}")));
    parts.extend(letter.after.clone());
    // "-- " with its space is how mail readers know where a signature begins.
    let mut foot = format!("-- \n{}\nYou get this mail {}.", letter.place, letter.why);
    if let Some(address) = &letter.unsubscribe {
        foot.push_str("\nStop mail like this: ");
        foot.push_str(address);
    }
    parts.push(foot);
    parts.join("\n\n") + "\n"
}

fn with_breaks(text: &str) -> Markup {
    html! { @for (index, line) in text.lines().enumerate() { @if index > 0 { br; } (line) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Letter {
        Letter {
            place: "Mentoring at Hafen".into(),
            subject: "Amina asks for your help".into(),
            greeting: "Hello Tomas,".into(),
            paragraphs: vec!["Amina would like your help with moving into data work.".into()],
            quotation: Some(("I teach maths.\n<b>Now what?</b>".into(), "Amina".into())),
            button: Some(("Read and answer".into(), "https://mentoring.example/asks/1?a=1&b=2".into())),
            why: "because Amina asked you".into(),
            unsubscribe: Some("https://mentoring.example/mail/stop/abc".into()),
            ..Letter::default()
        }
    }

    #[test]
    fn a_mail_says_the_same_in_html_and_in_text() {
        let letter = example();
        let (page, text) = (letter_html(&letter).into_string(), letter_text(&letter));
        for said in [
            "Hello Tomas,",
            "moving into data work",
            "Read and answer",
            "because Amina asked you",
            "https://mentoring.example/mail/stop/abc",
        ] {
            assert!(page.contains(said) && text.contains(said), "{said}");
        }
    }

    #[test]
    fn what_a_person_wrote_stays_text() {
        assert!(!letter_html(&example()).into_string().contains("<b>"));
    }

    #[test]
    fn a_mail_has_one_button() {
        assert_eq!(letter_html(&example()).into_string().matches("class=\"button\"").count(), 1);
    }
}
