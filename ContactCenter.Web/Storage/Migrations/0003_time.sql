-- A wait is counted from when the campaign opened; a waiting contact's browser gives signs of life.
alter table conversations
    add column offered_at timestamptz,
    add column seen_at timestamptz;
