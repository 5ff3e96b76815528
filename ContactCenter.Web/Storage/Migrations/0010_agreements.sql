-- The service level a client was promised (D7); its campaigns may be set stricter, not looser.
alter table clients
    add column service_level_target integer check (service_level_target between 0 and 100),
    add column service_level_seconds integer check (service_level_seconds between 1 and 86400),
    add check ((service_level_target is null) = (service_level_seconds is null));
