import RiegelModel

/// The words of the HTML page, which holds both languages at once.
///
/// Sentences with numbers in them are `Phrases`; here stand words that take nothing.
enum Label: CaseIterable, Sendable {
  // The frame.
  case report, overview, findings, evidence, everything, views, skip, language, print, theme
  case selfContained

  // The overview.
  case verdict, levels, levelsOfAim, foundation, aim, interval, standing, levelScale
  case legendShown, legendOpen, legendMissing, legendAim
  case coreMeasures, topRisks, notDone, noRisks, topFailures, changes, changesNone
  case newlyFailed, fixed, newlyUndecided, addedRules, removedRules, changedLevels
  case otherHost, otherContent

  // Zones of a site.
  case zones, zone, glance, keptBy, papers

  // Findings.
  case search, searchHint, outcome, severity, topic, all, shownCount, nothingShown
  case openAll, closeAll, reset, copyFix, copyFinding, copied, copyFailed
  case why, expected, found, place, fix, effort, decides, supports, references, parameters
  case notes, byLevel, moreRows, new, needsScript

  // Evidence for auditors.
  case contents, provenance, requirements, requirement, level, rules, openWhy, noRuleLooks
  case measures, measure, statements, statementsOpen, documentWanted, validMonths, attestations
  case acceptances, acceptancesNone, attestationsNone, statedBy, accepted, directiveRow, norms,
    norm, contribution, limits, threats, threat
  case parametersInForce, parametersOthers, parameter, value, setBy, undecided, undecidedNone
  case host, machineID, system, kernel, target, rights, asRoot, notRoot, time, profile
  case component, tool, content, counts, openedBy, packages, packagesUnknown

  var text: Localized {
    switch self {
    case .report: .init(en: "Security audit", de: "Sicherheitsprüfung")
    case .overview: .init(en: "For management", de: "Für die Leitung")
    case .findings: .init(en: "For technicians", de: "Für die Technik")
    case .evidence: .init(en: "For auditors", de: "Für die Revision")
    case .everything: .init(en: "Everything", de: "Alles")
    case .views: .init(en: "Parts of the report", de: "Teile des Berichts")
    case .skip: .init(en: "Skip to the content", de: "Zum Inhalt springen")
    case .language: .init(en: "Language", de: "Sprache")
    case .print: .init(en: "Print", de: "Drucken")
    case .theme: .init(en: "Light or dark", de: "Hell oder dunkel")
    case .selfContained:
      .init(
        en: "This page is one file. It loads nothing and sends nothing.",
        de: "Diese Seite ist eine einzige Datei. Sie lädt nichts nach und sendet nichts.")

    case .verdict: .init(en: "Verdict", de: "Fazit")
    case .levels: .init(en: "Security levels", de: "Security Level")
    case .levelsOfAim:
      .init(en: "Security levels against the aim", de: "Security Level und Ziel")
    case .foundation: .init(en: "Foundational requirement", de: "Grundanforderung")
    case .aim: .init(en: "Aim", de: "Ziel")
    case .interval: .init(en: "Interval", de: "Spanne")
    case .standing: .init(en: "Standing", de: "Stand")
    case .levelScale: .init(en: "SL 0 to 4", de: "SL 0 bis 4")
    case .legendShown: .init(en: "evidenced", de: "belegt")
    case .legendOpen:
      .init(en: "open: neither shown nor refuted", de: "offen: weder belegt noch widerlegt")
    case .legendMissing: .init(en: "refuted, short of the aim", de: "widerlegt, zum Ziel fehlend")
    case .legendAim: .init(en: "aim", de: "Ziel")
    case .coreMeasures: .init(en: "The eight core measures", de: "Die acht Kernmaßnahmen")
    case .topRisks: .init(en: "The greatest risks", de: "Die größten Risiken")
    case .notDone: .init(en: "not done", de: "nicht umgesetzt")
    case .noRisks:
      .init(
        en: "No threat is known to find an open door. What is open has not been ruled out.",
        de: "Von keiner Bedrohung ist bekannt, dass ihr etwas offen steht. Was ungeklärt ist, ist"
          + " damit nicht ausgeschlossen.")
    case .topFailures: .init(en: "What weighs most", de: "Was am schwersten wiegt")
    case .changes:
      .init(en: "Changes since the last audit", de: "Änderungen seit der letzten Prüfung")
    case .changesNone: .init(en: "No verdict has changed.", de: "Kein Ergebnis hat sich geändert.")
    case .newlyFailed: .init(en: "Newly not met", de: "Neu nicht erfüllt")
    case .fixed: .init(en: "Mended", de: "Behoben")
    case .newlyUndecided: .init(en: "No longer decidable", de: "Nicht mehr entscheidbar")
    case .addedRules: .init(en: "Rules that are new", de: "Neue Regeln")
    case .removedRules: .init(en: "Rules that are gone", de: "Entfallene Regeln")
    case .changedLevels: .init(en: "Levels that changed", de: "Geänderte Level")
    case .otherHost:
      .init(
        en: "The earlier audit is of a host with another name or machine ID.",
        de: "Die frühere Prüfung ist von einem Rechner mit anderem Namen oder anderer"
          + " Maschinenkennung.")
    case .otherContent:
      .init(
        en: "Rules or profile differ, so a change need not come from the host.",
        de: "Regeln oder Profil sind andere; eine Änderung muss also nicht am Rechner liegen.")

    case .zones: .init(en: "Zones", de: "Zonen")
    case .zone: .init(en: "Zone", de: "Zone")
    case .glance: .init(en: "At a glance", de: "Auf einen Blick")
    case .keptBy: .init(en: "Kept there by", de: "Dort gehalten durch")
    case .papers: .init(en: "Acceptances and statements", de: "Akzeptanzen und Erklärungen")

    case .search: .init(en: "Search", de: "Suche")
    case .searchHint:
      .init(en: "rule, file, user, CR 1.1 …", de: "Regel, Datei, Benutzer, CR 1.1 …")
    case .outcome: .init(en: "Outcome", de: "Ergebnis")
    case .severity: .init(en: "Severity", de: "Schwere")
    case .topic: .init(en: "Topic", de: "Thema")
    case .all: .init(en: "all", de: "alle")
    case .shownCount: .init(en: "%1 of %2 findings shown", de: "%1 von %2 Befunden angezeigt")
    case .nothingShown:
      .init(
        en: "Nothing fits. Change the search or the filters.",
        de: "Nichts passt. Suche oder Filter ändern.")
    case .openAll: .init(en: "Open all", de: "Alle aufklappen")
    case .closeAll: .init(en: "Close all", de: "Alle zuklappen")
    case .reset: .init(en: "Reset filters", de: "Filter zurücksetzen")
    case .copyFix: .init(en: "Copy fix", de: "Abhilfe kopieren")
    case .copyFinding: .init(en: "Copy finding", de: "Befund kopieren")
    case .copied: .init(en: "Copied", de: "Kopiert")
    case .copyFailed: .init(en: "Could not copy", de: "Kopieren nicht möglich")
    case .why: .init(en: "Why", de: "Warum")
    case .expected: .init(en: "Expected", de: "Soll")
    case .found: .init(en: "Found", de: "Ist")
    case .place: .init(en: "Where", de: "Fundstelle")
    case .fix: .init(en: "Fix", de: "Abhilfe")
    case .effort: .init(en: "Effort", de: "Aufwand")
    case .decides: .init(en: "Decides", de: "Entscheidet")
    case .supports: .init(en: "Supports", de: "Stützt")
    case .references: .init(en: "See also", de: "Siehe auch")
    case .parameters: .init(en: "Setting", de: "Einstellung")
    case .notes: .init(en: "Note", de: "Hinweis")
    case .byLevel: .init(en: "By level", de: "Je Level")
    case .moreRows:
      .init(en: "more rows in the JSON report", de: "weitere Zeilen im JSON-Bericht")
    case .new: .init(en: "new", de: "neu")
    case .needsScript:
      .init(
        en: "Search and filters need JavaScript; everything is shown without.",
        de: "Suche und Filter brauchen JavaScript; ohne wird alles angezeigt.")

    case .contents: .init(en: "Contents", de: "Inhalt")
    case .provenance:
      .init(en: "What was audited, when and with what", de: "Was wann womit geprüft wurde")
    case .requirements: .init(en: "Requirement by requirement", de: "Anforderung für Anforderung")
    case .requirement: .init(en: "Requirement", de: "Anforderung")
    case .level: .init(en: "Level", de: "Level")
    case .rules: .init(en: "Rules and evidence", de: "Regeln und Belege")
    case .openWhy: .init(en: "Open because", de: "Offen, weil")
    case .noRuleLooks: .init(en: "no rule looks at it", de: "keine Regel prüft es")
    case .measures: .init(en: "Measures and statements", de: "Maßnahmen und Erklärungen")
    case .measure: .init(en: "Measure", de: "Maßnahme")
    case .statements: .init(en: "Statements", de: "Erklärungen")
    case .statementsOpen:
      .init(en: "Statements that nobody has made", de: "Erklärungen, die niemand abgegeben hat")
    case .documentWanted: .init(en: "Document", de: "Nachweis")
    case .validMonths: .init(en: "Valid (months)", de: "Gültig (Monate)")
    case .attestations: .init(en: "Attestations", de: "Bestätigungen")
    case .acceptances: .init(en: "Risk acceptances", de: "Risikoakzeptanzen")
    case .acceptancesNone:
      .init(
        en: "This audit knows of no accepted risk; every failure counts.",
        de: "In dieser Prüfung ist kein Risiko akzeptiert; jede Abweichung zählt.")
    case .attestationsNone:
      .init(
        en: "No statement of a person is recorded in this audit.",
        de: "In dieser Prüfung ist keine Erklärung einer Person hinterlegt.")
    case .directiveRow: .init(en: "Row", de: "Zeile")
    case .statedBy: .init(en: "Stated by", de: "Erklärt von")
    case .accepted: .init(en: "risk accepted", de: "Risiko akzeptiert")
    case .norms: .init(en: "Laws and norms", de: "Gesetze und Normen")
    case .norm: .init(en: "Law or norm", de: "Gesetz oder Norm")
    case .contribution: .init(en: "What this audit contributes", de: "Was diese Prüfung beiträgt")
    case .limits: .init(en: "What it cannot show", de: "Was sie nicht zeigen kann")
    case .threats: .init(en: "Threats", de: "Bedrohungen")
    case .threat: .init(en: "Threat", de: "Bedrohung")
    case .parametersInForce: .init(en: "Parameters in force", de: "Geltende Parameter")
    case .parametersOthers:
      .init(
        en:
          "All other parameters have the value that the rule itself gives; each finding shows it.",
        de:
          "Alle übrigen Parameter haben den Wert, den die Regel selbst vorgibt; er steht bei jedem"
          + " Befund.")
    case .parameter: .init(en: "Parameter", de: "Parameter")
    case .value: .init(en: "Value", de: "Wert")
    case .setBy: .init(en: "Set by", de: "Gesetzt durch")
    case .undecided: .init(en: "What is open, and why", de: "Was offen ist, und warum")
    case .undecidedNone: .init(en: "Every rule was decided.", de: "Jede Regel war zu entscheiden.")
    case .host: .init(en: "Host", de: "Rechner")
    case .machineID: .init(en: "Machine ID", de: "Maschinenkennung")
    case .system: .init(en: "Operating system", de: "Betriebssystem")
    case .kernel: .init(en: "Kernel version", de: "Kernel")
    case .target: .init(en: "Read from", de: "Gelesen aus")
    case .rights: .init(en: "Rights", de: "Rechte")
    case .asRoot: .init(en: "as root", de: "als root")
    case .notRoot: .init(en: "without root's rights", de: "ohne root-Rechte")
    case .time: .init(en: "Time", de: "Zeitpunkt")
    case .profile: .init(en: "Profile", de: "Profil")
    case .component: .init(en: "Component type", de: "Komponententyp")
    case .tool: .init(en: "Tool", de: "Werkzeug")
    case .content: .init(en: "Rules (SHA-256)", de: "Regelstand (SHA-256)")
    case .counts: .init(en: "Outcomes", de: "Ergebnisse")
    case .openedBy: .init(en: "Measures that are refuted", de: "Widerlegte Maßnahmen")
    case .packages: .init(en: "Packages seen", de: "Gesehene Pakete")
    case .packagesUnknown: .init(en: "not known", de: "nicht bekannt")
    }
  }
}
