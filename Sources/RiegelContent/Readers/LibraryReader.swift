import Crypto
package import RiegelModel
package import SystemPackage

/// Rules and profiles of the user, beside the shipped ones.
package struct AddedContent: Sendable {
  /// Rule files, or folders of topics with rule files in them.
  package var rules: [FilePath]
  /// Profile files, or folders of them.
  package var profiles: [FilePath]
  package init(rules: [FilePath] = [], profiles: [FilePath] = []) {
    self.rules = rules
    self.profiles = profiles
  }
}

/// Reads all content below a folder. Throws everything that is wrong with any of its files.
package func loadLibrary(
  from folder: FilePath, adding added: AddedContent = AddedContent(), probes: [ProbeDeclaration]
) throws(ContentError) -> (library: Library, warnings: [Diagnostic]) {
  let content = try readContent(from: folder, adding: added, probes: probes)
  return (content.library, content.warnings)
}

/// A library together with the documents it was read from, for lints that look at the writing.
package struct Content: Sendable {
  package var library: Library
  package var ruleDocuments: [String: Node]
  package var profileDocuments: [String: Node]
  package var warnings: [Diagnostic]
}

/// As `loadLibrary`, with the documents kept.
package func readContent(
  from folder: FilePath, adding added: AddedContent = AddedContent(), probes: [ProbeDeclaration],
  threads: Threads = .one
) throws(ContentError) -> Content {
  let log = DiagnosticLog()
  var files = ContentFiles(log, threads)
  files.addShipped(folder)
  files.add(added)
  let standards = files.documents(.standard)
  guard let catalogues = Catalogues(standards.mapValues(\.node), log) else {
    _ = files.documents(.rule)
    _ = files.documents(.profile)
    throw ContentError(log.diagnostics.inOrder)
  }
  let context = RuleContext(
    probes: probes, topics: Set(catalogues.measures.topics.map(\.id)),
    requirements: Set(catalogues.security.requirements.map(\.id)),
    directiveRows: Set(catalogues.directive.rows.map(\.id)))
  let ruleDocuments = files.documents(.rule)
  var rules: [Rule] = []
  let read = threads.map(Array(ruleDocuments.values)) { document in
    let own = DiagnosticLog()
    let rule = readRule(
      document.node, fileName: document.file.baseName, topic: document.file.topic,
      context: context, log: own)
    return (rule, own.diagnostics)
  }
  for (rule, diagnostics) in read {
    log.add(diagnostics)
    if let rule { rules.append(rule) }
  }
  let profileDocuments = files.documents(.profile)
  let profiles = profileDocuments.compactMap { _, document in
    readProfile(
      document.node, fileName: document.file.baseName,
      foundations: catalogues.security.foundations.map(\.abbreviation), log: log)
  }
  ProfileChecks(
    profiles: profiles.sorted { $0.id < $1.id },
    rules: Dictionary(rules.map { ($0.id, $0) }) { first, _ in first },
    ruleIDs: files.ids(.rule), measures: catalogues.measures,
    documents: profileDocuments.mapValues(\.node), log: log
  ).run()
  if log.hasErrors { throw ContentError(log.diagnostics.inOrder) }
  let library = Library(
    rules: rules.sorted { $0.id < $1.id }, profiles: profiles.sorted { $0.id < $1.id },
    security: catalogues.security, system: catalogues.system, measures: catalogues.measures,
    threats: catalogues.threats, norms: catalogues.norms, directive: catalogues.directive,
    hash: files.hash)
  return Content(
    library: library, ruleDocuments: ruleDocuments.mapValues(\.node),
    profileDocuments: profileDocuments.mapValues(\.node), warnings: log.diagnostics.inOrder)
}

/// The files of content: found, read, hashed, parsed.
private struct ContentFiles {
  enum Role: Sendable { case standard, rule, profile }

  struct Found: Sendable {
    var role: Role
    var file: ContentFile
    /// The name that the hash covers: the same wherever the user's own folders lie.
    var hashedName: String

    var baseName: String { file.path.lastComponent?.string ?? "" }
    /// A rule's topic is its folder.
    var topic: String { file.path.removingLastComponent().lastComponent?.string ?? "" }
    var id: String {
      role != .standard && baseName.hasSuffix(".yaml") ? String(baseName.dropLast(5)) : baseName
    }
  }

  let log: DiagnosticLog
  private let threads: Threads
  private var found: [Found] = []
  private var unreadIDs: Set<String> = []

  init(_ log: DiagnosticLog, _ threads: Threads) {
    self.log = log
    self.threads = threads
  }

  mutating func addShipped(_ folder: FilePath) {
    for name in Catalogues.files {
      add(.standard, folder.appending("Standards").appending(name), "Standards/\(name)")
    }
    addTopics(folder.appending("Rules"), "Rules", hashed: "Rules")
    addFolder(.profile, folder.appending("Profiles"), "Profiles", hashed: "Profiles")
  }

  mutating func add(_ added: AddedContent) {
    for path in added.rules { addOwn(.rule, path) }
    for path in added.profiles { addOwn(.profile, path) }
  }

  private mutating func addOwn(_ role: Role, _ path: FilePath) {
    let name = path.string
    let last = path.lastComponent?.string ?? name
    guard (try? contentEntries(of: path, name: name)) ?? nil != nil else {
      let topic = path.removingLastComponent().lastComponent?.string ?? ""
      add(role, path, name, hashed: role == .rule ? "added/\(topic)/\(last)" : "added/\(last)")
      return
    }
    switch role {
    case .rule: addTopics(path, name, hashed: "added")
    default: addFolder(role, path, name, hashed: "added")
    }
  }

  /// A folder of topics. What is in it and cannot be a rule is said, so that no rule is lost by a
  /// slip of its name.
  private mutating func addTopics(_ folder: FilePath, _ name: String, hashed: String) {
    for entry in entries(folder, name) {
      let inner = "\(name)/\(entry.name)"
      if entry.isFolder {
        addFolder(.rule, folder.appending(entry.name), inner, hashed: "\(hashed)/\(entry.name)")
      } else if entry.name.hasSuffix(".yaml") || entry.name.hasSuffix(".yml") {
        log.error("a rule lies in the folder of its topic", at: Place(file: inner))
      }
    }
  }

  private mutating func addFolder(
    _ role: Role, _ folder: FilePath, _ name: String, hashed: String
  ) {
    for entry in entries(folder, name) {
      let inner = "\(name)/\(entry.name)"
      if entry.name.hasSuffix(".yaml") {
        add(role, folder.appending(entry.name), inner, hashed: "\(hashed)/\(entry.name)")
      } else if entry.isFolder {
        log.error("a folder too deep: nothing in it is read", at: Place(file: inner))
      } else if entry.name.hasSuffix(".yml") {
        log.error("the file's name has to end in .yaml", at: Place(file: inner))
      } else if entry.name != "README.md" {
        log.warn("not read: its name does not end in .yaml", at: Place(file: inner))
      }
    }
  }

  private func entries(_ folder: FilePath, _ name: String) -> [ContentEntry] {
    do throws(ContentError) {
      if let entries = try contentEntries(of: folder, name: name) { return entries }
      log.error("there is no such folder", at: Place(file: name))
    } catch {
      log.add(error.diagnostics)
    }
    return []
  }

  private mutating func add(
    _ role: Role, _ path: FilePath, _ name: String, hashed: String? = nil
  ) {
    do throws(ContentError) {
      let file = try ContentFile(path, name: name)
      found.append(Found(role: role, file: file, hashedName: hashed ?? name))
    } catch {
      log.add(error.diagnostics)
      if role == .rule, let last = path.lastComponent?.string, last.hasSuffix(".yaml") {
        unreadIDs.insert(String(last.dropLast(5)))
      }
    }
  }

  /// The ids of all files of a kind, readable or not.
  func ids(_ role: Role) -> Set<String> {
    unreadIDs.union(found.lazy.filter { $0.role == role }.map(\.id))
  }

  /// The documents of a kind by id. An id that two folders give is a mistake.
  func documents(_ role: Role) -> [String: (node: Node, file: Found)] {
    var firsts: [String: Found] = [:]
    for file in found where file.role == role {
      if let first = firsts[file.id] {
        log.error(
          "the id '\(file.id)' is taken by \(first.file.name)", at: Place(file: file.file.name))
      } else {
        firsts[file.id] = file
      }
    }
    let parsed = threads.map(Array(firsts.values)) { file in
      Result { () throws(ContentError) in
        (try parseYAML(file.file.bytes, file: file.file.name), file)
      }
    }
    var documents: [String: (node: Node, file: Found)] = [:]
    for result in parsed {
      switch result {
      case .success((let node, let file)): documents[file.id] = (node, file)
      case .failure(let error): log.add(error.diagnostics)
      }
    }
    return documents
  }

  /// SHA-256 over names, lengths and bytes of all files in order of their names.
  var hash: String {
    var hasher = SHA256()
    func update(_ bytes: some Collection<UInt8>) {
      Array(bytes).withUnsafeBytes { hasher.update(bufferPointer: $0) }
    }
    for file in found.sorted(by: { $0.hashedName < $1.hashedName }) {
      update(file.hashedName.utf8)
      update([0])
      update(String(file.file.bytes.count).utf8)
      update([0])
      file.file.bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
    }
    let digits = Array("0123456789abcdef".utf8)
    let hex = hasher.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: hex, as: UTF8.self)
  }
}
