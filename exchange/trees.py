"""Trees in a file: parents by code, in any order, stored or new; what moves takes everything below along."""

from dataclasses import dataclass

from psycopg import Connection

from exchange.load import Load


@dataclass(frozen=True)
class Tree:
    """One tree of nodes that are known by code.

    `field` is the column of the file that names the parent, `coded` the table of the codes. The
    nodes stand in `table` by `identifier`; `hierarchy` tells one tree from another there.
    """

    field: str
    coded: str
    table: str
    identifier: str
    hierarchy: str | None = None

    def holds(self, node: str) -> str:
        """The condition on a row of `table` to be of this tree."""
        return f"{node}.hierarchy = '{self.hierarchy}'" if self.hierarchy else "true"


def settle(load: Load, *trees: Tree) -> None:
    """Reject rows without a place in a tree, and then those that hoped to stand below them."""
    while sum(load.reject(_lost(tree)) + load.reject(_circular(tree)) for tree in trees):
        pass


def _lost(tree: Tree) -> str:
    return f"""
        SELECT number, '{tree.field}', 'no {tree.coded} has this code' FROM incoming AS placed
        WHERE {tree.field} IS NOT NULL
          AND NOT EXISTS (SELECT FROM {tree.coded} WHERE code = placed.{tree.field})
          AND NOT EXISTS (SELECT FROM incoming WHERE code = placed.{tree.field})"""


def _circular(tree: Tree) -> str:
    """Climbs from every row of the file; UNION ends a climb that goes round."""
    return f"""
        WITH RECURSIVE edge AS (
            SELECT code, {tree.field} AS parent FROM incoming
            UNION ALL
            SELECT child.code, parent.code
            FROM {tree.table} AS node
            JOIN {tree.coded} AS child ON child.id = node.{tree.identifier}
            JOIN {tree.coded} AS parent ON parent.id = node.parent_id
            WHERE {tree.holds("node")} AND child.code NOT IN (SELECT code FROM incoming)
        ),
        climb AS (
            SELECT code, {tree.field} AS above FROM incoming WHERE {tree.field} IS NOT NULL
            UNION
            SELECT climb.code, edge.parent FROM climb JOIN edge ON edge.code = climb.above WHERE edge.parent IS NOT NULL
        )
        SELECT number, '{tree.field}', 'would stand above and below the same one'
        FROM incoming JOIN climb USING (code) WHERE climb.above = climb.code"""


def place(connection: Connection, tree: Tree) -> bool:
    """Put the nodes of `incoming` below the parents it names; tells whether any moved.

    All that move become roots first, so that no state between is a circle. Then they find their
    parents from above: whoever has arrived has the final path for those below.
    """
    moved = connection.execute(f"""
        CREATE TEMP TABLE moved ON COMMIT DROP AS
        SELECT child.id, parent.id AS parent_id
        FROM incoming
        JOIN {tree.coded} AS child ON child.code = incoming.code
        JOIN {tree.table} AS node ON node.{tree.identifier} = child.id AND {tree.holds("node")}
        LEFT JOIN {tree.coded} AS parent ON parent.code = incoming.{tree.field}
        WHERE node.parent_id IS DISTINCT FROM parent.id""").rowcount
    connection.execute(f"""
        UPDATE {tree.table} AS node SET parent_id = NULL, parent_path = NULL
        FROM moved WHERE node.{tree.identifier} = moved.id AND {tree.holds("node")} AND node.parent_id IS NOT NULL""")
    connection.execute("DELETE FROM moved WHERE parent_id IS NULL")
    while connection.execute(_arrive(tree)).rowcount:
        pass
    connection.execute("DROP TABLE moved")
    return bool(moved)


def _arrive(tree: Tree) -> str:
    return f"""
        WITH arriving AS (
            DELETE FROM moved WHERE parent_id NOT IN (SELECT id FROM moved) RETURNING id, parent_id
        )
        UPDATE {tree.table} AS node SET parent_id = arriving.parent_id, parent_path = above.path
        FROM arriving JOIN {tree.table} AS above ON above.{tree.identifier} = arriving.parent_id AND {tree.holds("above")}
        WHERE node.{tree.identifier} = arriving.id AND {tree.holds("node")}"""
