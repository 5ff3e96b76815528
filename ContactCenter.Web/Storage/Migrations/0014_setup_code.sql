-- What the first administrator must know: one for all nodes, sealed with their keys, gone once there is an account.
create table setup_codes (
    id integer primary key check (id = 1),
    sealed text not null,
    at timestamptz not null
);
