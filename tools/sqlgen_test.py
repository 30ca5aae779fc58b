"""sqlgen: what it makes of statements in both dialects, and the mistakes that stop the build."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

TOOL = pathlib.Path(__file__).resolve().parent / "sqlgen.py"
MIGRATION = """CREATE TABLE thing (id BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, size DOUBLE PRECISION, parent BIGINT);
"""


class SqlGen(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="openshelf-sqlgen-"))
        self.addCleanup(shutil.rmtree, self.root)
        (self.root / "db/migrations").mkdir(parents=True)
        (self.root / "db/migrations/0001_start.sql").write_text(MIGRATION)

    def run_tool(self, sql):
        (self.root / "a.sql").write_text("-- Statements of the test.\n\n" + sql)
        done = subprocess.run([sys.executable, str(TOOL), "--root", str(self.root), "--out", str(self.root),
                               str(self.root / "a.sql")], capture_output=True, text=True)
        return done.returncode, done.stderr

    def made(self, sql):
        code, err = self.run_tool(sql)
        self.assertEqual(code, 0, err)
        return (self.root / "queries.h").read_text(), (self.root / "queries.c").read_text()

    def refused(self, sql, says):
        code, err = self.run_tool(sql)
        self.assertNotEqual(code, 0)
        self.assertIn(says, err)
        self.assertIn("a.sql:3", err)

    def test_types_follow_from_the_columns(self):
        h, c = self.made("-- thing_by(id int) -> one thing_row\nSELECT id, name, size, parent, count(*) AS \"n:int\", "
                         "max(name) AS \"last:text?\" FROM thing WHERE id = $id;\n")
        self.assertIn("int64_t id;\n    str name;\n    double size;\n    bool size_null;\n    int64_t parent;\n"
                      "    bool parent_null;\n    int64_t n;\n    str last;\n    bool last_null;\n} thing_row;", h)
        self.assertIn("bool q_thing_by(ctx *c, int64_t id, thing_row *out) nodiscard;", h)
        self.assertIn('AS \\"n\\"', c.split("postgres")[0])     # the type is taken out for PostgreSQL
        self.assertIn("WHERE id = ?1", c)
        self.assertIn("WHERE id = $1::bigint", c)

    def test_every_kind_of_result(self):
        h, c = self.made(
            "-- a_one() -> one thing_row\nSELECT id FROM thing;\n"
            "-- a_maybe() -> maybe thing_row\nSELECT id FROM thing;\n"
            "-- a_list() -> list thing_row\nSELECT id FROM thing;\n"
            "-- a_each() -> each thing_row\nSELECT id FROM thing;\n"
            "-- a_count() -> int\nSELECT count(*) AS \"n:int\" FROM thing;\n"
            "-- a_name() -> text\nSELECT name FROM thing;\n"
            "-- a_run(id int) -> run\nDELETE FROM thing WHERE id = $id;\n"
            "-- a_send(id int) -> send\nDELETE FROM thing WHERE id = $id;\n"
            "-- a_changed(id int) -> changed\nDELETE FROM thing WHERE id = $id;\n")
        self.assertEqual(h.count("nodiscard;"), 9)
        self.assertIn("const size_t q_count = 9;", c)
        self.assertIn("8, 1, true,", c)
        self.assertIn("4, 0, false,", c)

    def test_lists_and_dialects(self):
        _, c = self.made("-- among(ids ints) -> list r\nSELECT id FROM thing WHERE id IN ($ids);\n"
                         "-- mine() -> int\n-- dialect: sqlite\nSELECT 1 AS \"n:int\";\n-- dialect: postgres\nSELECT 2 AS \"n:int\";\n")
        self.assertIn("IN (SELECT value FROM json_each(?1))", c)
        self.assertIn("= ANY($1::bigint[])", c)
        self.assertIn('"SELECT 1 AS', c)
        self.assertIn('"SELECT 2 AS', c)

    def test_a_dollar_in_quotes_is_text(self):
        _, c = self.made("-- a(x text) -> run\nUPDATE thing SET name = '$y' || $x;\n")
        self.assertIn("'$y' || ?1", c)

    def test_misspelt_table(self):
        self.refused("-- a() -> list r\nSELECT id FROM thnig;\n", "no such table")

    def test_misspelt_column(self):
        self.refused("-- a() -> list r\nSELECT nmae FROM thing;\n", "no such column")

    def test_unknown_parameter(self):
        self.refused("-- a() -> run\nDELETE FROM thing WHERE id = $id;\n", "uses $id")

    def test_unused_parameter(self):
        self.refused("-- a(id int, x text) -> run\nDELETE FROM thing WHERE id = $id;\n", "does not use its parameter x")

    def test_unknown_type_and_result(self):
        self.refused("-- a(id number) -> run\nDELETE FROM thing WHERE id = $id;\n", "want NAME TYPE")
        self.refused("-- a() -> rows\nSELECT id FROM thing;\n", "no such result")

    def test_expression_without_a_type(self):
        self.refused("-- a() -> one r\nSELECT count(*) AS n FROM thing;\n", "is an expression")

    def test_name_taken(self):
        code, err = self.run_tool("-- a() -> list r\nSELECT id FROM thing;\n-- a() -> list r\nSELECT id FROM thing;\n")
        self.assertNotEqual(code, 0)
        self.assertIn("the name is taken by a.sql:3", err)

    def test_one_struct_one_shape(self):
        code, err = self.run_tool("-- a() -> list r\nSELECT id FROM thing;\n-- b() -> list r\nSELECT name FROM thing;\n")
        self.assertNotEqual(code, 0)
        self.assertIn("are not those of r elsewhere", err)

    def test_single_value_of_another_type(self):
        self.refused("-- a() -> int\nSELECT name FROM thing;\n", "not one int")

    def test_a_dialect_that_is_missing(self):
        self.refused("-- a() -> int\n-- dialect: sqlite\nSELECT 1 AS \"n:int\";\n", "has no text for postgres")


if __name__ == "__main__":
    unittest.main()
