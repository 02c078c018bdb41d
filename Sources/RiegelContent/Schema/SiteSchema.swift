import RiegelModel

/// The JSON Schema (draft 2020-12) of `site.yaml`.
package func siteSchema() -> String {
  let parameters: JSON = [
    "type": "object", "additionalProperties": ["type": "object", "minProperties": 1],
  ]
  let target: JSON = [
    "anyOf": [
      reference("level"), ["type": "object", "additionalProperties": reference("level")],
    ]
  ]
  let zone = object(
    required: ["title", "target"],
    [
      "title": reference("eitherText"), "target": described("SL-T.", target),
      "profile": reference("text"), "parameters": parameters,
    ])
  let host = object(
    required: ["zone"],
    [
      "title": reference("eitherText"), "zone": reference("text"), "profile": reference("text"),
      "component-type": choice(ComponentType.self), "essential-function": reference("flag"),
      "hostname": reference("text"), "machine-id": reference("text"),
      "target": described("A target or a saved audit.", reference("text")),
      "parameters": parameters,
    ])
  let flow = object(
    required: ["protocol", "port", "reason"],
    [
      "protocol": choice(Site.Conduit.Flow.Transport.self), "port": reference("text"),
      "hosts": reference("texts"), "process": reference("text"),
      "reason": reference("eitherText"),
    ])
  let conduit = object(
    required: ["id", "from", "to", "flows"],
    [
      "id": reference("text"), "from": reference("text"), "to": reference("text"),
      "direction": choice(Site.Conduit.Direction.self), "flows": ["type": "array", "items": flow],
    ])
  return document(
    "A site of Riegel",
    object(
      required: ["id", "title", "zones", "hosts"],
      [
        "id": reference("text"), "title": reference("eitherText"),
        "profiles": described("A folder.", reference("text")), "profile": reference("text"),
        "kbv-annexes": ["type": "array", "items": ["type": ["integer", "string"]]],
        "zones": ["type": "object", "minProperties": 1, "additionalProperties": zone],
        "hosts": ["type": "object", "minProperties": 1, "additionalProperties": host],
        "conduits": ["type": "array", "items": conduit], "parameters": parameters,
        "waivers": described("A folder.", reference("text")),
        "attestations": described("A folder.", reference("text")),
      ]), recordDefinitions)
}

/// The JSON Schema (draft 2020-12) of a waiver.
package func waiverSchema() -> String {
  func pair<T: RawRepresentable<String> & CaseIterable>(_ type: T.Type) -> JSON {
    object(required: ["before", "after"], ["before": choice(type), "after": choice(type)])
  }
  return document(
    "A waiver of Riegel: a risk acceptance record",
    object(
      required: [
        "rule", "reason", "hazard", "hazardous-situation", "harm", "severity", "probability",
        "owner", "approver", "approved", "expires",
      ],
      [
        "id": reference("text"), "rule": reference("text"), "hosts": reference("texts"),
        "zones": reference("texts"),
        "finding": described("The subject of the one finding.", reference("text")),
        "reason": reference("eitherText"), "hazard": reference("eitherText"),
        "hazardous-situation": reference("eitherText"), "harm": reference("eitherText"),
        "severity": pair(HarmSeverity.self), "probability": pair(HarmProbability.self),
        "measures": ["type": "array", "items": reference("eitherText")],
        "owner": reference("text"), "approver": reference("text"), "approved": reference("day"),
        "expires": described("The last day on which it counts.", reference("day")),
      ]), recordDefinitions)
}

/// The JSON Schema (draft 2020-12) of an attestation.
package func attestationSchema() -> String {
  let schema = object(
    required: ["by", "on", "evidence"],
    [
      "id": reference("text"), "statement": reference("text"), "requirements": reference("texts"),
      "rows": reference("texts"), "claim": choice(Attestation.Claim.self),
      "hosts": reference("texts"), "zones": reference("texts"), "text": reference("eitherText"),
      "by": reference("text"), "on": reference("day"),
      "valid-for": [
        "type": "string", "pattern": "^[0-9]+ (day|week|month|year)s?$",
      ],
      "evidence": object(
        required: ["file", "sha256"],
        [
          "file": reference("text"),
          "sha256": ["type": "string", "pattern": "^[0-9a-f]{64}$"],
        ]),
    ])
  guard case .object(let entries) = schema else { return "" }
  return document(
    "An attestation of Riegel",
    .object(
      entries + [
        (
          key: "oneOf",
          value: [
            ["required": ["statement"]], ["required": ["requirements"]], ["required": ["rows"]],
          ]
        )
      ]), recordDefinitions)
}

private let recordDefinitions: [(key: String, value: JSON)] =
  sharedDefinitions + [
    (key: "flag", value: ["enum": [true, false, "true", "false"]]),
    (key: "day", value: ["type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"]),
    (
      key: "eitherText",
      value: ["anyOf": [["type": "string", "minLength": 1], reference("localized")]]
    ),
  ]
