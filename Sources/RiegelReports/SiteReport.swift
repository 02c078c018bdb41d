package import RiegelModel

/// Several hosts of a site in one report: zones first, then the hosts, then what persons accept and
/// state.
package struct SiteReport: Sendable {
  private let options: ReportOptions
  let language: Language
  let phrases: any Phrases
  let site: any SitePhrases

  package init(_ options: ReportOptions) {
    self.options = options
    language = options.language
    phrases = options.language.phrases
    site = options.language.sitePhrases
  }

  /// What `render(_:as:)` knows, by the names of the reporters of a host.
  package static let formats = [
    TerminalReporter.name, MarkdownReporter.name, HTMLReporter.name, JSONReporter.name,
  ]

  package func render(_ audit: SiteAudit, as format: String) -> [UInt8] {
    switch format {
    case JSONReporter.name: SiteReport.json(audit)
    case HTMLReporter.name: SiteReport.html(audit, options)
    case MarkdownReporter.name: Array(markdown(audit).utf8)
    default: render(audit)
    }
  }

  package func render(_ audit: SiteAudit) -> [UInt8] {
    var page = Page(width: options.width, colour: options.colour)
    page.flow([.prose(site.siteTitle(audit.title[language]), .bold)])
    page.flow([.term(phrases.moment(audit.moment))])
    for zone in audit.zones { write(zone, audit, to: &page) }
    page.blank()
    page.flow([.prose(site.zonesExplained)], at: 2)
    page.blank()
    page.heading(site.hostsHeading)
    page.blank()
    for host in audit.audits { write(host, to: &page) }
    if !audit.waivers.isEmpty {
      page.blank()
      page.heading(site.acceptancesHeading(audit.waivers.count))
      page.blank()
      for status in audit.waivers { write(status, to: &page) }
    }
    let due = audit.attestations.filter { $0.state != .valid }
    if !due.isEmpty {
      page.blank()
      page.heading(site.statementsHeading(due.count, audit.attestations.count))
      page.blank()
      for status in due {
        page.flow(
          [
            .host(status.attestation.id, .bold), .prose(": "),
            .prose(site.text(of: status), TerminalReport.style(of: status.state)),
          ], at: 2, hanging: 4)
      }
    }
    return page.bytes
  }

  private func write(_ zone: ZoneStatus, _ audit: SiteAudit, to page: inout Page) {
    page.blank()
    page.heading(site.zoneHeading(zone.title[language], zone.hosts.count))
    page.blank()
    if !zone.notAudited.isEmpty {
      page.flow([.prose(site.notAudited(zone.notAudited), .yellow)], at: 2)
    }
    guard let first = zone.intervals.first?.catalogue else { return }
    for interval in zone.intervals where interval.catalogue == first {
      write(interval, to: &page)
    }
    let derived = zone.intervals.filter { $0.catalogue != first }
    if let catalogue = derived.first?.catalogue {
      page.blank()
      page.flow([.prose(site.systemLevels(audit.standard(catalogue)))], at: 2)
      page.flow(
        TerminalReport.list(
          derived.map {
            "\($0.foundation.abbreviation) \($0.range)"
          }), at: 4)
    }
  }

  private func write(_ interval: ZoneStatus.Interval, to page: inout Page) {
    let style: Style =
      switch interval.standing {
      case nil: []
      case .refuted: [.red, .bold]
      case .evidenced: .green
      case .open: .yellow
      }
    page.row(
      [
        (.term(interval.foundation.abbreviation, .bold), 5),
        (.term("\(phrases.aimColumn) \(interval.target.description)"), 10),
        (.term(interval.range, .bold), 12),
        (.term(standing(of: interval), style), 0),
      ], at: 2)
    if interval.ceiling < .sl4 {
      limits(interval.limitsCeiling, phrases.ceilingLimit(interval.ceiling.description), &page)
    }
    if let achieved = achieved(interval) { page.flow([.prose(achieved, .yellow)], at: 7) }
    if let next = SecurityLevel(rawValue: interval.floor.rawValue + 1) {
      limits(interval.limitsFloor, phrases.floorLimit(next.description), &page)
    }
  }

  /// The hosts that keep an end where it is, each with the requirements that do so there.
  private func limits(_ limits: [ZoneStatus.Limit], _ lead: String, _ page: inout Page) {
    var runs: [Run] = []
    for limit in limits {
      if !runs.isEmpty { runs.append(.prose("; ")) }
      let ids = limit.requirements.map(\.id)
      let most = options.verbosity == .verbose || ids.count == 4 ? ids.count : 3
      runs += [.host(limit.host), .prose(" (")]
      runs += TerminalReport.list(Array(ids.prefix(most)))
      if ids.isEmpty { runs.append(.prose(site.hostNotAudited)) }
      if ids.count > most { runs += [.prose(" "), .prose(phrases.others(ids.count - most))] }
      runs.append(.prose(")"))
    }
    page.flow(runs, at: 9, lead: [.host("       "), .term(lead, .dim), .host(" ")])
  }

  private func write(_ host: Audit, to page: inout Page) {
    page.flow(
      [
        .host(host.site?.host ?? host.host.name ?? phrases.unnamedHost, .bold), .prose(": "),
        .prose(counts(host), host.findings.contains(where: \.isUnaccepted) ? .red : []),
        .prose("; "), .host(host.targetAddress, .dim), .prose(", "),
        .term(phrases.moment(host.startedAt), .dim),
      ], at: 2, hanging: 4)
  }

  private func write(_ status: WaiverStatus, to page: inout Page) {
    page.flow(
      [
        .host(status.waiver.id, .bold), .prose(": "), .prose(site.text(of: status)),
        .prose("; "), .host(status.waiver.rule), .prose(", "),
        .prose(
          status.covers.isEmpty
            ? site.text(of: status.waiver.scope)
            : status.covers.map(\.host).joined(separator: ", ")),
      ], at: 2, hanging: 4)
    for concern in status.concerns {
      page.flow([.prose(site.concern(concern), .yellow)], at: 4, hanging: 6)
    }
  }
}
