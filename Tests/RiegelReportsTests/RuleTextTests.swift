import RiegelModel
import Testing

@testable import RiegelReports

@Suite struct RuleTextTests {
  static let place = Place(file: "r.yaml", line: 1)

  static func matcher(_ field: String?, _ comparison: Comparison, _ operand: Literal) -> Matcher {
    Matcher([.init(field: field, comparison, operand, at: place)])
  }

  static let rule: Rule = {
    var rule = SampleAudit.rule(
      "ssh-root-login-disabled", .high, en: "SSH login as root is disabled",
      de: "Die SSH-Anmeldung als root ist gesperrt", decides: ["CR 1.1 RE 1"], risks: [.lockout])
    rule.status = .preview
    rule.when = [
      .assertion(
        Assertion(
          source: .probe("package"),
          arguments: [.init(nil, .text("openssh-server"), at: place)], quantifier: .present,
          place: place))
    ]
    rule.parameters = [
      Parameter(
        name: "allowed", kind: .list, values: ["yes", "no", "prohibit-password"],
        standard: .list([.text("no")]),
        byLevel: [.sl1: .list([.text("no"), .text("prohibit-password")])]),
      Parameter(
        name: "tries", kind: .int, unit: "attempts", range: 1...10, standard: .text("4"),
        doc: Localized(en: "How often a person may try.", de: "So oft darf man es versuchen.")),
    ]
    rule.check = .all([
      .assertion(
        Assertion(
          source: .probe("sshd"), arguments: [.init(nil, .text("PermitRootLogin"), at: place)],
          quantifier: .every(matcher(nil, .oneOf, .text("${allowed}"))), place: place)),
      .any([
        .assertion(
          Assertion(
            source: .probe("users"), arguments: [.init("folder", .text("/etc"), at: place)],
            filter: matcher("password", .equals, .text("usable")),
            quantifier: .count(matcher(nil, .atMost, .text("3"))), missing: .pass, place: place)),
        .not(
          .assertion(
            Assertion(source: .probe("files"), quantifier: .none(nil), place: place))),
        .manual(Localized(en: "Ask the vendor.", de: "Den Hersteller fragen.")),
      ]),
    ])
    rule.examples = [
      Example(name: "a drop-in that comes first wins", outcome: .fail, place: place)
    ]
    return rule
  }()

  static let profile = Profile(
    id: "clinic-workstation",
    title: Localized(en: "Workstation in a clinic", de: "Arbeitsplatz in einer Klinik"),
    description: Localized(
      en: "For computers at which staff work with patient data.",
      de: "Für Rechner, an denen mit Patientendaten gearbeitet wird."),
    parent: "base", target: ["IAC": .sl2, "UC": .sl1],
    selects: [.topic("ssh"), .level(.sl2), .severity(.high), .measure("least-privilege")],
    excludes: [.rule("ssh-x11-*")],
    settings: [
      .init(
        rule: "ssh-root-login-disabled", parameter: "allowed", value: .list([.text("no")]),
        place: place)
    ], place: place)

  @Test(arguments: Language.allCases)
  func rulesAndProfilesAreShownAsTheyWereLookedAt(_ language: Language) throws {
    let options = ReportOptions(language: language, width: 80)
    let rules = RuleText(options)
    let profiles = ProfileText(options)
    let text =
      rules.show(Self.rule, parameters: SampleAudit.rootLogin.parameters) + [10]
      + rules.list([Self.rule, SampleAudit.rule("b", topic: "audit", .low, en: "B", de: "B")])
      + [10]
      + profiles.show(
        Self.profile,
        foundations: [
          SampleAudit.foundation(1, "IAC", en: "Identification", de: "Identifizierung")
        ]) + [10] + profiles.list([Self.profile])
    try Golden.expect(text, "content.\(language).txt")
  }
}
