-- The last thing an office is for: every change of who looks after the place is found quickly.
create index people_by_office on people (office);
