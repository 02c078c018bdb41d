package import RiegelModel

/// The Heimdall Data Format (the JSON of InSpec's reporter), which MITRE's Heimdall and SAF read.
///
/// Heimdall takes an impact of 0 for "not applicable" and a skipped result for "not reviewed". It
/// would show a rule as "not applicable" too if an acceptance said that it was skipped for it; no
/// rule is, so the failure stays one and the acceptance stands beside it, as with InSpec's `run`.
package struct HDFReporter: Reporter {
  package static let name = "hdf"
  package static let summary = Localized(
    en: "Heimdall Data Format for MITRE's Heimdall and SAF",
    de: "Heimdall Data Format für Heimdall und SAF von MITRE")

  package init() {}

  package func render(_ audit: Audit, _ options: ReportOptions) -> [UInt8] {
    let text = FindingText(options.language)
    var json = JSONWriter()
    json.object { json in
      json.object("platform") {
        $0.member("name", VisibleText.escaped(audit.host.system ?? "Linux"))
        $0.member("release", VisibleText.escaped(audit.host.kernel ?? ""))
        $0.member("target_id", VisibleText.escaped(audit.host.name ?? audit.targetAddress))
      }
      json.member("version", audit.toolVersion)
      json.object("statistics") { $0.member("duration", tenths: 0) }
      json.key("profiles")
      json.array {
        $0.object { $0.profile(audit, text, AcceptanceText(audit, options.language)) }
      }
    }
    json.end()
    return json.bytes
  }
}

extension JSONWriter {
  fileprivate mutating func profile(
    _ audit: Audit, _ text: FindingText, _ acceptances: AcceptanceText
  ) {
    member("name", audit.profile.id)
    member("version", audit.toolVersion)
    member("sha256", audit.contentHash)
    member("title", VisibleText.escaped(audit.profile.title[text.language]))
    member("summary", text.phrases.tool(audit.toolVersion, String(audit.contentHash.prefix(12))))
    member("status", "loaded")
    member("supports", [])
    member("attributes", [])
    let topics = Set(audit.findings.map(\.topic)).sorted()
    array("groups", topics) { json, topic in
      json.object {
        $0.member("id", topic)
        $0.member("controls", audit.findings.filter { $0.topic == topic }.map(\.rule))
      }
    }
    array("controls", audit.findings) { json, finding in
      json.object { $0.control(finding, at: audit.startedAt, text, acceptances) }
    }
  }

  private mutating func control(
    _ finding: Finding, at time: Instant, _ text: FindingText, _ acceptances: AcceptanceText
  ) {
    let language = text.language
    let fix = FindingText.prose(finding.remediation.text[language])
    member("id", finding.rule)
    member("title", text.title(finding))
    member("desc", FindingText.prose(finding.rationale[language]))
    array("descriptions", [("fix", fix), ("rationale", finding.rationale[language])]) {
      json, description in
      json.object {
        $0.member("label", description.0)
        $0.member("data", FindingText.prose(description.1))
      }
    }
    member("impact", tenths: finding.outcome == .notApplicable ? 0 : finding.severity.impact)
    member("code", "")
    array("refs", finding.citations) { json, citation in json.object { $0.member("ref", citation) }
    }
    object("source_location") {
      $0.member("ref", "Rules/\(finding.topic)/\(finding.rule).yaml")
      $0.member("line", 1)
    }
    object("tags") {
      $0.member("severity", finding.severity.rawValue)
      $0.member("topic", finding.topic)
      $0.member("iec62443_decides", finding.decides)
      $0.member("iec62443_supports", finding.supports)
      for reference in finding.references { $0.member(reference.framework, reference.ids) }
      $0.member("effort", finding.remediation.effort.rawValue)
      $0.member("risk", finding.remediation.risks.map(\.rawValue))
    }
    let idle = acceptances.idle(finding)
    if finding.waiver != nil || !idle.isEmpty {
      object("waiver_data") {
        let records = acceptances.covering(finding) + idle
        $0.member("justification", records.map(acceptances.line).joined(separator: "\n"))
        $0.member(
          "expiration_date",
          finding.waiver?.expires.date ?? idle.map(\.waiver.expires).max()?.date)
        $0.member("run", true)
        $0.member("skipped_due_to_waiver", false)
        $0.member("message", acceptances.sentence(finding) ?? "")
      }
    }
    key("results")
    array { $0.object { $0.outcome(finding, at: time, text) } }
  }

  private mutating func outcome(_ finding: Finding, at time: Instant, _ text: FindingText) {
    let lines = text.lines(finding).joined(separator: "\n")
    let status =
      switch finding.outcome {
      case .pass: "passed"
      case .fail: "failed"
      case .error: "error"
      case .notApplicable, .notCollected, .manual: "skipped"
      }
    member("status", status)
    member("code_desc", text.title(finding))
    member("run_time", tenths: 0)
    member("start_time", time.description)
    switch finding.outcome {
    case .pass: break
    case .fail, .error: member("message", lines)
    case .notApplicable, .notCollected, .manual:
      member("skip_message", "\(text.phrases.outcome(finding.outcome)): \(lines)")
    }
  }
}

extension Severity {
  /// In tenths, in the middle of the bands that Heimdall colours by.
  fileprivate var impact: Int {
    switch self {
    case .critical: 9
    case .high: 7
    case .medium: 5
    case .low: 3
    }
  }
}
