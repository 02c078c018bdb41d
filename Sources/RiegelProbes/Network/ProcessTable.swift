import RiegelModel
import SystemPackage

/// The processes of a running host, read once per audit.
struct ProcessTable: Sendable {
  struct Process: Sendable {
    var pid: Int
    /// The name of `proc_pid_comm(5)`, at most 15 bytes.
    var name: String
    var arguments: [String]
    /// Links in `/proc/PID` of another user's process can be read by root alone.
    var executable: Fact
    /// The effective user; nil if the process ended while it was looked at.
    var user: UInt32?
    /// The systemd unit by control group, such as `ssh.service`.
    var unit: String?

    /// Whether the process runs the command of an `ExecStart=` line.
    ///
    /// Interpreters run many scripts, so for them the whole command line has to agree.
    func runs(_ command: String) -> Bool {
      let words = command[...].words
      guard var program = words.first else { return false }
      program = String(program.drop { "@-:+!|".contains($0) })
      if arguments == [program] + words.dropFirst() { return true }
      let base = program.split(separator: "/").last.map(String.init) ?? program
      let interpreters = ["python", "perl", "ruby", "sh", "bash", "dash", "env", "java", "node"]
      if interpreters.contains(where: { base.hasPrefix($0) }) { return false }
      return executable.value == .text(program) || arguments.first == program
    }
  }

  private(set) var processes: [Process] = []
  /// The processes that hold a socket, by its inode number: the lowest number first.
  private(set) var holders: [UInt64: [Int]] = [:]
  /// Whether all processes could be listed; mounted with `hidepid=`, `/proc` hides those of others.
  private(set) var isComplete = true
  /// Whether the descriptors of some process could not be read.
  private(set) var hasUnreadDescriptors = false
  private var byPID: [Int: Process] = [:]

  subscript(pid: Int) -> Process? { byPID[pid] }

  static func of(_ host: Host) throws(TargetError) -> ProcessTable {
    try host.remember("processes") { () throws(TargetError) in try ProcessTable(host) }
  }

  private init(_ host: Host) throws(TargetError) {
    let pids = (try host.list("/proc") ?? []).compactMap { Int($0.string) }.sorted()
    isComplete = try host.metadata(of: "/proc/1") != nil
    for pid in pids {
      let folder = FilePath("/proc").appending(String(pid))
      // A process may end between two looks; then it is no part of the table.
      guard let process = try look(pid, folder, host) else { continue }
      processes.append(process)
      byPID[pid] = process
      try collectSockets(pid, folder, host)
    }
  }

  private func look(
    _ pid: Int, _ folder: FilePath, _ host: Host
  ) throws(TargetError) -> Process? {
    guard
      let comm = try present({ () throws(TargetError) in
        try host.text(of: folder.appending("comm"))
      })
    else { return nil }
    var name = comm
    if name.utf8.last == 10 { name.removeLast() }
    let line =
      try present { () throws(TargetError) in
        try host.bytes(of: folder.appending("cmdline"))
      } ?? []
    var arguments = line.split(separator: 0, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    if arguments.last?.isEmpty == true { arguments.removeLast() }
    let status = try present { () throws(TargetError) in
      try host.text(of: folder.appending("status"))
    }
    let group = try present { () throws(TargetError) in
      try host.text(of: folder.appending("cgroup"))
    }
    return Process(
      pid: pid, name: name, arguments: arguments, executable: executable(folder, host),
      user: status.flatMap(effectiveUser), unit: group.flatMap(unitName))
  }

  private func executable(_ folder: FilePath, _ host: Host) -> Fact {
    let path = folder.appending("exe")
    do {
      // A kernel thread has no executable.
      guard let target = try present({ () throws(TargetError) in try host.readLink(path) }) else {
        return .absent(.kernel(path))
      }
      var text = printable(target)
      if text.hasSuffix(" (deleted)") { text.removeLast(10) }
      return .text(text, .kernel(path))
    } catch {
      return .unknown(error)
    }
  }

  private mutating func collectSockets(
    _ pid: Int, _ folder: FilePath, _ host: Host
  ) throws(TargetError) {
    let folder = folder.appending("fd")
    do {
      for name in try host.list(folder) ?? [] {
        guard let target = try host.readLink(folder.appending(name)) else { continue }
        let text = target.string
        guard text.hasPrefix("socket:["), let inode = UInt64(text.dropFirst(8).dropLast()) else {
          continue
        }
        if holders[inode]?.last != pid { holders[inode, default: []].append(pid) }
      }
    } catch {
      switch error {
      case .permissionDenied, .notCollected: hasUnreadDescriptors = true
      case .io: break  // ended meanwhile
      default: throw error
      }
    }
  }

  /// A value of a process that may have ended (`ENOENT`, `ESRCH`), which is then absent.
  private func present<T>(
    _ read: () throws(TargetError) -> T?
  ) throws(TargetError) -> T? {
    do { return try read() } catch {
      if case .io(_, errno: 3) = error { return nil }
      if case .io(_, errno: 2) = error { return nil }
      throw error
    }
  }
}

/// The second number of `Uid:` in `proc_pid_status(5)`.
private func effectiveUser(_ status: String) -> UInt32? {
  for line in status.utf8.split(separator: 10) where line.starts(with: "Uid:".utf8) {
    let words = Substring(line).words
    return words.count > 2 ? UInt32(words[2]) : nil
  }
  return nil
}

/// The innermost unit of `cgroups(7)`: of version 2 (`0::`) or of systemd's own hierarchy.
private func unitName(_ text: String) -> String? {
  for line in text.utf8.split(separator: 10) {
    let parts = line.split(
      separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1].isEmpty || parts[1].elementsEqual("name=systemd".utf8) else {
      continue
    }
    // A user's own units lie below the service that runs their manager.
    let components = parts[2].split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
    if let unit = components.first(where: {
      UnitName($0).map { $0.type == "service" || $0.type == "scope" } ?? false
    }) {
      return unit
    }
  }
  return nil
}
