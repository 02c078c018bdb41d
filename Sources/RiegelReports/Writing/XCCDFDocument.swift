import RiegelModel

/// The audit in the words of XCCDF 1.2 (NIST IR 7275): a benchmark of the rules that were judged,
/// and the result of the test.
///
/// What could not be decided is `error` or `unknown`, what a person has to look at `notchecked`;
/// none of them counts as a pass in the score, which is the share of rules that pass among those
/// that apply. A failure whose risk is accepted as a whole is overridden to `informational`, which
/// is no pass either and drops out of the score; a second score leaves acceptances aside.
struct XCCDFDocument {
  static let space = "http://checklists.nist.gov/xccdf/1.2"

  private let audit: Audit
  private let text: FindingText
  private let acceptances: AcceptanceText
  private let moment: String

  init(_ audit: Audit, _ language: Language) {
    self.audit = audit
    text = FindingText(language)
    acceptances = AcceptanceText(audit, language)
    moment = audit.startedAt.description
  }

  private static let benchmark = "xccdf_org.riegel_benchmark_audit"
  private var profile: String { "xccdf_org.riegel_profile_\(XCCDFDocument.name(audit.profile.id))" }
  private var language: XMLWriter.Attributes { ["xml:lang": text.language.rawValue] }

  private func rule(_ finding: Finding) -> String {
    "xccdf_org.riegel_rule_\(XCCDFDocument.name(finding.rule))"
  }

  /// Identifiers are XML names: all else is written as its code.
  static func name(_ text: String) -> String {
    var name = ""
    for byte in text.utf8 {
      let scalar = Unicode.Scalar(byte)
      let isPlain =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      if isPlain {
        name.unicodeScalars.append(scalar)
      } else {
        name += "_x" + String(byte, radix: 16)
      }
    }
    return name.isEmpty ? "_" : name
  }

  /// The benchmark, with the result inside if wanted.
  func writeBenchmark(to xml: inout XMLWriter, withResult: Bool) {
    xml.element(
      "Benchmark",
      [
        "xmlns": XCCDFDocument.space, "id": XCCDFDocument.benchmark, "resolved": "1",
        "xml:lang": text.language.rawValue,
      ]
    ) { xml in
      xml.element("status", ["date": audit.startedAt.date], text: "accepted")
      xml.element("title", language, text: VisibleText.escaped(audit.profile.title[text.language]))
      xml.element("description", language, text: text.phrases.levelsExplained)
      xml.element("version", text: "riegel-\(audit.toolVersion)+\(audit.contentHash.prefix(12))")
      xml.element("model", ["system": "urn:xccdf:scoring:flat"])
      xml.element("Profile", ["id": profile]) { xml in
        xml.element(
          "title", language, text: VisibleText.escaped(audit.profile.title[text.language]))
        for finding in audit.findings {
          xml.element("select", ["idref": rule(finding), "selected": "true"])
        }
      }
      let titles = Dictionary(audit.catalogues.topics.map { ($0.id, $0.title) }) { a, _ in a }
      for topic in Set(audit.findings.map(\.topic)).sorted() {
        xml.element(
          "Group", ["id": "xccdf_org.riegel_group_\(XCCDFDocument.name(topic))"]
        ) { xml in
          xml.element(
            "title", language, text: VisibleText.escaped(titles[topic]?[text.language] ?? topic))
          for finding in audit.findings where finding.topic == topic { writeRule(finding, &xml) }
        }
      }
      if withResult { writeResult(to: &xml) }
    }
  }

  private func writeRule(_ finding: Finding, _ xml: inout XMLWriter) {
    xml.element(
      "Rule",
      ["id": rule(finding), "selected": "true", "severity": finding.severity.xccdf]
    ) { xml in
      xml.element("title", language, text: text.title(finding))
      let why = FindingText.prose(finding.rationale[text.language])
      xml.element("description", language, text: why)
      for citation in finding.decides + finding.supports {
        xml.element("reference", ["href": "urn:iec:62443-4-2"], text: citation)
      }
      for reference in finding.references {
        for id in reference.ids {
          xml.element(
            "reference", ["href": "urn:riegel:\(percentEncoded(reference.framework.utf8))"],
            text: id)
        }
      }
      xml.element("rationale", language, text: why)
      xml.element("ident", ["system": "urn:riegel:rule"], text: finding.rule)
      xml.element(
        "fixtext",
        [
          "xml:lang": text.language.rawValue,
          "reboot": finding.remediation.risks.contains(.reboot) ? "true" : nil,
          "complexity": finding.remediation.effort.xccdf,
        ], text: FindingText.prose(finding.remediation.text[text.language]))
      xml.element("check", ["system": "urn:riegel:check"]) {
        $0.element("check-content-ref", ["href": "urn:riegel:content", "name": finding.rule])
      }
    }
  }

  /// The result of the test; alone it names the benchmark that it is of.
  func writeResult(to xml: inout XMLWriter, alone: Bool = false) {
    let applicable = audit.findings.count { $0.outcome != .notApplicable }
    xml.element(
      "TestResult",
      [
        "xmlns": alone ? XCCDFDocument.space : nil,
        "id": "xccdf_org.riegel_testresult_\(XCCDFDocument.name(moment))", "start-time": moment,
        "end-time": moment, "test-system": "cpe:/a:riegel:riegel:\(audit.toolVersion)",
        "version": audit.toolVersion,
      ]
    ) { xml in
      xml.element(
        "benchmark",
        alone
          ? ["href": "#scap_org.riegel_comp_benchmark", "id": XCCDFDocument.benchmark]
          : ["href": "#\(XCCDFDocument.benchmark)", "id": XCCDFDocument.benchmark])
      xml.element("title", language, text: text.phrases.title(host))
      xml.element(
        "identity",
        ["authenticated": "true", "privileged": audit.isPrivileged ? "true" : "false"],
        text: audit.isPrivileged ? "root" : "user")
      xml.element("profile", ["idref": profile])
      xml.element("target", text: host)
      xml.element("target-facts") { xml in
        for (name, value) in [
          ("system", audit.host.system), ("kernel", audit.host.kernel),
          ("machine-id", audit.host.machineID), ("address", audit.targetAddress),
        ] {
          if let value {
            xml.element(
              "fact", ["name": "urn:riegel:fact:\(name)", "type": "string"],
              text: VisibleText.escaped(value))
          }
        }
      }
      for finding in audit.findings { write(finding, &xml) }
      let accepted = audit.findings.count(where: \.isAccepted)
      let passed = String(audit.count(.pass))
      xml.element(
        "score",
        ["system": "urn:xccdf:scoring:flat", "maximum": String(max(applicable - accepted, 1))],
        text: passed)
      if accepted > 0 {
        xml.element(
          "score",
          [
            "system": "urn:riegel:scoring:without-acceptances",
            "maximum": String(max(applicable, 1)),
          ], text: passed)
      }
    }
  }

  private var host: String {
    let name = VisibleText.escaped(audit.host.name ?? "")
    return name.isEmpty ? "host" : name
  }

  private func write(_ finding: Finding, _ xml: inout XMLWriter) {
    xml.element(
      "rule-result",
      [
        "idref": rule(finding), "time": moment, "severity": finding.severity.xccdf, "weight": "1",
      ]
    ) { xml in
      xml.element("result", text: finding.isAccepted ? "informational" : finding.outcome.xccdf)
      if finding.isAccepted { writeOverride(finding, &xml) }
      xml.element("ident", ["system": "urn:riegel:rule"], text: finding.rule)
      for line in text.lines(finding) {
        xml.element(
          "message", ["severity": finding.outcome == .fail ? "warning" : "info"], text: line)
      }
      for line in acceptances.lines(finding) {
        xml.element("message", ["severity": "info"], text: line)
      }
      xml.element("check", ["system": "urn:riegel:check"]) {
        $0.element("check-content-ref", ["href": "urn:riegel:content", "name": finding.rule])
      }
    }
  }
}

extension XCCDFDocument {
  /// The acceptance as an override: who approved it, when, and until when it counts. What is
  /// covered only in part stays a failure and has none, for readers call a rule with one waived.
  private func writeOverride(_ finding: Finding, _ xml: inout XMLWriter) {
    let approved = acceptances.covering(finding).map(\.waiver.approved).max() ?? audit.startedAt
    let approvers = acceptances.approvers(finding)
    xml.element(
      "override",
      [
        "time": approved.description,
        "authority": approvers.isEmpty ? "-" : approvers.joined(separator: ", "),
      ]
    ) { xml in
      xml.element("old-result", text: finding.outcome.xccdf)
      xml.element("new-result", text: "informational")
      xml.element("remark", language, text: acceptances.lines(finding).joined(separator: "\n"))
    }
  }
}

extension Outcome {
  fileprivate var xccdf: String {
    switch self {
    case .pass: "pass"
    case .fail: "fail"
    case .notApplicable: "notapplicable"
    case .notCollected: "unknown"
    case .error: "error"
    case .manual: "notchecked"
    }
  }
}

extension Severity {
  /// XCCDF knows nothing above high.
  fileprivate var xccdf: String {
    switch self {
    case .critical, .high: "high"
    case .medium: "medium"
    case .low: "low"
    }
  }
}

extension Remediation.Effort {
  fileprivate var xccdf: String {
    switch self {
    case .small: "low"
    case .medium: "medium"
    case .large: "high"
    }
  }
}
