package import RiegelModel

extension JSONWriter {
  mutating func members(of waiver: FindingWaiver) {
    member("waivers", waiver.waivers)
    member("whole", waiver.isWhole)
    member("compensated", waiver.isCompensated)
    member("expires", waiver.expires.date)
  }

  mutating func members(of level: AchievedLevel) {
    member("catalogue", level.catalogue)
    member("foundation", level.foundation)
    member("ceiling", level.ceiling.description)
    member("lifted", level.lifted)
    requirements("limitsCeiling", level.limitsCeiling)
  }

  mutating func members(of status: StatementStatus) {
    member("id", status.id)
    member("text", status.text)
    member("state", status.state.rawValue)
    member("until", status.until?.date)
    member("attestation", status.attestation)
  }

  mutating func members(of norm: NormStatus) {
    member("id", norm.id)
    member("title", norm.title)
    member("contribution", norm.contribution)
    member("limits", norm.limits)
    array("sections", norm.sections) { writer, section in
      writer.object {
        $0.member("id", section.id)
        $0.member("title", section.title)
      }
    }
    member("measures", norm.measures)
    member("passed", norm.passed)
    member("failed", norm.failed)
    member("undecided", norm.undecided)
  }

  mutating func members(of row: DirectiveRowStatus) {
    member("id", row.id)
    member("annex", row.annex)
    member("subject", row.subject)
    member("title", row.title)
    member("state", row.state.rawValue)
    member("rules", row.rules)
    member("attestation", row.attestation)
    member("needsPerson", row.needsPerson)
  }

  mutating func members(of site: SiteStatus) {
    member("id", site.id)
    member("title", site.title)
    member("host", site.host)
    member("zone", site.zone)
    member("zoneTitle", site.zoneTitle)
    member("essential", site.isEssential)
    array("waivers", site.waivers) { writer, status in
      writer.object { $0.members(of: status) }
    }
    array("attestations", site.attestations) { writer, status in
      writer.object { $0.members(of: status) }
    }
  }

  /// In the words of ISO 14971.
  mutating func members(of status: WaiverStatus) {
    let waiver = status.waiver
    member("id", waiver.id)
    member("rule", waiver.rule)
    member("hosts", waiver.scope.hosts)
    member("zones", waiver.scope.zones)
    member("finding", waiver.finding)
    member("reason", waiver.reason)
    member("hazard", waiver.hazard)
    member("hazardousSituation", waiver.situation)
    member("harm", waiver.harm)
    estimate("initialRisk", waiver.before)
    estimate("residualRisk", waiver.after)
    array("riskControlMeasures", waiver.measures) { writer, measure in
      writer.object {
        $0.member("en", measure.en)
        $0.member("de", measure.de)
      }
    }
    member("owner", waiver.owner)
    member("approver", waiver.approver)
    member("approved", waiver.approved.date)
    member("expires", waiver.expires.date)
    place(waiver.place)
    member("state", status.state.rawValue)
    member("concerns", status.concerns.map(\.rawValue))
    array("covers", status.covers) { writer, cover in
      writer.object {
        $0.member("host", cover.host)
        $0.member("subjects", cover.subjects)
      }
    }
  }

  private mutating func estimate(_ name: String, _ estimate: RiskEstimate) {
    object(name) {
      $0.member("severity", estimate.severity.rawValue)
      $0.member("probability", estimate.probability.rawValue)
    }
  }

  private mutating func place(_ place: Place) {
    object("place") {
      $0.member("file", place.file)
      $0.member("line", place.line)
      $0.member("column", place.column)
    }
  }

  mutating func members(of status: AttestationStatus) {
    let attestation = status.attestation
    member("id", attestation.id)
    switch attestation.subject {
    case .statement: member("about", "statement")
    case .requirements: member("about", "requirements")
    case .rows: member("about", "rows")
    }
    member("ids", attestation.subject.ids)
    member("claim", attestation.claim.rawValue)
    member("hosts", attestation.scope.hosts)
    member("zones", attestation.scope.zones)
    member("text", attestation.text)
    member("person", attestation.person)
    member("day", attestation.day.date)
    member("validFor", attestation.validity.description)
    member("until", attestation.until.date)
    object("document") {
      $0.member("file", attestation.document.file)
      $0.member("sha256", attestation.document.sha256)
    }
    place(attestation.place)
    member("state", status.state.rawValue)
    member("contradictedBy", status.contradictedBy)
  }
}

extension SiteReport {
  /// The zones and what stands behind them; the audits themselves are files of their own.
  package static func json(_ audit: SiteAudit) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("format", SiteAudit.format)
      writer.member("kind", "site-audit")
      writer.object("tool") {
        $0.member("name", "riegel")
        $0.member("version", audit.toolVersion)
      }
      writer.member("content", audit.contentHash)
      writer.member("moment", audit.moment.description)
      writer.object("site") {
        $0.member("id", audit.id)
        $0.member("title", audit.title)
      }
      writer.array("zones", audit.zones) { writer, zone in
        writer.object { $0.members(of: zone) }
      }
      writer.array("hosts", audit.audits) { writer, host in
        writer.object { $0.summary(of: host) }
      }
      writer.array("waivers", audit.waivers) { writer, status in
        writer.object { $0.members(of: status) }
      }
      writer.array("attestations", audit.attestations) { writer, status in
        writer.object { $0.members(of: status) }
      }
    }
    writer.end()
    return writer.bytes
  }
}

extension JSONWriter {
  fileprivate mutating func members(of zone: ZoneStatus) {
    member("id", zone.id)
    member("title", zone.title)
    member("hosts", zone.hosts)
    member("notAudited", zone.notAudited)
    array("levels", zone.intervals) { writer, interval in
      writer.object { writer in
        writer.member("catalogue", interval.catalogue)
        writer.member("foundation", interval.foundation.id)
        writer.member("abbreviation", interval.foundation.abbreviation)
        writer.member("target", interval.target.description)
        writer.member("floor", interval.floor.description)
        writer.member("ceiling", interval.ceiling.description)
        writer.member("achieved", interval.achieved.description)
        writer.limits("limitsFloor", interval.limitsFloor)
        writer.limits("limitsCeiling", interval.limitsCeiling)
      }
    }
  }

  private mutating func limits(_ name: String, _ limits: [ZoneStatus.Limit]) {
    array(name, limits) { writer, limit in
      writer.object {
        $0.member("host", limit.host)
        $0.member("requirements", limit.requirements.map(\.id))
      }
    }
  }

  fileprivate mutating func summary(of host: Audit) {
    member("host", host.site?.host)
    member("zone", host.site?.zone)
    member("target", host.targetAddress)
    member("startedAt", host.startedAt.description)
    member("profile", host.profile.id)
    object("outcomes") { writer in
      for outcome in Outcome.allCases { writer.member(outcome.rawValue, host.count(outcome)) }
    }
    member("accepted", host.count(.fail) - host.findings.count(where: \.isUnaccepted))
  }
}
