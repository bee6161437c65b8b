insert into value_cards (person_id, chosen, counts, named) values ({id 0190b6f0-0000-7000-8000-000000000001}, 'honesty', true, false);
