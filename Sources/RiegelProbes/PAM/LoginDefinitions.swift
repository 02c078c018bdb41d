import RiegelModel
import SystemPackage

/// `/etc/login.defs` as PAM modules read it: the first line with a name counts.
///
/// shadow's own tools take the last one; modules search with `pam_modutil_search_key`, which stops
/// at the first match. A name and its value are separated by blanks or `=`.
struct LoginDefinitions: Sendable {
  static let path: FilePath = "/etc/login.defs"
  private var values: [String: (String, Origin)] = [:]

  static func of(_ host: Host) throws(TargetError) -> LoginDefinitions {
    try host.remember("pam.login.defs") { () throws(TargetError) -> LoginDefinitions in
      for path in [path, "/usr/etc/login.defs"] {
        if let lines = try host.lines(of: path) { return LoginDefinitions(lines, path) }
      }
      return LoginDefinitions([], path)
    }
  }

  init(_ lines: [NumberedLine], _ path: FilePath) {
    for line in lines {
      guard let (name, value) = LoginDefinitions.split(line.text) else { continue }
      if values[name] == nil { values[name] = (value, .line(path, line.number)) }
    }
  }

  /// nil for comments and blank lines.
  static func split(_ line: Substring) -> (String, String)? {
    let text = line.prefix { $0 != "#" }.drop { $0 == " " || $0 == "\t" }
    let name = text.prefix { $0 != " " && $0 != "\t" && $0 != "=" }
    if name.isEmpty { return nil }
    var value = text[name.endIndex...].drop { $0 == " " || $0 == "\t" || $0 == "=" }
    while let last = value.last, last == " " || last == "\t" { value.removeLast() }
    return (String(name), String(value))
  }

  subscript(name: String) -> (value: String, origin: Origin)? {
    values[name].map { (value: $0.0, origin: $0.1) }
  }

  func number(_ name: String) -> Int? { values[name].flatMap { Int($0.0) } }
}
