import RiegelModel
import SystemPackage

/// A statement of rsyslog's configuration that matters here, with the filter it stands under.
struct RsyslogStatement: Sendable {
  enum Kind: Sendable {
    /// `action(type="omfile" …)`; names of objects and parameters in lower case.
    case object(String, [String: [String]])
    /// The action part of a line in the old form: `@@host:514`, `-/var/log/mail.log`.
    case oldAction(String)
    /// `$Name value`, the name in lower case.
    case directive(String, String)
    case stop
    case call(String)
  }
  var kind: Kind
  var filter: RsyslogFilter
  /// Empty in the default rule set.
  var ruleset: String
  var origin: Origin
}

/// Reads `rsyslog.conf(5)` in both its languages, the old lines and RainerScript, and follows its
/// includes where they stand, since old directives count from there on.
struct RsyslogParser {
  private(set) var statements: [RsyslogStatement] = []
  /// What does not read as either language: it could hold anything.
  var gaps: [TargetError] = []

  private let host: Host
  private var open: [FilePath] = []
  var bytes: [UInt8] = []
  var at = 0
  var line = 1
  var path: FilePath = "/"
  private var ruleset = ""
  private var lastFilter = RsyslogFilter.everything

  private static let objects: Set<String> = [
    "action", "dyn_stats", "global", "include", "input", "lookup_table", "main_queue", "module",
    "parser", "perctile_stats", "property", "constant", "ratelimit", "ruleset", "template",
    "timezone",
  ]

  init(_ host: Host) { self.host = host }

  /// Whether the file is there.
  mutating func parse(_ file: FilePath) throws(TargetError) -> Bool {
    guard let content = try host.bytes(of: file) else { return false }
    if open.contains(file) || open.count > 20 {
      throw .malformed(file, line: 0, "includes itself")
    }
    let saved = (bytes, at, line, path)
    open.append(file)
    (bytes, at, line, path) = (content, 0, 1, file)
    try parseStatements(.everything, depth: 0)
    (bytes, at, line, path) = saved
    open.removeLast()
    return true
  }

  private mutating func parseStatements(
    _ filter: RsyslogFilter, depth: Int
  ) throws(TargetError) {
    guard depth < 64 else { throw .malformed(path, line: line, "nested too deeply") }
    while true {
      skipBlanks()
      guard at < bytes.count else { return }
      if bytes[at] == UInt8(ascii: "}") {
        at += 1
        if depth > 0 { return }
        gaps.append(.malformed(path, line: line, "'}' without '{'"))
        continue
      }
      try parseStatement(filter, depth: depth)
    }
  }

  private mutating func parseStatement(
    _ filter: RsyslogFilter, depth: Int
  ) throws(TargetError) {
    skipBlanks()
    guard at < bytes.count else { return }
    let start = line
    switch bytes[at] {
    case UInt8(ascii: "{"):
      at += 1
      try parseStatements(filter, depth: depth + 1)
    case UInt8(ascii: "$"): try directive(filter, start)
    case UInt8(ascii: "&"):
      at += 1
      try parseStatement(lastFilter, depth: depth + 1)
    case UInt8(ascii: "~"):
      at += 1
      add(.stop, filter, start)
    case UInt8(ascii: ":") where !isNext(":om"):
      try underFilter(propertyFilter(), filter, depth)
    case UInt8(ascii: "/"), UInt8(ascii: "@"), UInt8(ascii: "|"), UInt8(ascii: "^"),
      UInt8(ascii: "?"), UInt8(ascii: ":"), UInt8(ascii: ">"), UInt8(ascii: "-"):
      add(.oldAction(restOfLine()), filter, start)
    case UInt8(ascii: "!"), UInt8(ascii: "+"):
      // A block for one program or host, to the next of its kind.
      gaps.append(.malformed(path, line: start, "blocks in BSD style are not worked out"))
      _ = restOfLine()
    case UInt8(ascii: "*") where !isNext("*."):
      add(.oldAction(restOfLine()), filter, start)
    default: try wordStatement(filter, depth, start)
    }
  }

  private mutating func wordStatement(
    _ filter: RsyslogFilter, _ depth: Int, _ start: Int
  ) throws(TargetError) {
    let begin = at
    let word = readWord()
    switch word.lowercased() {
    case "stop", "continue":
      if word.lowercased() == "stop" { add(.stop, filter, start) }
    case "if": try condition(filter, depth)
    case "call", "call_indirect":
      skipBlanks()
      add(.call(readWord()), filter, start)
      skip(";")
    case "set", "unset", "reset", "foreach", "reload_lookup_table":
      if word.lowercased() == "foreach" {
        _ = readUntil(keyword: "do")
        try parseStatement(
          filter.and(RsyslogFilter(text: "foreach", severities: nil, isConditional: true)),
          depth: depth + 1)
      } else {
        skipToSemicolon()
      }
    case let name where RsyslogParser.objects.contains(name) && isCallAhead():
      try object(name, filter, depth, start)
    default:
      at = begin
      try selectorLine(filter, depth, start)
    }
  }

  private mutating func selectorLine(
    _ filter: RsyslogFilter, _ depth: Int, _ start: Int
  ) throws(TargetError) {
    let begin = at
    while at < bytes.count, !isBlank(bytes[at]), bytes[at] != UInt8(ascii: "\n") {
      // A long selector goes on in the next line.
      if bytes[at] == UInt8(ascii: "\\"), at + 1 < bytes.count, bytes[at + 1] == 10 { break }
      at += 1
    }
    var text = String(decoding: bytes[begin..<at], as: UTF8.self)
    while at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == 10 {
      at += 2
      line += 1
      while at < bytes.count, isBlank(bytes[at]) { at += 1 }
      let next = at
      while at < bytes.count, !isBlank(bytes[at]), bytes[at] != 10, bytes[at] != UInt8(ascii: "\\")
      {
        at += 1
      }
      text += String(decoding: bytes[next..<at], as: UTF8.self)
    }
    guard let selector = RsyslogFilter.selector(text) else {
      gaps.append(.malformed(path, line: start, "'\(text.prefix(40))' is no selector"))
      _ = restOfLine()
      return
    }
    try underFilter(selector, filter, depth)
  }

  private mutating func underFilter(
    _ own: RsyslogFilter, _ outer: RsyslogFilter, _ depth: Int
  ) throws(TargetError) {
    let filter = outer.and(own)
    while at < bytes.count, isBlank(bytes[at]) { at += 1 }
    let start = line
    lastFilter = filter
    guard at < bytes.count, bytes[at] != 10 else {
      gaps.append(.malformed(path, line: start, "a filter without an action"))
      return
    }
    // A bare name is a user in the old form, unless it is a word of the new one.
    let begin = at
    let word = readWord().lowercased()
    let isStatement =
      ["stop", "call", "if", "set", "continue"].contains(word)
      || (RsyslogParser.objects.contains(word) && isCallAhead())
    at = begin
    let isOldWord = bytes[at] != UInt8(ascii: "{") && bytes[at] != UInt8(ascii: "~") && !isStatement
    if isOldWord {
      add(.oldAction(restOfLine()), filter, start)
    } else {
      try parseStatement(filter, depth: depth + 1)
    }
    lastFilter = filter
  }

  private mutating func condition(_ filter: RsyslogFilter, _ depth: Int) throws(TargetError) {
    let text = readUntil(keyword: "then")
    let own = RsyslogFilter.expression(text)
    lastFilter = filter.and(own)
    try parseStatement(filter.and(own), depth: depth + 1)
    skipBlanks()
    let begin = at
    let startLine = line
    if readWord().lowercased() == "else" {
      let other = RsyslogFilter(text: "else of " + own.text, severities: nil, isConditional: true)
      try parseStatement(filter.and(other), depth: depth + 1)
    } else {
      (at, line) = (begin, startLine)
    }
    lastFilter = filter.and(own)
  }

  private mutating func object(
    _ name: String, _ filter: RsyslogFilter, _ depth: Int, _ start: Int
  ) throws(TargetError) {
    let parameters = try readParameters()
    if name == "include" {
      try include(parameters, filter, start)
      return
    }
    add(.object(name, parameters), filter, start)
    guard name == "ruleset" || name == "template" else { return }
    skipBlanks()
    guard at < bytes.count, bytes[at] == UInt8(ascii: "{") else { return }
    at += 1
    if name == "template" {
      // Its parts are `property(…)` and `constant(…)`.
      try parseStatements(filter, depth: depth + 1)
    } else {
      let outer = ruleset
      ruleset = parameters["name"]?.first ?? "?"
      try parseStatements(.everything, depth: depth + 1)
      ruleset = outer
    }
  }

  private mutating func include(
    _ parameters: [String: [String]], _ filter: RsyslogFilter, _ start: Int
  ) throws(TargetError) {
    if parameters["text"] != nil {
      gaps.append(.malformed(path, line: start, "include(text=…) is not worked out"))
      return
    }
    for pattern in parameters["file"] ?? [] { try includeFiles(pattern, start) }
  }

  private mutating func includeFiles(_ pattern: String, _ start: Int) throws(TargetError) {
    guard pattern.hasPrefix("/") else {
      gaps.append(.malformed(path, line: start, "include of '\(pattern)' by a relative path"))
      return
    }
    for found in try host.expand(pattern) {
      switch try host.metadata(of: found)?.kind {
      case .directory?:
        for name in try host.list(found) ?? [] where name.bytes.first != UInt8(ascii: ".") {
          let file = found.appending(name)
          if try host.metadata(of: file)?.kind == .file { _ = try parse(file) }
        }
      case .file?: _ = try parse(found)
      default: break
      }
    }
  }

  private mutating func directive(_ filter: RsyslogFilter, _ start: Int) throws(TargetError) {
    let text = restOfLine()
    let name = text.dropFirst().prefix { !$0.isWhitespace }
    let value = String(text.dropFirst(1 + name.count)[...].trimmed)
    if name.lowercased() == "includeconfig" {
      try includeFiles(value, start)
    } else {
      add(.directive(name.lowercased(), value), filter, start)
    }
  }

  private mutating func add(_ kind: RsyslogStatement.Kind, _ filter: RsyslogFilter, _ line: Int) {
    statements.append(
      RsyslogStatement(kind: kind, filter: filter, ruleset: ruleset, origin: .line(path, line)))
  }
}
