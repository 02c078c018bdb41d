import RiegelModel
import SystemPackage

/// The lines of `crypttab(5)`.
struct Crypttab: Sendable {
  struct Entry: Sendable {
    var name: String
    var device: String
    /// nil for `none`, `-` or nothing.
    var keyFile: String?
    var options: [String]
    var origin: Origin

    /// The value of `name=value` among the options; the last one counts.
    func option(_ name: String) -> String? {
      options.last { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
    }

    func has(_ name: String) -> Bool { options.contains(name) }

    /// What the options say of the format; without any it is LUKS.
    var layer: String {
      if has("plain") || has("swap") || has("tmp") || option("tmp") != nil { return "plain" }
      if has("bitlk") { return "bitlk" }
      if has("tcrypt") || has("tcrypt-veracrypt") || has("veracrypt") { return "tcrypt" }
      return "luks"
    }
  }

  private(set) var entries: [Entry] = []
  private(set) var gaps: [TargetError] = []

  static let path: FilePath = "/etc/crypttab"

  /// nil if there is no such file.
  static func of(_ host: Host) throws(TargetError) -> Crypttab? {
    try host.remember("crypttab") { () throws(TargetError) -> Crypttab? in
      try host.lines(of: path).map(Crypttab.init)
    }
  }

  private init(_ lines: [NumberedLine]) {
    for line in lines {
      let fields = line.text.split { $0 == " " || $0 == "\t" }.map { unescapedOctal($0) }
      guard let name = fields.first, name.first != "#" else { continue }
      guard (2...4).contains(fields.count) || (fields.count > 4 && fields[4].hasPrefix("#")) else {
        gaps.append(
          .malformed(Crypttab.path, line: line.number, "not two to four fields"))
        continue
      }
      let key = fields.count > 2 && !["none", "-"].contains(fields[2]) ? fields[2] : nil
      let options = fields.count > 3 && fields[3] != "-" && fields[3] != "none" ? fields[3] : ""
      entries.append(
        Entry(
          name: name, device: fields[1], keyFile: key,
          options: options.split(separator: ",").map(String.init),
          origin: .line(Crypttab.path, line.number)))
    }
  }

  /// What the mapping `/dev/mapper/NAME` will be.
  func protection(ofMapping name: String) -> StorageProtection? {
    guard let entry = entries.first(where: { $0.name == name }) else { return nil }
    return StorageProtection(kind: .encrypted, layer: entry.layer, origin: entry.origin)
  }
}
