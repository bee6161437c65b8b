//! The administrator's page for bringing people in: choose a sheet, read what it would do, then do it.

use super::import::{COLUMNS, Problem, Report, Sheet, counted, run};
use crate::app::App;
use crate::error::Result;
use crate::form::Form;
use crate::page::{self, Button, Field, Markup, PageHeader, Section, Tone, html};
use crate::web::{Go, Page, mend};
use axum::extract::State;
use axum::response::{IntoResponse, Response};

/// Larger sheets go through the command line: the page carries the sheet along until it is confirmed.
const LARGEST: usize = 2 << 20;

pub async fn choose() -> Page {
    choose_page(&Form::default())
}

/// Looks at a sheet, or, when it comes back confirmed, does what it says.
pub async fn look(State(app): State<App>, mut form: Form) -> Result<Response> {
    let confirmed = form.has("sheet");
    let bytes = match form.file("file") {
        _ if confirmed => bytes::Bytes::from(form.value("sheet").as_bytes().to_vec()),
        Some(file) => file.bytes.clone(),
        None => bytes::Bytes::new(),
    };
    if bytes.is_empty() || bytes.len() > LARGEST {
        form.refuse(
            "file",
            if bytes.is_empty() {
                "Please choose a file first. There is nothing in an empty one."
            } else {
                "This is larger than 2 MB. Please use the command `chiron import people` for it."
            },
        );
        return Ok(choose_page(&form).to_mend().into_response());
    }
    // Reading is the costly part of a bad file, so it stays off the async threads.
    let (sheet, text) = tokio::task::spawn_blocking(move || (Sheet::read(&bytes), chiron_words::decode::decode(&bytes)))
        .await
        .map_err(crate::error::Error::broken)?;
    let report =
        if confirmed { app.write(move |tx| run(tx, &sheet, false)).await? } else { app.read(move |tx| run(tx, &sheet, true)).await? };
    if report.done {
        return Ok(Go::to("/place/people").saying(format!("It is done: {}.", report.counts())).into_response());
    }
    let page = Page::new("Bring people in", Section::Desk, report_view(&report, &text));
    Ok(if report.is_good() { page } else { page.to_mend() }.into_response())
}

fn choose_page(form: &Form) -> Page {
    let columns: Vec<Vec<Markup>> = COLUMNS
        .iter()
        .map(|known| vec![html! { code { (known.name) } }, html! { (known.others().collect::<Vec<_>>().join(", ")) }])
        .collect();
    let body = html! {
        (PageHeader::new("Bring people in").back("This place", "/place").lead("From a spreadsheet, saved as CSV. First you see what it would do; nothing is changed before you say so."))
        (mend(form))
        form.stack method="post" action="/place/import" enctype="multipart/form-data" {
            (Field::file("file", "The sheet", ".csv,.tsv,.txt,text/csv").hint("Up to 2 MB. The first line names the columns.").error(form.error("file")))
            (page::actions(&html! { (Button::primary("See what it would do")) }))
        }
        (page::more("Which columns are read", &html! {
            p { "They may stand in any order, in English, German, French or Spanish, in any case, with or without accents, and inside a question such as “What is your full name?”." }
            p { "Only a name is needed. Several values in one cell are separated by a semicolon, words also by commas. Who is there already, by id or by address, is changed instead of added." }
            (page::table("Columns", &["Column", "Also called"], &columns))
        }))
    };
    Page::new("Bring people in", Section::Desk, body)
}

fn report_view(report: &Report, text: &str) -> Markup {
    let first: Vec<Vec<Markup>> = report.first.iter().map(|(name, address)| vec![html! { (name) }, html! { (address) }]).collect();
    html! {
        (PageHeader::new("What this sheet would do").back("Choose another one", "/place/import"))
        @if report.is_good() {
            (page::banner(Tone::Laurel, &format!("This would be done: {}.", report.counts()), None))
        } @else {
            @let (whole, lines): (Vec<_>, Vec<_>) = report.errors.iter().partition(|problem| problem.line == 0);
            (page::banner(Tone::Red, if lines.is_empty() { "Nothing was imported." } else { "Nothing was imported. Please mend these lines in the sheet and choose it again." }, None))
            (problems("To mend", &lines))
            @for problem in whole { p { (problem.sentence) } }
        }
        @if report.is_good() {
            (page::table("How the first lines read", &["Name", "Address"], &first))
            p { "Letters that look wrong come of another encoding: save the sheet as UTF-8 and choose it again." }
        }
        @let (whole, lines): (Vec<_>, Vec<_>) = report.notes.iter().partition(|problem| problem.line == 0);
        (problems("Left out", &lines))
        @for problem in whole { p { (problem.sentence) } }
        @if !report.read_as.is_empty() {
            @let rows: Vec<Vec<Markup>> = report.read_as.iter().map(|(head, words)| vec![html! { (head) }, html! { (words) }]).collect();
            (page::more("How the columns are read", &page::table("Columns", &["Column", "Read as"], &rows)))
        }
        @if !report.left_out.is_empty() { p { "Columns we do not know and would leave out: " (report.left_out.join(", ")) "." } }
        @if !report.new_words.is_empty() {
            (page::more(&format!("{} that our list does not know yet", counted(report.new_words.len(), "skill", "skills")), &html! {
                p { "They become skills of this place; the coordinator can say later what each one means." }
                (page::tags(report.new_words.iter().map(String::as_str)))
            }))
        }
        @if report.is_good() && report.new + report.changed > 0 {
            form.stack method="post" action="/place/import" enctype="multipart/form-data" {
                input type="hidden" name="sheet" value=(text);
                (page::actions(&html! { (Button::primary("Bring them in")) (Button::quiet("Not now").href("/place")) }))
            }
        }
    }
}

fn problems(title: &str, problems: &[&Problem]) -> Markup {
    if problems.is_empty() {
        return html! {};
    }
    let row = |problem: &&Problem| vec![html! { (problem.line) }, html! { (problem.column) }, html! { (problem.sentence) }];
    page::table(title, &["Line", "Column", "What"], &problems.iter().map(row).collect::<Vec<_>>())
}
