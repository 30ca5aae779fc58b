"""tplgen: every place escapes in its way, and what could break out of it stops the build."""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

TOOL = pathlib.Path(__file__).resolve().parent / "tplgen.py"


class TplGen(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="openshelf-tplgen-"))
        self.addCleanup(shutil.rmtree, self.root)

    def run_tool(self, html):
        (self.root / "a.html").write_text(html)
        done = subprocess.run([sys.executable, str(TOOL), "--root", str(self.root), "--out", str(self.root),
                               str(self.root / "a.html")], capture_output=True, text=True)
        return done.returncode, done.stderr

    def made(self, body, head="{{# view: view_type }}"):
        code, err = self.run_tool(head + body)
        self.assertEqual(code, 0, err)
        return (self.root / "views.c").read_text()

    def refused(self, body, says, line=2):
        code, err = self.run_tool("{{# view: view_type }}\n" + body)
        self.assertNotEqual(code, 0, (self.root / "views.c").exists())
        self.assertIn(says, err)
        self.assertIn(f"a.html:{line}:", err)

    def test_places(self):
        c = self.made('<p title="{{ v->a }}" data-x="b {{ v->b }}">{{ v->c }}</p>')
        self.assertIn("html_attr(o, (v->a));", c)
        self.assertIn("html_attr(o, (v->b));", c)
        self.assertIn("html_put(o, (v->c));", c)

    def test_addresses(self):
        c = self.made('<a href="{{ v->a }}">x</a><a href="/x/{{ v->b }}">y</a><form action=\'{{ v->c }}\'></form>')
        self.assertIn("html_url(o, (v->a));", c)
        self.assertIn("html_attr(o, (v->b));", c)
        self.assertIn("html_url(o, (v->c));", c)

    def test_addresses_that_a_condition_chooses(self):
        c = self.made('<a href="{{ if v->x }}{{ v->a }}{{ else }}{{ v->b }}{{ end }}{{ v->c }}">x</a>'
                      '<a href="{{ if v->x }}/en{{ end }}{{ v->d }}">y</a><img src="/{{ if v->x }}{{ v->e }}{{ end }}">')
        for name in "abd":
            self.assertIn(f"html_url(o, (v->{name}));", c)
        for name in "ce":
            self.assertIn(f"html_attr(o, (v->{name}));", c)

    def test_flow(self):
        c = self.made('{{ if v->n > 0 }}<b>{{ else if v->m }}<b>{{ else }}<b>{{ end }}</b>{{ let int k = 3 }}'
                      '{{ each row r in v->rows }}{{ r->x }}{{ end }}')
        self.assertIn("if (v->n > 0) {", c)
        self.assertIn("} else if (v->m) {", c)
        self.assertIn("int k = 3;", c)
        self.assertIn("for (const row *r = (v->rows).v", c)

    def test_phrases(self):
        c = self.made('<p>{{ t "Datasets" }} {{ t "{n} of {name}" n=num(v->n) name=v->org }}</p>')
        self.assertIn('html_put(o, (T(c, "Datasets")));', c)
        self.assertIn('lang_with(c, "{n} of {name}", { "n", (num(v->n)) }, { "name", (v->org) })', c)

    def test_the_compiler_speaks_of_the_template(self):
        self.assertIn('#line 3 "a.html"\n    html_put(o, (v->a));', self.made("\n\n<p>{{ v->a }}</p>"))

    def test_without_a_type(self):
        self.assertIn("html view(ctx *c)\n", self.made("<p>x</p>", "{{# view }}"))

    def test_a_page_begins_with_its_doctype(self):
        self.assertIn('S("<!doctype html>', self.made("\n<!doctype html>\n<p>x</p>"))

    def test_quotes_and_backslashes_of_markup(self):
        self.assertIn(r'S("<p class=\"a\">\\</p>")', self.made('<p class="a">\\</p>'))

    def test_values_where_none_may_stand(self):
        self.refused("<a href={{ v->a }}>", "without quotes")
        self.refused("<script>{{ v->a }}</script>", "a value inside <script>")
        self.refused("<style>{{ v->a }}</style>", "a value inside <style>")
        self.refused("<!-- {{ v->a }} -->", "a value inside a comment")
        self.refused("<a {{ v->a }}>", "a value inside a tag")

    def test_what_is_left_open(self):
        self.refused("{{ if v->a }}<p>", "if without end")
        self.refused('{{ if v->a }}<p title="{{ end }}x">', "does not end where it began")
        self.refused('{{ if v->a }}<p title="{{ else }}x">{{ end }}', "does not end where it began")
        self.refused("{{ end }}", "end without")
        self.refused("{{ else }}", "else without if")
        self.refused("<p", "ends inside a tag", 2)

    def test_before_the_first_function(self):
        code, err = self.run_tool("<p>x</p>{{# view }}")
        self.assertNotEqual(code, 0)
        self.assertIn("markup before the first", err)


if __name__ == "__main__":
    unittest.main()
