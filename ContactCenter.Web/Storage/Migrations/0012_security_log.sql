-- When the user of a session last proved who they are again, to set up a second step.
alter table sessions add column proved_at timestamptz;

-- Guesses at passwords and codes. The id is a digest of whose they are and where from: no address that somebody typed is kept.
create table guesses (
    id uuid primary key,
    since timestamptz not null,
    count integer not null,
    rests_until timestamptz
);
create index guesses_since on guesses (since);

-- What happened to accounts and how they are signed in to. Without a user: nobody has that address.
create table security_events (
    id uuid primary key,
    at timestamptz not null,
    kind integer not null,
    user_id uuid references users on delete set null,
    by_id uuid references users on delete set null,
    address text not null,
    browser text not null,
    system text not null,
    detail text not null
);
create index security_events_at on security_events (at desc, id desc);
create index security_events_user on security_events (user_id, at desc);
create index security_events_by on security_events (by_id);
create index security_events_kind on security_events (kind, at desc);
