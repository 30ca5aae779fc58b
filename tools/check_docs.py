#!/usr/bin/env python3
"""Documents that tell the truth: links lead somewhere, every route says what it is, examples run.

  check_docs.py                  links, anchors, pages that nothing leads to, summaries of routes and commands
  check_docs.py --run PROGRAM    besides, runs each block marked ```sh run, in an empty folder, against a demo site

In an example `openshelf` is PROGRAM with a site of its own, and http://127.0.0.1:8080 a served demonstration.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```\s*$", re.S | re.M)
ADDRESS = "http://127.0.0.1:8080"


def pages():
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/*.md"), *ROOT.glob("tests/*.md")])


def anchors(text):
    found = set()
    for heading in re.findall(r"^#+ +(.*)$", FENCE.sub("", text), re.M):
        heading = re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        found.add(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-"))
    return found


def check_links():
    found, reached = [], set()
    for page in pages():
        text = FENCE.sub("", page.read_text(encoding="utf-8"))
        for link in LINK.findall(text):
            if re.match(r"[a-z]+:", link):
                continue
            path, _, anchor = link.partition("#")
            target = (page.parent / path).resolve() if path else page
            if not target.exists():
                found.append(f"{page.relative_to(ROOT)}: {link} leads nowhere")
                continue
            if target.is_dir():
                target = target / "README.md"
            reached.add(target)
            if anchor and target.suffix == ".md" and anchor not in anchors(target.read_text(encoding="utf-8")):
                found.append(f"{page.relative_to(ROOT)}: {link}: no such heading")
    for page in ROOT.glob("docs/**/*.md"):
        if page not in reached and page != ROOT / "docs/README.md":
            found.append(f"{page.relative_to(ROOT)}: no page leads here")
    return found


def check_tables():
    """Every route and every command says in a line what it is."""
    found = []
    routes = (ROOT / "src/app/routes.def").read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", routes, flags=re.S)
    for call in re.findall(r'ROUTE\(((?:[^()"]|"(?:\\.|[^"])*"|\([^()]*\))*)\)', text):
        strings = re.findall(r'"((?:\\.|[^"])*)"', call)
        if len(strings) < 2 or len(strings[-1]) < 8:
            found.append(f"src/app/routes.def: {strings[0] if strings else call}: says nothing of itself")
    cli = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    commands = (ROOT / "src/bin/commands.def").read_text(encoding="utf-8")
    for word in re.findall(r'^COMMAND\(\s*"?(\w+)', commands, re.M):
        if f"`{word}" not in cli:
            found.append(f"docs/cli.md: the word {word} is missing")
    return found


def blocks():
    for page in pages():
        text = page.read_text(encoding="utf-8")
        for m in re.finditer(r"^```sh run\n(.*?)^```\s*$", text, re.S | re.M):
            yield f"{page.relative_to(ROOT)}:{text[:m.start()].count(chr(10)) + 2}", m[1]


# A writer whose reader has enough (`| head`) may find its pipe closed, or not: that depends on who is quicker.
PRELUDE = """
until_reader_goes() { command "$@" || { local code=$?; [ -p /dev/stdout ] && [[ $code = 23 || $code = 141 ]] || return $code; }; }
curl() { until_reader_goes curl "$@"; }
openshelf() { until_reader_goes openshelf "$@"; }
"""


def run_block(where, script, program, address):
    with tempfile.TemporaryDirectory(prefix="openshelf-docs-") as folder:
        os.mkdir(f"{folder}/bin")
        os.symlink(program, f"{folder}/bin/openshelf")
        os.symlink(ROOT / "tests", f"{folder}/tests")
        env = {**os.environ, "PATH": f"{folder}/bin:{os.environ['PATH']}", "OPENSHELF_DATA": f"{folder}/data", "OPENSHELF_RATE_PER_SECOND": "0"}
        done = subprocess.run(["bash", "-eu", "-o", "pipefail", "-c", PRELUDE + script.replace(ADDRESS, address)], cwd=folder, env=env,
                              capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)
    if done.returncode == 0:
        return []
    return [f"{where}: ends with {done.returncode}\n{script}{done.stdout[-1000:]}{done.stderr[-2000:]}"]


def run(program):
    sys.path.insert(0, str(ROOT / "tests/support"))
    os.environ["OPENSHELF"] = program
    from demo_site import Site
    passed, found = 0, []
    with Site() as site:
        for where, script in blocks():
            faults = run_block(where, script, program, site.url)
            found += faults
            passed += not faults
    print("\n".join(found))
    print(f"{passed} passed, {len(found)} failed")
    return 1 if found else 0


def main():
    if sys.argv[1:2] == ["--run"]:
        return run(str(pathlib.Path(sys.argv[2]).resolve()))
    found = check_links() + check_tables()
    print("\n".join(found) if found else f"documents: {len(pages())} pages, {len(list(blocks()))} examples that run")
    return 1 if found else 0


sys.exit(main())
