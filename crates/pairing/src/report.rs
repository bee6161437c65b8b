//! `report.html`: one page that a coordinator reads, prints and shows around. It needs nothing but itself: no script,
//! no network.

mod pictures;
mod words;

use crate::frontier::Point;
use crate::reasons::Alone;
use crate::round::Outcome;
use crate::sheets::Told;
use chiron_words::sheets::short;
use maud::{DOCTYPE, Markup, PreEscaped, html};

pub use words::{counted, not_counted, number, summary};

/// With more pairs than this the page shows those with the lowest scores: nobody reads ten thousand, and
/// `pairs.csv` has them all.
const MOST_PAIRS: usize = 2_000;
const MOST_ALONE: usize = 1_000;
const MOST_MENTORS: usize = 2_000;
const MOST_REMARKS: usize = 200;
/// The font of headings and names, as the rest of Chiron; Latin letters only, others fall back to the reader's own.
const SERIF: &[u8] = include_bytes!("../../../assets/fonts/newsreader-latin.woff2");

/// The whole page.
pub fn page(outcome: &Outcome<'_>, told: &[Told], alone: &[Alone], frontier: &[Point]) -> String {
    let title = words::title(outcome);
    let summary = summary(outcome, told);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; font-src data:";
                title { (title) " · matching round" }
                style { (PreEscaped(style())) }
            }
            body {
                a.skip href="#pairs" { "To the pairs" }
                header.top {
                    p.eyebrow { "Matching round" }
                    h1 { (title) }
                    div.lead { @for sentence in summary.iter().skip(1) { p { (sentence) } } }
                    (contents(outcome, alone))
                }
                main {
                    @if !alone.is_empty() { (without(outcome, alone)) }
                    (ways(frontier))
                    (pairs(outcome, told))
                    (mentors(outcome))
                    (groups(outcome, told))
                    @if outcome.round.had_previous { (changes(outcome)) }
                    (rules(outcome))
                    (reading(outcome))
                    (proof(outcome))
                }
                footer { p { "Made by " (crate::audit::program()) ", from the files named in audit.json, which lies beside this page." } }
            }
        }
    };
    page.into_string()
}

fn style() -> String {
    let font = data_encoding::BASE64.encode(SERIF);
    format!(
        "@font-face{{font-family:\"Newsreader\";src:url(data:font/woff2;base64,{font}) format(\"woff2\");font-weight:400 600;font-display:swap}}\n{}",
        include_str!("report/report.css")
    )
}

fn contents(outcome: &Outcome<'_>, alone: &[Alone]) -> Markup {
    let links = [
        ("without", "Without a pair", !alone.is_empty()),
        ("ways", "What else was possible", true),
        ("pairs", "The pairs", true),
        ("mentors", "Mentors and their load", true),
        ("groups", "Groups", !comparable(outcome).is_empty()),
        ("changes", "What changed", outcome.round.had_previous),
        ("rules", "The rules", true),
        ("proof", "How to check it", true),
    ];
    html! { nav aria-label="On this page" { ul { @for (id, name, shown) in links { @if shown { li { a href={ "#" (id) } { (name) } } } } } } }
}

fn without(outcome: &Outcome<'_>, alone: &[Alone]) -> Markup {
    let mut sorted: Vec<&Alone> = alone.iter().collect();
    sorted.sort_by_cached_key(|one| (chiron_words::fold::fold(&outcome.mentee(one.mentee).name), outcome.mentee(one.mentee).key.clone()));
    html! {
        section #without {
            h2 { "Without a pair" }
            p.hint { "Each with what is in the way, and the smallest change that would open it." }
            ul.alone {
                @for one in sorted.iter().take(MOST_ALONE) {
                    @let person = outcome.mentee(one.mentee);
                    li {
                        h3 { (person.name) }
                        p { (one.why) }
                        @if !one.change.is_empty() { p.change { span.tag { "Would help" } " " (one.change) } }
                    }
                }
            }
            (more(alone.len(), MOST_ALONE, "unmatched.csv"))
        }
    }
}

fn more(all: usize, shown: usize, file: &str) -> Markup {
    html! { @if all > shown { p.hint { "And " (number((all - shown) as i64)) " more in " (file) "." } } }
}

fn ways(frontier: &[Point]) -> Markup {
    html! {
        section #ways {
            h2 { "What else was possible" }
            @if frontier.len() > 1 {
                p.hint { "Every way was solved with the same rules, weighed otherwise. Further right, pairs fit better; higher, more people have one. The filled mark is this round." }
                (pictures::frontier(frontier))
            } @else {
                p.hint { "Only what the rules ask for was tried, or nothing else would be different." }
            }
            div.scroll {
                table {
                    thead { tr { th scope="col" { "Way" } th.n scope="col" { "Matched" } th.n scope="col" { "Mean score" } th.n scope="col" { "Worst pair" } } }
                    tbody {
                        @for point in frontier {
                            tr.chosen[point.chosen] {
                                th scope="row" { (point.way) @if point.chosen { " " span.tag { "this round" } } }
                                td.n { (number(point.matched as i64)) }
                                td.n { (number(point.mean.into())) }
                                td.n { (number(point.worst.into())) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn pairs(outcome: &Outcome<'_>, told: &[Told]) -> Markup {
    let mut shown: Vec<&Told> = told.iter().collect();
    if shown.len() > MOST_PAIRS {
        shown.sort_by_key(|pair| pair.score);
        shown.truncate(MOST_PAIRS);
    }
    html! {
        section #pairs {
            h2 { "The pairs" }
            @if told.len() > MOST_PAIRS {
                p.hint { "The " (number(MOST_PAIRS as i64)) " with the lowest scores, which are most worth a look. All " (number(told.len() as i64)) " are in pairs.csv." }
            } @else {
                p.hint { "A score is the sum of its parts, and at most 10,000. Of a pale part one of the two said nothing, and half was counted." }
            }
            (pictures::legend(outcome))
            div.pairs {
                @for pair in shown {
                    article {
                        h3 {
                            span { (outcome.mentee(pair.mentee).name) }
                            span.with { "with" }
                            span { (outcome.mentor(pair.mentor).name) }
                        }
                        p.score { strong { (number(pair.score.into())) } @if pair.kept { " " span.tag { "kept" } } @if pair.locked { " " span.tag { "locked" } } }
                        (pictures::bar(pair))
                        ul.parts {
                            @for (at, part) in pair.parts.iter().enumerate() {
                                @if part.points > 0 {
                                    li { i class={ "k" (at % 8) } {} (part.label) " " b { (number(part.points.into())) } @if part.unsaid { " · not said" } @else if !part.words.is_empty() { " · " (short(&part.words)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn mentors(outcome: &Outcome<'_>) -> Markup {
    let loads = outcome.loads();
    let points = outcome.solution.certificate.points();
    let coverage = outcome.solution.certificate.levels.iter().find(|level| level.aim == chiron_matching::Aim::Coverage);
    let mut order: Vec<usize> = (0..loads.len()).collect();
    order.sort_by_cached_key(|at| {
        let person = &outcome.round.mentors.people[*at];
        (std::cmp::Reverse(loads[*at].len()), chiron_words::fold::fold(&person.name), person.key.clone())
    });
    html! {
        section #mentors {
            h2 { "Mentors and their load" }
            p.hint { "The last column says what one more seat would be worth, by the prices of the proof: one more person with a mentor, or so many points of score." }
            div.scroll {
                table {
                    thead { tr { th scope="col" { "Mentor" } th scope="col" { "Seats" } th scope="col" { "With" } th.n scope="col" { "One more seat" } } }
                    tbody {
                        @for at in order.iter().take(MOST_MENTORS) {
                            @let person = &outcome.round.mentors.people[*at];
                            @let price = points.and_then(|level| level.mentors.get(*at)).copied().unwrap_or(0);
                            @let people = coverage.and_then(|level| level.mentors.get(*at)).copied().unwrap_or(0);
                            tr {
                                th scope="row" { (person.name) }
                                td { (pictures::seats(loads[*at].len(), person.most as usize)) }
                                td { (loads[*at].iter().map(|mentee| outcome.mentee(*mentee).name.as_str()).collect::<Vec<_>>().join(", ")) }
                                td.n { @if people > 0 { "one more person" } @else if price > 0 { "+" (number(price)) " points" } }
                            }
                        }
                    }
                }
            }
            (more(loads.len(), MOST_MENTORS, "pairs.csv"))
        }
    }
}

/// Columns to compare by that have at least two values and at most thirty.
fn comparable<'a>(outcome: &'a Outcome<'_>) -> Vec<(&'a str, Vec<(String, Vec<u32>)>)> {
    let floors = outcome.round.rules.floors.iter().map(|floor| floor.column.as_str()).take(1);
    let mut names: Vec<&str> = floors.chain(outcome.round.rules.compare.iter().map(String::as_str)).collect();
    names.dedup();
    let members = names.into_iter().map(|name| (name, outcome.round.members(name).into_values().collect::<Vec<_>>()));
    members.filter(|(_, groups)| (2..=30).contains(&groups.len())).collect()
}

fn groups(outcome: &Outcome<'_>, told: &[Told]) -> Markup {
    let compared = comparable(outcome);
    let mut best: Vec<Option<i32>> = vec![None; outcome.round.mentees.people.len()];
    told.iter().for_each(|pair| best[pair.mentee as usize] = best[pair.mentee as usize].max(Some(pair.score)));
    html! {
        @if !compared.is_empty() {
            section #groups {
                h2 { "Groups" }
                p.hint { "Whether people of every group were matched, and how well. Small groups differ by chance." }
                @for (name, groups) in compared {
                    div.scroll {
                        table {
                            caption { "By " (name) }
                            thead { tr { th scope="col" { (name) } th.n scope="col" { "People" } th.n scope="col" { "Matched" } th scope="col" { span.quiet { "Share" } } th.n scope="col" { "Mean score" } th.n scope="col" { "Floor" } } }
                            tbody {
                                @for (group, people) in groups {
                                    @let scores: Vec<i64> = people.iter().filter_map(|at| best[*at as usize]).map(i64::from).collect();
                                    @let floor = outcome.floors.iter().find(|(known, _)| *known == group).map(|(_, least)| least);
                                    tr {
                                        th scope="row" { (group) }
                                        td.n { (people.len()) }
                                        td.n { (scores.len()) }
                                        td { (pictures::share(scores.len(), people.len())) }
                                        td.n { @if !scores.is_empty() { (number(scores.iter().sum::<i64>() / scores.len() as i64)) } }
                                        td.n { @if let Some(floor) = floor { (floor) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn changes(outcome: &Outcome<'_>) -> Markup {
    let round = outcome.round;
    let is = |pairs: &[(u32, u32)], pair: &(u32, u32)| pairs.binary_search(pair).is_ok();
    let kept = round.previous.iter().filter(|pair| is(&outcome.solution.pairs, pair)).count();
    let dropped: Vec<&(u32, u32)> = round.previous.iter().filter(|pair| !is(&outcome.solution.pairs, pair)).collect();
    html! {
        section #changes {
            h2 { "What changed" }
            p {
                (counted(kept, "pair")) " stayed as " @if kept == 1 { "it was" } @else { "they were" } "; "
                (counted(outcome.solution.pairs.len() - kept, "pair")) " " @if outcome.solution.pairs.len() - kept == 1 { "is" } @else { "are" } " new. "
                @if round.previous_gone > 0 { (counted(round.previous_gone, "former pair")) " could not stay, because one of the two is not in the sheets any more." }
            }
            @if !dropped.is_empty() {
                ul.plain {
                    @for (mentee, mentor) in dropped.iter().take(MOST_REMARKS) {
                        li { (outcome.mentee(*mentee).name) " was with " (outcome.mentor(*mentor).name) ": " (words::now(outcome, *mentee, *mentor)) }
                    }
                }
                (more(dropped.len(), MOST_REMARKS, "the pairs of the round before"))
            }
        }
    }
}

fn rules(outcome: &Outcome<'_>) -> Markup {
    let idle = words::not_counted(&outcome.scoring);
    html! {
        section #rules {
            h2 { "The rules" }
            @if let Some(idle) = idle { p { (idle) } }
            div.columns {
                @for (head, sentences) in outcome.round.rules.sentences() {
                    div { h3 { (head) } ul.plain { @for sentence in sentences { li { (sentence) } } } }
                }
            }
        }
    }
}

/// How the sheets were understood. Remarks have the number of their line only in the terminal: here they would tell two
/// pages apart that say the same.
fn reading(outcome: &Outcome<'_>) -> Markup {
    let round = outcome.round;
    let mut files: Vec<&str> = round.read_as.iter().map(|(file, ..)| file.as_str()).collect();
    files.dedup();
    let mut remarks: Vec<String> = round.remarks.iter().map(|remark| format!("{}: {}", remark.place, remark.sentence)).collect();
    remarks.sort();
    remarks.dedup();
    html! {
        section #reading {
            h2 { "How the sheets were read" }
            @for file in files {
                h3 { (file) }
                p {
                    @for (_, head, column) in round.read_as.iter().filter(|(of, ..)| of == file) {
                        span.column.quiet[column.is_none()] { (short(head)) @if let Some(column) = column { " → " (column.words()) } @else { " not read" } }
                    }
                }
            }
            @if !remarks.is_empty() {
                h3 { "Left out" }
                ul.plain { @for remark in remarks.iter().take(MOST_REMARKS) { li { (remark) } } }
                (more(remarks.len(), MOST_REMARKS, "what the command printed"))
            }
        }
    }
}

fn proof(outcome: &Outcome<'_>) -> Markup {
    html! {
        section #proof {
            h2 { "How to check it" }
            p { "No other set of pairs that keeps these rules is better, in the order that the rules name. That is not a claim but a proof: audit.json holds a price for every person, and with the prices a short program that knows nothing of how the pairs were found looks at each of the " (number(outcome.problem.pair_count() as i64)) " pairs that may be made, once." }
            pre { "chiron match verify " span.quiet { "this-folder" } }
            p { "It also finds out whether a file of this round, or one it was made from, has been changed since. What is still equal was drawn by lot with the seed " (outcome.round.rules.aim.seed) ": the same sheets and rules give the same pairs, whatever the order of their lines." }
        }
    }
}
