package import RiegelModel

/// One line a finding for spreadsheets and databases: RFC 4180 with a head line, in UTF-8.
///
/// A cell that a spreadsheet would take for a formula starts with an apostrophe, because names on
/// a host are chosen by whoever may create files there.
package struct CSVReporter: Reporter {
  package static let name = "csv"
  package static let summary = Localized(
    en: "one line a finding for spreadsheets (RFC 4180)",
    de: "eine Zeile je Befund für Tabellenprogramme (RFC 4180)")

  package init() {}

  static let head = [
    "host", "time", "rule", "topic", "severity", "outcome", "title", "reason", "expected",
    "found", "where", "overrides", "remediation", "effort", "risks", "decides", "supports",
    "references", "parameters", "accepted",
  ]

  package func render(_ audit: Audit, _ options: ReportOptions) -> [UInt8] {
    let text = FindingText(options.language)
    var bytes = CSVReporter.line(CSVReporter.head)
    for finding in audit.findings { bytes += CSVReporter.line(cells(finding, of: audit, text)) }
    return bytes
  }

  private func cells(_ finding: Finding, of audit: Audit, _ text: FindingText) -> [String] {
    let rows = FindingText.decisive(finding).map(text.row)
    func each(_ part: (FindingText.Row) -> String) -> String {
      rows.map(part).filter { !$0.isEmpty }.joined(separator: "\n")
    }
    return [
      VisibleText.escaped(audit.host.name ?? ""), audit.startedAt.description, finding.rule,
      finding.topic, finding.severity.rawValue, finding.outcome.rawValue, text.title(finding),
      text.reason(finding), each(text.expected), each(text.found), each(\.origin),
      each { $0.overrides.joined(separator: "; ") },
      FindingText.prose(finding.remediation.text[text.language]),
      finding.remediation.effort.rawValue,
      finding.remediation.risks.map(\.rawValue).joined(separator: " "),
      finding.decides.joined(separator: "; "), finding.supports.joined(separator: "; "),
      finding.citations.joined(separator: " "),
      finding.parameters.map { VisibleText.escaped("\($0.name)=\($0.value.description)") }
        .joined(separator: "; "),
      finding.waiver.map { waiver in
        VisibleText.escaped(
          "\(waiver.waivers.joined(separator: " ")) \(waiver.expires.date)"
            + (waiver.isWhole ? "" : " (in part)"))
      } ?? "",
    ]
  }

  private static func line(_ cells: [String]) -> [UInt8] {
    Array((cells.map(cell).joined(separator: ",") + "\r\n").utf8)
  }

  /// A cell, quoted where the comma, a quote or a line break asks for it.
  static func cell(_ text: String) -> String {
    var text = FindingText.prose(text)
    if let first = text.unicodeScalars.first, "=+-@＝＋－＠".unicodeScalars.contains(first) {
      text = "'" + text
    }
    guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D, 0x3B].contains($0) }) else {
      return text
    }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
