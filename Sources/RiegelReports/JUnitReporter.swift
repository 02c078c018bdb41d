package import RiegelModel

/// Findings as test cases, in the form that CI systems show: a suite for each topic.
///
/// What could not be decided is an error and never a pass; what a person has to look at, and what
/// does not apply, is skipped with the reason. So is a failure whose risk is accepted as a whole:
/// it must not break a pipeline, and readers show why a case was skipped. Its evidence stays, and
/// the properties of a suite count failures without acceptances too.
package struct JUnitReporter: Reporter {
  package static let name = "junit"
  package static let summary = Localized(
    en: "JUnit XML for CI systems: a test case a rule",
    de: "JUnit-XML für CI-Systeme: ein Testfall je Regel")

  package init() {}

  package func render(_ audit: Audit, _ options: ReportOptions) -> [UInt8] {
    let text = FindingText(options.language)
    let acceptances = AcceptanceText(audit, options.language)
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
              ("failures-without-acceptances", String(findings.count { $0.outcome == .fail })),
              ("failures-accepted", String(findings.count(where: \.isAccepted))),
            ] {
              xml.element("property", ["name": name, "value": value])
            }
          }
          for finding in findings { JUnitReporter.write(finding, to: &xml, text, acceptances) }
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
      "name": name, "tests": String(findings.count),
      "failures": String(findings.count(where: \.isUnaccepted)),
      "errors": count(.error, .notCollected),
      "skipped": String(
        findings.count { [.manual, .notApplicable].contains($0.outcome) || $0.isAccepted }),
      "time": "0", "timestamp": timestamp, "hostname": host,
    ]
  }

  private static func write(
    _ finding: Finding, to xml: inout XMLWriter, _ text: FindingText,
    _ acceptances: AcceptanceText
  ) {
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
      if let waiver = finding.waiver {
        xml.element("properties") { xml in
          for (name, value) in [
            ("outcome", finding.outcome.rawValue),
            ("accepted-by", waiver.waivers.joined(separator: " ")),
            ("accepted-until", waiver.expires.date),
            ("accepted-whole", waiver.isWhole ? "true" : "false"),
          ] {
            xml.element("property", ["name": name, "value": value])
          }
        }
      }
      switch finding.outcome {
      case .pass: break
      case .fail:
        let fix = FindingText.prose(finding.remediation.text[text.language])
        let lines =
          [FindingText.prose(finding.rationale[text.language])] + text.lines(finding)
          + ["\(text.phrases.labelFix): \(fix)"] + acceptances.lines(finding)
        if finding.isAccepted {
          let outcome = text.phrases.outcome(finding.outcome)
          xml.element(
            "skipped", ["message": acceptances.summary(finding) ?? outcome],
            text: (["\(outcome): \(message)"] + lines).joined(separator: "\n"))
          return
        }
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
