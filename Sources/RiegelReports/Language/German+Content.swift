import RiegelModel

/// What is said of rules and profiles themselves.
extension German {
  var labelTopic: String { "Thema" }
  var labelSeverity: String { "Schwere" }
  var labelStatus: String { "Stand" }
  var labelSupports: String { "Stützt" }
  var labelApplies: String { "Gilt, wenn" }
  var labelCheck: String { "Prüfung" }
  var labelParameters: String { "Parameter" }
  var labelExamples: String { "Beispiele" }
  var labelExtends: String { "Erweitert" }
  var labelSelects: String { "Umfasst" }
  var labelExcludes: String { "Ohne" }
  var labelSettings: String { "Setzt" }
  var labelVerdict: String { "Befund" }
  var checkAll: String { "alle diese Aussagen treffen zu:" }
  var checkAny: String { "mindestens eine dieser Aussagen trifft zu:" }
  var checkNone: String { "keine dieser Aussagen trifft zu:" }
  var checkNot: String { "diese Aussage trifft nicht zu:" }
  var checkPerson: String { "jemand sieht nach:" }
  var quantifierEvery: String { "jeder Eintrag:" }
  var quantifierSome: String { "mindestens ein Eintrag:" }
  var quantifierNone: String { "kein Eintrag:" }
  var quantifierNoRow: String { "überhaupt kein Eintrag" }
  var quantifierCount: String { "Zahl der Einträge:" }
  var quantifierAllow: String { "nur freigegebene Einträge:" }
  var quantifierPresent: String { "vorhanden" }
  var narrowing: String { "unter denen mit" }
  func missing(_ missing: Assertion.Missing) -> String {
    switch missing {
    case .fail: "gibt es keinen, gilt es als nicht erfüllt"
    case .pass: "gibt es keinen, gilt es als erfüllt"
    case .standard: "wo nichts gesetzt ist, gilt die Vorgabe des Programms"
    }
  }
  var sourceParameter: String { "Parameter" }
  var sourceSite: String { "Standort" }
  func parameterKind(_ kind: Parameter.Kind) -> String {
    switch kind {
    case .int: "ganze Zahl"
    case .string: "Text"
    case .list: "Liste"
    case .bool: "true oder false"
    case .duration: "Dauer"
    case .mode: "oktale Rechte"
    case .version: "Paketversion"
    }
  }
  func parameterDefault(_ value: String) -> String { "voreingestellt \(value)" }
  func parameterInForce(_ value: String, _ source: String) -> String {
    "in Kraft: \(value), \(source)"
  }
  func parameterRange(_ low: String, _ high: String) -> String { "von \(low) bis \(high)" }
  func parameterValues(_ values: String) -> String { "möglich: \(values)" }
  var listEmpty: String { "nichts" }
  var and: String { "und" }
  func selector(_ selector: Profile.Selector) -> String {
    switch selector {
    case .topic(let id): "Thema \(id)"
    case .measure(let id): "Maßnahme \(id)"
    case .level(let level): "Regeln zu Anforderungen bis \(level.description)"
    case .severity(let least): "Regeln ab Schwere \(severity(least))"
    case .rule(let id): "Regel \(id)"
    }
  }
  func profiles(_ count: Int) -> String {
    "\(number(count)) \(count == 1 ? "Profil" : "Profile")"
  }
}
