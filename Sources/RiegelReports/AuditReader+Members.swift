import RiegelModel
import SystemPackage

extension JSONCursor {
  func audit() throws(AuditReader.Failure) -> Audit {
    let host = try self["host"]
    let target = try self["target"]
    guard let startedAt = Instant(try self["startedAt"].string()) else {
      throw .bad(member: "startedAt")
    }
    return Audit(
      toolVersion: try self["tool"]["version"].string(),
      contentHash: try self["content"].string(),
      host: Audit.HostIdentity(
        name: try host["name"].optionalString(),
        machineID: try host["machineId"].optionalString(),
        system: try host["system"].optionalString(),
        kernel: try host["kernel"].optionalString()),
      targetAddress: try target["address"].string(),
      targetKind: try target["kind"].choice(),
      isPrivileged: try self["privileged"].bool(),
      startedAt: startedAt,
      componentType: try self["componentType"].choice(),
      profile: try self["profile"].profile(),
      findings: try self["findings"].array { (item) throws(AuditReader.Failure) in
        try item.finding()
      },
      levels: try self["levels"].array { (item) throws(AuditReader.Failure) in
        try item.foundationLevel()
      },
      achieved: try added("achieved") { (item) throws(AuditReader.Failure) in
        try item.achievedLevel()
      },
      measures: try self["measures"].array { (item) throws(AuditReader.Failure) in
        try item.measure()
      },
      threats: try self["threats"].array { (item) throws(AuditReader.Failure) in
        try item.threat()
      },
      norms: try added("norms") { (item) throws(AuditReader.Failure) in try item.norm() },
      directive: try added("directive") { (item) throws(AuditReader.Failure) in
        try item.directiveRow()
      },
      site: try optional("site")?.siteStatus(),
      catalogues: try optional("catalogues")?.catalogues() ?? CatalogueExtract(),
      inventory: try optional("inventory")?.inventory())
  }

  private func profile() throws(AuditReader.Failure) -> Audit.ProfileInForce {
    var target: [String: SecurityLevel] = [:]
    for (name, cursor) in try self["target"].members() { target[name] = try cursor.level() }
    return Audit.ProfileInForce(
      id: try self["id"].string(), title: try self["title"].localized(),
      isDefault: try self["isDefault"].bool(), target: target)
  }

  private func foundationLevel() throws(AuditReader.Failure) -> FoundationLevel {
    let foundation = try self["foundation"]
    return FoundationLevel(
      foundation: FoundationalRequirement(
        id: try foundation["id"].string(),
        abbreviation: try foundation["abbreviation"].string(),
        title: try foundation["title"].localized()),
      catalogue: try self["catalogue"].string(),
      floor: try self["floor"].level(),
      ceiling: try self["ceiling"].level(),
      target: try self["target"].level(),
      requirements: try self["requirements"].requirements(),
      limitsCeiling: try self["limitsCeiling"].requirements(),
      limitsFloor: try self["limitsFloor"].requirements())
  }

  func requirements() throws(AuditReader.Failure) -> [FoundationLevel.RequirementStanding] {
    try array { (item) throws(AuditReader.Failure) in
      let openBecause = try item["openBecause"]
      return FoundationLevel.RequirementStanding(
        id: try item["id"].string(), title: try item["title"].localized(),
        level: try item["level"].level(), standing: try item["standing"].choice(),
        rules: try item["rules"].strings(),
        openBecause: openBecause.isNull ? nil : try openBecause.choice(),
        isNotApplicable: try item.optional("notApplicable")?.bool() ?? false,
        note: try item.optional("note")?.localized())
    }
  }

  private func measure() throws(AuditReader.Failure) -> MeasureStatus {
    MeasureStatus(
      id: try self["id"].string(), title: try self["title"].localized(),
      section: try self["section"].choice(), standing: try self["standing"].choice(),
      failed: try self["failed"].strings(), undecided: try self["undecided"].strings(),
      passed: try self["passed"].int(), openStatements: try self["openStatements"].strings(),
      statements: try added("statements") { (item) throws(AuditReader.Failure) in
        try item.statement()
      },
      isContradicted: try optional("contradicted")?.bool() ?? false)
  }

  private func threat() throws(AuditReader.Failure) -> ThreatStatus {
    ThreatStatus(
      id: try self["id"].string(), title: try self["title"].localized(),
      standing: try self["standing"].choice(), openedBy: try self["openedBy"].strings(),
      rules: try optional("rules")?.strings() ?? [])
  }
}

extension JSONCursor {
  fileprivate func finding() throws(AuditReader.Failure) -> Finding {
    let iec = try self["iec62443"]
    var outcomeByLevel: [SecurityLevel: Outcome] = [:]
    for (name, cursor) in try self["outcomeByLevel"].members() {
      guard let level = SecurityLevel(name) else { throw cursor.failure }
      outcomeByLevel[level] = try cursor.choice()
    }
    // A finding holds only these members of its rule; what it was decided by is not in the audit.
    let rule = Rule(
      id: try self["rule"].string(), topic: try self["topic"].string(), status: .stable,
      title: try self["title"].localized(), rationale: try self["rationale"].localized(),
      severity: try self["severity"].choice(), decides: try iec["decides"].strings(),
      supports: try iec["supports"].strings(),
      references: try self["references"].array { (item) throws(AuditReader.Failure) in
        Rule.Reference(try item["framework"].string(), try item["ids"].strings())
      },
      when: [], parameters: [], check: .manual(Localized(en: "", de: "")),
      remediation: try self["remediation"].remediation(), examples: [], place: Place(file: ""))
    return Finding(
      rule: rule, outcome: try self["outcome"].choice(), reason: try self["reason"].reason(),
      evidence: try self["evidence"].array { (item) throws(AuditReader.Failure) in
        try item.evidence()
      },
      notes: try self["notes"].array { (item) throws(AuditReader.Failure) in
        Note(
          en: try item["en"].string(), de: try item["de"].string(),
          try item["origin"].optionalOrigin())
      },
      parameters: try self["parameters"].array { (item) throws(AuditReader.Failure) in
        ParameterInForce(
          name: try item["name"].string(), value: try item["value"].literal(),
          source: try item.source())
      },
      outcomeByLevel: outcomeByLevel, waiver: try optional("waiver")?.findingWaiver())
  }

  private func remediation() throws(AuditReader.Failure) -> Remediation {
    Remediation(
      text: try localized(),
      risks: try self["risk"].array { (item) throws(AuditReader.Failure) in try item.choice() },
      effort: try self["effort"].choice())
  }

  private func reason() throws(AuditReader.Failure) -> Reason {
    let kind = try self["kind"]
    switch try kind.string() {
    case "satisfied": return .satisfied
    case "violated": return .violated(try self["count"].int())
    case "missing": return .missing
    case "doesNotApply": return .doesNotApply
    case "undecided":
      return .undecided(
        try self["errors"].array { (item) throws(AuditReader.Failure) in try item.error() })
    case "person": return .person(try self["text"].localized())
    default: throw kind.failure
    }
  }

  private func evidence() throws(AuditReader.Failure) -> Evidence {
    let found = try self["found"]
    let content: Evidence.Found =
      switch found.value {
      case .string(let text): .value(text)
      case .null: .absent
      default: .unknown(try found.error())
      }
    return Evidence(
      subject: try self["subject"].string(), field: try self["field"].string(),
      expected: try self["expected"].string(), found: content,
      origin: try self["origin"].optionalOrigin(),
      overrides: try self["overrides"].array { (item) throws(AuditReader.Failure) in
        Fact.Overridden(try item["value"].string(), try item["origin"].origin())
      },
      verdict: try self["verdict"].choice())
  }

  private func source() throws(AuditReader.Failure) -> Arguments.Source {
    let kind = try self["source"]
    switch try kind.string() {
    case "rule": return .rule
    case "level": return .level(try self["sourceId"].level())
    case "profile": return .profile(try self["sourceId"].string())
    case "site": return .site(try self["sourceId"].string())
    case "host": return .host(try self["sourceId"].string())
    case "commandLine": return .commandLine
    default: throw kind.failure
    }
  }

  private func literal() throws(AuditReader.Failure) -> Literal {
    switch value {
    case .string(let text): return .text(text)
    case .array:
      return .list(try array { (item) throws(AuditReader.Failure) in try item.literal() })
    case .object:
      var entries: [Literal.Entry] = []
      for (name, cursor) in try members() { entries.append(.init(name, try cursor.literal())) }
      return .mapping(entries)
    case .null, .bool, .number: throw failure
    }
  }
}

extension JSONCursor {
  private func optionalOrigin() throws(AuditReader.Failure) -> Origin? {
    isNull ? nil : try origin()
  }

  private func origin() throws(AuditReader.Failure) -> Origin {
    let kind = try self["kind"]
    switch try kind.string() {
    case "line": return .line(try filePath(), try self["line"].int())
    case "file": return .file(try filePath())
    case "kernel": return .kernel(try filePath())
    case "builtIn": return .builtIn(try self["program"].string())
    case "command": return .command(try self["command"].string())
    default: throw kind.failure
    }
  }

  func error() throws(AuditReader.Failure) -> TargetError {
    let kind = try self["kind"]
    let path = try filePath()
    switch try kind.string() {
    case "permissionDenied": return .permissionDenied(path)
    case "notCollected": return .notCollected(path)
    case "io":
      guard let errno = Int32(exactly: try self["errno"].int()) else { throw failure }
      return .io(path, errno: errno)
    case "tooLarge": return .tooLarge(path, limit: try self["limit"].int())
    case "notRegular": return .notRegular(path)
    case "tooManyLinks": return .tooManyLinks(path)
    case "malformed":
      return .malformed(path, line: try self["line"].int(), try self["text"].string())
    case "undetermined": return .undetermined(path, try self["text"].localized())
    case "remote": return .remote(path, try self["text"].localized())
    default: throw kind.failure
    }
  }

  private func filePath() throws(AuditReader.Failure) -> FilePath {
    guard case .object(let members) = value, members.contains(where: { $0.name == "pathHex" })
    else { return FilePath(try self["path"].string()) }
    let cursor = try self["pathHex"]
    let digits = Array(try cursor.string().utf8)
    guard digits.count.isMultiple(of: 2) else { throw cursor.failure }
    var bytes: [CInterop.PlatformChar] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      let pair = String(decoding: digits[index...index + 1], as: UTF8.self)
      guard let byte = UInt8(pair, radix: 16), byte != 0 else { throw cursor.failure }
      bytes.append(CInterop.PlatformChar(bitPattern: byte))
    }
    return FilePath(platformString: bytes + [0])
  }
}
