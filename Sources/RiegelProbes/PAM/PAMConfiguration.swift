import RiegelModel
import SystemPackage

/// The four kinds of work that a PAM service hands to its stacks.
enum PAMType: String, Sendable, Hashable, CaseIterable {
  case auth, account, password, session
}

/// A line in force in a stack, after all files have been drawn in.
struct PAMEntry: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case module
    /// A line that libpam cannot use; it returns `perm_denied`.
    case mustFail
    /// The head of a substack: does nothing, but counts as a module for jumps together with it.
    case substack
  }

  var kind: Kind
  var type: PAMType
  /// As written, without brackets.
  var controlText: String
  var control: PAMControl
  /// How many substacks deep.
  var level: Int
  /// As written: `pam_unix.so`, `/opt/lib/pam_x.so`.
  var path: String
  var arguments: [String]
  /// The type is written with `-`: no log message when the module is missing.
  var isQuiet: Bool
  var place: Origin

  /// The module's name without folder and `.so`: `pam_unix`. A file of another name (a carriage
  /// return at its end, `.so` forgotten) is another module, and keeps its name.
  var module: String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.hasSuffix(".so") ? String(name.dropLast(3)) : name
  }

  /// The value of the last argument `name=value`; libpam's modules take the last one.
  func argument(_ name: String) -> String? {
    arguments.last { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
  }

  func has(_ flag: String) -> Bool { arguments.contains(flag) }
}

/// A service as libpam sees it: its own stacks, and those of `other` where it has none.
struct PAMService: Sendable, Hashable {
  var name: String
  var file: FilePath
  var stacks: [PAMType: [PAMEntry]]
}

/// Reads the stacks of services as `pam_handlers.c` does.
///
/// A service's file is looked for in `/etc/pam.d`, `/usr/lib/pam.d` and `/usr/etc/pam.d` (SUSE);
/// `/etc/pam.conf` counts only where none of these folders exists. A type that a service says
/// nothing about falls to the service `other`. Debian's `@include` draws in every type; a missing
/// file there breaks the whole service, while `include` and `substack` of a missing file become a
/// line that fails.
struct PAMConfiguration: Sendable {
  static let folders: [FilePath] = ["/etc/pam.d", "/usr/lib/pam.d", "/usr/etc/pam.d"]
  static let single: FilePath = "/etc/pam.conf"
  static let reads = folders.map { printable($0) + "/*" } + ["/etc/pam.conf", "/etc/os-release"]

  private let host: Host
  private let usesFolders: Bool
  private let knowsAtInclude: Bool

  /// libpam gives up at this depth of inclusion.
  private static let deepest = 16
  /// No sane stack is longer; a file that includes itself twice would grow without end.
  private static let longest = 4096

  init(_ host: Host) throws(TargetError) {
    self.host = host
    var usesFolders = false
    for folder in PAMConfiguration.folders
    where try host.metadata(of: folder)?.kind == .directory {
      usesFolders = true
    }
    self.usesFolders = usesFolders
    knowsAtInclude = try PAMConfiguration.isDebian(host)
  }

  /// `@include` is a patch of Debian and what descends from it. Where nothing says which
  /// distribution this is, whoever wrote `@include` is taken to have known.
  private static func isDebian(_ host: Host) throws(TargetError) -> Bool {
    guard let lines = try host.lines(of: "/etc/os-release") else { return true }
    let values = lines.filter { $0.text.hasPrefix("ID=") || $0.text.hasPrefix("ID_LIKE=") }
    return values.isEmpty
      || values.contains { $0.text.contains("debian") || $0.text.contains("ubuntu") }
  }

  /// A service with the stacks in force; nil if it has no configuration of its own.
  static func service(_ name: String, on host: Host) throws(TargetError) -> PAMService? {
    try host.remember("pam.service.\(name)") { () throws(TargetError) -> PAMService? in
      let reader = try PAMConfiguration(host)
      guard var service = try reader.read(name.lowercased()) else { return nil }
      if name != "other", let other = try reader.read("other") {
        for type in PAMType.allCases where service.stacks[type, default: []].isEmpty {
          service.stacks[type] = other.stacks[type]
        }
      }
      return service
    }
  }

  /// The names of all services with a file of their own, fragments such as `common-auth` included.
  static func names(on host: Host) throws(TargetError) -> [String] {
    let reader = try PAMConfiguration(host)
    var names: Set<String> = []
    if reader.usesFolders {
      for folder in folders {
        guard try host.metadata(of: folder)?.kind == .directory else { continue }
        for name in try host.list(folder) ?? [] { names.insert(name.string) }
      }
    } else if let bytes = try host.bytes(of: single) {
      for line in try PAMLines.parse(bytes, single) {
        if let service = line.tokens.first { names.insert(service.lowercased()) }
      }
    }
    return names.sorted()
  }

  /// The services' own lines only. Throws `malformed` where libpam would refuse to start.
  private func read(_ name: String) throws(TargetError) -> PAMService? {
    var builder = Builder(service: name)
    if usesFolders {
      guard let (path, bytes) = try open(name) else { return nil }
      try load(PAMLines.parse(bytes, path), from: path, into: &builder)
      return PAMService(name: name, file: path, stacks: builder.stacks)
    }
    let path = PAMConfiguration.single
    guard let bytes = try host.bytes(of: path) else { return nil }
    var lines: [PAMLines.Line] = []
    for var line in try PAMLines.parse(bytes, path)
    where line.tokens.first?.lowercased() == name {
      line.tokens.removeFirst()
      lines.append(line)
    }
    if lines.isEmpty { return nil }
    try load(lines, from: path, into: &builder)
    return PAMService(name: name, file: path, stacks: builder.stacks)
  }

  private func open(_ name: String) throws(TargetError) -> (FilePath, [UInt8])? {
    if name.hasPrefix("/") {
      let path = FilePath(name).lexicallyNormalized()
      return try host.bytes(of: path).map { (path, $0) }
    }
    for folder in PAMConfiguration.folders {
      let path = folder.pushing(FilePath(name)).lexicallyNormalized()
      if let bytes = try host.bytes(of: path) { return (path, bytes) }
    }
    return nil
  }

  private struct Builder {
    var service: String
    var stacks: [PAMType: [PAMEntry]] = [:]
    /// The type that a typed include asked for; nil takes lines of every type.
    var wanted: PAMType?
    var depth = 0
    var level = 0
    var count = 0
  }

  /// Adds lines to the stacks. Throws `malformed` where libpam would abort the whole service.
  private func load(
    _ lines: [PAMLines.Line], from path: FilePath, into builder: inout Builder
  ) throws(TargetError) {
    for line in lines {
      var tokens = line.tokens[...]
      var word = tokens.popFirst() ?? ""
      let isQuiet = word.hasPrefix("-")
      if isQuiet { word.removeFirst() }
      if knowsAtInclude, word.lowercased() == "@include" {
        try include(tokens.first, at: line.number, of: path, into: &builder)
        continue
      }
      let type = PAMType(rawValue: word.lowercased())
      let place = type ?? builder.wanted ?? .auth
      if let wanted = builder.wanted, place != wanted { continue }
      let control = tokens.popFirst()
      let keyword = control?.lowercased()
      var entry = PAMEntry(
        kind: .module, type: place, controlText: control ?? "",
        control: control.map { PAMControl($0) } ?? .allBad, level: builder.level,
        path: tokens.popFirst() ?? "", arguments: Array(tokens), isQuiet: isQuiet,
        place: .line(path, line.number))
      if keyword == "include" || keyword == "substack" {
        if entry.path.isEmpty {
          throw .malformed(path, line: line.number, "'\(keyword ?? "")' without a file")
        }
        let isSubstack = keyword == "substack"
        if isSubstack {
          entry.kind = .substack
          add(entry, to: &builder)
        }
        if try draw(
          entry.path, type: place, isSubstack: isSubstack, at: line.number, of: path,
          into: &builder)
        {
          continue
        }
        entry.kind = .mustFail
        entry.control = .allBad
      }
      if type == nil || entry.path.isEmpty || control == nil { entry.kind = .mustFail }
      add(entry, to: &builder)
      if builder.count > PAMConfiguration.longest {
        throw .malformed(path, line: line.number, "a stack without end: files include each other")
      }
    }
  }

  private func add(_ entry: PAMEntry, to builder: inout Builder) {
    builder.stacks[entry.type, default: []].append(entry)
    builder.count += 1
  }

  /// Debian's `@include`: all types, and whatever goes wrong breaks the service.
  private func include(
    _ name: String?, at line: Int, of path: FilePath, into builder: inout Builder
  ) throws(TargetError) {
    guard let name else { throw .malformed(path, line: line, "'@include' without a file") }
    guard builder.depth + 1 < PAMConfiguration.deepest else {
      throw .malformed(path, line: line, "files include each other too deep")
    }
    guard let (file, bytes) = try open(name) else {
      throw .malformed(path, line: line, "'@include' of '\(name)', which does not exist")
    }
    builder.depth += 1
    try load(PAMLines.parse(bytes, file), from: file, into: &builder)
    builder.depth -= 1
  }

  /// `include` and `substack`; false if libpam would put a failing line in their place.
  private func draw(
    _ name: String, type: PAMType, isSubstack: Bool, at line: Int, of path: FilePath,
    into builder: inout Builder
  ) throws(TargetError) -> Bool {
    guard builder.depth + 1 < PAMConfiguration.deepest, let (file, bytes) = try open(name) else {
      return false
    }
    var inner = builder
    inner.depth += 1
    inner.level += isSubstack ? 1 : 0
    inner.wanted = type
    try load(PAMLines.parse(bytes, file), from: file, into: &inner)
    builder.stacks = inner.stacks
    builder.count = inner.count
    return true
  }
}
