-- What supervisors and agents write to each other.
create table direct_messages (
    id uuid primary key,
    from_id uuid not null references users (id) on delete cascade,
    to_id uuid not null references users (id) on delete cascade,
    at timestamptz not null,
    text text not null,
    read_at timestamptz
);
create index direct_messages_thread on direct_messages (from_id, to_id, at desc);
create index direct_messages_received on direct_messages (to_id, from_id, at desc);
create index direct_messages_unread on direct_messages (to_id, from_id) where read_at is null;
