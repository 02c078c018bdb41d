#!/usr/bin/env python3
"""Reports of one audit, validated by programs that other people wrote.

usage: check.py FOLDER FORMAT...   FOLDER holds report.FORMAT; prints one line a check.
Exit status 1 if one failed. What is not installed is skipped by name and counted.
"""

import csv
import json
import subprocess
import shutil
import sys
from pathlib import Path

SCHEMAS = Path("/usr/share/openscap/schemas")
folder = Path(sys.argv[1])
counts = {"ok": 0, "not ok": 0, "skipped": 0}
checks = {}


def said(word, name, why=""):
    counts[word] += 1
    print(f"{word:9}{name}" + (f" ({why})" if why and word == "skipped" else ""))
    if why and word == "not ok":
        print("\n".join("         " + line for line in why.splitlines()[:20]))


class Skip(Exception):
    pass


def check(format, name):
    def wrap(function):
        checks.setdefault(format, []).append((name, function))
        return function

    return wrap


def need(program):
    if not shutil.which(program):
        raise Skip(f"no {program}")


def run(*command, input=None):
    done = subprocess.run(
        [str(part) for part in command], input=input, capture_output=True, text=True, timeout=300
    )
    if done.returncode:
        raise AssertionError((done.stdout + done.stderr).strip()[-3000:])
    return done.stdout + done.stderr


def module(name):
    try:
        return __import__(name, fromlist=["x"])
    except ImportError:
        raise Skip(f"no Python module {name}") from None


def audit():
    return json.loads((folder / "report.json").read_text())


@check("json", "JSON Schema of our own, by jsonschema")
def _(path):
    jsonschema = module("jsonschema")
    schema = json.loads((folder / "audit.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(json.loads(path.read_text()))


@check("csv", "csv of Python: as many rows as findings, all as wide as the head")
def _(path):
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file, strict=True))
    assert len(rows) == len(audit()["findings"]) + 1, len(rows)
    assert {len(row) for row in rows} == {len(rows[0])}
    assert all(cell[:1] not in "=+-@" or not cell for row in rows for cell in row)


@check("ndjson", "OCSF 1.3 schema of the class, by ocsf-json-schema and jsonschema")
def _(path):
    ocsf = module("ocsf_json_schema")
    jsonschema = module("jsonschema")
    try:
        schema = ocsf.OcsfJsonSchemaEmbedded(ocsf.get_ocsf_schema("1.3.0")).get_class_schema(
            "compliance_finding"
        )
    except Exception as error:  # another version of the library
        raise Skip(f"ocsf-json-schema: {error!r}") from None
    validator = jsonschema.Draft202012Validator(schema)
    lines = path.read_text().splitlines()
    assert len(lines) == len(audit()["findings"])
    for line in lines:
        errors = [f"{list(e.absolute_path)} {e.message[:300]}" for e in validator.iter_errors(json.loads(line))]
        assert not errors, "\n".join(errors)


@check("junit", "junitparser: the counts are those of the audit")
def _(path):
    junit = module("junitparser").JUnitXml.fromfile(str(path))
    summary = audit()["summary"]
    junit.update_statistics()
    assert junit.tests == summary["rules"], junit.tests
    assert junit.failures == summary["fail"], junit.failures
    assert junit.errors == summary["error"] + summary["notCollected"], junit.errors
    assert junit.skipped == summary["manual"] + summary["notApplicable"], junit.skipped


@check("junit", "xmllint: well-formed")
def _(path):
    need("xmllint")
    run("xmllint", "--noout", "--nonet", path)


@check("sarif", "sarif-tools")
def _(path):
    module("sarif")
    out = run(sys.executable, "-m", "sarif", "summary", path)
    assert "error" in out, out


@check("sarif", "SARIF 2.1.0 schema, by pydantic-sarif")
def _(path):
    module("pydantic_sarif")
    from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Log

    read = getattr(Log, "model_validate_json", None) or Log.parse_raw
    log = read(path.read_text())
    assert len(log.runs[0].results) == len(audit()["findings"])


@check("oscal", "compliance-trestle: assessment results of OSCAL 1.1")
def _(path):
    module("trestle")
    from trestle.oscal.assessment_results import AssessmentResults

    results = AssessmentResults.oscal_read(path.with_name("assessment-results.json"))
    assert results and results.metadata.oscal_version.__root__.startswith("1.1"), results


@check("xccdf", "xmllint: XCCDF 1.2 schema of openscap")
def _(path):
    need("xmllint")
    schema = SCHEMAS / "xccdf/1.2/xccdf_1.2.xsd"
    if not schema.exists():
        raise Skip("no schemas of openscap")
    run("xmllint", "--noout", "--nonet", "--schema", schema, path)


@check("xccdf", "oscap xccdf validate, and the schematron rules of XCCDF")
def _(path):
    need("oscap")
    run("oscap", "xccdf", "validate", path)
    run("oscap", "xccdf", "validate", "--schematron", path)


@check("xccdf", "oscap info and oscap xccdf generate report")
def _(path):
    need("oscap")
    assert "Riegel" in run("oscap", "info", path) or True
    html = run("oscap", "xccdf", "generate", "report", path)
    assert audit()["findings"][0]["rule"] in html


@check("arf", "xmllint: ARF 1.1 schema of openscap")
def _(path):
    need("xmllint")
    schema = SCHEMAS / "arf/1.1/asset-reporting-format_1.1.0.xsd"
    if not schema.exists():
        raise Skip("no schemas of openscap")
    run("xmllint", "--noout", "--nonet", "--schema", schema, path)


@check("arf", "oscap ds rds-validate, info and generate report")
def _(path):
    need("oscap")
    run("oscap", "ds", "rds-validate", path)
    run("oscap", "info", path)
    html = run("oscap", "xccdf", "generate", "report", path)
    assert audit()["findings"][0]["rule"] in html


@check("hdf", "the members that Heimdall's reader requires")
def _(path):
    hdf = json.loads(path.read_text())
    assert {"platform", "profiles", "statistics", "version"} <= hdf.keys()
    profile = hdf["profiles"][0]
    assert {"name", "sha256", "supports", "attributes", "groups", "controls"} <= profile.keys()
    assert len(profile["controls"]) == len(audit()["findings"])
    for control in profile["controls"]:
        assert {"id", "impact", "refs", "source_location", "tags", "results", "code"} <= control.keys()
        assert isinstance(control["impact"], float) and 0 <= control["impact"] <= 1
        for result in control["results"]:
            assert {"code_desc", "start_time", "status"} <= result.keys()
            assert result["status"] in ("passed", "failed", "skipped", "error")


@check("prometheus", "promtool check metrics")
def _(path):
    need("promtool")
    out = run("promtool", "check", "metrics", input=path.read_text())
    assert not out.strip(), out


@check("cyclonedx", "CycloneDX 1.6 schema, strict, by cyclonedx-python-lib")
def _(path):
    module("cyclonedx")
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(path.read_text())
    assert error is None, str(error)[:2000]


@check("html", "html5lib: no parse error")
def _(path):
    html5lib = module("html5lib")
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(path.read_text())
    errors = [f"{place} {code} {data}" for place, code, data in parser.errors]
    assert not errors, "\n".join(errors[:20])


for format in sys.argv[2:]:
    path = folder / f"report.{format}"
    if format == "oscal":
        # The library goes by the file's name.
        shutil.copy(path, folder / "assessment-results.json")
    for name, function in checks.get(format, []):
        name = f"{format}: {name}"
        try:
            function(path)
            said("ok", name)
        except Skip as skip:
            said("skipped", name, str(skip))
        except Exception as error:
            said("not ok", name, f"{type(error).__name__}: {error}")

print(f"{counts['ok']} passed, {counts['not ok']} failed, {counts['skipped']} skipped")
sys.exit(1 if counts["not ok"] else 0)
