import RiegelModel

/// The JSON Schema (draft 2020-12) of what `JSONReporter` writes.
///
/// It names what is stable. Members may be added without a new `format`, so unknown ones are no
/// error; closed sets of words come from the model itself.
package enum AuditSchema {
  package static var text: String {
    audit.schema(
      id: "audit:\(Audit.format)", title: "Riegel audit",
      description:
        "One audit of one host: identity, findings with evidence, levels, measures, threats.",
      definitions: definitions)
  }

  private static let audit: JSONShape = .object(
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

  static let parameter: [(String, JSONShape)] = [
    ("name", .text), ("value", .ref("literal")),
    ("source", .words(["rule", "level", "profile", "site", "host", "commandLine"])),
    ("sourceId", .optionalText),
  ]

  /// What documents beside audits refer to as well.
  static let shared: [(String, JSONShape)] = [
    ("localized", .object([("en", .text), ("de", .text)])),
    ("level", .words(SecurityLevel.allCases.map(\.description))),
    ("literal", .any([.text, .list(.ref("literal")), .map(.ref("literal"))])),
    ("waiver", waiver), ("attestation", attestation),
  ]

  private static let definitions: [(String, JSONShape)] = [
    ("localized", .object([("en", .text), ("de", .text)])),
    ("level", .words(SecurityLevel.allCases.map(\.description))),
    ("outcome", .words(Outcome.allCases.map(\.rawValue))),
    ("standing", .words(["refuted", "evidenced", "open"])),
    ("literal", .any([.text, .list(.ref("literal")), .map(.ref("literal"))])),
    ("origin", origin), ("error", error), ("evidence", evidence), ("reason", reason),
    ("finding", finding), ("requirement", requirement), ("foundationLevel", foundationLevel),
    ("measure", measure), ("catalogues", catalogues), ("inventory", inventory),
    ("statement", statement), ("waiver", waiver),
    ("attestation", attestation),
    (
      "threat",
      .object([
        ("id", .text), ("title", .ref("localized")), ("standing", .ref("standing")),
        ("openedBy", .list(.text)), ("rules", .list(.text)),
      ])
    ),
  ]

  private static let origin: JSONShape = .object(
    [("kind", .words(["line", "file", "kernel", "builtIn", "command"])), ("text", .text)],
    optional: [
      ("path", .text), ("pathHex", .hex), ("line", .count), ("program", .text),
      ("command", .text),
    ])

  private static let error: JSONShape = .object(
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

  private static let evidence: JSONShape = .object([
    ("subject", .text), ("field", .text), ("expected", .text),
    // The value; null if it is absent; an error if nobody can tell.
    ("found", .any([.text, .null, .ref("error")])),
    ("verdict", .words(["satisfied", "violated", "undecided"])),
    ("origin", .any([.ref("origin"), .null])),
    ("overrides", .list(.object([("value", .text), ("origin", .ref("origin"))]))),
  ])

  private static let reason: JSONShape = .object(
    [
      (
        "kind",
        .words(["satisfied", "violated", "missing", "doesNotApply", "undecided", "person"])
      )
    ],
    optional: [
      ("count", .count), ("errors", .list(.ref("error"))), ("text", .ref("localized")),
    ])

  private static let finding: JSONShape = .object([
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

  private static let requirement: JSONShape = .object(
    [
      ("id", .text), ("title", .ref("localized")), ("level", .ref("level")),
      ("standing", .ref("standing")), ("rules", .list(.text)),
      ("openBecause", .any([.words(["noRule", "undecided", "notAttested", "accepted"]), .null])),
    ],
    optional: [("notApplicable", .flag), ("note", .ref("localized"))])

  private static let foundationLevel: JSONShape = .object([
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

  private static let measure: JSONShape = .object([
    ("id", .text), ("title", .ref("localized")),
    ("section", .words(Measure.Section.allCases.map(\.rawValue))),
    ("standing", .ref("standing")), ("failed", .list(.text)), ("undecided", .list(.text)),
    ("passed", .count), ("openStatements", .list(.text)),
    ("statements", .list(.ref("statement"))), ("contradicted", .flag),
  ])

  private static let achieved: JSONShape = .object([
    ("catalogue", .text), ("foundation", .text), ("ceiling", .ref("level")),
    ("lifted", .list(.text)), ("limitsCeiling", .list(.ref("requirement"))),
  ])

  static let statementMembers: [(String, JSONShape)] = [
    ("id", .text), ("text", .ref("localized")),
    ("state", .words(StatementStatus.State.allCases.map(\.rawValue))),
    ("until", .optionalText), ("attestation", .optionalText),
  ]

  private static let statement: JSONShape = .object(statementMembers)

  private static let norm: JSONShape = .object([
    ("id", .text), ("title", .ref("localized")), ("contribution", .ref("localized")),
    ("limits", .ref("localized")),
    ("sections", .list(.object([("id", .text), ("title", .ref("localized"))]))),
    ("measures", .list(.text)), ("passed", .count), ("failed", .count), ("undecided", .count),
  ])

  private static let row: JSONShape = .object([
    ("id", .text), ("annex", .count), ("subject", .ref("localized")),
    ("title", .ref("localized")),
    ("state", .words(DirectiveRowStatus.State.allCases.map(\.rawValue))),
    ("rules", .list(.text)), ("attestation", .optionalText), ("needsPerson", .flag),
  ])

  private static let site: JSONShape = .object([
    ("id", .text), ("title", .ref("localized")), ("host", .text), ("zone", .text),
    ("zoneTitle", .ref("localized")), ("essential", .flag),
    ("waivers", .list(.ref("waiver"))), ("attestations", .list(.ref("attestation"))),
  ])

  private static let estimate: JSONShape = .object([
    ("severity", .words(HarmSeverity.allCases.map(\.rawValue))),
    ("probability", .words(HarmProbability.allCases.map(\.rawValue))),
  ])

  private static let place: JSONShape = .object([
    ("file", .text), ("line", .count), ("column", .count),
  ])

  private static let waiver: JSONShape = .object([
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

  private static let attestation: JSONShape = .object([
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
  private static let catalogues: JSONShape = .object([
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

  private static let inventory: JSONShape = .object(
    [
      ("system", .optionalText), ("distribution", .optionalText),
      ("distributionVersion", .optionalText),
      (
        "packages",
        .list(.object([("name", .text), ("version", .text), ("architecture", .text)]))
      ),
    ], optional: [("gap", .ref("error"))])
}
