insert into contrasts_set_aside (goal_id, person_id, why, at) values ({id 0190b6f0-0000-7000-8000-0000000000e1}, {id 0190b6f0-0000-7000-8000-000000000001}, 'known', 2);
