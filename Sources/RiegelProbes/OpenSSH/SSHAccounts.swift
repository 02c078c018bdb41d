import RiegelModel
import SystemPackage

/// The accounts of `/etc/passwd` as far as sshd needs them: whose keys lie where.
///
/// Accounts of a directory service are not in it; whoever needs them all has to say so.
struct SSHAccounts: Sendable {
  struct Account: Sendable, Hashable {
    var name: String
    var id: UInt32
    var group: UInt32
    var home: FilePath
    var shell: String
    var groups: [String]
  }

  var accounts: [Account] = []
  private var userNames: [UInt32: String] = [:]
  private var groupNames: [UInt32: String] = [:]

  static func of(_ host: Host) throws(TargetError) -> SSHAccounts {
    try host.remember("ssh-accounts") { () throws(TargetError) -> SSHAccounts in
      try SSHAccounts(host)
    }
  }

  private init(_ host: Host) throws(TargetError) {
    var members: [String: [String]] = [:]
    for line in try host.lines(of: "/etc/group") ?? [] {
      let fields = line.text.split(separator: ":", omittingEmptySubsequences: false)
      guard fields.count >= 4, let id = UInt32(fields[2]) else { continue }
      groupNames[id] = groupNames[id] ?? String(fields[0])
      for name in fields[3].split(separator: ",") {
        members[String(name), default: []].append(String(fields[0]))
      }
    }
    for line in try host.lines(of: "/etc/passwd") ?? [] {
      let fields = line.text.split(separator: ":", omittingEmptySubsequences: false)
      // A line with another form names nobody; `+` and `-` are those of NIS.
      guard fields.count == 7, let id = UInt32(fields[2]), let group = UInt32(fields[3]),
        !fields[0].hasPrefix("+"), !fields[0].hasPrefix("-")
      else { continue }
      let name = String(fields[0])
      userNames[id] = userNames[id] ?? name
      let primary = groupNames[group].map { [$0] } ?? []
      accounts.append(
        Account(
          name: name, id: id, group: group, home: FilePath(String(fields[5])),
          shell: String(fields[6]),
          groups: primary + (members[name] ?? []).filter { !primary.contains($0) }))
    }
  }

  /// The name, or the number where no account has it.
  func user(_ id: UInt32) -> String { userNames[id] ?? String(id) }
  func group(_ id: UInt32) -> String { groupNames[id] ?? String(id) }
}
