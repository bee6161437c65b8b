insert into letters (id, person_id, to_address, kind, body, message_id, made_at, good_until, next_try_at)
    values ({id 0190b6f0-0000-7000-8000-000000000081}, {id 0190b6f0-0000-7000-8000-000000000001}, 'Amina@example.org', 'sign in', {bytes 0a0b}, '<1@example.org>', 1, 2, 1);
insert into letters (id, to_address, kind, message_id, showable, made_at, good_until, next_try_at, sent_at)
    values ({id 0190b6f0-0000-7000-8000-000000000082}, 'new@example.org', 'invitation', '<2@example.org>', true, 1, 2, 1, 3);
insert into letter_links (token_hash, person_id, deed, subject, made_at, expires_at)
    values ({bytes 01}, {id 0190b6f0-0000-7000-8000-000000000001}, 'accept', {id 0190b6f0-0000-7000-8000-000000000031}, 1, 2);
insert into received_letters (hash, taken_at) values ({bytes 02}, 1);
insert into mail_refusals (person_id, kind, refused_at) values ({id 0190b6f0-0000-7000-8000-000000000002}, 'asked', 1);
