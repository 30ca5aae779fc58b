"""The checks find what they are for: each rule is broken once in a small tree, and must be named."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parent
LAYERS = """# x

```layers
base:
kit/text:
kit/db:               kit/text
app/dataset:          kit/db
app/shell:            =faces
faces:                app kit
bin:                  app kit
```
"""


class Checks(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="openshelf-checks-"))
        self.addCleanup(shutil.rmtree, self.root)
        shutil.copytree(TOOLS, self.root / "tools", ignore=shutil.ignore_patterns("__pycache__"))
        subprocess.run(["git", "init", "-q", str(self.root)], check=True)
        self.write("ARCHITECTURE.md", LAYERS)
        self.write("docs/cli.md", "`serve`\n")
        self.write("README.md", "[cli](docs/cli.md)\n")
        self.write("src/bin/commands.def", "/* none */\n")
        self.write("src/app/routes.def", "/* none */\n")
        self.write("src/base/base.h", "/* base */\n")
        self.write("src/kit/db/uses.c", '#include "kit/text/text.h"\n')
        self.write("src/app/dataset/uses.c", '#include "kit/db/db.h"\n')

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run_tool(self, tool):
        done = subprocess.run([sys.executable, str(self.root / "tools" / tool)], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def finds(self, tool, name, text, says):
        """The tool is content without the file, and names it with its fault."""
        code, out = self.run_tool(tool)
        self.assertEqual(code, 0, out)
        self.write(name, text)
        code, out = self.run_tool(tool)
        self.assertEqual(code, 1, out)
        self.assertIn(name, out)
        self.assertIn(says, out)

    def finds_more(self, tool, name, text, says):
        """The same in a tree that has other faults already."""
        self.assertNotIn(says, self.run_tool(tool)[1])
        self.write(name, text)
        self.assertIn(says, self.run_tool(tool)[1])

    def test_phrases_without_chinese(self):
        self.finds("check_po.py", "src/app/theme/theme.html", '<p>{{ t "Hello {name}" name=v->x }}</p>\n', "has no Chinese")

    def test_phrases_of_code_and_tables(self):
        self.finds("check_po.py", "src/app/theme/theme.c", 'return fail_said(c, INVALID, S("q"), "“q” is "\n    "long");\n', "“q” is long")
        self.finds_more("check_po.py", "src/base/err.def", 'ERR(GONE, 410, 4, "it is gone")\n', "it is gone")

    def test_phrases_left_over(self):
        self.finds("check_po.py", "po/zh_Hant.theme.po", 'msgid "Nobody says it"\nmsgstr "沒人說"\n', "left over")

    def test_phrases_with_other_places(self):
        self.write("src/app/theme/theme.html", '{{ t "{n} of {all}" n=a all=b }}\n')
        self.write("po/zh_Hant.theme.po", 'msgid "{n} of {all}"\nmsgstr "{all} 之 {n}"\n')
        self.finds("check_po.py", "po/zh_Hant.theme.po", 'msgid "{n} of {all}"\nmsgstr "{a} 之 {n}"\n', "different")

    def test_layers_upwards(self):
        self.finds("check_layers.py", "src/kit/text/a.c", '/* a */\n#include "app/dataset/dataset.h"\n', "may not use app/dataset")

    def test_layers_sideways(self):
        self.finds("check_layers.py", "src/kit/text/a.c", '/* a */\n#include "kit/db/db.h"\n', "may not use kit/db")

    def test_layers_subject_uses_face(self):
        self.finds("check_layers.py", "src/app/dataset/dataset.c", '#include "app/dataset/dataset_page.h"\n', "only faces")

    def test_layers_subject_uses_views(self):
        self.finds("check_layers.py", "src/app/dataset/dataset.c", '#include "views.h"\n', "only pages include")

    def test_layers_unknown_folder(self):
        self.finds("check_layers.py", "src/app/novel/novel.c", '#include "base.h"\n', "no line")

    def test_layers_let_pages_through(self):
        self.write("src/app/dataset/dataset_page.c", '#include "app/shell/shell.h"\n#include "views.h"\n')
        self.assertEqual(self.run_tool("check_layers.py")[0], 0)

    def test_layers_tests_use_the_support_of_tests(self):
        self.write("src/kit/text/a_test.c", '#include "support/support.h"\n')
        self.assertEqual(self.run_tool("check_layers.py")[0], 0)
        self.finds("check_layers.py", "src/kit/text/a.c", '#include "support/support.h"\n', "may not use support")

    def test_layers_name_what_is_used(self):
        self.write("ARCHITECTURE.md", LAYERS.replace("kit/text:", "kit/text: kit/blob"))
        self.assertIn("kit/text does not use kit/blob", self.run_tool("check_layers.py")[1])

    def test_layers_cycle(self):
        self.write("ARCHITECTURE.md", LAYERS.replace("kit/text:", "kit/text: kit/db"))
        self.assertIn("reaches itself", self.run_tool("check_layers.py")[1])

    def test_vendor_elsewhere(self):
        self.finds("check_vendor.py", "src/kit/text/a.c", "#include <sqlite3.h>\n", "belongs in kit/db/db_sqlite.c")

    def test_vendor_unknown(self):
        self.finds("check_vendor.py", "src/kit/text/a.c", "#include <glib.h>\n", "no header that the project knows")

    def test_vendor_memory(self):
        self.finds("check_vendor.py", "src/kit/text/a.c", "void a(void)\n{\n    free(p);\n}\n", "memory comes from an arena")

    def test_vendor_goto_in_app(self):
        self.finds("check_vendor.py", "src/app/dataset/a.c", "void a(void)\n{\n    goto end;\n}\n", "no goto")

    def test_vendor_ignores_comments_and_texts(self):
        self.write("src/kit/text/a.c", '/* free(x) and goto */\nconst char *a = "malloc(1)"; // free(x)\n')
        self.assertEqual(self.run_tool("check_vendor.py")[0], 0)

    def style(self, name, text, says):
        self.finds("check_style.py", name, text, says)

    def test_style_long_function(self):
        self.style("src/kit/text/a.c", "#include <x>\nint a_b(void)\n{\n" + "    x();\n" * 79 + "}\n", "a_b has 82 lines")

    def test_style_function_of_80(self):
        self.write("src/kit/text/a.c", "#include <x>\nint a_b(void)\n{\n" + "    x();\n" * 77 + "}\n")
        self.assertEqual(self.run_tool("check_style.py")[0], 0)

    def test_style_long_file(self):
        self.style("src/kit/text/a.c", "/* a */\n" * 601, "has 601 lines")

    def test_style_long_function_of_python_and_javascript(self):
        self.style("tools/long.py", '"""x"""\n\n\ndef long():\n' + "    x()\n" * 80, "long has 81 lines")
        (self.root / "tools/long.py").unlink()
        self.style("tests/browser/long.mjs", "await check(async () => {\n" + "  x();\n" * 79 + "});\n", "has 81 lines")
        (self.root / "tests/browser/long.mjs").unlink()
        self.write("tests/browser/a.mjs", ("function a() {\n" + "  x();\n" * 70 + "}\n") * 2)
        self.assertEqual(self.run_tool("check_style.py")[0], 0)

    def test_style_name(self):
        self.style("src/kit/text/a.c", "/* a */\nint b_c(void)\n{\n    return 0;\n}\n", "b_c should start with")

    def test_style_blanks_and_tabs(self):
        self.style("src/kit/text/a.c", "/* a */ \n", "blanks at the end")
        self.style_again("src/kit/text/a.c", "/* a */\n\tint x;\n", "a tab")
        self.style_again("src/kit/text/a.c", "/* a */\n" + "<" * 7 + " HEAD\n", "conflict")

    def style_again(self, name, text, says):
        self.write(name, text)
        self.assertIn(says, self.run_tool("check_style.py")[1])

    def test_style_header_comment(self):
        self.style("src/kit/text/a.h", "#ifndef A_H\n#define A_H\n#endif\n", "starts with a comment")

    def test_style_sql_in_c(self):
        self.style("src/app/dataset/a.c", '/* a */\nconst char *q = "SELECT x FROM y";\n', "SQL stands in .sql files")

    def test_style_truths_in_json(self):
        truths = ("a == b", "a != NULL", "n > 0", "a->n<b", "a >= 1", "a && b", "!a", "true", "(a == b)", "x ? a == b : c", 'f(a, ")") == 0')
        others = ("(bool)(a == b)", "!n ? a : b > 0 ? c : d", "a->b", "n << 1", "f(a == b)", '"a == b"', "-1", "((str){ a, 3 })")
        self.write("src/kit/text/a.c", "/* a */\n" + "".join(f'json_kv(&j, "x", {v});\n' for v in truths))
        self.assertEqual(self.run_tool("check_style.py")[1].count("json_kv writes this truth"), len(truths))
        self.write("src/kit/text/a.c", "/* a */\n" + "".join(f'json_kv(&j, "x", {v});\n' for v in others))
        self.assertEqual(self.run_tool("check_style.py")[0], 0)

    def test_style_unfinished(self):
        self.style("src/kit/text/a.c", "/* a " + "TO" + "DO */\n", "unfinished work")

    def test_docs_dead_link(self):
        self.finds("check_docs.py", "CONTRIBUTING.md", "[x](docs/none.md)\n", "leads nowhere")

    def test_docs_dead_anchor(self):
        self.finds("check_docs.py", "CONTRIBUTING.md", "[x](README.md#none)\n", "no such heading")

    def test_docs_orphan(self):
        self.finds("check_docs.py", "docs/lonely.md", "alone\n", "no page leads here")

    def test_docs_silent_route(self):
        self.finds("check_docs.py", "src/app/routes.def", 'ROUTE(M(GET), "/x", x_show, READ, LOOP, NONE, "", "")\n', "says nothing")


if __name__ == "__main__":
    unittest.main()
