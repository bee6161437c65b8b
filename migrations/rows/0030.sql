insert into photos (name, person_id, bytes, made_at) values ('amina', {id 0190b6f0-0000-7000-8000-000000000001}, {bytes ffd8ff}, 1);
insert into imported_as (source_id, person_id, imported_at) values ('row 17', {id 0190b6f0-0000-7000-8000-000000000002}, 1);
