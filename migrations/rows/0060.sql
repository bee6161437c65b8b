insert into search_docs (person_id, words) values ({id 0190b6f0-0000-7000-8000-000000000001}, 'amina sorensen');
insert into search_words (word) values ('amina');
insert into search_word_parts (part, word) values ('amna', 'amina');
insert into search_again (skill, after) values ('sql', {id 00000000-0000-0000-0000-000000000000});
