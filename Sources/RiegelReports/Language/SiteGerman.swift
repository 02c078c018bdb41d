import RiegelModel

struct SiteGerman: SitePhrases {
  func day(_ instant: Instant) -> String {
    let parts = instant.date.split(separator: "-").map(String.init)
    return parts.count == 3 ? "\(parts[2]).\(parts[1]).\(parts[0])" : instant.date
  }

  func severity(_ severity: HarmSeverity) -> String {
    switch severity {
    case .negligible: "vernachlässigbar"
    case .minor: "gering"
    case .serious: "ernst"
    case .critical: "kritisch"
    case .catastrophic: "katastrophal"
    }
  }
  func probability(_ probability: HarmProbability) -> String {
    switch probability {
    case .improbable: "unwahrscheinlich"
    case .remote: "fernliegend"
    case .occasional: "gelegentlich"
    case .probable: "wahrscheinlich"
    case .frequent: "häufig"
    }
  }
  func state(_ state: Waiver.State) -> String {
    switch state {
    case .inForce: "in Kraft"
    case .expired: "abgelaufen"
    case .selfApproved: "vom Verantwortlichen selbst genehmigt, zählt nicht"
    case .notYet: "noch nicht in Kraft"
    }
  }
  func concern(_ concern: WaiverStatus.Concern) -> String {
    switch concern {
    case .unused: "Ungenutzt: Nichts, was sie abdeckt, ist zu beanstanden. Bitte zurückziehen."
    case .everyHost:
      "Zu weit gefasst: Sie nennt keinen Rechner und würde auch einen entschuldigen, der morgen"
        + " dazukommt."
    case .everyFinding:
      "Zu weit gefasst: Die Regel findet mehreres, und die Akzeptanz nennt nichts davon."
    case .wideFinding: "Zu weit gefasst: Ihr Muster deckt mehrere Befunde ab."
    case .noMeasures: "Keine Risikobeherrschungsmaßnahme: SL-A wird nicht angehoben."
    }
  }
  func state(_ state: Attestation.State) -> String {
    switch state {
    case .valid: "gültig"
    case .dueSoon: "bald fällig, gültig"
    case .expired: "abgelaufen"
    case .notYet: "noch nicht gültig"
    case .contradicted: "widersprochen"
    }
  }
  func state(_ state: StatementStatus.State) -> String {
    switch state {
    case .valid: "gültig"
    case .dueSoon: "bald fällig, gültig"
    case .expired: "abgelaufen"
    case .contradicted: "widersprochen"
    case .missing: "fehlt"
    }
  }
  func state(_ state: DirectiveRowStatus.State) -> String {
    switch state {
    case .refuted: "widerlegt"
    case .seen: "am Rechner gesehen"
    case .attested: "bestätigt"
    case .open: "offen"
    case .notCheckable: "an diesem System nicht prüfbar"
    }
  }
  func action(_ action: LevelPlan.Step.Action) -> String {
    switch action {
    case .fix: "beheben"
    case .decide: "klären"
    case .attest: "bestätigen"
    case .justify: "begründen"
    }
  }
  func claim(_ claim: Attestation.Claim) -> String {
    switch claim {
    case .met: "erfüllt"
    case .notApplicable: "hat hier keinen Gegenstand"
    }
  }

  var labelSite: String { "Standort" }
  func place(_ host: String, _ zone: String, _ site: String, isEssential: Bool) -> String {
    "\(host) in der Zone \(zone) von \(site)" + (isEssential ? ", wesentliche Funktion" : "")
  }
  var labelAccepted: String { "Akzeptiert" }
  func accepted(_ day: String, _ waivers: [String], isWhole: Bool, lifts: Bool) -> String {
    let names = waivers.joined(separator: ", ")
    if !isWhole { return "zum Teil, bis \(day) (\(names)); der Rest zählt" }
    return "bis \(day) (\(names))"
      + (lifts ? "" : "; ohne Risikobeherrschungsmaßnahmen, daher wird SL-A nicht angehoben")
  }
  func verdictAccepted(_ accepted: Int, left: Int) -> String {
    "Bei \(accepted) davon ist das Risiko vorerst akzeptiert; ohne sie "
      + (left == 1 ? "bleibt 1." : "bleiben \(left).")
  }
  func achieved(_ ceiling: String, _ lifted: [String]) -> String {
    "mit akzeptierten Risiken bis \(ceiling) (SL-A): \(lifted.joined(separator: ", "))"
  }
  func systemLevels(_ catalogue: String) -> String {
    "Für Systeme (\(catalogue), abgeleitet über die Entsprechung zu 4-2):"
  }

  func acceptancesHeading(_ count: Int) -> String { "Akzeptierte Risiken: \(count)" }
  var noAcceptances: String { "Kein Risiko ist akzeptiert." }
  var riskListTitle: String { "Liste der akzeptierten Risiken" }
  var riskListIntroduction: String {
    "Jeder Eintrag akzeptiert das Risiko eines Befunds bis zu einem Tag. Schweregrad und"
      + " Wahrscheinlichkeit des Schadens sind Schätzungen des Verantwortlichen vor der"
      + " Risikobeherrschung und mit den Maßnahmen (Restrisiko); ob ein Restrisiko vertretbar ist,"
      + " entscheiden Menschen, nicht diese Liste."
  }
  func stateUntil(_ state: String, _ day: String) -> String { "\(state) bis \(day)" }
  func stateSince(_ state: String, _ day: String) -> String { "\(state) seit \(day)" }
  var labelRule: String { "Regel" }
  var labelScope: String { "Geltung" }
  var labelFinding: String { "Befund" }
  var labelReason: String { "Grund" }
  var labelHazard: String { "Gefährdung" }
  var labelSituation: String { "Gefährdungssituation" }
  var labelHarm: String { "Schaden" }
  var labelInitialRisk: String { "Ausgangsrisiko" }
  var labelMeasures: String { "Risikobeherrschung" }
  var labelResidualRisk: String { "Restrisiko" }
  var labelOwner: String { "Verantwortlich" }
  var labelApprover: String { "Genehmigt von" }
  var labelApproved: String { "Genehmigt am" }
  var labelExpires: String { "Gilt bis" }
  var labelState: String { "Stand" }
  var labelCovers: String { "Deckt ab" }
  var wholeSite: String { "jeder Rechner des Standorts" }
  var wholeRule: String { "was immer die Regel findet" }
  var noMeasure: String { "keine" }
  func risk(_ severity: String, _ probability: String) -> String {
    "Schweregrad \(severity) × Wahrscheinlichkeit \(probability)"
  }
  func zone(_ id: String) -> String { "Zone \(id)" }
  var matrixTitle: String { "Schweregrad × Wahrscheinlichkeit, Ausgangs- → Restrisiko" }

  func statementsHeading(_ due: Int, _ all: Int) -> String {
    "Erklärungen von Personen: \(due) von \(all) fällig"
  }
  func contradicted(by rules: [String]) -> String {
    "auf einem Rechner nicht erfüllt: \(rules.joined(separator: ", "))"
  }
  func missingStatements(_ count: Int) -> String { count == 1 ? "1 fehlt" : "\(count) fehlen" }
  var contradictedMeasure: String { "obwohl etwas davon bestätigt ist" }
  func dueCount(_ count: Int) -> String {
    count == 1 ? "1 Erklärung ist fällig." : "\(count) Erklärungen sind fällig."
  }
  var nothingDue: String { "Nichts ist fällig." }
  var askStatement: String { "Welche Erklärung? (Kennung; `riegel attest list` zeigt alle)" }
  var askPerson: String { "Wer gibt sie ab? (Name)" }
  func askDay(_ today: String) -> String { "An welchem Tag? [\(today)]" }
  func askValidity(_ standard: String) -> String { "Wie lange gilt sie? [\(standard)]" }
  var askDocument: String { "Welche Datei belegt sie? (Pfad unterhalb des Standort-Ordners)" }
  func wanted(_ document: String) -> String { "Verlangter Nachweis: \(document)" }
  func written(_ path: String) -> String { "\(path) geschrieben" }

  func directiveHeading(_ annexes: [Int]) -> String {
    "KBV-Richtlinie, \(annexes.count == 1 ? "Anlage" : "Anlagen")"
      + " \(annexes.map(String.init).joined(separator: ", "))"
  }
  func rowCount(_ count: Int, _ state: DirectiveRowStatus.State) -> String {
    "\(count) \(self.state(state))"
  }
  var halfSeen: String { "gesehen, soweit eine Prüfung es kann; den Rest muss jemand bestätigen" }
  func normsHint(_ count: Int) -> String {
    "Welche Teile dieses Berichts als Nachweis für \(count) Gesetze und Normen dienen: --verbose."
  }
  var normsHeading: String { "Gesetze und Normen" }
  var labelHandIn: String { "Vorlegen" }
  var labelLimits: String { "Nicht gezeigt" }
  func normCounts(_ passed: Int, _ failed: Int, _ undecided: Int) -> String {
    "\(passed) erfüllt, \(failed) nicht erfüllt, \(undecided) nicht entscheidbar"
  }

  func siteTitle(_ site: String) -> String { "Riegel-Prüfung des Standorts \(site)" }
  func zoneHeading(_ title: String, _ hosts: Int) -> String { "Zone \(title) (\(hosts) Rechner)" }
  func notAudited(_ hosts: [String]) -> String {
    "Nicht geprüft: \(hosts.joined(separator: ", ")). Von ihnen ist nichts gezeigt, daher liegt"
      + " keine Untergrenze über SL0."
  }
  var hostNotAudited: String { "nicht geprüft" }
  func withAcceptances(_ ceiling: String) -> String { "mit akzeptierten Risiken bis \(ceiling)" }
  var hostsHeading: String { "Rechner" }
  func hostCounts(_ failed: Int, accepted: Int, _ undecided: Int, _ passed: Int) -> String {
    "\(failed) nicht erfüllt" + (accepted > 0 ? " (\(accepted) akzeptiert)" : "")
      + ", \(undecided) nicht entscheidbar, \(passed) erfüllt"
  }
  var zonesExplained: String {
    "Eine Zone hat das Minimum über ihre Rechner. Zu jeder Zeile stehen die Rechner, die sie dort"
      + " halten, mit den Anforderungen, an denen es liegt."
  }

  func planTitle(_ level: String, _ host: String?) -> String {
    "Der Weg zu \(level)" + (host.map { " für \($0)" } ?? "")
  }
  var planOutlook: String { "Jetzt und nach allen Schritten" }
  func planSteps(_ count: Int) -> String { count == 1 ? "1 Schritt" : "\(count) Schritte" }
  var planNothing: String { "Von dem, was Regeln und Personen sagen können, fehlt nichts." }
  func gain(_ gain: LevelPlan.Gain) -> String {
    "\(gain.foundation.abbreviation) \(gain.floorBefore.description) bis "
      + "\(gain.ceilingBefore.description) → \(gain.floor.description) bis "
      + gain.ceiling.description
  }
  var labelNeededFor: String { "Nötig für" }
  var labelRaises: String { "Hebt" }
  var labelValues: String { "Werte" }
  var raisesLater: String {
    "allein nichts, nur zusammen mit anderen Schritten"
  }
  var acceptedStep: String {
    "Das Risiko ist vorerst akzeptiert: SL-A kommt ohne diesen Schritt aus, SL-C nicht."
  }
  func attestStep(_ requirement: String) -> String {
    "Jemand muss bestätigen, was keine Prüfung davon sieht, mit Nachweis:"
      + " `riegel attest new --requirement '\(requirement)'`."
  }
  func justifyStep(_ requirement: String) -> String {
    "Keine Regel, die darüber entscheidet, ist hier anwendbar. Hat die Anforderung auf diesem Rechner"
      + " keinen Gegenstand, ist das zu begründen:"
      + " `riegel attest new --requirement '\(requirement)' --claim not-applicable`."
  }
  var decideStep: String {
    "Es gibt kein Ergebnis. Den laufenden Rechner als root prüfen oder selbst nachsehen."
  }
  func planWithoutRule(_ count: Int) -> String { "Von keiner Regel entschieden: \(count)" }
  var withoutRuleExplained: String {
    "Solange diese offen sind, bleibt die Untergrenze unter dem Level: Keine ausgewählte Regel"
      + " entscheidet darüber. Eine Regel schreiben oder auswählen, oder begründen, dass sie hier"
      + " keinen Gegenstand haben."
  }
  func planUnseen(_ count: Int) -> String { "Kann keine Prüfung je zeigen: \(count)" }
  func planPartlyUnseen(_ count: Int) -> String {
    "Kann eine Prüfung nur zum Teil zeigen: \(count)"
  }
  var attestedMark: String { "bestätigt" }
  func planReached(_ level: String) -> String {
    "Nach allen Schritten liegen Unter- und Obergrenze bei \(level)."
  }
  func planNotReached(_ level: String, _ foundations: [String]) -> String {
    "Nach allen Schritten ist nichts widerlegt, was \(level) verlangt; die Untergrenze bleibt aber"
      + " unter \(level) bei \(foundations.joined(separator: ", ")): siehe, was keine Regel"
      + " entscheidet."
  }
}
