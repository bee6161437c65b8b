insert into conversations (relationship_id, newest, newest_by_id, newest_at, remind_at)
    values ({id 0190b6f0-0000-7000-8000-000000000061}, 1, {id 0190b6f0-0000-7000-8000-000000000001}, 1, 2);
insert into messages (id, relationship_id, number, by_id, at, words, edited_at)
    values ({id 0190b6f0-0000-7000-8000-000000000151}, {id 0190b6f0-0000-7000-8000-000000000061}, 1, {id 0190b6f0-0000-7000-8000-000000000001}, 1, {bytes 63}, 2);
insert into message_positions (relationship_id, person_id, seen, told_from)
    values ({id 0190b6f0-0000-7000-8000-000000000061}, {id 0190b6f0-0000-7000-8000-000000000002}, 0, 1);
