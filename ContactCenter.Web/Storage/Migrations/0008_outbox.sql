-- Mails that must leave: whom and why, not the letter. next_at: to be tried then; sent or dead otherwise.
create table outbox (
    id uuid primary key,
    kind integer not null,
    address text not null,
    site text not null,
    language text not null,
    by_name text not null,
    at timestamptz not null,
    attempts integer not null,
    next_at timestamptz,
    problem text,
    sent_at timestamptz,
    dead_at timestamptz,
    check ((next_at is not null)::int + (sent_at is not null)::int + (dead_at is not null)::int = 1)
);
create index outbox_due on outbox (next_at, id) where next_at is not null;
-- What is asked for again while it waits is one mail.
create unique index outbox_open on outbox (kind, upper(address)) where next_at is not null;
create index outbox_sent on outbox (kind, upper(address), sent_at) where sent_at is not null;
create index outbox_dead on outbox (dead_at desc) where dead_at is not null;
