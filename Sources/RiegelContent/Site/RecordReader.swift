import RiegelModel

/// What the readers of waivers and attestations share: scopes, days, and the file's name as id.
struct RecordReader {
  let site: Site
  let library: Library
  let log: DiagnosticLog

  /// The name of the file; an `id` in it has to say the same.
  func id(_ reader: inout MappingReader, fileName: String) -> String {
    let name = fileName.hasSuffix(".yaml") ? String(fileName.dropLast(5)) : fileName
    if let node = reader.optional("id"), node.text != name {
      log.error(
        "the id '\(node.text ?? node.kind)' is not the name of the file", at: node.place,
        suggestion: "write '\(name)' or leave it out")
    }
    if !isKebabCase(name) {
      log.error("the file's name is not in kebab-case", at: Place(file: reader.place.file))
    }
    return name
  }

  func scope(_ reader: inout MappingReader) -> SiteScope {
    func ids(_ key: String, _ node: Node?, _ what: String, _ known: [String]) -> [String] {
      guard let node, let ids = textsOf(node, key, log) else { return [] }
      if ids.isEmpty { log.error("'\(key)' is empty; leave it out for all", at: node.place) }
      for (id, place) in ids where !known.contains(id) {
        log.unknown(what, id, at: place, among: known)
      }
      return ids.map(\.text)
    }
    return SiteScope(
      hosts: ids("hosts", reader.optional("hosts"), "host", site.members.map(\.id)),
      zones: ids("zones", reader.optional("zones"), "zone", site.zones.map(\.id)))
  }

  /// A day, never a moment: an acceptance ends with a day.
  func day(_ reader: inout MappingReader, _ key: String) -> Instant? {
    guard let node = reader.required(key) else { return nil }
    guard let text = node.text, text.utf8.count == 10, let day = Instant(text) else {
      log.error("'\(key)' must be a day such as 2026-12-31", at: node.place)
      return nil
    }
    return day
  }
}

/// The keys of a waiver in the order in which they are written.
let waiverKeys = [
  "id", "rule", "hosts", "zones", "finding", "reason", "hazard", "hazardous-situation", "harm",
  "severity", "probability", "measures", "owner", "approver", "approved", "expires",
]

extension RecordReader {
  func waiver(_ node: Node, fileName: String) -> Waiver? {
    guard var reader = MappingReader(node, "a waiver", log) else { return nil }
    let before = log.diagnostics.count
    let id = id(&reader, fileName: fileName)
    let rule = reader.required("rule").flatMap { node -> String? in
      guard let rule = nonEmptyText(node, "rule", log) else { return nil }
      if library.rule(rule) == nil {
        log.unknown("rule", rule, at: node.place, among: library.rules.map(\.id))
      }
      return rule
    }
    let scope = scope(&reader)
    let finding = reader.optionalText("finding")
    let reason = reader.required("reason").flatMap { eitherText($0, "reason", log) }
    let hazard = reader.required("hazard").flatMap { eitherText($0, "hazard", log) }
    let situation = reader.required("hazardous-situation").flatMap {
      eitherText($0, "hazardous-situation", log)
    }
    let harm = reader.required("harm").flatMap { eitherText($0, "harm", log) }
    let severity: (HarmSeverity, HarmSeverity)? = pair(&reader, "severity")
    let probability: (HarmProbability, HarmProbability)? = pair(&reader, "probability")
    let measures = measures(reader.optional("measures"))
    let owner = reader.text("owner")
    let approver = reader.text("approver")
    let approved = day(&reader, "approved")
    let expires = day(&reader, "expires")
    reader.finish()
    if let approved, let expires, expires < approved {
      log.error("'expires' lies before 'approved'", at: reader.place(ofKey: "expires"))
    }
    guard let rule, let reason, let hazard, let situation, let harm, let severity,
      let probability, let owner, let approver, let approved, let expires,
      !log.diagnostics[before...].contains(where: { $0.level == .error })
    else { return nil }
    let waiver = Waiver(
      id: id, rule: rule, scope: scope, finding: finding, reason: reason, hazard: hazard,
      situation: situation, harm: harm, before: RiskEstimate(severity.0, probability.0),
      after: RiskEstimate(severity.1, probability.1), measures: measures, owner: owner,
      approver: approver, approved: approved, expires: expires, place: node.place)
    warn(waiver, reader)
    return waiver
  }

  private func measures(_ node: Node?) -> [Localized] {
    guard let node else { return [] }
    guard let items = node.items else {
      log.error("'measures' must be a list, not \(node.kind)", at: node.place)
      return []
    }
    return items.compactMap { eitherText($0, "measures", log) }
  }

  /// `{before: serious, after: minor}`; measures that make a risk greater are none.
  private func pair<T: RawRepresentable<String> & CaseIterable & Equatable>(
    _ reader: inout MappingReader, _ key: String
  ) -> (T, T)? {
    guard let node = reader.required(key),
      var inner = MappingReader(node, "'\(key)'", log)
    else { return nil }
    let before = inner.choice("before", T.self)
    let after = inner.choice("after", T.self)
    inner.finish()
    guard let before, let after else { return nil }
    let order = Array(T.allCases)
    if let a = order.firstIndex(of: before), let b = order.firstIndex(of: after), b > a {
      log.error("'\(key)' is greater after than before", at: node.place)
    }
    return (before, after)
  }

  private func warn(_ waiver: Waiver, _ reader: MappingReader) {
    if Waiver.isSamePerson(waiver.owner, waiver.approver) {
      log.warn(
        "who owns the risk approves it too: it counts for nothing",
        at: reader.place(ofKey: "approver"))
    }
    if waiver.scope.isWholeSite {
      log.warn(
        "names no host and no zone: it would excuse a host that comes tomorrow", at: waiver.place,
        suggestion: "add 'hosts: […]'")
    }
    if waiver.measures.isEmpty {
      log.warn("without compensating measures SL-A is not lifted", at: waiver.place)
    }
  }
}

/// The keys of an attestation in the order in which they are written.
let attestationKeys = [
  "id", "statement", "requirements", "rows", "claim", "hosts", "zones", "text", "by", "on",
  "valid-for", "evidence",
]

extension RecordReader {
  /// Reads an attestation; whether its document is there is checked by who knows the folder.
  func attestation(_ node: Node, fileName: String) -> Attestation? {
    guard var reader = MappingReader(node, "an attestation", log) else { return nil }
    let before = log.diagnostics.count
    let id = id(&reader, fileName: fileName)
    let subject = subject(&reader)
    let claim = reader.optionalChoice("claim", Attestation.Claim.self) ?? .met
    let scope = scope(&reader)
    var asked: Measure.Statement?
    if case .statement(let id) = subject {
      asked = library.measures.statement(id)?.statement
      if claim != .met {
        log.error(
          "a statement of a measure is met or not made", at: reader.place(ofKey: "claim"))
      }
    }
    let own = asked == nil ? reader.required("text") : reader.optional("text")
    let text = own.flatMap { eitherText($0, "text", log) }
    let person = reader.text("by")
    let day = day(&reader, "on")
    let validityNode = asked == nil ? reader.required("valid-for") : reader.optional("valid-for")
    let validity = validityNode.flatMap { node -> Attestation.Validity? in
      guard let validity = node.text.flatMap({ Attestation.Validity($0) }) else {
        log.error("'valid-for' is such as '12 months' or '90 days'", at: node.place)
        return nil
      }
      return validity
    }
    let document = reader.required("evidence").flatMap(document)
    reader.finish()
    if let asked, let validity, let day, let node = validityNode,
      validity.end(from: day) > day.adding(months: asked.validityMonths)
    {
      log.warn(
        "valid for longer than the \(asked.validityMonths) months that the catalogue proposes",
        at: node.place)
    }
    guard let subject, let person, let day, let document,
      let text = text ?? asked?.statement,
      let validity = validity ?? asked.map({ .months($0.validityMonths) }),
      !log.diagnostics[before...].contains(where: { $0.level == .error })
    else { return nil }
    return Attestation(
      id: id, subject: subject, claim: claim, scope: scope, text: text, person: person, day: day,
      validity: validity, document: document, place: node.place)
  }

  private func subject(_ reader: inout MappingReader) -> Attestation.Subject? {
    let statement = reader.optional("statement")
    let requirements = reader.optional("requirements")
    let rows = reader.optional("rows")
    guard [statement, requirements, rows].compactMap({ $0 }).count == 1 else {
      log.error(
        "an attestation has one of 'statement', 'requirements' and 'rows'", at: reader.place)
      return nil
    }
    func ids(_ node: Node, _ key: String, _ what: String, _ known: [String]) -> [String]? {
      guard let ids = textsOf(node, key, log) else { return nil }
      if ids.isEmpty { log.error("'\(key)' is empty", at: node.place) }
      for (id, place) in ids where !known.contains(id) {
        log.unknown(what, id, at: place, among: known)
      }
      return ids.map(\.text)
    }
    if let statement {
      guard let id = nonEmptyText(statement, "statement", log) else { return nil }
      let known = library.measures.measures.flatMap(\.statements).map(\.id)
      if !known.contains(id) { log.unknown("statement", id, at: statement.place, among: known) }
      return .statement(id)
    }
    if let requirements {
      return ids(
        requirements, "requirements", "requirement",
        library.security.requirements.map(\.id) + library.system.requirements.map(\.id)
      ).map(Attestation.Subject.requirements)
    }
    return rows.flatMap {
      ids($0, "rows", "row of the directive", library.directive.rows.map(\.id))
    }.map(Attestation.Subject.rows)
  }

  private func document(_ node: Node) -> Attestation.Document? {
    guard var reader = MappingReader(node, "'evidence'", log) else { return nil }
    let file = reader.text("file")
    let hash = reader.required("sha256").flatMap { node -> String? in
      guard let text = node.text, text.utf8.count == 64,
        text.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
      else {
        log.error("'sha256' is 64 lower-case hexadecimal digits", at: node.place)
        return nil
      }
      return text
    }
    reader.finish()
    if let file, file.hasPrefix("/") || file.split(separator: "/").contains("..") {
      log.error(
        "an evidence file lies below the site's folder", at: reader.place(ofKey: "file"),
        suggestion: "copy it there")
    }
    guard let file, let hash else { return nil }
    return Attestation.Document(file: file, sha256: hash)
  }
}
