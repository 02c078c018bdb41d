import RiegelModel

struct SiteEnglish: SitePhrases {
  func day(_ instant: Instant) -> String {
    let parts = instant.date.split(separator: "-").map(String.init)
    let months = [
      "January", "February", "March", "April", "May", "June", "July", "August", "September",
      "October", "November", "December",
    ]
    guard parts.count == 3, let month = Int(parts[1]), let day = Int(parts[2]),
      months.indices.contains(month - 1)
    else { return instant.date }
    return "\(day) \(months[month - 1]) \(parts[0])"
  }

  func severity(_ severity: HarmSeverity) -> String { severity.rawValue }
  func probability(_ probability: HarmProbability) -> String { probability.rawValue }
  func state(_ state: Waiver.State) -> String {
    switch state {
    case .inForce: "in force"
    case .expired: "expired"
    case .selfApproved: "approved by its own owner, counts for nothing"
    case .notYet: "not yet in force"
    }
  }
  func concern(_ concern: WaiverStatus.Concern) -> String {
    switch concern {
    case .unused: "Unused: nothing that it covers is wrong. Withdraw it."
    case .everyHost:
      "Over-broad: it names no host, so it would excuse one that comes tomorrow."
    case .everyFinding: "Over-broad: the rule finds several things, and it names none of them."
    case .wideFinding: "Over-broad: its pattern covers several findings."
    case .noMeasures: "No risk control measure: SL-A is not lifted."
    }
  }
  func state(_ state: Attestation.State) -> String {
    switch state {
    case .valid: "valid"
    case .dueSoon: "due soon, valid"
    case .expired: "expired"
    case .notYet: "not yet valid"
    case .contradicted: "contradicted"
    }
  }
  func state(_ state: StatementStatus.State) -> String {
    switch state {
    case .valid: "valid"
    case .dueSoon: "due soon, valid"
    case .expired: "expired"
    case .contradicted: "contradicted"
    case .missing: "missing"
    }
  }
  func state(_ state: DirectiveRowStatus.State) -> String {
    switch state {
    case .refuted: "refuted"
    case .seen: "seen on the host"
    case .attested: "attested"
    case .open: "open"
    case .notCheckable: "not checkable on this system"
    }
  }
  func action(_ action: LevelPlan.Step.Action) -> String {
    switch action {
    case .fix: "mend"
    case .decide: "decide"
    case .attest: "state"
    case .justify: "justify"
    }
  }
  func claim(_ claim: Attestation.Claim) -> String {
    switch claim {
    case .met: "met"
    case .notApplicable: "has no object here"
    }
  }

  var labelSite: String { "Site" }
  func place(_ host: String, _ zone: String, _ site: String, isEssential: Bool) -> String {
    "\(host) in the zone \(zone) of \(site)" + (isEssential ? ", an essential function" : "")
  }
  var labelAccepted: String { "Accepted" }
  func accepted(_ day: String, _ waivers: [String], isWhole: Bool, lifts: Bool) -> String {
    let names = waivers.joined(separator: ", ")
    if !isWhole { return "in part, until \(day) (\(names)); what is left counts" }
    return "until \(day) (\(names))"
      + (lifts ? "" : "; without risk control measures, so SL-A is not lifted")
  }
  func verdictAccepted(_ accepted: Int, left: Int) -> String {
    "The risk of \(accepted) of them is accepted for now; without those, \(left) "
      + (left == 1 ? "is" : "are") + " left."
  }
  func achieved(_ ceiling: String, _ lifted: [String]) -> String {
    "with accepted risks up to \(ceiling) (SL-A): \(lifted.joined(separator: ", "))"
  }
  func systemLevels(_ catalogue: String) -> String {
    "For systems (\(catalogue), derived through the correspondence with 4-2):"
  }

  func acceptancesHeading(_ count: Int) -> String { "Accepted risks: \(count)" }
  var noAcceptances: String { "No risk is accepted." }
  var riskListTitle: String { "Risk acceptance list" }
  var riskListIntroduction: String {
    "Each record accepts the risk of a finding until a day. Severity and probability of harm are the"
      + " owner's estimates before risk control and with the risk control measures in place (residual"
      + " risk); whether a residual risk is acceptable is decided by persons, not by this list."
  }
  func stateUntil(_ state: String, _ day: String) -> String { "\(state) until \(day)" }
  func stateSince(_ state: String, _ day: String) -> String { "\(state) since \(day)" }
  var labelRule: String { "Rule" }
  var labelScope: String { "Scope" }
  var labelFinding: String { "Finding" }
  var labelReason: String { "Reason" }
  var labelHazard: String { "Hazard" }
  var labelSituation: String { "Hazardous situation" }
  var labelHarm: String { "Harm" }
  var labelInitialRisk: String { "Initial risk" }
  var labelMeasures: String { "Risk control measures" }
  var labelResidualRisk: String { "Residual risk" }
  var labelOwner: String { "Owner" }
  var labelApprover: String { "Approver" }
  var labelApproved: String { "Approved" }
  var labelExpires: String { "Expires" }
  var labelState: String { "Status" }
  var labelCovers: String { "Covers" }
  var wholeSite: String { "every host of the site" }
  var wholeRule: String { "whatever the rule finds" }
  var noMeasure: String { "none" }
  func risk(_ severity: String, _ probability: String) -> String {
    "severity \(severity) × probability \(probability)"
  }
  func zone(_ id: String) -> String { "zone \(id)" }
  var matrixTitle: String { "Severity × probability, initial → residual" }

  func statementsHeading(_ due: Int, _ all: Int) -> String {
    "Statements of persons: \(due) of \(all) due"
  }
  func contradicted(by rules: [String]) -> String {
    "not met on a host: \(rules.joined(separator: ", "))"
  }
  func missingStatements(_ count: Int) -> String { "\(count) missing" }
  var contradictedMeasure: String { "in spite of what was attested" }
  func dueCount(_ count: Int) -> String {
    count == 1 ? "1 statement is due." : "\(count) statements are due."
  }
  var nothingDue: String { "Nothing is due." }
  var askStatement: String { "Which statement? (its id; `riegel attest list` shows all)" }
  var askPerson: String { "Who states it? (name)" }
  func askDay(_ today: String) -> String { "On which day? [\(today)]" }
  func askValidity(_ standard: String) -> String { "For how long does it hold? [\(standard)]" }
  var askDocument: String { "Which file shows it? (path below the site's folder)" }
  func wanted(_ document: String) -> String { "Document asked for: \(document)" }
  func written(_ path: String) -> String { "wrote \(path)" }

  func directiveHeading(_ annexes: [Int]) -> String {
    "KBV directive, \(annexes.count == 1 ? "annex" : "annexes")"
      + " \(annexes.map(String.init).joined(separator: ", "))"
  }
  func rowCount(_ count: Int, _ state: DirectiveRowStatus.State) -> String {
    "\(count) \(self.state(state))"
  }
  var halfSeen: String { "seen as far as a scan can, the rest for a person to state" }
  func normsHint(_ count: Int) -> String {
    "Which parts of this report serve as evidence for \(count) laws and norms: --verbose."
  }
  var normsHeading: String { "Laws and norms" }
  var labelHandIn: String { "Hand in" }
  var labelLimits: String { "Not shown" }
  func normCounts(_ passed: Int, _ failed: Int, _ undecided: Int) -> String {
    "\(passed) met, \(failed) not met, \(undecided) not decidable"
  }

  func siteTitle(_ site: String) -> String { "Riegel audit of the site \(site)" }
  func zoneHeading(_ title: String, _ hosts: Int) -> String {
    "Zone \(title) (\(hosts) \(hosts == 1 ? "host" : "hosts"))"
  }
  func notAudited(_ hosts: [String]) -> String {
    "Not audited: \(hosts.joined(separator: ", ")). Nothing is shown of them, so no floor is above"
      + " SL0."
  }
  var hostNotAudited: String { "not audited" }
  func withAcceptances(_ ceiling: String) -> String { "with accepted risks up to \(ceiling)" }
  var hostsHeading: String { "Hosts" }
  func hostCounts(_ failed: Int, accepted: Int, _ undecided: Int, _ passed: Int) -> String {
    "\(failed) not met" + (accepted > 0 ? " (\(accepted) accepted)" : "")
      + ", \(undecided) not decidable, \(passed) met"
  }
  var zonesExplained: String {
    "A zone has the minimum over its hosts. Named with each row are the hosts that keep it there,"
      + " with the requirements that do so."
  }

  func planTitle(_ level: String, _ host: String?) -> String {
    "The way to \(level)" + (host.map { " for \($0)" } ?? "")
  }
  var planOutlook: String { "Now and after all steps" }
  func planSteps(_ count: Int) -> String { count == 1 ? "1 step" : "\(count) steps" }
  var planNothing: String { "Nothing of what rules and persons can say is missing." }
  func gain(_ gain: LevelPlan.Gain) -> String {
    "\(gain.foundation.abbreviation) \(gain.floorBefore.description) … "
      + "\(gain.ceilingBefore.description) → \(gain.floor.description) … "
      + gain.ceiling.description
  }
  var labelNeededFor: String { "Needed for" }
  var labelRaises: String { "Raises" }
  var labelValues: String { "Values" }
  var raisesLater: String { "nothing by itself, only together with other steps" }
  var acceptedStep: String {
    "The risk is accepted for now: SL-A does without this step, SL-C does not."
  }
  func attestStep(_ requirement: String) -> String {
    "Have a person state what no scan can see of it, with a document:"
      + " `riegel attest new --requirement '\(requirement)'`."
  }
  func justifyStep(_ requirement: String) -> String {
    "No rule that decides it applies here. If it has no object on this host, justify that:"
      + " `riegel attest new --requirement '\(requirement)' --claim not-applicable`."
  }
  var decideStep: String {
    "There is no verdict. Audit the running host as root, or look at it yourself."
  }
  func planWithoutRule(_ count: Int) -> String { "Decided by no rule: \(count)" }
  var withoutRuleExplained: String {
    "The floor stays below the level while these are open: no selected rule decides them. Write a"
      + " rule, select one, or justify that they have no object here."
  }
  func planUnseen(_ count: Int) -> String { "No scan can ever show: \(count)" }
  func planPartlyUnseen(_ count: Int) -> String { "A scan can show only in part: \(count)" }
  var attestedMark: String { "attested" }
  func planReached(_ level: String) -> String {
    "After all steps floor and ceiling are at \(level)."
  }
  func planNotReached(_ level: String, _ foundations: [String]) -> String {
    "After all steps nothing that \(level) asks for is refuted, but the floor stays below \(level)"
      + " for \(foundations.joined(separator: ", ")): see what no rule decides."
  }
}
