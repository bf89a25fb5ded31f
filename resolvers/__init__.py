"""What each field means: for reads SQL expressions, for writes one function, one transaction.

In a reading function `a` are the field's arguments, and the first parameter is the row of the
object that the field belongs to, named after what it is: `o` an organization, `r` a rating ...
Subqueries say which row they look at from outside (`correlate`): nobody knows how deep they stand.
"""
