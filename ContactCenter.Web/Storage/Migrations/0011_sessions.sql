-- Who is signed in, and where. The id is a digest of the key that only the session's cookie has: what is read here opens
-- nothing. Sessions of cookies that are older than this table have no row: whoever has one signs in again.
create table sessions (
    id uuid primary key,
    user_id uuid not null references users on delete cascade,
    started_at timestamptz not null,
    seen_at timestamptz not null,
    address text not null,
    browser text not null,
    system text not null
);
create index sessions_user on sessions (user_id, seen_at desc);
create index sessions_seen on sessions (seen_at);
create index sessions_started on sessions (started_at);
