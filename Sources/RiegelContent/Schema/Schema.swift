package import RiegelModel

/// The JSON Schema (draft 2020-12) of rule files, for editors; it follows from the declarations of
/// the probes and can say less than `riegel lint`, which compiles what is written.
package func ruleSchema(for probes: [ProbeDeclaration]) -> String {
  var definitions = sharedDefinitions
  for probe in probes {
    definitions.append((key: "probe-\(probe.name)", value: assertionSchema(of: probe)))
    definitions.append((key: "matcher-\(probe.name)", value: matcherSchema(of: probe)))
  }
  definitions.append((key: "check", value: checkSchema(probes, asCondition: false)))
  definitions.append((key: "condition", value: checkSchema(probes, asCondition: true)))
  definitions.append((key: "parameter", value: parameterSchema))
  definitions.append((key: "example", value: exampleSchema))
  definitions.append((key: "file", value: fileSchema))
  return document(
    "A rule of Riegel",
    object(
      required: [
        "id", "title", "rationale", "severity", "check", "remediation", "examples",
      ],
      [
        "id": ["type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"],
        "title": described("The good condition.", reference("localized")),
        "rationale": described("The harm that it prevents.", reference("localized")),
        "severity": choice(Severity.self),
        "status": choice(Rule.Status.self),
        "iec62443": object(["decides": reference("texts"), "supports": reference("texts")]),
        "references": ["type": "object", "additionalProperties": reference("texts")],
        "when": listOrOne("condition"),
        "parameters": [
          "type": "object", "minProperties": 1, "additionalProperties": reference("parameter"),
        ],
        "check": listOrOne("check"),
        "remediation": object(
          required: ["en", "de", "effort"],
          [
            "en": reference("text"), "de": reference("text"),
            "risk": ["type": "array", "items": choice(Remediation.Risk.self)],
            "effort": choice(Remediation.Effort.self),
          ]),
        "examples": ["type": "array", "minItems": 1, "items": reference("example")],
      ]), definitions)
}

/// The JSON Schema (draft 2020-12) of profile files.
package func profileSchema() -> String {
  let selector: JSON = [
    "anyOf": [
      reference("text"),
      [
        "type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": false,
        "properties": [
          "topic": reference("text"), "measure": reference("text"), "level": reference("level"),
          "severity": choice(Severity.self), "rule": reference("text"),
        ],
      ],
    ]
  ]
  var schema = object(
    required: ["title", "description"],
    [
      "id": reference("text"), "title": reference("localized"),
      "description": reference("localized"), "extends": reference("text"),
      "target": [
        "anyOf": [
          reference("level"), ["type": "object", "additionalProperties": reference("level")],
        ]
      ],
      "select": ["type": "array", "minItems": 1, "items": selector],
      "exclude": ["type": "array", "minItems": 1, "items": selector],
      "parameters": [
        "type": "object",
        "additionalProperties": ["type": "object", "minProperties": 1],
      ],
    ])
  if case .object(let entries) = schema {
    schema = .object(
      entries + [
        (
          key: "anyOf",
          value: [["required": ["extends"]], ["required": ["target", "select"]]]
        )
      ])
  }
  return document("A profile of Riegel", schema, sharedDefinitions)
}

func document(
  _ title: String, _ schema: JSON, _ definitions: [(key: String, value: JSON)]
) -> String {
  guard case .object(let entries) = schema else { return "" }
  let whole = JSON.object(
    [
      (key: "$schema", value: "https://json-schema.org/draft/2020-12/schema"),
      (key: "title", value: .string(title)),
    ] + entries + [(key: "$defs", value: .object(definitions))])
  var text = ""
  whole.write(into: &text)
  return text + "\n"
}

func object(required: [String] = [], _ properties: JSON) -> JSON {
  var entries: [(key: String, value: JSON)] = [
    (key: "type", value: "object"), (key: "additionalProperties", value: false),
  ]
  if !required.isEmpty { entries.append((key: "required", value: .strings(required))) }
  entries.append((key: "properties", value: properties))
  return .object(entries)
}

func reference(_ name: String) -> JSON { ["$ref": .string("#/$defs/\(name)")] }

func described(_ text: String, _ schema: JSON) -> JSON {
  guard case .object(let entries) = schema else { return schema }
  return .object([(key: "description", value: .string(text))] + entries)
}

func choice<T: RawRepresentable<String> & CaseIterable>(_ type: T.Type) -> JSON {
  ["enum": .strings(T.allCases.map(\.rawValue))]
}

private func listOrOne(_ name: String) -> JSON {
  ["anyOf": [["type": "array", "minItems": 1, "items": reference(name)], reference(name)]]
}

/// A scalar counts by its text, whatever type an editor's YAML takes it for.
let sharedDefinitions: [(key: String, value: JSON)] = [
  (key: "scalar", value: ["type": ["string", "number", "boolean"]]),
  (key: "text", value: ["type": ["string", "number", "boolean"], "minLength": 1]),
  (key: "texts", value: ["type": "array", "items": reference("text")]),
  (key: "oneOrMore", value: ["anyOf": [reference("scalar"), reference("textsInside")]]),
  (key: "textsInside", value: ["type": "array", "minItems": 1, "items": reference("scalar")]),
  (
    key: "localized",
    value: object(
      required: ["en", "de"],
      ["en": ["type": "string", "minLength": 1], "de": ["type": "string", "minLength": 1]])
  ),
  (
    key: "level",
    value: ["enum": [0, 1, 2, 3, 4, "0", "1", "2", "3", "4", "SL0", "SL1", "SL2", "SL3", "SL4"]]
  ),
]
