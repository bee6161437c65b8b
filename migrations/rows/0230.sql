insert into journals (person_id, key_id) values ({id 0190b6f0-0000-7000-8000-000000000001}, {id 0190b6f0-0000-7000-8000-000000000051});
insert into reflections (id, person_id, model, words, written_at, return_at, nonce)
    values ({id 0190b6f0-0000-7000-8000-000000000231}, {id 0190b6f0-0000-7000-8000-000000000001}, 'free', {bytes 96}, 1, 9, 'n1');
insert into reflections (id, person_id, model, words, written_at, changed_at, back_at, nonce)
    values ({id 0190b6f0-0000-7000-8000-000000000232}, {id 0190b6f0-0000-7000-8000-000000000001}, 'surprise', {bytes 97}, 1, 2, 3, 'n2');
insert into reflection_answers (id, reflection_id, at, verdict, words)
    values ({id 0190b6f0-0000-7000-8000-000000000233}, {id 0190b6f0-0000-7000-8000-000000000232}, 4, 'changed', {bytes 98});
insert into shared_lines (reflection_id, relationship_id, number, person_id, words, shared_at)
    values ({id 0190b6f0-0000-7000-8000-000000000232}, {id 0190b6f0-0000-7000-8000-000000000061}, 0, {id 0190b6f0-0000-7000-8000-000000000001}, {bytes 99}, 5);
