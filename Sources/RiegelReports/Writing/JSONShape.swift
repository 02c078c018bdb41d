/// What a member of a JSON document may hold, in the few forms that ours need, and the JSON Schema
/// (draft 2020-12) that says so.
indirect enum JSONShape: Sendable {
  case anything, null, text, optionalText, flag, count, moment, hex
  case constant(Int)
  case words([String])
  case ref(String)
  case list(JSONShape)
  case map(JSONShape)
  case any([JSONShape])
  case object([(String, JSONShape)], optional: [(String, JSONShape)] = [])

  func members(in writer: inout JSONWriter) {
    switch self {
    case .anything: break
    case .null: writer.member("type", "null")
    case .text: writer.member("type", "string")
    case .optionalText: writer.member("type", ["string", "null"])
    case .flag: writer.member("type", "boolean")
    case .count:
      writer.member("type", "integer")
      writer.member("minimum", 0)
    case .moment:
      writer.member("type", "string")
      writer.member("format", "date-time")
    case .hex:
      writer.member("type", "string")
      writer.member("pattern", "^([0-9a-f]{2})+$")
    case .constant(let number): writer.member("const", number)
    case .words(let words): writer.member("enum", words)
    case .ref(let name): writer.member("$ref", "#/$defs/\(name)")
    case .list(let item):
      writer.member("type", "array")
      writer.object("items") { item.members(in: &$0) }
    case .map(let value):
      writer.member("type", "object")
      writer.object("additionalProperties") { value.members(in: &$0) }
    case .any(let shapes):
      writer.array("anyOf", shapes) { writer, shape in
        writer.object { shape.members(in: &$0) }
      }
    case .object(let required, let optional):
      writer.member("type", "object")
      writer.member("required", required.map(\.0))
      writer.object("properties") { writer in
        for (name, shape) in required + optional {
          writer.object(name) { shape.members(in: &$0) }
        }
      }
    }
  }
}

extension JSONShape {
  /// A schema with the definitions that it refers to. It names what is stable: members may be
  /// added without a new format, so unknown ones are no error.
  func schema(
    id: String, title: String, description: String, definitions: [(String, JSONShape)]
  ) -> String {
    var writer = JSONWriter()
    writer.object {
      $0.member("$schema", "https://json-schema.org/draft/2020-12/schema")
      $0.member("$id", "urn:riegel:\(id)")
      $0.member("title", title)
      $0.member("description", description)
      members(in: &$0)
      $0.object("$defs") { writer in
        for (name, shape) in definitions {
          writer.object(name) { shape.members(in: &$0) }
        }
      }
    }
    writer.end()
    return String(decoding: writer.bytes, as: UTF8.self)
  }
}
