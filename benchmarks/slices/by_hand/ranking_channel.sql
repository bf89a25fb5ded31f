-- The first fifty of everybody by a channel, with what is withheld of whom: see own_channel.sql. One pass
-- sees enough raters behind most channels, each of them setting one bit of 64; only the others are counted.
with seen as materialized (
    select organization_id, channel, count(*) as submissions, sum(mark) as mark_sum,
           bit_count(bit_or(1::bigint << mod(rater_id, 64)::int)::bit(64)) as raters
    from submission where status = 'COUNTED'
    group by organization_id, channel
),
doubtful as materialized (
    select array_agg(distinct organization_id) as ids from seen where raters < 5
),
pair as (
    select distinct organization_id, channel, rater_id
    from submission where status = 'COUNTED' and organization_id = any ((select ids from doubtful)::bigint[])
),
cell as materialized (
    select organization_id, channel, count(*) as raters, case when count(*) < 5 then array_agg(rater_id) end as few
    from pair group by organization_id, channel
),
-- Of each: its raters, whether there are other channels, the most raters of these, and the fewest that are enough.
parted as (
    select organization_id, coalesce(max(raters) filter (where channel = 'ONLINE'), 0) as raters,
           bool_or(channel is distinct from 'ONLINE') as any_other,
           max(raters) filter (where channel is distinct from 'ONLINE') as most,
           (array_agg(channel order by raters, channel) filter (where raters >= 5))[1] as next
    from cell group by organization_id
),
together as (
    select organization_id, count(distinct rater) as raters,
           count(distinct rater) filter (where channel is distinct from 'ONLINE') as others
    from cell, unnest(few) as rater group by organization_id
),
close as (
    select organization_id, parted.raters, parted.raters < 5
        or any_other and (most < 5 and together.others < 5 or together.raters between 1 and 4 and next = 'ONLINE') as withheld
    from parted left join together using (organization_id)
),
counted as (
    select organization_id, submissions, mark_sum, coalesce(close.raters, seen.raters) as raters, withheld
    from seen left join close using (organization_id) where channel = 'ONLINE'
),
listed as materialized (
    select organization.id, coalesce(submissions, 0) as submissions, value,
           case when raters >= 5 then coalesce(value, 0) else 0 end as key
    from organization left join (
        select *, case when withheld is not true then
            (200 * mark_sum + submissions * 720720) / (2 * submissions * 720720) end as value
        from counted
    ) as told on told.organization_id = organization.id
    where closed_on is null
),
first as (select * from listed order by key desc, id desc limit 50)
select case when key > 0 then rank() over (order by key desc) end, (select count(*) from listed where key > 0),
       code, (value / 100.0)::numeric(3, 2), submissions
from first join organization using (id)
order by key desc, id desc
