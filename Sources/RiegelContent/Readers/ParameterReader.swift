import RiegelModel

/// Reads `parameters`: what an owner may set, each with a default.
func readParameters(_ node: Node?, _ log: DiagnosticLog) -> [Parameter] {
  guard let node else { return [] }
  guard let entries = node.entries, !entries.isEmpty else {
    log.error("'parameters' is a mapping from names to declarations", at: node.place)
    return []
  }
  return entries.compactMap { entry in
    if !isParameterName(entry.key) {
      log.error(
        "the parameter name '\(entry.key)' is not of lower-case letters, digits, '_' and '-'",
        at: entry.keyPlace)
    }
    return readParameter(entry.key, entry.value, log)
  }
}

private func isParameterName(_ text: String) -> Bool {
  guard let first = text.utf8.first, (97...122).contains(first) else { return false }
  return text.utf8.allSatisfy {
    (97...122).contains($0) || (48...57).contains($0) || $0 == UInt8(ascii: "_")
      || $0 == UInt8(ascii: "-")
  }
}

let parameterKeys = ["type", "unit", "min", "max", "values", "default", "by-level", "doc"]

private func readParameter(_ name: String, _ node: Node, _ log: DiagnosticLog) -> Parameter? {
  guard var reader = MappingReader(node, "the parameter '\(name)'", log) else { return nil }
  let kind = reader.choice("type", Parameter.Kind.self)
  let unit = reader.optionalText("unit")
  let range = readRange(&reader, kind)
  let values = reader.optional("values").flatMap { textsOf($0, "values", log) } ?? []
  if !values.isEmpty, let kind, kind != .string, kind != .list {
    log.error(
      "'values' fits the types string and list only", at: reader.place(ofKey: "values"))
  }
  let standard = reader.required("default")
  let byLevel = readLevels(reader.optional("by-level"), log)
  let doc = reader.optional("doc").flatMap { localizedOf($0, "'doc'", log) }
  reader.finish()
  guard let kind, let standard else { return nil }
  let parameter = Parameter(
    name: name, kind: kind, unit: unit, range: range, values: values.map(\.text),
    standard: standard.literal,
    byLevel: byLevel.mapValues(\.literal), doc: doc)
  for value in [standard] + byLevel.values {
    if let problem = parameter.problem(with: value.literal) {
      log.error("'\(name)': \(problem)", at: value.place)
    }
  }
  return parameter
}

private func readRange(
  _ reader: inout MappingReader, _ kind: Parameter.Kind?
) -> ClosedRange<Int>? {
  let log = reader.log
  func bound(_ key: String, _ node: Node?) -> Int? {
    guard let node, let kind else { return nil }
    switch kind {
    case .int: return integerOf(node, key, log)
    case .duration:
      guard let seconds = node.text.flatMap({ DurationText.parse($0) }) else {
        log.error("'\(key)' must be a duration such as 15m", at: node.place)
        return nil
      }
      return seconds
    default:
      log.error("'\(key)' fits the types int and duration only", at: node.place)
      return nil
    }
  }
  let minNode = reader.optional("min")
  let maxNode = reader.optional("max")
  let low = bound("min", minNode)
  let high = bound("max", maxNode)
  if let low, let high, low > high {
    log.error("'min' is greater than 'max'", at: reader.place(ofKey: "min"))
    return nil
  }
  if low == nil, high == nil { return nil }
  return (low ?? .min)...(high ?? .max)
}

private func readLevels(_ node: Node?, _ log: DiagnosticLog) -> [SecurityLevel: Node] {
  guard let node else { return [:] }
  guard let entries = node.entries, !entries.isEmpty else {
    log.error("'by-level' is a mapping from SL1 to SL4 to values", at: node.place)
    return [:]
  }
  var values: [SecurityLevel: Node] = [:]
  for entry in entries {
    guard let level = SecurityLevel(entry.key), level != .sl0 else {
      log.error("'\(entry.key)' is not one of SL1, SL2, SL3, SL4", at: entry.keyPlace)
      continue
    }
    if entry.value.isNothing {
      log.error("'\(entry.key)' has no value", at: entry.value.place)
      continue
    }
    values[level] = entry.value
  }
  return values
}

extension Parameter {
  /// The parameter as the one field of a row, which is how assertions about parameters see it.
  var field: Field {
    let kind: Field.Kind =
      switch self.kind {
      case .int: .number
      case .string: .text
      case .list: .list
      case .bool: .flag
      case .duration: .duration
      case .mode: .mode
      case .version: .version
      }
    return Field(name, kind, "The value of the parameter in force.")
  }
}

extension [Parameter] {
  /// Sets of values that may be in force as far as the rule says: the defaults, and one for each
  /// level that some parameter has a value for.
  var argumentSets: [(level: SecurityLevel?, arguments: Arguments)] {
    let defaults = Arguments(
      Dictionary(map { ($0.name, Arguments.Argument($0.standard, .rule)) }) { first, _ in first })
    let levels = Set(flatMap(\.byLevel.keys)).sorted()
    return [(nil, defaults)] + levels.map { ($0, defaults.at($0, of: self)) }
  }
}
