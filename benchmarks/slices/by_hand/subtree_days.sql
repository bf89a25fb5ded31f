-- Days that cut two months: the whole months between from their totals, the days from the submissions.
-- Withheld where fewer than five raters stand behind a cut month's days in the period or behind its
-- others, or behind the period; most often the days at its edges show five already.
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
    select date_trunc('month', submitted_on::timestamp)::date as month,
           submitted_on between %(from)s::date and %(to)s::date as inside,
           count(*) as submissions, sum(mark) as mark_sum, count(distinct rater_id) as raters
    from submission
    where organization_id = any ((select ids from body)::bigint[]) and status = 'COUNTED'
      and (submitted_on >= date_trunc('month', %(from)s::date::timestamp)
           and submitted_on < date_trunc('month', %(from)s::date::timestamp) + interval '1 month'
        or submitted_on >= date_trunc('month', %(to)s::date::timestamp)
           and submitted_on < date_trunc('month', %(to)s::date::timestamp) + interval '1 month')
    group by month, inside
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
        or exists (select from edge where raters < 5)
        or not exists (select from edge where inside and raters >= 5)
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
