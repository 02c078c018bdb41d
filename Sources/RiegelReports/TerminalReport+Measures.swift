import RiegelModel

extension TerminalReport {
  /// The core measures with what stands behind them, the others in a line for each standing.
  mutating func measures() {
    guard !audit.measures.isEmpty else { return }
    page.blank()
    page.heading(phrases.measuresHeading)
    for section in Measure.Section.allCases {
      let measures = audit.measures.filter { $0.section == section }
      guard !measures.isEmpty else { continue }
      page.blank()
      page.flow([.prose(phrases.section(section), .bold)], at: 2)
      if section == .core || isVerbose {
        for measure in measures { row(measure) }
      } else {
        compact(measures)
      }
    }
  }

  private var standingWidth: Int {
    ([Standing.refuted, .evidenced, .open].map { VisibleText.width(phrases.standing($0)) }.max()
      ?? 0) + 2
  }

  private func run(_ standing: Standing) -> Run {
    .term(phrases.standing(standing), TerminalReport.style(of: standing))
  }

  private mutating func row(_ measure: MeasureStatus) {
    let counts = phrases.measureCounts(
      failed: measure.failed.count, undecided: measure.undecided.count, passed: measure.passed,
      openStatements: measure.openStatements.count)
    page.flow(
      [.prose(measure.title[language]), .prose(": ")] + TerminalReport.list(counts)
        + (measure.isContradicted
          ? [.prose("; "), .prose(sitePhrases.contradictedMeasure, .red)] : []),
      at: 4 + standingWidth, lead: [.host("    "), run(measure.standing)])
  }

  private mutating func compact(_ measures: [MeasureStatus]) {
    for standing in [Standing.refuted, .open, .evidenced] {
      let titles = measures.filter { $0.standing == standing }.map { $0.title[language] }
      guard !titles.isEmpty else { continue }
      page.flow(
        [.prose(titles.joined(separator: "; "))], at: 4 + standingWidth,
        lead: [.host("    "), run(standing)])
    }
  }

  static func style(of standing: Standing) -> Style {
    switch standing {
    case .refuted: .red
    case .evidenced: .green
    case .open: .yellow
    }
  }

  mutating func threats() {
    guard !audit.threats.isEmpty else { return }
    page.blank()
    page.heading(phrases.threatsHeading)
    page.blank()
    for threat in audit.threats {
      var runs: [Run] = [
        .prose(threat.title[language]), .prose(": "),
        .prose(phrases.exposure(threat.standing), TerminalReport.style(of: threat.standing)),
      ]
      if !threat.openedBy.isEmpty {
        let (shown, left) = cut(threat.openedBy.map(title(ofMeasure:)), to: 4)
        runs += [
          .prose(", "),
          .prose(phrases.openedBy(shown + (left > 0 ? [phrases.others(left)] : []))),
        ]
      }
      page.flow(runs, at: 2, hanging: 4)
      if !threat.rules.isEmpty {
        let (shown, left) = cut(threat.rules, to: 4)
        page.flow(
          TerminalReport.list(Array(shown) + (left > 0 ? [phrases.others(left)] : [])), at: 4,
          hanging: 6)
      }
    }
  }

  private func title(ofMeasure id: String) -> String {
    audit.measures.first { $0.id == id }?.title[language] ?? id
  }
}
