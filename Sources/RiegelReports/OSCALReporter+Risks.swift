import RiegelModel

/// Risk acceptances in the words of OSCAL.
extension OSCALDocument {
  var risks: [WaiverStatus] { audit.site?.waivers ?? [] }

  /// Who owns or approves a risk, each once.
  var persons: [String] {
    var seen: Set<String> = []
    return risks.flatMap { [$0.waiver.owner, $0.waiver.approver] }
      .filter { seen.insert($0).inserted }
  }

  func riskID(_ status: WaiverStatus) -> String { names.uuid("risk", status.waiver.id) }

  /// A text that is never empty and has no blanks at its ends.
  static func words(_ text: String) -> String {
    let text = VisibleText.escaped(text)
    let trimmed = String(
      text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    return trimmed.isEmpty ? "-" : trimmed
  }

  func risk(_ json: inout JSONWriter, _ status: WaiverStatus) {
    let waiver = status.waiver
    let language = text.language
    let site = acceptances.words
    json.member("uuid", riskID(status))
    json.member("title", OSCALDocument.words("\(waiver.id): \(waiver.hazard[language])"))
    json.member(
      "description",
      FindingText.prose("\(waiver.situation[language])\n\(waiver.harm[language])"))
    json.member("statement", FindingText.prose(waiver.reason[language]))
    json.key("props")
    json.array { json in
      property(&json, "rule", waiver.rule)
      property(&json, "acceptance", waiver.id)
      property(&json, "acceptance-state", status.state.rawValue)
      for concern in status.concerns { property(&json, "concern", concern.rawValue) }
    }
    json.member("status", status.oscal)
    json.array("characterizations", [("initial", waiver.before), ("residual", waiver.after)]) {
      json, item in json.object { characterization(&$0, item.0, item.1, of: waiver) }
    }
    if !waiver.measures.isEmpty {
      json.array("mitigating-factors", waiver.measures.enumerated()) { json, item in
        json.object {
          $0.member("uuid", names.uuid("measure", waiver.id, String(item.offset)))
          $0.member("description", FindingText.prose(item.element[language]))
        }
      }
    }
    json.member("deadline", waiver.expires.endOfDay.description)
    json.object("risk-log") {
      $0.key("entries")
      $0.array { json in
        if status.state == .inForce || status.state == .expired {
          entry(&json, waiver, site.labelApproved, waiver.approved, "deviation-approved")
        }
        if status.state != .inForce {
          let since = status.state == .expired ? waiver.expires.adding(days: 1) : audit.startedAt
          entry(&json, waiver, site.text(of: status), since, status.oscal)
        }
      }
    }
    let covered = audit.findings.filter {
      $0.rule == waiver.rule && ($0.waiver == nil || $0.waiver?.waivers.contains(waiver.id) == true)
    }
    if !covered.isEmpty {
      json.array("related-observations", covered) { json, finding in
        json.object { $0.member("observation-uuid", names.uuid("observation", finding.rule)) }
      }
    }
  }

  private func characterization(
    _ json: inout JSONWriter, _ state: String, _ estimate: RiskEstimate, of waiver: Waiver
  ) {
    json.object("origin") {
      $0.key("actors")
      $0.array {
        $0.object {
          $0.member("type", "party")
          $0.member("actor-uuid", lasting.uuid("person", waiver.owner))
        }
      }
    }
    json.array(
      "facets",
      [
        ("severity", estimate.severity.rawValue), ("probability", estimate.probability.rawValue),
      ]
    ) { json, facet in
      json.object {
        $0.member("name", facet.0)
        $0.member("system", "https://riegel.invalid/ns/oscal/iso-14971")
        $0.member("value", facet.1)
        $0.key("props")
        $0.array {
          $0.object {
            $0.member("name", "state")
            $0.member("value", state)
          }
        }
      }
    }
  }

  private func entry(
    _ json: inout JSONWriter, _ waiver: Waiver, _ title: String, _ start: Instant, _ state: String
  ) {
    json.object {
      $0.member("uuid", names.uuid("risk-log", waiver.id, state, start.description))
      $0.member("title", title)
      $0.member("start", start.description)
      $0.key("logged-by")
      $0.array {
        $0.object { $0.member("party-uuid", lasting.uuid("person", waiver.approver)) }
      }
      $0.member("status-change", state)
    }
  }
}

extension WaiverStatus {
  /// A deviation is approved while it counts, and only asked for while nobody else approved it.
  fileprivate var oscal: String {
    switch state {
    case .inForce: "deviation-approved"
    case .expired: "open"
    case .selfApproved, .notYet: "deviation-requested"
    }
  }
}
