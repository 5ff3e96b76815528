-- Search without case and accents (Domain/Folding.cs does the same to what is typed). Only functions of PostgreSQL itself:
-- nothing depends on where an extension lives, also while a backup is read in.
-- In PL/pgSQL, because the planner would open up an SQL function and take it for cheap.
create function fold(text) returns text language plpgsql immutable strict parallel safe as $$
begin
    return replace(replace(replace(replace(
        translate(
            lower(regexp_replace(normalize($1, NFKD) collate pg_c_utf8,
                '[\u0300-\u036F\u0483-\u0487\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0610-\u061A\u064B-\u065F\u0670\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20FF\uFE20-\uFE2F\u00AD\u200B-\u200F\u2060\uFEFF]', '', 'g')),
            'ıøłđħŧðŋς', 'ioldhtdnσ'),
        'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th');
end
$$;

-- Finds three letters and more anywhere in a text by an index.
create extension if not exists pg_trgm;

create index users_search_name on users using gin (fold(display_name) gin_trgm_ops);
create index users_search_email on users using gin (fold(email) gin_trgm_ops);
create index campaigns_search on campaigns using gin (fold(name) gin_trgm_ops);
create index clients_search on clients using gin (fold(name) gin_trgm_ops);
create index projects_search on projects using gin (fold(name) gin_trgm_ops);
create index departments_search on departments using gin (fold(name) gin_trgm_ops);
create index break_reasons_search on break_reasons using gin (fold(name) gin_trgm_ops);
