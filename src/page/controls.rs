//! What one presses: buttons, menus, dialogs, copying.

use maud::{Markup, Render, html};

use super::icons::Icon;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Primary,
    Secondary,
    Quiet,
    Danger,
}

/// A button says what happens: "Send the request", not "Submit".
///
/// It submits the form around it; with `href` it is a link that looks the same.
#[derive(Debug, Clone)]
pub struct Button<'a> {
    label: &'a str,
    look: Look,
    icon: Option<Icon>,
    icon_only: bool,
    small: bool,
    href: Option<&'a str>,
    opens: Option<&'a str>,
    sends: Option<(&'a str, &'a str)>,
    goes_to: Option<&'a str>,
    context: Option<&'a str>,
    unchecked: bool,
    closes: bool,
}

impl<'a> Button<'a> {
    fn new(label: &'a str, look: Look) -> Self {
        Self {
            label,
            look,
            icon: None,
            icon_only: false,
            small: false,
            href: None,
            opens: None,
            sends: None,
            goes_to: None,
            context: None,
            unchecked: false,
            closes: false,
        }
    }

    /// The one thing to do here. One on a page, or one on a card.
    pub fn primary(label: &'a str) -> Self {
        Self::new(label, Look::Primary)
    }

    /// Another thing one may do, with an outline.
    pub fn secondary(label: &'a str) -> Self {
        Self::new(label, Look::Secondary)
    }

    /// Looks like a link until one points at it.
    pub fn quiet(label: &'a str) -> Self {
        Self::new(label, Look::Quiet)
    }

    /// Does harm: removes, ends, forgets.
    pub fn danger(label: &'a str) -> Self {
        Self::new(label, Look::Danger)
    }

    /// An icon before the label.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Shows only the icon; the label becomes its accessible name and its tooltip.
    pub fn icon_only(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self.icon_only = true;
        self
    }

    pub fn small(mut self) -> Self {
        self.small = true;
        self
    }

    /// Goes there instead of submitting.
    pub fn href(mut self, href: &'a str) -> Self {
        self.href = Some(href);
        self
    }

    /// Opens the dialog of this id; without JavaScript, goes to `page`, which shows the same form.
    pub fn opens(mut self, dialog: &'a str, page: &'a str) -> Self {
        self.opens = Some(dialog);
        self.href = Some(page);
        self
    }

    /// Adds `name=value` to the form, to tell two buttons of one form apart.
    pub fn sends(mut self, name: &'a str, value: &'a str) -> Self {
        self.sends = Some((name, value));
        self
    }

    /// Sends the form around it elsewhere.
    pub fn goes_to(mut self, action: &'a str) -> Self {
        self.goes_to = Some(action);
        self
    }

    /// Words only a screen reader needs, when a page has this button several times: "Tomas".
    pub fn context(mut self, context: &'a str) -> Self {
        self.context = Some(context);
        self
    }

    /// Sends the form even when required fields are empty: "Save and come back later", "Back".
    pub fn unchecked(mut self) -> Self {
        self.unchecked = true;
        self
    }

    /// In a dialog, closes it; on the page that stands in for the dialog, goes to its `href`.
    pub fn closes(mut self) -> Self {
        self.closes = true;
        self
    }

    fn class(&self) -> &'static str {
        match (self.look, self.icon_only, self.small) {
            (_, true, _) => "button quiet icon-only",
            (Look::Primary, _, false) => "button primary",
            (Look::Primary, _, true) => "button primary small",
            (Look::Secondary, _, false) => "button",
            (Look::Secondary, _, true) => "button small",
            (Look::Quiet, _, false) => "button quiet",
            (Look::Quiet, _, true) => "button quiet small",
            (Look::Danger, _, false) => "button danger",
            (Look::Danger, _, true) => "button danger small",
        }
    }

    fn inside(&self) -> Markup {
        html! {
            @if let Some(icon) = self.icon { (icon) }
            span class=[self.icon_only.then_some("visually-hidden")] { (self.label) }
            @if let Some(context) = self.context { span.visually-hidden { " " (context) } }
        }
    }
}

impl Render for Button<'_> {
    fn render(&self) -> Markup {
        let tooltip = self.icon_only.then_some(self.label);
        html! {
            @if let Some(href) = self.href {
                a class=(self.class()) href=(href) data-opens=[self.opens] data-closes[self.closes] title=[tooltip] { (self.inside()) }
            } @else {
                button class=(self.class()) type="submit" name=[self.sends.map(|(name, _)| name)] value=[self.sends.map(|(_, value)| value)]
                    formaction=[self.goes_to] formnovalidate[self.unchecked] title=[tooltip] { (self.inside()) }
            }
        }
    }
}

/// A form that is only a button: one POST, with hidden values if it needs them.
pub fn post_button(action: &str, hidden: &[(&str, &str)], button: &Button) -> Markup {
    html! {
        form.only-button method="post" action=(action) {
            @for (name, value) in hidden { input type="hidden" name=(name) value=(value); }
            (button)
        }
    }
}

/// Buttons side by side, the primary first; on a phone one under the other.
pub fn actions(buttons: &Markup) -> Markup {
    html! { div.actions { (buttons) } }
}

/// A menu behind a button, made of `details`, so that it opens without JavaScript.
pub fn menu(label: &str, items: &[MenuItem]) -> Markup {
    html! {
        details.menu data-menu {
            summary.button.quiet.icon-only title=(label) { (Icon::More) span.visually-hidden { (label) } }
            div.menu-panel {
                @for item in items { (item) }
            }
        }
    }
}

/// A line of a menu: a link, or a POST.
#[derive(Debug, Clone)]
pub enum MenuItem<'a> {
    Link { label: &'a str, href: &'a str },
    Post { label: &'a str, action: &'a str, danger: bool },
}

impl Render for MenuItem<'_> {
    fn render(&self) -> Markup {
        html! {
            @match self {
                MenuItem::Link { label, href } => a.menu-item href=(href) { (label) },
                MenuItem::Post { label, action, danger } => form method="post" action=(action) {
                    button.menu-item.danger[*danger] type="submit" { (label) }
                },
            }
        }
    }
}

/// A native dialog, opened by `Button::opens(id, page)`. `page` shows `body` on a page of its own, for people without JavaScript.
pub fn dialog(id: &str, title: &str, body: &Markup) -> Markup {
    html! {
        dialog id=(id) aria-labelledby={ (id) "-title" } {
            div.dialog-top {
                h2 id={ (id) "-title" } { (title) }
                form method="dialog" { (Button::quiet("Close").icon_only(Icon::Cross)) }
            }
            (body)
        }
    }
}

/// The "are you sure" of what cannot be undone: what happens in words, then the button that does it.
pub fn confirmation(action: &str, what_happens: &str, button: &Button, back: &str) -> Markup {
    html! {
        form.stack method="post" action=(action) {
            p { (what_happens) }
            (actions(&html! { (button) (Button::quiet("Keep things as they are").href(back).closes()) }))
        }
    }
}

/// Prints the page, or keeps it as a PDF: the browser asks which. Shown where there is a script to press it.
pub fn print_button() -> Markup {
    html! { button.button type="button" data-prints hidden { "Print it, or save it as a PDF" } }
}

/// A link or a code that one wants to pass on, with a button that copies it.
pub fn copyable(label: &str, text: &str) -> Markup {
    let id = super::fields::id_of(label);
    html! {
        div.field {
            label for=(id) { (label) }
            div.copyable {
                input id=(id) type="text" readonly value=(text);
                button.button type="button" data-copies=(id) hidden { (Icon::Copy) span { "Copy" } }
            }
        }
    }
}
