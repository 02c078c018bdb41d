import RiegelModel
import SystemPackage

/// Reads sudoers and all it draws in, in order.
///
/// A line with an error is left out, as sudo does since 1.9.3, and is a gap: nobody can say what
/// was meant. In an included folder, names with a dot or a `~` at the end are not read.
struct SudoersParser {
  static let reads = [
    "/etc/sudoers", "/etc/sudoers.d/*", "/usr/etc/sudoers", "/usr/etc/sudoers.d/*",
    "/etc/nsswitch.conf", "/etc/hostname", "/var/lib/dpkg/status",
  ]

  /// nil if the host has no sudoers at all.
  static func sudoers(on host: Host) throws(TargetError) -> Sudoers? {
    try host.remember("sudoers") { () throws(TargetError) -> Sudoers? in
      var parser = SudoersParser(host: host)
      for path: FilePath in ["/etc/sudoers", "/usr/etc/sudoers"] {
        guard let bytes = try host.bytes(of: path) else { continue }
        parser.read(bytes, path, depth: 0)
        try parser.noteDirectories()
        return parser.found
      }
      try parser.noteDirectories()
      return parser.found.gaps.isEmpty ? nil : parser.found
    }
  }

  let host: Host
  var found = Sudoers()

  init(host: Host) { self.host = host }

  /// Rules in a directory are not in this tree.
  private mutating func noteDirectories() throws(TargetError) {
    for line in try host.lines(of: "/etc/nsswitch.conf") ?? [] {
      let words = line.text.prefix { $0 != "#" }.split(whereSeparator: { " \t:".contains($0) })
      guard words.first == "sudoers", words.contains("sss") || words.contains("ldap") else {
        continue
      }
      found.gaps.append(
        .remote(
          "/etc/nsswitch.conf",
          Localized(
            en: "sudo also asks a directory service for rules (line \(line.number))",
            de: "sudo fragt auch einen Verzeichnisdienst nach Regeln (Zeile \(line.number))")))
    }
  }

  mutating func read(_ bytes: [UInt8], _ path: FilePath, depth: Int) {
    var pending: [UInt8] = []
    var start = 1
    var number = 0
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      if pending.isEmpty { start = number }
      pending += line
      if SudoersParser.continues(pending) {
        pending.removeLast()
        continue
      }
      parse(pending, .line(path, start), path, start, depth)
      pending = []
    }
    if !pending.isEmpty { parse(pending, .line(path, start), path, start, depth) }
  }

  /// A backslash at the end, in a line that is no comment, continues it.
  private static func continues(_ line: [UInt8]) -> Bool {
    guard line.last == UInt8(ascii: "\\") else { return false }
    return line.first { !SudoersScanner.isBlank($0) } != UInt8(ascii: "#")
  }

  private mutating func parse(
    _ bytes: [UInt8], _ origin: Origin, _ path: FilePath, _ line: Int, _ depth: Int
  ) {
    var scanner = SudoersScanner(bytes.last == 13 ? bytes.dropLast() : bytes)
    scanner.skipBlanks()
    if scanner.isAtEnd { return }
    if let isFolder = SudoersParser.directive(&scanner) {
      include(&scanner, isFolder: isFolder, path, line, depth)
      return
    }
    if scanner.peek == UInt8(ascii: "#"), !SudoersParser.isUser(scanner) { return }
    do throws(SudoersSyntaxError) {
      try statement(&scanner, origin)
      if !scanner.isDone() { throw SudoersSyntaxError(message: "unexpected text") }
    } catch {
      found.gaps.append(.malformed(path, line: line, error.message))
    }
  }

  /// `#12` at the start of a line is a user, other `#` start comments.
  private static func isUser(_ scanner: SudoersScanner) -> Bool {
    let next = scanner.at + 1
    guard next < scanner.bytes.count else { return false }
    return (48...57).contains(scanner.bytes[next])
  }

  /// nil if the line is no include; else whether it names a folder.
  private static func directive(_ scanner: inout SudoersScanner) -> Bool? {
    for (word, isFolder) in [
      ("@includedir", true), ("#includedir", true), ("@include", false), ("#include", false),
    ] where scanner.starts(with: word) {
      let end = scanner.at + word.utf8.count
      guard end < scanner.bytes.count, SudoersScanner.isBlank(scanner.bytes[end]) else { continue }
      scanner.at = end
      return isFolder
    }
    return nil
  }

  private mutating func include(
    _ scanner: inout SudoersScanner, isFolder: Bool, _ path: FilePath, _ line: Int, _ depth: Int
  ) {
    do throws(TargetError) {
      if depth >= 128 { throw .malformed(path, line: line, "files include each other too deep") }
      let name = try expand(try SudoersParser.name(&scanner, path, line), path, line)
      let target = path.removingLastComponent().pushing(FilePath(name)).lexicallyNormalized()
      if isFolder {
        try read(folder: target, depth)
      } else if let bytes = try host.bytes(of: target) {
        read(bytes, target, depth: depth + 1)
      } else {
        throw .malformed(path, line: line, "'\(name)' does not exist")
      }
    } catch {
      found.gaps.append(error)
    }
  }

  private static func name(
    _ scanner: inout SudoersScanner, _ path: FilePath, _ line: Int
  ) throws(TargetError) -> String {
    do throws(SudoersSyntaxError) {
      return try scanner.value()
    } catch {
      throw .malformed(path, line: line, error.message)
    }
  }

  /// `%h` is the short host name.
  private func expand(
    _ name: String, _ path: FilePath, _ line: Int
  ) throws(TargetError) -> String {
    let parts = name.split(separator: "%h", omittingEmptySubsequences: false)
    if parts.count == 1 { return name }
    guard let text = try host.text(of: "/etc/hostname") else {
      throw .undetermined(
        path,
        Localized(
          en: "the host's name is not known, which line \(line) needs",
          de: "der Rechnername, den Zeile \(line) braucht, ist nicht bekannt"))
    }
    let short = String(text.prefix { $0 != "." && !$0.isWhitespace })
    return parts.map(String.init).joined(separator: short)
  }

  private mutating func read(folder: FilePath, _ depth: Int) throws(TargetError) {
    for name in try host.list(folder) ?? [] {
      let path = folder.appending(name)
      if name.string.contains(".") || name.string.hasSuffix("~") {
        found.notes.append(
          Note(
            en: "sudo does not read this file, because of its name",
            de: "sudo liest diese Datei ihres Namens wegen nicht", .file(path)))
        continue
      }
      do {
        guard try host.metadata(of: path)?.kind == .file else { continue }
        if let bytes = try host.bytes(of: path) { read(bytes, path, depth: depth + 1) }
      } catch {
        found.gaps.append(error)
      }
    }
  }
}

extension SudoersParser {
  private mutating func statement(
    _ scanner: inout SudoersScanner, _ origin: Origin
  ) throws(SudoersSyntaxError) {
    let start = scanner.at
    let word = scanner.word()
    if word == "Defaults" {
      let next = scanner.peek
      if next == nil || next.map({ SudoersScanner.isBlank($0) || "@:!>".utf8.contains($0) }) == true
      {
        try defaults(&scanner, origin)
        return
      }
    }
    if scanner.peek.map(SudoersScanner.isBlank) == true,
      let kind = Sudoers.AliasKind(rawValue: word == "Cmd_Alias" ? "Cmnd_Alias" : word)
    {
      try aliases(kind, &scanner)
      return
    }
    scanner.at = start
    try specification(&scanner, origin)
  }

  private mutating func aliases(
    _ kind: Sudoers.AliasKind, _ scanner: inout SudoersScanner
  ) throws(SudoersSyntaxError) {
    repeat {
      let name = scanner.word()
      guard name.utf8.first.map({ (65...90).contains($0) }) == true,
        name.utf8.allSatisfy({ !(97...122).contains($0) }), name != "ALL"
      else { throw SudoersSyntaxError(message: "'\(name)' cannot be an alias") }
      try scanner.expect("=")
      if kind == .command {
        var commands: [Sudoers.Command] = []
        repeat { commands.append(try command(&scanner)) } while scanner.take(",")
        if found.commandAliases.updateValue(commands, forKey: name) != nil {
          throw SudoersSyntaxError(message: "alias '\(name)' is already defined")
        }
      } else {
        let members = try list(&scanner, isHost: kind == .host)
        if found.aliases[kind, default: [:]].updateValue(members, forKey: name) != nil {
          throw SudoersSyntaxError(message: "alias '\(name)' is already defined")
        }
      }
    } while scanner.take(":")
  }

  private func list(
    _ scanner: inout SudoersScanner, isHost: Bool = false
  ) throws(SudoersSyntaxError) -> [Sudoers.Member] {
    var members: [Sudoers.Member] = []
    repeat {
      let isNegated = scanner.negation()
      members.append(
        Sudoers.Member(text: try scanner.name(isHost: isHost), isNegated: isNegated))
    } while scanner.take(",")
    return members
  }

  private static let digests = ["sha224:", "sha256:", "sha384:", "sha512:"]

  private func command(
    _ scanner: inout SudoersScanner
  ) throws(SudoersSyntaxError) -> Sudoers.Command {
    scanner.skipBlanks()
    var sums: [String] = []
    while let kind = SudoersParser.digests.first(where: { scanner.starts(with: $0) }) {
      scanner.at += kind.utf8.count
      scanner.skipBlanks()
      let start = scanner.at
      while let byte = scanner.peek, !SudoersScanner.isBlank(byte), byte != 44 { scanner.at += 1 }
      sums.append(kind + String(decoding: scanner.bytes[start..<scanner.at], as: UTF8.self))
      _ = scanner.take(",")
      scanner.skipBlanks()
    }
    let isNegated = scanner.negation()
    scanner.skipBlanks()
    guard let first = scanner.peek else { throw SudoersSyntaxError(message: "a command expected") }
    if first == UInt8(ascii: "/") || first == UInt8(ascii: "^") {
      let path = scanner.path()
      let isFolder = path.hasSuffix("/")
      return Sudoers.Command(
        path: path, arguments: isFolder ? nil : scanner.arguments(), isNegated: isNegated,
        digests: sums)
    }
    let word = scanner.word()
    switch word {
    case "sudoedit":
      return Sudoers.Command(
        path: word, arguments: scanner.arguments(), isNegated: isNegated, digests: sums)
    case "list": return Sudoers.Command(path: word, isNegated: isNegated, digests: sums)
    default:
      guard let first = word.utf8.first, (65...90).contains(first),
        word.utf8.allSatisfy({ !(97...122).contains($0) })
      else { throw SudoersSyntaxError(message: "a command expected") }
      return Sudoers.Command(path: word, isNegated: isNegated, digests: sums)
    }
  }

  private mutating func specification(
    _ scanner: inout SudoersScanner, _ origin: Origin
  ) throws(SudoersSyntaxError) {
    let users = try list(&scanner)
    var grants: [Sudoers.Grant] = []
    repeat {
      let hosts = try list(&scanner, isHost: true)
      try scanner.expect("=")
      var grant = Sudoers.Grant(
        users: users, hosts: hosts, runas: nil, runasGroups: [],
        command: Sudoers.Command(path: ""), tags: [:], options: [:], origin: origin)
      repeat {
        try runas(&scanner, &grant)
        try labels(&scanner, &grant)
        grant.command = try command(&scanner)
        grants.append(grant)
      } while scanner.take(",")
    } while scanner.take(":")
    guard scanner.isDone() else { throw SudoersSyntaxError(message: "unexpected text") }
    found.grants += grants
  }

  /// `(users : groups)`, taken over from the command before if not written.
  private func runas(
    _ scanner: inout SudoersScanner, _ grant: inout Sudoers.Grant
  ) throws(SudoersSyntaxError) {
    guard scanner.take("(") else { return }
    grant.runas = []
    grant.runasGroups = []
    if scanner.take(")") { return }
    if !scanner.take(":") {
      grant.runas = try list(&scanner)
      if scanner.take(")") { return }
      try scanner.expect(":")
    }
    if scanner.take(")") { return }
    grant.runasGroups = try list(&scanner)
    try scanner.expect(")")
  }

  private static let tags: Set<String> = [
    "PASSWD", "EXEC", "SETENV", "LOG_INPUT", "LOG_OUTPUT", "MAIL", "FOLLOW", "INTERCEPT",
  ]
  private static let options: Set<String> = [
    "ROLE", "TYPE", "APPARMOR_PROFILE", "PRIVS", "LIMITPRIVS", "CWD", "CHROOT", "TIMEOUT",
    "NOTBEFORE", "NOTAFTER",
  ]

  private func labels(
    _ scanner: inout SudoersScanner, _ grant: inout Sudoers.Grant
  ) throws(SudoersSyntaxError) {
    while true {
      let start = scanner.at
      let word = scanner.word()
      if SudoersParser.options.contains(word), scanner.take("=") {
        grant.options[word] = try scanner.value()
        continue
      }
      let positive = word.hasPrefix("NO") ? String(word.dropFirst(2)) : word
      if SudoersParser.tags.contains(positive), scanner.take(":") {
        grant.tags[positive] = positive == word
        continue
      }
      scanner.at = start
      return
    }
  }

  private mutating func defaults(
    _ scanner: inout SudoersScanner, _ origin: Origin
  ) throws(SudoersSyntaxError) {
    var scope = Sudoers.Default.Scope.global
    var members: [Sudoers.Member] = []
    switch scanner.peek {
    case UInt8(ascii: "@"): scope = .host
    case UInt8(ascii: ":"): scope = .user
    case UInt8(ascii: ">"): scope = .runas
    case UInt8(ascii: "!"): scope = .command
    default: break
    }
    if scope != .global {
      scanner.at += 1
      if scope == .command {
        repeat {
          let command = try scopedCommand(&scanner)
          members.append(Sudoers.Member(text: command.path, isNegated: command.isNegated))
        } while scanner.take(",")
      } else {
        members = try list(&scanner, isHost: scope == .host)
      }
    }
    var settings: [Sudoers.Default] = []
    repeat {
      let isOff = scanner.negation()
      let name = scanner.word()
      if name.isEmpty { throw SudoersSyntaxError(message: "a setting expected") }
      var operation = isOff ? Sudoers.Default.Operation.off : .on
      scanner.skipBlanks()
      if scanner.starts(with: "+=") {
        operation = .add
        scanner.at += 2
      } else if scanner.starts(with: "-=") {
        operation = .remove
        scanner.at += 2
      } else if scanner.peek == UInt8(ascii: "=") {
        operation = .set
        scanner.at += 1
      }
      let hasValue = operation == .set || operation == .add || operation == .remove
      if hasValue, isOff { throw SudoersSyntaxError(message: "'!' and a value") }
      settings.append(
        Sudoers.Default(
          name: name, operation: operation, value: hasValue ? try scanner.value() : "",
          scope: scope, members: members, origin: origin))
    } while scanner.take(",")
    guard scanner.isDone() else { throw SudoersSyntaxError(message: "unexpected text") }
    found.defaults += settings
  }

  /// A command in the scope of Defaults has no arguments: a blank ends the list.
  private func scopedCommand(
    _ scanner: inout SudoersScanner
  ) throws(SudoersSyntaxError) -> Sudoers.Command {
    let isNegated = scanner.negation()
    scanner.skipBlanks()
    let path =
      scanner.peek == UInt8(ascii: "/") || scanner.peek == UInt8(ascii: "^")
      ? scanner.path() : scanner.word()
    if path.isEmpty { throw SudoersSyntaxError(message: "a command expected") }
    return Sudoers.Command(path: path, isNegated: isNegated)
  }
}
