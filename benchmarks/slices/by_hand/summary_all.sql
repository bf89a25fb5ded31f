-- Everybody as one: the own totals of all, added up.
select count(*), ((200 * sum(mark_sum) + sum(submissions) * 720720)::bigint / (2 * sum(submissions) * 720720)::bigint / 100.0)::numeric(3, 2),
       sum(submissions)::bigint
from total join organization on organization.id = total.organization_id
where pool = 'OWN' and closed_on is null
