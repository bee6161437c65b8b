//! What someone wrote in a reply, without what they replied to and without their signature. Mail has no standard for
//! either, so these are the forms that the common programs write, in the languages they write them in. When in doubt
//! a line stays: a quotation too much is read over, a sentence too little is lost. Pure.

/// Lines that introduce what is quoted below: how they begin, and a word they hold. They end in a colon, at most two
/// lines further down, and name a date or an address, which tells them from a sentence with the same words.
const INTRODUCTIONS: [(&str, &str); 13] = [
    ("", " wrote"),
    ("on ", "wrote"),
    ("am ", "schrieb"),
    ("", " schrieb"),
    ("le ", "a écrit"),
    ("el ", "escribió"),
    ("em ", "escreveu"),
    ("il ", "ha scritto"),
    ("op ", "schreef"),
    ("w dniu ", "napisał"),
    ("dnia ", "napisał"),
    ("den ", "skrev"),
    ("dne ", "napsal"),
];

/// First lines of the block that Outlook puts above what is quoted, with the line that must follow within three.
const BLOCKS: [(&str, &[&str]); 7] = [
    ("from:", &["sent:", "date:", "to:"]),
    ("von:", &["gesendet:", "datum:", "an:"]),
    ("de :", &["envoyé :", "date :", "à :"]),
    ("de:", &["enviado:", "enviado el:", "fecha:", "para:", "envoyé:", "date:", "à:"]),
    ("da:", &["inviato:", "data:", "a:"]),
    ("van:", &["verzonden:", "datum:", "aan:"]),
    ("from :", &["sent :", "date :", "to :"]),
];

/// Lines after which nothing is the writer's own.
const ENDS: [&str; 8] = [
    "-----original message-----",
    "-----ursprüngliche nachricht-----",
    "-----message d'origine-----",
    "-----mensaje original-----",
    "---------- forwarded message ---------",
    "________________________________",
    "begin forwarded message:",
    "anfang der weitergeleiteten nachricht:",
];

/// What phones put under everything.
const SENT_FROM: [&str; 8] = [
    "sent from my ",
    "sent via ",
    "get outlook for ",
    "von meinem ",
    "gesendet von ",
    "envoyé de mon ",
    "enviado desde mi ",
    "enviado do meu ",
];

pub fn own_words(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let lower: Vec<String> = lines.iter().map(|l| l.trim().replace('\u{a0}', " ").to_lowercase()).collect();
    let end = (0..lines.len()).find(|i| ends_here(&lower, *i)).unwrap_or(lines.len());
    let mut own: Vec<&str> = lines[..end].to_vec();
    // Answers between quoted lines keep their order; the quoted lines go.
    own.retain(|line| !line.trim_start().starts_with('>'));
    while own.last().is_some_and(|line| line.trim().is_empty() || is_sent_from(line)) {
        own.pop();
    }
    let start = own.iter().position(|line| !line.trim().is_empty()).unwrap_or(own.len());
    let mut words = String::new();
    let mut empty = 0;
    for line in &own[start..] {
        empty = if line.trim().is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            words.push_str(line);
            words.push('\n');
        }
    }
    words.truncate(words.trim_end().len());
    words
}

/// Whether from this line on nothing is the writer's own.
fn ends_here(lower: &[String], i: usize) -> bool {
    let line = lower[i].as_str();
    // “-- ” before a signature; its space is often lost on the way.
    line == "--" || ENDS.contains(&line) || introduces(lower, i) || block(lower, i)
}

fn introduces(lower: &[String], i: usize) -> bool {
    let lines = lower[i..].iter().take(3).take_while(|line| !line.is_empty());
    let Some(last) = lines.enumerate().find_map(|(k, line)| line.ends_with(':').then_some(i + k)) else { return false };
    let whole = lower[i..=last].join(" ");
    let dated = whole.chars().any(|c| c.is_ascii_digit() || c == '@');
    dated && INTRODUCTIONS.iter().any(|(begin, word)| whole.starts_with(begin) && whole.contains(word) && (!begin.is_empty() || last == i))
}

fn block(lower: &[String], i: usize) -> bool {
    let line = lower[i].trim_start_matches('*');
    BLOCKS.iter().any(|(first, next)| {
        line.starts_with(first) && lower[i + 1..].iter().take(3).any(|l| next.iter().any(|n| l.trim_start_matches('*').starts_with(n)))
    })
}

fn is_sent_from(line: &str) -> bool {
    let line = line.trim().to_lowercase();
    line.len() < 80 && SENT_FROM.iter().any(|begin| line.starts_with(begin))
}

#[cfg(test)]
mod tests {
    use super::own_words;

    #[test]
    fn what_one_wrote_is_told_from_what_one_answered() {
        for quoted in [
            "On Mon, 2 Nov 2026 at 09:00, The Village <reply+ask.x@village.example> wrote:\n> Amina asks\n> for help",
            "On Mon, 2 Nov 2026 at 09:00, The Village with a rather long name\n<reply+ask.x@village.example> wrote:\n\n> Amina asks",
            "Am 02.11.2026 um 09:00 schrieb The Village:\n> Amina fragt",
            "Am Mo., 2. Nov. 2026 um 09:00 Uhr schrieb The Village <a@b.example>:\n> Amina fragt",
            "Le lun. 2 nov. 2026 à 09:00, The Village <a@b.example> a écrit :\n> Amina demande",
            "El lun, 2 nov 2026 a las 9:00, The Village (<a@b.example>) escribió:\n> Amina pide",
            "-----Original Message-----\nFrom: The Village\nHello",
            "From: The Village <a@b.example>\nSent: Monday, 2 November 2026 09:00\nTo: Tomas\nSubject: Amina asks\n\nHello Tomas",
            "Von: The Village\nGesendet: Montag, 2. November 2026 09:00\nAn: Tomas\n\nHallo",
            "De : The Village\nEnvoyé : lundi 2 novembre 2026 09:00\nÀ : Tomas\n\nBonjour",
            "De: The Village\nEnviado el: lunes, 2 de noviembre de 2026 9:00\nPara: Tomas\n\nHola",
            "________________________________\nFrom: The Village",
            "-- \nTomas\nData person",
            "--\nTomas",
            "The Village <a@b.example> wrote:\n> Amina asks",
            "Sent from my telephone",
            "> Amina asks\n> for help",
        ] {
            assert_eq!(
                own_words(&format!("Yes, gladly.\n\nOn Friday I wrote: see above. From: here\n\n{quoted}\n")),
                "Yes, gladly.\n\nOn Friday I wrote: see above. From: here",
                "{quoted}"
            );
        }
    }

    #[test]
    fn answers_between_the_lines_stay() {
        assert_eq!(own_words("> How are you?\nFine.\n> And when?\nFriday.\n"), "Fine.\nFriday.");
    }

    #[test]
    fn only_a_quotation_is_nothing() {
        assert_eq!(own_words("\n> Hello\n\nSent from my telephone\n"), "");
        assert_eq!(own_words(""), "");
    }
}
