-- Months of a subtree: those of the organization itself, and those of what stands below it. A mark is in 1/720720; the mean is rounded half up once, in integers.
select ((200 * mark_sum + submissions * 720720) / (2 * nullif(submissions, 0) * 720720) / 100.0)::numeric(3, 2), submissions
from (
    select coalesce(sum(mark_sum), 0)::bigint as mark_sum, coalesce(sum(submissions), 0) as submissions
    from month_total
    where organization_id = (select id from organization where code = %(code)s::text)
      and pool in ('OWN', 'SUBORDINATION') and month between %(from)s::date and %(to)s::date
) as counted
