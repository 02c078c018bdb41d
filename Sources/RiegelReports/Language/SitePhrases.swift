import RiegelModel

/// What reports on sites, acceptances, statements and plans say in words of their own.
///
/// Apart from `Phrases` because a host audited without a site needs none of it. The vocabulary of
/// risks is that of ISO 14971.
protocol SitePhrases: Sendable {
  func day(_ instant: Instant) -> String

  // Words for the values of the model.
  func severity(_ severity: HarmSeverity) -> String
  func probability(_ probability: HarmProbability) -> String
  func state(_ state: Waiver.State) -> String
  func concern(_ concern: WaiverStatus.Concern) -> String
  func state(_ state: Attestation.State) -> String
  func state(_ state: StatementStatus.State) -> String
  func state(_ state: DirectiveRowStatus.State) -> String
  func action(_ action: LevelPlan.Step.Action) -> String
  func claim(_ claim: Attestation.Claim) -> String

  // One host in its site.
  var labelSite: String { get }
  func place(_ host: String, _ zone: String, _ site: String, isEssential: Bool) -> String
  var labelAccepted: String { get }
  func accepted(_ day: String, _ waivers: [String], isWhole: Bool, lifts: Bool) -> String
  func verdictAccepted(_ accepted: Int, left: Int) -> String
  func achieved(_ ceiling: String, _ lifted: [String]) -> String
  func systemLevels(_ catalogue: String) -> String

  // Acceptances.
  func acceptancesHeading(_ count: Int) -> String
  var noAcceptances: String { get }
  var riskListTitle: String { get }
  var riskListIntroduction: String { get }
  func stateUntil(_ state: String, _ day: String) -> String
  func stateSince(_ state: String, _ day: String) -> String
  var labelRule: String { get }
  var labelScope: String { get }
  var labelFinding: String { get }
  var labelReason: String { get }
  var labelHazard: String { get }
  var labelSituation: String { get }
  var labelHarm: String { get }
  var labelInitialRisk: String { get }
  var labelMeasures: String { get }
  var labelResidualRisk: String { get }
  var labelOwner: String { get }
  var labelApprover: String { get }
  var labelApproved: String { get }
  var labelExpires: String { get }
  var labelState: String { get }
  var labelCovers: String { get }
  var wholeSite: String { get }
  var wholeRule: String { get }
  var noMeasure: String { get }
  func risk(_ severity: String, _ probability: String) -> String
  func zone(_ id: String) -> String
  var matrixTitle: String { get }

  // Statements of persons.
  func statementsHeading(_ due: Int, _ all: Int) -> String
  func contradicted(by rules: [String]) -> String
  func missingStatements(_ count: Int) -> String
  var contradictedMeasure: String { get }
  func dueCount(_ count: Int) -> String
  var nothingDue: String { get }
  var askStatement: String { get }
  var askPerson: String { get }
  func askDay(_ today: String) -> String
  func askValidity(_ standard: String) -> String
  var askDocument: String { get }
  func wanted(_ document: String) -> String
  func written(_ path: String) -> String

  // Norms and the directive.
  func directiveHeading(_ annexes: [Int]) -> String
  func rowCount(_ count: Int, _ state: DirectiveRowStatus.State) -> String
  var halfSeen: String { get }
  func normsHint(_ count: Int) -> String
  var normsHeading: String { get }
  var labelHandIn: String { get }
  var labelLimits: String { get }
  func normCounts(_ passed: Int, _ failed: Int, _ undecided: Int) -> String

  // Zones.
  func siteTitle(_ site: String) -> String
  func zoneHeading(_ title: String, _ hosts: Int) -> String
  func notAudited(_ hosts: [String]) -> String
  var hostNotAudited: String { get }
  func withAcceptances(_ ceiling: String) -> String
  var hostsHeading: String { get }
  func hostCounts(_ failed: Int, accepted: Int, _ undecided: Int, _ passed: Int) -> String
  var zonesExplained: String { get }

  // The way to a level.
  func planTitle(_ level: String, _ host: String?) -> String
  var planOutlook: String { get }
  func planSteps(_ count: Int) -> String
  var planNothing: String { get }
  func gain(_ gain: LevelPlan.Gain) -> String
  var labelNeededFor: String { get }
  var labelRaises: String { get }
  var labelValues: String { get }
  var raisesLater: String { get }
  var acceptedStep: String { get }
  func attestStep(_ requirement: String) -> String
  func justifyStep(_ requirement: String) -> String
  var decideStep: String { get }
  func planWithoutRule(_ count: Int) -> String
  var withoutRuleExplained: String { get }
  func planUnseen(_ count: Int) -> String
  func planPartlyUnseen(_ count: Int) -> String
  var attestedMark: String { get }
  func planReached(_ level: String) -> String
  func planNotReached(_ level: String, _ foundations: [String]) -> String
}

extension Language {
  var sitePhrases: any SitePhrases {
    switch self {
    case .en: SiteEnglish()
    case .de: SiteGerman()
    }
  }
}
