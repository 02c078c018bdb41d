#!/usr/bin/env python3
"""Reports of one audit, validated by programs that other people wrote.

usage: check.py FOLDER FORMAT...   FOLDER holds report.FORMAT, and document-*.json with schemas;
prints one line a check.
Exit status 1 if one failed. What is not installed is skipped by name and counted.
"""

import csv
import json
import re
import shutil
import subprocess
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


def accepted():
    """The rules whose failure is accepted as a whole."""
    return [f["rule"] for f in audit()["findings"] if f["waiver"] and f["waiver"]["whole"]]


def waivers():
    return (audit()["site"] or {"waivers": []})["waivers"]


def closed(schema):
    """The schema with nothing allowed that it does not name: what is published names everything."""
    if isinstance(schema, dict):
        if "properties" in schema and schema.get("type") == "object":
            schema["additionalProperties"] = False
        for part in schema.values():
            closed(part)
    elif isinstance(schema, list):
        for part in schema:
            closed(part)
    return schema


@check("json", "JSON Schema of our own, by jsonschema")
def _(path):
    jsonschema = module("jsonschema")
    schema = json.loads((folder / "audit.schema.json").read_text())
    jsonschema.Draft202012Validator(closed(schema)).validate(json.loads(path.read_text()))


@check("csv", "csv of Python: as many rows as findings, all as wide as the head")
def _(path):
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file, strict=True))
    assert len(rows) == len(audit()["findings"]) + 1, len(rows)
    assert {len(row) for row in rows} == {len(rows[0])}
    assert all(cell[:1] not in "=+-@" or not cell for row in rows for cell in row)
    column = rows[0].index("accepted")
    marked = {row[rows[0].index("rule")] for row in rows[1:] if row[column] and "in part" not in row[column]}
    assert marked == set(accepted()), marked


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


@check("ndjson", "an accepted failure is suppressed and stays a failure; idle acceptances are named")
def _(path):
    events = [json.loads(line) for line in path.read_text().splitlines()]
    suppressed = [e for e in events if e["status_id"] == 3]
    assert sorted(e["compliance"]["control"] for e in suppressed) == sorted(accepted())
    assert all(e["compliance"]["status"] == "Fail" and e["comment"] for e in suppressed)
    failed = {f["rule"] for f in audit()["findings"] if f["outcome"] == "fail"}
    named = {a["uid"] for e in events for a in e["unmapped"]["acceptances"]}
    assert named >= {w["id"] for w in waivers() if w["rule"] in failed and w["state"] != "inForce"}, named


@check("junit", "junitparser: the counts are those of the audit")
def _(path):
    junit = module("junitparser").JUnitXml.fromfile(str(path))
    summary = audit()["summary"]
    junit.update_statistics()
    assert junit.tests == summary["rules"], junit.tests
    assert junit.failures == summary["fail"] - len(accepted()), junit.failures
    assert junit.errors == summary["error"] + summary["notCollected"], junit.errors
    skipped = summary["manual"] + summary["notApplicable"] + len(accepted())
    assert junit.skipped == skipped, junit.skipped


@check("junit", "junitparser: an accepted failure is skipped, says until when and by whom")
def _(path):
    junitparser = module("junitparser")
    seen = []
    for suite in junitparser.JUnitXml.fromfile(str(path)):
        both = {p.name: p.value for p in suite.properties()}
        assert int(both["failures-without-acceptances"]) == suite.failures + int(both["failures-accepted"])
        for case in suite:
            rule = case.name.split(":")[0]
            if rule not in accepted():
                continue
            seen.append(rule)
            (result,) = case.result
            assert isinstance(result, junitparser.Skipped), result
            record = next(w for w in waivers() if w["rule"] == rule and w["state"] == "inForce")
            assert record["id"] in result.message and record["approver"] in result.message, result.message
            assert len(result.text.splitlines()) > 4, result.text
    assert sorted(seen) == sorted(accepted()), seen


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


@check("oscal", "compliance-trestle: each acceptance is a risk with its state, linked to findings")
def _(path):
    module("trestle")
    from trestle.oscal.assessment_results import AssessmentResults

    (result,) = AssessmentResults.oscal_read(path.with_name("assessment-results.json")).results
    risks = {risk.title.split(":")[0]: risk for risk in result.risks or []}
    assert risks.keys() == {w["id"] for w in waivers()}, risks.keys()
    states = {"inForce": "deviation-approved", "expired": "open"}
    observations = {o.uuid: o.title for o in result.observations}
    for waiver in waivers():
        risk = risks[waiver["id"]]
        status = risk.status
        while hasattr(status, "__root__"):
            status = status.__root__
        assert getattr(status, "value", status) == states.get(waiver["state"], "deviation-requested"), status
        assert risk.risk_log.entries and len(risk.characterizations) == 2
        assert all(link.observation_uuid in observations for link in risk.related_observations or [])
    for finding in result.findings or []:
        for link in finding.related_risks or []:
            assert link.risk_uuid in {risk.uuid for risk in risks.values()}


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
    if not accepted():
        run("oscap", "xccdf", "validate", path)
        run("oscap", "xccdf", "validate", "--schematron", path)
        return
    run("oscap", "xccdf", "validate", "--skip-schematron", path)
    # As soon as one result has an override, these rules ask for one in each (their pattern
    # benchmark_rule_result_override lacks the condition that its text names).
    done = subprocess.run(
        ["oscap", "xccdf", "validate", "--schematron", str(path)], capture_output=True, text=True
    )
    errors = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("Error: ")]
    assert all("6.6.4.3" in line for line in errors), errors
    assert len(errors) == len(audit()["findings"]) - len(accepted()), len(errors)


@check("xccdf", "oscap info and oscap xccdf generate report")
def _(path):
    need("oscap")
    assert "Riegel" in run("oscap", "info", path) or True
    html = run("oscap", "xccdf", "generate", "report", path)
    assert audit()["findings"][0]["rule"] in html
    assert html.count(">waived<") == len(accepted()), html.count(">waived<")


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


@check("hdf", "every member that Heimdall reads is there and of the type it reads")
def _(path):
    text, maybe = (str,), (str, type(None))
    number, flag, some = (int, float), (bool, type(None)), lambda *types: types

    def hold(value, required, optional, where):
        assert isinstance(value, dict), where
        for name, types in required.items():
            assert name in value, f"{where}: {name} is missing"
        for name, types in {**required, **optional}.items():
            if name in value:
                found = value[name]
                assert isinstance(found, types), f"{where}: {name} is {type(found).__name__}"
                assert not isinstance(found, bool) or bool in types, f"{where}: {name} is a flag"
        return value

    hdf = hold(
        json.loads(path.read_text()),
        {"platform": (dict,), "profiles": (list,), "statistics": (dict,), "version": text}, {}, "root",
    )
    hold(hdf["platform"], {"name": text, "release": text}, {"target_id": maybe}, "platform")
    hold(hdf["statistics"], {}, {"duration": number, "controls": (dict,)}, "statistics")
    (profile,) = hdf["profiles"]
    hold(
        profile,
        {"name": text, "sha256": text, "supports": (list,), "attributes": (list,), "groups": (list,),
         "controls": (list,)},
        {"title": maybe, "version": maybe, "summary": maybe, "status": maybe, "description": maybe}, "profile",
    )
    ids = [control["id"] for control in profile["controls"]]
    assert len(set(ids)) == len(ids) == len(audit()["findings"])
    for group in profile["groups"]:
        hold(group, {"id": text, "controls": (list,)}, {"title": maybe}, "group")
        assert set(group["controls"]) <= set(ids), group["id"]
    outcomes = {f["rule"]: f["outcome"] for f in audit()["findings"]}
    status = {"pass": "passed", "fail": "failed", "error": "error"}
    for control in profile["controls"]:
        where = control["id"]
        hold(
            control,
            {"id": text, "impact": number, "refs": (list,), "tags": (dict,), "source_location": (dict,),
             "results": (list,)},
            {"title": maybe, "desc": maybe, "descriptions": (list, type(None)), "code": maybe,
             "waiver_data": (dict, type(None))}, where,
        )
        assert 0 <= control["impact"] <= 1
        # An impact of 0 is shown as "not applicable".
        assert (control["impact"] == 0) == (outcomes[where] == "notApplicable"), where
        assert control["tags"]["severity"] in ("none", "low", "medium", "high", "critical"), where
        hold(control["source_location"], {}, {"ref": maybe, "line": number}, where)
        for ref in control["refs"]:
            hold(ref, {"ref": (str, list)}, {}, where)
        for description in control["descriptions"]:
            hold(description, {"label": text, "data": text}, {}, where)
        hold(
            control.get("waiver_data") or {}, {},
            {"expiration_date": maybe, "justification": maybe, "message": maybe, "run": flag,
             "skipped_due_to_waiver": (bool, str, type(None))}, where,
        )
        # Without a result a control is an error of the profile.
        assert control["results"], where
        for result in control["results"]:
            hold(
                result, {"code_desc": text, "start_time": text},
                {"status": text, "run_time": number, "message": maybe, "skip_message": maybe,
                 "backtrace": (list, type(None)), "exception": maybe, "resource": maybe}, where,
            )
            assert result["status"] == status.get(outcomes[where], "skipped"), where
            shown = "skip_message" if result["status"] == "skipped" else "message"
            assert result["status"] == "passed" or result[shown], where


@check("hdf", "an acceptance stands beside a failure that Heimdall still counts")
def _(path):
    (profile,) = json.loads(path.read_text())["profiles"]
    controls = {c["id"]: c for c in profile["controls"]}
    for rule in accepted():
        data = controls[rule]["waiver_data"]
        assert data["run"] and not data["skipped_due_to_waiver"] and data["justification"], data
        assert data["expiration_date"] == next(
            f["waiver"]["expires"] for f in audit()["findings"] if f["rule"] == rule
        )
    assert controls.keys() >= set(accepted())


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


@check("prometheus", "accepted failures are counted")
def _(path):
    lines = path.read_text().splitlines()
    assert f"riegel_accepted_rules {len(accepted())}" in lines


@check("html", "esprima: the script is ECMAScript 2017 or older, and calls nothing younger")
def _(path):
    esprima = module("esprima")
    (script,) = re.findall(r"<script>(.*?)</script>", path.read_text(), re.S)
    esprima.parseScript(script)
    young = re.findall(
        r"\b(?:replaceAll|matchAll|flatMap|flat|at|allSettled|fromEntries|structuredClone|fetch|closest"
        r"|replaceWith|append|prepend|toggleAttribute|replaceChildren|IntersectionObserver"
        r"|ResizeObserver|queueMicrotask)\(", script,
    )
    assert not young, young


@check("html", "tinycss2: the style needs nothing that a browser of 2017 lacks")
def _(path):
    tinycss2 = module("tinycss2")
    styles = re.findall(r"<style>(.*?)</style>", path.read_text(), re.S)
    assert len(styles) == 2, len(styles)
    young = re.compile(
        r":has\(|:is\(|:where\(|\bvar\(|--\w|color-mix|\boklch|\bclamp\(|\bmin\(|\bmax\(|@layer|@container"
        r"|@supports|aspect-ratio|(?:^|[;{])(?:inset|gap|row-gap|grid|place-\w+|accent-color|content-visibility)[:-]"
        r"|display:(?:grid|contents|flow-root)|backdrop-filter|currentcolor\s*/|&", re.I,
    )
    for style in styles:
        def walk(rules):
            for rule in rules:
                assert rule.type != "error", rule.message
                assert rule.type in ("qualified-rule", "at-rule", "whitespace"), rule.type
                if rule.type == "at-rule" and rule.lower_at_keyword == "media":
                    walk(tinycss2.parse_rule_list(rule.content))

        walk(tinycss2.parse_stylesheet(style, skip_comments=True))
        found = young.findall(re.sub(r'"[^"]*"', '""', style))
        assert not found, found


@check("html", "html5lib: no parse error")
def _(path):
    html5lib = module("html5lib")
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(path.read_text())
    errors = [f"{place} {code} {data}" for place, code, data in parser.errors]
    assert not errors, "\n".join(errors[:20])


# What is written beside audits, each validated by the schema of its kind.
for path in sorted(folder.glob("document-*.json")):
    kind = json.loads(path.read_text())["kind"]
    name = f"{path.stem.removeprefix('document-')}: JSON Schema of {kind}, by jsonschema, nothing unnamed"
    try:
        jsonschema = module("jsonschema")
        schema = json.loads((folder / f"{kind}.schema.json").read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.Draft202012Validator(closed(schema)).validate(json.loads(path.read_text()))
        said("ok", name)
    except Skip as skip:
        said("skipped", name, str(skip))
    except Exception as error:
        said("not ok", name, f"{type(error).__name__}: {error}")

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
