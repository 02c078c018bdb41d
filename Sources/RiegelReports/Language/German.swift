import RiegelModel
import SystemPackage

struct German: Phrases {
  func number(_ count: Int) -> String { grouped(count, by: ".") }

  func moment(_ instant: Instant) -> String {
    let text = Array(instant.description)
    guard text.count >= 16 else { return instant.description }
    let day = String(text[8..<10])
    let month = String(text[5..<7])
    return "\(day).\(month).\(String(text[..<4])) \(String(text[11..<16])) UTC"
  }

  func duration(_ seconds: Int) -> String {
    func unit(_ count: Int, _ one: String, _ many: String) -> String {
      "\(number(count)) \(count == 1 ? one : many)"
    }
    if seconds != 0 {
      if seconds.isMultiple(of: 86_400) { return unit(seconds / 86_400, "Tag", "Tage") }
      if seconds.isMultiple(of: 3600) { return unit(seconds / 3600, "Stunde", "Stunden") }
      if seconds.isMultiple(of: 60) { return unit(seconds / 60, "Minute", "Minuten") }
    }
    return unit(seconds, "Sekunde", "Sekunden")
  }

  func severity(_ severity: Severity) -> String {
    switch severity {
    case .critical: "kritisch"
    case .high: "hoch"
    case .medium: "mittel"
    case .low: "niedrig"
    }
  }

  func outcome(_ outcome: Outcome) -> String {
    switch outcome {
    case .pass: "erfüllt"
    case .fail: "nicht erfüllt"
    case .notApplicable: "nicht anwendbar"
    case .notCollected: "nicht erfasst"
    case .error: "nicht entscheidbar"
    case .manual: "von Hand zu prüfen"
    }
  }

  func standing(_ standing: Standing) -> String {
    switch standing {
    case .refuted: "widerlegt"
    case .evidenced: "belegt"
    case .open: "offen"
    }
  }

  func exposure(_ standing: Standing) -> String {
    switch standing {
    case .refuted: "Schutz lückenhaft"
    case .evidenced: "Schutz belegt"
    case .open: "Schutz ungeklärt"
    }
  }

  func openReason(_ reason: FoundationLevel.OpenReason) -> String {
    switch reason {
    case .noRule: "keine ausgewählte Regel prüft es"
    case .undecided: "ein Ergebnis fehlt"
    case .notAttested: "jemand muss es bestätigen"
    case .accepted: "das Risiko ist akzeptiert"
    }
  }

  func section(_ section: Measure.Section) -> String {
    switch section {
    case .core: "Kernmaßnahmen"
    case .response: "Gegenstrategien bei einem Angriff"
    case .challenge: "Herausforderungen"
    case .duty: "Weitere Pflichten"
    }
  }

  func component(_ type: ComponentType) -> String {
    switch type {
    case .softwareApplication: "Softwareanwendung (SAR)"
    case .embeddedDevice: "eingebettetes Gerät (EDR)"
    case .hostDevice: "Host-Gerät (HDR)"
    case .networkDevice: "Netzwerkgerät (NDR)"
    }
  }

  func risk(_ risk: Remediation.Risk) -> String {
    switch risk {
    case .lockout: "kann Sie aussperren"
    case .reboot: "erfordert einen Neustart des Rechners"
    case .serviceRestart: "startet einen Dienst neu"
    case .dataLoss: "kann Daten kosten"
    }
  }

  func effort(_ effort: Remediation.Effort) -> String {
    switch effort {
    case .small: "gering"
    case .medium: "mittel"
    case .large: "hoch"
    }
  }

  func source(_ source: Arguments.Source) -> String {
    switch source {
    case .rule: "Vorgabe der Regel"
    case .level(let level): "verlangt für \(level.description)"
    case .profile(let id): "gesetzt vom Profil \(id)"
    case .site(let id): "gesetzt vom Standort \(id)"
    case .host(let id): "gesetzt für den Rechner \(id)"
    case .commandLine: "auf der Kommandozeile gesetzt"
    }
  }

  func error(_ error: TargetError) -> String {
    let path = printable(error.path)
    switch error {
    case .permissionDenied: return "\(path): keine Leseberechtigung"
    case .notCollected: return "\(path): nicht erfasst"
    case .io(_, let errno):
      let name = errnoName(errno).map { " (\($0))" } ?? ""
      return "\(path): Fehler \(errno)\(name) des Betriebssystems"
    case .tooLarge(_, let limit):
      return "\(path): größer als \(bytes(limit)) und deshalb nicht gelesen"
    case .notRegular: return "\(path): FIFO, Socket oder Gerät statt einer Datei"
    case .tooManyLinks: return "\(path): zu viele symbolische Links oder ein Kreis aus Links"
    case .malformed(_, let line, let text):
      return "\(path)\(line > 0 ? ":\(line)" : ""): hält das eigene Format nicht ein (\(text))"
    case .undetermined(_, let text), .remote(_, let text):
      return path == "/" ? text.de : "\(path): \(text.de)"
    }
  }

  private func bytes(_ count: Int) -> String {
    count >= 1 << 20 && count.isMultiple(of: 1 << 20)
      ? "\(number(count >> 20)) MiB" : "\(number(count)) Byte"
  }

  func status(_ status: Rule.Status) -> String {
    switch status {
    case .preview: "Vorschau: kann sich noch ändern"
    case .stable: "stabil"
    case .deprecated: "veraltet: entfällt künftig"
    }
  }

  func reason(_ reason: Reason) -> String {
    switch reason {
    case .satisfied: "alles Geprüfte ist, wie es sein soll"
    case .violated(let count):
      count == 1
        ? "1 Stelle ist nicht, wie sie sein soll"
        : "\(number(count)) Stellen sind nicht, wie sie sein sollen"
    case .missing: "was da sein muss, fehlt"
    case .doesNotApply: "eine Bedingung, unter der die Regel gilt, ist nicht gegeben"
    case .undecided(let errors):
      errors.isEmpty ? noReason : errors.map(error).joined(separator: "; ")
    case .person(let text): text.de
    }
  }

  func expectation(_ comparison: Comparison, _ operand: String) -> String {
    switch comparison {
    case .equals: "genau \(operand)"
    case .notEquals: "alles außer \(operand)"
    case .oneOf: "eines von: \(operand)"
    case .notOneOf: "keines von: \(operand)"
    case .atLeast: "mindestens \(operand)"
    case .atMost: "höchstens \(operand)"
    case .between: "zwischen \(operand)"
    case .matches: "passend zum Muster \(operand)"
    case .notMatches: "nicht passend zum Muster \(operand)"
    case .contains: "enthält \(operand)"
    case .lacks: "enthält nicht \(operand)"
    case .containsAll: "enthält alle von: \(operand)"
    case .subsetOf: "nichts außer: \(operand)"
    case .modeAtMost: "Rechte \(operand) oder strenger"
    case .hasBits: "alle Rechte-Bits von \(operand) gesetzt"
    case .lacksBits: "kein Rechte-Bit von \(operand) gesetzt"
    case .versionAtLeast: "Version \(operand) oder neuer"
    case .versionBelow: "eine Version vor \(operand)"
    case .youngerThan: "jünger als \(operand)"
    case .olderThan: "älter als \(operand)"
    case .within: "innerhalb von: \(operand)"
    case .notWithin: "außerhalb von: \(operand)"
    case .exists: "vorhanden"
    case .absent: "nicht vorhanden"
    }
  }

  func expectedNot(_ what: String) -> String { "nicht: \(what)" }
  func expectedSome(_ what: String) -> String { "mindestens ein Eintrag mit: \(what)" }
  func expectedEvery(_ what: String) -> String { "jeder Eintrag: \(what)" }
  func expectedNone(_ what: String) -> String { "kein Eintrag mit: \(what)" }
  func expectedCount(_ what: String) -> String { "Zahl der Einträge: \(what)" }
  func expectedApproved(_ entries: String) -> String { "nur freigegebene Einträge: \(entries)" }
  var expectedNoEntry: String { "kein solcher Eintrag" }
  var expectedCounted: String { "wie oben; gezählt wurden diese" }
  var expectedAllowed: String { "nur, was freigegeben ist" }
  var foundAbsent: String { "nicht vorhanden" }
  var foundNothing: String { "nichts; was da sein muss, fehlt" }
  var emptyText: String { "leer" }
  func builtIn(_ program: String) -> String { "Vorgabe von \(program)" }
  func printed(by command: String) -> String { "Ausgabe von `\(command)`" }
  func overrides(_ value: String, _ origin: String) -> String {
    "hat Vorrang vor \(value) in \(origin)"
  }
  func more(_ count: Int) -> String {
    "… und \(number(count)) weitere (vollständig mit --verbose oder als JSON)"
  }
  func moreCharacters(_ count: Int) -> String { "… (\(number(count)) weitere Zeichen)" }
  func inAll(_ count: Int) -> String { "(insgesamt \(number(count)))" }

  func title(_ host: String) -> String { "Riegel-Prüfung von \(host)" }
  var unnamedHost: String { "einem Rechner ohne Namen" }
  var unknownSystem: String { "nicht bekannt (os-release fehlt)" }
  func kernel(_ version: String) -> String { "Kernel \(version)" }
  func target(_ kind: TargetKind, _ address: String, isPrivileged: Bool) -> String {
    let rights = isPrivileged ? "als root gelesen" : "ohne root-Rechte gelesen"
    switch kind {
    case .live: return "dieser laufende Rechner (\(address)), \(rights)"
    case .directory: return "Verzeichnis \(address), \(rights)"
    case .archive: return "Archiv \(address)"
    case .memory: return "Dateibaum im Speicher (\(address))"
    }
  }
  var defaultProfile: String {
    "Es wurde kein Profil angegeben, deshalb gilt das voreingestellte. `riegel list profiles`"
      + " zeigt die Auswahl, `--profile NAME` wählt eines aus."
  }
  func tool(_ version: String, _ content: String) -> String {
    "riegel \(version), Regelstand \(content)"
  }
  func rules(_ count: Int) -> String { "\(number(count)) \(count == 1 ? "Regel" : "Regeln")" }
  func failed(_ count: Int) -> String { "\(number(count)) nicht erfüllt" }
  func undecided(_ count: Int) -> String { "\(number(count)) nicht entscheidbar" }
  func forPersons(_ count: Int) -> String { "\(number(count)) von Hand zu prüfen" }
  func passed(_ count: Int) -> String { "\(number(count)) erfüllt" }
  func notApplicable(_ count: Int) -> String { "\(number(count)) nicht anwendbar" }

  var labelSystem: String { "System" }
  var labelTarget: String { "Prüfobjekt" }
  var labelProfile: String { "Profil" }
  var labelAim: String { "Angestrebt" }
  var labelTime: String { "Zeitpunkt" }
  var labelTool: String { "Erstellt mit" }
  var labelRules: String { "Ergebnis" }
  var labelWhy: String { "Warum" }
  var labelExpected: String { "Soll" }
  var labelFound: String { "Ist" }
  var labelFix: String { "Abhilfe" }
  var labelRefutes: String { "Widerlegt" }
  var labelSetting: String { "Parameter" }
  var labelByLevel: String { "Je Level" }
  var labelNote: String { "Hinweis" }
  var labelReferences: String { "Siehe auch" }
  var labelLook: String { "Zu prüfen" }

  func failures(_ count: Int) -> String { "Nicht erfüllt: \(number(count))" }
  func undecidedHeading(_ count: Int) -> String { "Nicht entscheidbar: \(number(count))" }
  func manualHeading(_ count: Int) -> String { "Von Hand zu prüfen: \(number(count))" }
  func passedHeading(_ count: Int) -> String { "Erfüllt: \(number(count))" }
  func notApplicableHeading(_ count: Int) -> String { "Nicht anwendbar: \(number(count))" }
  func levelsHeading(_ catalogue: String, _ component: String) -> String {
    "Security Level nach \(catalogue), \(component)"
  }
  var measuresHeading: String { "Maßnahmen im Praxisalltag" }
  var threatsHeading: String { "Bedrohungen" }
  var verdictHeading: String { "Fazit" }
  func notMet(_ title: String) -> String { "Nicht erfüllt: \(title)" }
  func fixEffort(_ effort: String) -> String { "Aufwand: \(effort)." }
  func caution(_ risks: [String]) -> String { "VORSICHT: \(risks.joined(separator: ", "))." }
  func setBy(_ value: String, _ source: String) -> String { "\(value), \(source)" }

  func noPermission(isPrivileged: Bool) -> String {
    isPrivileged
      ? "Keine Leseberechtigung, obwohl die Prüfung als root lief. Etwas sperrt selbst root aus:"
        + " ein Netzdateisystem, ein User-Namespace oder eine Zugriffskontrolle wie AppArmor."
      : "Keine Leseberechtigung. Die Prüfung als root wiederholen: `sudo riegel audit`."
  }
  func notCaptured(_ kind: TargetKind) -> String {
    switch kind {
    case .live:
      "Nicht erfasst: Das wurde auf dem laufenden Rechner nicht aufgezeichnet und ist deshalb"
        + " nicht zu beurteilen."
    case .directory:
      "Nicht erfasst: Ein Verzeichnis enthält kein laufendes System; was Kernel und Dienste tun,"
        + " steht nicht darin. Den Rechner selbst prüfen oder einen Snapshot davon."
    case .archive:
      "Nicht erfasst: Das Archiv enthält es nicht. Ein neuer Snapshot, mit dieser Version auf dem"
        + " laufenden Rechner erstellt, hilft möglicherweise."
    case .memory: "Nicht erfasst: Der Dateibaum enthält es nicht."
    }
  }
  var badFormat: String {
    "Eine Datei hält ihr eigenes Format nicht ein, deshalb lässt sich nichts aus ihr schließen."
      + " Die Datei in Ordnung bringen."
  }
  var elsewhere: String {
    "Das weiß nur ein Dienst außerhalb dieses Rechners; dort nachsehen."
  }
  var notWorkedOut: String { "Was in den Dateien steht, lässt sich hier nicht auflösen." }
  var notReadable: String { "Nicht lesbar." }
  var noReason: String { "Ohne Ergebnis; die Prüfung nennt keinen Grund." }

  var aimColumn: String { "Ziel" }
  var intervalColumn: String { "Spanne" }
  var aimMissed: String { "Ziel verfehlt" }
  var aimShown: String { "Ziel belegt" }
  var aimOpen: String { "Ziel offen" }
  var noAim: String { "kein Ziel" }
  func ceilingLimit(_ ceiling: String) -> String { "nicht über \(ceiling):" }
  func floorLimit(_ next: String) -> String { "für \(next):" }
  func refutedRequirements(_ count: Int) -> String { "\(number(count)) widerlegt" }
  func openRequirements(_ count: Int, _ reason: FoundationLevel.OpenReason) -> String {
    switch reason {
    case .noRule: "\(number(count)) ohne Regel"
    case .undecided: "\(number(count)) ohne Ergebnis"
    case .notAttested: "\(number(count)) von Personen zu bestätigen"
    case .accepted: "\(number(count)) widerlegt, Risiko akzeptiert"
    }
  }
  func openRequirements(_ count: Int) -> String { "\(number(count)) offen" }
  var levelsExplained: String {
    "SL0 … SL1 heißt: Was SL0 verlangt, ist vollständig belegt, und nichts von dem, was SL1"
      + " verlangt, ist widerlegt; dazwischen ist es offen. Die Prüfung eines Rechners sieht nur"
      + " einen Teil eines Security Levels. Die Spanne zeigt also, was fehlt, und nicht, dass ein"
      + " Level erreicht ist."
  }
  func measureCounts(failed: Int, undecided: Int, passed: Int, openStatements: Int) -> [String] {
    var parts: [String] = []
    if failed > 0 { parts.append("\(number(failed)) nicht erfüllt") }
    if undecided > 0 { parts.append("\(number(undecided)) nicht entscheidbar") }
    if passed > 0 { parts.append("\(number(passed)) erfüllt") }
    if openStatements > 0 {
      let word = openStatements == 1 ? "Bestätigung fehlt" : "Bestätigungen fehlen"
      parts.append("\(number(openStatements)) \(word)")
    }
    return parts.isEmpty ? ["keine Regel prüft sie"] : parts
  }
  func openedBy(_ measures: [String]) -> String { "wegen: \(measures.joined(separator: "; "))" }
  func others(_ count: Int) -> String { "und \(number(count)) weitere" }

  func verdictFailed(_ failed: Int, of applicable: Int, critical: Int) -> String {
    let of =
      applicable == 1
      ? "\(number(failed)) von 1 anwendbaren Regel"
      : "\(number(failed)) von \(number(applicable)) anwendbaren Regeln"
    let severe = critical > 0 ? ", davon \(number(critical)) kritisch" : ""
    return "\(of) \(failed == 1 ? "ist" : "sind") nicht erfüllt\(severe)."
  }
  func verdictUndecidedToo(_ count: Int) -> String {
    count == 1
      ? "1 weitere war nicht zu entscheiden."
      : "\(number(count)) weitere waren nicht zu entscheiden."
  }
  func verdictUndecided(_ count: Int) -> String {
    "Keine Regel ist verletzt, aber \(number(count)) \(count == 1 ? "war" : "waren") nicht zu"
      + " entscheiden. Das ist keine Entwarnung."
  }
  var verdictNothingApplied: String {
    "Es wurde nichts geprüft: Keine Regel des Profils ist auf diesen Rechner anwendbar. Das ist"
      + " keine Entwarnung."
  }
  func verdictPassed(_ count: Int) -> String {
    count == 1
      ? "Die eine anwendbare Regel ist erfüllt. Was keine Regel prüft, bleibt offen."
      : "Alle \(number(count)) anwendbaren Regeln sind erfüllt. Was keine Regel prüft, bleibt offen."
  }
}
