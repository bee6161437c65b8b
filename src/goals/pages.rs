//! One question a page, then what it comes to.

use super::goal::{Advice, Answer, Brief, Goal, GoalId, GoalSkill, GoalState, Help, LONGEST_OUTCOME, LONGEST_WORDS, MOST_SKILLS, Step};
use super::verbs::{self, Listed};
use crate::app::App;
use crate::error::{Error, Result};
use crate::form::{Asked, Form};
use crate::page::{self, Button, Choices, Field, Icon, Markup, PageHeader, Row, Section, Tone, html};
use crate::skills::{self, Graph, Word};
use crate::slices::GOAL_PARTS;
use crate::viewer::Viewer;
use crate::web::{Go, Page, mend};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;
use jiff::civil::Date;

pub async fn list(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    let (goals, graph) = app.read(move |tx| Ok((verbs::own(tx, &viewer)?, skills::graph_here(tx)?))).await?;
    Ok(Page::new("Your goals", Section::Goals, list_view(&goals, &graph)))
}

/// Words that were typed where people are looked for come along.
pub async fn new(State(app): State<App>, _: Viewer, Asked(asked): Asked) -> Page {
    let goal = app.chance.id(app.now()).to_string();
    question_page(None, Step::Outcome, &Form::of([("goal", goal.as_str()), ("outcome", asked.value("outcome"))]), None)
}

pub async fn begin(State(app): State<App>, viewer: Viewer, mut form: Form) -> Result<Response> {
    let outcome = form.text("outcome", LONGEST_OUTCOME);
    let id = form.parsed("goal", "Please open the page again and send it from there.").unwrap_or_else(|| app.chance.id(app.now()).into());
    if !form.is_good() {
        return Ok(question_page(None, Step::Outcome, &form, None).to_mend().into_response());
    }
    let id = app.write(move |tx| verbs::begin(tx, &viewer, id, &outcome)).await?;
    Ok(Go::to(format!("/goals/{id}/{}", Step::Skills)).into_response())
}

pub async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<String>) -> Result<Page> {
    let id = id_of(&id)?;
    let today = app.now().in_zone(&viewer.zone).date();
    let ((goal, brief, earlier), graph, parts) = app
        .read(move |tx| {
            let seen = verbs::see(tx, &viewer, id)?;
            let parts = GOAL_PARTS.iter().map(|part| part(tx, &viewer, &seen.1)).collect::<Result<Vec<_>>>()?;
            Ok((seen, skills::graph_here(tx)?, parts))
        })
        .await?;
    Ok(Page::new(brief.outcome.clone(), Section::Goals, goal_view(&goal, &brief, &earlier, &graph, &parts, today)))
}

pub async fn step(State(app): State<App>, viewer: Viewer, Path((id, step)): Path<(String, String)>) -> Result<Page> {
    let (id, step) = (id_of(&id)?, step_of(&step)?);
    let ((goal, brief, _), graph) = app.read(move |tx| Ok((verbs::see(tx, &viewer, id)?, skills::graph_here(tx)?))).await?;
    let form = filled(step, &brief, &graph);
    Ok(question_page(Some(&goal), step, &form, Some(&brief)))
}

pub async fn answer(State(app): State<App>, viewer: Viewer, Path((id, step)): Path<(String, String)>, mut form: Form) -> Result<Response> {
    let (id, step) = (id_of(&id)?, step_of(&step)?);
    let today = app.now().in_zone(&viewer.zone).date();
    let typed = if form.ticked("skip") { None } else { Some(Typed::read(step, &mut form, today)) };
    let writer = viewer.clone();
    if !form.is_good() {
        let (goal, brief, _) = app.read(move |tx| verbs::see(tx, &viewer, id)).await?;
        return Ok(question_page(Some(&goal), step, &form, Some(&brief)).to_mend().into_response());
    }
    let later = form.ticked("later");
    if later && typed.as_ref().is_some_and(Typed::says_nothing) {
        return Ok(Go::to("/goals").saying("It is kept. Go on whenever you like.").into_response());
    }
    let (goal, changed) = app
        .write(move |tx| {
            let was = verbs::brief(tx, &writer, id)?.state;
            let answer = match &typed {
                Some(typed) => Some(typed.answer(tx)?),
                None => None,
            };
            let (goal, changed) = verbs::answer(tx, &writer, id, step, answer)?;
            // The first time through, the end of the questions is the summary, not a change.
            Ok((goal, changed && was == GoalState::Set))
        })
        .await?;
    let go = match (goal.state, step.next()) {
        (GoalState::Draft, _) if later => Go::to("/goals").saying("It is kept. Go on whenever you like."),
        (GoalState::Draft, Some(next)) => Go::to(format!("/goals/{id}/{next}")),
        _ if changed => Go::to(format!("/find?goal={id}&version={}&changed={step}", goal.version))
            .saying(format!("You changed {}. Here is who fits now.", step.words())),
        _ => Go::to(format!("/goals/{id}")),
    };
    Ok(go.into_response())
}

pub async fn end(State(app): State<App>, viewer: Viewer, Path(id): Path<String>, form: Form) -> Result<Go> {
    let id = id_of(&id)?;
    let how: GoalState = form.value("how").parse().map_err(|_| Error::NotFound)?;
    app.write(move |tx| verbs::end(tx, &viewer, id, how)).await?;
    Ok(Go::to("/goals").saying(match how {
        GoalState::Reached => "You did it.",
        _ => "Let go. That is a decision too.",
    }))
}

fn id_of(typed: &str) -> Result<GoalId> {
    typed.parse().map_err(|_| Error::NotFound)
}

fn step_of(typed: &str) -> Result<Step> {
    typed.parse().map_err(|_| Error::NotFound)
}

/// An answer as typed: skills are still words, which only the place's graph makes into ids.
#[derive(Clone)]
enum Typed {
    Ready(Answer),
    Skills(Vec<(Word, i64, i64)>),
}

impl Typed {
    fn read(step: Step, form: &mut Form, today: Date) -> Self {
        Self::Ready(match step {
            Step::Outcome => Answer::Outcome(form.text("outcome", LONGEST_OUTCOME)),
            Step::Why => Answer::Why(form.maybe_text("why", LONGEST_WORDS)),
            Step::Success => Answer::Success(form.maybe_text("success", LONGEST_WORDS)),
            Step::By => Answer::By(by_when(form, today)),
            Step::Help => Answer::Help(Help::ALL.iter().copied().filter(|help| form.values("help").contains(&help.as_str())).collect()),
            Step::Skills => return Self::Skills(skills_typed(form)),
        })
    }

    /// Whether nothing was answered yet: then it is the question to come back to.
    fn says_nothing(&self) -> bool {
        match self {
            Self::Skills(skills) => skills.is_empty(),
            Self::Ready(Answer::Outcome(words) | Answer::Why(words) | Answer::Success(words)) => words.is_empty(),
            Self::Ready(_) => false,
        }
    }

    fn answer(&self, tx: &mut crate::app::Tx) -> Result<Answer> {
        let typed = match self {
            Self::Ready(answer) => return Ok(answer.clone()),
            Self::Skills(typed) => typed,
        };
        let words: Vec<Word> = typed.iter().map(|(word, ..)| word.clone()).collect();
        let mut skills: Vec<GoalSkill> = Vec::new();
        for (skill, (_, present, target)) in skills::verbs::adopt(tx, &words)?.into_iter().zip(typed) {
            if !skills.iter().any(|known| known.skill == skill) {
                skills.push(GoalSkill { skill, present: *present, target: *target });
            }
        }
        Ok(Answer::Skills(skills))
    }
}

fn skills_typed(form: &mut Form) -> Vec<(Word, i64, i64)> {
    let mut typed = Vec::new();
    for at in 0..MOST_SKILLS {
        let name = format!("skill_{at}");
        let words = form.value(&name).trim().to_owned();
        if words.is_empty() {
            continue;
        }
        let Ok(word) = words.parse::<Word>() else {
            form.refuse(&name, format!("Please name the skill in a few words, at most {} characters.", Word::LONGEST));
            continue;
        };
        let present = form.number(&format!("present_{at}"), 1..=5).unwrap_or(1);
        let target = form.number(&format!("target_{at}"), 1..=5).unwrap_or(3);
        if target < present {
            form.refuse(&format!("target_{at}"), "This is less than where you are today. Is it the other way round?");
        }
        typed.push((word, present, target));
    }
    typed
}

const SOON: [(&str, &str, i32); 4] =
    [("2w", "In two weeks", 14), ("1m", "In a month", 30), ("3m", "In three months", 91), ("6m", "In half a year", 182)];

fn by_when(form: &mut Form, today: Date) -> Option<Date> {
    let chosen = form.value("by").to_owned();
    if let Some((.., days)) = SOON.iter().find(|(value, ..)| *value == chosen) {
        return today.checked_add((*days).days()).ok();
    }
    if chosen != "day" {
        return None;
    }
    let day = form.chosen::<Date>("by_on", "Which day? Please choose one.")?;
    let years = day.year() - today.year();
    if day < today || years > 10 {
        form.refuse("by_on", "Please choose a day between today and ten years from now.");
    }
    Some(day)
}

fn filled(step: Step, brief: &Brief, graph: &Graph) -> Form {
    let mut form = Form::default();
    match step {
        Step::Outcome => form.set("outcome", &brief.outcome),
        Step::Why => form.set("why", &brief.why_now),
        Step::Success => form.set("success", &brief.success),
        Step::Help => brief.help.iter().for_each(|help| form.push("help", help.as_str())),
        Step::By => {
            if let Some(day) = brief.by_on {
                form.set("by", "day");
                form.set("by_on", day.to_string());
            } else {
                form.set("by", if brief.state == GoalState::Draft { "3m" } else { "none" });
            }
        }
        Step::Skills => {
            for (at, skill) in brief.skills.iter().enumerate() {
                form.set(&format!("skill_{at}"), graph.by_id(&skill.skill).map_or(skill.skill.as_str(), |known| &known.name));
                form.set(&format!("present_{at}"), skill.present.to_string());
                form.set(&format!("target_{at}"), skill.target.to_string());
            }
            // What the first answer names is offered, so that most people only choose how far.
            if brief.skills.is_empty() {
                for (at, found) in graph.recognise(&brief.outcome).into_iter().take(MOST_SKILLS).enumerate() {
                    if let Some(skill) = graph.skill(found.skill) {
                        form.set(&format!("skill_{at}"), &*skill.name);
                    }
                }
            }
        }
    }
    form
}

fn question_page(goal: Option<&Goal>, step: Step, form: &Form, brief: Option<&Brief>) -> Page {
    let is_set = goal.is_some_and(|goal| goal.state != GoalState::Draft);
    let action = goal.map_or_else(|| "/goals".to_owned(), |goal| format!("/goals/{}/{step}", goal.id));
    let names: Vec<&str> = Step::ALL.iter().map(|step| step.title()).collect();
    let (title, lead) = question(step);
    let back = match (goal, step.before()) {
        (Some(goal), _) if is_set => Some(format!("/goals/{}", goal.id)),
        (Some(goal), Some(before)) => Some(format!("/goals/{}/{before}", goal.id)),
        _ => None,
    };
    let next = match (is_set, step.next()) {
        (true, _) => "Change it and see who fits",
        (false, Some(_)) => "Go on",
        (false, None) => "See what it comes to",
    };
    let body = html! {
        @if !is_set { (page::steps(&names, step.place())) }
        div.question {
            (PageHeader::new(title).lead(lead))
            (mend(form))
            form.stack method="post" action=(action) {
                @if goal.is_none() { input type="hidden" name="goal" value=(form.value("goal")); }
                @match step {
                    Step::Outcome => (Field::textarea("outcome", "In your words").rows(3).value(form.value("outcome")).error(form.error("outcome")).max(LONGEST_OUTCOME).required().focused()
                        .hint("“Get a first job as an analyst”, “stop losing sleep before talks”.")),
                    Step::Why => (Field::textarea("why", "Why now").label_hidden().rows(3).value(form.value("why")).error(form.error("why")).max(LONGEST_WORDS).focused()),
                    Step::Success => (Field::textarea("success", "What success looks like").label_hidden().rows(3).value(form.value("success")).error(form.error("success")).max(LONGEST_WORDS).focused()),
                    Step::Skills => {
                        @if brief.is_some_and(|brief| brief.skills.is_empty()) && !form.value("skill_0").is_empty() && form.is_good() {
                            p.muted { "We read this in your sentence. Change or clear what does not fit." }
                        }
                        (skill_fields(form))
                    },
                    Step::By => (by_fields(form)),
                    Step::Help => (help_fields(form)),
                }
                (page::actions(&html! {
                    (Button::primary(next))
                    @if goal.is_some() && !is_set && step != Step::Outcome { (Button::quiet("Skip this").sends("skip", "yes").unchecked()) }
                    @if goal.is_some() && !is_set && step.next().is_some() { (Button::quiet("Finish later").sends("later", "yes")) }
                    @if let Some(back) = &back { (Button::quiet("Back").href(back)) }
                }))
            }
            @if let Some(goal) = goal.filter(|_| !is_set) { (let_go_of_draft(goal)) }
            p.question-privacy { (page::audience_me()) @if brief.is_none() { " " span.muted { "Six short questions, about five minutes. Each answer is kept as you go." } } }
        }
    };
    Page::new(title, Section::Goals, body)
}

fn let_go_of_draft(goal: &Goal) -> Markup {
    page::more(
        "I do not want this goal any more",
        &html! {
            p { "It is closed, and nobody asks you about it again. You can always begin another." }
            (page::post_button(&format!("/goals/{}/end", goal.id), &[("how", GoalState::LetGo.as_str())], &Button::secondary("Let it go")))
        },
    )
}

fn question(step: Step) -> (&'static str, &'static str) {
    match step {
        Step::Outcome => ("What would you like to be able to do?", "One sentence is plenty."),
        Step::Skills => ("Which skill is it about, and how far?", "Where you are today, and where you want to be. One is enough."),
        Step::Why => ("Why now?", "It helps others to understand what is at stake. Skip it if you would rather not say."),
        Step::Success => {
            ("How will you know that it worked?", "Something you could point at: a talk given, an offer, a quiet Sunday evening.")
        }
        Step::By => ("By when?", "A guess is fine. You can change it."),
        Step::Help => ("What kind of help do you wish for?", "Choose one or more. It decides whom we suggest."),
    }
}

fn skill_fields(form: &Form) -> Markup {
    fn levels<'f>() -> impl Iterator<Item = (String, &'f str)> {
        (1..=5_u8).map(|level| (level.to_string(), page::skill_words(level)))
    }
    fn value<'f>(form: &'f Form, name: &str, otherwise: &'f str) -> &'f str {
        Some(form.value(name)).filter(|typed| !typed.is_empty()).unwrap_or(otherwise)
    }
    html! {
        @for at in 0..MOST_SKILLS {
            @let [skill, present, target] = ["skill", "present", "target"].map(|name| format!("{name}_{at}"));
            div.goal-skill role="group" aria-label={ "Skill " (at + 1) } {
                (Field::text(skill.as_str(), if at == 0 { "Skill" } else { "Another skill" }).value(form.value(&skill)).error(form.error(&skill)).suggest_from("/skills/suggest"))
                (Field::select(present.as_str(), "Today I am", levels()).value(value(form, &present, "1")).error(form.error(&present)))
                (Field::select(target.as_str(), "I want to be", levels()).value(value(form, &target, "3")).error(form.error(&target)))
            }
        }
    }
}

fn by_fields(form: &Form) -> Markup {
    let choices = SOON.iter().fold(Choices::radio("by", "By when"), |choices, (value, words, _)| choices.choice(*value, *words));
    html! {
        (choices.choice("day", "On a day I know").choice("none", "There is no hurry").chosen(form.value("by")).error(form.error("by")))
        (Field::date("by_on", "If you know the day").value(form.value("by_on")).error(form.error("by_on")).optional())
    }
}

fn help_fields(form: &Form) -> Markup {
    let choices = Help::ALL.iter().fold(Choices::many_cards("help", "I want somebody to"), |choices, help| {
        choices.described(help.as_str(), help.words(), help.more())
    });
    html! { (form.values("help").iter().fold(choices, |choices, help| choices.chosen(help)).error(form.error("help"))) }
}

fn list_view(goals: &[Listed], graph: &Graph) -> Markup {
    let (open, closed): (Vec<_>, Vec<_>) = goals.iter().partition(|listed| matches!(listed.state, GoalState::Draft | GoalState::Set));
    html! {
        (PageHeader::new("Your goals").lead("What you want to learn comes first; who can help follows from it.")
            .actions(html! { @if !goals.is_empty() { (Button::quiet("Your plans").href("/plans").icon(Icon::Calendar)) (Button::quiet("What changed").href("/growth").icon(Icon::Leaf)) (Button::primary("Begin a goal").href("/goals/new").icon(Icon::Plus)) } }))
        @if goals.is_empty() {
            (page::empty(Icon::Goal, "What would you like to be able to do?", "Six short questions, about five minutes. Then we show you who can help, and why. Only you see what you write here.",
                &html! { (Button::primary("Begin a goal").href("/goals/new")) }))
        }
        @for (title, goals) in [("Open", open), ("Closed", closed)] {
            @if !goals.is_empty() { (page::section(title, &html! { @if title == "Open" { (page::audience_me()) } }, &page::rows(&html! { @for listed in goals { (goal_row(listed, graph)) } }))) }
        }
        p { a href="/reflections" { "Your reflections" } ": what you write for yourself on the way." }
        p { a href="/experiences" { "Try something for real" } ": a day beside somebody, a part of a project, offered by people here." }
        p { a href="/experiments" { "What you try" } ": think something, try it in small, and see." }
        p { a href="/worksheets" { "Your worksheets" } ": questions on a page, filled in once or again and again." }
    }
}

fn goal_row<'a>(listed: &'a Listed, graph: &Graph) -> Row<'a> {
    let Listed { id, state, step, outcome, skills } = listed;
    let names: Vec<&str> = skills.iter().map(|skill| graph.by_id(skill).map_or(skill.as_str(), |known| &known.name)).collect();
    let href = match state {
        GoalState::Draft => format!("/goals/{id}/{step}"),
        _ => format!("/goals/{id}"),
    };
    let row = Row::new(outcome.as_str()).href(href).icon(Icon::Goal).text(names.join(", "));
    match state {
        GoalState::Draft => row.beside(page::tag("go on", Tone::Amber)),
        GoalState::Set => row,
        GoalState::Reached => row.beside(page::tag("reached", Tone::Laurel)),
        GoalState::LetGo => row.beside(page::tag("let go", Tone::Plain)),
    }
}

fn goal_view(goal: &Goal, brief: &Brief, earlier: &[Brief], graph: &Graph, parts: &[Markup], today: Date) -> Markup {
    let find = format!("/find?goal={}", goal.id);
    html! {
        (PageHeader::new(brief.outcome.as_str()).back("Your goals", "/goals"))
        @match goal.state {
            GoalState::Draft => {
                (page::banner(Tone::Amber, "This goal is not said to its end yet.", Some(&Button::secondary("Go on").href(&format!("/goals/{}/{}", goal.id, goal.step)).small())))
            }
            GoalState::Set => (advice_card(brief, &find, graph, today)),
            GoalState::Reached => (page::banner(Tone::Laurel, "You reached this.", None)),
            GoalState::LetGo => (page::banner(Tone::Plain, "You let this go.", None)),
        }
        @for part in parts { (part) }
        (page::section("What you said", &page::audience_me(), &said(goal, brief, graph)))
        @if !earlier.is_empty() {
            (page::more("What you said before", &html! {
                @for before in earlier { (page::section(&format!("Version {}", before.version), &html! {}, &said_before(before, graph))) }
            }))
        }
        @if matches!(goal.state, GoalState::Set) {
            form.end-goal method="post" action={ "/goals/" (goal.id) "/end" } {
                (page::actions(&html! {
                    (Button::secondary("I reached it").sends("how", GoalState::Reached.as_str()).icon(Icon::Check))
                    (Button::quiet("Let it go").sends("how", GoalState::LetGo.as_str()))
                }))
            }
        }
    }
}

fn advice_card(brief: &Brief, find: &str, graph: &Graph, today: Date) -> Markup {
    let (advice, reason) = brief.advice(today);
    let skill = brief.skills.first().and_then(|wanted| graph.by_id(&wanted.skill)).map_or("", |skill| &*skill.name);
    let about: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("skill", skill).finish();
    page::card(&html! {
        div.advice {
            h2 { "This calls for " (advice.words()) }
            p { (reason) }
            (page::actions(&html! {
                (Button::primary("See who can help").href(find).icon(Icon::Find))
                @if advice == Advice::Question { (Button::secondary("Ask one question").href(&format!("/questions/new?{about}")).icon(Icon::Speech)) }
            }))
        }
    })
}

fn said(goal: &Goal, brief: &Brief, graph: &Graph) -> Markup {
    let may_change = matches!(goal.state, GoalState::Draft | GoalState::Set);
    html! {
        dl.brief {
            @for step in Step::ALL {
                div {
                    dt { (step.title()) }
                    dd { @if brief.answers(*step) { (answer_words(*step, brief, graph)) } @else { span.muted { "Not said" } } }
                    @if may_change {
                        dd.brief-change { (Button::quiet(if brief.answers(*step) { "Change" } else { "Say it" }).small().href(&format!("/goals/{}/{step}", goal.id)).context(step.title())) }
                    }
                }
            }
        }
    }
}

fn said_before(brief: &Brief, graph: &Graph) -> Markup {
    html! {
        dl.brief {
            @for step in Step::ALL.iter().filter(|step| brief.answers(**step)) {
                div { dt { (step.title()) } dd { (answer_words(*step, brief, graph)) } }
            }
        }
    }
}

fn answer_words(step: Step, brief: &Brief, graph: &Graph) -> Markup {
    match step {
        Step::Outcome => page::paragraphs(&brief.outcome),
        Step::Why => page::paragraphs(&brief.why_now),
        Step::Success => page::paragraphs(&brief.success),
        Step::By => html! { @if let Some(day) = brief.by_on { (day.strftime("%-d %B %Y")) } },
        Step::Help => html! { (brief.help.iter().map(|help| help.words()).collect::<Vec<_>>().join(", ")) },
        Step::Skills => html! {
            @for skill in &brief.skills {
                @let name = graph.by_id(&skill.skill).map_or(skill.skill.as_str(), |known| &known.name);
                p { strong { (name) } ": from “" (page::skill_words(skill.present.clamp(1, 5) as u8)) "” to “" (page::skill_words(skill.target.clamp(1, 5) as u8)) "”" }
            }
        },
    }
}
