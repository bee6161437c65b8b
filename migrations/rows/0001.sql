-- Rows that are there when the next step runs. Made up; one of everything that other rows may hang on.
insert into settings (name, value) values ('place name', 'Harbour Guild');
insert into people (id, name, folded, joined_at) values ({id 0190b6f0-0000-7000-8000-000000000001}, 'Amina Sørensen', 'amina sorensen', 1700000000000000);
insert into people (id, name, folded, office, joined_at, closed_at) values ({id 0190b6f0-0000-7000-8000-000000000002}, 'Tomás', 'tomas', 'administrator', 1700000000000001, 1700000000000002);
insert into accounts (person_id, email, email_folded, verified_at) values ({id 0190b6f0-0000-7000-8000-000000000001}, 'Amina@example.org', 'amina@example.org', 1700000000000000);
insert into accounts (person_id) values ({id 0190b6f0-0000-7000-8000-000000000002});
insert into logins (id, person_id, token_hash, device, made_at, seen_at, idle_at, expires_at)
    values ({id 0190b6f0-0000-7000-8000-000000000011}, {id 0190b6f0-0000-7000-8000-000000000001}, {bytes 00ff}, 'A telephone; with a semicolon', 1, 2, 3, 9223372036854775807);
insert into profiles (person_id, headline, fee, public_slug, changed_at) values ({id 0190b6f0-0000-7000-8000-000000000001}, 'It''s never too late', '60 EUR', 'amina', 1700000000000000);
insert into profiles (person_id, changed_at) values ({id 0190b6f0-0000-7000-8000-000000000002}, 0);
insert into profile_roles (person_id, role) values ({id 0190b6f0-0000-7000-8000-000000000001}, 'mentor');
insert into profile_languages (person_id, language, position) values ({id 0190b6f0-0000-7000-8000-000000000001}, 'pt-BR', 0);
insert into profile_skills (person_id, side, skill, level, position) values ({id 0190b6f0-0000-7000-8000-000000000001}, 'offered', 'react.js', 5, 0);
insert into experiences (id, person_id, position, moved_from, moved_into, words) values ({id 0190b6f0-0000-7000-8000-000000000021}, {id 0190b6f0-0000-7000-8000-000000000001}, 0, 'teaching', 'data', '');
insert into credentials (id, person_id, position, title, issuer, issued_on) values ({id 0190b6f0-0000-7000-8000-000000000022}, {id 0190b6f0-0000-7000-8000-000000000001}, 0, 'PCC', 'ICF', '2024-02-29');
insert into hours (person_id, weekday, from_minute, to_minute) values ({id 0190b6f0-0000-7000-8000-000000000001}, 1, 540, 600);
insert into happenings (at, kind, subject, by_person, people) values (1, 'joined', {id 0190b6f0-0000-7000-8000-000000000001}, {id 0190b6f0-0000-7000-8000-000000000001}, '[]');
insert into happenings (at, kind, subject, people) values (2, 'lapsed', {id 0190b6f0-0000-7000-8000-000000000031}, '[]');
insert into notices (id, person_id, kind, subject, made_at) values ({id 0190b6f0-0000-7000-8000-000000000041}, {id 0190b6f0-0000-7000-8000-000000000001}, 'asked', {id 0190b6f0-0000-7000-8000-000000000031}, 1);
insert into keys (id, wrapped, made_at) values ({id 0190b6f0-0000-7000-8000-000000000051}, {bytes 5c00}, 1);
insert into keys (id, wrapped, made_at, destroyed_at) values ({id 0190b6f0-0000-7000-8000-000000000052}, null, 1, 2);
insert into relationships (id, kind, state, key_id, began_at, changed_at) values ({id 0190b6f0-0000-7000-8000-000000000061}, 'mentoring', 'open', {id 0190b6f0-0000-7000-8000-000000000051}, 1, 1);
insert into parties (relationship_id, person_id, role, guides) values ({id 0190b6f0-0000-7000-8000-000000000061}, {id 0190b6f0-0000-7000-8000-000000000001}, 'mentor', true);
insert into reply_times (id, person_id, asked_at) values ({id 0190b6f0-0000-7000-8000-000000000071}, {id 0190b6f0-0000-7000-8000-000000000001}, 1);
