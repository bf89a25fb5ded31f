-- The schema that PostGraphile publishes: views and functions over the portal's own tables, with smart
-- tags for the keys that views do not have. PostgreSQL inlines all of the views, and leaves out the
-- joins whose columns nobody asks for.

create schema peer_postgraphile;
set search_path to peer_postgraphile, public;

-- --- Types ---

create view area as
select id, code, coalesce(name_ru, name_be, name_en) as name from public.area;

comment on view area is e'@primaryKey id\n@unique code\n@behavior -query:resource:connection';

create view organization as
select o.id, o.code, coalesce(o.name_ru, o.name_be, o.name_en) as name, o.area_id,
       st_y(o.location) as latitude, st_x(o.location) as longitude,
       coalesce(o.closed_on <= current_date, false) as closed, supervision.parent_id as supervisor_id,
       o.location, o.search
from public.organization as o
left join public.organization_position as supervision
    on supervision.organization_id = o.id and supervision.hierarchy = 'SUPERVISION';

comment on view organization is e'@primaryKey id\n@unique code\n'
    '@foreignKey (area_id) references area (id)|@fieldName area|@behavior -*:backward\n'
    '@foreignKey (supervisor_id) references organization (id)|@fieldName supervisor|@foreignFieldName supervised';
-- Cursors compare rows, and so begin at the right place of an index, where no key of the order can be null.
comment on column organization.id is '@notNull';
comment on column organization.name is '@notNull';
comment on column organization.location is '@behavior -*';
comment on column organization.search is '@behavior -*';

create view sphere as
select works.organization_id, works.sphere_id, s.code, coalesce(s.name_ru, s.name_be, s.name_en) as name, s.ordinal
from public.organization_sphere as works
join public.sphere as s on s.id = works.sphere_id;

comment on view sphere is e'@primaryKey organization_id,sphere_id\n'
    '@foreignKey (organization_id) references organization (id)|@foreignSimpleFieldName spheres|@behavior -connection +list';

-- --- Ratings: a row of totals, of the organization's own submissions or of its subtree's ---

create view rating as
select organization_id, to_char(value / 100.0, 'FM0.00') as value,
       submissions::int as submissions, raters::int as raters,
       to_char(div(20000 * satisfied + submissions, nullif(2 * submissions, 0)) / 10000.0, 'FM0.0000') as satisfaction
from public.total
where pool = 'OWN';

comment on view rating is e'@primaryKey organization_id\n'
    '@foreignKey (organization_id) references organization (id)|@foreignSingleFieldName rating';

create view supervision_rating as
select organization_id, to_char(value / 100.0, 'FM0.00') as value,
       submissions::int as submissions, raters::int as raters
from public.total
where pool = 'SUPERVISION';

comment on view supervision_rating is e'@primaryKey organization_id\n'
    '@foreignKey (organization_id) references organization (id)|@foreignSingleFieldName supervisionRating';

create view criterion_rating as
select t.organization_id, c.id as criterion_id, c.ordinal, c.code,
       coalesce(c.name_ru, c.name_be, c.name_en) as name,
       to_char(rating_value(tally.sum * 720720, tally.count) / 100.0, 'FM0.00') as value,
       tally.count::int as submissions
from public.total as t
cross join lateral unnest(t.criterion_sums, t.criterion_counts) with ordinality as tally (sum, count, id)
join public.criterion as c on c.id = tally.id
where t.pool = 'OWN' and tally.count > 0;

comment on view criterion_rating is e'@primaryKey organization_id,criterion_id\n'
    '@foreignKey (organization_id) references rating (organization_id)|@foreignSimpleFieldName byCriterion|@behavior -connection +list';

-- --- Lists that need more than a condition and an order; their bodies are bound to this schema when they are made ---

-- The best rated organizations of a box, each with how many the box holds: counted in the same pass, where
-- a total count would look into the box once more. A view gives the rows their type and their key.
create view map_entry as
select o.id as organization_id, 0 as found from organization as o where false;

comment on view map_entry is e'@primaryKey organization_id\n@behavior -query:resource:list -query:resource:connection\n'
    '@foreignKey (organization_id) references organization (id)|@fieldName organization|@behavior -*:backward';

create function organizations_on_map(west float, south float, east float, north float, page_size int)
returns setof map_entry
language sql stable rows 500 begin atomic
    select o.id, count(*) over ()::int
    from organization as o
    join public.total as t on t.organization_id = o.id and t.pool = 'OWN'
    where not o.closed
      and o.location && st_makeenvelope(west, south, east, north, 4326)
      and st_intersects(o.location, st_makeenvelope(west, south, east, north, 4326))
    order by coalesce(t.value, 0) desc, o.id desc
    limit page_size;
end;

create function search_organizations(wanted text, page_size int) returns setof organization
language sql stable rows 20 begin atomic
    with asked as materialized (
        select words, longest, coalesce((select word from unnest(words) as word where word <> longest
                                         order by length(word) desc limit 1), longest) as other
        from (select array_remove(string_to_array(search_normal(wanted), ' '), '') as words) as split,
             lateral (select word as longest from unnest(words) as word order by length(word) desc limit 1) as first
    )
    select o.* from organization as o
    cross join lateral (select search_relevance(o.search, (select words from asked)) as relevance) as found
    where not o.closed and relevance > 0
      and (o.search like '% ' || (select longest from asked) || '%' or o.search %> (select longest from asked))
      and (o.search like '% ' || (select other from asked) || '%' or o.search %> (select other from asked))
    order by relevance desc, length(o.search), o.id desc
    limit page_size;
end;

-- The ranking of a sphere in an area.
create view ranking_entry as
select o.id as organization_id, null::int as position, null::text as not_ranked, 0 as out_of, 0 as tied
from organization as o where false;

comment on view ranking_entry is e'@primaryKey organization_id\n@behavior -query:resource:list -query:resource:connection\n'
    '@foreignKey (organization_id) references organization (id)|@fieldName organization|@behavior -*:backward';

create function ranking(sphere text, area text, page_size int) returns setof ranking_entry
language sql stable rows 50 begin atomic
    with minimum as materialized (select policy_value('MIN_RATERS')::int as raters),
    among as materialized (
        select o.id, t.value, t.submissions > 0 as rated,
               t.submissions > 0 and t.raters >= (select raters from minimum) as ranked
        from organization as o
        join public.total as t on t.organization_id = o.id and t.pool = 'OWN'
        where not o.closed
          and o.id in (select works.organization_id from public.organization_sphere as works
                       join public.sphere as s on s.id = works.sphere_id where s.code = $1)
          and o.area_id in (select below.id from public.area as below
                            join public.area as top on below.path <@ top.path where top.code = $2)
    ),
    standing as (
        select id, rank() over (order by value desc)::int as position, count(*) over (partition by value)::int as tied
        from among where ranked
    )
    select id, position, case when not rated then 'NO_SUBMISSIONS' when not ranked then 'TOO_FEW_RATERS' end,
           (select count(*)::int from among where ranked), coalesce(tied, 0)
    from among left join standing using (id)
    order by case when ranked then value else 0 end desc, id desc
    limit page_size;
end;
