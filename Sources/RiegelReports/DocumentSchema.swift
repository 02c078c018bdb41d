package import RiegelModel

/// The JSON Schemas of what is written beside audits: zones of a site, plans and lists. Each is
/// named as the `kind` of its document says.
package enum DocumentSchema: String, Sendable, CaseIterable {
  case siteAudit = "site-audit"
  case levelPlan = "level-plan"
  case riskAcceptanceList = "risk-acceptance-list"
  case statements

  package var text: String {
    shape.schema(
      id: "\(rawValue):\(format)", title: "Riegel \(title)", description: description,
      definitions: AuditSchema.shared)
  }

  private var format: Int { self == .levelPlan ? LevelPlan.format : SiteAudit.format }

  private var title: String {
    switch self {
    case .siteAudit: "site audit"
    case .levelPlan: "level plan"
    case .riskAcceptanceList: "risk acceptance list"
    case .statements: "statements"
    }
  }

  private var description: String {
    switch self {
    case .siteAudit:
      "The zones of a site with the levels of each and the hosts that limit them."
    case .levelPlan: "The fixes and statements that lift a host to a security level."
    case .riskAcceptanceList: "The accepted risks of a site, in the vocabulary of ISO 14971."
    case .statements: "What measures ask persons to state, and what became of it."
    }
  }

  private var head: [(String, JSONShape)] {
    [("format", .constant(format)), ("kind", .words([rawValue]))]
  }

  private var shape: JSONShape {
    switch self {
    case .siteAudit: .object(head + DocumentSchema.site)
    case .levelPlan: .object(head + DocumentSchema.plan)
    case .riskAcceptanceList:
      .object(
        head + [
          ("site", .ref("localized")), ("moment", .moment), ("waivers", .list(.ref("waiver"))),
        ])
    case .statements:
      .object(
        head + [
          (
            "statements", .list(.object([("measure", .text)] + AuditSchema.statementMembers))
          ),
          ("attestations", .list(.ref("attestation"))), ("due", .count),
        ])
    }
  }

  private static let limits: JSONShape = .list(
    .object([("host", .text), ("requirements", .list(.text))]))

  private static let zone: JSONShape = .object([
    ("id", .text), ("title", .ref("localized")), ("hosts", .list(.text)),
    ("notAudited", .list(.text)),
    (
      "levels",
      .list(
        .object([
          ("catalogue", .text), ("foundation", .text), ("abbreviation", .text),
          ("target", .ref("level")), ("floor", .ref("level")), ("ceiling", .ref("level")),
          ("achieved", .ref("level")), ("limitsFloor", limits), ("limitsCeiling", limits),
        ]))
    ),
  ])

  private static let host: JSONShape = .object([
    ("host", .optionalText), ("zone", .optionalText), ("target", .text), ("startedAt", .moment),
    ("profile", .text), ("outcomes", .object(Outcome.allCases.map { ($0.rawValue, .count) })),
    ("accepted", .count),
  ])

  private static let site: [(String, JSONShape)] = [
    ("tool", .object([("name", .words(["riegel"])), ("version", .text)])), ("content", .text),
    ("moment", .moment), ("site", .object([("id", .text), ("title", .ref("localized"))])),
    ("zones", .list(zone)), ("hosts", .list(host)), ("waivers", .list(.ref("waiver"))),
    ("attestations", .list(.ref("attestation"))),
  ]

  private static let interval: JSONShape = .object([
    ("floor", .ref("level")), ("ceiling", .ref("level")),
  ])

  private static let gain: JSONShape = .object([
    ("foundation", .text), ("before", interval), ("after", interval),
  ])

  private static let step: JSONShape = .object(
    [
      ("action", .words(LevelPlan.Step.Action.allCases.map(\.rawValue))), ("id", .text),
      ("title", .ref("localized")),
      ("severity", .any([.words(Severity.allCases.map(\.rawValue)), .null])),
      ("settings", .list(.object(AuditSchema.parameter))), ("requirements", .list(.text)),
      ("raises", .list(gain)), ("accepted", .flag),
    ],
    optional: [
      (
        "remediation",
        .object([
          ("en", .text), ("de", .text),
          ("risk", .list(.words(Remediation.Risk.allCases.map(\.rawValue)))),
          ("effort", .words(Remediation.Effort.allCases.map(\.rawValue))),
        ])
      )
    ])

  private static let plan: [(String, JSONShape)] = [
    ("host", .optionalText), ("level", .ref("level")), ("outlook", .list(gain)),
    ("steps", .list(step)), ("withoutRule", .list(.text)),
    (
      "unseen",
      .list(
        .object([
          ("id", .text), ("title", .ref("localized")), ("level", .ref("level")),
          ("hostEvidence", .words(Requirement.HostEvidence.allCases.map(\.rawValue))),
          ("attested", .flag),
        ]))
    ),
  ]
}
