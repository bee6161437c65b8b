update parties set touch_at = 3, left_quietly_at = 2 where relationship_id = {id 0190b6f0-0000-7000-8000-000000000061} and person_id = {id 0190b6f0-0000-7000-8000-000000000001};
