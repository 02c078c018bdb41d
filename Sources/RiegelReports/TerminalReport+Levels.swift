import RiegelModel

extension TerminalReport {
  /// Narrower pages get each row in two lines.
  private static let tableWidth = 64

  var isNarrow: Bool { (page.width ?? 80) < TerminalReport.tableWidth }

  mutating func levels() {
    var catalogues: [String] = []
    for level in audit.levels where !catalogues.contains(level.catalogue) {
      catalogues.append(level.catalogue)
    }
    // The second catalogue follows from the first; its rows say little more to a person.
    let shown = isVerbose ? catalogues[...] : catalogues.prefix(1)
    for catalogue in shown {
      page.blank()
      page.heading(
        phrases.levelsHeading(audit.standard(catalogue), phrases.component(audit.componentType)))
      page.blank()
      let levels = audit.levels.filter { $0.catalogue == catalogue }
      if !isNarrow { columnHeads() }
      for level in levels { row(level) }
      page.blank()
      page.flow([.prose(phrases.levelsExplained)], at: 2)
    }
    for catalogue in catalogues.dropFirst(shown.count) { derivedLevels(catalogue) }
  }

  /// Abbreviation, title, aim, interval, and how they stand to each other.
  private var widths: (title: Int, aim: Int, interval: Int) {
    let edge = min(page.width ?? 96, 96)
    let standing =
      [phrases.aimMissed, phrases.aimShown, phrases.aimOpen, phrases.noAim]
      .map(VisibleText.width).max() ?? 0
    return (max(12, edge - 2 - 5 - 5 - 11 - standing), 5, 11)
  }

  private mutating func columnHeads() {
    let widths = widths
    page.row(
      [
        (.host(""), 5), (.host(""), widths.title), (.term(phrases.aimColumn, .dim), widths.aim),
        (.term(phrases.intervalColumn, .dim), widths.interval),
      ], at: 2)
  }

  private mutating func row(_ level: FoundationLevel) {
    let title = level.foundation.title[language]
    let interval = "\(level.floor.description) … \(level.ceiling.description)"
    let (standing, style) = standing(of: level)
    let widths = widths
    if isNarrow || VisibleText.width(title) > widths.title - 2 {
      page.flow(
        [.prose(title)], at: 7, lead: [.host("  "), .term(level.foundation.abbreviation, .bold)])
      if isNarrow {
        page.flow(
          [
            .term("\(phrases.aimColumn) \(level.target.description),"), .prose(" "),
            .term(interval + ",", .bold), .prose(" "), .term(standing, style),
          ], at: 7)
      } else {
        cells(.host(""), .host(""), level.target, interval, .term(standing, style))
      }
    } else {
      cells(
        .term(level.foundation.abbreviation, .bold), .prose(title), level.target, interval,
        .term(standing, style))
    }
    limits(of: level)
  }

  private mutating func cells(
    _ abbreviation: Run, _ title: Run, _ target: SecurityLevel, _ interval: String, _ standing: Run
  ) {
    let widths = widths
    page.row(
      [
        (abbreviation, 5), (title, widths.title), (.term(target.description), widths.aim),
        (.term(interval, .bold), widths.interval), (standing, 0),
      ], at: 2)
  }

  private func standing(of level: FoundationLevel) -> (String, Style) {
    if level.target == .sl0 { return (phrases.noAim, []) }
    if level.ceiling < level.target { return (phrases.aimMissed, [.red, .bold]) }
    if level.floor >= level.target { return (phrases.aimShown, .green) }
    return (phrases.aimOpen, .yellow)
  }

  /// What keeps the ceiling down, by name, and what keeps the floor down, in numbers.
  private mutating func limits(of level: FoundationLevel) {
    let refuted = level.limitsCeiling
    if !refuted.isEmpty {
      let (shown, left) = cut(TerminalReport.grouped(refuted), to: 4)
      var runs: [Run] = []
      for group in shown {
        if !runs.isEmpty { runs.append(.prose("; ")) }
        let (ids, others) = cut(group.map(\.id), to: 4)
        runs += TerminalReport.list(Array(ids))
        if others > 0 { runs += [.prose(" "), .prose(phrases.others(others))] }
        runs += [.prose(" ("), .host(rules(of: group)), .prose(")")]
      }
      if left > 0 { runs += [.prose("; "), .prose(phrases.others(left))] }
      limit(phrases.ceilingLimit(level.ceiling.description), runs)
    }
    achieved(level)
    let missing = level.limitsFloor
    guard !missing.isEmpty, let next = SecurityLevel(rawValue: level.floor.rawValue + 1) else {
      return
    }
    // What refutes the next level has been named just above.
    if level.floor == level.ceiling, missing.allSatisfy({ $0.standing == .refuted }) { return }
    limit(phrases.floorLimit(next.description), TerminalReport.list(shortfall(of: missing)))
  }

  /// Requirements that the same rules refute, together.
  private static func grouped(
    _ requirements: [FoundationLevel.RequirementStanding]
  ) -> [[FoundationLevel.RequirementStanding]] {
    var groups: [[FoundationLevel.RequirementStanding]] = []
    for requirement in requirements {
      if let place = groups.firstIndex(where: { $0.first?.rules == requirement.rules }) {
        groups[place].append(requirement)
      } else {
        groups.append([requirement])
      }
    }
    return groups
  }

  mutating func limit(_ lead: String, _ runs: [Run]) {
    let lead = Run.term(lead, .dim)
    let column = isNarrow ? 9 : 7 + VisibleText.width(lead.text) + 1
    if isNarrow {
      page.flow([lead, .prose(" ")] + runs, at: column, lead: [.host("       ")])
    } else {
      page.flow(runs, at: column, lead: [.host("       "), lead])
    }
  }

  private func rules(of group: [FoundationLevel.RequirementStanding]) -> String {
    let (shown, left) = cut(group.first?.rules ?? [], to: 3)
    let names = shown.joined(separator: ", ")
    return left > 0 ? "\(names) \(phrases.others(left))" : names
  }

  private func shortfall(of requirements: [FoundationLevel.RequirementStanding]) -> [String] {
    var parts: [String] = []
    let refuted = requirements.count { $0.standing == .refuted }
    if refuted > 0 { parts.append(phrases.refutedRequirements(refuted)) }
    for reason in [FoundationLevel.OpenReason.noRule, .undecided, .notAttested, .accepted] {
      let count = requirements.count { $0.standing == .open && $0.openBecause == reason }
      if count > 0 { parts.append(phrases.openRequirements(count, reason)) }
    }
    let others = requirements.count { $0.standing == .open && $0.openBecause == nil }
    if others > 0 { parts.append(phrases.openRequirements(others)) }
    return parts
  }
}
