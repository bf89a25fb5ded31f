-- Days that cut two months: the whole months between from their totals, the days from the submissions.
-- Withheld where fewer than five raters stand behind a cut month's days in the period or behind its
-- others, or behind the period; most often one pass sees five, each of them setting one bit of 64.
with body as (
    select array(
        select id from organization where code = %(code)s::text
        union
        select below.organization_id
        from organization join organization_position as top on top.organization_id = organization.id
        join organization_position as below on below.hierarchy = top.hierarchy and below.path <@ top.path
        where organization.code = %(code)s::text and top.hierarchy = 'SUBORDINATION') as ids
),
edge as materialized (
    select 1 as number, submitted_on between %(from)s::date and %(to)s::date as inside,
           count(*) as submissions, sum(mark) as mark_sum,
           bit_count(bit_or(1::bigint << mod(rater_id, 64)::int)::bit(64)) as seen
    from submission
    where organization_id = any ((select ids from body)::bigint[]) and status = 'COUNTED'
      and submitted_on >= date_trunc('month', %(from)s::date::timestamp)
      and submitted_on < date_trunc('month', %(from)s::date::timestamp) + interval '1 month'
    group by inside
    union all
    select 2 as number, submitted_on between %(from)s::date and %(to)s::date as inside,
           count(*) as submissions, sum(mark) as mark_sum,
           bit_count(bit_or(1::bigint << mod(rater_id, 64)::int)::bit(64)) as seen
    from submission
    where organization_id = any ((select ids from body)::bigint[]) and status = 'COUNTED'
      and submitted_on >= date_trunc('month', %(to)s::date::timestamp)
      and submitted_on < date_trunc('month', %(to)s::date::timestamp) + interval '1 month'
    group by inside
),
counted as (
    select sum(submissions)::bigint as submissions, sum(mark_sum)::bigint as mark_sum
    from (
        select submissions, mark_sum from edge where inside
        union all
        select submissions, mark_sum from month_total
        where organization_id = (select id from organization where code = %(code)s::text)
          and pool in ('OWN', 'SUBORDINATION')
          and month > %(from)s::date and month < date_trunc('month', %(to)s::date::timestamp)
    ) as part
),
known as (
    select coalesce(submissions, 0) as submissions, mark_sum, coalesce(submissions > 0 and (
        submissions < 5
        or exists (select from edge where seen < 5)
           and exists (select from submission
                       where organization_id = any ((select ids from body)::bigint[]) and status = 'COUNTED'
                         and (submitted_on >= date_trunc('month', %(from)s::date::timestamp)
                              and submitted_on < date_trunc('month', %(from)s::date::timestamp) + interval '1 month'
                           or submitted_on >= date_trunc('month', %(to)s::date::timestamp)
                              and submitted_on < date_trunc('month', %(to)s::date::timestamp) + interval '1 month')
                       group by date_trunc('month', submitted_on::timestamp), submitted_on between %(from)s::date and %(to)s::date
                       having count(distinct rater_id) < 5)
        or not exists (select from edge where inside and seen >= 5)
           and (select count(distinct rater_id) < 5 from submission
                where organization_id = any ((select ids from body)::bigint[]) and status = 'COUNTED'
                  and submitted_on between %(from)s::date and %(to)s::date)
    ), false) as withheld
    from counted
)
select case when not withheld then
           ((200 * mark_sum + submissions * 720720) / (2 * nullif(submissions, 0) * 720720) / 100.0)::numeric(3, 2) end,
       submissions, withheld
from known
