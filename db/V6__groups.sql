-- Groups have properties of their own.
alter table app_group add column document jsonb not null default '{}';
comment on table app_group is 'The group tree; the root is not stored';

-- What the tree looked like at each of the newest versions of the root. A change writes rows only for what it
-- touches: a row holds from one version, until another or until now.
create table tree_version (
    version  timestamptz primary key
);
comment on table tree_version is 'The newest versions of the root';

create table tree_app (
    app_id   text        not null,
    version  timestamptz not null,
    since    timestamptz not null,
    until    timestamptz,
    primary key (app_id, since)
);
create index tree_app_ended on tree_app (until) where until is not null;
comment on table tree_app is 'Which definition of an app was current from one version of the root until another';

create table tree_group (
    path      text        not null,
    document  jsonb       not null,
    since     timestamptz not null,
    until     timestamptz,
    primary key (path, since)
);
create index tree_group_ended on tree_group (until) where until is not null;
comment on table tree_group is 'What a group was from one version of the root until another';

insert into tree_version select version from app_root;
insert into tree_app (app_id, version, since) select a.id, a.version, r.version from app a, app_root r;
insert into tree_group (path, document, since) select g.path, g.document, r.version from app_group g, app_root r;
