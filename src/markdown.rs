//! What people write with a little markup, made into HTML that can do no harm.
//!
//! CommonMark without raw HTML and without images from elsewhere, which would tell a stranger who reads what. Links go
//! to web and mail addresses only and lend nobody our good name.

use crate::form::safe_link;
use comrak::nodes::NodeValue;
use comrak::{Arena, Options, create_formatter, parse_document};
use maud::{Markup, PreEscaped, html};
use std::fmt::Write;

create_formatter!(Safe, {
    NodeValue::Link(ref link) => |context, entering| {
        if let Some(url) = safe_link(&link.url) {
            if entering {
                context.write_str("<a rel=\"nofollow noopener\" href=\"")?;
                context.escape(&url)?;
                context.write_str("\">")?;
            } else {
                context.write_str("</a>")?;
            }
        }
    },
    // The words that stand for the picture are its children, and stay.
    NodeValue::Image(_) => |entering| { let _words_follow = entering; },
    NodeValue::HtmlBlock(_) => |entering| { let _dropped = entering; },
    NodeValue::HtmlInline(_) => |entering| { let _dropped = entering; },
    // A page has one first heading, and it is not in somebody's story.
    NodeValue::Heading(_) => |context, entering| {
        if entering {
            context.cr()?;
            context.write_str("<h3>")?;
        } else {
            context.write_str("</h3>\n")?;
        }
    },
});

/// Markdown as a block of prose. Cost is linear in the text; texts are short because every field has a limit.
pub fn prose(text: &str) -> Markup {
    let options = Options::default();
    let arena = Arena::new();
    let mut out = String::with_capacity(text.len() * 2);
    match Safe::format_document(parse_document(&arena, text, &options), &options, &mut out) {
        Ok(_) => html! { div.prose { (PreEscaped(out)) } },
        // Writing to a string does not fail; should it ever, the text is shown as it was typed.
        Err(_) => html! { div.prose { p { (text) } } },
    }
}
