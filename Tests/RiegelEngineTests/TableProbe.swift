import RiegelEngine
import RiegelModel
import SystemPackage

/// A probe for tests: a file of rows such as `name=a size=3 mode=0640 items=x,y`.
///
/// `size=?` is a value that nobody could read, `size=!` one that was not captured, a line `gap` is
/// something that could not be seen at all, `missing` something not captured.
struct TableProbe: Probe {
  static let name = "table"
  static let summary = "Rows of a file."
  static let fields: [Field] = [
    .text("name", "The name."), .number("size", "The size."), .mode("mode", "The mode."),
    .list("items", "The items."), .text("set", "Where it is set."),
  ]
  static let keys: [Key<Self>] = [.subject(\.path, "The file.")]
  static let reads = ["/table"]

  var path = ""

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let path = FilePath(path)
    var observation = Observation()
    for line in try host.lines(of: path) ?? [] {
      if line.text == "gap" {
        observation.gaps.append(.permissionDenied(path))
        continue
      }
      if line.text == "missing" {
        observation.gaps.append(.notCollected(path))
        continue
      }
      var row = Row("", [:])
      for pair in line.text.split(separator: " ") {
        let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
        var fact = Fact.text(parts[1], .line(path, line.number))
        if parts[1] == "?" {
          fact = .unknown(.permissionDenied(path))
        } else if parts[1] == "!" {
          fact = .unknown(.notCollected(path))
        } else if parts[0] == "size", let size = Int(parts[1]) {
          fact = .number(size, .line(path, line.number))
        } else if parts[0] == "mode", let mode = UInt16(parts[1], radix: 8) {
          fact = .known(.mode(mode), .line(path, line.number))
        } else if parts[0] == "items" {
          fact = .list(parts[1].split(separator: ",").map(String.init), .line(path, line.number))
        } else if parts[1] == "default" {
          fact = .text("default", .builtIn("test 1.0"))
        }
        if parts[0] == "name" { row.subject = parts[1] }
        row.facts[parts[0]] = fact
      }
      observation.rows.append(row)
    }
    return observation
  }
}

/// A walking probe for tests.
struct TreeProbe: WalkingProbe {
  static let name = "tree"
  static let summary = "Files below a folder."
  static let fields: [Field] = [
    .text("path", "The path."), .choice("type", ["file", "directory"], "The type."),
    .mode("mode", "The mode."), .number("length", "The length of the path."),
  ]
  static let keys: [Key<Self>] = [
    .subject(\.root, "The folder."), .options("exclude", \.excluded, "Globs."),
  ]
  static let reads: [String] = []

  var root = ""
  var excluded: [String] = []

  var question: WalkQuestion { WalkQuestion(roots: [FilePath(root)], excluded: excluded) }

  func quickAnswer(to condition: Condition) -> QuickAnswer {
    let now = Instant(seconds: 0)
    let answer: @Sendable (FileMetadata.Kind?, UInt16?) -> Bool? = { kind, mode in
      var answer: Bool? = true
      for clause in condition.clauses {
        var value: Value?
        if clause.field.name == "mode", let mode { value = .mode(mode) }
        if clause.field.name == "type", let kind { value = .text(kind.rawValue) }
        switch value.map({ clause.truth(of: .known($0), now: now) }) {
        case .fails?: return false
        case .holds?: break
        default: answer = nil
        }
      }
      return answer
    }
    return QuickAnswer(
      byKind: FileMetadata.Kind.allCases.map { answer($0, nil) },
      byMode: (0...0o7777).map { answer(nil, $0) },
      byEntry: { _ in { answer($0.metadata.kind, $0.metadata.mode) } })
  }

  func row(for hit: WalkHit, on host: Host) -> Row {
    Row(
      printable(hit.path),
      [
        "path": .text(printable(hit.path), .file(hit.path)),
        "type": .text(hit.metadata.kind.rawValue, .file(hit.path)),
        "mode": .known(.mode(hit.metadata.mode), .file(hit.path)),
        "length": .number(printable(hit.path).count, .file(hit.path)),
      ])
  }
}

let testProbes = [ProbeDeclaration(TableProbe.self), ProbeDeclaration(TreeProbe.self)]

/// Shorthand for building rules in code.
enum Build {
  static let place = Place(file: "test.yaml", line: 1, column: 1)

  static func matcher(_ field: String?, _ comparison: Comparison, _ operand: Literal) -> Matcher {
    Matcher([.init(field: field, comparison, operand, at: place)])
  }

  static func table(
    _ quantifier: Assertion.Quantifier, where filter: Matcher? = nil,
    missing: Assertion.Missing? = nil, path: String = "/table"
  ) -> Check {
    .assertion(
      Assertion(
        source: .probe("table"), arguments: [.init(nil, .text(path), at: place)], filter: filter,
        quantifier: quantifier, missing: missing, place: place))
  }

  static func tree(
    _ root: String, _ quantifier: Assertion.Quantifier, where filter: Matcher? = nil,
    exclude: [String] = []
  ) -> Check {
    .assertion(
      Assertion(
        source: .probe("tree"),
        arguments: [
          .init(nil, .text(root), at: place),
          .init("exclude", .list(exclude.map(Literal.text)), at: place),
        ], filter: filter, quantifier: quantifier, place: place))
  }

  static func rule(
    _ check: Check, id: String = "test-rule", topic: String = "accounts", when: [Check] = [],
    parameters: [Parameter] = [], severity: Severity = .high, decides: [String] = [],
    supports: [String] = [], status: Rule.Status = .stable
  ) -> Rule {
    Rule(
      id: id, topic: topic, status: status, title: Localized(en: "T", de: "T"),
      rationale: Localized(en: "R", de: "R"), severity: severity, decides: decides,
      supports: supports, references: [], when: when, parameters: parameters, check: check,
      remediation: Remediation(text: Localized(en: "F", de: "F"), risks: [], effort: .small),
      examples: [], place: place)
  }

  /// Judges a rule on a table, or on a whole tree.
  static func finding(
    _ rule: Rule, table: String? = nil, files: [FilePath: MemoryTarget.Node] = [:],
    level: SecurityLevel = .sl0
  ) throws -> Finding {
    var files = files
    if let table { files["/table"] = .file(table) }
    let selection = Selection(
      profile: .init(
        id: "p", title: Localized(en: "P", de: "P"), isDefault: false, target: [:]),
      items: [.init(rule: rule, arguments: Arguments(at: level, of: rule))])
    let plan = try Plan(selection, probes: testProbes)
    let findings = Auditor(plan).run(on: Host(MemoryTarget(files)))
    return findings[0]
  }
}
