//! What one fills in. Each field has a label, keeps what was typed, and says what is wrong next to where it is wrong.

use std::borrow::Cow;

use maud::{Markup, PreEscaped, Render, html};

use super::icons::Icon;

/// The id of a field's control, from its name.
pub(super) fn id_of(name: &str) -> String {
    let mut id = String::from("f-");
    id.extend(name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' }));
    id
}

#[derive(Debug, Clone)]
enum Kind<'a> {
    Input(&'static str),
    Textarea { rows: u32 },
    Select(Vec<(Cow<'a, str>, Cow<'a, str>)>),
    Checkbox,
    File { accept: &'a str, preview: Option<&'a str>, many: bool },
    Slider { from: i32, to: i32, ends: Option<(&'a str, &'a str)> },
}

/// A labelled control: `Field::text("headline", "In one line").value(&typed).hint("...").error(problem).max(120)`.
#[derive(Debug, Clone)]
pub struct Field<'a> {
    kind: Kind<'a>,
    name: Cow<'a, str>,
    label: Cow<'a, str>,
    id: Option<Cow<'a, str>>,
    value: Cow<'a, str>,
    hint: Option<Cow<'a, str>>,
    error: Option<Cow<'a, str>>,
    max: Option<usize>,
    autocomplete: Option<&'a str>,
    suggestions: Vec<Cow<'a, str>>,
    suggest_from: Option<&'a str>,
    between: (Option<&'a str>, Option<&'a str>),
    required: bool,
    optional: bool,
    checked: bool,
    focused: bool,
    label_hidden: bool,
    width: &'static str,
}

impl<'a> Field<'a> {
    fn new(kind: Kind<'a>, name: impl Into<Cow<'a, str>>, label: impl Into<Cow<'a, str>>) -> Self {
        Self {
            kind,
            name: name.into(),
            label: label.into(),
            id: None,
            value: Cow::Borrowed(""),
            hint: None,
            error: None,
            max: None,
            autocomplete: None,
            suggestions: Vec::new(),
            suggest_from: None,
            between: (None, None),
            required: false,
            optional: false,
            checked: false,
            focused: false,
            label_hidden: false,
            width: "",
        }
    }

    pub fn text(name: impl Into<Cow<'a, str>>, label: impl Into<Cow<'a, str>>) -> Self {
        Self::new(Kind::Input("text"), name, label)
    }

    pub fn email(name: impl Into<Cow<'a, str>>, label: impl Into<Cow<'a, str>>) -> Self {
        let mut field = Self::new(Kind::Input("email"), name, label);
        field.autocomplete = Some("email");
        field
    }

    /// Set `autocomplete` to `current-password` or `new-password`.
    pub fn password(name: impl Into<Cow<'a, str>>, label: impl Into<Cow<'a, str>>) -> Self {
        Self::new(Kind::Input("password"), name, label)
    }

    pub fn url(name: impl Into<Cow<'a, str>>, label: impl Into<Cow<'a, str>>) -> Self {
        Self::new(Kind::Input("url"), name, label)
    }

    pub fn number(name: impl Into<Cow<'a, str>>, label: impl Into<Cow<'a, str>>) -> Self {
        Self::new(Kind::Input("number"), name, label).narrow()
    }

    /// Value as `2026-11-22`.
    pub fn date(name: impl Into<Cow<'a, str>>, label: impl Into<Cow<'a, str>>) -> Self {
        Self::new(Kind::Input("date"), name, label).narrow()
    }

    /// Value as `14:30`.
    pub fn time(name: impl Into<Cow<'a, str>>, label: impl Into<Cow<'a, str>>) -> Self {
        Self::new(Kind::Input("time"), name, label).narrow()
    }

    /// Value as `2026-11-22T14:30`.
    pub fn date_time(name: impl Into<Cow<'a, str>>, label: impl Into<Cow<'a, str>>) -> Self {
        Self::new(Kind::Input("datetime-local"), name, label).narrow()
    }

    pub fn textarea(name: impl Into<Cow<'a, str>>, label: impl Into<Cow<'a, str>>) -> Self {
        Self::new(Kind::Textarea { rows: 4 }, name, label)
    }

    /// Options as (value, words).
    pub fn select<V: Into<Cow<'a, str>>, W: Into<Cow<'a, str>>>(
        name: impl Into<Cow<'a, str>>,
        label: impl Into<Cow<'a, str>>,
        options: impl IntoIterator<Item = (V, W)>,
    ) -> Self {
        let options = options.into_iter().map(|(value, words)| (value.into(), words.into())).collect();
        Self::new(Kind::Select(options), name, label)
    }

    /// One box to tick; sends `name=yes` (or the `value`).
    pub fn checkbox(name: impl Into<Cow<'a, str>>, label: impl Into<Cow<'a, str>>) -> Self {
        Self::new(Kind::Checkbox, name, label)
    }

    /// `accept` as in HTML: `image/jpeg,image/png,image/webp` or `.csv`.
    pub fn file(name: impl Into<Cow<'a, str>>, label: impl Into<Cow<'a, str>>, accept: &'a str) -> Self {
        Self::new(Kind::File { accept, preview: None, many: false }, name, label)
    }

    /// Any number of files.
    pub fn files(name: impl Into<Cow<'a, str>>, label: impl Into<Cow<'a, str>>, accept: &'a str) -> Self {
        Self::new(Kind::File { accept, preview: None, many: true }, name, label)
    }

    /// A choice of image that shows what was chosen; `now` is the address of the present one.
    pub fn photo(name: impl Into<Cow<'a, str>>, label: impl Into<Cow<'a, str>>, now: Option<&'a str>) -> Self {
        Self::new(
            Kind::File { accept: "image/jpeg,image/png,image/webp", preview: Some(now.unwrap_or_default()), many: false },
            name,
            label,
        )
    }

    /// For an amount that need not be exact. For answers with words use `Choices::scale`.
    pub fn slider(name: impl Into<Cow<'a, str>>, label: impl Into<Cow<'a, str>>, from: i32, to: i32) -> Self {
        Self::new(Kind::Slider { from, to, ends: None }, name, label)
    }

    /// What was typed, as it was typed.
    pub fn value(mut self, value: impl Into<Cow<'a, str>>) -> Self {
        self.value = value.into();
        self
    }

    /// Whether a checkbox is ticked.
    pub fn checked(mut self, checked: bool) -> Self {
        self.checked = checked;
        self
    }

    /// One sentence under the label: why we ask, or an example.
    pub fn hint(mut self, hint: impl Into<Cow<'a, str>>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What is wrong and what to do, or `None`.
    pub fn error(mut self, error: Option<&'a str>) -> Self {
        self.error = error.map(Cow::Borrowed);
        self
    }

    /// The most characters: said beforehand and counted while typing. Never cuts what is pasted; the server refuses in words.
    pub fn max(mut self, max: usize) -> Self {
        self.max = Some(max);
        self
    }

    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Says "optional" after the label.
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// As in HTML: `name`, `one-time-code`, `new-password`.
    pub fn autocomplete(mut self, autocomplete: &'a str) -> Self {
        self.autocomplete = Some(autocomplete);
        self
    }

    /// Lines of a textarea before it grows.
    pub fn rows(mut self, rows: u32) -> Self {
        self.kind = Kind::Textarea { rows };
        self
    }

    /// Words under the two ends of a slider.
    pub fn ends(mut self, low: &'a str, high: &'a str) -> Self {
        if let Kind::Slider { from, to, .. } = self.kind {
            self.kind = Kind::Slider { from, to, ends: Some((low, high)) };
        }
        self
    }

    /// Smallest and largest value of a number, date or time.
    pub fn between(mut self, least: impl Into<Option<&'a str>>, most: impl Into<Option<&'a str>>) -> Self {
        self.between = (least.into(), most.into());
        self
    }

    /// Offers these while typing; anything else may be typed too.
    pub fn suggest<S: Into<Cow<'a, str>>>(mut self, suggestions: impl IntoIterator<Item = S>) -> Self {
        self.suggestions = suggestions.into_iter().map(Into::into).collect();
        self
    }

    /// Asks this address for suggestions while typing (`?name=typed`); it answers with `suggestions(...)`.
    pub fn suggest_from(mut self, address: &'a str) -> Self {
        self.suggest_from = Some(address);
        self
    }

    /// Has the focus when the page opens. Only on a page that is nothing but its form.
    pub fn focused(mut self) -> Self {
        self.focused = true;
        self
    }

    /// Another id than the one made from the name: when a page has the name twice.
    pub fn id(mut self, id: impl Into<Cow<'a, str>>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Only screen readers read the label; for a search box, or a table that labels its columns.
    pub fn label_hidden(mut self) -> Self {
        self.label_hidden = true;
        self
    }

    /// As wide as a date.
    pub fn narrow(mut self) -> Self {
        self.width = " narrow";
        self
    }

    fn control_id(&self) -> String {
        self.id.as_ref().map_or_else(|| id_of(&self.name), |id| id.to_string())
    }

    fn described_by(&self, id: &str) -> Option<String> {
        let parts: Vec<String> = [
            self.hint.is_some().then(|| format!("{id}-hint")),
            self.error.is_some().then(|| format!("{id}-error")),
            self.max.is_some().then(|| format!("{id}-count")),
        ]
        .into_iter()
        .flatten()
        .collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    fn control(&self, id: &str) -> Markup {
        let described = self.described_by(id);
        let invalid = self.error.is_some().then_some("true");
        let list = (!self.suggestions.is_empty() || self.suggest_from.is_some()).then(|| format!("{id}-list"));
        let target = list.as_ref().map(|list| format!("#{list}"));
        html! {
            @match &self.kind {
                Kind::Input(kind) => {
                    input id=(id) type=(kind) name=(self.name) value=(self.value) required[self.required] autofocus[self.focused && self.error.is_none()]
                        autocomplete=[self.autocomplete.or(list.is_some().then_some("off"))] list=[list.as_deref()] min=[self.between.0] max=[self.between.1]
                        hx-get=[self.suggest_from] hx-trigger=[self.suggest_from.map(|_| "input changed delay:150ms")]
                        hx-target=[self.suggest_from.and(target.as_deref())] hx-sync=[self.suggest_from.map(|_| "this:replace")]
                        data-max=[self.max] aria-describedby=[described] aria-invalid=[invalid];
                    @if let Some(list) = &list {
                        datalist id=(list) { (suggestions(self.suggestions.iter().map(|one| one.as_ref()))) }
                    }
                },
                Kind::Textarea { rows } => {
                    // The line break before the text is eaten by the browser; without it, one that was typed first would be.
                    textarea id=(id) name=(self.name) rows=(rows) required[self.required] autofocus[self.focused && self.error.is_none()] autocomplete=[self.autocomplete]
                        data-max=[self.max] aria-describedby=[described] aria-invalid=[invalid] { "\n" (self.value) }
                },
                Kind::Select(options) => select id=(id) name=(self.name) required[self.required] autofocus[self.focused && self.error.is_none()]
                    autocomplete=[self.autocomplete] aria-describedby=[described] aria-invalid=[invalid] {
                    @for (value, words) in options {
                        option value=(value) selected[*value == self.value] { (words) }
                    }
                },
                Kind::Checkbox => input id=(id) type="checkbox" name=(self.name) value=(if self.value.is_empty() { "yes" } else { &self.value })
                    checked[self.checked] required[self.required] aria-describedby=[described] aria-invalid=[invalid];,
                Kind::File { accept, preview, many } => div.file {
                    @if let Some(now) = preview {
                        img.file-preview id={ (id) "-preview" } src=[(!now.is_empty()).then_some(now)] alt="" width="72" height="72" hidden[now.is_empty()];
                    }
                    input id=(id) type="file" name=(self.name) accept=(accept) multiple[*many] required[self.required]
                        data-preview=[preview.map(|_| format!("{id}-preview"))] aria-describedby=[described] aria-invalid=[invalid];
                },
                Kind::Slider { from, to, ends } => div.slider {
                    input id=(id) type="range" name=(self.name) min=(from) max=(to) step="1" value=(self.value)
                        aria-describedby=[described] aria-invalid=[invalid];
                    output for=(id) { (self.value) }
                    @if let Some((low, high)) = ends { div.slider-ends aria-hidden="true" { span { (low) } span { (high) } } }
                },
            }
        }
    }
}

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        let id = self.control_id();
        let label = html! {
            label class=[self.label_hidden.then_some("visually-hidden")] for=(id) {
                (self.label)
                @if self.optional { " " span.optional { "(optional)" } }
            }
        };
        let below = html! {
            @if let Some(hint) = &self.hint { p.hint id={ (id) "-hint" } { (hint) } }
            @if let Some(error) = &self.error { (error_line(&self.name, &self.label, &id, error)) }
        };
        let wrong = if self.error.is_some() { " is-wrong" } else { "" };
        html! {
            @if matches!(self.kind, Kind::Checkbox) {
                div class={ "field tick" (wrong) } { (self.control(&id)) div { (label) (below) } }
            } @else {
                div class={ "field" (self.width) (wrong) } {
                    (label)
                    (below)
                    (self.control(&id))
                    @if let Some(max) = self.max {
                        p.count id={ (id) "-count" } data-counts=(id) { "At most " (max) " characters." }
                    }
                }
            }
        }
    }
}

/// What is wrong with a field, where it is wrong. Whose line it is stands on it, for the list above the form, which leads
/// to the control of that id.
pub fn error_line(name: &str, label: &str, id: &str, error: &str) -> Markup {
    html! {
        p.error data-wrong=(name) data-label=(label) id={ (id) "-error" } {
            (Icon::Warning) span { span.visually-hidden { "Please look at this: " } (error) }
        }
    }
}

/// The answer to `Field::suggest_from`: what the list offers now.
pub fn suggestions<'a>(values: impl IntoIterator<Item = &'a str>) -> Markup {
    html! { @for value in values { option value=(value) {} } }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Radio,
    Checkboxes,
    Cards,
    Scale,
}

#[derive(Debug, Clone)]
struct Choice<'a> {
    value: Cow<'a, str>,
    label: Cow<'a, str>,
    description: Option<Cow<'a, str>>,
    icon: Option<Icon>,
    chosen: bool,
}

/// A question with a few answers, all in sight.
#[derive(Debug, Clone)]
pub struct Choices<'a> {
    shape: Shape,
    many: bool,
    name: Cow<'a, str>,
    id: Option<Cow<'a, str>>,
    legend: Cow<'a, str>,
    hint: Option<Cow<'a, str>>,
    error: Option<Cow<'a, str>>,
    choices: Vec<Choice<'a>>,
    required: bool,
    optional: bool,
}

impl<'a> Choices<'a> {
    fn new(shape: Shape, many: bool, name: impl Into<Cow<'a, str>>, legend: impl Into<Cow<'a, str>>) -> Self {
        Self {
            shape,
            many,
            name: name.into(),
            id: None,
            legend: legend.into(),
            hint: None,
            error: None,
            choices: Vec::new(),
            required: false,
            optional: false,
        }
    }

    /// One of a few.
    pub fn radio(name: impl Into<Cow<'a, str>>, legend: impl Into<Cow<'a, str>>) -> Self {
        Self::new(Shape::Radio, false, name, legend)
    }

    /// Any of a few; sends the name once for each.
    pub fn checkboxes(name: impl Into<Cow<'a, str>>, legend: impl Into<Cow<'a, str>>) -> Self {
        Self::new(Shape::Checkboxes, true, name, legend)
    }

    /// One of a few that need a sentence each.
    pub fn cards(name: impl Into<Cow<'a, str>>, legend: impl Into<Cow<'a, str>>) -> Self {
        Self::new(Shape::Cards, false, name, legend)
    }

    /// Any of a few that need a sentence each.
    pub fn many_cards(name: impl Into<Cow<'a, str>>, legend: impl Into<Cow<'a, str>>) -> Self {
        Self::new(Shape::Cards, true, name, legend)
    }

    /// Answers in order, from little to much, side by side.
    pub fn scale(name: impl Into<Cow<'a, str>>, legend: impl Into<Cow<'a, str>>) -> Self {
        Self::new(Shape::Scale, false, name, legend)
    }

    /// When two questions of a page send the same name.
    #[must_use]
    pub fn id(mut self, id: impl Into<Cow<'a, str>>) -> Self {
        self.id = Some(id.into());
        self
    }

    pub fn choice(mut self, value: impl Into<Cow<'a, str>>, label: impl Into<Cow<'a, str>>) -> Self {
        self.choices.push(Choice { value: value.into(), label: label.into(), description: None, icon: None, chosen: false });
        self
    }

    /// A choice with a sentence under it.
    pub fn described(
        mut self,
        value: impl Into<Cow<'a, str>>,
        label: impl Into<Cow<'a, str>>,
        description: impl Into<Cow<'a, str>>,
    ) -> Self {
        self.choices.push(Choice {
            value: value.into(),
            label: label.into(),
            description: Some(description.into()),
            icon: None,
            chosen: false,
        });
        self
    }

    /// Gives the last choice an icon.
    pub fn icon(mut self, icon: Icon) -> Self {
        if let Some(choice) = self.choices.last_mut() {
            choice.icon = Some(icon);
        }
        self
    }

    /// Marks the choice of this value as chosen; call it once for each when there may be many.
    pub fn chosen(mut self, value: &str) -> Self {
        for choice in &mut self.choices {
            choice.chosen |= choice.value == value;
        }
        self
    }

    pub fn hint(mut self, hint: impl Into<Cow<'a, str>>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub fn error(mut self, error: Option<&'a str>) -> Self {
        self.error = error.map(Cow::Borrowed);
        self
    }

    /// One must be chosen (only for one of a few: browsers cannot ask for "at least one of many").
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
}

impl Render for Choices<'_> {
    fn render(&self) -> Markup {
        let id = self.id.as_deref().map_or_else(|| id_of(&self.name), str::to_owned);
        let kind = if self.many { "checkbox" } else { "radio" };
        let shape = match self.shape {
            Shape::Radio | Shape::Checkboxes => "choices",
            Shape::Cards => "choices cards",
            Shape::Scale => "choices scale",
        };
        let described: Vec<String> =
            [self.hint.is_some().then(|| format!("{id}-hint")), self.error.is_some().then(|| format!("{id}-error"))]
                .into_iter()
                .flatten()
                .collect();
        let described = (!described.is_empty()).then(|| described.join(" "));
        html! {
            fieldset class={ "field" @if self.error.is_some() { " is-wrong" } } aria-describedby=[described] {
                legend { (self.legend) @if self.optional { " " span.optional { "(optional)" } } }
                @if let Some(hint) = &self.hint { p.hint id={ (id) "-hint" } { (hint) } }
                @if let Some(error) = &self.error { (error_line(&self.name, &self.legend, &id, error)) }
                div class=(shape) {
                    @for (index, choice) in self.choices.iter().enumerate() {
                        // The first has the field's own id, so that the list of errors leads to it.
                        @let choice_id = if index == 0 { id.clone() } else { format!("{id}-{index}") };
                        div.choice {
                            input id=(choice_id) type=(kind) name=(self.name) value=(choice.value) checked[choice.chosen] required[self.required && !self.many]
                                aria-describedby=[choice.description.as_ref().map(|_| format!("{choice_id}-more"))];
                            label for=(choice_id) {
                                @if let Some(icon) = choice.icon { (icon) }
                                span.choice-label { (choice.label) }
                                @if let Some(description) = &choice.description { span.choice-more id={ (choice_id) "-more" } { (description) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What is wrong with a form, at its top: (name of the field, sentence). Nothing when nothing is wrong. What the fields
/// are called and in which order they come is not known yet here; `summed_up` sees to it.
pub fn error_summary<'a>(errors: impl IntoIterator<Item = (&'a str, &'a str)>) -> Markup {
    let errors: Vec<_> = errors.into_iter().collect();
    html! {
        @if !errors.is_empty() {
            div.error-summary role="alert" tabindex="-1" data-focus autofocus {
                h2 { (Icon::Warning) span { (how_many(errors.len())) " to look at" } }
                p { "Nothing you wrote is lost." }
                (PreEscaped(LIST))
                    @for (name, sentence) in errors { li data-about=(name) { (sentence) } }
                (PreEscaped(END))
            }
        }
    }
}

const LIST: &str = "<ul data-errors>";
const END: &str = "</ul>";

/// A page whose list of errors follows the order of its fields, and where each line names its field and leads to it.
/// The list stands above what it is about, so this is done when the page is whole. What no field shows comes last.
pub(super) fn summed_up(page: &Markup) -> Cow<'_, str> {
    let Some((above, list, below)) = page.0.split_once(LIST).and_then(|(above, rest)| {
        let (list, below) = rest.split_once(END)?;
        Some((above, list, below))
    }) else {
        return Cow::Borrowed(&page.0);
    };
    let mut lines: Vec<_> =
        list.split("<li data-about=\"").skip(1).filter_map(|line| line.split_once("\">")).map(|line| leading(line, &page.0)).collect();
    lines.sort_by_key(|(place, _)| *place);
    let lines: String = lines.into_iter().map(|(_, line)| line).collect();
    Cow::Owned(format!("{above}{LIST}{lines}{END}{below}"))
}

/// A line of the list of errors, as (name, the rest of it), with where on the page its field is.
fn leading((name, line): (&str, &str), page: &str) -> (usize, String) {
    let line = line.trim_end_matches("</li>");
    let Some((at, label, id)) = field_of(name, page) else { return (usize::MAX, format!("<li>{line}</li>")) };
    let colon = if label.ends_with([':', '?', '!', '.', '…']) { "" } else { ":" };
    (at, format!("<li><a href=\"#{id}\"><span>{label}{colon} {line}</span></a></li>"))
}

/// Where on a page the field of this name is wrong, what it is called, and the id of its control.
fn field_of<'p>(name: &str, page: &'p str) -> Option<(usize, &'p str, &'p str)> {
    let at = page.find(&format!("data-wrong=\"{name}\"")).or_else(|| page.find(&format!("id=\"{}-error\"", id_of(name))))?;
    let tag = &page[page[..at].rfind('<')?..];
    let tag = tag.split_once('>')?.0;
    let said = |attribute: &str, end| Some(tag.split_once(attribute)?.1.split_once(end)?.0);
    Some((at, said("data-label=\"", "\"")?, said(" id=\"", "-error\"")?))
}

fn how_many(things: usize) -> String {
    const WORDS: [&str; 9] = [
        "One thing",
        "Two things",
        "Three things",
        "Four things",
        "Five things",
        "Six things",
        "Seven things",
        "Eight things",
        "Nine things",
    ];
    things.checked_sub(1).and_then(|index| WORDS.get(index)).map_or_else(|| format!("{things} things"), |words| (*words).to_owned())
}

/// Fields that belong together under one heading.
pub fn group(legend: &str, hint: Option<&str>, body: &Markup) -> Markup {
    html! {
        fieldset.group {
            legend { (legend) }
            @if let Some(hint) = hint { p.hint { (hint) } }
            div.stack { (body) }
        }
    }
}

/// Fields side by side where there is room.
pub fn side_by_side(body: &Markup) -> Markup {
    html! { div.side-by-side { (body) } }
}

/// A search box; `/` puts the cursor into it.
pub fn search_box(action: &str, name: &str, label: &str, value: &str) -> Markup {
    let id = id_of(name);
    html! {
        form.search-box role="search" method="get" action=(action) {
            label.visually-hidden for=(id) { (label) }
            (Icon::Find)
            input id=(id) type="search" name=(name) value=(value) placeholder=(label) autocomplete="off" data-find;
            button.button type="submit" { "Search" }
        }
    }
}

/// One answer in a filter, with how many it would leave.
#[derive(Debug, Clone)]
pub struct Facet<'a> {
    pub value: &'a str,
    pub label: &'a str,
    pub count: u64,
    pub chosen: bool,
}

/// One question of a filter.
pub fn facet(name: &str, legend: &str, facets: &[Facet]) -> Markup {
    html! {
        fieldset.facet {
            legend { (legend) }
            @for facet in facets {
                @let id = id_of(&format!("{name}-{}", facet.value));
                div.facet-line {
                    input id=(id) type="checkbox" name=(name) value=(facet.value) checked[facet.chosen];
                    label for=(id) { (facet.label) }
                    span.facet-count { (facet.count) span.visually-hidden { " people" } }
                }
            }
        }
    }
}

/// Filters that narrow at once: each change fetches `action` again and puts its answer into `target` (`#people`).
/// Without JavaScript a button sends them.
pub fn filters(action: &str, target: &str, body: &Markup) -> Markup {
    html! {
        form.filters method="get" action=(action) hx-get=(action) hx-trigger="change" hx-target=(target) hx-select=(target) hx-swap="outerMorph" hx-push-url="true" hx-sync="this:replace" {
            (body)
            noscript { button.button type="submit" { "Show these" } }
        }
    }
}
