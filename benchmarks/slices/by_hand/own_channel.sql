-- A channel of an organization. Its value is withheld where fewer than five raters stand behind it or behind
-- all other channels; and where the channels of fewer than five have fewer than five together, also
-- that of the next smallest one, from which they could be told.
with pair as materialized (
    select channel, rater_id, count(*) as submissions, sum(mark) as mark_sum
    from submission
    where organization_id = (select id from organization where code = %(code)s::text) and status = 'COUNTED'
    group by channel, rater_id
),
cell as materialized (
    select channel, count(*) as raters, sum(submissions)::bigint as submissions, sum(mark_sum)::bigint as mark_sum
    from pair group by channel
),
known as (
    select coalesce(asked.submissions, 0) as submissions, mark_sum,
           case when asked.submissions is null then false
           when raters < 5 then true
           else exists (select from cell where channel is distinct from 'ONLINE')
            and (not exists (select from cell where channel is distinct from 'ONLINE' and raters >= 5)
                 and (select count(distinct rater_id) < 5 from pair where channel is distinct from 'ONLINE')
              or (select count(distinct rater_id) between 1 and 4 from pair join cell on cell.channel is not distinct from pair.channel
                  where cell.raters < 5)
                 and coalesce((select channel is not distinct from 'ONLINE' from cell where raters >= 5
                               order by raters, channel limit 1), false))
           end as withheld
    from (values (1)) as one left join cell as asked on asked.channel = 'ONLINE'
)
select case when not withheld then
           ((200 * mark_sum + submissions * 720720) / (2 * nullif(submissions, 0) * 720720) / 100.0)::numeric(3, 2) end,
       submissions, withheld
from known
