package import RiegelModel

/// Findings as test cases, in the form that CI systems show: a suite for each topic.
///
/// What could not be decided is an error and never a pass; what a person has to look at, and what
/// does not apply, is skipped with the reason.
package struct JUnitReporter: Reporter {
  package static let name = "junit"
  package static let summary = Localized(
    en: "JUnit XML for CI systems: a test case a rule",
    de: "JUnit-XML für CI-Systeme: ein Testfall je Regel")

  package init() {}

  package func render(_ audit: Audit, _ options: ReportOptions) -> [UInt8] {
    let text = FindingText(options.language)
    var xml = XMLWriter()
    xml.element("testsuites", JUnitReporter.counts(audit.findings, "riegel")) { xml in
      for topic in Set(audit.findings.map(\.topic)).sorted() {
        let findings = audit.findings.filter { $0.topic == topic }
        xml.element(
          "testsuite",
          JUnitReporter.counts(
            findings, topic, timestamp: String(audit.startedAt.description.dropLast()),
            host: audit.host.name ?? audit.targetAddress)
        ) { xml in
          xml.element("properties") { xml in
            for (name, value) in [
              ("profile", audit.profile.id), ("tool", "riegel \(audit.toolVersion)"),
              ("content", audit.contentHash), ("target", audit.targetAddress),
            ] {
              xml.element("property", ["name": name, "value": value])
            }
          }
          for finding in findings { JUnitReporter.write(finding, to: &xml, text) }
        }
      }
    }
    xml.end()
    return xml.bytes
  }

  private static func counts(
    _ findings: [Finding], _ name: String, timestamp: String? = nil, host: String? = nil
  ) -> XMLWriter.Attributes {
    func count(_ outcomes: Outcome...) -> String {
      String(findings.count { outcomes.contains($0.outcome) })
    }
    return [
      "name": name, "tests": String(findings.count), "failures": count(.fail),
      "errors": count(.error, .notCollected), "skipped": count(.manual, .notApplicable),
      "time": "0", "timestamp": timestamp, "hostname": host,
    ]
  }

  private static func write(_ finding: Finding, to xml: inout XMLWriter, _ text: FindingText) {
    var file: String?
    var line: String?
    if case .line(let path, let number)? = finding.decisiveOrigins.first {
      file = printable(path)
      line = String(number)
    }
    xml.element(
      "testcase",
      [
        "classname": finding.topic, "name": "\(finding.rule): \(text.title(finding))",
        "time": "0", "file": file, "line": line,
      ]
    ) { xml in
      let message = text.reason(finding)
      switch finding.outcome {
      case .pass: break
      case .fail:
        let fix = FindingText.prose(finding.remediation.text[text.language])
        let lines =
          [FindingText.prose(finding.rationale[text.language])] + text.lines(finding)
          + ["\(text.phrases.labelFix): \(fix)"]
        xml.element(
          "failure", ["type": finding.severity.rawValue, "message": message],
          text: lines.joined(separator: "\n"))
      case .error, .notCollected:
        xml.element(
          "error", ["type": finding.outcome.rawValue, "message": message],
          text: text.lines(finding).joined(separator: "\n"))
      case .manual, .notApplicable:
        xml.element(
          "skipped", ["message": "\(text.phrases.outcome(finding.outcome)): \(message)"])
      }
    }
  }
}
