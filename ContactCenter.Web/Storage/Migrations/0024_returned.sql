-- Whose conversation went back to the queue is told so: the few entries of the log that say it, by who held it.
create index messages_returned on messages (author_id, at desc) where event in (7, 8);
