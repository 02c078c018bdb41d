import RiegelModel
import SystemPackage

/// What a notice tells about the system to whoever reads it.
enum NoticeDisclosure: String, Sendable, CaseIterable {
  case kernelName = "kernel-name"
  case kernelRelease = "kernel-release"
  case kernelBuild = "kernel-build"
  case architecture
  case osName = "os-name"
  case osVersion = "os-version"
  case hostName = "host-name"
  case domain, address, users
}

/// Finds what a notice gives away: by the escapes that the program expands which shows it, and by
/// the names of the distribution, the kernel and the host in its plain text.
struct NoticeReader {
  enum Escapes { case agetty, telnet, none }

  /// Words to look for, in small letters.
  private(set) var words: [(word: String, NoticeDisclosure)] = []

  init(_ host: Host) throws(TargetError) {
    if let release = try OsRelease.read(host) {
      for name in [release["ID"], release["NAME"]?.split(separator: " ").first.map(String.init)] {
        // `Linux` is what a system calls itself that gives no name.
        if let name, name.lowercased() != "linux" { add(name, .osName) }
      }
      for key in ["VERSION_ID", "VERSION_CODENAME"] {
        if let text = release[key] { add(text, .osVersion) }
      }
    }
    if let text = try host.text(of: "/etc/hostname") {
      let name = text[...].trimmed
      if name != "localhost" { add(String(name.prefix { $0 != "." }), .hostName) }
    }
    if host.isRunning, let text = try host.text(of: "/proc/sys/kernel/osrelease") {
      add(String(text[...].trimmed), .kernelRelease)
    }
  }

  private mutating func add(_ text: String, _ kind: NoticeDisclosure) {
    if text.utf8.count > 1 || kind == .osVersion, !text.isEmpty {
      words.append((text.lowercased(), kind))
    }
  }

  /// What one line gives away, in the order of the kinds.
  func disclosures(in line: Substring, _ escapes: Escapes) -> Set<NoticeDisclosure> {
    var found = Set(words.filter { NoticeReader.holds(line, $0.word) }.map(\.1))
    switch escapes {
    case .none: break
    case .agetty: found.formUnion(NoticeReader.agetty(line))
    case .telnet: found.formUnion(NoticeReader.telnet(line))
    }
    return found
  }

  /// Whether a text holds a word that is not part of a longer one.
  private static func holds(_ line: Substring, _ word: String) -> Bool {
    let text = Array(line.lowercased().utf8)
    let word = Array(word.utf8)
    guard text.count >= word.count else { return false }
    func isPart(_ byte: UInt8) -> Bool {
      (48...57).contains(byte) || (97...122).contains(byte) || byte > 127
    }
    for start in 0...(text.count - word.count)
    where text[start..<(start + word.count)].elementsEqual(word) {
      let end = start + word.count
      if start > 0, isPart(text[start - 1]) { continue }
      if end < text.count, isPart(text[end]) { continue }
      return true
    }
    return false
  }

  /// The escapes of `agetty(8)`; date, line, speed and colours give nothing away.
  private static func agetty(_ line: Substring) -> Set<NoticeDisclosure> {
    var found: Set<NoticeDisclosure> = []
    let bytes = Array(line.utf8)
    var at = 0
    while at + 1 < bytes.count {
      guard bytes[at] == UInt8(ascii: "\\") else {
        at += 1
        continue
      }
      let sign = bytes[at + 1]
      at += 2
      switch sign {
      case UInt8(ascii: "s"): found.insert(.kernelName)
      case UInt8(ascii: "r"): found.insert(.kernelRelease)
      case UInt8(ascii: "v"): found.insert(.kernelBuild)
      case UInt8(ascii: "m"): found.insert(.architecture)
      case UInt8(ascii: "n"): found.insert(.hostName)
      case UInt8(ascii: "o"), UInt8(ascii: "O"): found.insert(.domain)
      case UInt8(ascii: "4"), UInt8(ascii: "6"): found.insert(.address)
      case UInt8(ascii: "u"), UInt8(ascii: "U"): found.insert(.users)
      case UInt8(ascii: "S"):
        guard at < bytes.count, bytes[at] == UInt8(ascii: "{"),
          let end = bytes[at...].firstIndex(of: UInt8(ascii: "}"))
        else {
          found.formUnion([.osName, .osVersion])
          continue
        }
        let name = String(decoding: bytes[(at + 1)..<end], as: UTF8.self)
        at = end + 1
        if name == "ANSI_COLOR" { continue }
        if name == "PRETTY_NAME" || name.contains("VERSION") || name == "CPE_NAME" {
          found.insert(.osVersion)
        }
        if !name.contains("VERSION") { found.insert(.osName) }
      default: break
      }
    }
    return found
  }

  /// The escapes of telnetd in `issue.net(5)`.
  private static func telnet(_ line: Substring) -> Set<NoticeDisclosure> {
    var found: Set<NoticeDisclosure> = []
    var isEscape = false
    for byte in line.utf8 {
      if isEscape {
        switch byte {
        case UInt8(ascii: "s"): found.insert(.kernelName)
        case UInt8(ascii: "r"): found.insert(.kernelRelease)
        case UInt8(ascii: "v"): found.insert(.kernelBuild)
        case UInt8(ascii: "m"): found.insert(.architecture)
        case UInt8(ascii: "h"): found.insert(.hostName)
        case UInt8(ascii: "D"): found.insert(.domain)
        default: break
        }
        isEscape = false
      } else {
        isEscape = byte == UInt8(ascii: "%")
      }
    }
    return found
  }

  /// What a script that writes the message of the day asks for; comments do not count.
  func disclosures(inScript line: Substring) -> Set<NoticeDisclosure> {
    let code = line.trimmedStart
    if code.hasPrefix("#") { return [] }
    var found: Set<NoticeDisclosure> = []
    for (word, kinds) in NoticeReader.programs where NoticeReader.holds(code, word) {
      found.formUnion(kinds)
    }
    return found
  }

  private static let programs: [(String, [NoticeDisclosure])] = [
    ("uname", [.kernelRelease]), ("/proc/version", [.kernelRelease]),
    ("osrelease", [.kernelRelease]), ("lsb_release", [.osName, .osVersion]),
    ("os-release", [.osName, .osVersion]), ("lsb-release", [.osName, .osVersion]),
    ("debian_version", [.osVersion]), ("redhat-release", [.osName, .osVersion]),
    ("hostnamectl", [.hostName, .osName, .kernelRelease]), ("hostname", [.hostName]),
    ("landscape-sysinfo", [.address, .users]), ("neofetch", [.osName, .kernelRelease]),
    ("screenfetch", [.osName, .kernelRelease]), ("inxi", [.osName, .kernelRelease]),
    ("ifconfig", [.address]),
  ]
}
