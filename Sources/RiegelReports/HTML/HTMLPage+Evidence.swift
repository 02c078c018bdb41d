import RiegelModel

/// What auditors ask for: requirement by requirement, with what is open and why.
extension HTMLPage {
  var evidence: Markup {
    let sections: [(id: String, label: Label, content: Markup)] = [
      ("e-provenance", .provenance, provenance),
      ("e-requirements", .requirements, requirements),
      ("e-open", .undecided, openFindings),
      ("e-measures", .measures, measures),
      ("e-acceptances", .acceptances, acceptances),
      ("e-attestations", .attestations, attestations),
      ("e-directive", .directiveRow, directive),
      ("e-norms", .norms, norms),
      ("e-threats", .threats, threats),
      ("e-parameters", .parametersInForce, parameters),
    ].filter { !$0.content.isEmpty }
    let contents = sections.map { id, label, _ in
      "<li><a href=\"#\(id)\">\(heading(label))</a></li>" as Markup
    }
    let parts = sections.map { id, label, content in
      """
      <section class=card aria-labelledby="\(id)"><h3 id="\(id)" tabindex=-1>\(heading(label))</h3>
      \(content)
      </section>
      """ as Markup
    }
    return """
      <section class=view id=evidence aria-labelledby=evidence-h>
      <h2 id=evidence-h class=viewhead>\(Label.evidence)</h2>
      <nav class="card contents" aria-labelledby=contents-h><h3 id=contents-h>\(Label.contents)</h3>
      <ol>\(Markup.joined(contents))</ol></nav>
      \(Markup.joined(parts, by: "\n"))
      </section>
      """
  }

  /// The directive bears its own name.
  private func heading(_ label: Label) -> Markup {
    label == .directiveRow ? "\(audit.catalogues.directive)" : "\(label)"
  }

  private var provenance: Markup {
    let host = audit.host
    let aim = audit.profile.target.sorted { $0.key < $1.key }.map { id, level in
      let foundation = audit.levels.first { $0.foundation.id == id }?.foundation
      return "\(foundation?.abbreviation ?? id) \(level.description)"
    }
    let packages: Markup =
      if let inventory = audit.inventory {
        inventory.gap.map { gap in say { $0.error(gap) } }
          ?? say { $0.number(inventory.packages.count) }
      } else {
        "\(Label.packagesUnknown)"
      }
    let counts = Outcome.allCases.map { outcome -> Markup in
      "\(say { $0.outcome(outcome) }): \(say { $0.number(audit.count(outcome)) })"
    }
    let rows: [(Label, Markup)] = [
      (.host, "\(hostName)\(place.map { "<br>\($0)" } ?? "")"),
      (.machineID, "<code>\(host.machineID ?? "–")</code>"),
      (.system, host.system.map { "\($0)" } ?? say { $0.unknownSystem }),
      (.kernel, "\(host.kernel ?? "–")"),
      (
        .target,
        say {
          $0.target(audit.targetKind, audit.targetAddress, isPrivileged: audit.isPrivileged)
        }
      ),
      (.rights, audit.isPrivileged ? "\(Label.asRoot)" : "\(Label.notRoot)"),
      (.time, say { $0.moment(audit.startedAt) }),
      (
        .profile,
        "\(audit.profile.title) (<code>\(audit.profile.id)</code>)\(audit.profile.isDefault ? "<br>\(say { $0.defaultProfile })" : "")"
      ),
      (.aim, aim.isEmpty ? say { $0.noAim } : "\(aim.joined(separator: ", "))"),
      (.component, say { $0.component(audit.componentType) }),
      (.tool, "riegel \(audit.toolVersion)"),
      (.content, "<code class=hash>\(audit.contentHash)</code>"),
      (.counts, Markup.joined(counts, by: ", ")), (.packages, packages),
    ]
    return """
      <table class=facts><tbody>\(Markup.joined(rows.map {
        "<tr><th scope=row>\($0.0)</th><td>\($0.1)</td></tr>"
      }))</tbody></table>
      """
  }

  private var requirements: Markup {
    var result: Markup = ""
    var catalogue = ""
    for (index, level) in audit.levels.enumerated() {
      if level.catalogue != catalogue {
        catalogue = level.catalogue
        result +=
          "<p class=muted>\(audit.standard(catalogue)), \(say { $0.component(audit.componentType) })</p>"
      }
      let standing = standing(of: level)
      let id = "e-fr-\(index)"
      result += """
        <h4 id="\(id)">\(level.foundation.abbreviation) · \(level.foundation.title): \
        \(level.floor.description) … \(level.ceiling.description) (\(Label.aim) \
        \(level.target.description), \(standing.words))</h4>
        """
      if let achieved = audit.achieved.first(where: {
        $0.catalogue == level.catalogue && $0.foundation == level.foundation.id
          && $0.ceiling > level.ceiling
      }) {
        result +=
          "<p>\(site { $0.achieved(achieved.ceiling.description, achieved.lifted) })</p>"
      }
      result += table(
        [.requirement, .level, .standing, .rules],
        level.requirements.map { row($0, aim: level.target) }, named: id)
    }
    return result
  }

  private func row(
    _ requirement: FoundationLevel.RequirementStanding, aim: SecurityLevel
  ) -> Markup {
    let level = max(aim, requirement.level)
    var cited = audit.findings.filter { finding in
      finding.decides.contains { audit.componentType.requirement(for: $0) == requirement.id }
    }
    // Rules cite 4-2; what 3-3 rests on stands with the requirement.
    if cited.isEmpty { cited = requirement.rules.compactMap { byRule[$0] } }
    let open: Markup =
      requirement.openBecause.map { reason in
        "<br><span class=muted>\(say { $0.openReason(reason) })</span>"
      } ?? ""
    let note: Markup =
      requirement.note.map { "<br><span class=\"muted small\">\($0)</span>" } ?? ""
    let justified: Markup =
      requirement.isNotApplicable
      ? "<br><span class=muted>\(say { $0.outcome(.notApplicable) })</span>" : ""
    let rules: Markup =
      cited.isEmpty
      ? "<span class=muted>\(Label.noRuleLooks)</span>"
      : "<ul class=plain>\(Markup.joined(cited.map { proof($0, at: level) }))</ul>"
    return """
      <tr><th scope=row><span class=nb>\(requirement.id)</span><br>\
      <span class=muted>\(requirement.title)</span>\(note)</th><td>\(requirement.level.description)</td>\
      <td><span class=nb>\(sign(requirement.standing, .small)) \
      \(say { $0.standing(requirement.standing) })</span>\(open)\(justified)</td><td>\(rules)</td></tr>
      """
  }

  /// A rule with its outcome and the first thing that was found; the outcome is that with the
  /// values of the level at which the requirement stands.
  private func proof(_ finding: Finding, at level: SecurityLevel) -> Markup {
    let outcome = finding.outcome(at: level)
    var found: Markup = ""
    if outcome != finding.outcome {
      found = " (\(level.description))"
    } else if outcome == .pass || outcome == .fail,
      let first = FindingText.decisive(finding).first
    {
      found = "<br><span class=\"muted small\">\(both { short($0.found($0.row(first))) })</span>"
    }
    return """
      <li>\(sign(outcome, .small)) \(reference(finding.rule)) \
      \(say { $0.outcome(outcome) })\(found)</li>
      """
  }

  /// A link by the rule's id, which is short and the same in every language.
  func reference(_ rule: String) -> Markup {
    byRule[rule] == nil
      ? "<code>\(rule)</code>" : "<a href=\"#\(anchor(rule))\"><code>\(rule)</code></a>"
  }

  private func short(_ text: String) -> String {
    let count = text.unicodeScalars.count
    if count <= 140 { return text }
    var start = ""
    start.unicodeScalars.append(contentsOf: text.unicodeScalars.prefix(130))
    return start + " …"
  }

  private var openFindings: Markup {
    let undecided = HTMLPage.worstFirst(audit.findings.filter(\.outcome.isUndecided))
    if undecided.isEmpty { return "<p>\(Label.undecidedNone)</p>" }
    let rows = undecided.map { finding -> Markup in
      """
      <tr><th scope=row>\(link(finding.rule))</th><td>\(severity(finding.severity))</td>\
      <td>\(say { $0.outcome(finding.outcome) })</td><td>\(both { $0.reason(finding) })</td></tr>
      """
    }
    return table([.rules, .severity, .outcome, .openWhy], rows, named: "e-open")
  }

  private var measures: Markup {
    guard !audit.measures.isEmpty else { return "" }
    var result: Markup = ""
    for section in Measure.Section.allCases {
      let measures = audit.measures.filter { $0.section == section }
      guard !measures.isEmpty else { continue }
      let id = "e-m-\(section.rawValue)"
      let rows = measures.map { measure -> Markup in
        let rules = (measure.failed + measure.undecided).map(reference)
        return """
          <tr><th scope=row>\(measure.title)</th><td class=nb>\(sign(measure.standing, .small)) \
          \(say { $0.standing(measure.standing) })</td><td>\(counts(of: measure))</td>\
          <td>\(Markup.joined(rules, by: " "))</td></tr>
          """
      }
      result += "<h4 id=\"\(id)\">\(say { $0.section(section) })</h4>"
      result += table([.measure, .standing, .counts, .rules], rows, named: id)
    }
    return result
  }

  private var norms: Markup {
    let rows = audit.norms.map { norm -> Markup in
      let measures = norm.measures.compactMap { id in audit.measures.first { $0.id == id } }.map {
        "<li>\(sign($0.standing, .small)) \($0.title)</li>" as Markup
      }
      return """
        <tr><th scope=row>\(norm.title)</th><td>\(norm.contribution)</td><td>\(norm.limits)</td>\
        <td>\(site { $0.normCounts(norm.passed, norm.failed, norm.undecided) })\
        <ul class=plain>\(Markup.joined(measures))</ul></td></tr>
        """
    }
    guard !rows.isEmpty else { return "" }
    return table([.norm, .contribution, .limits, .measures], rows, named: "e-norms")
  }

  private var threats: Markup {
    guard !audit.threats.isEmpty else { return "" }
    let rows = audit.threats.map { threat -> Markup in
      let measures = threat.openedBy.map { id -> Markup in
        "\(audit.measures.first { $0.id == id }?.title ?? Localized(en: id, de: id))"
      }
      return """
        <tr><th scope=row>\(threat.title)</th><td>\(sign(threat.standing, .small)) \
        \(say { $0.exposure(threat.standing) })</td><td>\(Markup.joined(measures, by: "; "))</td></tr>
        """
    }
    return table([.threat, .standing, .openedBy], rows, named: "e-threats")
  }

  private var parameters: Markup {
    let rows = audit.findings.flatMap { finding in
      finding.parameters.filter { $0.source != .rule }.map { parameter -> Markup in
        """
        <tr><th scope=row>\(reference(finding.rule))</th><td><code>\(parameter.name)</code></td>\
        <td class=wrap>\(parameter.value.description)</td>\
        <td>\(say { $0.source(parameter.source) })</td></tr>
        """
      }
    }
    let others: Markup = "<p>\(Label.parametersOthers)</p>"
    if rows.isEmpty { return others }
    return table([.rules, .parameter, .value, .setBy], rows, named: "e-parameters") + others
  }
}
