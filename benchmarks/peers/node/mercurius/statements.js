import { statement } from './database.js';

/** What every list of organizations selects: the scalars, and the keys that loaders go on from. */
const ORGANIZATION = `
  o.id, o.code, coalesce(o.name_ru, o.name_be, o.name_en) as name, o.area_id as "areaId",
  st_y(o.location) as latitude, st_x(o.location) as longitude`;

const NAME = 'coalesce(o.name_ru, o.name_be, o.name_en)';
const OPEN = '(o.closed_on is null or o.closed_on > current_date)';

const RATING = `
  t.organization_id::int as "organizationId", t.pool, to_char(t.value / 100.0, 'FM0.00') as value,
  t.submissions::int as submissions, t.raters::int as raters,
  to_char(div(20000 * t.satisfied + t.submissions, nullif(2 * t.submissions, 0)) / 10000.0, 'FM0.0000')
    as satisfaction`;

// --- The roots ---

export const organizationByCode = statement(
  'organization-by-code',
  `select ${ORGANIZATION} from organization o where o.code = $1`,
);

export const organizationsByName = statement(
  'organizations-by-name',
  `select ${ORGANIZATION} from organization o where ${OPEN} order by ${NAME}, o.id limit $1`,
);

export const organizationsByNameAfter = statement(
  'organizations-by-name-after',
  `select ${ORGANIZATION} from organization o
   where ${OPEN} and (${NAME}, o.id) > ($2::text collate "und-x-icu", $3::bigint)
   order by ${NAME}, o.id limit $1`,
);

export const organizationsByText = statement(
  'organizations-by-text',
  `with asked as materialized (
     select words, longest, coalesce((select word from unnest(words) as word where word <> longest
                                           order by length(word) desc limit 1), longest) as other
     from (select array_remove(string_to_array(search_normal($1), ' '), '') as words) as split,
          lateral (select word as longest from unnest(words) as word order by length(word) desc limit 1) as first
   )
   select ${ORGANIZATION}
   from organization o, lateral (select search_relevance(o.search, (select words from asked)) as relevance) as found
   where ${OPEN} and relevance > 0
     and (o.search like '% ' || (select longest from asked) || '%' or o.search %> (select longest from asked))
     and (o.search like '% ' || (select other from asked) || '%' or o.search %> (select other from asked))
   order by relevance desc, length(o.search), o.id desc
   limit $2`,
);

const IN_BOX = 'o.location && box and st_intersects(o.location, box)';

export const organizationsInBox = statement(
  'organizations-in-box',
  `select ${ORGANIZATION}, count(*) over ()::int as found
   from st_makeenvelope($1, $2, $3, $4, 4326) as box
   join organization o on ${IN_BOX} and ${OPEN}
   join total t on t.organization_id = o.id and t.pool = 'OWN'
   order by coalesce(t.value, 0) desc, o.id desc
   limit $5`,
);

export const rankedOrganizations = statement(
  'ranked-organizations',
  `with minimum as materialized (select policy_value('MIN_RATERS')::int as raters),
   among as materialized (
     select o.id, t.value, t.submissions > 0 as rated,
            t.submissions > 0 and t.raters >= (select raters from minimum) as ranked
     from organization o
     join total t on t.organization_id = o.id and t.pool = 'OWN'
     where ${OPEN}
       and o.id in (select organization_id from organization_sphere join sphere on sphere.id = sphere_id
                    where sphere.code = any($1))
       and o.area_id in (select area.id from area join area top on area.path <@ top.path where top.code = any($2))
   ),
   standing as (
     select id, rank() over (order by value desc)::int as position, count(*) over (partition by value)::int as tied
     from among where ranked
   )
   select ${ORGANIZATION}, position, coalesce(tied, 0) as tied,
          (select count(*) from among where ranked)::int as "outOf",
          case when not rated then 'NO_SUBMISSIONS' when not ranked then 'TOO_FEW_RATERS' end as "notRanked"
   from among join organization o using (id) left join standing using (id)
   order by case when ranked then value else 0 end desc, id desc
   limit $3`,
);

// --- The loaders: each the rows of many owners at once ---

export const areas = statement(
  'areas',
  'select id, code, coalesce(name_ru, name_be, name_en) as name from area where id = any($1::bigint[])',
);

export const spheres = statement(
  'spheres',
  `select works.organization_id as owner, s.code, coalesce(s.name_ru, s.name_be, s.name_en) as name
   from organization_sphere works join sphere s on s.id = works.sphere_id
   where works.organization_id = any($1::bigint[]) order by s.ordinal, s.id`,
);

export const ratings = statement(
  'ratings',
  `select ${RATING} from total t where t.organization_id = any($1::bigint[]) and t.pool = $2`,
);

export const criterionRatings = statement(
  'criterion-ratings',
  `select t.organization_id::int as owner, c.code, coalesce(c.name_ru, c.name_be, c.name_en) as name,
          to_char(rating_value(tally.sum * 720720, tally.count) / 100.0, 'FM0.00') as value,
          tally.count::int as submissions
   from total t
   cross join lateral unnest(t.criterion_sums, t.criterion_counts) with ordinality as tally (sum, count, id)
   join criterion c on c.id = tally.id
   where t.organization_id = any($1::bigint[]) and t.pool = $2 and tally.count > 0
   order by c.ordinal, c.id`,
);

export const children = statement(
  'children',
  `select ${ORGANIZATION}, parent.id as owner
   from unnest($1::bigint[]) as parent (id),
   lateral (
     select o.* from organization_position place join organization o on o.id = place.organization_id
     where place.hierarchy = $2 and place.parent_id = parent.id and ${OPEN}
     order by ${NAME}, o.id limit $3
   ) as o
   order by ${NAME}, o.id`,
);
