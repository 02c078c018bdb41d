/// Which messages reach an action of rsyslog: severities by facility, and whether something else is
/// asked of them.
struct RsyslogFilter: Sendable, Hashable {
  /// As written; nested ones joined.
  var text: String
  /// For each of the 24 facilities a bit for each severity; nil where nobody can tell.
  var severities: [UInt8]?
  /// Whether it asks for more than facility and severity.
  var isConditional = false

  static let everything = RsyslogFilter(text: "", severities: [UInt8](repeating: 0xff, count: 24))

  /// By number; the names that `syslog(3)` does not know are left out.
  static let facilities: [Int: String] = [
    0: "kern", 1: "user", 2: "mail", 3: "daemon", 4: "auth", 5: "syslog", 6: "lpr", 7: "news",
    8: "uucp", 9: "cron", 10: "authpriv", 11: "ftp", 16: "local0", 17: "local1", 18: "local2",
    19: "local3", 20: "local4", 21: "local5", 22: "local6", 23: "local7",
  ]

  private static let severityNames: [String: Int] = [
    "emerg": 0, "panic": 0, "alert": 1, "crit": 2, "err": 3, "error": 3, "warning": 4, "warn": 4,
    "notice": 5, "info": 6, "debug": 7,
  ]

  private static func facility(_ name: String) -> Int? {
    if name == "security" { return 4 }
    return facilities.first { $0.value == name }?.key
      ?? Int(name).flatMap { (0..<24).contains($0) ? $0 : nil }
  }

  /// The facilities of which a severity in the mask passes.
  func facilities(passing mask: UInt8, all: Bool) -> [String]? {
    guard let severities else { return nil }
    return severities.indices.filter { index in
      all ? severities[index] & mask == mask : severities[index] & mask != 0
    }.compactMap { RsyslogFilter.facilities[$0] }
  }

  /// Both have to let a message through.
  func and(_ other: RsyslogFilter) -> RsyslogFilter {
    var both = RsyslogFilter(
      text: [text, other.text].filter { !$0.isEmpty }.joined(separator: " & "), severities: nil,
      isConditional: isConditional || other.isConditional)
    if let mine = severities, let theirs = other.severities {
      both.severities = zip(mine, theirs).map { $0 & $1 }
    }
    return both
  }

  /// A selector as `rsyslog.conf(5)` describes it: each part changes what those before it said.
  /// nil if it is none.
  static func selector(_ text: String) -> RsyslogFilter? {
    var masks = [UInt8](repeating: 0, count: 24)
    for part in text.split(separator: ";") {
      guard let dot = part.firstIndex(of: ".") else { return nil }
      var level = part[part.index(after: dot)...]
      let isIgnored = level.first == "!"
      if isIgnored { level = level.dropFirst() }
      let isSingle = level.first == "="
      if isSingle { level = level.dropFirst() }
      guard let bits = bits(of: level.lowercased(), isSingle: isSingle) else { return nil }
      for name in part[..<dot].lowercased().split(separator: ",") {
        var affected = Array(masks.indices)
        if name != "*" {
          guard let number = facility(String(name)) else { return nil }
          affected = [number]
        }
        for index in affected {
          switch bits {
          case .none: masks[index] = isIgnored ? 0xff : 0
          case .some(let bits) where isIgnored: masks[index] &= ~bits
          case .some(let bits): masks[index] |= bits
          }
        }
      }
    }
    return text.contains(".") ? RsyslogFilter(text: text, severities: masks) : nil
  }

  /// The outer nil is no severity at all, the inner one `none`.
  private static func bits(of level: String, isSingle: Bool) -> UInt8?? {
    if level == "*" { return .some(0xff) }
    if level == "none" { return .some(nil) }
    guard let number = severityNames[level] ?? Int(level), (0...7).contains(number) else {
      return nil
    }
    return .some(isSingle ? 1 << UInt8(number) : UInt8(truncatingIfNeeded: (1 << (number + 1)) - 1))
  }

  /// An expression after `if`. What asks for nothing but facilities can be worked out, or a selector
  /// in `prifilt("…")`; of all others nobody can tell which messages they let through.
  static func expression(_ text: String) -> RsyslogFilter {
    let words = text[...].words
    if words.count == 1, let open = text.firstIndex(of: "("), text.hasPrefix("prifilt"),
      let filter = selector(text[text.index(after: open)...].filter { !"\"')".contains($0) })
    {
      return filter
    }
    var masks = [UInt8](repeating: 0, count: 24)
    let parts = words.split(separator: "or")
    for part in parts {
      let part = Array(part)
      guard part.count == 3, part[0] == "$syslogfacility-text", part[1] == "==",
        let number = facility(part[2].filter { !"\"'".contains($0) })
      else {
        return RsyslogFilter(text: "if " + text, severities: nil, isConditional: true)
      }
      masks[number] = 0xff
    }
    return RsyslogFilter(text: "if " + text, severities: masks)
  }
}
