-- The first fifty of everybody in a quarter: distinct raters are in no total, so submissions are read.
with listed as materialized (
    select organization.id, coalesce(submissions, 0) as submissions, value, case when raters >= 5 then value else 0 end as key
    from organization left join (
        select organization_id, count(*) as submissions, count(distinct rater_id) as raters,
               (200 * sum(mark) + count(*) * 720720) / (2 * count(*) * 720720) as value
        from submission where status = 'COUNTED' and submitted_on between %(from)s::date and %(to)s::date
        group by organization_id
    ) as counted on counted.organization_id = organization.id
    where closed_on is null
),
first as (select * from listed order by key desc, id desc limit 50)
select case when key > 0 then rank() over (order by key desc) end, (select count(*) from listed where key > 0),
       code, (value / 100.0)::numeric(3, 2), submissions
from first join organization using (id)
order by key desc, id desc
