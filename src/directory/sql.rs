//! Every query of the directory. Searching by words is the one thing the two engines do not say alike; those
//! statements stand beside each other as a `Twin`.

use super::about;
use super::contrast::{SetAside, Why};
use super::index::{Done, Person};
use super::search::{self, Asked, Term};
use crate::app::Tx;
use crate::error::Result;
use crate::goals::GoalId;
use crate::people::{OpenTo, Value, ValueBits, Values};
use crate::viewer::PersonId;
use chiron_store::{Engine, List, Timestamp, record, sql};
use std::collections::{BTreeMap, BTreeSet};

/// One statement in both tongues.
pub struct Twin {
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

impl Twin {
    fn on(&self, engine: Engine) -> &'static str {
        match engine {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
        }
    }
}

/// Puts a document's words in place of what was there.
pub const SAVE_WORDS: Twin = Twin {
    sqlite: "insert or replace into search_texts (rowid, words) values ((select doc from search_docs where person_id = $1), $2)",
    postgres: "update search_docs set words = $2 where person_id = $1",
};
const DROP_WORDS: Twin = Twin {
    sqlite: "delete from search_texts where rowid = (select doc from search_docs where person_id = $1)",
    postgres: "update search_docs set words = '' where person_id = $1",
};
/// The newest first, because when there are too many it is they who were there last.
pub const MATCH: Twin = Twin {
    sqlite: "select rowid from search_texts where search_texts match $1 order by rowid desc limit $2",
    postgres: "select doc from search_docs where array_to_tsvector(string_to_array(words, ' ')) @@ cast(cast($1 as text) as tsquery) limit $2",
};

record!(
    /// What someone shows in words.
    struct Written {
        person: PersonId,
        name: String,
        headline: String,
        story: String,
        methods: String,
        how_i_work: String,
    }
);

/// The next people by their ids, whoever they are.
pub fn people_after(tx: &mut Tx, after: PersonId, limit: i64) -> Result<Vec<PersonId>> {
    let people: Vec<(PersonId,)> = tx.all(sql!("select id from people where id > $1 order by id limit $2"), &[&after, &limit])?;
    Ok(people.into_iter().map(|r| r.0).collect())
}

/// Makes the documents of these people anew; says how many of them are still here to have one.
pub fn write_documents(tx: &mut Tx, people: &[PersonId]) -> Result<usize> {
    let these = List::of(people)?;
    let written: Vec<Written> = tx.all(
        sql!(Written:
            "select p.id as person, p.name, f.headline, f.story, f.methods, f.how_i_work
             from people p join profiles f on f.person_id = p.id
             where p.id in {list $1 as id} and p.closed_at is null and p.forgotten_at is null"
        ),
        &[&these],
    )?;
    if written.is_empty() {
        return Ok(0);
    }
    let graph = crate::skills::graph_here(tx)?;
    let mut more: BTreeMap<PersonId, Vec<String>> = BTreeMap::new();
    let skills: Vec<(PersonId, String)> =
        tx.all(sql!("select person_id, skill from profile_skills where person_id in {list $1 as id} and side = 'offered'"), &[&these])?;
    for (person, skill) in skills {
        let name = graph.by_id(&skill).map_or(skill, |s| s.name.to_string());
        more.entry(person).or_default().push(name);
    }
    let experiences: Vec<(PersonId, String, String, String)> =
        tx.all(sql!("select person_id, moved_from, moved_into, words from experiences where person_id in {list $1 as id}"), &[&these])?;
    for (person, moved_from, moved_into, words) in experiences {
        more.entry(person).or_default().extend([moved_from, moved_into, words]);
    }
    let known: Vec<(PersonId,)> = tx.all(sql!("select person_id from search_docs where person_id in {list $1 as id}"), &[&these])?;
    let known: BTreeSet<PersonId> = known.into_iter().map(|r| r.0).collect();
    let mut vocabulary = BTreeSet::new();
    for w in &written {
        let texts = [&w.name, &w.headline, &w.story, &w.methods, &w.how_i_work];
        let document = search::document(texts.into_iter().chain(more.get(&w.person).into_iter().flatten()).map(String::as_str));
        if !known.contains(&w.person) {
            tx.execute(sql!("insert into search_docs (person_id) values ($1)"), &[&w.person])?;
        }
        let words = document.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
        let save = SAVE_WORDS.on(tx.engine());
        tx.execute(save, &[&w.person, &words])?;
        vocabulary.extend(document);
    }
    learn(tx, &vocabulary)?;
    Ok(written.len())
}

/// Remembers to write the documents of whoever offers a skill again, because its name or who has it changed.
pub fn write_again(tx: &mut Tx, skill: &str) -> Result<()> {
    tx.execute(
        sql!("insert into search_again (skill, after) values ($1, $2) on conflict (skill) do update set after = excluded.after"),
        &[&skill, &PersonId(uuid::Uuid::nil())],
    )?;
    Ok(())
}

/// A skill whose people's documents are to be written again, and after whom.
pub fn next_again(tx: &mut Tx) -> Result<Option<(String, PersonId)>> {
    Ok(tx.opt(sql!("select skill, after from search_again where skill > $1 order by skill limit 1"), &[&""])?)
}

/// They were written up to this person, or all of them.
pub fn written_again(tx: &mut Tx, skill: &str, up_to: Option<PersonId>) -> Result<()> {
    match up_to {
        Some(after) => tx.execute(sql!("update search_again set after = $2 where skill = $1"), &[&skill, &after])?,
        None => tx.execute(sql!("delete from search_again where skill = $1"), &[&skill])?,
    };
    Ok(())
}

pub fn offering_after(tx: &mut Tx, skill: &str, after: PersonId, limit: i64) -> Result<Vec<PersonId>> {
    let people: Vec<(PersonId,)> = tx.all(
        sql!("select person_id from profile_skills where skill = $1 and side = 'offered' and person_id > $2 order by person_id limit $3"),
        &[&skill, &after, &limit],
    )?;
    Ok(people.into_iter().map(|r| r.0).collect())
}

/// Who stands behind these documents, by name.
pub fn names_of_docs(tx: &mut Tx, docs: &List) -> Result<Vec<(PersonId, String)>> {
    Ok(tx.all(
        sql!(
            "select p.id, p.name from search_docs d join people p on p.id = d.person_id
             where d.doc in {list $1 as bigint} and p.closed_at is null and p.forgotten_at is null order by p.folded, p.id limit 500"
        ),
        &[docs],
    )?)
}

/// Takes someone out of the search. The words they alone used are swept out of the vocabulary later.
pub fn drop_document(tx: &mut Tx, person: PersonId) -> Result<()> {
    let drop = DROP_WORDS.on(tx.engine());
    tx.execute(drop, &[&person])?;
    tx.execute(sql!("delete from search_docs where person_id = $1"), &[&person])?;
    Ok(())
}

/// Remembers which words there are, for the sake of those who mistype them.
fn learn(tx: &mut Tx, words: &BTreeSet<String>) -> Result<()> {
    let list = List::of(words.iter().filter(|w| !search::parts(w).is_empty()))?;
    let new: Vec<(String,)> = tx.all(
        sql!(
            "insert into search_words (word) select w.value from {list $1 as text} w where true
             on conflict (word) do nothing returning word"
        ),
        &[&list],
    )?;
    for (word,) in new {
        let parts = List::of(search::parts(&word))?;
        tx.execute(
            sql!(
                "insert into search_word_parts (part, word) select w.value, $1 from {list $2 as text} w where true
                 on conflict (part, word) do nothing"
            ),
            &[&word, &parts],
        )?;
    }
    Ok(())
}

/// The next words of the vocabulary that nobody has any more, and up to where it was read.
pub fn sweep_words(tx: &mut Tx, after: &str, limit: i64) -> Result<Option<String>> {
    let words: Vec<(String,)> = tx.all(sql!("select word from search_words where word > $1 order by word limit $2"), &[&after, &limit])?;
    let last = words.last().map(|r| r.0.clone());
    for (word,) in words {
        if matching(tx, &[Term { any: vec![word.clone()], beginning: None }], 1)?.is_empty() {
            let parts = List::of(search::parts(&word))?;
            tx.execute(sql!("delete from search_word_parts where word = $1 and part in {list $2 as text}"), &[&word, &parts])?;
            tx.execute(sql!("delete from search_words where word = $1"), &[&word])?;
        }
    }
    Ok(last)
}

/// What a search by words found.
#[derive(Debug, Clone, Default)]
pub struct Matched {
    /// Numbers of documents; as many as the limit when there are more.
    pub docs: Vec<i64>,
    /// What was typed, and what was looked for instead.
    pub mended: Vec<(String, String)>,
    terms: Vec<Term>,
}

/// So many come ahead of the others for having a word whole: more than anybody turns pages for.
const MOST_WHOLE: i64 = 1_000;

/// Everyone who has all of these words, each as typed or, when nobody has it, as it was probably meant.
pub fn words_match(tx: &mut Tx, asked: &Asked, limit: i64) -> Result<Matched> {
    let mut found = Matched::default();
    for (at, word) in asked.words.iter().enumerate() {
        let unfinished = asked.last_unfinished && at + 1 == asked.words.len();
        let known = search::is_meant(word) || begins_a_word(tx, word, unfinished)?;
        if known {
            let beginning = unfinished.then(|| word.clone());
            found.terms.push(Term { any: vec![word.clone()], beginning });
            continue;
        }
        let nearest = search::nearest(word, &sharing_parts(tx, word)?, unfinished);
        found.mended.extend(nearest.first().map(|meant| (word.clone(), meant.clone())));
        let any = if nearest.is_empty() { vec![word.clone()] } else { nearest };
        found.terms.push(Term { any, beginning: None });
    }
    if !found.terms.is_empty() {
        found.docs = matching(tx, &found.terms, limit)?;
    }
    Ok(found)
}

/// Of those found, who has the last word as it stands and not only its beginning; nobody when it is whole anyway.
pub fn words_whole(tx: &mut Tx, found: &Matched) -> Result<Vec<i64>> {
    let mut terms = found.terms.clone();
    match terms.last_mut().and_then(|last| last.beginning.take()) {
        Some(_) if !found.docs.is_empty() => matching(tx, &terms, MOST_WHOLE),
        _ => Ok(Vec::new()),
    }
}

/// Whether somebody wrote this word.
pub fn knows(tx: &mut Tx, word: &str) -> Result<bool> {
    begins_a_word(tx, word, false)
}

fn begins_a_word(tx: &mut Tx, word: &str, unfinished: bool) -> Result<bool> {
    let found: Option<(String,)> = tx.opt(sql!("select word from search_words where word >= $1 order by word limit 1"), &[&word])?;
    Ok(found.is_some_and(|(found,)| if unfinished { found.starts_with(word) } else { found == word }))
}

fn sharing_parts(tx: &mut Tx, word: &str) -> Result<Vec<String>> {
    let parts = List::of(search::parts(word))?;
    let words: Vec<(String,)> =
        tx.all(sql!("select distinct word from search_word_parts where part in {list $1 as text} limit 3000"), &[&parts])?;
    Ok(words.into_iter().map(|r| r.0).collect())
}

fn matching(tx: &mut Tx, terms: &[Term], limit: i64) -> Result<Vec<i64>> {
    let engine = tx.engine();
    // Words are letters and digits only, so that quoting them is enough.
    let (and, or, begins) = match engine {
        Engine::Sqlite => (" AND ", " OR ", ["\"", "\"*"]),
        Engine::Postgres => (" & ", " | ", ["'", "':*"]),
    };
    let quoted = |word: &str| format!("{q}{word}{q}", q = begins[0]);
    let term = |t: &Term| {
        let whole = t.any.iter().map(|w| quoted(w));
        let begun = t.beginning.iter().map(|w| format!("{}{w}{}", begins[0], begins[1]));
        format!("({})", whole.chain(begun).collect::<Vec<_>>().join(or))
    };
    let query = terms.iter().map(term).collect::<Vec<_>>().join(and);
    let docs: Vec<(i64,)> = tx.all(MATCH.on(engine), &[&query, &limit])?;
    Ok(docs.into_iter().map(|r| r.0).collect())
}

record!(
    /// Someone who could help with one skill, as a unit of work finds them without the index.
    #[derive(Debug, Clone)]
    pub struct Helper {
        pub person: PersonId,
        pub level: i64,
    }
);

/// Those who know a skill best and can take one more person now. `left_out` are not among them.
pub fn with_room(tx: &mut Tx, skill: &str, left_out: &List, limit: i64) -> Result<Vec<Helper>> {
    let now = tx.now();
    Ok(tx.all(
        sql!(Helper:
            "select s.person_id as person, s.level
             from profile_skills s
             join people p on p.id = s.person_id
             join profiles f on f.person_id = s.person_id
             where s.skill = $1 and s.side = 'offered' and s.person_id not in {list $2 as id}
             and p.closed_at is null and p.forgotten_at is null
             and (f.not_now_until is null or f.not_now_until <= $3)
             and exists (select 1 from profile_roles r where r.person_id = s.person_id and r.role in ('mentor', 'coach', 'peer'))
             and f.capacity > (select count(*) from parties a where a.person_id = s.person_id and a.guides and a.freed_at is null)
             order by s.level desc, s.person_id limit $4"
        ),
        &[&skill, left_out, &now, &limit],
    )?)
}

/// Those who know a skill best and answer single questions.
pub fn answering(tx: &mut Tx, skill: &str, left_out: &List, limit: i64) -> Result<Vec<Helper>> {
    let now = tx.now();
    Ok(tx.all(
        sql!(Helper:
            "select s.person_id as person, s.level
             from profile_skills s
             join people p on p.id = s.person_id
             join profiles f on f.person_id = s.person_id
             where s.skill = $1 and s.side = 'offered' and s.person_id not in {list $2 as id}
             and p.closed_at is null and p.forgotten_at is null
             and (f.not_now_until is null or f.not_now_until <= $3)
             and exists (select 1 from profile_roles r where r.person_id = s.person_id and r.role = 'question')
             order by s.level desc, s.person_id limit $4"
        ),
        &[&skill, left_out, &now, &limit],
    )?)
}

/// Anyone who answers single questions, when no skill leads to someone; newest first.
pub fn answering_anything(tx: &mut Tx, left_out: &List, limit: i64) -> Result<Vec<PersonId>> {
    let now = tx.now();
    let people: Vec<(PersonId,)> = tx.all(
        sql!(
            "select p.id from people p
             join profiles f on f.person_id = p.id
             where p.closed_at is null and p.forgotten_at is null and p.id not in {list $1 as id}
             and (f.not_now_until is null or f.not_now_until <= $2)
             and exists (select 1 from profile_roles r where r.person_id = p.id and r.role = 'question')
             order by p.id desc limit $3"
        ),
        &[left_out, &now, &limit],
    )?;
    Ok(people.into_iter().map(|r| r.0).collect())
}

pub fn languages(tx: &mut Tx, person: PersonId) -> Result<Vec<String>> {
    let rows: Vec<(String,)> =
        tx.all(sql!("select language from profile_languages where person_id = $1 order by position limit 20"), &[&person])?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

record!(
    struct Base {
        person: PersonId,
        gone: bool,
        country: String,
        zone: String,
        headline: String,
        story: String,
        directive_facilitative: Option<i64>,
        support_challenge: Option<i64>,
        structured_emergent: Option<i64>,
        fee: bool,
        capacity: i64,
        guiding: i64,
        not_now_until: Option<i64>,
        changed_at: i64,
        doc: Option<i64>,
    }
);

/// The last of so many people from an id on, by id; `None` when there are fewer.
pub fn nth_from(tx: &mut Tx, from: PersonId, many: i64) -> Result<Option<PersonId>> {
    let nth = tx.opt::<(PersonId,)>(sql!("select id from people where id >= $1 order by id limit 1 offset $2"), &[&from, &(many - 1)])?;
    Ok(nth.map(|(id,)| id))
}

/// As the index takes them in: everyone from one id to another, in the order of ids, as many as the limit.
pub fn people_between(tx: &mut Tx, from: PersonId, to: PersonId, limit: i64) -> Result<Vec<Person>> {
    let mut base: Vec<Base> = tx.all(
        sql!(Base:
            "select p.id as person, p.closed_at is not null or p.forgotten_at is not null as gone, f.country, f.zone, f.headline, f.story,
                f.directive_facilitative, f.support_challenge, f.structured_emergent, f.fee is not null as fee, f.capacity,
                (select count(*) from parties a where a.person_id = p.id and a.guides and a.freed_at is null) as guiding,
                f.not_now_until, f.changed_at, d.doc
             from people p join profiles f on f.person_id = p.id left join search_docs d on d.person_id = p.id
             where p.id >= $1 and p.id <= $2 order by p.id limit $3"
        ),
        &[&from, &to, &limit],
    )?;
    let Some(last) = base.last().map(|b| b.person) else { return Ok(Vec::new()) };
    let wrote: Vec<(String, String)> = base.iter_mut().map(|b| (std::mem::take(&mut b.headline), std::mem::take(&mut b.story))).collect();
    let mut people: Vec<Person> = base
        .into_iter()
        .map(|b| Person {
            id: b.person.0,
            doc: b.doc,
            gone: b.gone,
            country: b.country,
            zone: b.zone,
            style: [b.directive_facilitative, b.support_challenge, b.structured_emergent],
            fee: b.fee,
            capacity: b.capacity,
            guiding: b.guiding,
            not_now_until: b.not_now_until,
            changed_at: b.changed_at,
            ..Person::default()
        })
        .collect();
    let roles: Vec<(PersonId, OpenTo)> = tx.all(
        sql!("select person_id, role from profile_roles where person_id >= $1 and person_id <= $2 order by person_id"),
        &[&from, &last],
    )?;
    deal(&mut people, roles, |r| r.0, |person, (_, role)| person.roles.push(role));
    let languages: Vec<(PersonId, String)> = tx.all(
        sql!("select person_id, language from profile_languages where person_id >= $1 and person_id <= $2 order by person_id"),
        &[&from, &last],
    )?;
    deal(&mut people, languages, |r| r.0, |person, (_, language)| person.languages.push(language));
    let skills: Vec<(PersonId, String, i64)> = tx.all(
        sql!(
            "select person_id, skill, level from profile_skills
             where person_id >= $1 and person_id <= $2 and side = 'offered' order by person_id"
        ),
        &[&from, &last],
    )?;
    deal(&mut people, skills, |r| r.0, |person, (_, skill, level)| person.skills.push((skill, level)));
    let hours: Vec<(PersonId, i64, i64, i64)> = tx.all(
        sql!(
            "select person_id, weekday, from_minute, to_minute from hours
             where person_id >= $1 and person_id <= $2 order by person_id, weekday, from_minute"
        ),
        &[&from, &last],
    )?;
    deal(&mut people, hours, |r| r.0, |person, (_, day, from, to)| person.hours.push((day, from, to)));
    let done: Vec<(PersonId, String, String, String)> = tx.all(
        sql!(
            "select person_id, moved_from, moved_into, words from experiences
             where person_id >= $1 and person_id <= $2 order by person_id, position"
        ),
        &[&from, &last],
    )?;
    deal(&mut people, done, |r| r.0, |person, (_, moved_from, moved_into, words)| person.done.push(Done { moved_from, moved_into, words }));
    let cards: Vec<(PersonId, String, bool, bool)> = tx.all(
        sql!("select person_id, chosen, counts, named from value_cards where person_id >= $1 and person_id <= $2 order by person_id"),
        &[&from, &last],
    )?;
    deal(
        &mut people,
        cards,
        |r| r.0,
        |person, (_, chosen, counts, named)| {
            person.values = ValueBits::of(&Values { chosen: Value::read(&chosen), counts, named });
        },
    );
    for (person, (headline, story)) in people.iter_mut().zip(&wrote).filter(|(person, _)| !person.gone) {
        person.meanings = about::vectors(&about::texts(headline, person.done.iter().map(Done::text), story));
    }
    usual_replies(tx, &mut people, from, last)?;
    Ok(people)
}

fn usual_replies(tx: &mut Tx, people: &mut [Person], from: PersonId, last: PersonId) -> Result<()> {
    let replies: Vec<(PersonId, Timestamp, Option<Timestamp>)> = tx.all(
        sql!(
            "select person_id, asked_at, answered_at from reply_times
             where person_id >= $1 and person_id <= $2 order by person_id, asked_at desc"
        ),
        &[&from, &last],
    )?;
    let mut each: BTreeMap<PersonId, Vec<(Timestamp, Option<Timestamp>)>> = BTreeMap::new();
    for (person, asked, answered) in replies {
        let times = each.entry(person).or_default();
        if times.len() < 20 {
            times.push((asked, answered));
        }
    }
    for person in people {
        let times = each.get(&PersonId(person.id)).map_or(&[][..], |times| times);
        person.usual_reply_minutes = crate::people::usual_reply(times).map(|usual| usual.as_mins());
    }
    Ok(())
}

/// Hands rows to the people they belong to; both are in the order of ids.
fn deal<R>(people: &mut [Person], rows: Vec<R>, whose: impl Fn(&R) -> PersonId, give: impl Fn(&mut Person, R)) {
    let mut people = people.iter_mut().peekable();
    for row in rows {
        let id = whose(&row).0;
        while people.next_if(|person| person.id < id).is_some() {}
        if let Some(person) = people.peek_mut().filter(|person| person.id == id) {
            give(person, row);
        }
    }
}

record!(
    /// Someone as they are shown in a list of results.
    #[derive(Debug, Clone)]
    pub struct Card {
        pub person: PersonId,
        pub name: String,
        pub pronouns: String,
        pub headline: String,
        pub photo: Option<String>,
        pub country: String,
        pub zone: String,
        pub directive_facilitative: Option<i64>,
        pub support_challenge: Option<i64>,
        pub structured_emergent: Option<i64>,
        pub how_i_work: String,
        pub fee: Option<String>,
        pub joined_at: Timestamp,
    }
);

pub fn cards(tx: &mut Tx, people: &List) -> Result<Vec<Card>> {
    Ok(tx.all(
        sql!(Card:
            "select p.id as person, p.name, f.pronouns, f.headline, f.photo, f.country, f.zone, f.directive_facilitative,
                f.support_challenge, f.structured_emergent, f.how_i_work, f.fee, p.joined_at
             from people p join profiles f on f.person_id = p.id where p.id in {list $1 as id} limit 100"
        ),
        &[people],
    )?)
}

pub fn levels_of(tx: &mut Tx, people: &List) -> Result<Vec<(PersonId, String, i64)>> {
    Ok(tx.all(
        sql!(
            "select person_id, skill, level from profile_skills
             where person_id in {list $1 as id} and side = 'offered' order by level desc, position limit 5000"
        ),
        &[people],
    )?)
}

pub fn languages_of(tx: &mut Tx, people: &List) -> Result<Vec<(PersonId, String)>> {
    Ok(tx.all(
        sql!("select person_id, language from profile_languages where person_id in {list $1 as id} order by position limit 2000"),
        &[people],
    )?)
}

pub fn hours_of(tx: &mut Tx, people: &List) -> Result<Vec<(PersonId, i64, i64, i64)>> {
    Ok(tx.all(
        sql!(
            "select person_id, weekday, from_minute, to_minute from hours
             where person_id in {list $1 as id} order by weekday, from_minute limit 5000"
        ),
        &[people],
    )?)
}

pub fn done_of(tx: &mut Tx, people: &List) -> Result<Vec<(PersonId, String, String, String)>> {
    Ok(tx.all(
        sql!(
            "select person_id, moved_from, moved_into, words from experiences
             where person_id in {list $1 as id} order by position limit 5000"
        ),
        &[people],
    )?)
}

pub fn set_aside(tx: &mut Tx, goal: GoalId) -> Result<SetAside> {
    let rows: Vec<(Option<PersonId>,)> =
        tx.all(sql!("select person_id from contrasts_set_aside where goal_id = $1 order by at limit 500"), &[&goal])?;
    Ok(SetAside { all: rows.iter().any(|row| row.0.is_none()), people: rows.into_iter().filter_map(|row| row.0).collect() })
}

/// Sets a person aside, or every contrast when there is none.
pub fn insert_set_aside(tx: &mut Tx, goal: GoalId, person: Option<PersonId>, why: Why) -> Result<()> {
    let now = tx.now();
    tx.execute(
        sql!("insert into contrasts_set_aside (goal_id, person_id, why, at) values ($1, $2, $3, $4) on conflict do nothing"),
        &[&goal, &person, &why, &now],
    )?;
    Ok(())
}

pub fn clear_set_aside(tx: &mut Tx, goal: GoalId) -> Result<()> {
    tx.execute(sql!("delete from contrasts_set_aside where goal_id = $1"), &[&goal])?;
    Ok(())
}

/// What someone set aside, by goal; whom does not leave the place.
pub fn set_aside_by(tx: &mut Tx, owner: PersonId) -> Result<Vec<(GoalId, Why, Timestamp)>> {
    Ok(tx.all(
        sql!(
            "select c.goal_id, c.why, c.at from contrasts_set_aside c join goals g on g.id = c.goal_id where g.person_id = $1
             order by c.at limit 1000"
        ),
        &[&owner],
    )?)
}

pub fn forget_set_aside(tx: &mut Tx, person: PersonId) -> Result<()> {
    tx.execute(
        sql!("delete from contrasts_set_aside where person_id = $1 or goal_id in (select id from goals where person_id = $1)"),
        &[&person],
    )?;
    Ok(())
}
