import RiegelModel

/// A check or a condition: an assertion about a probe, a parameter or the site, or a combination.
///
/// A check has to say something about its rows; in a condition a bare probe means that it finds
/// something.
func checkSchema(_ probes: [ProbeDeclaration], asCondition: Bool) -> JSON {
  let own = asCondition ? "condition" : "check"
  let says: JSON = ["oneOf": .array(CheckReader.quantifiers.map { ["required": [.string($0)]] })]
  func assertion(_ schema: JSON) -> JSON { asCondition ? schema : ["allOf": [schema, says]] }
  let list: JSON = ["type": "array", "minItems": 1, "items": reference(own)]
  var forms = probes.map { assertion(reference("probe-\($0.name)")) }
  forms += CheckReader.otherSources.map { source in
    assertion(assertionSchema(source, reference("text"), options: [], matcher: anyMatcher))
  }
  forms += ["all", "any", "none"].map { single($0, list) }
  forms.append(single("not", ["anyOf": [list, reference(own)]]))
  forms.append(single("manual", reference("localized")))
  return ["anyOf": .array(forms)]
}

private func single(_ key: String, _ value: JSON) -> JSON {
  object(required: [key], .object([(key: key, value: value)]))
}

func assertionSchema(of probe: ProbeDeclaration) -> JSON {
  let subject = probe.keys.first { $0.name == nil }
  return assertionSchema(
    probe.name, subject.map(keySchema) ?? reference("scalar"),
    options: probe.keys.compactMap { key in
      key.name.map { (key: $0, value: keySchema(key), isRequired: key.isRequired) }
    },
    matcher: reference("matcher-\(probe.name)"), summary: probe.summary)
}

private func assertionSchema(
  _ name: String, _ subject: JSON, options: [(key: String, value: JSON, isRequired: Bool)],
  matcher: JSON, summary: String? = nil
) -> JSON {
  let properties: [(key: String, value: JSON)] =
    [(key: name, value: subject)] + options.map { (key: $0.key, value: $0.value) } + [
      (key: "where", value: matcher), (key: "expect", value: matcher),
      (key: "some", value: matcher), (key: "none", value: matcher),
      (
        key: "count",
        value: ["anyOf": [reference("scalar"), comparisonsSchema]]
      ),
      (
        key: "allow",
        value: ["anyOf": [["type": "string"], ["type": "array", "minItems": 1]]]
      ),
      (key: "missing", value: choice(Assertion.Missing.self)),
    ]
  let required = [name] + options.filter(\.isRequired).map(\.key)
  let schema = object(required: required, .object(properties))
  return summary.map { described($0, schema) } ?? schema
}

private func keySchema(_ key: KeyDeclaration) -> JSON {
  let schema: JSON =
    switch key.kind {
    case .list: reference("oneOrMore")
    case .choice(let among):
      // A parameter may stand in for one of the words.
      ["anyOf": [["enum": .strings(among)], ["type": "string", "pattern": "\\$\\{"]]]
    case .text, .flag, .number: reference("scalar")
    }
  return described(key.doc, schema)
}

/// What can be said of a probe's rows.
func matcherSchema(of probe: ProbeDeclaration) -> JSON {
  let fields = probe.fields.map { field in
    (key: field.name, value: described(field.doc, fieldMatcher))
  }
  return [
    "anyOf": [
      reference("scalar"), reference("textsInside"), comparisonsSchema,
      [
        "type": "object", "minProperties": 1, "additionalProperties": false,
        "properties": .object(fields),
      ],
    ]
  ]
}

private let fieldMatcher: JSON = [
  "anyOf": [
    reference("scalar"), ["type": "array", "items": reference("scalar")], comparisonsSchema,
  ]
]

private let anyMatcher: JSON = [
  "anyOf": [reference("scalar"), reference("textsInside"), comparisonsSchema]
]

private let comparisonsSchema: JSON = [
  "type": "object", "minProperties": 1, "additionalProperties": false,
  "properties": .object(
    Comparison.allCases.map { comparison in
      (
        key: comparison.rawValue,
        value: described(
          comparison.doc,
          ["anyOf": [reference("scalar"), ["type": "array", "items": reference("scalar")]]])
      )
    }),
]
