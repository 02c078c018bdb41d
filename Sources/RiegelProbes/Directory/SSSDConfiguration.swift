import RiegelModel
import SystemPackage

/// The configuration of SSSD: `sssd.conf` and what lies in `conf.d`, of one key the last file's.
///
/// Only names that end in `.conf` and do not begin with a dot count (`sssd.conf(5)`). The files are
/// closed to ordinary users; then nothing can be said.
struct SSSDConfiguration: Sendable {
  struct Setting: Sendable, Hashable {
    var value: String
    var origin: Origin
    var overrides: [Fact.Overridden] = []
    var items: [String] {
      value.split { $0 == "," || $0 == " " || $0 == "\t" }.map(String.init)
    }
    /// nil for text that is no truth value.
    var flag: Bool? {
      switch value.lowercased() {
      case "true", "yes", "1": true
      case "false", "no", "0": false
      default: nil
      }
    }
  }

  static let main: FilePath = "/etc/sssd/sssd.conf"
  static let folder: FilePath = "/etc/sssd/conf.d"
  static let vendor: FilePath = "/usr/etc/sssd/sssd.conf"
  static let reads = ["/etc/sssd/sssd.conf", "/etc/sssd/conf.d/*", "/usr/etc/sssd/sssd.conf"]

  private var settings: [String: [String: Setting]] = [:]
  /// The sections in the order of first appearance.
  private(set) var sections: [String] = []

  /// nil where SSSD has no configuration.
  static func read(_ host: Host) throws(TargetError) -> SSSDConfiguration? {
    try host.remember("sssd") { () throws(TargetError) -> SSSDConfiguration? in
      var configuration = SSSDConfiguration()
      var isThere = try configuration.add(main, host)
      if !isThere { isThere = try configuration.add(vendor, host) }
      if try host.metadata(of: folder)?.kind == .directory {
        for name in try host.list(folder) ?? []
        where name.string.hasSuffix(".conf") && !name.string.hasPrefix(".") {
          if try configuration.add(folder.appending(name), host) { isThere = true }
        }
      }
      return isThere ? configuration : nil
    }
  }

  subscript(section: String, key: String) -> Setting? { settings[section]?[key] }

  /// The domains that are used, in their order: those that `[sssd] domains` lists, and those that
  /// say `enabled` themselves.
  var domains: [String] {
    var names = (self["sssd", "domains"]?.items ?? []).filter {
      self["domain/" + $0, "enabled"]?.flag != false
    }
    for section in sections where section.hasPrefix("domain/") {
      let name = String(section.dropFirst("domain/".count))
      if !names.contains(name), self[section, "enabled"]?.flag == true { names.append(name) }
    }
    return names
  }

  private mutating func add(_ path: FilePath, _ host: Host) throws(TargetError) -> Bool {
    guard let lines = try host.lines(of: path) else { return false }
    var section = ""
    var last: String?
    for line in lines {
      let text = line.text.trimmed
      // A line that begins with a blank goes on with the value before it.
      if let first = line.text.utf8.first, first == 32 || first == 9, !text.isEmpty, let key = last,
        text.utf8.first != UInt8(ascii: "#"), text.utf8.first != UInt8(ascii: ";")
      {
        settings[section]?[key]?.value += " " + text
        continue
      }
      guard let first = text.utf8.first, first != UInt8(ascii: "#"), first != UInt8(ascii: ";")
      else { continue }
      last = nil
      if first == UInt8(ascii: "[") {
        guard let end = text.firstIndex(of: "]") else {
          throw .malformed(path, line: line.number, "a section without its end")
        }
        section = String(text[text.index(after: text.startIndex)..<end][...].trimmed)
        if settings[section] == nil {
          settings[section] = [:]
          sections.append(section)
        }
        continue
      }
      guard let equals = text.firstIndex(of: "="), !section.isEmpty else {
        throw .malformed(path, line: line.number, "neither section nor key")
      }
      let key = String(text[..<equals].trimmed)
      let old = settings[section]?[key]
      settings[section]?[key] = Setting(
        value: String(text[text.index(after: equals)...].trimmed),
        origin: .line(path, line.number),
        overrides: (old?.overrides ?? []) + (old.map { [.init($0.value, $0.origin)] } ?? []))
      last = key
    }
    return true
  }
}
