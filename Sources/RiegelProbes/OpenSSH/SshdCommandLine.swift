import RiegelModel
import SystemPackage

/// The options that the service manager gives sshd, which come before its file: `-o`, `-f`, `-p`
/// and their like.
///
/// Taken from the systemd unit with its drop-ins and environment files; without a unit from the
/// files of settings that distributions read. Red Hat 8 hands over its crypto policy this way.
struct SshdCommandLine: Sendable {
  struct Option: Sendable, Hashable {
    /// As a line of sshd_config.
    var text: String
    var origin: Origin
  }

  var file: FilePath?
  var settings: [Option] = []

  private static let unitNames = ["ssh.service", "sshd.service"]
  private static let unitFolders = [
    "/etc/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
    "/lib/systemd/system",
  ]
  /// Variables and the files that hold them, where no unit says.
  private static let fallbacks: [(file: FilePath, variables: [String])] = [
    ("/etc/default/ssh", ["SSHD_OPTS"]),
    ("/etc/sysconfig/ssh", ["SSHD_OPTS"]),
    ("/etc/sysconfig/sshd", ["OPTIONS", "CRYPTO_POLICY"]),
    ("/etc/conf.d/sshd", ["SSHD_OPTS"]),
  ]

  /// What the snapshot has to hold for it.
  static let reads =
    unitFolders.flatMap { folder in unitNames.map { "\(folder)/\($0)" } }
    + unitFolders.flatMap { folder in unitNames.map { "\(folder)/\($0).d/*.conf" } }
    + fallbacks.map { printable($0.file) }
    + ["/etc/crypto-policies/back-ends/opensshserver.config"]

  static func read(_ host: Host) throws(TargetError) -> SshdCommandLine {
    var line = SshdCommandLine()
    if let unit = try unit(host) {
      line.take(unit.words, from: unit.origin)
      return line
    }
    for (file, names) in fallbacks {
      let values = try variables(host, file)
      for name in names {
        guard let (value, origin) = values[name] else { continue }
        line.take(split(value), from: origin)
      }
    }
    return line
  }

  // MARK: - The unit

  private static func unit(
    _ host: Host
  ) throws(TargetError) -> (words: [String], origin: Origin)? {
    for name in unitNames {
      var main: FilePath?
      for folder in unitFolders where main == nil {
        let path = FilePath(folder).appending(name)
        if try host.metadata(of: path)?.kind == .file { main = path }
      }
      guard let main else { continue }
      var command: (text: String, origin: Origin)?
      var environment: [String: (String, Origin)] = [:]
      for path in try [main] + dropIns(host, name) {
        for line in joined(try host.lines(of: path) ?? []) {
          guard let equals = line.text.firstIndex(of: "=") else { continue }
          let value = trimmed(line.text[line.text.index(after: equals)...])
          switch trimmed(line.text[..<equals]) {
          case "ExecStart":
            command = value.isEmpty ? nil : (command ?? (value, .line(path, line.number)))
          case "Environment":
            for word in split(value) {
              guard let equals = word.firstIndex(of: "=") else { continue }
              let name = String(word[..<equals])
              environment[name] = (
                String(word[word.index(after: equals)...]), .line(path, line.number)
              )
            }
          case "EnvironmentFile":
            let file = FilePath(value.hasPrefix("-") ? String(value.dropFirst()) : value)
            guard file.isAbsolute, !isVolatile(file.lexicallyNormalized()) else { continue }
            environment.merge(try variables(host, file)) { _, new in new }
          default: continue
          }
        }
      }
      guard let command else { return nil }
      var words: [String] = []
      var origin = command.origin
      for word in split(command.text).dropFirst() {
        let bare = word.filter { $0 != "{" && $0 != "}" }
        if bare.hasPrefix("$"), let (value, from) = environment[String(bare.dropFirst())] {
          // `$X` is split into words, `${X}` stays one; sshd sees no difference worth keeping.
          words += word.hasPrefix("${") ? [value] : split(value)
          if !value.isEmpty { origin = from }
        } else if !bare.hasPrefix("$") {
          words.append(word)
        }
      }
      return (words, origin)
    }
    return nil
  }

  /// Drop-ins in order of their names; of equal names the first folder's counts.
  private static func dropIns(_ host: Host, _ unit: String) throws(TargetError) -> [FilePath] {
    var byName: [String: FilePath] = [:]
    for folder in unitFolders.reversed() {
      for path in try host.expand("\(folder)/\(unit).d/*.conf") {
        if let name = path.lastComponent { byName[name.string] = path }
      }
    }
    return byName.sorted { $0.key < $1.key }.map(\.value)
  }

  /// Lines with their continuations, comments left out.
  private static func joined(_ lines: [NumberedLine]) -> [(number: Int, text: String)] {
    var result: [(number: Int, text: String)] = []
    var open = false
    for line in lines {
      let text = trimmed(line.text)
      if text.hasPrefix("#") || text.hasPrefix(";") { continue }
      let continues = text.hasSuffix("\\")
      let piece = continues ? String(text.dropLast()) : text
      if open, let last = result.indices.last {
        result[last].text += " " + piece
      } else {
        result.append((line.number, piece))
      }
      open = continues
    }
    return result
  }

  private static func variables(
    _ host: Host, _ file: FilePath
  ) throws(TargetError) -> [String: (String, Origin)] {
    var values: [String: (String, Origin)] = [:]
    for line in try host.lines(of: file) ?? [] {
      var text = trimmed(line.text)
      if text.hasPrefix("export ") { text = trimmed(text.dropFirst(7)) }
      guard !text.hasPrefix("#"), let equals = text.firstIndex(of: "=") else { continue }
      // A value in quotes is one word of the shell.
      let value = split(String(text[text.index(after: equals)...])).joined(separator: " ")
      values[String(text[..<equals])] = (value, .line(file, line.number))
    }
    return values
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var text = Substring(text).drop { $0 == " " || $0 == "\t" }
    while let last = text.last, last == " " || last == "\t" || last == "\r" { text.removeLast() }
    return String(text)
  }

  private static func split(_ text: String) -> [String] {
    SSHLexer.arguments(Array(text.utf8)[...]) ?? []
  }

  // MARK: - The options

  /// `getopt` over what sshd takes; options with a value may hold it or have it follow.
  private mutating func take(_ words: [String], from origin: Origin) {
    let withValue: Set<Character> = ["C", "E", "G", "b", "c", "f", "g", "h", "k", "o", "p", "u"]
    var index = 0
    while index < words.count {
      var letters = words[index]
      index += 1
      guard letters.hasPrefix("-"), letters != "-" else { continue }
      letters.removeFirst()
      while let letter = letters.first {
        letters.removeFirst()
        guard withValue.contains(letter) else {
          take(letter, nil, origin)
          continue
        }
        if letters.isEmpty, index < words.count {
          letters = words[index]
          index += 1
        }
        take(letter, letters, origin)
        letters = ""
      }
    }
  }

  private mutating func take(_ letter: Character, _ value: String?, _ origin: Origin) {
    func set(_ keyword: String, _ value: String?) {
      guard let value else { return }
      settings.append(Option(text: "\(keyword) \(value)", origin: origin))
    }
    switch letter {
    case "f": if let value { file = FilePath(value) }
    case "o": if let value { settings.append(Option(text: value, origin: origin)) }
    case "p": set("Port", value)
    case "h": set("HostKey", value)
    case "c": set("HostCertificate", value)
    case "g": set("LoginGraceTime", value)
    case "4": set("AddressFamily", "inet")
    case "6": set("AddressFamily", "inet6")
    default: break
    }
  }
}
