//! One's own profile: a few short forms, each saved alone.

use super::change::{
    Change, LONGEST_HEADLINE, LONGEST_NAME, LONGEST_STORY, MOST_CAPACITY, MOST_LANGUAGES, MOST_MINUTES, MOST_SKILLS, Part, STYLE_STEPS,
    WEEKLY, filled, hours_error, typed_hours,
};
use super::photo::{Unusable, redraw};
use super::profile::{DAYS, Profile, STYLES, commitment, style_words, time_words};
use super::values::Value;
use super::{OpenTo, Side, pages, places, tongues, verbs};
use crate::app::{App, Tx};
use crate::error::{Error, RefusalKind, Result};
use crate::form::{AsFar, Form};
use crate::page::{self, Button, Choices, Field, FromTo, Icon, Markup, PageHeader, Section, Tone, group, html, side_by_side};
use crate::skills;
use crate::too_late;
use crate::viewer::Viewer;
use crate::web::{Go, Page, mend};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chiron_store::Timestamp;
use jiff::{SignedDuration, tz::TimeZone};
use std::time::Duration;
use tokio::sync::Semaphore;

pub async fn first(State(app): State<App>, viewer: Viewer) -> Result<Page> {
    page_of(&app, viewer, Part::About, None).await
}

pub async fn show(State(app): State<App>, viewer: Viewer, Path(part): Path<String>) -> Result<Page> {
    page_of(&app, viewer, Part::from_slug(&part).ok_or(Error::NotFound)?, None).await
}

pub async fn save(State(app): State<App>, viewer: Viewer, Path(part): Path<String>, AsFar(mut form): AsFar) -> Result<Response> {
    let part = Part::from_slug(&part).ok_or(Error::NotFound)?;
    if part == Part::About {
        keep_photo(&app, &viewer, &mut form).await?;
    }
    let Some(change) = Change::read(part, &mut form) else {
        return Ok(page_of(&app, viewer, part, Some(form)).await?.to_mend().into_response());
    };
    let (writer, was) = (viewer.clone(), form.value(WAS).to_owned());
    let written = app.write(move |tx| {
        let before = as_it_stands(tx, &writer, part)?.mark();
        verbs::change(tx, &writer, &change)?;
        // What was sent twice, or says what is there already, takes nothing away.
        if was.is_empty() || was == before || before == as_it_stands(tx, &writer, part)?.mark() {
            return Ok(part == Part::OpenTo && verbs::profile(tx, writer.person)?.has_no_places());
        }
        Err(too_late!("You changed this in another window, so nothing was saved. What you typed stands here: save it again to keep it."))
    });
    match written.await {
        Ok(true) => Ok(Go::to(PLACES).saying("Saved. Say how many people you can guide, and you can be asked.").into_response()),
        Ok(false) => Ok(Go::to(format!("/profile/{}", part.slug())).saying("Saved.").into_response()),
        Err(Error::Refused(refusal)) if refusal.kind == RefusalKind::Conflict => {
            form.set(WAS, "");
            let form = form.refused(refusal);
            Ok(page_of(&app, viewer, part, Some(form.clone())).await?.answering(&form).into_response())
        }
        Err(Error::Refused(refusal)) => {
            form.refuse(if part == Part::Public { "slug" } else { part.slug() }, &refusal.sentence);
            Ok(page_of(&app, viewer, part, Some(form)).await?.to_mend().into_response())
        }
        Err(e) => Err(e),
    }
}

/// Where somebody says how many people they can guide.
const PLACES: &str = "/profile/time#f-capacity";

/// The field that goes out with what stood there, so that what was saved since is not overwritten unseen.
const WAS: &str = "was";

fn as_it_stands(tx: &mut Tx, viewer: &Viewer, part: Part) -> Result<Form> {
    let (profile, card, graph) = (verbs::profile(tx, viewer.person)?, verbs::values(tx, viewer, viewer.person)?, skills::graph_here(tx)?);
    Ok(filled(part, &profile, &card, &graph))
}

/// Decoding a photo takes memory and a core for a moment: one at a time, and whoever waits longer is told.
static DARKROOM: Semaphore = Semaphore::const_new(1);
const QUEUE: Duration = Duration::from_secs(15);

/// Keeps the photo that came along, drawn anew, whatever else is to be mended: nobody can be shown a file to choose again.
/// What is no photo is said at its field.
async fn keep_photo(app: &App, viewer: &Viewer, form: &mut Form) -> Result<()> {
    let new = match form.file("photo") {
        Some(sent) => match drawn_anew(sent.bytes.clone()).await? {
            Ok(jpeg) => Some(jpeg),
            Err(why) => {
                form.refuse("photo", why.sentence());
                return Ok(());
            }
        },
        None if form.ticked("remove") => None,
        None => return Ok(()),
    };
    let writer = viewer.clone();
    app.write(move |tx| verbs::set_photo(tx, &writer, new.as_deref())).await
}

async fn drawn_anew(sent: bytes::Bytes) -> Result<Result<Vec<u8>, Unusable>> {
    let _turn = tokio::time::timeout(QUEUE, DARKROOM.acquire()).await.map_err(|_| busy())?.map_err(|_| busy())?;
    tokio::task::spawn_blocking(move || redraw(&sent)).await.map_err(Error::broken)
}

fn busy() -> Error {
    Error::refused("photo_busy", RefusalKind::Busy, "Many people are sending photos just now. Please try again in a minute.".into())
}

pub async fn not_now(State(app): State<App>, viewer: Viewer, mut form: Form) -> Result<Response> {
    let until = match not_now_until(&mut form, &viewer, app.now()) {
        Ok(until) => until,
        Err(()) => return Ok(page_of(&app, viewer, Part::Time, Some(form)).await?.to_mend().into_response()),
    };
    let writer = viewer.clone();
    let done = app.write(move |tx| verbs::not_now(tx, &writer, until)).await;
    Ok(match form.beside("until", done)? {
        Some(()) => {
            let said = until.map_or_else(
                || "Welcome back: people can ask you again.".to_owned(),
                |until| format!("Nobody can ask you before {}.", viewer.day(until)),
            );
            Go::to("/profile/time").saying(said).into_response()
        }
        None => page_of(&app, viewer, Part::Time, Some(form)).await?.to_mend().into_response(),
    })
}

/// `weeks=2` from one of the buttons, `until=2027-01-04` from the field, or `back=yes`.
fn not_now_until(form: &mut Form, viewer: &Viewer, now: Timestamp) -> Result<Option<Timestamp>, ()> {
    if form.ticked("back") {
        return Ok(None);
    }
    if let Some(weeks) = form.number("weeks", 1..=104) {
        return Ok(Some(morning_after(now, &viewer.zone, weeks * 7)));
    }
    form.day("until", &viewer.zone, "Until which day? Please choose one.").map(Some).ok_or(())
}

/// The beginning of the day so many days on, by the viewer's clock.
fn morning_after(now: Timestamp, zone: &TimeZone, days: i64) -> Timestamp {
    let day = (now + SignedDuration::from_hours(24 * days)).in_zone(zone);
    day.start_of_day().map_or(now + SignedDuration::from_hours(24 * days), |at| at.timestamp().into())
}

/// The page with one part's form: as it stands, or as it was typed.
async fn page_of(app: &App, viewer: Viewer, part: Part, typed: Option<Form>) -> Result<Page> {
    let (profile, card, counts_here, graph) = app
        .read(move |tx| {
            let card = verbs::values(tx, &viewer, viewer.person)?;
            Ok((verbs::profile(tx, viewer.person)?, card, verbs::values_count_here(tx)?, skills::graph_here(tx)?))
        })
        .await?;
    let now = app.now();
    let mut form = filled(part, &profile, &card, &graph);
    let mark = form.mark();
    // What another form of the same page refused stands beside what this one holds.
    match typed {
        Some(typed) if typed.has("until") && part == Part::Time => {
            form.set("until", typed.value("until"));
            for (name, sentence) in typed.errors() {
                form.refuse(name, sentence);
            }
        }
        Some(typed) => form = typed,
        None => {}
    }
    let tabs: Vec<(&str, String, u64)> = Part::ALL.iter().map(|part| (part.title(), format!("/profile/{}", part.slug()), 0)).collect();
    let tabs: Vec<(&str, &str, u64)> = tabs.iter().map(|(title, href, count)| (*title, href.as_str(), *count)).collect();
    let body = html! {
        (PageHeader::new("Your profile")
            .lead(match part {
                Part::Values => "Nothing here is required. What you choose here is seen by nobody else.",
                _ => "Nothing here is required. What you write is seen by the people who are signed in here.",
            })
            .actions(html! { (Button::secondary("See it as others do").href(&format!("/people/{}", profile.shown.person)).icon(Icon::Eye)) }))
        (page::tabs("Parts of your profile", &tabs, Part::ALL.iter().position(|p| *p == part).unwrap_or_default()))
        (mend(&form))
        @if part == Part::Time { (not_now_form(&profile, &form, now)) }
        form.stack.profile-form method="post" action={ "/profile/" (part.slug()) } enctype=[(part == Part::About).then_some("multipart/form-data")] {
            input type="hidden" name=(WAS) value=(if form.value(WAS).is_empty() { &mark } else { form.value(WAS) });
            @match part {
                Part::About => { (about(&form)) (photo(&profile, &form)) },
                Part::Skills => (skills_fields(&form)),
                Part::Experience => (experience(&form)),
                Part::HowIWork => (how_i_work(&form)),
                Part::Values => (values(&form, counts_here)),
                Part::Time => (time(&form)),
                Part::OpenTo => (open_to(&form, &profile)),
                Part::Public => (public(&form, app, &profile)),
            }
            (page::actions(&html! { (Button::primary("Save").context(part.title())) }))
        }
    };
    Ok(Page::new("Your profile", Section::None, body))
}

/// A field with what was typed into it and what is wrong with it.
fn held<'a>(field: Field<'a>, name: &'a str, form: &'a Form) -> Field<'a> {
    field.value(form.value(name)).error(form.error(name))
}

/// The last of its form, so that what was typed has arrived when a file turns out to be too large.
fn photo(profile: &Profile, form: &Form) -> Markup {
    let now = profile.shown.photo.as_ref().map(|name| format!("/photos/{name}"));
    html! {
        div.photo-now { (pages::face_of(profile).large()) }
        (Field::photo("photo", "Your photo", now.as_deref())
            .optional()
            .hint("JPEG, PNG or WebP, up to 12 MB. We cut it to a square and remove where and with what it was taken.")
            .error(form.error("photo")))
        @if profile.shown.photo.is_some() { (Field::checkbox("remove", "Take my photo away").checked(form.ticked("remove"))) }
    }
}

fn about(form: &Form) -> Markup {
    let country = std::iter::once(("", "–")).chain(places::countries().iter().map(|country| (country.code, country.name)));
    let mut zones: Vec<&str> = places::countries().iter().map(|country| country.zone).collect();
    zones.sort_unstable();
    zones.dedup();
    let rows = (0..MOST_LANGUAGES).filter(|at| !form.value(&format!("language_{at}")).is_empty()).max().map_or(0, |last| last + 1);
    let names: Vec<String> = (0..(rows + 1).clamp(2, MOST_LANGUAGES)).map(|at| format!("language_{at}")).collect();
    html! {
        (held(Field::text("name", "Name").required().autocomplete("name").max(LONGEST_NAME), "name", form))
        (held(Field::text("pronouns", "Pronouns").optional().hint("Such as she/her, he/him or they/them.").narrow(), "pronouns", form))
        (held(Field::text("headline", "In one line").optional().hint("What you do, or where you are heading.").max(LONGEST_HEADLINE), "headline", form))
        (held(Field::textarea("story", "Your story").optional().rows(8).hint("A few sentences on how you came here. Markdown works: *slanted*, **bold**, [a link](https://example.org).").max(LONGEST_STORY), "story", form))
        (side_by_side(&html! {
            (held(Field::select("country", "Country", country).optional(), "country", form))
            (held(Field::text("zone", "Your clock").hint("Leave it empty to use your country's.").suggest(zones), "zone", form))
        }))
        (group("Languages you like to talk in", Some("The best first."), &side_by_side(&html! {
            @for (at, name) in names.iter().enumerate() {
                (held(Field::select(name.as_str(), format!("Language {}", at + 1), std::iter::once(("", "–")).chain(tongues::tongues().iter().map(|t| (t.code, t.name)))).label_hidden(), name, form))
            }
        })))
    }
}

fn skills_fields(form: &Form) -> Markup {
    html! {
        @for (side, legend, hint) in [
            (Side::Offered, "I can help with", "Begin to type and choose, or use your own words. Clear a line to remove it."),
            (Side::Wanted, "I want to learn", "And where you are with it today."),
        ] {
            @let rows = (0..MOST_SKILLS).filter(|at| !form.value(&format!("{side}_{at}")).is_empty()).max().map_or(0, |last| last + 1);
            @let rows = (rows + 3).min(MOST_SKILLS);
            (group(legend, Some(hint), &html! { @for at in 0..rows { (skill_row(form, side, at)) } }))
        }
    }
}

fn skill_row(form: &Form, side: Side, at: usize) -> Markup {
    let (name, level) = (format!("{side}_{at}"), format!("{side}_level_{at}"));
    let levels: Vec<(String, &str)> = (1..=5_u8).map(|level| (level.to_string(), page::skill_words(level))).collect();
    let chosen = match form.value(&level) {
        "" if side == Side::Offered => "4",
        "" => "1",
        typed => typed,
    };
    html! {
        div.skill-row {
            (held(Field::text(name.as_str(), format!("Skill {}", at + 1)).label_hidden().suggest_from("/skills/suggest"), &name, form))
            (Field::select(level.as_str(), format!("How far with skill {}", at + 1), levels).label_hidden().narrow().value(chosen).error(form.error(&level)))
        }
    }
}

fn experience(form: &Form) -> Markup {
    let used = |prefix: &str| {
        let filled = |at: &usize| !form.value(&format!("{prefix}_{at}")).is_empty();
        (0..20).rev().find(filled).map_or(0, |last| last + 1)
    };
    let lines = used("done").max(used("into")).max(used("from")).max(used("year"));
    let credentials = used("credential").max(used("issuer"));
    html! {
        (group("What you have done", Some("What others may want to do next: “moved from teaching into data”. Fill in what fits, leave the rest."), &html! {
            @for at in 0..(lines + 1).min(20) { (experience_row(form, at)) }
        }))
        (group("Credentials", Some("Certificates, accreditations, degrees. One that has an end greys out by itself when it is over."), &html! {
            @for at in 0..(credentials + 1).min(20) { (credential_row(form, at)) }
        }))
    }
}

fn experience_row(form: &Form, at: usize) -> Markup {
    let [from, into, done, year] = ["from", "into", "done", "year"].map(|name| format!("{name}_{at}"));
    html! {
        div.experience-row role="group" aria-label={ "Experience " (at + 1) } {
            (side_by_side(&html! {
                (held(Field::text(from.as_str(), "Moved from").optional(), &from, form))
                (held(Field::text(into.as_str(), "into").optional(), &into, form))
                (held(Field::number(year.as_str(), "Year").optional(), &year, form))
            }))
            (held(Field::text(done.as_str(), "Or in your own words").optional(), &done, form))
        }
    }
}

fn credential_row(form: &Form, at: usize) -> Markup {
    let [title, issuer, link, issued, expires] = ["credential", "issuer", "link", "issued", "expires"].map(|name| format!("{name}_{at}"));
    html! {
        div.experience-row role="group" aria-label={ "Credential " (at + 1) } {
            (side_by_side(&html! {
                (held(Field::text(title.as_str(), "Credential"), &title, form))
                (held(Field::text(issuer.as_str(), "From whom"), &issuer, form))
            }))
            (side_by_side(&html! {
                (held(Field::date(issued.as_str(), "Since").optional(), &issued, form))
                (held(Field::date(expires.as_str(), "Good until").optional(), &expires, form))
                (held(Field::url(link.as_str(), "Where one can see it").optional(), &link, form))
            }))
        }
    }
}

fn how_i_work(form: &Form) -> Markup {
    html! {
        @for (at, (name, title, low, high)) in STYLES.into_iter().enumerate() {
            (STYLE_STEPS.into_iter().fold(Choices::scale(name, title), |choices, step| choices.choice(step.to_string(), style_words(at, step)))
                .choice("", "I would rather not say")
                .chosen(form.value(name))
                .hint(format!("{low}. {high}."))
                .error(form.error(name)))
        }
        (held(Field::textarea("how_i_work", "In your own words").optional().hint("What somebody can expect who works with you.").max(2000), "how_i_work", form))
        (held(Field::textarea("methods", "Ways you like to work").optional().rows(3).hint("One a line: walk and talk, looking at real work together, GROW."), "methods", form))
        (held(Field::text("supervision", "Supervision").optional().hint("For coaches: who looks over your shoulder, and how often.").max(200), "supervision", form))
    }
}

fn values(form: &Form, count_here: bool) -> Markup {
    let choices = Value::ALL.iter().fold(Choices::many_cards("values", "Up to five that matter most to you"), |choices, value| {
        choices.described(value.as_str(), value.title(), value.meaning())
    });
    html! {
        p { (page::audience_me()) }
        p { "People who hold the same things high often understand each other sooner. No page shows this card to anybody else, to no administrator either. It helps only where both people have one." }
        @if !count_here {
            (page::banner(Tone::Plain, "This place leaves values out of its recommendations, so that the card counts for nothing here. It stays yours: change it, or empty it.", None))
        }
        (form.values("values").iter().fold(choices, |choices, value| choices.chosen(value)).error(form.error("values")))
        (Field::checkbox("counts", "Let it count when people are found").checked(form.ticked("counts")).hint("When you look for people, and when others look. Without this it is kept, and nothing is done with it."))
        (Field::checkbox("named", "A value may be named to somebody who holds it high too").checked(form.ticked("named")).hint("They read “you both hold honesty high”, if they allow it as well. They never read the rest."))
    }
}

fn time(form: &Form) -> Markup {
    // What is out of bounds is refused beside its field, and makes no sentence.
    let number = |name: &str, most: i64| form.value(name).parse().ok().filter(|n| (0..=most).contains(n)).unwrap_or(0);
    let minutes = number("minutes_a_week", MOST_MINUTES);
    let words = commitment(minutes, number("capacity", MOST_CAPACITY));
    let mut weekly: Vec<i64> = WEEKLY.to_vec();
    weekly.push(minutes);
    weekly.sort_unstable();
    weekly.dedup();
    let weekly: Vec<(String, String)> =
        weekly.into_iter().map(|minutes| (minutes.to_string(), if minutes == 0 { "–".to_owned() } else { time_words(minutes) })).collect();
    let most = MOST_CAPACITY.to_string();
    let typed = typed_hours(form);
    let filled = typed.iter().rposition(|row| !(row.day.is_empty() && row.from.is_empty() && row.to.is_empty())).map_or(0, |last| last + 1);
    let names: Vec<String> = (0..filled + 2).map(hours_error).collect();
    let rows: Vec<FromTo> = (0..filled + 2)
        .map(|at| {
            typed.get(at).map_or_else(FromTo::default, |row| FromTo {
                day: &row.day,
                from: &row.from,
                to: &row.to,
                error: form.error(&names[at]),
            })
        })
        .collect();
    html! {
        (side_by_side(&html! {
            (held(Field::select("minutes_a_week", "Time a week, all in all", weekly), "minutes_a_week", form))
            (held(Field::number("capacity", "People you can guide at once").between("0", most.as_str()), "capacity", form))
        }))
        @if let Some(words) = words { p.commitment { (Icon::Info) span { (words) } } }
        (page::from_to_rows("hours", "When you are usually free", &DAYS, &rows))
        @if let Some(error) = form.error("hours") { (page::error_line("hours", "When you are usually free", "f-hours-day-0", error)) }
        p.hint { "By your own clock. Others see it by theirs." }
    }
}

fn not_now_form(profile: &Profile, form: &Form, now: Timestamp) -> Markup {
    let until = profile.not_now(now);
    let body = html! {
        @match until {
            Some(until) => {
                p { "You take no new requests until " strong { (until.in_zone(&profile.time_zone()).strftime("%A %-d %B %Y")) } ". It ends by itself." }
                form method="post" action="/profile/not-now" { (page::actions(&html! { (Button::primary("I am back").sends("back", "yes")) })) }
            }
            None => {
                p { "A full week, a new child, a holiday: say “not now” and nobody asks you. It ends by itself, and those you already work with stay." }
                form.stack method="post" action="/profile/not-now" {
                    (page::actions(&html! {
                        (Button::secondary("Two weeks").sends("weeks", "2").unchecked())
                        (Button::secondary("A month").sends("weeks", "4").unchecked())
                        (Button::secondary("Three months").sends("weeks", "13").unchecked())
                    }))
                }
            }
        }
        form.stack method="post" action="/profile/not-now" {
            (Field::date("until", "Or until").value(form.value("until")).error(form.error("until")))
            (page::actions(&html! { (Button::quiet("Not before that day")) }))
        }
    };
    page::section("Not now", &html! { @if until.is_some() { (page::tag("not now", Tone::Amber)) } }, &page::card(&body))
}

fn open_to(form: &Form, profile: &Profile) -> Markup {
    let chosen = form.values("roles");
    let choices = Choices::many_cards("roles", "I am open to")
        .described(OpenTo::Mentor.as_str(), "Being a mentor", "You share what you have done with somebody who wants to do it too.")
        .described(OpenTo::Coach.as_str(), "Being a coach", "You ask and listen, so that somebody finds their own way.")
        .described(OpenTo::Peer.as_str(), "Learning together", "Two people at a like place hold each other to account.")
        .described(OpenTo::Question.as_str(), "Answering one question", "Somebody asks once, you answer once. It fills no place.");
    html! {
        @if profile.has_no_places() {
            (page::banner(Tone::Amber, "You have not said yet how many people you can guide at once, so nobody can ask you for that.", Some(&Button::quiet("Say how many").href(PLACES).small())))
        }
        (chosen.iter().fold(choices, |choices, role| choices.chosen(role)))
        (held(Field::text("fee", "Fee").optional().hint("Leave it empty if you take none. Otherwise say it plainly: “60 EUR a session, the first one free”.").max(200), "fee", form))
        p.hint { "How many people, and when: that is under " a href="/profile/time" { "When I have time" } "." }
    }
}

fn public(form: &Form, app: &App, profile: &Profile) -> Markup {
    let address = profile.shown.public_slug.as_ref().map(|slug| format!("{}/p/{slug}", app.config.url()));
    html! {
        p { "Your profile is seen by the people who are signed in here, and by nobody else. If you like, the same page can be open to everyone, to link to from elsewhere." }
        (Field::checkbox("public", "Show my profile to everyone").checked(form.ticked("public")))
        (held(Field::text("slug", "Its address ends in").hint("Small letters, digits and hyphens."), "slug", form))
        (Field::checkbox("indexed", "Search engines may list it").checked(form.ticked("indexed")).hint("Without this, only those who have the link come across it."))
        @if let Some(address) = address { (page::copyable("Your public page", &address)) }
    }
}
