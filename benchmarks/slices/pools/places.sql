-- A sphere in a region, wherever there are at least 50 organizations to rank.
select sphere.code as sphere, region.code as region
from sphere
join organization_sphere as works on works.sphere_id = sphere.id
join organization on organization.id = works.organization_id and organization.closed_on is null
join area on area.id = organization.area_id
join area as region on area.path <@ region.path and nlevel(region.path) = 2
group by sphere.code, region.code
having count(*) >= 50
order by md5(sphere.code || region.code || %(seed)s)
limit %(size)s
