#!/usr/bin/env python3
"""Measures the checker beside Polars and DuckDB, and a ZIP beside a folder.

    measure.py peers   FIXTURES CHECKER [WORK]    one large file of table 6, forty plain checks
    measure.py archive FIXTURES CHECKER [WORK]    8,000 small files, in a folder and in one ZIP
    measure.py self-test                          every plain check notices what is wrong

FIXTURES and CHECKER are the programs careplan-fixtures and careplan-conformance, built for release.
The runs of all that is measured take turns; what counts is the least CPU time, user and system, of
five runs. Files and runs are kept in WORK (./measured): a measurement that was stopped goes on where it
was, and one of another build of the checker begins anew.

Whole processes are counted; of the peers also the query alone, without the start of Python and the import
of the package. They read the file in UTF-8, as neither knows MS932, and only count the records that are
wrong; they say nothing about them.
"""
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

PEOPLE = 36_000
RUNS = 5
FILES = 8_000
COLUMNS = 25

KINDS = (
    "11 12 13 14 15 16 17 21 22 23 2A 31 71 76 72 78 73 68 77 79 27 28 38 62 63 64 66 67 24 25 26 2B 34 "
    "74 75 69 39 A1 A2 A3 A4 A5 A6 A7 A8"
).split()
OFFICE = "[0-9]{2}[0-9A-Z][0-9]{7}"
TIME = "(([01][0-9]|2[0-3])[0-5][0-9]|9999)"
ITEM = "([0-9]{5}-[0-9]{6})?"

# Item of UPPLAN, what is asked, of what, and a value that is wrong. Lengths are in characters.
CHECKS = [
    (1, "one of", ["202407"], "202410"),
    (2, "length", (6, 6), "47901"),
    (2, "pattern", "[0-9]{6}", "47901A"),
    (3, "length", (10, 10), "098285239"),
    (3, "pattern", "[0-9H][0-9]{9}", "09828523-1"),
    (4, "length", (8, 8), "2026523"),
    (4, "date", None, "20260230"),
    (5, "length", (6, 6), "20266"),
    (5, "pattern", "20[0-9]{2}(0[1-9]|1[0-2])", "202613"),
    (6, "length", (10, 10), "477900011"),
    (6, "pattern", OFFICE, "47790001I8"),
    (7, "length", (1, 60), ""),
    (8, "length", (1, 6), "1000244"),
    (8, "pattern", "-?[0-9]+", "24.4"),
    (9, "length", (0, 5), "000025"),
    (9, "pattern", "[0-9]*", "2-5"),
    (10, "length", (8, 8), "2026062"),
    (10, "date", None, "20260631"),
    (11, "length", (0, 31), "0" * 32),
    (11, "pattern", "([01]{31})?", "2" * 31),
    (12, "length", (4, 4), "930"),
    (12, "pattern", TIME, "2460"),
    (13, "length", (4, 4), "10:30"),
    (13, "pattern", TIME, "1060"),
    (14, "length", (1, 2), "100"),
    (14, "pattern", "[0-9]+", "1a"),
    (15, "length", (6, 6), "11221"),
    (15, "pattern", "[0-9A-Z]{3}[0-9]{3}", "11-221"),
    (15, "kind", KINDS, "991111"),
    (16, "length", (0, 12), "00001-0000100"),
    (16, "pattern", ITEM, "1-10"),
    (17, "length", (0, 12), "00001-0000100"),
    (17, "pattern", ITEM, "1-10"),
    (19, "length", (0, 2), "001"),
    (19, "pattern", "[0-9]*", "a"),
    (20, "length", (10, 10), "477900018"),
    (20, "pattern", OFFICE, "4779-00183"),
    (22, "length", (0, 2), "001"),
    (23, "one of", ["0", "1"], "2"),
    (24, "pattern", f"({OFFICE})?", "47790O0118"),
]
assert len(CHECKS) == 40


def polars_counts(path):
    import polars as pl

    def wrong(item, asked, of):
        value = pl.col(f"c{item}")
        if asked == "length":
            least, most = of
            length = value.str.len_chars()
            return (length < least) | (length > most)
        if asked == "pattern":
            return ~value.str.contains(f"^({of})$")
        if asked == "date":
            return value.str.to_date("%Y%m%d", strict=False).is_null()
        if asked == "kind":
            return ~value.str.slice(0, 2).is_in(of)
        return ~value.is_in(of)

    rows = pl.scan_csv(
        path, has_header=False, new_columns=[f"c{item}" for item in range(1, COLUMNS + 1)],
        infer_schema=False, empty_string_is_null=False, low_memory=True,
    )
    counts = [wrong(*check[:3]).sum().alias(str(at)) for at, check in enumerate(CHECKS)]
    return list(rows.select(counts).collect(engine="streaming").row(0))


def duckdb_counts(path):
    import duckdb

    def wrong(item, asked, of):
        value = f"c{item}"
        if asked == "length":
            return f"length({value}) NOT BETWEEN {of[0]} AND {of[1]}"
        if asked == "pattern":
            return f"NOT regexp_full_match({value}, '{of}')"
        if asked == "date":
            return f"try_strptime({value}, '%Y%m%d') IS NULL"
        members = ", ".join(f"'{member}'" for member in of)
        return f"{value if asked == 'one of' else f'left({value}, 2)'} NOT IN ({members})"

    counts = ", ".join(f"count(*) FILTER (WHERE {wrong(*check[:3])})" for check in CHECKS)
    columns = ", ".join(f"'c{item}': 'VARCHAR'" for item in range(1, COLUMNS + 1))
    rows = (
        f"read_csv('{path}', header=false, auto_detect=false, delim=',', quote='\"', escape='\"', "
        f"new_line='\\r\\n', nullstr='\\N', columns={{{columns}}})"
    )
    return list(duckdb.sql(f"SELECT {counts} FROM {rows}").fetchall()[0])


PEERS = {"polars": polars_counts, "duckdb": duckdb_counts}


def cpu(usage):
    return usage.ru_utime + usage.ru_stime


def of_peer(name, path):
    """In a process of its own: CPU seconds of the query alone, and what was counted."""
    __import__(name)
    before = cpu(resource.getrusage(resource.RUSAGE_SELF))
    counts = PEERS[name](path)
    query = cpu(resource.getrusage(resource.RUSAGE_SELF)) - before
    print(json.dumps({"query": query, "counts": counts}))


def run(*command, ends=(0,)):
    """What a process used from its start to its end, and what it printed."""
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen([str(part) for part in command], stdout=printed)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode in ends, f"{command[0]} ended with {process.returncode}"
        printed.seek(0)
        return {"cpu": cpu(usage), "memory": usage.ru_maxrss * 1024}, printed.read()


def run_peer(name, path):
    used, printed = run(sys.executable, __file__, "of-peer", name, path)
    told = json.loads(printed)
    assert sum(told["counts"]) == 0, f"{name} finds fault with a right file: {told['counts']}"
    return used | {"query": told["query"]}


def run_checker(checker, *arguments, ends=(0,)):
    return run(checker, "check", "--quiet", *arguments, ends=ends)[0]


def taking_turns(work, checker, of):
    """Runs each of a dictionary RUNS times, in turns; all runs of each."""
    build = hashlib.sha256(Path(checker).read_bytes()).hexdigest()[:16]
    kept = work / "runs.jsonl"
    runs = [json.loads(line) for line in kept.read_text().splitlines()] if kept.exists() else []
    runs = [run for run in runs if run["build"] == build]
    for turn in range(RUNS):
        for name, measure in of.items():
            if sum(run["of"] == name for run in runs) <= turn:
                runs.append({"build": build, "of": name} | measure())
                with kept.open("a") as file:
                    file.write(json.dumps(runs[-1]) + "\n")
    return {name: [run for run in runs if run["of"] == name] for name in of}


def report(title, runs, of):
    def least(name, what):
        return min(run.get(what, run["cpu"]) for run in runs[name])

    print(f"{title}; best of {RUNS} in turns")
    print("| | CPU | against the first | CPU of the query alone | against the first | peak memory |")
    print("|---|---|---|---|---|---|")
    for name in runs:
        cells = []
        for what in ("cpu", "query"):
            seconds = least(name, what)
            cells += [f"{seconds:.2f} s", f"{seconds / least(of, 'cpu'):.2f}"]
        print(f"| {name} | {' | '.join(cells)} | {least(name, 'memory') / 1e6:.0f} MB |")


def generate(fixtures, folder, *arguments):
    if not folder.exists():
        half = folder.with_suffix(".half")
        subprocess.run(["rm", "-rf", half], check=True)
        command = [fixtures, "generate", "--month", "202606", *arguments, "--out", half]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        half.rename(folder)
    return folder


def peers(fixtures, checker, work):
    unit = generate(fixtures, work / "unit", "--unit", "K2", "--people", str(PEOPLE))
    plan = next(unit.rglob("UPPLAN_*.CSV"))
    plain = work / "UPPLAN.utf-8.csv"
    if not plain.exists():
        half = plain.with_suffix(".half")
        # Line by line: what this process holds counts for those it starts.
        with plan.open(encoding="cp932", newline="") as read, half.open("w", encoding="utf-8", newline="") as written:
            written.writelines(read)
        half.rename(plain)
    runs = taking_turns(work, checker, {
        "checker": lambda: run_checker(checker, "--scope", "file", plan),
        "polars": lambda: run_peer("polars", plain),
        "duckdb": lambda: run_peer("duckdb", plain),
        "checker, the whole unit": lambda: run_checker(checker, unit),
    })
    size = plan.stat().st_size / 1e6
    report(f"{PEOPLE:,} people, UPPLAN of {size:.0f} MB", runs, "checker")


def archive(fixtures, checker, work):
    unit = generate(fixtures, work / "small", "--unit", "K1", "--people", "1")
    files = sorted(unit.rglob("*.CSV"))
    folder, packed = work / "folder", work / "folder.zip"
    if not packed.exists():
        folder.mkdir(exist_ok=True)
        first = datetime(2026, 5, 20, 9)
        half = packed.with_suffix(".half")
        with zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as entries:
            for at in range(FILES // len(files)):
                sequence = (first + timedelta(seconds=at)).strftime("%Y%m%d%H%M%S")
                for file in files:
                    name, content = f"{file.stem[:-14]}{sequence}.CSV", file.read_bytes()
                    (folder / name).write_bytes(content)
                    entries.writestr(name, content)
        half.rename(packed)
    # One person in each of them is what rules about a whole folder ask about.
    runs = taking_turns(work, checker, {
        "folder": lambda: run_checker(checker, folder, ends=(0, 1)),
        "ZIP": lambda: run_checker(checker, packed, ends=(0, 1)),
    })
    report(f"{FILES:,} files", runs, "folder")


def self_test():
    good = ["202407", "479014", "0982852391", "20260523", "202606", "4779000118", "計良　みどり", "244", "",
            "20260602", "", "0930", "0955", "1", "111111", "", "", "", "", "4779000183", "事業所", "", "0",
            "4779000118", ""]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wrong.csv"
        rows = [list(good) for _ in CHECKS]
        for row, (item, _, _, wrong) in zip(rows, CHECKS):
            row[item - 1] = wrong
        quoted = [",".join(f'"{value}"' if at in (6, 17, 20) else value for at, value in enumerate(row)) for row in rows]
        path.write_text("\r\n".join(quoted) + "\r\n", newline="")
        counts = {name: count(str(path)) for name, count in PEERS.items()}
    assert counts["polars"] == counts["duckdb"], counts
    for check, count in zip(CHECKS, counts["polars"]):
        assert 0 < count < len(CHECKS), (check, count)
    print(f"{len(CHECKS)} checks notice what is wrong, and both peers agree")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["self-test"]:
            self_test()
        case ["of-peer", name, path]:
            of_peer(name, path)
        case ["peers" | "archive" as what, fixtures, checker, *rest] if len(rest) < 2:
            work = Path(*(rest or ["measured"])) / what
            work.mkdir(parents=True, exist_ok=True)
            (peers if what == "peers" else archive)(fixtures, checker, work)
        case _:
            sys.exit(__doc__)
