import RiegelModel

/// The JSON Schema (draft 2020-12) of what `JSONReporter` writes.
///
/// It names what is stable. Members may be added without a new `format`, so unknown ones are no
/// error; closed sets of words come from the model itself.
package enum AuditSchema {
  package static var text: String {
    var writer = JSONWriter()
    writer.object {
      $0.member("$schema", "https://json-schema.org/draft/2020-12/schema")
      $0.member("$id", "urn:riegel:audit:\(Audit.format)")
      $0.member("title", "Riegel audit")
      $0.member(
        "description",
        "One audit of one host: identity, findings with evidence, levels, measures, threats.")
      audit.members(in: &$0)
      $0.object("$defs") { writer in
        for (name, shape) in definitions {
          writer.object(name) { shape.members(in: &$0) }
        }
      }
    }
    writer.end()
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  private static let audit: Shape = .object(
    [
      ("format", .constant(Audit.format)),
      ("tool", .object([("name", .words(["riegel"])), ("version", .text)])),
      ("content", .text),
      (
        "host",
        .object([
          ("name", .optionalText), ("machineId", .optionalText), ("system", .optionalText),
          ("kernel", .optionalText),
        ])
      ),
      (
        "target",
        .object([("address", .text), ("kind", .words(["live", "directory", "archive", "memory"]))])
      ),
      ("privileged", .flag),
      ("startedAt", .moment),
      (
        "profile",
        .object([
          ("id", .text), ("title", .ref("localized")), ("isDefault", .flag),
          ("target", .map(.ref("level"))),
        ])
      ),
      ("componentType", .words(ComponentType.allCases.map(\.rawValue))),
      (
        "summary",
        .object(
          [("rules", .count)] + Outcome.allCases.map { ($0.rawValue, .count) } + [
            ("failedBySeverity", .object(Severity.allCases.map { ($0.rawValue, .count) }))
          ])
      ),
      ("parameters", .list(.object([("rule", .text)] + parameter))),
      ("findings", .list(.ref("finding"))),
      ("levels", .list(.ref("foundationLevel"))), ("achieved", .list(achieved)),
      ("measures", .list(.ref("measure"))),
      ("threats", .list(.ref("threat"))), ("norms", .list(norm)), ("directive", .list(row)),
      ("site", .any([.null, site])),
      ("catalogues", .ref("catalogues")),
    ], optional: [("inventory", .ref("inventory"))])

  private static let parameter: [(String, Shape)] = [
    ("name", .text), ("value", .ref("literal")),
    ("source", .words(["rule", "level", "profile", "site", "host", "commandLine"])),
    ("sourceId", .optionalText),
  ]

  private static let definitions: [(String, Shape)] = [
    ("localized", .object([("en", .text), ("de", .text)])),
    ("level", .words(SecurityLevel.allCases.map(\.description))),
    ("outcome", .words(Outcome.allCases.map(\.rawValue))),
    ("standing", .words(["refuted", "evidenced", "open"])),
    ("literal", .any([.text, .list(.ref("literal")), .map(.ref("literal"))])),
    ("origin", origin), ("error", error), ("evidence", evidence), ("reason", reason),
    ("finding", finding), ("requirement", requirement), ("foundationLevel", foundationLevel),
    ("measure", measure), ("catalogues", catalogues), ("inventory", inventory),
    ("measure", measure), ("statement", statement), ("waiver", waiver),
    ("attestation", attestation),
    (
      "threat",
      .object([
        ("id", .text), ("title", .ref("localized")), ("standing", .ref("standing")),
        ("openedBy", .list(.text)), ("rules", .list(.text)),
      ])
    ),
  ]

  private static let origin: Shape = .object(
    [("kind", .words(["line", "file", "kernel", "builtIn", "command"])), ("text", .text)],
    optional: [
      ("path", .text), ("pathHex", .hex), ("line", .count), ("program", .text),
      ("command", .text),
    ])

  private static let error: Shape = .object(
    [
      (
        "kind",
        .words([
          "permissionDenied", "notCollected", "io", "tooLarge", "notRegular", "tooManyLinks",
          "malformed", "undetermined", "remote",
        ])
      ), ("path", .text),
    ],
    optional: [
      ("pathHex", .hex), ("errno", .count), ("limit", .count), ("line", .count),
      ("text", .any([.text, .ref("localized")])),
    ])

  private static let evidence: Shape = .object([
    ("subject", .text), ("field", .text), ("expected", .text),
    // The value; null if it is absent; an error if nobody can tell.
    ("found", .any([.text, .null, .ref("error")])),
    ("verdict", .words(["satisfied", "violated", "undecided"])),
    ("origin", .any([.ref("origin"), .null])),
    ("overrides", .list(.object([("value", .text), ("origin", .ref("origin"))]))),
  ])

  private static let reason: Shape = .object(
    [
      (
        "kind",
        .words(["satisfied", "violated", "missing", "doesNotApply", "undecided", "person"])
      )
    ],
    optional: [
      ("count", .count), ("errors", .list(.ref("error"))), ("text", .ref("localized")),
    ])

  private static let finding: Shape = .object([
    ("rule", .text), ("topic", .text),
    ("severity", .words(Severity.allCases.map(\.rawValue))), ("title", .ref("localized")),
    ("outcome", .ref("outcome")), ("reason", .ref("reason")),
    ("evidence", .list(.ref("evidence"))),
    (
      "notes",
      .list(
        .object([("en", .text), ("de", .text), ("origin", .any([.ref("origin"), .null]))]))
    ),
    ("rationale", .ref("localized")),
    (
      "remediation",
      .object([
        ("en", .text), ("de", .text),
        ("risk", .list(.words(Remediation.Risk.allCases.map(\.rawValue)))),
        ("effort", .words(Remediation.Effort.allCases.map(\.rawValue))),
      ])
    ),
    ("references", .list(.object([("framework", .text), ("ids", .list(.text))]))),
    (
      "waiver",
      .any([
        .null,
        .object([
          ("waivers", .list(.text)), ("whole", .flag), ("compensated", .flag),
          ("expires", .text),
        ]),
      ])
    ),
    ("iec62443", .object([("decides", .list(.text)), ("supports", .list(.text))])),
    ("parameters", .list(.object(parameter))),
    ("outcomeByLevel", .map(.ref("outcome"))),
  ])

  private static let requirement: Shape = .object(
    [
      ("id", .text), ("title", .ref("localized")), ("level", .ref("level")),
      ("standing", .ref("standing")), ("rules", .list(.text)),
      ("openBecause", .any([.words(["noRule", "undecided", "notAttested", "accepted"]), .null])),
    ],
    optional: [("notApplicable", .flag), ("note", .ref("localized"))])

  private static let foundationLevel: Shape = .object([
    ("catalogue", .text),
    (
      "foundation",
      .object([("id", .text), ("abbreviation", .text), ("title", .ref("localized"))])
    ),
    ("floor", .ref("level")), ("ceiling", .ref("level")), ("target", .ref("level")),
    ("refuted", .list(.text)), ("evidenced", .list(.text)), ("open", .list(.text)),
    ("limitsCeiling", .list(.ref("requirement"))), ("limitsFloor", .list(.ref("requirement"))),
    ("requirements", .list(.ref("requirement"))),
  ])

  private static let measure: Shape = .object([
    ("id", .text), ("title", .ref("localized")),
    ("section", .words(Measure.Section.allCases.map(\.rawValue))),
    ("standing", .ref("standing")), ("failed", .list(.text)), ("undecided", .list(.text)),
    ("passed", .count), ("openStatements", .list(.text)),
    ("statements", .list(.ref("statement"))), ("contradicted", .flag),
  ])

  private static let achieved: Shape = .object([
    ("catalogue", .text), ("foundation", .text), ("ceiling", .ref("level")),
    ("lifted", .list(.text)), ("limitsCeiling", .list(.ref("requirement"))),
  ])

  private static let statement: Shape = .object([
    ("id", .text), ("text", .ref("localized")),
    ("state", .words(StatementStatus.State.allCases.map(\.rawValue))),
    ("until", .optionalText), ("attestation", .optionalText),
  ])

  private static let norm: Shape = .object([
    ("id", .text), ("title", .ref("localized")), ("contribution", .ref("localized")),
    ("limits", .ref("localized")),
    ("sections", .list(.object([("id", .text), ("title", .ref("localized"))]))),
    ("measures", .list(.text)), ("passed", .count), ("failed", .count), ("undecided", .count),
  ])

  private static let row: Shape = .object([
    ("id", .text), ("annex", .count), ("subject", .ref("localized")),
    ("title", .ref("localized")),
    ("state", .words(DirectiveRowStatus.State.allCases.map(\.rawValue))),
    ("rules", .list(.text)), ("attestation", .optionalText), ("needsPerson", .flag),
  ])

  private static let site: Shape = .object([
    ("id", .text), ("title", .ref("localized")), ("host", .text), ("zone", .text),
    ("zoneTitle", .ref("localized")), ("essential", .flag),
    ("waivers", .list(.ref("waiver"))), ("attestations", .list(.ref("attestation"))),
  ])

  private static let estimate: Shape = .object([
    ("severity", .words(HarmSeverity.allCases.map(\.rawValue))),
    ("probability", .words(HarmProbability.allCases.map(\.rawValue))),
  ])

  private static let place: Shape = .object([
    ("file", .text), ("line", .count), ("column", .count),
  ])

  private static let waiver: Shape = .object([
    ("id", .text), ("rule", .text), ("hosts", .list(.text)), ("zones", .list(.text)),
    ("finding", .optionalText), ("reason", .ref("localized")), ("hazard", .ref("localized")),
    ("hazardousSituation", .ref("localized")), ("harm", .ref("localized")),
    ("initialRisk", estimate), ("residualRisk", estimate),
    ("riskControlMeasures", .list(.ref("localized"))), ("owner", .text), ("approver", .text),
    ("approved", .text), ("expires", .text), ("place", place),
    ("state", .words(Waiver.State.allCases.map(\.rawValue))),
    ("concerns", .list(.words(WaiverStatus.Concern.allCases.map(\.rawValue)))),
    ("covers", .list(.object([("host", .text), ("subjects", .list(.text))]))),
  ])

  private static let attestation: Shape = .object([
    ("id", .text), ("about", .words(["statement", "requirements", "rows"])),
    ("ids", .list(.text)), ("claim", .words(Attestation.Claim.allCases.map(\.rawValue))),
    ("hosts", .list(.text)), ("zones", .list(.text)), ("text", .ref("localized")),
    ("person", .text), ("day", .text), ("validFor", .text), ("until", .text),
    ("document", .object([("file", .text), ("sha256", .text)])), ("place", place),
    ("state", .words(Attestation.State.allCases.map(\.rawValue))),
    ("contradictedBy", .list(.text)),
  ])
}

extension AuditSchema {
  private static let catalogues: Shape = .object([
    ("standards", .list(.object([("id", .text), ("name", .text)]))),
    (
      "topics",
      .list(.object([("id", .text), ("title", .ref("localized")), ("measure", .text)]))
    ),
    (
      "statements",
      .list(
        .object([
          ("id", .text), ("measure", .text), ("statement", .ref("localized")),
          ("evidence", .ref("localized")), ("validityMonths", .count),
        ]))
    ),
    ("directive", .ref("localized")),
  ])

  private static let inventory: Shape = .object(
    [
      ("system", .optionalText), ("distribution", .optionalText),
      ("distributionVersion", .optionalText),
      (
        "packages",
        .list(.object([("name", .text), ("version", .text), ("architecture", .text)]))
      ),
    ], optional: [("gap", .ref("error"))])
}

/// What a member may hold, in the few forms that an audit needs.
private indirect enum Shape: Sendable {
  case anything, null, text, optionalText, flag, count, moment, hex
  case constant(Int)
  case words([String])
  case ref(String)
  case list(Shape)
  case map(Shape)
  case any([Shape])
  case object([(String, Shape)], optional: [(String, Shape)] = [])

  func members(in writer: inout JSONWriter) {
    switch self {
    case .anything: break
    case .null: writer.member("type", "null")
    case .text: writer.member("type", "string")
    case .optionalText: writer.member("type", ["string", "null"])
    case .flag: writer.member("type", "boolean")
    case .count:
      writer.member("type", "integer")
      writer.member("minimum", 0)
    case .moment:
      writer.member("type", "string")
      writer.member("format", "date-time")
    case .hex:
      writer.member("type", "string")
      writer.member("pattern", "^([0-9a-f]{2})+$")
    case .constant(let number): writer.member("const", number)
    case .words(let words): writer.member("enum", words)
    case .ref(let name): writer.member("$ref", "#/$defs/\(name)")
    case .list(let item):
      writer.member("type", "array")
      writer.object("items") { item.members(in: &$0) }
    case .map(let value):
      writer.member("type", "object")
      writer.object("additionalProperties") { value.members(in: &$0) }
    case .any(let shapes):
      writer.array("anyOf", shapes) { writer, shape in
        writer.object { shape.members(in: &$0) }
      }
    case .object(let required, let optional):
      writer.member("type", "object")
      writer.member("required", required.map(\.0))
      writer.object("properties") { writer in
        for (name, shape) in required + optional {
          writer.object(name) { shape.members(in: &$0) }
        }
      }
    }
  }
}
