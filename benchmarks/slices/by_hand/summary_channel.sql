-- A channel of a sphere in a region. Its value is withheld where fewer than five raters stand behind it or behind
-- all other channels; and where the channels of fewer than five have fewer than five together, also
-- that of the next smallest one, from which they could be told. Mostly one pass sees five behind each
-- channel, each rater setting one bit of 64; only where it does not are they counted.
with body as (
    select array(
        select organization.id
        from organization join organization_sphere as works on works.organization_id = organization.id
        where organization.closed_on is null
          and works.sphere_id = (select id from sphere where code = %(sphere)s::text)
          and organization.area_id in (select id from area where path <@ (select path from area where code = %(region)s::text))) as ids
),
seen as materialized (
    select channel, count(*) as submissions, sum(mark)::bigint as mark_sum,
           bit_count(bit_or(1::bigint << mod(rater_id, 64)::int)::bit(64)) as raters
    from submission
    where organization_id = any ((select ids from body)::bigint[]) and status = 'COUNTED'
    group by channel
),
pair as materialized (
    select distinct channel, rater_id
    from submission
    where exists (select from seen where raters < 5)
      and organization_id = any ((select ids from body)::bigint[]) and status = 'COUNTED'
),
cell as materialized (select channel, count(*) as raters from pair group by channel),
known as (
    select coalesce(asked.submissions, 0) as submissions, mark_sum,
           case when asked.submissions is null then false
           when asked.submissions < 5 then true
           when not exists (select from seen where raters < 5) then false
           else (select raters < 5 from cell where channel = 'ONLINE')
             or exists (select from cell where channel is distinct from 'ONLINE')
            and (not exists (select from cell where channel is distinct from 'ONLINE' and raters >= 5)
                 and (select count(distinct rater_id) < 5 from pair where channel is distinct from 'ONLINE')
              or (select count(distinct rater_id) between 1 and 4 from pair join cell on cell.channel is not distinct from pair.channel
                  where cell.raters < 5)
                 and coalesce((select channel is not distinct from 'ONLINE' from cell where raters >= 5
                               order by raters, channel limit 1), false))
           end as withheld
    from (values (1)) as one left join seen as asked on asked.channel = 'ONLINE'
)
select (select cardinality(ids) from body),
       case when not withheld then
           ((200 * mark_sum + submissions * 720720) / (2 * nullif(submissions, 0) * 720720) / 100.0)::numeric(3, 2) end,
       submissions, withheld
from known
