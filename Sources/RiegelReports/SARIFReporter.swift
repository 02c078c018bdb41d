package import RiegelModel
import SystemPackage

/// SARIF 2.1.0 (OASIS), which code hosts and editors show at file and line.
///
/// Every finding is a result, with the kinds of the standard: `fail`, `pass`, `open` where nobody
/// could tell, `review` where a person has to look, `notApplicable`. Paths are relative to the
/// root of the audited system.
package struct SARIFReporter: Reporter {
  package static let name = "sarif"
  package static let summary = Localized(
    en: "SARIF 2.1.0 for code hosts and editors",
    de: "SARIF 2.1.0 für Code-Plattformen und Editoren")

  package init() {}

  package func render(_ audit: Audit, _ options: ReportOptions) -> [UInt8] {
    let text = FindingText(options.language)
    var json = JSONWriter()
    json.object { json in
      json.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
      json.member("version", "2.1.0")
      json.key("runs")
      json.array { $0.object { $0.run(audit, text) } }
    }
    json.end()
    return json.bytes
  }
}

extension JSONWriter {
  fileprivate mutating func run(_ audit: Audit, _ text: FindingText) {
    object("tool") {
      $0.object("driver") {
        $0.member("name", "Riegel")
        $0.member("version", audit.toolVersion)
        $0.member("semanticVersion", audit.toolVersion)
        $0.member("language", text.language.rawValue)
        $0.array("rules", audit.findings) { json, finding in
          json.object { $0.rule(finding, text) }
        }
        $0.object("properties") { $0.member("contentHash", audit.contentHash) }
      }
    }
    object("automationDetails") {
      $0.member(
        "id", "riegel/\(VisibleText.escaped(audit.host.name ?? "host"))/\(audit.profile.id)/")
    }
    key("invocations")
    array {
      $0.object {
        $0.member("executionSuccessful", true)
        $0.member("startTimeUtc", audit.startedAt.description)
        $0.object("properties") {
          $0.member("target", audit.targetAddress)
          $0.member("targetKind", audit.targetKind.rawValue)
          $0.member("privileged", audit.isPrivileged)
        }
      }
    }
    object("originalUriBaseIds") {
      $0.object("ROOT") {
        $0.member("uri", "file:///")
        $0.object("description") { $0.member("text", "The root of the audited system.") }
      }
    }
    member("columnKind", "unicodeCodePoints")
    array("results", audit.findings.enumerated()) { json, item in
      json.object { $0.result(item.element, index: item.offset, text) }
    }
  }

  private mutating func rule(_ finding: Finding, _ text: FindingText) {
    let language = text.language
    let fix = FindingText.prose(finding.remediation.text[language])
    member("id", finding.rule)
    object("shortDescription") { $0.member("text", text.title(finding)) }
    object("fullDescription") {
      $0.member("text", FindingText.prose(finding.rationale[language]))
    }
    object("help") { $0.member("text", fix) }
    object("defaultConfiguration") { $0.member("level", finding.severity.sarifLevel) }
    object("properties") {
      $0.member(
        "tags",
        ["security", finding.topic] + (finding.decides + finding.supports).map { "iec62443:\($0)" }
          + finding.citations)
      $0.member("precision", "very-high")
      $0.member("security-severity", finding.severity.sarifScore)
      $0.member("effort", finding.remediation.effort.rawValue)
      $0.member("risks", finding.remediation.risks.map(\.rawValue))
    }
  }

  private mutating func result(_ finding: Finding, index: Int, _ text: FindingText) {
    let kind =
      switch finding.outcome {
      case .pass: "pass"
      case .fail: "fail"
      case .notApplicable: "notApplicable"
      case .notCollected, .error: "open"
      case .manual: "review"
      }
    member("ruleId", finding.rule)
    member("ruleIndex", index)
    member("kind", kind)
    member("level", finding.outcome == .fail ? finding.severity.sarifLevel : "none")
    object("message") {
      let lines =
        finding.outcome == .fail
        ? ["\(text.phrases.notMet(text.title(finding)))."] + text.lines(finding)
        : ["\(text.title(finding)): \(text.phrases.outcome(finding.outcome))."]
          + text.lines(finding, most: 10)
      $0.member("text", lines.joined(separator: "\n"))
    }
    let origins = finding.decisiveOrigins.filter { $0.path != nil }
    // A code host shows nothing without a place; the root stands for "the system".
    array("locations", origins.isEmpty ? [Origin.file("/")] : Array(origins.prefix(100))) {
      json, origin in json.object { $0.location(origin) }
    }
    let overridden = FindingText.decisive(finding).flatMap(\.overrides)
      .filter { $0.origin.path != nil }.prefix(100)
    if !overridden.isEmpty {
      array("relatedLocations", overridden.enumerated()) { json, item in
        json.object {
          $0.member("id", item.offset + 1)
          $0.location(item.element.origin)
          $0.object("message") {
            $0.member(
              "text",
              VisibleText.escaped(
                text.phrases.overrides(
                  item.element.value, text.phrases.origin(item.element.origin))))
          }
        }
      }
    }
    if let waiver = finding.waiver, waiver.isWhole {
      // A failure whose risk is accepted until a day; what is covered in part stays a result. No
      // status stands for an accepted suppression, and printed schemas name that member two ways.
      array("suppressions", waiver.waivers) { json, id in
        json.object {
          $0.member("kind", "external")
          $0.member("justification", "\(VisibleText.escaped(id)), \(waiver.expires.date)")
        }
      }
    }
    object("partialFingerprints") { $0.member("riegelRule/v1", finding.rule) }
    object("properties") {
      $0.member("outcome", finding.outcome.rawValue)
      $0.member("severity", finding.severity.rawValue)
    }
  }

  private mutating func location(_ origin: Origin) {
    object("physicalLocation") {
      $0.object("artifactLocation") {
        $0.member("uri", origin.path.map(relativeURI) ?? "")
        $0.member("uriBaseId", "ROOT")
      }
      if case .line(_, let line) = origin, line > 0 {
        $0.object("region") { $0.member("startLine", line) }
      }
    }
  }
}

/// A path without its first slash as RFC 3986 writes it, byte by byte; `.` for the root.
func relativeURI(_ path: FilePath) -> String {
  let bytes = path.bytes.drop { $0 == UInt8(ascii: "/") }
  return bytes.isEmpty ? "./" : percentEncoded(bytes, keeping: "/")
}

/// The unreserved characters of RFC 3986 as they are, all other bytes as `%XX`.
func percentEncoded(_ bytes: some Sequence<UInt8>, keeping kept: String = "") -> String {
  var result = ""
  for byte in bytes {
    let scalar = Unicode.Scalar(byte)
    let isPlain =
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
      || "-._~".unicodeScalars.contains(scalar) || kept.unicodeScalars.contains(scalar)
    if isPlain {
      result.unicodeScalars.append(scalar)
    } else {
      result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
  }
  return result
}

extension Severity {
  fileprivate var sarifLevel: String {
    switch self {
    case .critical, .high: "error"
    case .medium: "warning"
    case .low: "note"
    }
  }

  /// In the bands that code hosts sort by.
  fileprivate var sarifScore: String {
    switch self {
    case .critical: "9.5"
    case .high: "8.0"
    case .medium: "5.5"
    case .low: "2.0"
    }
  }
}
