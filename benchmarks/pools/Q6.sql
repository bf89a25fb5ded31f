-- What people type: one or two words of a name, the last one often not written to its end.
select string_agg(
    case when number = last then left(word, greatest(4, length(word) - cut)) else word end, ' ' order by number
) as text
from (
    select code, word, number, max(number) over (partition by code) as last,
           ascii(md5(code || %(seed)s)) %% 4 as cut
    from (
        select code, word,
               row_number() over (partition by code order by md5(word || code || %(seed)s)) as number,
               1 + ascii(right(md5(code || %(seed)s), 1)) %% 2 as wanted
        from organization, regexp_split_to_table(coalesce(name_ru, name_be, name_en), '[^[:alpha:]]+') as word
        where closed_on is null and length(word) >= 5
    ) as words
    where number <= wanted
) as chosen
group by code
order by md5(code || %(seed)s)
limit %(size)s
