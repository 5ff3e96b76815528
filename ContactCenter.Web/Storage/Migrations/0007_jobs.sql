-- What each job of each node has done: one row each, with the last runs in it, so that it never grows.
create table job_records (
    node text not null,
    name text not null,
    started_at timestamptz not null,
    next_at timestamptz,
    runs bigint not null,
    failures bigint not null,
    failed_at timestamptz,
    problem text,
    recent integer[] not null,
    primary key (node, name)
);
