-- Ministries with three levels below them in the tree of supervision.
select code
from organization
join organization_position as place on place.organization_id = organization.id and place.hierarchy = 'SUPERVISION'
where place.parent_id is null and exists (
    select from organization_position as below
    where below.hierarchy = 'SUPERVISION' and below.path <@ place.path and nlevel(below.path) = 4
)
order by md5(code || %(seed)s)
limit %(size)s
