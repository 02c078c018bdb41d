import RiegelModel

extension JSONCursor {
  func findingWaiver() throws(AuditReader.Failure) -> FindingWaiver {
    FindingWaiver(
      waivers: try self["waivers"].strings(), isWhole: try self["whole"].bool(),
      isCompensated: try self["compensated"].bool(), expires: try self["expires"].day())
  }

  func achievedLevel() throws(AuditReader.Failure) -> AchievedLevel {
    AchievedLevel(
      foundation: try self["foundation"].string(), catalogue: try self["catalogue"].string(),
      ceiling: try self["ceiling"].level(), lifted: try self["lifted"].strings(),
      limitsCeiling: try self["limitsCeiling"].requirements())
  }

  func statement() throws(AuditReader.Failure) -> StatementStatus {
    StatementStatus(
      id: try self["id"].string(), text: try self["text"].localized(),
      state: try self["state"].choice(), until: try optional("until")?.day(),
      attestation: try self["attestation"].optionalString())
  }

  func norm() throws(AuditReader.Failure) -> NormStatus {
    NormStatus(
      id: try self["id"].string(), title: try self["title"].localized(),
      contribution: try self["contribution"].localized(), limits: try self["limits"].localized(),
      sections: try self["sections"].array { (item) throws(AuditReader.Failure) in
        NormStatus.Section(id: try item["id"].string(), title: try item["title"].localized())
      },
      measures: try self["measures"].strings(), passed: try self["passed"].int(),
      failed: try self["failed"].int(), undecided: try self["undecided"].int())
  }

  func directiveRow() throws(AuditReader.Failure) -> DirectiveRowStatus {
    DirectiveRowStatus(
      id: try self["id"].string(), annex: try self["annex"].int(),
      subject: try self["subject"].localized(), title: try self["title"].localized(),
      state: try self["state"].choice(), rules: try self["rules"].strings(),
      attestation: try self["attestation"].optionalString(),
      needsPerson: try self["needsPerson"].bool())
  }

  func siteStatus() throws(AuditReader.Failure) -> SiteStatus {
    SiteStatus(
      id: try self["id"].string(), title: try self["title"].localized(),
      host: try self["host"].string(), zone: try self["zone"].string(),
      zoneTitle: try self["zoneTitle"].localized(), isEssential: try self["essential"].bool(),
      waivers: try self["waivers"].array { (item) throws(AuditReader.Failure) in
        try item.waiverStatus()
      },
      attestations: try self["attestations"].array { (item) throws(AuditReader.Failure) in
        try item.attestationStatus()
      })
  }

  private func waiverStatus() throws(AuditReader.Failure) -> WaiverStatus {
    let waiver = Waiver(
      id: try self["id"].string(), rule: try self["rule"].string(), scope: try scope(),
      finding: try self["finding"].optionalString(), reason: try self["reason"].localized(),
      hazard: try self["hazard"].localized(),
      situation: try self["hazardousSituation"].localized(), harm: try self["harm"].localized(),
      before: try self["initialRisk"].estimate(), after: try self["residualRisk"].estimate(),
      measures: try self["riskControlMeasures"].array { (item) throws(AuditReader.Failure) in
        try item.localized()
      },
      owner: try self["owner"].string(), approver: try self["approver"].string(),
      approved: try self["approved"].day(), expires: try self["expires"].day(),
      place: try self["place"].place())
    return WaiverStatus(
      waiver, state: try self["state"].choice(),
      concerns: try self["concerns"].array { (item) throws(AuditReader.Failure) in
        try item.choice()
      },
      covers: try self["covers"].array { (item) throws(AuditReader.Failure) in
        WaiverStatus.Cover(
          host: try item["host"].string(), subjects: try item["subjects"].strings())
      })
  }

  private func attestationStatus() throws(AuditReader.Failure) -> AttestationStatus {
    let about = try self["about"]
    let ids = try self["ids"].strings()
    let subject: Attestation.Subject
    switch try about.string() {
    case "statement":
      guard ids.count == 1 else { throw about.failure }
      subject = .statement(ids[0])
    case "requirements": subject = .requirements(ids)
    case "rows": subject = .rows(ids)
    default: throw about.failure
    }
    let document = try self["document"]
    let validity = try self["validFor"]
    guard let validFor = Attestation.Validity(try validity.string()) else {
      throw validity.failure
    }
    let attestation = Attestation(
      id: try self["id"].string(), subject: subject, claim: try self["claim"].choice(),
      scope: try scope(), text: try self["text"].localized(),
      person: try self["person"].string(), day: try self["day"].day(), validity: validFor,
      document: Attestation.Document(
        file: try document["file"].string(), sha256: try document["sha256"].string()),
      place: try self["place"].place())
    return AttestationStatus(
      attestation, state: try self["state"].choice(),
      contradictedBy: try self["contradictedBy"].strings())
  }

  private func scope() throws(AuditReader.Failure) -> SiteScope {
    SiteScope(hosts: try self["hosts"].strings(), zones: try self["zones"].strings())
  }

  private func estimate() throws(AuditReader.Failure) -> RiskEstimate {
    RiskEstimate(try self["severity"].choice(), try self["probability"].choice())
  }

  private func place() throws(AuditReader.Failure) -> Place {
    Place(
      file: try self["file"].string(), line: try self["line"].int(),
      column: try self["column"].int())
  }

  private func day() throws(AuditReader.Failure) -> Instant {
    guard let day = Instant(try string()) else { throw failure }
    return day
  }
}
