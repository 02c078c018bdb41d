package import RiegelModel
import SystemPackage

/// The audit itself: the canonical report, from which `AuditReader` gets the same audit back.
///
/// Some members can be worked out from others (`summary`, `parameters`, the lists of ids in
/// `levels`): they spare whoever reads it with `jq` the work, and the reader passes over them.
package struct JSONReporter: Reporter {
  package static let name = "json"
  package static let summary = Localized(
    en: "the whole audit as JSON: the canonical report, for machines and archives",
    de: "die ganze Prüfung als JSON: der maßgebliche Bericht, für Maschinen und Archive")

  package init() {}

  package func render(_ audit: Audit, _ options: ReportOptions) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { $0.members(of: audit) }
    writer.end()
    return writer.bytes
  }
}

extension JSONWriter {
  fileprivate mutating func members(of audit: Audit) {
    member("format", Audit.format)
    object("tool") {
      $0.member("name", "riegel")
      $0.member("version", audit.toolVersion)
    }
    member("content", audit.contentHash)
    object("host") {
      $0.member("name", audit.host.name)
      $0.member("machineId", audit.host.machineID)
      $0.member("system", audit.host.system)
      $0.member("kernel", audit.host.kernel)
    }
    object("target") {
      $0.member("address", audit.targetAddress)
      $0.member("kind", audit.targetKind.rawValue)
    }
    member("privileged", audit.isPrivileged)
    member("startedAt", audit.startedAt.description)
    object("profile") {
      $0.member("id", audit.profile.id)
      $0.member("title", audit.profile.title)
      $0.member("isDefault", audit.profile.isDefault)
      $0.object("target") {
        for (key, level) in audit.profile.target.sorted(by: { $0.key < $1.key }) {
          $0.member(key, level.description)
        }
      }
    }
    member("componentType", audit.componentType.rawValue)
    summary(of: audit)
    key("parameters")
    array { writer in
      for finding in audit.findings {
        for parameter in finding.parameters where parameter.source.isOwners {
          writer.object {
            $0.member("rule", finding.rule)
            $0.members(of: parameter)
          }
        }
      }
    }
    array("findings", audit.findings) { writer, finding in
      writer.object { $0.members(of: finding) }
    }
    array("levels", audit.levels) { writer, level in writer.object { $0.members(of: level) } }
    array("achieved", audit.achieved) { writer, level in
      writer.object { $0.members(of: level) }
    }
    array("measures", audit.measures) { writer, measure in
      writer.object { $0.members(of: measure) }
    }
    array("threats", audit.threats) { writer, threat in writer.object { $0.members(of: threat) } }
    array("norms", audit.norms) { writer, norm in writer.object { $0.members(of: norm) } }
    array("directive", audit.directive) { writer, row in writer.object { $0.members(of: row) } }
    key("site")
    if let site = audit.site { object { $0.members(of: site) } } else { null() }
    object("catalogues") { $0.members(of: audit.catalogues) }
    if let inventory = audit.inventory { object("inventory") { $0.members(of: inventory) } }
  }

  private mutating func summary(of audit: Audit) {
    object("summary") {
      $0.member("rules", audit.findings.count)
      for outcome in Outcome.allCases { $0.member(outcome.rawValue, audit.count(outcome)) }
      $0.object("failedBySeverity") {
        for severity in Severity.allCases {
          $0.member(
            severity.rawValue,
            audit.findings.count { $0.outcome == .fail && $0.severity == severity })
        }
      }
    }
  }

  private mutating func members(of level: FoundationLevel) {
    member("catalogue", level.catalogue)
    object("foundation") {
      $0.member("id", level.foundation.id)
      $0.member("abbreviation", level.foundation.abbreviation)
      $0.member("title", level.foundation.title)
    }
    member("floor", level.floor.description)
    member("ceiling", level.ceiling.description)
    member("target", level.target.description)
    for standing in [Standing.refuted, .evidenced, .open] {
      member(
        standing.rawValue, level.requirements.filter { $0.standing == standing }.map(\.id))
    }
    requirements("limitsCeiling", level.limitsCeiling)
    requirements("limitsFloor", level.limitsFloor)
    requirements("requirements", level.requirements)
  }

  mutating func requirements(
    _ name: String, _ requirements: [FoundationLevel.RequirementStanding]
  ) {
    array(name, requirements) { writer, requirement in
      writer.object {
        $0.member("id", requirement.id)
        $0.member("title", requirement.title)
        $0.member("level", requirement.level.description)
        $0.member("standing", requirement.standing.rawValue)
        $0.member("rules", requirement.rules)
        $0.member("openBecause", requirement.openBecause?.rawValue)
        if requirement.isNotApplicable { $0.member("notApplicable", true) }
        if let note = requirement.note { $0.member("note", note) }
      }
    }
  }

  private mutating func members(of measure: MeasureStatus) {
    member("id", measure.id)
    member("title", measure.title)
    member("section", measure.section.rawValue)
    member("standing", measure.standing.rawValue)
    member("failed", measure.failed)
    member("undecided", measure.undecided)
    member("passed", measure.passed)
    member("openStatements", measure.openStatements)
    array("statements", measure.statements) { writer, status in
      writer.object { $0.members(of: status) }
    }
    member("contradicted", measure.isContradicted)
  }

  private mutating func members(of threat: ThreatStatus) {
    member("id", threat.id)
    member("title", threat.title)
    member("standing", threat.standing.rawValue)
    member("openedBy", threat.openedBy)
    member("rules", threat.rules)
  }
}

extension JSONWriter {
  fileprivate mutating func members(of finding: Finding) {
    member("rule", finding.rule)
    member("topic", finding.topic)
    member("severity", finding.severity.rawValue)
    member("title", finding.title)
    member("outcome", finding.outcome.rawValue)
    object("reason") { $0.members(of: finding.reason) }
    array("evidence", finding.evidence) { writer, evidence in
      writer.object { $0.members(of: evidence) }
    }
    array("notes", finding.notes) { writer, note in
      writer.object {
        $0.member("en", note.text.en)
        $0.member("de", note.text.de)
        $0.member("origin", note.origin)
      }
    }
    member("rationale", finding.rationale)
    object("remediation") {
      $0.member("en", finding.remediation.text.en)
      $0.member("de", finding.remediation.text.de)
      $0.member("risk", finding.remediation.risks.map(\.rawValue))
      $0.member("effort", finding.remediation.effort.rawValue)
    }
    array("references", finding.references) { writer, reference in
      writer.object {
        $0.member("framework", reference.framework)
        $0.member("ids", reference.ids)
      }
    }
    key("waiver")
    if let waiver = finding.waiver { object { $0.members(of: waiver) } } else { null() }
    object("iec62443") {
      $0.member("decides", finding.decides)
      $0.member("supports", finding.supports)
    }
    array("parameters", finding.parameters) { writer, parameter in
      writer.object { $0.members(of: parameter) }
    }
    object("outcomeByLevel") {
      for (level, outcome) in finding.outcomeByLevel.sorted(by: { $0.key < $1.key }) {
        $0.member(level.description, outcome.rawValue)
      }
    }
  }

  private mutating func members(of reason: Reason) {
    switch reason {
    case .satisfied: member("kind", "satisfied")
    case .violated(let count):
      member("kind", "violated")
      member("count", count)
    case .missing: member("kind", "missing")
    case .doesNotApply: member("kind", "doesNotApply")
    case .undecided(let errors):
      member("kind", "undecided")
      array("errors", errors) { writer, error in writer.object { $0.members(of: error) } }
    case .person(let text):
      member("kind", "person")
      member("text", text)
    }
  }

  private mutating func members(of evidence: Evidence) {
    member("subject", evidence.subject)
    member("field", evidence.field)
    member("expected", evidence.expected)
    switch evidence.found {
    case .value(let value): member("found", value)
    case .absent: member("found", String?.none)
    case .unknown(let error): object("found") { $0.members(of: error) }
    }
    member("verdict", evidence.verdict.rawValue)
    member("origin", evidence.origin)
    array("overrides", evidence.overrides) { writer, overridden in
      writer.object {
        $0.member("value", overridden.value)
        $0.member("origin", overridden.origin)
      }
    }
  }

  mutating func members(of parameter: ParameterInForce) {
    member("name", parameter.name)
    key("value")
    literal(parameter.value)
    member("source", parameter.source.kind)
    member("sourceId", parameter.source.id)
  }

  private mutating func literal(_ literal: Literal) {
    switch literal {
    case .text(let text): string(text)
    case .list(let items):
      if let texts = literal.texts {
        strings(texts)
      } else {
        array(items) { writer, item in writer.literal(item) }
      }
    case .mapping(let entries):
      object { writer in
        for entry in entries {
          writer.key(entry.key)
          writer.literal(entry.value)
        }
      }
    }
  }
}

extension JSONWriter {
  mutating func member(_ name: String, _ text: Localized) {
    object(name) {
      $0.member("en", text.en)
      $0.member("de", text.de)
    }
  }

  fileprivate mutating func member(_ name: String, _ origin: Origin?) {
    guard let origin else { return member(name, String?.none) }
    object(name) {
      switch origin {
      case .line(let path, let line):
        $0.member("kind", "line")
        $0.member("text", origin.description)
        $0.members(of: path)
        $0.member("line", line)
      case .file(let path):
        $0.member("kind", "file")
        $0.member("text", origin.description)
        $0.members(of: path)
      case .kernel(let path):
        $0.member("kind", "kernel")
        $0.member("text", origin.description)
        $0.members(of: path)
      case .builtIn(let program):
        $0.member("kind", "builtIn")
        $0.member("text", origin.description)
        $0.member("program", program)
      case .command(let line):
        $0.member("kind", "command")
        $0.member("text", origin.description)
        $0.member("command", line)
      }
    }
  }

  mutating func members(of error: TargetError) {
    member("kind", error.kind)
    members(of: error.path)
    switch error {
    case .permissionDenied, .notCollected, .notRegular, .tooManyLinks: break
    case .io(_, let errno): member("errno", Int(errno))
    case .tooLarge(_, let limit): member("limit", limit)
    case .malformed(_, let line, let text):
      member("line", line)
      member("text", text)
    case .undetermined(_, let text), .remote(_, let text): member("text", text)
    }
  }

  /// A path as people read it; where its bytes are not UTF-8, also in hexadecimal digits, because
  /// the readable form cannot be turned back.
  fileprivate mutating func members(of path: FilePath) {
    member("path", printable(path))
    let bytes = path.bytes
    if String(validating: bytes, as: UTF8.self) == nil {
      member("pathHex", bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    }
  }
}

extension FilePath {
  var bytes: [UInt8] {
    withPlatformString { pointer in
      var bytes: [UInt8] = []
      var at = pointer
      while at.pointee != 0 {
        bytes.append(UInt8(bitPattern: at.pointee))
        at += 1
      }
      return bytes
    }
  }
}

extension TargetError {
  /// The case's name, as the JSON report and groups of undecided findings use it.
  var kind: String {
    switch self {
    case .permissionDenied: "permissionDenied"
    case .notCollected: "notCollected"
    case .io: "io"
    case .tooLarge: "tooLarge"
    case .notRegular: "notRegular"
    case .tooManyLinks: "tooManyLinks"
    case .malformed: "malformed"
    case .undetermined: "undetermined"
    case .remote: "remote"
    }
  }
}

extension Arguments.Source {
  var kind: String {
    switch self {
    case .rule: "rule"
    case .level: "level"
    case .profile: "profile"
    case .site: "site"
    case .host: "host"
    case .commandLine: "commandLine"
    }
  }

  var id: String? {
    switch self {
    case .rule, .commandLine: nil
    case .level(let level): level.description
    case .profile(let id), .site(let id), .host(let id): id
    }
  }

  /// Whether somebody decided on the value, rather than the rule or the level aimed at.
  var isOwners: Bool {
    switch self {
    case .rule, .level: false
    case .profile, .site, .host, .commandLine: true
    }
  }
}
