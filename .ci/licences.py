#!/usr/bin/env python3
"""Licences, banned crates and sources of every dependency, by deny.toml.

    .ci/licences.py               check the workspace of the current folder
    .ci/licences.py --self-test   check the checker

Applies the part of cargo-deny that needs no download: [graph] targets and all-features,
[licenses] allow and exceptions, [bans] deny and multiple-versions, [sources]. A key of these
tables that is not understood here is an error, so that nothing is skipped silently. [advisories]
needs a database from the network and is left to cargo-deny.

Exit code: 0 all allowed, 1 something is not, 2 deny.toml or cargo cannot be read.
"""

import json
import re
import subprocess
import sys
import tomllib
import unittest
from collections import defaultdict
from pathlib import Path

UNDERSTOOD = {
    "graph": {"targets", "all-features"},
    "licenses": {"allow", "exceptions", "confidence-threshold", "unused-allowed-license"},
    "bans": {"deny", "multiple-versions"},
    "sources": {"unknown-registry", "unknown-git", "allow-registry", "allow-git"},
}


class Unusable(Exception):
    """deny.toml, an expression or the output of cargo cannot be understood."""


def read_rules(text):
    """The tables of deny.toml; every key must be one that is applied here."""
    rules = tomllib.loads(text)
    for table, keys in rules.items():
        unknown = set(keys) - UNDERSTOOD.get(table, set())
        if unknown:
            raise Unusable(f"deny.toml: [{table}] {', '.join(sorted(unknown))} is not applied here")
    for entry in rules.get("bans", {}).get("deny", []):
        if set(entry) - {"crate", "reason"} or not re.fullmatch(r"[\w-]+", entry.get("crate", "")):
            raise Unusable(f"deny.toml: a ban is one crate and a reason, not {entry}")
    return rules


# SPDX expressions ------------------------------------------------------------------------------

TOKEN = re.compile(r"\s*(\(|\)|[A-Za-z0-9.+:-]+)")


def tokens(expression):
    """Words and brackets; the slash of old manifests means OR."""
    text = expression.replace("/", " OR ")
    found, at = [], 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if not match:
            raise Unusable(f"licence expression {expression!r}")
        found.append(match[1])
        at = match.end()
    return found


def is_allowed(expression, allowed):
    """Whether the expression can be met with licences of the set."""
    rest = tokens(expression)

    def take():
        if not rest:
            raise Unusable(f"licence expression {expression!r} ends early")
        return rest.pop(0)

    def either():
        result = both()
        while rest and rest[0] == "OR":
            rest.pop(0)
            # Both sides are always read, or the rest would be misread.
            other = both()
            result = result or other
        return result

    def both():
        result = single()
        while rest and rest[0] == "AND":
            rest.pop(0)
            other = single()
            result = result and other
        return result

    def single():
        word = take()
        if word == "(":
            result = either()
            if take() != ")":
                raise Unusable(f"licence expression {expression!r}: bracket")
            return result
        if word in {")", "AND", "OR", "WITH"}:
            raise Unusable(f"licence expression {expression!r}: {word}")
        if rest and rest[0] == "WITH":
            rest.pop(0)
            word = f"{word} WITH {take()}"
        return word in allowed

    result = either()
    if rest:
        raise Unusable(f"licence expression {expression!r}: {rest[0]}")
    return result


# The three checks ------------------------------------------------------------------------------


def label(package):
    return f"{package['name']} {package['version']}"


def licence_problems(packages, rules):
    table = rules.get("licenses", {})
    allowed = set(table.get("allow", []))
    more = defaultdict(set)
    for entry in table.get("exceptions", []):
        more[entry["crate"]].update(entry["allow"])
    for package in packages:
        expression = package.get("license")
        if not expression:
            yield f"{label(package)}: no licence expression"
        elif not is_allowed(expression, allowed | more[package["name"]]):
            yield f"{label(package)}: licence {expression}"


def ban_problems(packages, rules):
    banned = {entry["crate"]: entry for entry in rules.get("bans", {}).get("deny", [])}
    for package in packages:
        if entry := banned.get(package["name"]):
            yield f"{label(package)}: banned, {entry.get('reason', 'no reason given')}"


def source_problems(packages, rules):
    table = rules.get("sources", {})
    registries = set(table.get("allow-registry", []))
    repositories = set(table.get("allow-git", []))
    for package in packages:
        source = package.get("source")
        if source is None:
            continue  # part of the workspace
        kind, _, address = source.partition("+")
        if kind in {"registry", "sparse"}:
            bad = table.get("unknown-registry") == "deny" and address not in registries
        elif kind == "git":
            plain = re.split(r"[?#]", address)[0]
            bad = table.get("unknown-git") == "deny" and plain not in repositories
        else:
            bad = True
        if bad:
            yield f"{label(package)}: source {source}"


def several_versions(packages):
    versions = defaultdict(set)
    for package in packages:
        versions[package["name"]].add(package["version"])
    return {name: sorted(found) for name, found in sorted(versions.items()) if len(found) > 1}


def check(packages, rules):
    """Problems and warnings of the packages."""
    problems = sorted(
        {
            *licence_problems(packages, rules),
            *ban_problems(packages, rules),
            *source_problems(packages, rules),
        }
    )
    twice = [f"{name}: {', '.join(found)}" for name, found in several_versions(packages).items()]
    match rules.get("bans", {}).get("multiple-versions", "warn"):
        case "deny":
            return problems + twice, []
        case "warn":
            return problems, twice
        case _:
            return problems, []


def needed(metadata):
    """The packages that the workspace builds, or runs while building, on this target.

    `cargo metadata` also lists optional dependencies that only a weak feature (`name?/feature`)
    mentions, though no build contains them. They are left out here, as `cargo tree` does.
    """
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    found, todo = set(), list(metadata["workspace_members"])
    while todo:
        identifier = todo.pop()
        if identifier in found:
            continue
        found.add(identifier)
        package, node = packages[identifier], nodes[identifier]
        todo += [
            edge["pkg"]
            for edge in node["deps"]
            if is_active(package, node["features"], packages[edge["pkg"]]["name"])
        ]
    return [package for package in metadata["packages"] if package["id"] in found]


def is_active(package, features, dependency):
    """Whether the package, with these features, depends on the crate of this name."""
    entries = [entry for entry in package["dependencies"] if entry["name"] == dependency]
    if not all(entry["optional"] for entry in entries):
        return True
    names = {entry["rename"] or entry["name"] for entry in entries}
    switches = {switch for feature in features for switch in package["features"].get(feature, [])}
    return any(
        f"dep:{name}" in switches or any(switch.startswith(f"{name}/") for switch in switches)
        for name in names
    )


def read_packages(rules):
    """Every package that any of the targets needs."""
    graph = rules.get("graph", {})
    targets = graph.get("targets")
    if not targets:
        raise Unusable("deny.toml: [graph] targets is empty")
    packages = {}
    for target in targets:
        command = ["cargo", "metadata", "--locked", "--format-version", "1"]
        command += ["--filter-platform", target]
        if graph.get("all-features"):
            command.append("--all-features")
        result = subprocess.run(command, stdout=subprocess.PIPE, check=False)
        if result.returncode:
            raise Unusable(f"cargo metadata failed for {target}")
        for package in needed(json.loads(result.stdout)):
            packages[package["id"]] = package
    return list(packages.values())


def main():
    rules = read_rules(Path("deny.toml").read_text(encoding="utf-8"))
    packages = read_packages(rules)
    problems, warnings = check(packages, rules)
    for warning in warnings:
        print(f"warning: several versions of {warning}")
    for problem in problems:
        print(f"error: {problem}")
    print(f"{len(packages)} packages, {len(problems)} problems, {len(warnings)} warnings")
    return 1 if problems else 0


# Tests -----------------------------------------------------------------------------------------

CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index"

RULES = """
[graph]
targets = ["x86_64-unknown-linux-gnu"]
[licenses]
allow = ["MIT", "Apache-2.0", "ISC", "Apache-2.0 WITH LLVM-exception"]
exceptions = [{ crate = "odd", allow = ["MPL-2.0"] }]
[bans]
multiple-versions = "warn"
deny = [{ crate = "ring", reason = "another provider" }]
[sources]
unknown-registry = "deny"
unknown-git = "deny"
allow-registry = ["https://github.com/rust-lang/crates.io-index"]
allow-git = ["https://example.com/allowed"]
"""


def package(name, version="1.0.0", licence="MIT", source=CRATES_IO, needs=(), features=None):
    identifier = f"{source}#{name}@{version}"
    return {
        "dependencies": [
            {"name": need.rstrip("?"), "rename": None, "optional": need.endswith("?")}
            for need in needs
        ],
        "features": features or {},
        "id": identifier,
        "name": name,
        "version": version,
        "license": licence,
        "source": source,
    }


class SelfTest(unittest.TestCase):
    def setUp(self):
        self.rules = read_rules(RULES)

    def problems(self, *packages):
        return check(packages, self.rules)[0]

    def test_expressions(self):
        allowed = {"MIT", "Apache-2.0", "ISC", "Apache-2.0 WITH LLVM-exception"}
        for expression in [
            "MIT",
            "MIT/Apache-2.0",
            "GPL-3.0-only OR MIT",
            "MIT OR GPL-3.0-only",
            "MIT AND (GPL-2.0+ OR ISC)",
            "(MIT)",
            "Apache-2.0 WITH LLVM-exception OR GPL-3.0-only",
            "GPL-3.0-only AND ISC OR MIT",
        ]:
            self.assertTrue(is_allowed(expression, allowed), expression)
        for expression in [
            "GPL-3.0-only",
            "MIT AND GPL-3.0-only",
            "MIT AND (GPL-3.0-only OR MPL-2.0)",
            "MIT WITH Classpath-exception-2.0",
            "GPL-3.0-only OR MPL-2.0",
            "ISC AND GPL-3.0-only OR MPL-2.0",
            "mit",
        ]:
            self.assertFalse(is_allowed(expression, allowed), expression)
        for expression in ["", "MIT OR", "OR MIT", "(MIT", "MIT)", "MIT ISC", "MIT & ISC"]:
            with self.assertRaises(Unusable, msg=expression):
                is_allowed(expression, allowed)

    def test_sound_packages_pass(self):
        git = "git+https://example.com/allowed?rev=1#0123"
        sound = [
            package("a"),
            package("b", licence="ISC AND Apache-2.0"),
            package("own", source=None),
            package("c", source=git),
            package("odd", licence="MPL-2.0"),
        ]
        self.assertEqual(check(sound, self.rules), ([], []))

    def test_licences(self):
        self.assertEqual(self.problems(package("a", licence="MPL-2.0")), ["a 1.0.0: licence MPL-2.0"])
        self.assertEqual(self.problems(package("a", licence=None)), ["a 1.0.0: no licence expression"])
        self.assertEqual(len(self.problems(package("own", licence=None, source=None))), 1)

    def test_bans(self):
        self.assertEqual(self.problems(package("ring")), ["ring 1.0.0: banned, another provider"])
        self.assertEqual(self.problems(package("ring-like")), [])

    def test_sources(self):
        for source in [
            "registry+https://example.com/index",
            "sparse+https://example.com/index/",
            "git+https://example.com/other#0123",
            "git+https://example.com/allowed-not#0123",
            "local-registry+file:///crates",
        ]:
            found = self.problems(package("a", source=source))
            self.assertEqual(found, [f"a 1.0.0: source {source}"])

    def test_several_versions(self):
        twice = [package("a"), package("a", "2.0.0"), package("b")]
        self.assertEqual(check(twice, self.rules), ([], ["a: 1.0.0, 2.0.0"]))
        self.rules["bans"]["multiple-versions"] = "deny"
        self.assertEqual(check(twice, self.rules), (["a: 1.0.0, 2.0.0"], []))

    def test_only_what_is_built_counts(self):
        def built(features):
            switches = {"std": ["ring?/std"], "strong": ["ring/std"], "plain": ["dep:ring"]}
            own = package("own", source=None, needs=["a", "b"])
            others = [
                package("a", needs=["ring?"], features=switches),
                package("b"),
                package("ring", needs=["c"]),
                package("c"),
                package("stray"),
            ]
            ids = {found["name"]: found["id"] for found in [own, *others]}
            nodes = [
                {
                    "id": found["id"],
                    "features": features if found["name"] == "a" else [],
                    "deps": [{"pkg": ids[entry["name"]]} for entry in found["dependencies"]],
                }
                for found in [own, *others]
            ]
            metadata = {
                "packages": [own, *others],
                "workspace_members": [own["id"]],
                "resolve": {"nodes": nodes},
            }
            return [found["name"] for found in needed(metadata)]

        self.assertEqual(built(["std"]), ["own", "a", "b"])
        for feature in ["strong", "plain"]:
            self.assertEqual(built(["std", feature]), ["own", "a", "b", "ring", "c"])

    def test_rules_that_are_not_applied_are_refused(self):
        for text in [
            "[licenses]\nversion = 2\n",
            "[advisories]\nyanked = 'deny'\n",
            "[bans]\ndeny = [{ crate = 'a:<2' }]\n",
            "[bans]\ndeny = [{ crate = 'a', wrappers = ['b'] }]\n",
        ]:
            with self.assertRaises(Unusable, msg=text):
                read_rules(text)


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        unittest.main(argv=sys.argv[:1])
    elif sys.argv[1:]:
        sys.exit(__doc__)
    else:
        try:
            sys.exit(main())
        except Unusable as error:
            print(error, file=sys.stderr)
            sys.exit(2)
