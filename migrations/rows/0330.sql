update attainments set counted_at = 5 where owner_id = {id 0190b6f0-0000-7000-8000-000000000002};
insert into tallies (begins_on, counted_at, people, further) values ('2026-07-01', 3, 8, null);
