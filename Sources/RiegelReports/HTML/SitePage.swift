package import RiegelModel

extension SiteReport {
  /// One self-contained page with the zones, in both languages, as the page on a host is.
  package static func html(_ audit: SiteAudit, _ options: ReportOptions) -> [UInt8] {
    Array(SitePage(audit: audit, language: options.language).document.html.utf8)
  }
}

/// The zones of a site as a page: all of them at a glance, each with its vector as a picture and
/// the hosts that limit it, then what persons accept and state.
private struct SitePage: HTMLParts {
  let audit: SiteAudit
  let language: Language
  private let english = SiteReport(ReportOptions(language: .en))
  private let german = SiteReport(ReportOptions(language: .de))

  init(audit: SiteAudit, language: Language) {
    self.audit = audit
    self.language = language
  }

  func reference(_ rule: String) -> Markup { "<code>\(rule)</code>" }

  private func both(_ say: (SiteReport) -> String) -> Markup {
    Markup.both(Localized(en: say(english), de: say(german)))
  }

  var document: Markup {
    frame(
      title: Localized(
        en: Language.en.sitePhrases.siteTitle(audit.title.en),
        de: Language.de.sitePhrases.siteTitle(audit.title.de)),
      heading: "\(audit.title)", under: say { $0.moment(audit.moment) },
      views: [("zones", .zones), ("papers", .papers)], main: "\(zones)\n\(papers)", language,
      tool: (audit.toolVersion, audit.contentHash))
  }

  // MARK: zones

  private var zones: Markup {
    """
    <section class=view id=zones aria-labelledby=zones-h>
    <h2 id=zones-h class=viewhead>\(Label.zones)</h2>
    <div class=card><h3 id=glance-h>\(Label.glance)</h3>\(glance)
    <p class="muted small">\(site { $0.zonesExplained })</p></div>
    \(Markup.joined(audit.zones.map(zone), by: "\n"))
    <div class=card><h3 id=hosts-h>\(site { $0.hostsHeading })</h3>\(hosts)</div>
    </section>
    """
  }

  /// A row for each zone, a sign for each of its aims.
  private var glance: Markup {
    let foundations =
      audit.zones.first { !$0.intervals.isEmpty }.map { zone in
        zone.intervals.filter { $0.catalogue == zone.intervals[0].catalogue }.map(\.foundation)
      } ?? []
    let heads = foundations.map { foundation -> Markup in
      "<th scope=col><abbr>\(foundation.abbreviation)</abbr></th>"
    }
    let rows = audit.zones.map { zone -> Markup in
      let catalogue = zone.intervals.first?.catalogue
      let cells = foundations.map { foundation -> Markup in
        guard
          let interval = zone.intervals.first(where: {
            $0.catalogue == catalogue && $0.foundation.id == foundation.id
          })
        else { return "<td>–</td>" }
        return """
          <td class=nb>\(interval.standing.map { sign($0, .small) } ?? "") \
          <span class=vh>\(both { $0.standing(of: interval) }): </span>\(interval.range)\
          <br><span class="muted small">\(Label.aim) \(interval.target.description)</span></td>
          """
      }
      return """
        <tr><th scope=row><a href="#\(anchor(zone))">\(zone.title)</a></th>\
        \(Markup.joined(cells))</tr>
        """
    }
    return scrolling(
      """
      <table><thead><tr><th scope=col>\(Label.zone)</th>\(Markup.joined(heads))</tr></thead>\
      <tbody>\(Markup.joined(rows))</tbody></table>
      """, named: "glance-h")
  }

  private func anchor(_ zone: ZoneStatus) -> String { "z-" + percentEncoded(zone.id.utf8) }

  private func zone(_ zone: ZoneStatus) -> Markup {
    let id = anchor(zone)
    let missing: Markup =
      zone.notAudited.isEmpty
      ? "" : "<p class=notice>\(site { $0.notAudited(zone.notAudited) })</p>"
    let heading = Markup.both(
      Localized(
        en: Language.en.sitePhrases.zoneHeading(zone.title.en, zone.hosts.count),
        de: Language.de.sitePhrases.zoneHeading(zone.title.de, zone.hosts.count)))
    guard let first = zone.intervals.first?.catalogue else {
      return "<div class=card id=\"\(id)\" tabindex=-1><h3>\(heading)</h3>\(missing)</div>"
    }
    let rows = zone.intervals.filter { $0.catalogue == first }.map(row)
    let derived = zone.intervals.filter { $0.catalogue != first }
    let system: Markup =
      derived.first.map { interval in
        """
        <p class="muted small">\(site { $0.systemLevels(audit.standard(interval.catalogue)) }) \
        \(derived.map { "\($0.foundation.abbreviation) \($0.range)" }.joined(separator: ", "))</p>
        """
      } ?? ""
    let table = scrolling(
      """
      <table class="levels zone"><thead><tr><th scope=col>\(Label.foundation)</th>\
      <th scope=col class=pic><span class=vh>\(Label.levelScale)</span>\(scale)</th>\
      <th scope=col>\(Label.aim)</th><th scope=col>\(Label.interval)</th>\
      <th scope=col>\(Label.standing)</th><th scope=col>\(Label.keptBy)</th></tr></thead>\
      <tbody>\(Markup.joined(rows))</tbody></table>
      """, named: id + "-h")
    return """
      <div class="card zone" id="\(id)" tabindex=-1><h3 id="\(id)-h">\(heading)</h3>\(missing)
      \(table)
      \(legend)\(system)</div>
      """
  }

  private func row(_ interval: ZoneStatus.Interval) -> Markup {
    let achieved: Markup =
      interval.achieved > interval.ceiling
      ? "<br><span class=small>\(both { $0.achieved(interval) ?? "" })</span>" : ""
    let count = english.limits(of: interval).count
    let limits = (0..<count).map { index in both { $0.limits(of: interval)[index] } }
    return """
      <tr><th scope=row><abbr>\(interval.foundation.abbreviation)</abbr> \
      \(interval.foundation.title)</th>\
      <td class=pic>\(bar(interval.floor, interval.ceiling, aim: interval.target))</td>\
      <td class=nb>\(interval.target.description)</td>\
      <td><span class=nb>\(interval.range)</span>\(achieved)</td>\
      <td>\(interval.standing.map { sign($0, .small) } ?? "") \
      \(both { $0.standing(of: interval) })</td>\
      <td class=wide>\(Markup.joined(limits, by: "<br>"))</td></tr>
      """
  }

  private var hosts: Markup {
    let titles = Dictionary(audit.zones.map { ($0.id, $0.title) }) { first, _ in first }
    let rows = audit.audits.map { host -> Markup in
      let name = host.site?.host ?? host.host.name
      let zone: Markup = host.site.map { site in titles[site.zone].map { "\($0)" } ?? "" } ?? ""
      let left = host.findings.count(where: \.isUnaccepted)
      return """
        <tr><th scope=row>\(name.map { "\($0)" } ?? say { $0.unnamedHost })</th><td>\(zone)</td>\
        <td>\(sign(left > 0 ? Standing.refuted : .open, .small)) \(both { $0.counts(host) })</td>\
        <td class=wrap>\(host.targetAddress)</td><td>\(say { $0.moment(host.startedAt) })</td></tr>
        """
    }
    return table([.host, .zone, .outcome, .target, .time], rows, named: "hosts-h")
  }

  // MARK: what persons accept and state

  private var papers: Markup {
    let accepted: Markup =
      audit.waivers.isEmpty
      ? "<p>\(site { $0.noAcceptances })</p>" : .joined(audit.waivers.map(acceptance))
    return """
      <section class=view id=papers aria-labelledby=papers-h>
      <h2 id=papers-h class=viewhead>\(Label.papers)</h2>
      <div class=card><h3>\(Label.acceptances)</h3>\(accepted)</div>
      <div class=card><h3 id=e-attestations>\(Label.attestations)</h3>\
      \(attestations(audit.attestations))</div>
      </section>
      """
  }
}
