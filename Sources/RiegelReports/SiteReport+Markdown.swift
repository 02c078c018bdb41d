package import RiegelModel

extension SiteReport {
  /// The same for tickets, wikis and paper, as tables.
  package func markdown(_ audit: SiteAudit) -> String {
    var text = "# \(Markdown.line(site.siteTitle(audit.title[language])))\n\n"
    text += "\(phrases.moment(audit.moment))\n\n\(site.zonesExplained)\n"
    for zone in audit.zones { text += markdown(zone, audit) }
    text += "\n## \(site.hostsHeading)\n\n" + hosts(audit)
    text += "\n## \(site.acceptancesHeading(audit.waivers.count))\n\n"
    text += audit.waivers.isEmpty ? "\(site.noAcceptances)\n" : acceptances(audit.waivers)
    let due = audit.attestations.filter { $0.state != .valid }
    if !due.isEmpty {
      text += "\n## \(site.statementsHeading(due.count, audit.attestations.count))\n\n"
      text += Markdown.table(
        [Label.statements.text[language], site.labelState, Label.statedBy.text[language]],
        due.map { [$0.attestation.id, site.text(of: $0), $0.attestation.person] })
    }
    return text
  }

  private func markdown(_ zone: ZoneStatus, _ audit: SiteAudit) -> String {
    var text = "\n## \(Markdown.line(site.zoneHeading(zone.title[language], zone.hosts.count)))\n\n"
    if !zone.notAudited.isEmpty {
      text += "> \(Markdown.line(site.notAudited(zone.notAudited)))\n\n"
    }
    guard let first = zone.intervals.first?.catalogue else { return text }
    let heads: [Label] = [.foundation, .aim, .interval, .standing, .keptBy]
    text += Markdown.table(
      heads.map { $0.text[language] },
      zone.intervals.filter { $0.catalogue == first }.map { interval in
        [
          "\(interval.foundation.abbreviation) \(interval.foundation.title[language])",
          interval.target.description,
          ([interval.range] + [achieved(interval)].compactMap { $0 }).joined(separator: "\n"),
          standing(of: interval), limits(of: interval).joined(separator: "\n"),
        ]
      })
    let derived = zone.intervals.filter { $0.catalogue != first }
    if let catalogue = derived.first?.catalogue {
      let levels = derived.map { "\($0.foundation.abbreviation) \($0.range)" }
      let lead = Markdown.line(site.systemLevels(audit.standard(catalogue)))
      text += "\n\(lead) \(levels.joined(separator: ", "))\n"
    }
    return text
  }

  private func hosts(_ audit: SiteAudit) -> String {
    let heads = [Label.host, .zone, .outcome, .target, .time].map { $0.text[language] }
    let zones = Dictionary(audit.zones.map { ($0.id, $0.title) }) { first, _ in first }
    return Markdown.table(
      heads,
      audit.audits.map { host in
        [
          host.site?.host ?? host.host.name ?? phrases.unnamedHost,
          host.site.map { zones[$0.zone]?[language] ?? $0.zone } ?? "", counts(host),
          host.targetAddress, phrases.moment(host.startedAt),
        ]
      })
  }

  private func acceptances(_ waivers: [WaiverStatus]) -> String {
    Markdown.table(
      ["", site.labelRule, site.labelState, site.labelCovers],
      waivers.map { status in
        [
          status.waiver.id, status.waiver.rule,
          ([site.text(of: status)] + status.concerns.map(site.concern)).joined(separator: "\n"),
          status.covers.isEmpty
            ? site.text(of: status.waiver.scope)
            : status.covers.map(\.host).joined(separator: ", "),
        ]
      })
  }
}

/// What every form of the report says of an interval and a host.
extension SiteReport {
  func counts(_ host: Audit) -> String {
    site.hostCounts(
      host.count(.fail), accepted: host.findings.count(where: \.isAccepted),
      host.count(.error) + host.count(.notCollected) + host.count(.manual), host.count(.pass))
  }

  func standing(of interval: ZoneStatus.Interval) -> String {
    switch interval.standing {
    case nil: phrases.noAim
    case .refuted: phrases.aimMissed
    case .evidenced: phrases.aimShown
    case .open: phrases.aimOpen
    }
  }

  /// `with accepted risks up to SL3 (SL-A)`; nil where acceptances lift nothing.
  func achieved(_ interval: ZoneStatus.Interval) -> String? {
    interval.achieved > interval.ceiling
      ? "\(site.withAcceptances(interval.achieved.description)) (SL-A)" : nil
  }

  /// Which hosts keep each end where it is, and by which requirements.
  func limits(of interval: ZoneStatus.Interval) -> [String] {
    var lines: [String] = []
    if interval.ceiling < .sl4 {
      lines.append(
        limits(interval.limitsCeiling, phrases.ceilingLimit(interval.ceiling.description)))
    }
    if let next = SecurityLevel(rawValue: interval.floor.rawValue + 1) {
      lines.append(limits(interval.limitsFloor, phrases.floorLimit(next.description)))
    }
    return lines
  }

  private func limits(_ limits: [ZoneStatus.Limit], _ lead: String) -> String {
    let most = 6
    let hosts = limits.map { limit -> String in
      let ids = limit.requirements.map(\.id)
      let left = ids.count - most
      let shown = left > 1 ? Array(ids.prefix(most)) : ids
      let what = ids.isEmpty ? site.hostNotAudited : shown.joined(separator: ", ")
      return "\(limit.host) (\(what)\(left > 1 ? " \(phrases.others(left))" : ""))"
    }
    return "\(lead) \(hosts.joined(separator: "; "))"
  }
}

extension SiteAudit {
  /// The name of a standard, as the hosts' audits tell it.
  func standard(_ catalogue: String) -> String { audits.first?.standard(catalogue) ?? catalogue }
}

extension ZoneStatus.Interval {
  var range: String { "\(floor.description) … \(ceiling.description)" }

  /// Against the aim; nil where there is none.
  var standing: Standing? {
    target == .sl0
      ? nil : ceiling < target ? .refuted : floor >= target ? .evidenced : .open
  }
}
