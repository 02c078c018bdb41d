import RiegelModel
import SystemPackage

/// The OpenSSH server that a host has: its version, and whose build it is.
///
/// Compiled-in defaults follow from both. Debian and Alpine build upstream's, with known
/// exceptions; Red Hat has lists of ciphers of its own and SUSE other defaults, so that an unset
/// keyword cannot be judged there by upstream's table.
struct OpenSSHBuild: Sendable, Hashable {
  enum Vendor: Sendable, Hashable { case debian, alpine, suse, redHat, other }

  /// 902 for OpenSSH 9.2; nil if the version cannot be found out.
  var number: Int?
  /// The package's own version, such as `1:9.2p1-2+deb12u10`.
  var package: String?
  var vendor = Vendor.other
  var isInstalled = false
  var hasPAM = true
  /// Why the version is not known, if a file that would tell could not be read.
  var obstacle: TargetError?

  static let binary: FilePath = "/usr/sbin/sshd"
  /// The versions whose tables were compared with their sources.
  static let known = 704...1003

  /// `OpenSSH 9.2`.
  var description: String {
    guard let number else { return "OpenSSH" }
    return "OpenSSH \(number / 100).\(number % 100)"
  }

  init() {}

  init(number: Int?, vendor: Vendor = .debian, package: String? = nil) {
    self.number = number
    self.vendor = vendor
    self.package = package
    isInstalled = true
  }

  /// Asks the package database first and the program's own version string after it.
  init(_ host: Host) throws(TargetError) {
    vendor = try OpenSSHBuild.vendor(of: host)
    if let version = try OpenSSHBuild.debianVersion(host) {
      vendor = .debian
      take(version)
    } else if let (version, pam) = try OpenSSHBuild.alpineVersion(host) {
      vendor = .alpine
      hasPAM = pam
      take(version)
    } else {
      do {
        guard let bytes = try host.bytes(of: OpenSSHBuild.binary) else { return }
        isInstalled = true
        number = OpenSSHBuild.number(inProgram: bytes)
      } catch {
        obstacle = error
      }
    }
  }

  private mutating func take(_ version: String) {
    isInstalled = true
    package = version
    let upstream = version.split(separator: ":").last ?? ""
    number = OpenSSHBuild.number(String(upstream))
  }

  /// `9.2p1-2` and `9.6_p1-r0` give 902 and 906.
  static func number(_ text: String) -> Int? {
    let parts = text.split(separator: ".", maxSplits: 1)
    guard parts.count == 2, let major = Int(parts[0]), (1...99).contains(major),
      let minor = Int(parts[1].prefix { ("0"..."9").contains($0) }), minor < 100
    else { return nil }
    return major * 100 + minor
  }

  /// What follows `OpenSSH_` in the program; nil if it does not stand there or contradicts itself.
  static func number(inProgram bytes: [UInt8]) -> Int? {
    let mark = Array("OpenSSH_".utf8)
    var found: Int?
    var at = 0
    while at + mark.count < bytes.count {
      guard bytes[at] == mark[0], bytes[at..<at + mark.count].elementsEqual(mark) else {
        at += 1
        continue
      }
      at += mark.count
      let text = bytes[at..<min(at + 8, bytes.count)].prefix { (0x2e...0x39).contains($0) }
      if let number = number(String(decoding: text, as: UTF8.self)) {
        if let found, found != number { return nil }
        found = number
      }
    }
    return found
  }

  private static func vendor(of host: Host) throws(TargetError) -> Vendor {
    var release = try host.text(of: "/etc/os-release")
    if release == nil { release = try host.text(of: "/usr/lib/os-release") }
    var names: [String] = []
    for line in numberedLines(release ?? "") {
      for key in ["ID=", "ID_LIKE="] where line.text.hasPrefix(key) {
        let value = line.text.dropFirst(key.count).filter { $0 != "\"" && $0 != "'" }
        names += value.split(separator: " ").map { $0.lowercased() }
      }
    }
    for name in names {
      switch name {
      case "debian", "ubuntu": return .debian
      case "alpine": return .alpine
      case "suse", "opensuse", "sles": return .suse
      case "rhel", "fedora", "centos": return .redHat
      default: continue
      }
    }
    return .other
  }

  private static func debianVersion(_ host: Host) throws(TargetError) -> String? {
    guard let bytes = try host.bytes(of: "/var/lib/dpkg/status") else { return nil }
    return stanza(in: bytes, naming: "Package: openssh-server").flatMap { lines in
      let status = lines.first { $0.hasPrefix("Status: ") } ?? ""
      guard status.hasSuffix(" installed") else { return nil }
      return lines.first { $0.hasPrefix("Version: ") }.map { String($0.dropFirst(9)) }
    }
  }

  private static func alpineVersion(_ host: Host) throws(TargetError) -> (String, Bool)? {
    for path: FilePath in ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"] {
      guard let bytes = try host.bytes(of: path) else { continue }
      for (name, pam) in [("P:openssh-server-pam", true), ("P:openssh-server", false)] {
        if let lines = stanza(in: bytes, naming: name),
          let version = lines.first(where: { $0.hasPrefix("V:") })
        {
          return (String(version.dropFirst(2)), pam)
        }
      }
    }
    return nil
  }

  /// The lines of the paragraph that has this line.
  private static func stanza(in bytes: [UInt8], naming line: String) -> [String]? {
    for paragraph in Paragraphs(bytes: bytes) {
      let lines = paragraph.split(separator: UInt8(ascii: "\n"))
      if lines.contains(where: { $0.elementsEqual(line.utf8) }) {
        return lines.map { String(decoding: $0, as: UTF8.self) }
      }
    }
    return nil
  }
}

/// The parts of a file that empty lines separate, taken one by one without copying.
private struct Paragraphs: Sequence, IteratorProtocol {
  let bytes: [UInt8]
  var at = 0

  mutating func next() -> ArraySlice<UInt8>? {
    guard at < bytes.count else { return nil }
    let start = at
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "\n"), at + 1 == bytes.count || bytes[at + 1] == bytes[at] {
        let paragraph = bytes[start..<at]
        at += 2
        return paragraph
      }
      at += 1
    }
    return bytes[start...]
  }
}
