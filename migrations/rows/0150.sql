insert into conversations (relationship_id, newest, newest_by_id, newest_at, remind_at)
    values ({id 0190b6f0-0000-7000-8000-000000000061}, 1, {id 0190b6f0-0000-7000-8000-000000000001}, 1, 2);
insert into messages (id, relationship_id, number, by_id, at, words, edited_at)
    values ({id 0190b6f0-0000-7000-8000-000000000151}, {id 0190b6f0-0000-7000-8000-000000000061}, 1, {id 0190b6f0-0000-7000-8000-000000000001}, 1, {bytes 63}, 2);
insert into message_positions (relationship_id, person_id, seen, told_from)
    values ({id 0190b6f0-0000-7000-8000-000000000061}, {id 0190b6f0-0000-7000-8000-000000000002}, 0, 1);
insert into message_files (id, relationship_id, message_id, position, kind, size, width, height, bytes)
    values ({id 0190b6f0-0000-7000-8000-000000000152}, {id 0190b6f0-0000-7000-8000-000000000061}, {id 0190b6f0-0000-7000-8000-000000000151}, 1, 'pdf', 3, 0, 0, {bytes 646566});
insert into playbacks (id, relationship_id, message_id, by_id, at, words, state)
    values ({id 0190b6f0-0000-7000-8000-000000000153}, {id 0190b6f0-0000-7000-8000-000000000061}, {id 0190b6f0-0000-7000-8000-000000000151}, {id 0190b6f0-0000-7000-8000-000000000002}, 1, {bytes 64}, 'waiting');
insert into notebooks (person_id, key_id) values ({id 0190b6f0-0000-7000-8000-000000000001}, {id 0190b6f0-0000-7000-8000-000000000051});
insert into notebook_questions (id, person_id, relationship_id, words, kept_at, shared_at)
    values ({id 0190b6f0-0000-7000-8000-000000000154}, {id 0190b6f0-0000-7000-8000-000000000001}, {id 0190b6f0-0000-7000-8000-000000000061}, {bytes 65}, 1, 2);
