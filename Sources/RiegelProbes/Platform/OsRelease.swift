import RiegelModel
import SystemPackage

/// What a distribution says of itself (`os-release(5)`).
struct OsRelease: Sendable, Hashable {
  struct Setting: Sendable, Hashable {
    var value: String
    var line: Int
  }

  /// Distributions that keep their files and packages alike.
  enum Family: String, Sendable, CaseIterable {
    case debian, rhel, suse, alpine, arch, other
  }

  var path: FilePath
  var settings: [String: Setting] = [:]

  static let paths: [FilePath] = ["/etc/os-release", "/usr/lib/os-release"]

  /// The file in `/etc`, else the one in `/usr/lib`; nil if there is neither.
  static func read(_ host: Host) throws(TargetError) -> OsRelease? {
    try host.remember("os-release") { () throws(TargetError) -> OsRelease? in
      for path in paths {
        guard let lines = try host.lines(of: path) else { continue }
        var release = OsRelease(path: path)
        for line in lines {
          guard let equals = line.text.firstIndex(of: "="), line.text.first != "#" else { continue }
          release.settings[String(line.text[..<equals])] = Setting(
            value: unquoted(line.text[line.text.index(after: equals)...]), line: line.number)
        }
        return release
      }
      return nil
    }
  }

  subscript(_ name: String) -> String? {
    guard let value = settings[name]?.value, !value.isEmpty else { return nil }
    return value
  }

  func origin(_ name: String) -> Origin {
    settings[name].map { .line(path, $0.line) } ?? .file(path)
  }

  var like: [String] { (self["ID_LIKE"] ?? "").split(separator: " ").map(String.init) }

  /// By the identifier, then by those it says it is like.
  var family: Family {
    for name in [self["ID"] ?? "linux"] + like {
      switch name {
      case "debian", "ubuntu", "raspbian", "devuan", "linuxmint", "kali": return .debian
      case "rhel", "fedora", "centos", "rocky", "almalinux", "ol", "amzn": return .rhel
      case "suse", "sles", "sled", "sle-micro": return .suse
      case "alpine", "postmarketos": return .alpine
      case "arch", "manjaro": return .arch
      default: if name.hasPrefix("opensuse") { return .suse }
      }
    }
    return .other
  }

  /// A value as the shell would assign it, without expansions.
  private static func unquoted(_ text: Substring) -> String {
    var result = ""
    var quote: Character?
    var isEscaped = false
    for character in text {
      if isEscaped {
        // Within double quotes a backslash protects only what would be special there.
        if quote == "\"", !"\"\\$`".contains(character) { result.append("\\") }
        result.append(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if quote == nil, character == "\"" || character == "'" {
        quote = character
      } else if character == quote {
        quote = nil
      } else if quote == nil, character == " " || character == "\t" {
        break
      } else {
        result.append(character)
      }
    }
    return result
  }
}
