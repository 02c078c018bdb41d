import RiegelModel
import SystemPackage

/// The audit rules that the next start loads, in the order of loading.
///
/// `auditd.service` runs `augenrules --load`: with a folder `/etc/audit/rules.d` its `*.rules` files
/// in version order make `/etc/audit/audit.rules` anew, the last `-D`, `-b` and `-f` first and the
/// last `-e` at the end, wherever they stood. Only without the folder does the old file count.
struct AuditRules: Sendable {
  private(set) var rules: [AuditRule] = []
  private(set) var notes: [Note] = []
  /// A line that `auditctl` refuses ends the loading; nothing behind it is in force.
  private(set) var failure: TargetError?

  static let folder: FilePath = "/etc/audit/rules.d"
  static let file: FilePath = "/etc/audit/audit.rules"

  static func of(_ host: Host) throws(TargetError) -> AuditRules {
    try host.remember("audit-rules") { () throws(TargetError) in try AuditRules(host) }
  }

  private struct Line {
    var path: FilePath
    var number: Int
    var text: Substring
  }

  private init(_ host: Host) throws(TargetError) {
    let lines = try AuditRules.merged(host)
    var goesOnAfterErrors = false
    for line in lines {
      do {
        let rule = try AuditRule(line.text, at: line.path, line: line.number)
        guard rule.kind == .control else {
          rules.append(try AuditRules.resolve(rule, host))
          continue
        }
        if rule.control == "c" || rule.control == "i" { goesOnAfterErrors = true }
        // What was loaded so far is gone.
        if rule.control == "D", rule.keys.isEmpty { rules.removeAll { $0.kind != .control } }
        rules.append(rule)
      } catch {
        guard case .malformed(_, _, let problem) = error else { throw error }
        if goesOnAfterErrors {
          notes.append(
            Note(
              en: "this line is refused and skipped: \(problem)",
              de: "diese Zeile wird abgelehnt und übergangen: \(problem)",
              .line(line.path, line.number)))
        } else {
          failure = error
          return
        }
      }
    }
  }

  /// A short watch of a folder is a rule about `dir`. The kernel refuses a rule about a folder that
  /// does not exist, or about a file in one, and with that the loading ends.
  private static func resolve(
    _ rule: AuditRule, _ host: Host
  ) throws(TargetError) -> AuditRule {
    var rule = rule
    if let path = rule.path {
      let path = AuditRule.withoutSlash(path)
      rule.path = path
      if rule.isShort, try isFolder(path, host) == true {
        rule.directory = path
        rule.path = nil
        return rule
      }
    }
    let needed =
      rule.directory ?? rule.path.map { FilePath($0).removingLastComponent().string }
    if let needed, try isFolder(needed, host) == false {
      throw .malformed(
        rule.origin.path ?? file, line: rule.line, "the folder \(needed) does not exist")
    }
    return rule
  }

  /// nil where nobody can tell, as below `/proc` of an image.
  private static func isFolder(_ path: String, _ host: Host) throws(TargetError) -> Bool? {
    do {
      return try host.metadata(of: FilePath(path))?.kind == .directory
    } catch {
      if error.isNotCollected { return nil }
      throw error
    }
  }

  private static func merged(_ host: Host) throws(TargetError) -> [Line] {
    guard try host.metadata(of: folder)?.kind == .directory else {
      return try lines(of: file, host)
    }
    var firsts: [String: Line] = [:]
    var middle: [Line] = []
    // `ls` without `-a` leaves hidden files out.
    let names = try (host.list(folder) ?? []).map(\.string)
      .filter { $0.hasSuffix(".rules") && !$0.hasPrefix(".") }
    for name in names.sorted(by: comesBefore) {
      for line in try lines(of: folder.appending(name), host) {
        let text = line.text.trimmedStart
        if text.trimmed == "-D" {
          firsts["-D"] = line
        } else if let key = ["-e", "-f", "-b"].first(where: text.hasPrefix) {
          firsts[key] = line
        } else {
          middle.append(line)
        }
      }
    }
    let head = ["-D", "-b", "-f"].compactMap { firsts[$0] }
    return head + middle + ["-e"].compactMap { firsts[$0] }
  }

  /// Lines that are neither empty nor comments.
  private static func lines(of path: FilePath, _ host: Host) throws(TargetError) -> [Line] {
    try (host.lines(of: path) ?? []).compactMap { line in
      let text = line.text.trimmed
      if text.isEmpty || text.utf8.first == UInt8(ascii: "#") { return nil }
      return Line(path: path, number: line.number, text: line.text)
    }
  }

  /// The order of `ls -v` (`filevercmp`): runs of digits by their value, then letters, then all else.
  static func comesBefore(_ a: String, _ b: String) -> Bool {
    let (x, y) = (Array(a.utf8), Array(b.utf8))
    var order = versionOrder(withoutSuffixes(x), withoutSuffixes(y))
    if order == 0 { order = versionOrder(x, y) }
    return order != 0 ? order < 0 : x.lexicographicallyPrecedes(y)
  }

  /// Without the endings of the form `.rules`, a letter first, of which there may be several.
  private static func withoutSuffixes(_ name: [UInt8]) -> [UInt8] {
    func isLetter(_ byte: UInt8) -> Bool {
      (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "~")
    }
    var end = name.count
    var at = end
    while at > 0 {
      at -= 1
      let byte = name[at]
      if byte == UInt8(ascii: ".") {
        guard at + 1 < name.count, isLetter(name[at + 1]), at > 0 else { break }
        end = at
      } else if !isLetter(byte), !(48...57).contains(byte) {
        break
      }
    }
    return Array(name[..<end])
  }

  private static func versionOrder(_ x: [UInt8], _ y: [UInt8]) -> Int {
    func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
    func weight(_ text: [UInt8], _ at: Int) -> Int {
      guard at < text.count, !isDigit(text[at]) else { return 0 }
      let byte = text[at]
      if byte == UInt8(ascii: "~") { return -1 }
      return (65...90).contains(byte) || (97...122).contains(byte) ? Int(byte) : Int(byte) + 256
    }
    var i = 0
    var j = 0
    while i < x.count || j < y.count {
      while (i < x.count && !isDigit(x[i])) || (j < y.count && !isDigit(y[j])) {
        let difference = weight(x, i) - weight(y, j)
        if difference != 0 { return difference }
        i += 1
        j += 1
      }
      while i < x.count, x[i] == 48 { i += 1 }
      while j < y.count, y[j] == 48 { j += 1 }
      var first = 0
      while i < x.count, isDigit(x[i]), j < y.count, isDigit(y[j]) {
        if first == 0 { first = Int(x[i]) - Int(y[j]) }
        i += 1
        j += 1
      }
      if i < x.count, isDigit(x[i]) { return 1 }
      if j < y.count, isDigit(y[j]) { return -1 }
      if first != 0 { return first }
    }
    return 0
  }
}
