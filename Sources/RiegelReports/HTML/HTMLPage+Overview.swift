import RiegelModel

/// One page for management.
extension HTMLPage {
  var overview: Markup {
    """
    <section class=view id=overview aria-labelledby=overview-h>
    <h2 id=overview-h class=viewhead>\(Label.overview)</h2>
    \(verdict)
    <div class="columns first">
    <div class=wide>
    \(levels)
    </div>
    <div class=narrow>
    \(coreMeasures)
    </div>
    </div>
    <div class=columns>
    <div class=wide>
    \(risks)
    </div>
    <div class=narrow>
    \(whatChanged)
    </div>
    </div>
    </section>
    """
  }

  private var verdict: Markup {
    let verdict = VerdictText(audit)
    let standing: Standing =
      switch verdict.kind {
      case .failed: .refuted
      case .undecided, .nothingApplied: .open
      case .passed: .evidenced
      }
    let more: Markup =
      verdict.more(english.phrases) == nil ? "" : " \(say { verdict.more($0) ?? "" })"
    let left = audit.findings.count(where: \.isUnaccepted)
    let failed = audit.count(.fail)
    let accepted: Markup =
      left < failed ? "<p>\(site { $0.verdictAccepted(failed - left, left: left) })</p>" : ""
    let catalogue = audit.levels.first?.catalogue
    let aims = audit.levels.filter { $0.catalogue == catalogue && $0.target > .sl0 }
    let missed = aims.count { $0.ceiling < $0.target }
    let open = aims.count { $0.ceiling >= $0.target && $0.floor < $0.target }
    let aim: Markup =
      aims.isEmpty
      ? "" : "<p>\(say { $0.aimSummary(missed: missed, open: open, of: aims.count) })</p>"
    return """
      <div class="verdict v-\(standing.rawValue)">
      \(sign(standing, .verdict))
      <div><p class=sentence>\(say(verdict.sentence))\(more)</p>\(accepted)\(aim)
      <ul class=tiles>\(tiles)</ul></div>
      </div>
      """
  }

  private var tiles: Markup {
    let undecided = audit.count(.error) + audit.count(.notCollected)
    let parts: [(Outcome, Int, (any Phrases) -> String)] = [
      (.fail, audit.count(.fail), { $0.outcome(.fail) }),
      (.error, undecided, { $0.outcome(.error) }),
      (.manual, audit.count(.manual), { $0.outcome(.manual) }),
      (.pass, audit.count(.pass), { $0.outcome(.pass) }),
      (.notApplicable, audit.count(.notApplicable), { $0.outcome(.notApplicable) }),
    ]
    return .joined(
      parts.filter { $0.1 > 0 || $0.0 == .fail || $0.0 == .pass }.map { outcome, count, words in
        "<li>\(sign(outcome)) <strong>\(say { $0.number(count) })</strong> \(say(words))</li>"
      })
  }

  private var levels: Markup {
    guard let catalogue = audit.levels.first?.catalogue else { return "" }
    let rows = audit.levels.filter { $0.catalogue == catalogue }.map { level -> Markup in
      let standing = standing(of: level)
      return """
        <tr><th scope=row><abbr>\(level.foundation.abbreviation)</abbr> \
        \(level.foundation.title)</th><td class=pic>\(bar(level.floor, level.ceiling, aim: level.target))</td>\
        <td>\(level.target.description)</td>\
        <td class=nb>\(level.floor.description) … \(level.ceiling.description)</td>\
        <td class=nb>\(standing.sign) \(standing.words)</td></tr>
        """
    }
    return """
      <div class=card><h3 id=levels-h>\(Label.levelsOfAim)</h3>
      <p class=muted>\(audit.standard(catalogue)), \(say { $0.component(audit.componentType) })</p>
      <div class=scroll role=group aria-labelledby=levels-h tabindex=0><table class=levels>\
      <thead><tr><th scope=col>\(Label.foundation)</th><th scope=col class=pic>\
      <span class=vh>\(Label.levelScale)</span>\(scale)</th><th scope=col>\(Label.aim)</th>\
      <th scope=col>\(Label.interval)</th><th scope=col>\(Label.standing)</th></tr></thead>\
      <tbody>\(Markup.joined(rows))</tbody></table></div>
      \(legend)
      <p class="muted small">\(say { $0.levelsExplained })</p></div>
      """
  }

  func standing(of level: FoundationLevel) -> (sign: Markup, words: Markup) {
    if level.target == .sl0 { return ("", say { $0.noAim }) }
    if level.ceiling < level.target {
      return (sign(Standing.refuted, .small), say { $0.aimMissed })
    }
    if level.floor >= level.target {
      return (sign(Standing.evidenced, .small), say { $0.aimShown })
    }
    return (sign(Standing.open, .small), say { $0.aimOpen })
  }

  private var coreMeasures: Markup {
    let rows = audit.measures.filter { $0.section == .core }.map { measure -> Markup in
      """
      <li>\(sign(measure.standing, .list))<div><strong>\(measure.title)</strong><br>\
      <span class=muted>\(say { $0.standing(measure.standing) }): \(counts(of: measure))</span>\
      </div></li>
      """
    }
    guard !rows.isEmpty else { return "" }
    return """
      <div class=card><h3>\(Label.coreMeasures)</h3><ul class=lights>\(Markup.joined(rows))</ul>\
      </div>
      """
  }

  func counts(of measure: MeasureStatus) -> Markup {
    say {
      $0.measureCounts(
        failed: measure.failed.count, undecided: measure.undecided.count, passed: measure.passed,
        openStatements: measure.openStatements.count
      ).joined(separator: ", ")
    }
  }

  /// The five threats to which most stands open, by the severity of what is not met against them.
  private var risks: Markup {
    let ranked = audit.threats.filter { $0.standing == .refuted }.map { threat in
      (threat: threat, failed: failures(behind: threat))
    }.sorted { a, b in
      (HTMLPage.weight(b.failed), a.threat.id) < (HTMLPage.weight(a.failed), b.threat.id)
    }.prefix(5)
    let items = ranked.map { threat, failed -> Markup in
      let doors = audit.measures.filter { threat.openedBy.contains($0.id) && !$0.failed.isEmpty }
        .sorted { ($1.failed.count, $0.id) < ($0.failed.count, $1.id) }.prefix(2)
      let reasons = doors.map { "\($0.title) (\($0.failed.count))" as Markup }
      let left = threat.openedBy.count - doors.count
      return """
        <li><strong>\(threat.title)</strong><br>\(say { $0.notMetAmong(failed.count) }); \
        \(Label.notDone): \(Markup.joined(reasons, by: "; "))\
        \(left > 0 ? " \(say { $0.others(left) })" : "")</li>
        """
    }
    let list: Markup =
      items.isEmpty ? "<p>\(Label.noRisks)</p>" : "<ol class=risks>\(Markup.joined(items))</ol>"
    return "<div class=card><h3>\(Label.topRisks)</h3>\(list)</div>"
  }

  private func failures(behind threat: ThreatStatus) -> [Finding] {
    let rules = Set(
      audit.measures.filter { threat.openedBy.contains($0.id) }.flatMap(\.failed))
    return HTMLPage.worstFirst(audit.findings.filter { rules.contains($0.rule) })
  }

  static func worstFirst(_ findings: [Finding]) -> [Finding] {
    findings.sorted { ($1.severity, $0.topic, $0.rule) < ($0.severity, $1.topic, $1.rule) }
  }

  private static func weight(_ findings: [Finding]) -> Int {
    findings.reduce(0) { sum, finding in
      switch finding.severity {
      case .critical: sum + 1000
      case .high: sum + 100
      case .medium: sum + 10
      case .low: sum + 1
      }
    }
  }

  private var whatChanged: Markup {
    guard let changes else {
      let worst = HTMLPage.worstFirst(audit.findings.filter { $0.outcome == .fail }).prefix(5)
      guard !worst.isEmpty else { return "" }
      return """
        <div class=card><h3>\(Label.topFailures)</h3><ol class=risks>\
        \(Markup.joined(worst.map { "<li>\(severity($0.severity)) \(link($0.rule))</li>" }))\
        </ol></div>
        """
    }
    let lists: [(Label, [Finding])] = [
      (.newlyFailed, changes.newlyFailed), (.fixed, changes.fixed),
      (.newlyUndecided, changes.newlyUndecided),
    ]
    var parts: Markup = ""
    for (label, findings) in lists where !findings.isEmpty {
      let shown = HTMLPage.worstFirst(findings).prefix(4)
      let left = findings.count - shown.count
      parts += """
        <h4>\(label): \(findings.count)</h4><ul>\
        \(Markup.joined(shown.map { "<li>\(link($0.rule))</li>" }))\
        \(left > 0 ? "<li>\(say { $0.others(left) })</li>" : "")</ul>
        """
    }
    if !changes.levels.isEmpty {
      let items = changes.levels.map { change -> Markup in
        let before = "\(change.before.floor.description) … \(change.before.ceiling.description)"
        let now = "\(change.now.floor.description) … \(change.now.ceiling.description)"
        return "\(change.foundation.abbreviation): \(say { $0.levelChange(before, now) })"
      }
      parts += "<h4>\(Label.changedLevels)</h4><p>\(Markup.joined(items, by: "; "))</p>"
    }
    if parts.isEmpty { parts = "<p>\(Label.changesNone)</p>" }
    if changes.stillFailed > 0 { parts += "<p>\(say { $0.stillFailed(changes.stillFailed) })</p>" }
    for (label, findings) in [(Label.addedRules, changes.added), (.removedRules, changes.removed)]
    where !findings.isEmpty {
      parts += "<p>\(label): \(findings.count)</p>"
    }
    if changes.isOtherHost { parts += "<p class=notice>\(Label.otherHost)</p>" }
    if changes.isOtherContent { parts += "<p class=\"muted small\">\(Label.otherContent)</p>" }
    let moment = say { $0.comparedWith($0.moment(changes.previous.startedAt)) }
    return """
      <div class="card changes"><h3>\(Label.changes)</h3><p class=muted>\(moment)</p>\(parts)</div>
      """
  }

  func severity(_ severity: Severity) -> Markup {
    "<span class=\"sev sev-\(severity.rawValue)\">\(say { $0.severity(severity) })</span>"
  }
}
