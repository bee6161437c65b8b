//! The rules as a coordinator would say them.

use super::{AtLeast, Kind, Rules, Serves};

pub fn of(rules: &Rules) -> Vec<(&'static str, Vec<String>)> {
    vec![("What must hold", must(rules)), ("Seats", seats(rules)), ("What counts", score(rules)), ("In which order", aim(rules))]
}

fn must(rules: &Rules) -> Vec<String> {
    let must = &rules.must;
    let mut said = vec!["Nobody is paired with themselves, or with somebody whom one of the two named under “never with”.".to_owned()];
    let mut say = |holds: bool, sentence: String| {
        if holds {
            said.push(sentence);
        }
    };
    say(must.share_language, "The two have a language in common, where both sheets have a column of languages.".into());
    say(must.share_skill, "The mentor offers at least one thing that the mentee wants.".into());
    say(must.not_own_manager, "Nobody is mentored by their own manager, or by somebody they manage.".into());
    say(must.not_again, "No pair of the previous round is made again.".into());
    say(!must.differ.is_empty(), format!("The two do not have the same {}.", listed(&must.differ, "or")));
    say(!must.agree.is_empty(), format!("The two have the same {}.", listed(&must.agree, "and")));
    if let Some(minutes) = must.zone_minutes {
        say(true, format!("Their clocks are at most {} apart.", hours(minutes)));
    }
    if let Some(minutes) = must.shared_minutes {
        say(true, format!("They have at least {} a week in common.", hours(minutes)));
    }
    match must.seniority {
        Some((least, i32::MAX)) => say(true, format!("The mentor stands at least {} above the mentee.", steps(least))),
        Some((i32::MIN, most)) => say(true, format!("The mentor stands at most {} above the mentee.", steps(most))),
        Some((least, most)) => say(true, format!("The mentor stands {least} to {} above the mentee.", steps(most))),
        None => {}
    }
    if let Some(score) = must.least_score {
        say(true, format!("No pair scores less than {score} of 10,000."));
    }
    say(!must.filled.is_empty(), format!("Everybody has filled in {}.", listed(&must.filled, "and")));
    must.never.iter().for_each(|(one, other)| say(true, format!("{one} and {other} are never paired.")));
    must.lock.iter().for_each(|(mentee, mentor)| say(true, format!("{mentee} is paired with {mentor}.")));
    for floor in &rules.floors {
        let least = match floor.least {
            AtLeast::People(1) => "at least one person is matched".to_owned(),
            AtLeast::People(people) => format!("at least {people} people are matched"),
            AtLeast::PerCent(share) => format!("at least {share} of a hundred people are matched"),
        };
        let group = floor.group.as_ref().map_or_else(|| format!("every {}", floor.column), |group| format!("{} “{group}”", floor.column));
        say(true, format!("Of {group}, {least}."));
    }
    say(true, "A cell that says nothing breaks no rule.".into());
    said
}

fn seats(rules: &Rules) -> Vec<String> {
    let seats = &rules.seats;
    let mut said = vec![format!("A mentor has as many seats as the sheet says, {} where it says nothing.", seats.each)];
    if let Some(most) = seats.most {
        said.push(format!("No mentor has more than {most}."));
    }
    if seats.least > 0 {
        said.push(format!("Every mentor gets at least {}.", people(seats.least, "mentee")));
    }
    said.push(format!("A mentee gets up to {}, unless the sheet says otherwise.", people(seats.mentors, "mentor")));
    if seats.mentors_least > 0 {
        said.push(format!("Every mentee gets at least {}.", people(seats.mentors_least, "mentor")));
    }
    said
}

fn score(rules: &Rules) -> Vec<String> {
    let total: u32 = rules.score.iter().map(|term| u32::from(term.weight)).sum();
    let mut said: Vec<String> = rules.score.iter().map(|term| format!("{}: {}.", term.weight, sentence(&term.kind, term.serves))).collect();
    if total == 0 {
        said.push("Nothing counts: every pair that may be made is as good as any other.".into());
    } else {
        said.push(
            "A score from 0 to 10,000 is the mean of these by their weights, reckoned once for the mentee and once for the mentor; the two meet in their harmonic mean, which is near the smaller."
                .into(),
        );
        said.push("Where a cell says nothing, half is counted; who names no wishes leaves them out.".into());
    }
    said
}

fn sentence(kind: &Kind, serves: Serves) -> String {
    let what = match kind {
        Kind::Skills => "the mentor offers what the mentee wants; three wishes well served are enough".into(),
        Kind::Goals => "the mentor’s experience is about what the mentee hopes for, by its meaning".into(),
        Kind::Hours { enough } => format!("time in common; {} a week are enough", hours(*enough)),
        Kind::Languages => "a language in common".into(),
        Kind::Interests { enough } => format!("interests in common; {enough} are enough"),
        Kind::Zone { none_at } => format!("clocks that are near; {} apart count nothing", hours(*none_at)),
        Kind::Seniority { points } => {
            let points: Vec<String> = points.iter().map(|(step, worth)| format!("{step} for {worth} of a hundred")).collect();
            format!("the steps the mentor stands above the mentee: {}", points.join(", "))
        }
        Kind::MenteeWishes => "whom the mentee named, the first wish most".into(),
        Kind::MentorWishes => "whom the mentor named, the first wish most".into(),
        Kind::Same(column) => format!("the same {column}"),
        Kind::Differ(column) => format!("another {column}"),
        Kind::Near { column, within } => format!("near in {column}; {} apart counts nothing", f64::from(*within) / 100.0),
    };
    match (serves, kind) {
        (Serves::Mentee, Kind::MenteeWishes) | (Serves::Mentor, Kind::MentorWishes) | (Serves::Both, _) => what,
        (Serves::Mentee, _) => format!("{what}; counts for the mentee"),
        (Serves::Mentor, _) => format!("{what}; counts for the mentor"),
    }
}

fn aim(rules: &Rules) -> Vec<String> {
    let aim = &rules.aim;
    let mut said = vec!["What must hold always holds.".to_owned()];
    said.push(match aim.worth {
        None => "Then, as many people as possible are matched; who has priority counts for more than one.".into(),
        Some(worth) => format!("Matching one more person is worth {worth} points of score."),
    });
    if aim.raise_worst > 0 {
        said.push(format!(
            "The worst pair is made as good as can be, at a loss of at most {} of a hundred of the sum.",
            f64::from(aim.raise_worst) / 10.0
        ));
    }
    said.push("Then, the scores together are as high as can be.".into());
    if aim.keep > 0 {
        said.push(format!("A pair that stays as it was counts {} points more.", aim.keep));
    }
    if aim.balance {
        said.push("Among equals, mentees are spread over mentors.".into());
    }
    said.push("Among equals, as many pairs as possible stay as they were.".into());
    said.push(format!(
        "What is still equal is drawn by lot, with the seed {}: the same sheets give the same pairs, whatever the order of their lines.",
        aim.seed
    ));
    said
}

fn hours(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (1, 0) => "an hour".into(),
        (0, minutes) => format!("{minutes} minutes"),
        (hours, 0) => format!("{hours} hours"),
        (hours, minutes) => format!("{hours}:{minutes:02} hours"),
    }
}

fn steps(count: i32) -> String {
    if count == 1 { "1 step".into() } else { format!("{count} steps") }
}

fn people(count: u32, who: &str) -> String {
    if count == 1 { format!("one {who}") } else { format!("{count} {who}s") }
}

fn listed(words: &[String], last: &str) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., end] => format!("{} {last} {end}", most.join(", ")),
    }
}
