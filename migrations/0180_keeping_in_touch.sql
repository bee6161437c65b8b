-- Keeping in touch after a good end: when each of them is asked next how they are doing, and since when somebody would
-- rather not be, of which nobody is told.

alter table parties add column touch_at bigint;
alter table parties add column left_quietly_at bigint;
create index parties_to_touch on parties (touch_at) where touch_at is not null;
