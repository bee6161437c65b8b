-- Indexes for what would otherwise read a whole table: forgetting someone, exporting what they did, and the digests that are due.

create index happenings_by_person on happenings (by_person, position);
create index asks_by_redirect on asks (redirect_to_id) where redirect_to_id is not null;
create index accounts_by_digest on accounts (digest_due_at) where digest_due_at is not null;
