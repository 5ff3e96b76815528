-- Whom a mail is about: an address that is no longer theirs does not tell.
alter table outbox add column user_id uuid references users on delete cascade;
create index outbox_user on outbox (user_id) where user_id is not null;
