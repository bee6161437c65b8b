//! Agreements on screen: writing alone, looking at the differences, signing, and everything that follows from it.

use super::agreement::{Agreement, AgreementState, Channel, Deed, Recording, ReportKind, ReportLine, ReportLineId, SponsorReport};
use super::elements::{self, Answer, Element, LONGEST};
use super::verbs::{self, Paper, Report, Step, Version};
use crate::app::{App, Tx};
use crate::error::{Error, Result, still_there};
use crate::form::{Asked, Form};
use crate::page::{self, Button, Choices, Field, Icon, PageHeader, Row, Section, Tone};
use crate::relationships::pages::{face, part_words};
use crate::relationships::{self, Company, Deed as Together, Relationship, RelationshipId, Role, verbs as partners};
use crate::slices::{Needs, Routes};
use crate::viewer::{Office, PersonId, Viewer};
use crate::web::{Go, Page, mend};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use std::collections::BTreeMap;

pub fn routes() -> Routes {
    Routes::new()
        .get("/relationships/{id}/agreement", Needs::Deed("agreement.see_sponsors_part"), show)
        .get("/relationships/{id}/agreement/write", Needs::Deed("agreement.draft"), write_page)
        .post("/relationships/{id}/agreement/write", Needs::Deed("agreement.draft"), write)
        .post("/relationships/{id}/agreement/settle", Needs::Deed("agreement.settle"), settle)
        .post("/relationships/{id}/agreement/agree", Needs::Deed("agreement.settle"), agree)
        .post("/relationships/{id}/agreement/put-up", Needs::Deed("agreement.settle"), put_up)
        .post("/relationships/{id}/agreement/reopen", Needs::Deed("agreement.settle"), reopen)
        .post("/relationships/{id}/agreement/sign", Needs::Deed("agreement.sign"), sign)
        .post("/relationships/{id}/agreement/change", Needs::Deed("agreement.settle"), amend)
        .post("/relationships/{id}/agreement/set-aside", Needs::Deed("agreement.withdraw"), withdraw)
        .post("/relationships/{id}/agreement/still-fits", Needs::Deed("agreement.settle"), still_fits)
        .post("/relationships/{id}/agreement/recording", Needs::Deed("agreement.agree_to_recording"), recording)
        .get("/relationships/{id}/agreement/print", Needs::Deed("agreement.see_sponsors_part"), print)
        .get("/relationships/{id}/agreement/sponsor", Needs::Deed("agreement.invite_sponsor"), sponsor_page)
        .post("/relationships/{id}/agreement/sponsor", Needs::Deed("agreement.invite_sponsor"), invite)
        .post("/relationships/{id}/agreement/sponsor/remove", Needs::Deed("agreement.sign"), remove_sponsor)
        .get("/relationships/{id}/report", Needs::Deed("agreement.see_report"), report)
        .post("/relationships/{id}/report", Needs::Deed("agreement.see_report"), add_line)
        .post("/relationships/{id}/report/{line}/approve", Needs::Deed("agreement.approve_report"), approve_line)
        .post("/relationships/{id}/report/{line}/leave-out", Needs::Deed("agreement.see_report"), leave_out_line)
        .get("/relationships/{id}/seen-by", Needs::Deed("relationship.see"), seen_by)
}

fn path(id: RelationshipId) -> String {
    format!("/relationships/{id}/agreement")
}
fn back(id: RelationshipId, sentence: &str) -> Response {
    Go::to(path(id)).saying(sentence).into_response()
}

/// What a step asks, as a need says it: the question, a line, and the button.
pub(super) fn step_words(step: Step, name: &str) -> (String, String, String) {
    let (title, line, button) = match step {
        Step::Write => {
            (format!("Say how you would like to work with {name}"), "You write alone first, about ten minutes".into(), "Write yours")
        }
        Step::Settle(n) => (
            format!("See where you and {name} differ"),
            if n == 1 { "One point waits for you".into() } else { format!("{n} points wait for you") },
            "Look at the differences",
        ),
        Step::PutUp => (format!("You and {name} agree on every point"), "It can be signed".into(), "Look at it"),
        Step::Sign => (format!("Your agreement with {name} is ready to sign"), "Read it once more in peace".into(), "Read and sign"),
        Step::Review => {
            (format!("Does your agreement with {name} still fit?"), "You wanted to look at it again about now.".into(), "Look at it")
        }
        Step::ApproveReport(n) => (
            format!("{name} has written for the sponsor"),
            if n == 1 { "One line waits for your approval.".into() } else { format!("{n} lines wait for your approval.") },
            "Read and approve",
        ),
    };
    (title, line, button.into())
}

/// What waits for the viewer, on the first page of the relationship.
pub(super) fn now(tx: &mut Tx, viewer: &Viewer, company: &Company) -> Result<Option<Markup>> {
    let Some((step, by)) = verbs::step(tx, viewer, &company.relationship)? else { return Ok(None) };
    let (title, line, button) = step_words(step, company.name(viewer));
    let due = by.map(|by| (format!("until {}", viewer.day(by)), by.jiff().to_string()));
    let clock = due.as_ref().map(|(due, due_at)| page::Clock { sentence: &line, due, due_at, tone: Tone::Amber });
    let sentence = html! { (title) @if clock.is_none() { br; span.muted { (line) } } };
    let target = if step == Step::Write { format!("{}/write", path(company.relationship.id)) } else { path(company.relationship.id) };
    Ok(Some(page::need(None, &sentence, clock.as_ref(), &html! { (Button::primary(&button).href(&target)) })))
}

// The page.

async fn show(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Page> {
    shown(app, viewer, id, Form::default()).await
}

async fn shown(app: App, viewer: Viewer, id: RelationshipId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let paper = app.read(move |tx| verbs::read(tx, &me, id)).await?;
    let body = html! { (mend(&form)) (body(&paper, &viewer, &form)) };
    let page = framed(&paper.company, &viewer, "Agreement", &body);
    Ok(page.answering(&form))
}

/// Under the tabs for those who work together; a page of its own for a sponsor, who has no other.
fn framed(company: &Company, viewer: &Viewer, name: &str, body: &Markup) -> Page {
    if company.relationship.allows(viewer, Together::See) {
        return relationships::tab(company, viewer, name, body);
    }
    let names: Vec<&str> = company.people.iter().map(|chip| chip.name.as_str()).collect();
    let title = format!("{} of {}", page::capital(company.relationship.kind.words()), names.join(" and "));
    let header = PageHeader::new(title.clone()).back("People", "/relationships").lead("You stand behind it as its sponsor.");
    Page::new(title, Section::Relationships, html! { (header) (body) })
}

fn sponsors(paper: &Paper, viewer: &Viewer) -> bool {
    !paper.clauses.allows(&paper.company.relationship, viewer, Deed::See)
}

/// Who sees what stands here: those who work together, and of the lines that concern a sponsor the sponsor too.
fn whole_audience(company: &Company, viewer: &Viewer) -> Markup {
    page::audience(&company.audience(viewer))
}

fn body(paper: &Paper, viewer: &Viewer, form: &Form) -> Markup {
    let r = &paper.company.relationship;
    let may = |deed| paper.clauses.allows(r, viewer, deed);
    let live = r.is_open_to(Together::TakePart);
    html! {
        @if let Some(open) = &paper.open { (open_version(paper, open, viewer, form)) }
        @if let Some(signed) = &paper.signed {
            @if signed.agreement.review_asked_at.is_some() && live && may(Deed::Settle) { (review(r.id)) }
            (signed_version(paper, signed, viewer))
        } @else if paper.open.is_none() {
            @if may(Deed::Draft) && live { (invitation(paper, viewer)) }
            @else if sponsors(paper, viewer) { (page::empty(Icon::Pencil, "Nothing to read yet", "When they have written down how they work together, the lines that concern you stand here for you to read and sign.", &html! {})) }
            @else { (page::empty(Icon::Pencil, "No agreement was written", "You worked by what is usual.", &html! {})) }
        }
        @if sponsors(paper, viewer) { (sponsors_end(paper, viewer)) }
        @else {
            (what_acts(paper, viewer, live))
            (sponsor_part(paper, live))
            @if paper.versions.len() > 1 { (history(paper, viewer)) }
        }
    }
}

fn invitation(paper: &Paper, viewer: &Viewer) -> Markup {
    let (r, name) = (&paper.company.relationship, paper.company.name(viewer));
    page::section(
        "Write down how you work together",
        &html! {},
        &html! {
            p { "Each of you writes alone first, so that nobody follows the other out of politeness. Then you look at the differences side by side, settle them one by one, and sign. About ten minutes each." }
            p { "Until you have signed, what is usual holds: " (usual_words(paper)) "." }
            (page::actions(&html! { (Button::primary("Write yours").href(&format!("{}/write", path(r.id)))) }))
            p.muted { (name) " sees what you wrote only after writing too." }
        },
    )
}

fn usual_words(paper: &Paper) -> String {
    let c = &paper.clauses;
    let reply =
        c.reply_hours.map_or_else(|| "answers when there is time".to_owned(), |h| format!("answers within {} days", (h / 24).max(1)));
    format!("a session about every {}, {reply}, no recording, no report to anybody", relationships::weeks(c.cadence_days))
}

fn review(id: RelationshipId) -> Markup {
    page::section(
        "Does it still fit?",
        &html! {},
        &html! {
            p { "You wanted to look at this again about now. Read it below with what you know today." }
            form.actions method="post" action={ (path(id)) "/still-fits" } {
                (Button::primary("It still fits"))
                (Button::secondary("Change something").goes_to(&format!("{}/change", path(id))))
            }
        },
    )
}

// What is being written.

fn open_version(paper: &Paper, open: &Version, viewer: &Viewer, form: &Form) -> Markup {
    let (r, name) = (&paper.company.relationship, paper.company.name(viewer));
    let id = r.id;
    let party = !sponsors(paper, viewer);
    let steps = ["Each writes alone", "You settle the differences", "Everybody signs"];
    let at = match open.agreement.state {
        AgreementState::Drafting => 0,
        AgreementState::Settling => 1,
        _ => 2,
    };
    html! {
        @if paper.signed.is_some() && party { p.muted { "A new version is being written. Until everybody has signed it, what is signed below holds." } }
        @if party { (page::steps(&steps, at)) }
        @match open.agreement.state {
            AgreementState::Drafting => @if open.sheet.drafts.contains_key(&viewer.person) {
                (page::section("Your part is written", &page::audience_me(), &html! {
                    p { "As soon as " (name) " has written too, you both see where you differ." @if let Some(by) = open.agreement.due_at { " We remind " (name) " on " (viewer.day(by)) "." } }
                    (page::actions(&html! { (Button::secondary("Change yours").href(&format!("{}/write", path(id)))) }))
                }))
            } @else {
                (page::section("It is your turn", &html! {}, &html! {
                    p { (name) " has written how they would like to work with you. Write yours before you see theirs." }
                    (page::actions(&html! { (Button::primary("Write yours").href(&format!("{}/write", path(id)))) }))
                }))
            },
            AgreementState::Settling => (settling(paper, open, viewer, form)),
            _ => (signing(paper, open, viewer)),
        }
        @if party { (page::post_button(&format!("{}/set-aside", path(id)), &[], &Button::quiet("Set this version aside"))) }
    }
}

fn settling(paper: &Paper, open: &Version, viewer: &Viewer, form: &Form) -> Markup {
    let r = &paper.company.relationship;
    let (settled, differ): (Vec<&Element>, Vec<&Element>) =
        elements::of(r.kind).iter().copied().partition(|element| open.sheet.is_settled(r, element.code));
    let waiting = open.sheet.waits_for(r, viewer).len();
    let all = settled.len() + differ.len();
    let changed =
        elements::of(r.kind).iter().any(|element| paper.signed.as_ref().is_none_or(|signed| signed.words(element) != open.words(element)));
    let put_up = if changed { Button::primary("Put it up for signing") } else { Button::secondary("Put it up for signing") };
    let agreed = html! { @for element in &settled { (agreed_point(r, open, element, form)) } };
    html! {
        p.lead { "You agree on " strong { (settled.len()) " of " (all) } "."
            @if differ.is_empty() {} @else if waiting == 0 { " The rest waits for " (paper.company.name(viewer)) "." } }
        @if differ.is_empty() {
            form method="post" action={ (path(r.id)) "/put-up" } { (page::actions(&html! { (put_up) })) }
            p.muted {
                @if changed { "Change a point first if you like; then the other agrees with it again." }
                @else { "Its words are those that you have signed. Put a point in other words below; then the other agrees with it again." }
            }
        }
        @if waiting > 1 && open.sheet.is_worded(r) {
            p { "Every point has a wording already. If it is right for you as it stands, you can agree with all of it at once." }
            (page::actions(&page::post_button(&format!("{}/agree", path(r.id)), &[], &Button::secondary("Agree with all of it"))))
        }
        @for element in &differ { (difference(paper, open, element, viewer, form)) }
        @if !changed { (page::section("What you agree on", &html! {}, &agreed)) }
        @else if !settled.is_empty() { (page::more(&format!("What you agree on ({})", settled.len()), &agreed)) }
    }
}

fn shown_words(element: &Element, words: &str) -> Markup {
    html! { @if element.is_words() { (page::paragraphs(words)) } @else { p { (element.said(words)) } } }
}

/// One point on which they differ: both wordings side by side, then what one can do.
fn difference(paper: &Paper, open: &Version, element: &Element, viewer: &Viewer, form: &Form) -> Markup {
    let (company, r) = (&paper.company, &paper.company.relationship);
    let point = open.sheet.points.get(element.code);
    let sends = |words: &str, button: Button<'_>| {
        page::post_button(&format!("{}/settle", path(r.id)), &[("element", element.code), (element.code, words)], &button)
    };
    let wordings: Vec<(PersonId, &str)> =
        open.sheet.drafts.iter().filter_map(|(person, draft)| Some((*person, draft.get(element.code)?.as_str()))).collect();
    html! {
        section.card.difference id={ "point-" (element.code) } {
            h3 { (element.title) }
            p.muted { (element.asks) }
            @match point {
                Some(point) if point.agreed.contains(&viewer.person) => {
                    p { "You agree with this wording. It waits for " (company.name(viewer)) "." }
                    blockquote { (shown_words(element, &point.words)) }
                }
                Some(point) => {
                    p { (company.called(viewer, point.by)) " proposes:" }
                    blockquote { (shown_words(element, &point.words)) }
                    (sends(&point.words, Button::primary("Agree").context(element.title)))
                }
                None if wordings.is_empty() => {}
                None => div.wordings {
                    @for (person, words) in &wordings {
                        div.wording {
                            h4 { (company.called(viewer, *person)) }
                            (shown_words(element, words))
                            @if viewer.is(*person) { (sends(words, Button::secondary("Propose mine").context(element.title))) }
                            @else { (sends(words, Button::primary("Agree with this").context(element.title))) }
                        }
                    }
                },
            }
            @let mine = open.sheet.drafts.get(&viewer.person).and_then(|draft| draft.get(element.code)).map_or("", String::as_str);
            (reword(r, element, point.map_or(mine, |point| &point.words), form, point.is_none() && wordings.is_empty()))
        }
    }
}

/// `is_first`: nobody has said anything to it yet.
fn reword(r: &Relationship, element: &Element, now: &str, form: &Form, is_first: bool) -> Markup {
    let label = if is_first { "A wording" } else { "Another wording" };
    let is_wrong = form.error(element.code).is_some();
    let inside = html! {
        form.stack method="post" action={ (path(r.id)) "/settle" } {
            input type="hidden" name="element" value=(element.code);
            (answer_field(element, if is_wrong { form.value(element.code) } else { now }, form.error(element.code), label))
            (page::actions(&html! { (Button::secondary("Propose this").context(element.title)) }))
        }
    };
    html! { @if is_wrong || is_first { (inside) } @else { (page::more("Put it in other words", &inside)) } }
}

fn agreed_point(r: &Relationship, open: &Version, element: &Element, form: &Form) -> Markup {
    let words = open.words(element);
    html! { div.agreed-point id={ "point-" (element.code) } { h3 { (element.title) } (shown_words(element, words)) (reword(r, element, words, form, false)) } }
}

fn signing(paper: &Paper, open: &Version, viewer: &Viewer) -> Markup {
    let (company, r) = (&paper.company, &paper.company.relationship);
    let i_signed = open.signatures.iter().any(|(person, ..)| viewer.is(*person));
    html! {
        (page::section(if sponsors(paper, viewer) { "What you are asked to sign" } else { "Read it once more" }, &html! {}, &html! {
            (text(company, open, viewer))
            @if i_signed { p { (Icon::Check) " You have signed. " @if open.signatures.len() < r.parties.len() + usize::from(r.sponsor.is_some()) { "It holds once everybody has." } } }
            @else {
                form method="post" action={ (path(r.id)) "/sign" } {
                    input type="hidden" name="seen" value=(open.hash);
                    p.muted { "By signing you say: this is how we work together. Your signature is kept with the moment and a fingerprint of exactly this text." }
                    (page::actions(&html! { (Button::primary("Sign it").icon(Icon::Pencil)) }))
                }
            }
            @if !sponsors(paper, viewer) { (page::post_button(&format!("{}/reopen", path(r.id)), &[], &Button::quiet("Change a word after all"))) }
        }))
    }
}

/// The agreement as it reads, with its signatures.
fn text(company: &Company, version: &Version, viewer: &Viewer) -> Markup {
    let r = &company.relationship;
    // What is signed is between those who signed it, whoever has joined or left since.
    let parties: Vec<(PersonId, Role)> = match version.agreement.state {
        AgreementState::Signed | AgreementState::Superseded => {
            version.signatures.iter().map(|(person, role, _)| (*person, *role)).collect()
        }
        _ => super::agreement::signers(r).collect(),
    };
    html! {
        div.agreement-text {
            dl.facts { @for (person, role) in &parties { div { dt { (page::capital(part_words(*role))) } dd { (full_name(company, *person)) } } } }
            @for element in elements::every(r.kind) {
                @if let Some(point) = version.sheet.points.get(element.code) {
                    section { h3 { (element.title) } (shown_words(element, &point.words)) }
                }
            }
            @if !version.signatures.is_empty() {
                section.signatures {
                    h3 { "Signed" }
                    ul { @for (person, role, at) in &version.signatures { li { strong { (full_name(company, *person)) } ", " (part_words(*role)) ", " (viewer.when(*at)) } } }
                    p.muted { "Version " (version.agreement.version) ", fingerprint " code { (short(&version.hash)) }
                        @match version.is_intact { Some(true) => ". The text is the one that was signed.", Some(false) => strong { ". The text is not the one that was signed: please tell whoever runs this place." }, None => "." } }
                }
            }
        }
    }
}

fn full_name(company: &Company, person: PersonId) -> &str {
    company.people.iter().chain(&company.sponsor).find(|chip| chip.id == person).map_or("Someone who has left", |chip| &chip.name)
}

/// The beginning of a hash, in groups that can be read aloud.
fn short(hash: &str) -> String {
    let letters: Vec<char> = hash.chars().take(16).collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn signed_version(paper: &Paper, signed: &Version, viewer: &Viewer) -> Markup {
    let r = &paper.company.relationship;
    let since = signed.agreement.signed_at.map_or_else(String::new, |at| viewer.date(at));
    let beside = if sponsors(paper, viewer) {
        html! {}
    } else {
        whole_audience(&paper.company, viewer)
    };
    html! {
        (page::section(&format!("Signed on {since}"), &beside, &html! {
            (text(&paper.company, signed, viewer))
            (page::actions(&html! {
                (Button::secondary("A page to print").href(&format!("{}/print", path(r.id))))
            }))
            @if !sponsors(paper, viewer) && paper.open.is_none() && r.is_open_to(Together::TakePart) {
                (page::post_button(&format!("{}/change", path(r.id)), &[], &Button::quiet("Change something together")))
            }
        }))
    }
}

/// What the clauses do, so that nobody has to wonder.
fn what_acts(paper: &Paper, viewer: &Viewer, live: bool) -> Markup {
    let (c, r) = (&paper.clauses, &paper.company.relationship);
    let channels: Vec<&str> = c.channels.iter().map(|channel| channel_words(*channel)).collect();
    let everybody = r.people().all(|person| paper.recording.iter().any(|(who, _)| *who == person));
    let mine = paper.recording.iter().any(|(who, _)| viewer.is(*who));
    html! {
        (page::section("What we keep to for you", &html! {}, &html! {
            (page::facts(&[
                ("Sessions", html! { "About every " (relationships::weeks(c.cadence_days)) ", " (c.session_minutes) " minutes. We remind you when nothing is planned in that time." }),
                ("Answers", html! { @match c.reply_hours { Some(hours) => { "Within " (if hours <= 24 { "a day".to_owned() } else { format!("{} days", hours / 24) }) "." } None => "Whenever there is time." } }),
                ("Reach each other by", html! { (channels.join(", ")) }),
                ("Recording", html! {
                    @if c.recording == Recording::Never { "Not agreed: no session is recorded." }
                    @else if everybody { "Agreed by all of you, until one of you takes it back." }
                    @else { "Not agreed: it needs a yes from each of you." }
                }),
                ("What you write", html! {
                    @match (paper.retention, c.retention_days) {
                        (Some((_, Some(destroyed))), _) => { "Was destroyed on " (viewer.date(destroyed)) "." }
                        (Some((at, None)), _) => { "Is destroyed on " (viewer.date(at)) ", as you agreed." }
                        (None, Some(days)) => { "Is destroyed " (days) " days after the end. You are told two weeks before." }
                        (None, None) => "Stays readable to you, also after the end.",
                    }
                }),
            ]))
            @if c.recording == Recording::WithConsent && live {
                (page::post_button(&format!("{}/recording", path(r.id)), &[("agrees", if mine { "no" } else { "yes" })],
                    &Button::secondary(if mine { "Take back my yes to recording" } else { "Yes, sessions may be recorded" })))
            }
            @if c.signed_at.is_none() { p.muted { "This is usual for " (r.kind.words()) ", until you have signed something else." } }
        }))
    }
}

fn channel_words(channel: Channel) -> &'static str {
    match channel {
        Channel::Here => "messages here",
        Channel::Mail => "mail",
        Channel::Phone => "phone",
        Channel::Video => "video",
        Channel::InPerson => "in person",
        Channel::Chat => "a chat elsewhere",
    }
}

fn sponsor_part(paper: &Paper, live: bool) -> Markup {
    let r = &paper.company.relationship;
    html! {
        (page::section("Sponsor", &html! {}, &html! {
            @match &paper.company.sponsor {
                Some(sponsor) => {
                    (page::rows(&html! { (Row::new(sponsor.name.clone()).face(&face(sponsor)).href(format!("/people/{}", sponsor.id))
                        .text(if paper.clauses.sponsor_report == SponsorReport::Approved { "Reads the lines that the learner has approved." } else { "Reads no report." })) }))
                    (page::actions(&html! {
                        @if paper.clauses.sponsor_report == SponsorReport::Approved { (Button::secondary("The report").href(&format!("/relationships/{}/report", r.id))) }
                    }))
                    @if live { (page::post_button(&format!("{}/sponsor/remove", path(r.id)), &[], &Button::quiet("No sponsor any more"))) }
                }
                None => {
                    p.muted { "Somebody who pays for it or stands behind it can be part of the agreement. They sign the lines that concern them, and never see what you write to each other." }
                    @if live { (page::actions(&html! { (Button::quiet("Invite a sponsor").href(&format!("{}/sponsor", path(r.id)))) })) }
                }
            }
            p { a href={ "/relationships/" (r.id) "/seen-by" } { "See what others see of this" } }
        }))
    }
}

fn sponsors_end(paper: &Paper, viewer: &Viewer) -> Markup {
    let r = &paper.company.relationship;
    html! {
        (page::section("What you see", &html! {}, &html! {
            p { "You see who works together, and the lines of their agreement that concern you. "
                @if paper.clauses.allows(r, viewer, Deed::SeeReport) { "You may read the report: only lines that the learner has approved." }
                @else { "They agreed on no report to a sponsor." }
                " You never see what they write to each other." }
            @if paper.clauses.allows(r, viewer, Deed::SeeReport) { (page::actions(&html! { (Button::secondary("Read the report").href(&format!("/relationships/{}/report", r.id))) })) }
            @if r.state.is_live() { (page::post_button(&format!("{}/sponsor/remove", path(r.id)), &[], &Button::quiet("I am no longer the sponsor"))) }
        }))
    }
}

fn history(paper: &Paper, viewer: &Viewer) -> Markup {
    let id = paper.company.relationship.id;
    let line = |agreement: &Agreement| {
        let when = agreement.signed_at.or(agreement.ended_at).unwrap_or(agreement.begun_at);
        let row = Row::new(format!("Version {}", agreement.version))
            .text(page::capital(agreement.state.words()))
            .meta(html! { (viewer.date(when)) });
        match agreement.state {
            AgreementState::Signed | AgreementState::Superseded => row.href(format!("{}/print?version={}", path(id), agreement.version)),
            _ => row,
        }
    };
    page::section("Versions", &html! {}, &page::rows(&html! { @for agreement in &paper.versions { (line(agreement)) } }))
}

// Writing alone.

async fn write_page(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Page> {
    writing(app, viewer, id, Form::default()).await
}

async fn writing(app: App, viewer: Viewer, id: RelationshipId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let paper = app
        .read(move |tx| {
            partners::open(tx, &me, id, Together::TakePart)?.must_offer(&me, Together::TakePart)?;
            verbs::read(tx, &me, id)
        })
        .await?;
    let (r, name) = (&paper.company.relationship, paper.company.name(&viewer));
    if let Some(open) = &paper.open
        && open.agreement.state != AgreementState::Drafting
    {
        return shown(app, viewer, id, form).await;
    }
    let mine = paper.open.as_ref().and_then(|open| open.sheet.drafts.get(&viewer.person));
    let value = |element: &Element| match (form.is_empty(), mine.and_then(|draft| draft.get(element.code))) {
        (false, _) => form.values(element.code).join(","),
        (true, Some(words)) => words.clone(),
        (true, None) => element.usual_in(r.kind),
    };
    let body = html! {
        (PageHeader::new("How would you like to work together?").back(&paper.company.title(&viewer), &path(id))
            .lead(format!("Write alone, as you would like it. {name} does the same, and neither of you sees the other’s before both are done. What usually stands there is filled in; change what you want otherwise.")))
        (mend(&form))
        form.stack.agreement-form method="post" action={ (path(id)) "/write" } {
            @for element in elements::of(r.kind) { (answer_field(element, &value(element), form.error(element.code), element.title)) }
            (page::audience_me())
            (page::actions(&html! { (Button::primary("This is how I would like it")) (Button::quiet("Not now").href(&path(id))) }))
        }
    };
    let page = Page::new(format!("How would you like to work with {name}?"), Section::Relationships, body);
    Ok(page.answering(&form))
}

fn answer_field(element: &Element, value: &str, error: Option<&str>, label: &str) -> Markup {
    match element.answer {
        Answer::Words => html! { (Field::textarea(element.code, label).hint(element.asks).value(value).error(error).max(LONGEST).rows(3)) },
        Answer::One(all) => {
            let choices = Choices::radio(element.code, label).hint(element.asks).error(error);
            html! { (all.iter().fold(choices, |choices, (value, words)| choices.choice(*value, *words)).chosen(value)) }
        }
        Answer::Some(all) => {
            let choices = Choices::checkboxes(element.code, label).hint(element.asks).error(error);
            let choices = all.iter().fold(choices, |choices, (value, words)| choices.choice(*value, *words));
            html! { (value.split(',').fold(choices, |choices, one| choices.chosen(one))) }
        }
    }
}

async fn write(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    let me = viewer.clone();
    let kind = app.read(move |tx| Ok(partners::open(tx, &me, id, Together::TakePart)?.kind)).await?;
    let mut draft = BTreeMap::new();
    for element in elements::of(kind) {
        match element.read(&form.values(element.code)) {
            Ok(words) => drop(draft.insert(element.code.to_owned(), words)),
            Err(why) => form.refuse(element.code, why),
        }
    }
    if !form.is_good() {
        return Ok(writing(app, viewer, id, form).await?.into_response());
    }
    let state = app.write(move |tx| verbs::save_draft(tx, &viewer, id, &draft)).await?;
    Ok(back(
        id,
        match state {
            AgreementState::Drafting => "Kept. The other writes theirs now.",
            AgreementState::Settling => "Kept. See where you differ.",
            _ => "You wrote exactly the same. It is ready to sign.",
        },
    ))
}

async fn settle(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    let me = viewer.clone();
    let kind = app.read(move |tx| Ok(partners::open(tx, &me, id, Together::TakePart)?.kind)).await?;
    let element = elements::find(kind, form.value("element")).ok_or(Error::NotFound)?;
    let words = match element.read(&form.values(element.code)) {
        Ok(words) => words,
        Err(why) => {
            form.refuse(element.code, why);
            return Ok(shown(app, viewer, id, form).await?.into_response());
        }
    };
    let state = app.write(move |tx| verbs::settle(tx, &viewer, id, element, &words)).await?;
    Ok(back(id, if state == AgreementState::Signing { "You agree on everything. It is ready to sign." } else { "Kept." }))
}

async fn agree(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Response> {
    let state = app.write(move |tx| verbs::agree_with_all(tx, &viewer, id)).await?;
    Ok(back(id, if state == AgreementState::Signing { "You agree on everything. It is ready to sign." } else { "Kept." }))
}

async fn put_up(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Response> {
    app.write(move |tx| verbs::propose_as_it_is(tx, &viewer, id)).await?;
    Ok(back(id, "It is ready to sign."))
}

async fn reopen(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Response> {
    app.write(move |tx| verbs::reopen(tx, &viewer, id)).await?;
    Ok(back(id, "Open again. Signatures are taken back until the words stand."))
}

async fn sign(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, form: Form) -> Result<Response> {
    let seen = form.value("seen").to_owned();
    let state = app.write(move |tx| verbs::sign(tx, &viewer, id, &seen)).await?;
    Ok(back(
        id,
        if state == AgreementState::Signed { "Signed by everybody. It holds from now on." } else { "Signed. It holds once everybody has." },
    ))
}

async fn amend(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Response> {
    app.write(move |tx| verbs::amend(tx, &viewer, id)).await?;
    Ok(back(id, "A new version begins with the same words. Put what should change in other words."))
}

async fn withdraw(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Response> {
    app.write(move |tx| verbs::withdraw(tx, &viewer, id)).await?;
    Ok(back(id, "Set aside. What is signed still holds."))
}

async fn still_fits(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Response> {
    app.write(move |tx| verbs::still_fits(tx, &viewer, id)).await?;
    Ok(back(id, "Good."))
}

async fn recording(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, form: Form) -> Result<Response> {
    let agrees = form.ticked("agrees");
    app.write(move |tx| verbs::agree_to_recording(tx, &viewer, id, agrees)).await?;
    Ok(back(id, if agrees { "Kept. It needs a yes from each of you." } else { "Taken back. Nothing is recorded any more." }))
}

/// On paper, or in a file that the browser makes of it.
async fn print(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, Asked(mut asked): Asked) -> Result<Page> {
    let (me, number) = (viewer.clone(), asked.number("version", 1..=1000));
    let (company, version) = app.read(move |tx| verbs::read_version(tx, &me, id, number)).await?;
    let names: Vec<&str> = company.people.iter().map(|chip| chip.name.as_str()).collect();
    let title = format!("Agreement on {}", company.relationship.kind.words());
    let body = html! {
        (PageHeader::new(title.clone()).back("Agreement", &path(id)).lead(format!("Between {}, at {}.", names.join(" and "), app.place().name)))
        (text(&company, &version, &viewer))
        @if version.agreement.state == AgreementState::Superseded { p { strong { "A newer version has replaced this one." } } }
        p.muted.fingerprint { "SHA-256 of the signed text: " code { (version.hash) } }
        (page::print_button())
    };
    Ok(Page::new(title, Section::Relationships, body))
}

// The sponsor.

async fn sponsor_page(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, Asked(asked): Asked) -> Result<Page> {
    choosing_sponsor(app, viewer, id, asked).await
}

async fn choosing_sponsor(app: App, viewer: Viewer, id: RelationshipId, mut form: Form) -> Result<Page> {
    let (me, typed) = (viewer.clone(), form.maybe_text("name", 80));
    let (company, found) = app
        .read(move |tx| {
            let company = partners::company(tx, &me, id, Together::TakePart)?;
            company.relationship.must_offer(&me, Together::TakePart)?;
            let found = if typed.is_empty() { Vec::new() } else { verbs::called_like(tx, &me, id, &typed)? };
            Ok((company, found))
        })
        .await?;
    let body = html! {
        (PageHeader::new("Invite a sponsor").back(&company.title(&viewer), &path(id))
            .lead("Somebody who pays for it or stands behind it. They sign the lines that concern them, and see a report only if you agree on one. They never see what you write to each other."))
        (mend(&form))
        (page::search_box(&format!("{}/sponsor", path(id)), "name", "Part of their name", form.value("name")))
        @if !form.value("name").is_empty() && found.is_empty() { p { "Nobody here is called that. They have to be a member of this place." } }
        @if !found.is_empty() {
            (page::rows(&html! { @for chip in &found {
                (Row::new(chip.name.clone()).face(&face(chip)).text(chip.headline.clone())
                    .beside(page::post_button(&format!("{}/sponsor", path(id)), &[("person", &chip.id.to_string())], &Button::secondary("Invite").context(&chip.name))))
            } }))
        }
        p.muted { (company.name(&viewer)) " is told, and it holds once all of you have signed." }
    };
    let page = Page::new("Invite a sponsor", Section::Relationships, body);
    Ok(page.answering(&form))
}

async fn invite(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    let Some(sponsor) = form.chosen::<PersonId>("person", "Please choose somebody.") else {
        return Ok(choosing_sponsor(app, viewer, id, form).await?.into_response());
    };
    let me = viewer.clone();
    let invited = app.write(move |tx| verbs::invite_sponsor(tx, &me, id, sponsor)).await;
    Ok(match form.beside("person", invited)? {
        Some(()) => back(id, "Invited. They are part of what you all sign."),
        None => choosing_sponsor(app, viewer, id, form).await?.into_response(),
    })
}

async fn remove_sponsor(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Response> {
    let me = viewer.clone();
    app.write(move |tx| verbs::remove_sponsor(tx, &me, id)).await?;
    let to = app.read(move |tx| still_there(partners::open(tx, &viewer, id, Together::See))).await?.is_some();
    Ok(if to {
        back(id, "There is no sponsor any more.")
    } else {
        Go::to("/relationships").saying("You are no longer its sponsor.").into_response()
    })
}

// The report.

async fn report(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>) -> Result<Page> {
    reported(app, viewer, id, Form::default()).await
}

async fn reported(app: App, viewer: Viewer, id: RelationshipId, form: Form) -> Result<Page> {
    let me = viewer.clone();
    let (report, goals) = app
        .read(move |tx| {
            let report = verbs::report(tx, &me, id)?;
            let approves = report.clauses.allows(&report.company.relationship, &me, Deed::ApproveReport);
            let goals = if approves { verbs::goals_to_report(tx, &me)? } else { Vec::new() };
            Ok((report, goals))
        })
        .await?;
    let body = report_body(&report, &goals, &viewer, &form);
    let page = framed(&report.company, &viewer, "Report", &html! { (mend(&form)) (body) });
    Ok(page.answering(&form))
}

fn report_body(report: &Report, goals: &[String], viewer: &Viewer, form: &Form) -> Markup {
    let (company, r, c) = (&report.company, &report.company.relationship, &report.clauses);
    let (writes, approves) = (c.allows(r, viewer, Deed::WriteReport), c.allows(r, viewer, Deed::ApproveReport));
    let agreed = c.sponsor_report == SponsorReport::Approved;
    let (approved, waiting): (Vec<&ReportLine>, Vec<&ReportLine>) = report.lines.iter().partition(|line| line.approved_at.is_some());
    html! {
        @if !agreed {
            (page::empty(Icon::Lock, "No report", "Your agreement says that there is no report to a sponsor, so nobody reads one.", &html! { (Button::secondary("The agreement").href(&path(r.id))) }))
        }
        @if agreed && !waiting.is_empty() {
            (page::section("Waits for approval", &whole_audience(company, viewer), &html! {
                @for line in &waiting { (report_line(r.id, line, company, viewer, approves)) }
            }))
        }
        @if agreed {
            (page::section(if r.sponsor == Some(viewer.person) { "What you read" } else { "What the sponsor reads" }, &page::audience(&everybody(company, viewer)), &html! {
                @if approved.is_empty() { p.muted { "Nothing yet." } }
                @for line in &approved { (report_line(r.id, line, company, viewer, approves)) }
            }))
        }
        @if agreed && (writes || approves) && r.is_open_to(Together::TakePart) {
            (page::section("Add to it", &html! {}, &html! {
                form.stack method="post" action={ "/relationships/" (r.id) "/report" } {
                    @if approves {
                        (Field::text("goal", "A goal of yours").value(form.value("goal")).error(form.error("goal")).max(200).suggest(goals.iter().map(String::as_str)).optional()
                            .hint("Only if you want the sponsor to know it."))
                    }
                    (Field::date("date", "A session took place on").value(form.value("date")).error(form.error("date")).optional())
                    (Field::textarea("line", "A line about how it goes").value(form.value("line")).error(form.error("line")).max(LONGEST).rows(3).optional())
                    p.muted { @if approves { "What you write yourself, the sponsor reads at once." } @else { (company.name(viewer)) " has to approve each line before the sponsor reads it." } }
                    (page::actions(&html! { (Button::primary("Add it")) }))
                }
            }))
        }
    }
}

fn everybody(company: &Company, viewer: &Viewer) -> String {
    match &company.sponsor {
        Some(sponsor) if viewer.is(sponsor.id) => {
            format!("You, {}", company.people.iter().map(|chip| chip.first_name()).collect::<Vec<_>>().join(" and "))
        }
        Some(sponsor) => {
            format!("{} and {}", company.audience(viewer).replacen("Only you", "You", 1).replace(" and ", ", "), sponsor.first_name())
        }
        None => company.audience(viewer),
    }
}

fn report_line(id: RelationshipId, line: &ReportLine, company: &Company, viewer: &Viewer, approves: bool) -> Markup {
    let kind = match line.kind {
        ReportKind::Date => "A session took place",
        ReportKind::Goal => "A goal",
        ReportKind::Line => "How it goes",
    };
    let words = match line.kind {
        ReportKind::Date => {
            line.words.parse::<jiff::civil::Date>().map_or_else(|_| line.words.clone(), |day| day.strftime("%-d %B %Y").to_string())
        }
        _ => line.words.clone(),
    };
    let base = format!("/relationships/{id}/report/{}", line.id);
    html! {
        div.card.report-line {
            p.muted { (kind) ", from " (company.called(viewer, line.by)) ", " (viewer.date(line.written_at)) }
            (page::paragraphs(&words))
            @if approves || viewer.is(line.by) {
                div.actions {
                    @if approves && line.approved_at.is_none() { (page::post_button(&format!("{base}/approve"), &[], &Button::primary("The sponsor may read this"))) }
                    (page::post_button(&format!("{base}/leave-out"), &[], &Button::quiet("Leave it out")))
                }
            }
        }
    }
}

async fn add_line(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, mut form: Form) -> Result<Response> {
    let (goal, line) = (form.maybe_text("goal", 200), form.maybe_text("line", LONGEST));
    let date = form.parsed::<jiff::civil::Date>("date", "Please choose a day.").map(|day| day.to_string()).unwrap_or_default();
    let all = [(ReportKind::Goal, goal), (ReportKind::Date, date), (ReportKind::Line, line)];
    if all.iter().all(|(_, words)| words.is_empty()) {
        form.refuse("line", "Please write a line, or choose a day.");
    }
    if !form.is_good() {
        return Ok(reported(app, viewer, id, form).await?.into_response());
    }
    let me = viewer.clone();
    let then = |()| Go::to(format!("/relationships/{id}/report")).saying("Added.");
    let act = move |tx: &mut crate::app::Tx| {
        all.iter().filter(|(_, words)| !words.is_empty()).try_for_each(|(kind, words)| verbs::add_line(tx, &me, id, *kind, words))
    };
    crate::web::does(&app.clone(), form, act, then, |form| reported(app, viewer, id, form)).await
}

async fn approve_line(State(app): State<App>, viewer: Viewer, Path((id, line)): Path<(RelationshipId, ReportLineId)>) -> Result<Go> {
    app.write(move |tx| verbs::approve_line(tx, &viewer, id, line)).await?;
    Ok(Go::to(format!("/relationships/{id}/report")).saying("The sponsor may read it."))
}

async fn leave_out_line(State(app): State<App>, viewer: Viewer, Path((id, line)): Path<(RelationshipId, ReportLineId)>) -> Result<Go> {
    app.write(move |tx| verbs::leave_out_line(tx, &viewer, id, line)).await?;
    Ok(Go::to(format!("/relationships/{id}/report")).saying("Left out."))
}

// What others see.

/// What there is to see in a relationship, and the deed that asks for it.
enum Thing {
    Relationship(Together),
    Agreement(Deed),
    Own,
}

const THINGS: &[(&str, Thing)] = &[
    ("That you work together, of which kind, and since when", Thing::Relationship(Together::KnowOf)),
    ("What you write to each other: messages, notes, sessions, your request, closing words", Thing::Relationship(Together::See)),
    ("The whole agreement, with everything you wrote on the way to it", Thing::Agreement(Deed::See)),
    ("The lines of the agreement that concern a sponsor", Thing::Agreement(Deed::SeeSponsorsPart)),
    ("The report, with the lines that the learner has approved", Thing::Agreement(Deed::SeeReport)),
    ("Lines of the report that wait for approval", Thing::Agreement(Deed::See)),
    ("What you take on so that others see it, and what you decide for all of you", Thing::Relationship(Together::See)),
    ("Goals you share with each other, with their levels, ratings and how sure you are", Thing::Relationship(Together::See)),
    ("What you take on quietly, what you decide for yourself alone, your own notes and your notebook", Thing::Own),
    ("Your private answers: whether it fits, why it ended, how a silence is for you", Thing::Own),
];

/// Somebody who might look.
struct Onlooker {
    /// In the address of the page.
    key: String,
    name: String,
    eyes: Viewer,
}

/// Everybody who might look: those in it, a sponsor, and those who run the place.
fn onlookers(company: &Company, viewer: &Viewer) -> Vec<Onlooker> {
    let as_if = |person: PersonId, office: Office| Viewer { person, office, ..viewer.clone() };
    let onlooker = |key: &str, name: String, eyes| Onlooker { key: key.to_owned(), name, eyes };
    let member = |chip: &crate::people::Chip| onlooker(&chip.id.to_string(), chip.first_name().to_owned(), as_if(chip.id, Office::Member));
    let sponsor = company.sponsor.as_ref().map_or("A sponsor, if you had one".to_owned(), |chip| format!("{}, sponsor", chip.first_name()));
    let mut all: Vec<Onlooker> = company.people.iter().filter(|chip| !viewer.is(chip.id)).map(member).collect();
    all.push(onlooker("sponsor", sponsor, as_if(company.relationship.sponsor.unwrap_or(NOBODY), Office::Member)));
    // An id that nobody has: they come with their office and nothing else.
    let nobody_else = uuid::Uuid::max().into();
    all.push(onlooker("coordinator", "A coordinator".into(), as_if(nobody_else, Office::Coordinator)));
    all.push(onlooker("administrator", "An administrator".into(), as_if(nobody_else, Office::Administrator)));
    all
}

const NOBODY: PersonId = PersonId(uuid::Uuid::nil());

async fn seen_by(State(app): State<App>, viewer: Viewer, Path(id): Path<RelationshipId>, Asked(asked): Asked) -> Result<Page> {
    let me = viewer.clone();
    let (company, clauses) = app
        .read(move |tx| {
            let company = partners::company(tx, &me, id, Together::See)?;
            let clauses = verbs::clauses(tx, &company.relationship)?;
            Ok((company, clauses))
        })
        .await?;
    let r = &company.relationship;
    // Somebody who is in it as a sponsor would be, where there is none.
    let with_sponsor = Relationship { sponsor: Some(r.sponsor.unwrap_or(NOBODY)), ..r.clone() };
    let sees = |eyes: &Viewer, thing: &Thing| match thing {
        Thing::Relationship(deed) => with_sponsor.allows(eyes, *deed),
        Thing::Agreement(deed) => clauses.allows(&with_sponsor, eyes, *deed),
        // Under keys of one's own, or shown to nobody by the rule of the thing itself: no deed of anybody else opens them.
        Thing::Own => viewer.is(eyes.person),
    };
    let all = onlookers(&company, &viewer);
    let Some(chosen) = all.iter().find(|one| one.key == asked.value("as")).or_else(|| all.first()) else { return Err(Error::NotFound) };
    let (seen, hidden): (Vec<_>, Vec<_>) = THINGS.iter().partition(|(_, thing)| sees(&chosen.eyes, thing));
    let list = |things: &[&(&str, Thing)]| html! { ul.decisions { @for (what, _) in things { li { (what) } } } };
    let heads: Vec<&str> = ["What", "You"].into_iter().chain(all.iter().map(|one| one.name.as_str())).collect();
    let row = |(what, thing): &(&str, Thing)| {
        let marks = std::iter::once(&viewer).chain(all.iter().map(|one| &one.eyes)).map(|eyes| mark(sees(eyes, thing)));
        std::iter::once(html! { (what) }).chain(marks).collect()
    };
    let rows: Vec<Vec<Markup>> = THINGS.iter().map(row).collect();
    let body = html! {
        p { "Look at it with other eyes. This asks the same rules that the pages ask, at this moment and with your agreement as it is." }
        (page::actions(&html! {
            @for one in &all {
                @let href = format!("/relationships/{id}/seen-by?as={}", one.key);
                @if one.key == chosen.key { (Button::primary(&one.name).href(&href).small()) } @else { (Button::secondary(&one.name).href(&href).small()) }
            }
        }))
        @if !seen.is_empty() { (page::section(&format!("{} sees", chosen.name), &html! {}, &list(&seen))) }
        @if !hidden.is_empty() { (page::section(&format!("{} does not see", chosen.name), &html! {}, &list(&hidden))) }
        (page::more("Everybody in one table", &page::table("Who sees what", &heads, &rows)))
        p.muted { "Those who run this place have no page, export or log with what you write; it is encrypted under a key of your own." }
    };
    Ok(relationships::tab(&company, &viewer, "Who sees what", &body))
}

fn mark(sees: bool) -> Markup {
    html! { @if sees { (page::tag("yes", Tone::Laurel)) } @else { span.muted { "no" } } }
}
