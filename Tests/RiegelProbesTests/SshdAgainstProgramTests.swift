import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

/// Compares every keyword with what the installed sshd prints, file by file and user by user.
@Suite(.enabled(if: InstalledSshd.isThere), .serialized)
struct SshdAgainstProgramTests {
  static let connections: [SSHConnection] = [
    SSHConnection(),
    SSHConnection(
      user: "root", groups: ["root"], host: "pc1.example.org", address: "10.1.2.3",
      localAddress: "192.0.2.1", localPort: 22),
    SSHConnection(
      user: "backup", groups: ["backup"], host: "Nas.Example.COM", address: "2001:db8::7",
      localAddress: "2001:db8::1", localPort: 2222),
    SSHConnection(
      user: "www-data", groups: ["www-data"], host: "other.test", address: "192.168.7.9",
      localAddress: "192.0.2.1", localPort: 22),
  ]

  /// What the contexts of several blocks say is what sshd prints for a connection in all of them.
  @Test func blocksThatApplyTogetherGiveWhatSshdPrints() throws {
    let place = try InstalledSshd.place([
      "sshd_config": """
      PasswordAuthentication no
      AuthenticationMethods publickey
      Match User backup
        PasswordAuthentication yes
        X11Forwarding no
      Match Address 10.0.0.0/8
        AuthenticationMethods keyboard-interactive
        X11Forwarding yes
      Match LocalPort 2222
        PermitRootLogin yes
        AuthenticationMethods password
      """
    ])
    defer { InstalledSshd.remove(place) }
    let configuration = try #require(try SshdConfiguration.of(Host(place.target)))
    let combinations = try #require(configuration.combinations())
    #expect(
      Set(combinations.map(\.text)) == [
        "User backup and Address 10.0.0.0/8", "User backup and LocalPort 2222",
        "Address 10.0.0.0/8 and LocalPort 2222",
        "User backup and Address 10.0.0.0/8 and LocalPort 2222",
      ])
    for combination in combinations {
      func has(_ word: String) -> Bool { combination.text.contains(word) }
      let connection = SSHConnection(
        user: has("User") ? "backup" : "root", groups: [], host: "pc1.example.org",
        address: has("Address") ? "10.1.2.3" : "192.0.2.7", localAddress: "192.0.2.1",
        localPort: has("LocalPort") ? 2222 : 22)
      guard case .success(let values) = try InstalledSshd.print(place.main, connection) else {
        Issue.record("sshd refuses")
        return
      }
      for name in [
        "PasswordAuthentication", "AuthenticationMethods", "X11Forwarding", "PermitRootLogin",
      ] {
        let keyword = try #require(SshdKeyword.named(name))
        let ours = configuration.effective(keyword, combination.passes).values
        let theirs = values[keyword.id].map {
          $0 == "without-password" ? "prohibit-password" : $0
        }
        #expect(ours.map { keyword.text($0) } == theirs, "\(name) for \(combination.text)")
      }
    }
  }

  @Test(arguments: SshdSamples.all.indices)
  func everyKeywordHasTheValueThatSshdPrints(index: Int) throws {
    let sample = SshdSamples.all[index]
    let place = try InstalledSshd.place(sample)
    defer { InstalledSshd.remove(place) }
    let host = Host(place.target)
    for connection in SshdAgainstProgramTests.connections {
      let printed = try InstalledSshd.print(place.main, connection)
      switch printed {
      case .failure(let message) where message.contains("not in connection test specification"):
        continue
      // sshd 10.0 crashes in test mode on a Subsystem in a block.
      case .failure(""): continue
      case .failure(let message):
        do {
          _ = try SshdConfiguration.of(host)
          Issue.record("sshd refuses: \(message)\n\(sample)")
        } catch {
          guard case .malformed(_, let line, let ours) = error else {
            Issue.record("\(error) instead of \(message)")
            return
          }
          if let theirs = InstalledSshd.line(in: message) {
            #expect(theirs == line, "\(message) / \(ours)")
          }
        }
        return
      case .success(let values):
        let configuration = try #require(try SshdConfiguration.of(host))
        for name in SshdKeyword.names where !InstalledSshd.unprinted.contains(name) {
          let keyword = try #require(SshdKeyword.named(name))
          if keyword.since > configuration.build.number ?? 0 { continue }
          let ours = configuration.effective(keyword, for: connection)
          #expect(!ours.isUndetermined, "\(name)")
          let text = ours.values.map { keyword.text($0) }
          var theirs = values[keyword.id]
          if let old = ["PubkeyAcceptedAlgorithms", "HostbasedAcceptedAlgorithms"].first(where: {
            $0 == name
          }) {
            theirs =
              theirs
              ?? values[old.replacingOccurrences(of: "Algorithms", with: "KeyTypes").lowercased()]
          }
          // Where there are two switches, both have to be on.
          if name == "KbdInteractiveAuthentication",
            values["challengeresponseauthentication"] == "no"
          {
            theirs = "no"
          }
          if name == "ChannelTimeout" { theirs = theirs ?? "none" }
          if name == "PermitRootLogin", theirs == "without-password" {
            theirs = "prohibit-password"
          }
          #expect(
            text == theirs,
            "\(name) for \(connection.user ?? "nobody") in sample \(index)\n\(sample)")
        }
      }
    }
  }
}

/// The sshd of this machine, run in test mode on files of its own.
///
/// `RIEGEL_SSHD_ROOT` names the root of another system, such as debootstrap makes, whose sshd is
/// asked instead.
enum InstalledSshd {
  static let program = "/usr/sbin/sshd"
  static let root = ProcessInfo.processInfo.environment["RIEGEL_SSHD_ROOT"] ?? ""
  static var isThere: Bool {
    FileManager.default.isExecutableFile(atPath: root + program) && version != nil && getuid() == 0
      && FileManager.default.fileExists(atPath: root + "/etc/ssh/ssh_host_ed25519_key")
  }

  /// What `sshd -T` of Debian does not show.
  static let unprinted: Set<String> = [
    "DebianBanner", "RDomain", "KerberosGetAFSToken", "GSSAPIDelegateCredentials",
  ]

  static let version: String? = {
    let admin = root + "/var/lib/dpkg"
    guard
      let output = try? run(
        "/usr/bin/dpkg-query",
        ["--admindir=\(admin)", "-W", "-f", "${Version}", "openssh-server"]),
      output.status == 0
    else { return nil }
    return output.out
  }()

  struct Place {
    var folder: String
    var main: String
    var target: MemoryTarget
  }

  /// Writes the sample's files below a new folder, and the same into memory; `@` stands for it.
  static func place(_ sample: [String: String]) throws -> Place {
    let folder = "/tmp/riegel-sshd-\(UUID().uuidString)"
    var texts: [String: String] = [
      "/var/lib/dpkg/status": """
      Package: openssh-client
      Status: install ok installed
      Version: 1:1.0p1-1

      Package: openssh-server
      Status: install ok installed
      Version: \(version ?? "")

      """,
      "/etc/default/ssh": "SSHD_OPTS=\"-f \(folder)/sshd_config\"\n",
    ]
    for (name, text) in sample {
      let path = "\(folder)/\(name)"
      let written = root + path
      let content = text.replacingOccurrences(of: "@", with: folder)
        .replacingOccurrences(of: "§", with: "@")
      try FileManager.default.createDirectory(
        atPath: (written as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try content.write(toFile: written, atomically: false, encoding: .utf8)
      texts[path] = content
    }
    return Place(
      folder: folder, main: "\(folder)/sshd_config", target: MemoryTarget(texts: texts))
  }

  static func remove(_ place: Place) {
    try? FileManager.default.removeItem(atPath: root + place.folder)
  }

  enum Printed {
    case success([String: String])
    case failure(String)
  }

  static func print(_ file: String, _ connection: SSHConnection) throws -> Printed {
    try FileManager.default.createDirectory(
      atPath: root + "/run/sshd", withIntermediateDirectories: true)
    var arguments = ["-T", "-f", file]
    if let user = connection.user {
      arguments += [
        "-C",
        "user=\(user),host=\(connection.host ?? ""),addr=\(connection.address ?? ""),"
          + "laddr=\(connection.localAddress ?? ""),lport=\(connection.localPort ?? 0)",
      ]
    }
    let output =
      root.isEmpty
      ? try run(program, arguments)
      : try run("/usr/sbin/chroot", [root, program] + arguments)
    if output.status != 0 { return .failure(output.err) }
    var values: [String: String] = [:]
    for line in output.out.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      let key = String(parts[0])
      let value = parts.count > 1 ? String(parts[1]) : ""
      values[key] = values[key].map { $0 + " " + value } ?? value
    }
    return .success(values)
  }

  /// The line number in sshd's complaint.
  static func line(in message: String) -> Int? {
    for text in message.split(separator: "\n") {
      guard let range = text.range(of: "line ") else { continue }
      if let number = Int(text[range.upperBound...].prefix { $0.isNumber }) { return number }
    }
    return nil
  }

  static func run(
    _ program: String, _ arguments: [String]
  ) throws -> (status: Int32, out: String, err: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: "/")
    let out = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    let err = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    FileManager.default.createFile(atPath: out.path, contents: nil)
    FileManager.default.createFile(atPath: err.path, contents: nil)
    defer {
      try? FileManager.default.removeItem(at: out)
      try? FileManager.default.removeItem(at: err)
    }
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    try process.run()
    process.waitUntilExit()
    return (
      process.terminationStatus, String(decoding: try Data(contentsOf: out), as: UTF8.self),
      String(decoding: try Data(contentsOf: err), as: UTF8.self)
    )
  }
}
