package import RiegelModel
import SystemPackage

/// Observes the sockets on which a running host takes connections or datagrams.
///
/// Says of each who holds it: the process, its program, its unit and its user. Without root only
/// one's own processes show their descriptors, and a socket whose holder cannot be seen has an
/// unknown process, never none. A `tcp6` or `udp6` socket on `::` takes IPv4 as well, unless it was
/// opened for IPv6 alone, which the kernel does not tell here. Sockets in other network namespaces
/// (containers) are not in these tables.
package struct ListeningProbe: Probe {
  package static let name = "listening"
  package static let summary =
    "Sockets that take connections or datagrams, with process, unit and user."
  package static let fields: [Field] = [
    .number("port", "The local port; of raw sockets, the number of the IP protocol."),
    .choice("proto", ListeningSocket.protocols, "The table that lists the socket."),
    .text("address", "The local address, IPv6 as RFC 5952 writes it."),
    .choice(
      "scope", ListeningSocket.Scope.allCases.map(\.rawValue),
      "Who can reach it: `loopback`, `link-local`, one `multicast` group or `address`, or `wildcard`."
    ),
    .text(
      "process",
      "The short name of the process (at most 15 bytes). Of a socket that systemd holds for a unit, "
        + "`systemd`."),
    .text("executable", "The program's path."),
    .number("pid", "The number of the process; the lowest, if several share the socket."),
    .text("unit", "The systemd unit of the process, or the `.socket` unit that opened the socket."),
    .text("user", "The owner of the socket by name; by number where the host does not know it."),
  ]
  package static let keys: [Key<Self>] = [.everything("All sockets of the host's own namespace.")]
  package static let reads =
    [
      "/proc/net/{tcp,tcp6,udp,udp6,raw,raw6}", "/proc/*/{comm,cmdline,status,cgroup,exe}",
      "/proc/*/fd/*", "/etc/passwd",
    ] + ServiceProbe.reads

  package init() {}

  package func observe(_ host: Host) throws(TargetError) -> Observation {
    let sockets = try ListeningProbe.sockets(host)
    var observation = Observation()
    let table: ProcessTable
    do { table = try ProcessTable.of(host) } catch {
      observation.rows = sockets.map { row($0, holder: .failure(error), host) }
      return observation
    }
    for socket in sockets {
      observation.rows.append(row(socket, holder: holder(of: socket, table), host))
    }
    if sockets.contains(where: { $0.isIPv6 && $0.scope == .wildcard }) {
      observation.notes.append(
        Note(
          en: "sockets on :: take IPv4 too unless opened for IPv6 alone",
          de: "Sockets auf :: nehmen auch IPv4 an, wenn sie nicht nur für IPv6 geöffnet sind"))
    }
    observation.notes.append(
      Note(
        en: "network namespaces of containers were not looked into",
        de: "Netzwerk-Namensräume von Containern wurden nicht untersucht"))
    return observation
  }

  /// All listening sockets in the order of protocol, port and address.
  static func sockets(_ host: Host) throws(TargetError) -> [ListeningSocket] {
    try host.remember("listening-sockets") { () throws(TargetError) in
      var found: [ListeningSocket] = []
      var isAnyTableThere = false
      for proto in ListeningSocket.protocols {
        // A kernel without IPv6 has no such table.
        let path = FilePath("/proc/net").appending(proto)
        guard let text = try host.text(of: path) else { continue }
        isAnyTableThere = true
        found += try ListeningSocket.parse(text, proto: proto, at: path)
      }
      guard isAnyTableThere else { throw .notCollected("/proc/net/tcp") }
      let order = { (socket: ListeningSocket) in
        (ListeningSocket.protocols.firstIndex(of: socket.proto) ?? 0, socket.port)
      }
      return found.sorted { a, b in
        let (x, y) = (order(a), order(b))
        if x != y { return x < y }
        if a.address != b.address { return a.address.lexicographicallyPrecedes(b.address) }
        return a.inode < b.inode
      }
    }
  }

  private func holder(
    of socket: ListeningSocket, _ table: ProcessTable
  ) -> Result<ProcessTable.Process?, TargetError> {
    let pids = table.holders[socket.inode] ?? []
    // What systemd opened and passed on belongs to the service that took it.
    let pid = pids.first { $0 != 1 } ?? pids.first
    if let pid, let process = table[pid] { return .success(process) }
    if table.hasUnreadDescriptors || !table.isComplete {
      return .failure(.permissionDenied("/proc"))
    }
    // The kernel's own sockets (NFS, WireGuard) have no process.
    return .success(nil)
  }

  private func row(
    _ socket: ListeningSocket, holder: Result<ProcessTable.Process?, TargetError>, _ host: Host
  ) -> Row {
    let origin = Origin.kernel(socket.file)
    let text = socket.isIPv6 ? "[\(socket.addressText)]" : socket.addressText
    var facts: [String: Fact] = [
      "port": .number(socket.port, origin),
      "proto": .text(socket.proto, origin),
      "address": .text(socket.addressText, origin),
      "scope": .text(socket.scope.rawValue, origin),
      "user": user(socket.user, host),
    ]
    switch holder {
    case .failure(let error):
      for field in ["process", "executable", "pid", "unit"] { facts[field] = .unknown(error) }
    case .success(nil):
      for field in ["process", "executable", "pid", "unit"] { facts[field] = .absent(origin) }
    case .success(let process?):
      let folder = FilePath("/proc").appending(String(process.pid))
      facts["process"] = .text(process.name, .kernel(folder.appending("comm")))
      facts["executable"] = process.executable
      facts["pid"] = .number(process.pid, .kernel(folder))
      facts["unit"] = unit(of: socket, process, folder, host)
    }
    return Row("\(socket.proto) \(text):\(socket.port)", facts)
  }

  /// A socket that only the first process holds was opened for a `.socket` unit.
  private func unit(
    of socket: ListeningSocket, _ process: ProcessTable.Process, _ folder: FilePath, _ host: Host
  ) -> Fact {
    if process.pid == 1 {
      do {
        if let known = try SocketUnits.of(host).unit(proto: socket.proto, port: socket.port) {
          return .text(known.name, known.origin)
        }
      } catch {
        return .unknown(error)
      }
    }
    let origin = Origin.kernel(folder.appending("cgroup"))
    return process.unit.map { .text($0, origin) } ?? .absent(origin)
  }

  private func user(_ id: UInt32, _ host: Host) -> Fact {
    do {
      return .text(try userNames(host)[id] ?? String(id), .file("/etc/passwd"))
    } catch {
      return .unknown(error)
    }
  }
}

/// Names of users by number, from the target's own `/etc/passwd`; the first of a number counts.
func userNames(_ host: Host) throws(TargetError) -> [UInt32: String] {
  try host.remember("user-names-by-number") { () throws(TargetError) in
    var names: [UInt32: String] = [:]
    for line in try host.lines(of: "/etc/passwd") ?? [] {
      let parts = line.text.split(separator: ":", omittingEmptySubsequences: false)
      if parts.count >= 3, let id = UInt32(parts[2]), names[id] == nil {
        names[id] = String(parts[0])
      }
    }
    return names
  }
}
