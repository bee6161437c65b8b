//! What people write with a little markup, made into HTML that can do no harm.
//!
//! CommonMark without raw HTML and without images from elsewhere, which would tell a stranger who reads what. Links go
//! to web and mail addresses only and lend nobody our good name.

use crate::form::safe_link;
use maud::{Markup, PreEscaped, html};
use pulldown_cmark::{CowStr, Event, HeadingLevel, Parser, Tag, TagEnd};

/// Markdown as a block of prose. Cost is linear in the text; texts are short because every field has a limit.
pub fn prose(text: &str) -> Markup {
    // Whether each of the links around the words was let through.
    let mut links = Vec::new();
    let harmless = Parser::new(text).filter_map(|event| {
        Some(match event {
            Event::Start(Tag::Link { dest_url, .. }) => {
                let url = safe_link(&dest_url);
                links.push(url.is_some());
                let begun = html! { a rel="nofollow noopener" href=(url?) {} }.into_string();
                markup(begun.trim_end_matches("</a>").to_owned())
            }
            Event::End(TagEnd::Link) => links.pop().filter(|let_through| *let_through).map(|_| markup("</a>"))?,
            // The words that stand for the picture follow it, and stay.
            Event::Start(Tag::Image { .. } | Tag::HtmlBlock)
            | Event::End(TagEnd::Image | TagEnd::HtmlBlock)
            | Event::Html(_)
            | Event::InlineHtml(_) => return None,
            // A page has one first heading, and it is not in somebody's story.
            Event::Start(Tag::Heading { .. }) => {
                Event::Start(Tag::Heading { level: HeadingLevel::H3, id: None, classes: Vec::new(), attrs: Vec::new() })
            }
            Event::End(TagEnd::Heading(_)) => Event::End(TagEnd::Heading(HeadingLevel::H3)),
            harmless => harmless,
        })
    });
    let mut out = String::with_capacity(text.len() * 2);
    pulldown_cmark::html::push_html(&mut out, harmless);
    html! { div.prose { (PreEscaped(out)) } }
}

/// Of our own making, so it is written as it is.
fn markup(html: impl Into<CowStr<'static>>) -> Event<'static> {
    Event::InlineHtml(html.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        let html = prose(text).into_string();
        html.strip_prefix("<div class=\"prose\">").and_then(|rest| rest.strip_suffix("</div>")).expect("a block of prose").trim().to_owned()
    }

    #[test]
    fn markup_comes_through_and_harm_does_not() {
        assert_eq!(of("*calm* & **clear**"), "<p><em>calm</em> &amp; <strong>clear</strong></p>");
        assert_eq!(of("# Who I am"), "<h3>Who I am</h3>");
        assert_eq!(of("- one\n- two"), "<ul>\n<li>one</li>\n<li>two</li>\n</ul>");
        assert_eq!(of("before <script>alert(1)</script> after"), "<p>before alert(1) after</p>");
        assert_eq!(of("<div onclick=\"x()\">\n\nwords"), "<p>words</p>");
        assert_eq!(of("![my cat](https://elsewhere.example/cat.png)"), "<p>my cat</p>");
        assert_eq!(of("a < b \"quoted\" `<b>`"), "<p>a &lt; b \"quoted\" <code>&lt;b&gt;</code></p>");
    }

    #[test]
    fn a_link_leads_to_the_web_or_to_mail_and_nowhere_else() {
        let link = of("[see *this*](https://example.org/?a=1&b=\"2\")");
        assert_eq!(link, "<p><a rel=\"nofollow noopener\" href=\"https://example.org/?a=1&amp;b=%222%22\">see <em>this</em></a></p>");
        assert!(of("<mailto:ada@example.org>").contains("href=\"mailto:ada@example.org\""));
        for harm in
            ["[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](data:text/html,hi)", "[x](vbscript:1)", "[x](\tjavascript:1)"]
        {
            let html = of(harm);
            assert!(!html.contains("<a") && !html.contains("href"), "{harm}: {html}");
        }
        assert_eq!(of("[bad](javascript:1) and [good](https://example.org)").matches("</a>").count(), 1);
    }
}
