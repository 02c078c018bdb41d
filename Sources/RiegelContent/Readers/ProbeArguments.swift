import RiegelModel

extension CheckReader {
  /// The keys that an assertion gives its probe, tried on the probe with every set of values that
  /// the rule's parameters may have.
  func probeArguments(
    _ probe: ProbeDeclaration, _ source: Node.Entry, _ options: [Node.Entry]
  ) -> [Assertion.Argument] {
    let before = log.diagnostics.count
    var arguments: [Assertion.Argument] = []
    for key in probe.keys where key.name == nil {
      if let argument = argument(nil, key, source) { arguments.append(argument) }
    }
    if !probe.keys.contains(where: { $0.name == nil }) {
      log.error("'\(probe.name)' has no subject to give", at: source.value.place)
    }
    let names = probe.keys.compactMap(\.name)
    for option in options {
      guard let key = probe.keys.first(where: { $0.name == option.key }) else {
        if context.probes[option.key] != nil {
          log.error(
            "two probes in one check: '\(probe.name)' and '\(option.key)'", at: option.keyPlace)
        } else {
          log.unknown("key", option.key, at: option.keyPlace, among: names + CheckReader.reserved)
        }
        continue
      }
      if let argument = argument(option.key, key, option) { arguments.append(argument) }
    }
    for key in probe.keys where key.isRequired {
      if let name = key.name, !options.contains(where: { $0.key == name }) {
        log.error("'\(probe.name)' needs the key '\(name)'", at: source.keyPlace)
      }
    }
    if log.diagnostics.count == before { tryOut(probe, arguments, source) }
    return arguments
  }

  private func argument(
    _ name: String?, _ key: KeyDeclaration, _ entry: Node.Entry
  ) -> Assertion.Argument? {
    if entry.value.isNothing {
      log.error("'\(entry.key)' has no value", at: entry.value.place)
      return nil
    }
    let literal = entry.value.literal
    guard let texts = literal.texts else {
      log.error("'\(entry.key)' takes a text or a list of texts", at: entry.value.place)
      return nil
    }
    if texts.isEmpty {
      log.error("'\(entry.key)' is an empty list", at: entry.value.place)
      return nil
    }
    guard checkReferences(literal, parameters, at: entry.value.place, log) else { return nil }
    return Assertion.Argument(name, literal, at: entry.value.place)
  }

  private func tryOut(
    _ probe: ProbeDeclaration, _ arguments: [Assertion.Argument], _ source: Node.Entry
  ) {
    let refers = arguments.contains { !$0.value.fastReferences.isEmpty }
    for (level, values) in refers ? argumentSets[...] : argumentSets.prefix(1) {
      var given: [(key: String?, values: [String])] = []
      for argument in arguments {
        guard let texts = argument.value.filled(from: values).texts else {
          log.error(
            "'\(argument.key ?? probe.name)' takes texts\(suffix(level))", at: argument.place)
          return
        }
        given.append((argument.key, texts))
      }
      if case .failure(let error) = probe.make(given) {
        let place = arguments.first { $0.key == error.key }?.place ?? source.keyPlace
        log.error("'\(error.key ?? probe.name)' \(error.problem)\(suffix(level))", at: place)
        return
      }
    }
  }
}

/// Where a mistake shows only with the values of a level.
func suffix(_ level: SecurityLevel?) -> String {
  level.map { " with the values for \($0.description)" } ?? ""
}

/// Whether all `${name}` in a value name declared parameters.
func checkReferences(
  _ literal: Literal, _ parameters: [Parameter], at place: Place, _ log: DiagnosticLog
) -> Bool {
  let unknown = literal.fastReferences.filter { name in
    !parameters.contains { $0.name == name }
  }
  for name in unknown {
    log.unknown("parameter", name, at: place, among: parameters.map(\.name))
  }
  return unknown.isEmpty
}

extension Literal {
  /// `references`, without a look at every character of the many texts that have none.
  var fastReferences: [String] { hasDollar ? references : [] }

  private var hasDollar: Bool {
    switch self {
    case .text(let text): text.utf8.contains(UInt8(ascii: "$"))
    case .list(let items): items.contains(where: \.hasDollar)
    case .mapping(let entries): entries.contains { $0.value.hasDollar }
    }
  }
}
