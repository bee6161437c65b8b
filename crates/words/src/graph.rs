//! The skills graph: pure, in memory, never changed after it is built.
//!
//! | question                     | answer        | cost                                                    |
//! |------------------------------|---------------|---------------------------------------------------------|
//! | which skill is this word?    | `find`        | one folding, one to three hash look-ups                  |
//! | what might they be typing?   | `suggest`     | one pass over 3,600 words, 0.1 ms; to 1 ms with errors |
//! | which skills are in a text?  | `recognise`   | tokens x longest alias in words, hash look-ups          |
//! | how near are two skills?     | `nearness`    | binary search in a row of at most a few hundred         |
//! | all that lies in / around?   | `narrower_closure`, `broader_closure` | a slice, computed once          |
//!
//! Skills have dense numbers (`Slot`), so a directory of a million people keeps two bytes a skill and a query becomes
//! a table of scores indexed by slot. A slot means something only beside the graph it came from; ids are for storage.
//!
//! The words and relations are in `graph.txt`, which also explains its format. A place adds its own skills and merges
//! with [`Graph::with`], which builds a new graph: that happens when a coordinator edits the list, not in a request.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use unicode_normalization::char::is_combining_mark;

use crate::fold::fold;

/// The place of a skill in one graph, from 0. Not for storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slot(pub u16);

impl Slot {
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A part of the world of work, as a heading in lists ("Health and care").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub id: Box<str>,
    pub name: Box<str>,
}

#[derive(Debug, Clone)]
pub struct Skill {
    pub slot: Slot,
    /// For URLs and storage; never changes.
    pub id: Box<str>,
    /// As shown to people.
    pub name: Box<str>,
    /// Index into [`Graph::fields`].
    pub field: usize,
    /// Other words for it, as written in the data.
    pub words: Vec<Box<str>>,
    /// One step up, one step down, and to the side; sorted by slot except `broader`, whose first is the main one.
    pub broader: Vec<Slot>,
    pub narrower: Vec<Slot>,
    pub related: Vec<Slot>,
    /// Added by this place, not shipped.
    pub own: bool,
}

/// A skill that a place added for itself.
#[derive(Debug, Clone, Default)]
pub struct OwnSkill {
    pub id: String,
    pub name: String,
    /// Id of a field; an unknown one puts the skill under "Other".
    pub field: String,
    pub words: Vec<String>,
    pub broader: Vec<String>,
    pub related: Vec<String>,
}

/// "When our people write this word, they mean that skill."
#[derive(Debug, Clone)]
pub struct Merge {
    pub word: String,
    pub into: String,
}

/// A skill found inside a sentence, and where (bytes of the original text, on character boundaries).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub skill: Slot,
    pub span: Range<usize>,
}

/// A place may add this many skills; what comes after is left out. Slots are 16 bits and the shipped graph is small.
pub const MOST_OWN_SKILLS: usize = 20_000;
/// Longer searches and words are cut here.
const LONGEST_WORD: usize = 60;
/// `recognise` reads this many words of a text.
const MOST_TOKENS: usize = 2_000;

#[derive(Debug, Clone)]
pub struct Graph {
    fields: Vec<Field>,
    skills: Vec<Skill>,
    ids: HashMap<Box<str>, Slot>,
    /// Every way to write a skill, in the order of the data. Each key once.
    words: Vec<Word>,
    by_key: HashMap<Arc<str>, u32>,
    longest_alias: usize,
    broader_closure: Vec<Box<[Slot]>>,
    narrower_closure: Vec<Box<[Slot]>>,
    /// For a wanted skill, every offered skill with points above zero, sorted by slot.
    near: Vec<Box<[(Slot, u8)]>>,
}

#[derive(Debug, Clone)]
struct Word {
    key: Arc<str>,
    /// Where the second, third ... word begins inside the key, in bytes.
    starts: Box<[u8]>,
    skill: Slot,
    is_name: bool,
    everyday: bool,
}

static SHIPPED: LazyLock<Graph> = LazyLock::new(|| Graph::read(include_str!("graph.txt")).0);

impl Graph {
    /// The graph that comes with Chiron, built once.
    pub fn shipped() -> &'static Graph {
        &SHIPPED
    }

    /// This graph with a place's own skills and merges. Nothing here fails, because an upgrade may bring a word that a
    /// place had added before: an own skill whose id or name is already known becomes another word for the known one
    /// (its id still finds it), a merge may take a word away from where it was, and a relation to an unknown skill or
    /// one that would close a circle is left out. Slots of `self` stay as they are; own skills follow in their order.
    pub fn with(&self, own: &[OwnSkill], merges: &[Merge]) -> Graph {
        let mut graph = self.clone();
        let own = &own[..own.len().min(MOST_OWN_SKILLS)];
        for skill in own {
            let known = graph.by_id(&skill.id).or_else(|| graph.find(&skill.name)).map(|s| s.slot);
            let slot = match known {
                Some(slot) => {
                    graph.ids.entry(skill.id.as_str().into()).or_insert(slot);
                    slot
                }
                None => {
                    let field = graph.field_or_other(&skill.field);
                    let Some(slot) = graph.add(&skill.id, &skill.name, field, true) else { break };
                    slot
                }
            };
            graph.word(slot, &skill.name, false);
            for word in &skill.words {
                graph.word(slot, word, false);
            }
        }
        for skill in own {
            let Some(slot) = graph.by_id(&skill.id).map(|s| s.slot) else { continue };
            for broader in &skill.broader {
                graph.relate(slot, broader, Relation::Broader);
            }
            for related in &skill.related {
                graph.relate(slot, related, Relation::Related);
            }
        }
        for merge in merges {
            let Some(slot) = graph.by_id(&merge.into).map(|s| s.slot) else { continue };
            let key = key(&merge.word);
            match graph.by_key.get(key.as_str()) {
                Some(&at) => graph.words[at as usize].skill = slot,
                None => {
                    graph.word(slot, &merge.word, false);
                }
            }
        }
        graph.close();
        graph
    }

    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    pub fn skills(&self) -> &[Skill] {
        &self.skills
    }

    pub fn len(&self) -> usize {
        self.skills.len()
    }

    pub fn is_empty(&self) -> bool {
        self.skills.is_empty()
    }

    /// `None` for a slot of another, larger graph.
    pub fn skill(&self, slot: Slot) -> Option<&Skill> {
        self.skills.get(slot.index())
    }

    pub fn by_id(&self, id: &str) -> Option<&Skill> {
        self.ids.get(id).and_then(|slot| self.skill(*slot))
    }

    /// The skill a person means with this word, whatever its capitals, accents, spaces and punctuation; an English
    /// plural is as good as the singular. Does not guess at typing errors: `suggest` does.
    pub fn find(&self, word: &str) -> Option<&Skill> {
        let key = key(word);
        if let Some(at) = self.look_up(&key) {
            return self.skill(self.words[at].skill);
        }
        self.by_id(&fold(word))
    }

    /// What somebody may be about to type, best first: the very word, then names that begin with it, other words
    /// that begin with it, later words of a name, and at last spelling errors (one in four to seven letters, two in
    /// longer words; two letters swapped count as one), and those only when nothing else fits.
    pub fn suggest(&self, typed: &str, most: usize) -> Vec<&Skill> {
        let typed = key(typed);
        if typed.is_empty() || most == 0 {
            return Vec::new();
        }
        let mut best: HashMap<Slot, Rank> = HashMap::new();
        for word in &self.words {
            if let Some(kind) = kinship(&typed, word) {
                let rank = Rank { kind, errors: 0, rest: word.key.len() - typed.len() };
                best.entry(word.skill).and_modify(|known| *known = rank.min(*known)).or_insert(rank);
            }
        }
        // Guessing beside a good answer would only offer strange things.
        if best.is_empty() {
            let letters: Vec<char> = typed.chars().collect();
            let allowed = errors_allowed(letters.len());
            for word in self.words.iter().filter(|_| allowed > 0) {
                if let Some((errors, whole)) = spelling_errors(&letters, &word.key, allowed) {
                    let kind = if whole { Kinship::Misspelt } else { Kinship::MisspeltStart };
                    let rank = Rank { kind, errors, rest: word.key.len() };
                    best.entry(word.skill).and_modify(|known| *known = rank.min(*known)).or_insert(rank);
                }
            }
        }
        let mut ranked: Vec<(Rank, &Skill)> = best.into_iter().filter_map(|(slot, rank)| Some((rank, self.skill(slot)?))).collect();
        ranked.sort_by(|(a, one), (b, two)| a.cmp(b).then_with(|| one.name.cmp(&two.name)));
        ranked.into_iter().take(most).map(|(_, skill)| skill).collect()
    }

    /// The skills named in a free sentence, in the order of the text, longest names first ("React Native" is not
    /// "React"). Cautious where a word also means something else: see the first lines of `graph.txt`. A language to
    /// learn is not meant by "in Spanish" or "Spanish-speaking", which say in which language people wish to talk.
    pub fn recognise(&self, text: &str) -> Vec<Found> {
        let tokens = tokens(text);
        let mut candidates = Vec::new();
        let mut at = 0;
        let mut joined = String::new();
        while at < tokens.len() {
            let mut longest = None;
            joined.clear();
            for (end, token) in tokens.iter().enumerate().skip(at).take(self.longest_alias) {
                if end > at && token.after_break {
                    break;
                }
                joined.push_str(&token.key);
                // Short names never span two words: "a r" is not "AR".
                if end > at && joined.len() < 4 {
                    continue;
                }
                if let Some(word) = self.look_up(&joined) {
                    longest = Some((end + 1, word));
                }
            }
            match longest {
                Some((end, word)) => {
                    candidates.push((at, end, word));
                    at = end;
                }
                None => at += 1,
            }
        }
        self.sure(&tokens, candidates)
    }

    /// How far an offered skill serves somebody who wants another, 0 to 100. The same: 100. Inside the wanted one: 80,
    /// 65, 55 with each step ("React" for "Front-end"). Around it: 55, 35, 20, because the broad word may leave out
    /// just this part, and less where very much lies inside it: "Software development" says little of any one corner.
    /// Related: 50. Beside it under one parent: 40 under a small parent, less under a wide one, where having a parent in
    /// common says little. Several ways: the best counts.
    pub fn nearness(&self, wanted: Slot, offered: Slot) -> u8 {
        let row = self.near(wanted);
        row.binary_search_by_key(&offered, |(slot, _)| *slot).map_or(0, |at| row[at].1)
    }

    /// All offered skills with a nearness above zero for a wanted one, sorted by slot, itself included.
    pub fn near(&self, wanted: Slot) -> &[(Slot, u8)] {
        self.near.get(wanted.index()).map_or(&[], |row| row)
    }

    /// Everything this skill is part of, nearest first, without itself.
    pub fn broader_closure(&self, slot: Slot) -> &[Slot] {
        self.broader_closure.get(slot.index()).map_or(&[], |row| row)
    }

    /// Everything inside this skill, nearest first, without itself.
    pub fn narrower_closure(&self, slot: Slot) -> &[Slot] {
        self.narrower_closure.get(slot.index()).map_or(&[], |row| row)
    }

    fn look_up(&self, key: &str) -> Option<usize> {
        let known = |key: &str| self.by_key.get(key).map(|at| *at as usize);
        known(key).or_else(|| {
            // English plurals, in longer words only: "rail" is not "Rails".
            if key.len() < 5 || !key.is_ascii() {
                return None;
            }
            key.strip_suffix('s').and_then(known).or_else(|| known(&format!("{key}s")))
        })
    }

    /// Drops candidates that are probably everyday words.
    fn sure(&self, tokens: &[Token], candidates: Vec<(usize, usize, usize)>) -> Vec<Found> {
        let field = |word: usize| self.skill(self.words[word].skill).map_or(usize::MAX, |skill| skill.field);
        let sure_fields: BTreeSet<usize> =
            candidates.iter().filter(|(.., word)| !self.words[*word].everyday).map(|(.., word)| field(*word)).collect();
        let tongues = self.fields.iter().position(|field| &*field.id == "languages");
        let capitals = tokens.iter().filter(|token| token.capital).count();
        // "Building Great Web Products": in a title the capitals say nothing.
        let is_title = tokens.len() >= 4 && capitals * 3 > tokens.len() * 2;
        let mut spoken_until = 0;
        let mut found = Vec::new();
        for (start, end, word) in candidates {
            let next = tokens.get(end).filter(|next| !next.after_break).map_or("", |next| &*next.key);
            let before = start.checked_sub(1).map_or("", |before| &*tokens[before].key);
            if tongues == Some(field(word)) && end - start == 1 {
                let goes_on = spoken_until > 0
                    && (spoken_until == start
                        || (spoken_until + 1 == start && ["and", "or", "und", "oder", "y", "o", "et", "ou"].contains(&before)));
                if goes_on || SPOKEN_BEFORE.contains(&before) || SPOKEN_AFTER.contains(&next) {
                    spoken_until = end;
                    continue;
                }
            }
            if self.words[word].everyday {
                // "Python, go, rust" or "Python and go": an item of a list, nothing else in it.
                let (this, after) = (&tokens[start], tokens.get(end));
                let alone = this.starts_item() && after.is_none_or(|after| after.starts_item() || is_and(&after.key))
                    || is_and(before) && after.is_none_or(Token::starts_item);
                let whole_text = start == 0 && end == tokens.len();
                let in_sentence = tokens[start].capital && !tokens[start].first && !is_title;
                let of_work = WORK_WORDS.contains(&next);
                if !(whole_text || in_sentence || of_work || alone && sure_fields.contains(&field(word))) {
                    continue;
                }
            }
            found.push(Found { skill: self.words[word].skill, span: tokens[start].span.start..tokens[end - 1].span.end });
        }
        found
    }

    fn field_or_other(&mut self, id: &str) -> usize {
        if let Some(at) = self.fields.iter().position(|field| &*field.id == id) {
            return at;
        }
        if let Some(at) = self.fields.iter().position(|field| &*field.id == "other") {
            return at;
        }
        self.fields.push(Field { id: "other".into(), name: "Other".into() });
        self.fields.len() - 1
    }

    fn add(&mut self, id: &str, name: &str, field: usize, own: bool) -> Option<Slot> {
        let slot = Slot(u16::try_from(self.skills.len()).ok()?);
        self.ids.insert(id.into(), slot);
        self.skills.push(Skill {
            slot,
            id: id.into(),
            name: name.into(),
            field,
            words: Vec::new(),
            broader: Vec::new(),
            narrower: Vec::new(),
            related: Vec::new(),
            own,
        });
        Some(slot)
    }

    /// Makes the word find the skill; `false` when it already finds one.
    fn word(&mut self, skill: Slot, word: &str, everyday: bool) -> bool {
        let key = key(word);
        if key.is_empty() || self.by_key.contains_key(key.as_str()) {
            return false;
        }
        let is_name = self.skills[skill.index()].name.as_ref() == word;
        if !is_name {
            self.skills[skill.index()].words.push(word.into());
        }
        let (starts, count) = word_starts(word);
        self.longest_alias = self.longest_alias.max(count);
        let key: Arc<str> = key.into();
        // At most 65,535 skills with a handful of words each.
        self.by_key.insert(Arc::clone(&key), self.words.len() as u32);
        self.words.push(Word { key, starts, skill, is_name, everyday });
        true
    }

    fn relate(&mut self, from: Slot, to: &str, relation: Relation) -> bool {
        let Some(to) = self.by_id(to).map(|skill| skill.slot) else { return false };
        if to == from {
            return false;
        }
        match relation {
            Relation::Broader => {
                if self.climbs_to(to, from) {
                    return false;
                }
                push_once(&mut self.skills[from.index()].broader, to);
                push_once(&mut self.skills[to.index()].narrower, from);
            }
            Relation::Related => {
                push_once(&mut self.skills[from.index()].related, to);
                push_once(&mut self.skills[to.index()].related, from);
            }
        }
        true
    }

    fn climbs_to(&self, from: Slot, goal: Slot) -> bool {
        from == goal
            || walk(from, &mut vec![false; self.skills.len()], |slot| &self.skills[slot.index()].broader)
                .iter()
                .any(|(slot, _)| *slot == goal)
    }

    /// Computes closures and nearness from the relations.
    fn close(&mut self) {
        let count = self.skills.len();
        let mut seen = vec![false; count];
        let up: Vec<_> = (0..count).map(|at| walk(self.skills[at].slot, &mut seen, |slot| &self.skills[slot.index()].broader)).collect();
        let down: Vec<_> = (0..count).map(|at| walk(self.skills[at].slot, &mut seen, |slot| &self.skills[slot.index()].narrower)).collect();
        let mut points = vec![0u8; count];
        let mut touched: Vec<Slot> = Vec::new();
        self.near = (0..count)
            .map(|at| {
                let skill = &self.skills[at];
                let mut give = |slot: Slot, value: u8| {
                    if points[slot.index()] == 0 {
                        touched.push(slot);
                    }
                    points[slot.index()] = points[slot.index()].max(value);
                };
                give(skill.slot, 100);
                for (slot, steps) in &down[at] {
                    give(*slot, [80, 65, 55][usize::from(*steps - 1).min(2)]);
                }
                for (slot, steps) in &up[at] {
                    let values = match down[slot.index()].len() {
                        ..=50 => [55, 35, 20],
                        51..=100 => [36, 23, 13],
                        _ => [18, 11, 6],
                    };
                    give(*slot, values[usize::from(*steps - 1).min(2)]);
                }
                for slot in &skill.related {
                    give(*slot, 50);
                }
                for parent in &skill.broader {
                    let siblings = &self.skills[parent.index()].narrower;
                    let value = match siblings.len() {
                        ..=12 => 40,
                        13..=24 => 25,
                        _ => 10,
                    };
                    for slot in siblings {
                        give(*slot, value);
                    }
                }
                touched.sort_unstable();
                touched.drain(..).map(|slot| (slot, std::mem::take(&mut points[slot.index()]))).collect()
            })
            .collect();
        let slots = |walks: Vec<Vec<(Slot, u8)>>| walks.into_iter().map(|walk| walk.into_iter().map(|(slot, _)| slot).collect()).collect();
        self.broader_closure = slots(up);
        self.narrower_closure = slots(down);
    }

    /// Reads the data file. Returns what is wrong with it too, so that one test can insist on nothing; at run time a
    /// bad line is left out rather than stopping the place.
    fn read(text: &str) -> (Graph, Vec<String>) {
        let mut graph = Graph {
            fields: Vec::new(),
            skills: Vec::new(),
            ids: HashMap::new(),
            words: Vec::new(),
            by_key: HashMap::new(),
            longest_alias: 1,
            broader_closure: Vec::new(),
            narrower_closure: Vec::new(),
            near: Vec::new(),
        };
        let mut complaints = Vec::new();
        let mut relations = Vec::new();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Some(heading) = line.strip_prefix("== ") {
                let (id, name) = heading.split_once(" | ").unwrap_or((heading, heading));
                graph.fields.push(Field { id: id.into(), name: name.into() });
                continue;
            }
            let mut cells = line.split('|').map(str::trim);
            let (Some(id), Some(name)) = (cells.next(), cells.next()) else { continue };
            let (broader, words, related) = (cells.next().unwrap_or(""), cells.next().unwrap_or(""), cells.next().unwrap_or(""));
            if cells.next().is_some() || graph.fields.is_empty() || graph.ids.contains_key(id) {
                complaints.push(format!("{id}: known already, outside a field, or too many cells"));
                continue;
            }
            let (name, everyday) = name.strip_prefix('!').map_or((name, false), |name| (name, true));
            let Some(slot) = graph.add(id, name, graph.fields.len() - 1, false) else { continue };
            let written = std::iter::once((name, everyday)).chain(
                words
                    .split(',')
                    .map(str::trim)
                    .filter(|word| !word.is_empty())
                    .map(|word| word.strip_prefix('!').map_or((word, false), |word| (word, true))),
            );
            for (word, everyday) in written {
                if !graph.word(slot, word, everyday) {
                    complaints.push(format!("{id}: the word {word:?} is there twice"));
                }
            }
            relations.extend(broader.split_whitespace().map(|to| (slot, to, Relation::Broader)));
            relations.extend(related.split_whitespace().map(|to| (slot, to, Relation::Related)));
        }
        for (from, to, relation) in relations {
            if !graph.relate(from, to, relation) {
                complaints.push(format!("{}: {to} is unknown or closes a circle", graph.skills[from.index()].id));
            }
        }
        graph.close();
        (graph, complaints)
    }
}

#[derive(Clone, Copy)]
enum Relation {
    Broader,
    Related,
}

/// A word reduced to what distinguishes it: folded, without spaces and punctuation, with the signs that are part of
/// names spelt out ("C++", "C#", "R&D").
fn key(word: &str) -> String {
    let mut key = String::with_capacity(word.len());
    let mut letter_before = false;
    for c in fold(word).chars().take(LONGEST_WORD) {
        match c {
            '#' if letter_before => key.push_str("sharp"),
            '+' if !key.is_empty() => key.push_str("plus"),
            '&' if !key.is_empty() => key.push_str("and"),
            c if is_letter(c) => key.push(c),
            _ => {}
        }
        letter_before = is_letter(c);
    }
    key
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Where later words begin inside the key, and how many words there are.
fn word_starts(word: &str) -> (Box<[u8]>, usize) {
    let mut starts = Vec::new();
    let mut length = 0;
    let mut count = 0;
    for part in word.split(|c: char| !is_letter(c) && !matches!(c, '#' | '+' | '&')).map(key).filter(|part| !part.is_empty()) {
        if length > 0 {
            starts.extend(u8::try_from(length));
        }
        length += part.len();
        count += 1;
    }
    (starts.into(), count)
}

fn push_once(slots: &mut Vec<Slot>, slot: Slot) {
    if !slots.contains(&slot) {
        slots.push(slot);
    }
}

/// Everything reachable from a skill with the number of steps, nearest first, without itself. `seen` is a scratch list
/// of one cell a skill, all `false`, and is given back so: a set would cost more than the walk.
fn walk<'a>(from: Slot, seen: &mut [bool], next: impl Fn(Slot) -> &'a [Slot]) -> Vec<(Slot, u8)> {
    let mut reached: Vec<(Slot, u8)> = vec![(from, 0)];
    seen[from.index()] = true;
    let mut at = 0;
    while let Some(&(slot, steps)) = reached.get(at) {
        for &to in next(slot) {
            if !std::mem::replace(&mut seen[to.index()], true) {
                reached.push((to, steps.saturating_add(1)));
            }
        }
        at += 1;
    }
    reached.iter().for_each(|(slot, _)| seen[slot.index()] = false);
    reached.remove(0);
    reached
}

/// How a typed word relates to a known one, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kinship {
    Name,
    Alias,
    NameStart,
    AliasStart,
    InName,
    InAlias,
    Misspelt,
    MisspeltStart,
}

/// Among equals fewer errors, then the word with least left to type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    kind: Kinship,
    errors: usize,
    rest: usize,
}

fn kinship(typed: &str, word: &Word) -> Option<Kinship> {
    let choose = |name, alias| Some(if word.is_name { name } else { alias });
    if *word.key == *typed {
        return choose(Kinship::Name, Kinship::Alias);
    }
    if word.key.starts_with(typed) {
        return choose(Kinship::NameStart, Kinship::AliasStart);
    }
    if word.starts.iter().any(|start| word.key.get(usize::from(*start)..).is_some_and(|rest| rest.starts_with(typed))) {
        return choose(Kinship::InName, Kinship::InAlias);
    }
    None
}

fn errors_allowed(letters: usize) -> usize {
    match letters {
        ..4 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// The fewest spelling errors between what was typed and the word, or its beginning; `true` for the whole word.
/// Restricted Damerau-Levenshtein distance (insert, leave out, change, swap two neighbours) in a band around the
/// diagonal, given up as soon as a row is past the bound: a handful of steps for most words.
fn spelling_errors(typed: &[char], word: &str, allowed: usize) -> Option<(usize, bool)> {
    const WIDTH: usize = LONGEST_WORD + 4;
    let mut letters = ['\0'; WIDTH];
    let mut length = 0;
    let mut whole = true;
    for c in word.chars() {
        if length == WIDTH - 1 || length == typed.len() + allowed {
            whole = false;
            break;
        }
        letters[length] = c;
        length += 1;
    }
    if length + allowed < typed.len() || typed.len() > LONGEST_WORD {
        return None;
    }
    // Small cells: clearing a row is then one vector store, which is most of the work for words given up early.
    let past = allowed as u8 + 1;
    let mut rows = [[past; WIDTH]; 3];
    for (cell, errors) in rows[0].iter_mut().zip(0..past).take(length + 1) {
        *cell = errors;
    }
    for i in 1..=typed.len() {
        let (now, before, twice) = (i % 3, (i + 2) % 3, (i + 1) % 3);
        rows[now] = [past; WIDTH];
        let mut best = past;
        for j in i.saturating_sub(allowed)..=length.min(i + allowed) {
            let mut cell = rows[before][j] + 1;
            if j > 0 {
                cell = cell.min(rows[now][j - 1] + 1).min(rows[before][j - 1] + u8::from(typed[i - 1] != letters[j - 1]));
                if i > 1 && j > 1 && typed[i - 1] == letters[j - 2] && typed[i - 2] == letters[j - 1] {
                    cell = cell.min(rows[twice][j - 2] + 1);
                }
            }
            rows[now][j] = cell.min(past);
            best = best.min(cell);
        }
        if best >= past {
            return None;
        }
    }
    let last = &rows[typed.len() % 3];
    if whole && last[length] < past {
        return Some((usize::from(last[length]), true));
    }
    // A beginning: the first letter must be right, or short words would begin like everything.
    if typed[0] != letters[0] {
        return None;
    }
    last[..=length].iter().min().filter(|errors| **errors < past).map(|errors| (usize::from(*errors), false))
}

/// "In Spanish", "hablo inglés": the language of the conversation, not a language to learn.
const SPOKEN_BEFORE: [&str; 18] = [
    "in", "on", "auf", "en", "em", "speak", "speaks", "speaking", "spoken", "spreche", "spricht", "hablo", "habla", "parle", "falo",
    "fluent", "native", "via",
];
const SPOKEN_AFTER: [&str; 6] = ["speaking", "speaker", "speakers", "spoken", "native", "sprachig"];
/// What follows a skill when a trade is meant: "rust developer".
const WORK_WORDS: [&str; 19] = [
    "developer",
    "developers",
    "development",
    "programming",
    "programmer",
    "engineer",
    "engineers",
    "engineering",
    "code",
    "coding",
    "app",
    "apps",
    "framework",
    "skills",
    "expert",
    "projects",
    "entwickler",
    "entwicklerin",
    "desarrollador",
];

#[derive(Debug)]
struct Token {
    key: String,
    span: Range<usize>,
    capital: bool,
    /// First word of a sentence.
    first: bool,
    /// A comma, bracket, full stop or new line stands before it: no name goes across.
    after_break: bool,
    /// A slash stands before it, which joins ("UX/UI") and lists ("Go/Rust") alike.
    after_slash: bool,
}

impl Token {
    fn starts_item(&self) -> bool {
        self.after_break || self.after_slash
    }
}

fn is_and(word: &str) -> bool {
    matches!(word, "and" | "or" | "und" | "oder" | "y" | "et" | "ou" | "e")
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let (mut first, mut after_break, mut after_slash) = (true, true, false);
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if !c.is_alphanumeric() {
            let next_is_letter = chars.peek().is_some_and(|(_, next)| next.is_alphanumeric());
            match c {
                // "React.js" and ".NET" go on; "data. Then" does not.
                '.' if next_is_letter => {}
                '.' | '!' | '?' | '\n' | '\r' | '•' | '…' => (first, after_break) = (true, true),
                ',' | ';' | ':' | '(' | ')' | '[' | ']' | '|' | '"' | '“' | '”' | '«' | '»' | '·' | '–' | '—' | '，' | '、' | '،'
                | '。' => after_break = true,
                '/' => after_slash = true,
                _ => {}
            }
            continue;
        }
        let mut end = start + c.len_utf8();
        // Letters with their marks, and the signs that belong to a name: "C++", "F#", "R&D".
        while let Some((at, next)) = chars.peek().copied() {
            let belongs = is_letter(next) || matches!(next, '#' | '+') || next == '&' && text[at + 1..].starts_with(is_letter);
            if !belongs {
                break;
            }
            end = at + next.len_utf8();
            chars.next();
        }
        let dotted = text[..start].ends_with('.') && !text[..start - 1].ends_with(is_letter);
        let key = key(&text[start..end]);
        tokens.push(Token {
            key,
            span: start..end,
            capital: c.is_uppercase() || dotted,
            first: first && !dotted,
            after_break,
            after_slash,
        });
        (first, after_break, after_slash) = (false, false, false);
        if tokens.len() == MOST_TOKENS {
            break;
        }
    }
    tokens
}

#[cfg(test)]
mod tests;
