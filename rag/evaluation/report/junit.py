"""The build server's report: junit.xml, a test for each case and each gate."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from rag.evaluation.run import CaseResult, GateResult, Run

# What XML 1.0 cannot hold.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(run: Run) -> str:
    """The run as JUnit XML: failed cases fail, stale ones are errors, unscored ones are skipped.

    Cases are shown as they are, gates decide: a build that reads only this file should look at
    the suite "gates".
    """
    root = ET.Element("testsuites", name=f"rag eval {run.suite}")
    cases = ET.SubElement(root, "testsuite", name=f"{run.suite} cases")
    for case in run.cases:
        _case(cases, case, run)
    gates = ET.SubElement(root, "testsuite", name=f"{run.suite} gates")
    for gate in run.gates:
        _gate(gates, gate, run)
    for suite in (cases, gates):
        suite.set("tests", str(len(suite)))
        for kind in ("failure", "error", "skipped"):
            plural = {"failure": "failures", "error": "errors"}.get(kind, kind)
            suite.set(plural, str(len(suite.findall(f"testcase/{kind}"))))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _case(parent: ET.Element, case: CaseResult, run: Run) -> None:
    times = run.timings.get("cases_ms", {}).get(case.id, [])
    test = ET.SubElement(
        parent,
        "testcase",
        classname=f"{run.suite}.{case.category}",
        name=case.id,
        time=f"{sum(times) / 1000:.3f}",
    )
    why = _allowed("; ".join(case.why))
    if case.passed is False:
        answer = str((case.answer or {}).get("text", ""))
        failure = ET.SubElement(test, "failure", message=why)
        failure.text = _allowed(f"{case.question}\n{answer}")
    elif case.state == "stale":
        ET.SubElement(test, "error", message=why)
    elif case.state == "unscored":
        ET.SubElement(test, "skipped", message=why)


def _gate(parent: ET.Element, gate: GateResult, run: Run) -> None:
    test = ET.SubElement(
        parent, "testcase", classname=f"{run.suite}.gates", name=f"{gate.kind} {gate.name}"
    )
    said = _allowed(f"wanted {gate.wanted}, found {gate.found}")
    if gate.passed is not True:
        ET.SubElement(test, "skipped" if gate.advisory else "failure", message=said)


def _allowed(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
