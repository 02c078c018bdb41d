import CLibYAML
package import RiegelModel

/// How large a YAML file may be; what goes beyond is a mistake or an attack.
package struct YAMLBounds: Sendable {
  /// Bytes.
  package var size = 4 << 20
  /// Sequences and mappings inside one another, aliases expanded.
  package var depth = 64
  /// Scalars, sequences and mappings, aliases expanded.
  package var nodes = 200_000
  package init() {}
}

/// Reads one YAML document. Throws what is wrong with the first place that is no YAML that we take.
///
/// Taken is less than YAML allows, because a file that two readers understand differently is no
/// content: one document, text keys, no tags but the core ones, no merge keys, no key twice.
package func parseYAML(
  _ bytes: [UInt8], file: String, bounds: YAMLBounds = YAMLBounds()
) throws(ContentError) -> Node {
  if let diagnostic = problem(inEncodingOf: bytes, file: file, bounds: bounds) {
    throw ContentError([diagnostic])
  }
  var parser = yaml_parser_t()
  guard yaml_parser_initialize(&parser) == 1 else {
    throw ContentError([Diagnostic(.error, "out of memory", at: Place(file: file))])
  }
  defer { yaml_parser_delete(&parser) }
  let result = bytes.withUnsafeBufferPointer { buffer -> Result<Node, YAMLProblem> in
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
    do throws(YAMLProblem) {
      var builder = NodeBuilder(file: file, bounds: bounds, bytes: buffer)
      return .success(try builder.document(&parser))
    } catch {
      return .failure(error)
    }
  }
  switch result {
  case .success(let node): return node
  case .failure(let problem): throw ContentError([problem.diagnostic])
  }
}

private struct YAMLProblem: Error {
  var diagnostic: Diagnostic
  init(_ summary: String, at place: Place, suggestion: String? = nil) {
    diagnostic = Diagnostic(.error, summary, at: place, suggestion: suggestion)
  }
}

/// Turns libyaml's events into nodes, with a bound on everything that a file can blow up.
private struct NodeBuilder {
  let file: String
  let bounds: YAMLBounds
  let bytes: UnsafeBufferPointer<UInt8>
  var anchors: [String: (node: Node, count: Int, height: Int)] = [:]
  var count = 0
  /// How deep the node built last reaches below itself.
  var height = 0

  mutating func document(_ parser: inout yaml_parser_t) throws(YAMLProblem) -> Node {
    var root: Node?
    while true {
      var event = try next(&parser)
      defer { yaml_event_delete(&event) }
      switch event.type {
      case YAML_STREAM_START_EVENT, YAML_DOCUMENT_END_EVENT: break
      case YAML_STREAM_END_EVENT:
        guard let root else {
          throw YAMLProblem("the file holds nothing", at: Place(file: file))
        }
        return root
      case YAML_DOCUMENT_START_EVENT:
        if root != nil {
          throw YAMLProblem(
            "a second document begins here", at: place(event.start_mark),
            suggestion: "put each document into a file of its own")
        }
      default:
        root = try node(&event, &parser, depth: 0)
      }
    }
  }

  private mutating func next(_ parser: inout yaml_parser_t) throws(YAMLProblem) -> yaml_event_t {
    var event = yaml_event_t()
    guard yaml_parser_parse(&parser, &event) == 1 else { throw problem(of: parser) }
    return event
  }

  private mutating func node(
    _ event: inout yaml_event_t, _ parser: inout yaml_parser_t, depth: Int
  ) throws(YAMLProblem) -> Node {
    let here = place(event.start_mark)
    guard depth < bounds.depth else {
      throw YAMLProblem("nested deeper than \(bounds.depth) levels", at: here)
    }
    let before = count
    try add(1, at: here)
    let anchor: String?
    let content: Node.Content
    switch event.type {
    case YAML_ALIAS_EVENT:
      return try alias(event, depth: depth, at: here)
    case YAML_SCALAR_EVENT:
      anchor = try properties(event.data.scalar.anchor, event.data.scalar.tag, at: here)
      content = scalar(event)
      height = 0
    case YAML_SEQUENCE_START_EVENT:
      anchor = try properties(
        event.data.sequence_start.anchor, event.data.sequence_start.tag, at: here)
      content = try sequence(&parser, depth: depth)
    default:
      anchor = try properties(
        event.data.mapping_start.anchor, event.data.mapping_start.tag, at: here)
      content = try mapping(&parser, depth: depth)
    }
    let node = Node(content, at: here)
    if let anchor { anchors[anchor] = (node, count - before, height) }
    return node
  }

  private mutating func add(_ more: Int, at here: Place) throws(YAMLProblem) {
    count += more
    if count > bounds.nodes {
      throw YAMLProblem("more than \(bounds.nodes) values, aliases expanded", at: here)
    }
  }

  private mutating func alias(
    _ event: yaml_event_t, depth: Int, at here: Place
  ) throws(YAMLProblem) -> Node {
    let name = text(event.data.alias.anchor) ?? ""
    guard let known = anchors[name] else {
      throw YAMLProblem("no anchor '&\(name)' stands before this alias", at: here)
    }
    try add(known.count - 1, at: here)
    guard depth + known.height < bounds.depth else {
      throw YAMLProblem("nested deeper than \(bounds.depth) levels", at: here)
    }
    height = known.height
    return known.node
  }

  /// The anchor of a node whose tag is none or a core one.
  private func properties(
    _ anchor: UnsafeMutablePointer<yaml_char_t>?, _ tag: UnsafeMutablePointer<yaml_char_t>?,
    at here: Place
  ) throws(YAMLProblem) -> String? {
    if let tag = text(tag), tag != "!" {
      let core = "tag:yaml.org,2002:"
      let name = tag.hasPrefix(core) ? String(tag.dropFirst(core.count)) : ""
      guard ["str", "seq", "map", "int", "float", "bool", "null"].contains(name) else {
        throw YAMLProblem("the tag '\(tag)' is not taken", at: here, suggestion: "leave it out")
      }
    }
    return text(anchor)
  }

  private func scalar(_ event: yaml_event_t) -> Node.Content {
    let scalar = event.data.scalar
    let text = String(
      decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
    switch scalar.style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE, YAML_DOUBLE_QUOTED_SCALAR_STYLE:
      return .scalar(text, .quoted)
    case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: return .scalar(text, .block)
    default: return .scalar(text, .plain)
    }
  }

  private mutating func sequence(
    _ parser: inout yaml_parser_t, depth: Int
  ) throws(YAMLProblem) -> Node.Content {
    var items: [Node] = []
    var tallest = 0
    while true {
      var event = try next(&parser)
      defer { yaml_event_delete(&event) }
      if event.type == YAML_SEQUENCE_END_EVENT { break }
      items.append(try node(&event, &parser, depth: depth + 1))
      tallest = max(tallest, height + 1)
    }
    height = tallest
    return .sequence(items)
  }

  private mutating func mapping(
    _ parser: inout yaml_parser_t, depth: Int
  ) throws(YAMLProblem) -> Node.Content {
    var entries: [Node.Entry] = []
    // Mappings are small; only a large one is worth a table of its keys.
    var places: [String: Place] = [:]
    var tallest = 0
    while true {
      var event = try next(&parser)
      defer { yaml_event_delete(&event) }
      if event.type == YAML_MAPPING_END_EVENT { break }
      let here = place(event.start_mark)
      guard let key = try node(&event, &parser, depth: depth + 1).text else {
        throw YAMLProblem("a key has to be a text", at: here)
      }
      if key == "<<" {
        throw YAMLProblem("merge keys ('<<') are not taken", at: here, suggestion: "write it out")
      }
      let first =
        entries.count < 16
        ? entries.first { $0.key == key }?.keyPlace : places.updateValue(here, forKey: key)
      if let first {
        throw YAMLProblem(
          "the key '\(key)' stands twice, first in line \(first.line), column \(first.column)",
          at: here)
      }
      if entries.count == 15 {
        for entry in entries { places[entry.key] = entry.keyPlace }
        places[key] = here
      }
      var valueEvent = try next(&parser)
      defer { yaml_event_delete(&valueEvent) }
      let value = try node(&valueEvent, &parser, depth: depth + 1)
      tallest = max(tallest, height + 1)
      entries.append(Node.Entry(key: key, keyPlace: here, value: value))
    }
    height = tallest
    return .mapping(entries)
  }

  private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    pointer.map { String(cString: $0) }
  }

  private func place(_ mark: yaml_mark_t) -> Place {
    Place(file: file, line: mark.line + 1, column: mark.column + 1)
  }

  /// libyaml's own words, with the cause put first where they do not name it.
  private func problem(of parser: yaml_parser_t) -> YAMLProblem {
    let words = parser.problem.map { String(cString: $0) } ?? "this is no YAML"
    if parser.error == YAML_READER_ERROR {
      return YAMLProblem(words, at: placeInText(bytes, at: parser.problem_offset, file: file))
    }
    let here = place(parser.problem_mark)
    let offset = byteOffset(of: parser.problem_mark)
    if offset < bytes.count, bytes[offset] == UInt8(ascii: "\t") {
      return YAMLProblem("a tab cannot indent or separate", at: here, suggestion: "use blanks")
    }
    guard let context = parser.context.map({ String(cString: $0) }) else {
      return YAMLProblem(words, at: here)
    }
    return YAMLProblem(
      "\(words) (\(context) that begins in line \(parser.context_mark.line + 1))", at: here)
  }

  /// libyaml counts characters; the byte that a mark stands on.
  private func byteOffset(of mark: yaml_mark_t) -> Int {
    var left = mark.index
    var offset = 0
    while offset < bytes.count {
      if bytes[offset] & 0xC0 != 0x80 {
        if left == 0 { return offset }
        left -= 1
      }
      offset += 1
    }
    return offset
  }
}
