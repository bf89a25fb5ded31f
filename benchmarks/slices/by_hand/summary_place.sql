-- A sphere in a region as one.
select count(*), ((200 * sum(mark_sum) + sum(submissions) * 720720)::bigint / (2 * nullif(sum(submissions), 0) * 720720)::bigint / 100.0)::numeric(3, 2),
       sum(submissions)::bigint
from organization join organization_sphere as works on works.organization_id = organization.id
join total on total.organization_id = organization.id
where pool = 'OWN' and organization.closed_on is null and works.sphere_id = (select id from sphere where code = %(sphere)s::text)
  and organization.area_id in (select id from area where path <@ (select path from area where code = %(region)s::text))
