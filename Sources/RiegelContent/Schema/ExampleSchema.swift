import RiegelModel

let parameterSchema = object(
  required: ["type", "default"],
  [
    "type": choice(Parameter.Kind.self), "unit": reference("text"), "min": reference("scalar"),
    "max": reference("scalar"), "values": reference("textsInside"),
    "default": ["type": ["string", "number", "boolean", "array"]],
    "by-level": [
      "type": "object", "minProperties": 1, "additionalProperties": false,
      "properties": .object(
        SecurityLevel.claimable.map {
          (key: $0.description, value: ["type": ["string", "number", "boolean", "array"]])
        }),
    ],
    "doc": reference("localized"),
  ])

let exampleSchema = object(
  required: ["name", "outcome"],
  [
    "name": reference("text"), "outcome": choice(Outcome.self),
    "files": [
      "type": "object", "minProperties": 1, "propertyNames": ["pattern": "^/"],
      "additionalProperties": ["anyOf": [reference("scalar"), reference("file")]],
    ],
    "packages": described("Installed packages, as `name version`.", reference("texts")),
    "unreadable": described("Paths that the auditor may not read.", reference("texts")),
    "parameters": ["type": "object", "minProperties": 1],
    "level": reference("level"), "running": reference("scalar"),
    "now": described("The time of the audit; 2026-11-24 if not given.", reference("scalar")),
    "finds": described("An origin that the evidence shows, as `path:line`.", reference("text")),
  ])

let fileSchema = object([
  "type": choice(FileMetadata.Kind.self), "content": reference("scalar"),
  "mode": reference("scalar"), "owner": reference("scalar"), "group": reference("scalar"),
  "uid": reference("scalar"), "gid": reference("scalar"), "link": reference("text"),
  "modified": reference("scalar"),
])
