-- The id a conversation was begun with was kept as it was sent, was its first message's too, and whoever sent it again was
-- given the contact's place. What is kept of it from now on is a hash, honoured for minutes; what was kept is worth nothing.
drop index conversations_start;
alter table conversations
    drop column start_id,
    add column start_key uuid,
    add column start_until timestamptz,
    add check ((start_key is null) = (start_until is null));
create unique index conversations_start on conversations (coalesce(came_by, campaign_id), start_key) where start_key is not null;
