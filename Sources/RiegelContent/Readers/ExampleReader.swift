import RiegelModel

/// The day of all examples that name none, so that ages in them stay what they are.
let exampleNow = Instant(day: 20_781)

let exampleKeys = [
  "name", "outcome", "files", "packages", "unreadable", "parameters", "level", "running", "now",
  "finds",
]

/// Reads `examples`.
func readExamples(_ node: Node, _ parameters: [Parameter], _ log: DiagnosticLog) -> [Example] {
  guard let items = node.items, !items.isEmpty else {
    log.error("'examples' is a list of small hosts", at: node.place)
    return []
  }
  return items.compactMap { readExample($0, parameters, log) }
}

private func readExample(
  _ node: Node, _ parameters: [Parameter], _ log: DiagnosticLog
) -> Example? {
  guard var reader = MappingReader(node, "an example", log) else { return nil }
  let name = reader.text("name")
  let outcome = reader.choice("outcome", Outcome.self)
  let files = reader.optional("files").map { readFiles($0, log) } ?? []
  let packages = reader.optional("packages").map { readPackages($0, files, log) }
  let unreadable = reader.optional("unreadable").flatMap { textsOf($0, "unreadable", log) } ?? []
  let values = reader.optional("parameters").map { readValues($0, parameters, log) } ?? [:]
  let level = reader.optionalLevel("level")
  let isRunning = reader.optionalFlag("running")
  let now = reader.optionalInstant("now") ?? exampleNow
  let finds = reader.optional("finds").flatMap { node -> String? in
    guard let text = nonEmptyText(node, "finds", log) else { return nil }
    if !text.hasPrefix("/") {
      log.error("'finds' is an origin such as /etc/ssh/sshd_config:3", at: node.place)
    }
    return text
  }
  reader.finish()
  for path in unreadable { checkPath(path.text, at: path.place, log) }
  guard let name, let outcome else { return nil }
  return Example(
    name: name, outcome: outcome, files: files, packages: packages,
    unreadable: unreadable.map(\.text), parameters: values, level: level, isRunning: isRunning,
    now: now, finds: finds, place: node.place)
}

private func checkPath(_ path: String, at place: Place, _ log: DiagnosticLog) {
  let parts = path.utf8.dropFirst().split(
    separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
  let isPlain = parts.allSatisfy {
    !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8)
  }
  if !path.hasPrefix("/") || (path != "/" && !isPlain) {
    log.error("'\(path)' is no absolute path without '.', '..' and doubled '/'", at: place)
  }
}

private func readFiles(_ node: Node, _ log: DiagnosticLog) -> [Example.File] {
  guard let entries = node.entries, !entries.isEmpty else {
    log.error("'files' is a mapping from paths to texts", at: node.place)
    return []
  }
  let accounts = ExampleAccounts(entries)
  return entries.compactMap { entry in
    checkPath(entry.key, at: entry.keyPlace, log)
    switch entry.value.content {
    case .scalar(let text, _):
      if entry.value.isNothing {
        log.error(
          "'\(entry.key)' has no text", at: entry.value.place,
          suggestion: "write \"\" for an empty file")
      }
      return Example.File(path: entry.key, content: text)
    case .mapping: return readFile(entry, accounts, log)
    case .sequence:
      log.error("a file is a text or a mapping, not a list", at: entry.value.place)
      return nil
    }
  }
}

let exampleFileKeys = [
  "type", "content", "mode", "owner", "group", "uid", "gid", "link", "modified",
]

private func readFile(
  _ entry: Node.Entry, _ accounts: ExampleAccounts, _ log: DiagnosticLog
) -> Example.File? {
  guard var reader = MappingReader(entry.value, "a file", log) else { return nil }
  let kind = reader.optionalChoice("type", FileMetadata.Kind.self)
  let content = reader.optional("content")
  let mode = reader.optional("mode").flatMap { node -> UInt16? in
    guard let text = node.text, let mode = UInt16(text, radix: 8), mode <= 0o7777 else {
      log.error("'mode' must be octal such as 0640", at: node.place)
      return nil
    }
    return mode
  }
  let user = readOwner(&reader, "owner", number: "uid", accounts.users, "/etc/passwd")
  let group = readOwner(&reader, "group", number: "gid", accounts.groups, "/etc/group")
  let link = reader.optionalText("link")
  let modified = reader.optionalInstant("modified") ?? Instant(seconds: 0)
  reader.finish()
  let actual = kind ?? (link == nil ? .file : .link)
  if actual == .link, link == nil {
    log.error("a link needs the key 'link' with its text", at: entry.keyPlace)
  }
  if actual != .link, link != nil {
    log.error("'link' fits the type link only", at: reader.place(ofKey: "link"))
  }
  if let content, actual != .file {
    log.error("only a file has 'content'", at: content.place)
  }
  if let content, content.text == nil {
    log.error("'content' must be a text, not \(content.kind)", at: content.place)
  }
  let usual: UInt16 =
    switch actual {
    case .directory: 0o755
    case .link: 0o777
    default: 0o644
    }
  return Example.File(
    path: entry.key, kind: actual, content: content?.text ?? "", mode: mode ?? usual,
    user: user ?? 0, group: group ?? 0, modified: modified, link: link)
}

/// A number under `owner` or `uid`, or a name that the example's own databases know.
private func readOwner(
  _ reader: inout MappingReader, _ key: String, number: String, _ known: [String: UInt32],
  _ database: String
) -> UInt32? {
  let log = reader.log
  let named = reader.optional(key)
  let numbered = reader.optional(number)
  if let numbered {
    if named != nil {
      log.error("'\(number)' cannot stand beside '\(key)'", at: numbered.place)
    }
    guard let id = numbered.text.flatMap({ UInt32($0) }) else {
      log.error("'\(number)' must be a number", at: numbered.place)
      return nil
    }
    return id
  }
  guard let named, let text = nonEmptyText(named, key, log) else { return nil }
  if let id = UInt32(text) { return id }
  if text == "root" { return 0 }
  guard let id = known[text] else {
    log.error(
      "nobody is called '\(text)' in the \(database) of this example", at: named.place,
      suggestion: didYouMean(text, among: known.keys.sorted()) ?? "write '\(number)' with a number")
    return nil
  }
  return id
}

/// The names that an example's own `/etc/passwd` and `/etc/group` know.
private struct ExampleAccounts {
  var users: [String: UInt32]
  var groups: [String: UInt32]

  init(_ files: [Node.Entry]) {
    func names(_ path: String) -> [String: UInt32] {
      let value = files.first { $0.key == path }?.value
      guard let text = value?.text ?? value?["content"]?.text else { return [:] }
      var names: [String: UInt32] = [:]
      for line in numberedLines(text) {
        let fields = line.text.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count > 2, let id = UInt32(fields[2]) else { continue }
        if names[String(fields[0])] == nil { names[String(fields[0])] = id }
      }
      return names
    }
    users = names("/etc/passwd")
    groups = names("/etc/group")
  }
}

private func readPackages(
  _ node: Node, _ files: [Example.File], _ log: DiagnosticLog
) -> [Example.Package] {
  if let status = files.first(where: { $0.path == dpkgStatusPath }) {
    log.error("'packages' writes \(status.path), which 'files' gives too", at: node.place)
  }
  return (textsOf(node, "packages", log) ?? []).compactMap { text, place in
    let words = text.split(separator: " ")
    guard words.count == 2, DebianVersion(String(words[1])) != nil else {
      log.error(
        "'\(text)' is not a name and a version such as 'openssh-server 1:9.2p1-2'", at: place)
      return nil
    }
    return Example.Package(String(words[0]), String(words[1]))
  }
}

private func readValues(
  _ node: Node, _ parameters: [Parameter], _ log: DiagnosticLog
) -> [String: Literal] {
  guard let entries = node.entries, !entries.isEmpty else {
    log.error("'parameters' is a mapping from names to values", at: node.place)
    return [:]
  }
  var values: [String: Literal] = [:]
  for entry in entries {
    guard let parameter = parameters.first(where: { $0.name == entry.key }) else {
      log.unknown("parameter", entry.key, at: entry.keyPlace, among: parameters.map(\.name))
      continue
    }
    if let problem = parameter.problem(with: entry.value.literal) {
      log.error("'\(entry.key)': \(problem)", at: entry.value.place)
    }
    values[entry.key] = entry.value.literal
  }
  return values
}
