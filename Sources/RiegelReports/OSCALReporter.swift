package import RiegelModel

/// OSCAL assessment results 1.1 (NIST): an observation a rule, a finding a requirement.
///
/// A requirement is `satisfied` only where it is evidenced and `not-satisfied` only where it is
/// refuted. What is open has no finding, because OSCAL has no word for it; it stands in the remarks.
/// Each risk acceptance of the site is a risk: an approved deviation while it counts, with its log,
/// and linked to the observations it covers and to the requirements that these refute.
package struct OSCALReporter: Reporter {
  package static let name = "oscal"
  package static let summary = Localized(
    en: "OSCAL assessment results 1.1 (NIST)", de: "OSCAL Assessment Results 1.1 (NIST)")

  package init() {}

  package func render(_ audit: Audit, _ options: ReportOptions) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.object("assessment-results") {
        OSCALDocument(audit, options.language).write(to: &$0)
      }
    }
    json.end()
    return json.bytes
  }
}

struct OSCALDocument {
  let audit: Audit
  let text: FindingText
  let acceptances: AcceptanceText
  let host: String
  /// The same for every audit of a host.
  let lasting: NameUUID
  let names: NameUUID

  init(_ audit: Audit, _ language: Language) {
    self.audit = audit
    text = FindingText(language)
    acceptances = AcceptanceText(audit, language)
    let name = VisibleText.escaped(audit.host.name ?? "")
    host = name.isEmpty ? "host" : name
    lasting = NameUUID("oscal")
    names = NameUUID("oscal:\(audit.host.machineID ?? ""):\(name):\(audit.startedAt.description)")
  }

  private var hostID: String { lasting.uuid("host", audit.host.machineID ?? "", host) }
  private var planID: String { lasting.uuid("profile", audit.profile.id) }
  private var moment: String { audit.startedAt.description }

  func write(to json: inout JSONWriter) {
    json.member("uuid", names.uuid("document"))
    json.object("metadata") {
      $0.member("title", text.phrases.title(host))
      $0.member("last-modified", moment)
      $0.member("version", audit.toolVersion)
      $0.member("oscal-version", "1.1.2")
      $0.key("props")
      $0.array { json in
        property(&json, "tool", "riegel \(audit.toolVersion)")
        property(&json, "content-sha256", audit.contentHash)
        property(&json, "profile", audit.profile.id)
      }
      if !persons.isEmpty {
        $0.array("parties", persons) { json, person in
          json.object {
            $0.member("uuid", lasting.uuid("person", person))
            $0.member("type", "person")
            $0.member("name", OSCALDocument.words(person))
          }
        }
      }
    }
    // There is no assessment plan as a document of its own; the profile is the plan.
    json.object("import-ap") { $0.member("href", "#\(planID)") }
    json.key("results")
    json.array { $0.object { result(&$0) } }
    json.object("back-matter") {
      $0.key("resources")
      $0.array {
        $0.object {
          $0.member("uuid", planID)
          $0.member("title", VisibleText.escaped(audit.profile.title[text.language]))
          $0.member("description", VisibleText.escaped(audit.profile.id))
        }
      }
    }
  }

  func property(_ json: inout JSONWriter, _ name: String, _ value: String) {
    let value = VisibleText.escaped(value)
    // Values of properties have no blanks at their ends, and are never empty.
    guard let first = value.first, let last = value.last, !first.isWhitespace, !last.isWhitespace
    else { return }
    json.object {
      $0.member("name", name)
      // A name, not an address: validators take URLs only, and nobody owns `.invalid`.
      $0.member("ns", "https://riegel.invalid/ns/oscal")
      $0.member("value", value)
    }
  }

  private func result(_ json: inout JSONWriter) {
    json.member("uuid", names.uuid("result"))
    json.member("title", text.phrases.title(host))
    json.member("description", VerdictText(audit).sentence(text.phrases))
    json.member("start", moment)
    json.member("end", moment)
    json.object("local-definitions") {
      $0.key("inventory-items")
      $0.array {
        $0.object {
          $0.member("uuid", hostID)
          $0.member("description", host)
          $0.key("props")
          $0.array { json in
            property(&json, "target-kind", audit.targetKind.rawValue)
            property(&json, "system", audit.host.system ?? "")
            property(&json, "kernel", audit.host.kernel ?? "")
            property(&json, "machine-id", audit.host.machineID ?? "")
            property(&json, "target", audit.targetAddress)
          }
        }
      }
    }
    let standings = requirements
    json.object("reviewed-controls") {
      $0.key("control-selections")
      $0.array {
        $0.object {
          if standings.isEmpty {
            $0.object("include-all") { _ in }
          } else {
            $0.array("include-controls", standings) { json, requirement in
              json.object { $0.member("control-id", OSCALDocument.token(requirement.id)) }
            }
          }
        }
      }
    }
    if !audit.findings.isEmpty {
      json.array("observations", audit.findings) { json, finding in
        json.object { observation(&$0, finding) }
      }
    }
    if !risks.isEmpty {
      json.array("risks", risks) { json, status in json.object { risk(&$0, status) } }
    }
    let decided = standings.filter { $0.standing != .open }
    if !decided.isEmpty {
      json.array("findings", decided) { json, requirement in
        json.object { finding(&$0, requirement) }
      }
    }
    let open = standings.filter { $0.standing == .open }.map(\.id)
    if !open.isEmpty {
      json.member(
        "remarks", "\(text.phrases.standing(.open)): \(open.joined(separator: ", "))")
    }
  }

  /// Each requirement of the first catalogue once.
  private var requirements: [FoundationLevel.RequirementStanding] {
    let catalogue = audit.levels.first?.catalogue
    var seen: Set<String> = []
    return audit.levels.filter { $0.catalogue == catalogue }.flatMap(\.requirements)
      .filter { seen.insert($0.id).inserted }
  }

  private func observation(_ json: inout JSONWriter, _ finding: Finding) {
    json.member("uuid", names.uuid("observation", finding.rule))
    json.member("title", text.title(finding))
    json.member(
      "description",
      (text.lines(finding) + acceptances.lines(finding)).joined(separator: "\n"))
    json.key("props")
    json.array { json in
      property(&json, "rule", finding.rule)
      property(&json, "topic", finding.topic)
      property(&json, "severity", finding.severity.rawValue)
      property(&json, "outcome", finding.outcome.rawValue)
      if let waiver = finding.waiver {
        property(&json, "accepted-until", waiver.expires.date)
        property(&json, "accepted-by", waiver.waivers.joined(separator: ", "))
        property(&json, "accepted-whole", waiver.isWhole ? "yes" : "no")
      }
    }
    json.member("methods", [finding.outcome == .manual ? "EXAMINE" : "TEST"])
    json.member("types", ["finding"])
    json.key("subjects")
    json.array {
      $0.object {
        $0.member("subject-uuid", hostID)
        $0.member("type", "inventory-item")
      }
    }
    let rows = FindingText.decisive(finding).prefix(50).map(text.row)
    if !rows.isEmpty {
      json.array("relevant-evidence", rows) { json, row in
        json.object { $0.member("description", text.found(row)) }
      }
    }
    json.member("collected", moment)
    json.member("remarks", FindingText.prose(finding.remediation.text[text.language]))
  }

  private func finding(
    _ json: inout JSONWriter, _ requirement: FoundationLevel.RequirementStanding
  ) {
    let title = VisibleText.escaped(requirement.title[text.language])
    json.member("uuid", names.uuid("finding", requirement.id))
    json.member("title", "\(requirement.id) \(title)")
    json.member(
      "description",
      "\(text.phrases.standing(requirement.standing)) (\(requirement.level.description))")
    json.object("target") {
      $0.member("type", "objective-id")
      $0.member("target-id", OSCALDocument.token(requirement.id))
      $0.object("status") {
        $0.member("state", requirement.standing == .refuted ? "not-satisfied" : "satisfied")
      }
    }
    let known = Set(audit.findings.map(\.rule))
    let rules = requirement.rules.filter { known.contains($0) }
    if !rules.isEmpty {
      json.array("related-observations", rules) { json, rule in
        json.object { $0.member("observation-uuid", names.uuid("observation", rule)) }
      }
    }
    let accepted = risks.filter { rules.contains($0.waiver.rule) }
    if !accepted.isEmpty {
      json.array("related-risks", accepted) { json, status in
        json.object { $0.member("risk-uuid", riskID(status)) }
      }
    }
    let lifted = audit.achieved.filter { $0.lifted.contains(requirement.id) }
      .map { acceptances.words.achieved($0.ceiling.description, $0.lifted) }
    if let first = lifted.first { json.member("remarks", VisibleText.escaped(first)) }
  }

  /// `CR 1.1 RE 1` as OSCAL writes identifiers: `cr-1.1-re-1`.
  static func token(_ id: String) -> String {
    var token = ""
    for scalar in id.lowercased().unicodeScalars {
      let isPlain =
        ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
        || "._-".unicodeScalars
          .contains(scalar)
      token.unicodeScalars.append(isPlain ? scalar : "-")
    }
    guard let first = token.unicodeScalars.first, ("a"..."z").contains(first) else {
      return "r-\(token)"
    }
    return token
  }
}
