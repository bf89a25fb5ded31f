-- Boxes around random organizations, as wide as their 200th nearest neighbour is far. On a sparse map a
-- box is larger, on a dense one smaller: the number of organizations in it stays about the same.
select st_x(middle) - 1.2 * far as west, st_y(middle) - far as south,
       st_x(middle) + 1.2 * far as east, st_y(middle) + far as north
from (
    select location as middle, code
    from organization
    where closed_on is null and location is not null
    order by md5(code || %(seed)s)
    limit %(size)s
) as picked,
lateral (
    select location <-> middle as far
    from organization
    order by location <-> middle
    offset least(200, (select count(*) / 3 from organization)) limit 1
) as neighbour
order by md5(code || %(seed)s)
