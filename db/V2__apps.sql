-- The root of the app tree. Every change of the tree locks this row first.
create table app_root (
    id       smallint    primary key default 1 check (id = 1),
    version  timestamptz not null default 'epoch'
);
insert into app_root default values;

create table app_group (
    path  text primary key check (path like '/%')
);
comment on table app_group is 'Groups that apps lie or lay in; the root is not stored';

create table app_version (
    app_id    text        not null check (app_id like '/_%'),
    version   timestamptz not null,
    document  jsonb       not null,
    revision  bigint      not null,
    -- The app left the tree, but tasks of this definition may still be stopping.
    removed   boolean     not null default false,
    primary key (app_id, version)
);
comment on table app_version is 'Immutable definitions; an app''s history is bounded, what a task still needs is kept';

create table app (
    id        text        primary key,
    version   timestamptz not null,
    foreign key (id, version) references app_version (app_id, version)
);
comment on table app is 'The app tree: which definition is current';

-- Durable VIP addresses: one 23-bit index a canonical name, seen through one prefix a data plane. The outermost 256
-- indices on either side would look like network and broadcast addresses.
create table vip_index (
    name         text    primary key,
    index        integer not null unique check (index between 256 and 8388351),
    -- Since when nobody uses the name; it keeps its index for 24 hours, since clients cache addresses.
    released_at  timestamptz
);
