package import RiegelModel

/// One finding a line for security monitoring: events of the class Compliance Finding (2003) of the
/// Open Cybersecurity Schema Framework, version 1.3.
///
/// A failure whose risk is accepted as a whole is suppressed; its compliance status stays `Fail`.
package struct NDJSONReporter: Reporter {
  package static let name = "ndjson"
  package static let summary = Localized(
    en: "one event a line for SIEMs (OCSF Compliance Finding)",
    de: "ein Ereignis je Zeile für SIEMs (OCSF Compliance Finding)")

  package init() {}

  package func render(_ audit: Audit, _ options: ReportOptions) -> [UInt8] {
    let text = FindingText(options.language)
    let acceptances = AcceptanceText(audit, options.language)
    var bytes: [UInt8] = []
    for finding in audit.findings {
      var json = JSONWriter(indent: nil)
      json.object { $0.event(finding, of: audit, text, acceptances) }
      json.end()
      bytes += json.bytes
    }
    return bytes
  }
}

extension JSONWriter {
  fileprivate mutating func event(
    _ finding: Finding, of audit: Audit, _ text: FindingText, _ acceptances: AcceptanceText
  ) {
    let language = text.language
    let host = VisibleText.escaped(audit.host.name ?? "")
    let time = audit.startedAt.seconds * 1000
    member("activity_id", 1)
    member("activity_name", "Create")
    member("category_uid", 2)
    member("category_name", "Findings")
    member("class_uid", 2003)
    member("class_name", "Compliance Finding")
    member("type_uid", 200_301)
    member("type_name", "Compliance Finding: Create")
    member("time", time)
    let severity = finding.ocsfSeverity
    member("severity_id", severity.id)
    member("severity", severity.name)
    let state =
      finding.isAccepted
      ? (id: 3, name: "Suppressed")
      : finding.outcome == .pass ? (id: 4, name: "Resolved") : (id: 1, name: "New")
    member("status_id", state.id)
    member("status", state.name)
    if let sentence = acceptances.sentence(finding) {
      member("status_code", "accepted")
      member("status_detail", sentence)
      let covering = acceptances.covering(finding)
      if !covering.isEmpty {
        member("comment", covering.map(acceptances.line).joined(separator: "\n"))
      }
    }
    member("message", "\(text.title(finding)): \(text.phrases.outcome(finding.outcome))")
    object("metadata") {
      $0.member("version", "1.3.0")
      $0.member(
        "uid",
        NameUUID("ocsf").uuid(
          audit.host.machineID ?? "", host, audit.startedAt.description, finding.rule))
      $0.member("log_name", "riegel")
      $0.object("product") {
        $0.member("name", "Riegel")
        $0.member("vendor_name", "Riegel")
        $0.member("version", audit.toolVersion)
        $0.member("lang", language.rawValue)
      }
    }
    object("finding_info") {
      $0.member(
        "uid", NameUUID("finding").uuid(audit.host.machineID ?? "", host, finding.rule))
      $0.member("title", text.title(finding))
      $0.member("desc", FindingText.prose(finding.rationale[language]))
      $0.member("types", [finding.topic])
      $0.member("created_time", time)
      $0.object("analytic") {
        $0.member("uid", finding.rule)
        $0.member("name", finding.rule)
        $0.member("type_id", 1)
        $0.member("type", "Rule")
      }
    }
    let status = finding.ocsfStatus
    object("compliance") {
      $0.member("control", finding.rule)
      $0.member("standards", ["IEC 62443-4-2"] + finding.references.map(\.framework))
      $0.member("requirements", finding.decides + finding.supports + finding.citations)
      $0.member("status_id", status.id)
      $0.member("status", status.name)
      $0.member("status_code", finding.outcome.rawValue)
      $0.member("status_detail", text.reason(finding))
    }
    object("remediation") {
      $0.member("desc", FindingText.prose(finding.remediation.text[language]))
    }
    key("resources")
    array {
      $0.object {
        $0.member("type", "host")
        $0.member("name", host.isEmpty ? "host" : host)
        if let id = audit.host.machineID { $0.member("uid", VisibleText.escaped(id)) }
        $0.object("data") {
          $0.member("system", VisibleText.escaped(audit.host.system ?? ""))
          $0.member("kernel", VisibleText.escaped(audit.host.kernel ?? ""))
          $0.member("target", VisibleText.escaped(audit.targetAddress))
        }
      }
    }
    object("unmapped") {
      $0.member("profile", audit.profile.id)
      $0.member("content", audit.contentHash)
      $0.array("acceptances", acceptances.covering(finding) + acceptances.idle(finding)) {
        json, status in json.object { $0.acceptance(status, language) }
      }
      $0.array("evidence", FindingText.decisive(finding).prefix(50)) { json, evidence in
        let row = text.row(evidence)
        json.object {
          $0.member("subject", row.subject)
          $0.member("expected", text.expected(row))
          $0.member("found", row.found)
          $0.member("origin", row.origin)
          $0.member("overrides", row.overrides)
        }
      }
    }
  }
}

extension JSONWriter {
  private mutating func acceptance(_ status: WaiverStatus, _ language: Language) {
    let waiver = status.waiver
    member("uid", VisibleText.escaped(waiver.id))
    member("state", status.state.rawValue)
    member("approved", waiver.approved.date)
    member("expires", waiver.expires.date)
    member("owner", VisibleText.escaped(waiver.owner))
    member("approver", VisibleText.escaped(waiver.approver))
    member("reason", FindingText.prose(waiver.reason[language]))
    member("measures", waiver.measures.map { FindingText.prose($0[language]) })
  }
}

extension Finding {
  /// What passed or does not apply informs; the rest has the rule's severity.
  fileprivate var ocsfSeverity: (id: Int, name: String) {
    if outcome == .pass || outcome == .notApplicable { return (1, "Informational") }
    return switch severity {
    case .low: (2, "Low")
    case .medium: (3, "Medium")
    case .high: (4, "High")
    case .critical: (5, "Critical")
    }
  }

  fileprivate var ocsfStatus: (id: Int, name: String) {
    switch outcome {
    case .pass: (1, "Pass")
    case .fail: (3, "Fail")
    case .manual: (2, "Warning")
    case .error, .notCollected: (0, "Unknown")
    case .notApplicable: (99, "Not applicable")
    }
  }
}
