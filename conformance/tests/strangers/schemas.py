"""validate.py SCHEMA DOCUMENT...: every document, or every line of a .jsonl, against a JSON Schema.

No object may have members that the schema does not name: what it leaves open for later readers is
closed here.
"""

import json
import sys

from jsonschema import Draft4Validator, Draft202012Validator


def closed(schema):
    if isinstance(schema, dict):
        closing = {"additionalProperties": False} if "properties" in schema else {}
        return {**closing, **{name: closed(part) for name, part in schema.items()}}
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    return schema


def documents(path):
    with open(path, encoding="utf-8") as file:
        if path.endswith(".jsonl"):
            yield from (json.loads(line) for line in file)
        else:
            yield json.load(file)


def main(schema_path, *paths):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    if "draft-04" in schema["$schema"]:
        kind = Draft4Validator
    else:
        kind, schema = Draft202012Validator, closed(schema)
        if paths[0].endswith(".jsonl"):
            schema = {"$defs": schema["$defs"], "$ref": "#/$defs/line"}
    kind.check_schema(schema)
    validator = kind(schema)
    count = 0
    for path in paths:
        for document in documents(path):
            count += 1
            for error in validator.iter_errors(document):
                sys.exit(f"{path}: {error.json_path}: {error.message[:400]}")
    print(count)


main(*sys.argv[1:])
