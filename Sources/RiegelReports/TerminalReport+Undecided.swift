import RiegelModel

extension TerminalReport {
  /// What stood in the way, in the order in which a reader can do something about it.
  private enum Obstacle: Int, CaseIterable {
    case permission, notCaptured, elsewhere, badFormat, notWorkedOut, notReadable, none

    init(_ error: TargetError) {
      switch error {
      case .permissionDenied: self = .permission
      case .notCollected: self = .notCaptured
      case .remote: self = .elsewhere
      case .malformed: self = .badFormat
      case .undetermined: self = .notWorkedOut
      case .io, .tooLarge, .notRegular, .tooManyLinks: self = .notReadable
      }
    }
  }

  /// Undecided findings, grouped by what stood in the way, so that one remedy is read once.
  mutating func undecided() {
    let findings = findings(.error, .notCollected)
    guard !findings.isEmpty else { return }
    page.blank()
    page.heading(phrases.undecidedHeading(findings.count), .yellow)
    for obstacle in Obstacle.allCases {
      let group = findings.filter { self.obstacle(of: $0) == obstacle }
      guard !group.isEmpty else { continue }
      page.blank()
      page.flow([.prose(hint(for: obstacle), .yellow)], at: 2)
      for finding in group { undecided(finding) }
    }
  }

  private func obstacle(of finding: Finding) -> Obstacle {
    let obstacles = TerminalReport.errors(of: finding).map(Obstacle.init)
    return obstacles.min { $0.rawValue < $1.rawValue } ?? .none
  }

  private func hint(for obstacle: Obstacle) -> String {
    switch obstacle {
    case .permission: phrases.noPermission(isPrivileged: audit.isPrivileged)
    case .notCaptured: phrases.notCaptured(audit.targetKind)
    case .elsewhere: phrases.elsewhere
    case .badFormat: phrases.badFormat
    case .notWorkedOut: phrases.notWorkedOut
    case .notReadable: phrases.notReadable
    case .none: phrases.noReason
    }
  }

  /// What could not be looked at, each thing once.
  private static func errors(of finding: Finding) -> [TargetError] {
    var errors: [TargetError] = []
    if case .undecided(let reasons) = finding.reason { errors = reasons }
    for evidence in finding.evidence {
      if case .unknown(let error) = evidence.found { errors.append(error) }
    }
    var seen: Set<TargetError> = []
    return errors.filter { seen.insert($0).inserted }
  }

  private mutating func undecided(_ finding: Finding) {
    page.blank()
    page.flow(
      [.prose(finding.title[language]), .prose(" ("), .host(finding.rule, .dim), .prose(")")],
      at: severityColumn + 4,
      lead: [.host("    "), .term(phrases.severity(finding.severity).uppercased(), .yellow)])
    let (shown, left) = cut(TerminalReport.errors(of: finding), to: 3)
    for error in shown {
      page.flow([value(phrases.error(error))], at: severityColumn + 4)
    }
    if left > 0 { page.flow([.prose(phrases.more(left))], at: severityColumn + 4) }
  }

  /// What a person has to look at.
  mutating func manual() {
    let findings = findings(.manual)
    guard !findings.isEmpty else { return }
    page.blank()
    page.heading(phrases.manualHeading(findings.count))
    for finding in findings {
      page.blank()
      page.flow(
        [.prose(finding.title[language]), .prose(" ("), .host(finding.rule, .dim), .prose(")")],
        at: severityColumn + 2,
        lead: [.host("  "), .term(phrases.severity(finding.severity).uppercased())])
      if case .person(let text) = finding.reason {
        page.paragraphs(text[language], at: severityColumn + 2)
      }
    }
  }
}
