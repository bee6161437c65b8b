-- Finding people: by skill with the best first, and by any word they wrote about themselves. All of this is made from
-- what people show, so backups leave it out and it is made again.

-- Leads from a skill to those who know it best, without sorting.
drop index profile_skills_by_skill;
create index profile_skills_best on profile_skills (skill, side, level desc, person_id);

-- One document a person: every word they show, folded, each once. Its number is small, so that a search by words
-- answers with small numbers, which the index in memory knows.
create table search_docs (
    doc {serial},
    person_id {id} not null unique references people (id),
    -- Separated by single spaces. Empty on SQLite, whose index is a table of its own.
    words text not null default ''
);
--! sqlite
-- The words alone: no text, no positions, only who has which. They come folded and split by us, hence the plain
-- tokenizer, which changes nothing any more.
create virtual table search_texts using fts5 (words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii');
create table search_words (word text not null primary key) without rowid;
create table search_word_parts (
    -- What is left of the beginning of a word when a letter or two are missing.
    part text not null,
    word text not null,
    primary key (part, word)
) without rowid;
--! end
--! postgres
create index search_docs_words on search_docs using gin (array_to_tsvector(string_to_array(words, ' ')));
-- In the order of bytes, so that words that begin alike stand together whatever the language of the database.
create table search_words (word text collate "C" primary key);
create table search_word_parts (
    part text collate "C" not null,
    word text collate "C" not null,
    primary key (part, word)
);
--! end

-- Skills whose people's documents are written again, a few people at a time: up to whom that has come.
create table search_again (
    skill text primary key,
    after {id} not null
);
