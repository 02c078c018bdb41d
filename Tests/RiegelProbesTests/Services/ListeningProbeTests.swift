import Glibc
import RiegelModel
import RiegelProbes
import SystemPackage
import Testing

private let header =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"

/// A line of `/proc/net/tcp`.
private func line(
  _ local: String, remote: String = "00000000:0000", state: String = "0A", user: Int = 0,
  inode: Int = 1
) -> String {
  "   0: \(local) \(remote) \(state) 00000000:00000000 00:00000000 00000000  \(user)  0 \(inode) 1\n"
}

private func rows(_ files: [FilePath: MemoryTarget.Node]) throws -> [Row] {
  try ListeningProbe().observe(Host(MemoryTarget(files))).rows
}

@Suite struct ListeningProbeTests {
  @Test(arguments: [
    ("0100007F:0016", "127.0.0.1", "loopback"), ("00000000:0016", "0.0.0.0", "wildcard"),
    ("0501A8C0:0016", "192.168.1.5", "address"), ("0100FEA9:0016", "169.254.0.1", "link-local"),
    ("FB0000E0:0016", "224.0.0.251", "multicast"),
  ])
  func addressesOfIPv4(_ word: String, _ address: String, _ scope: String) throws {
    let row = try #require(try rows(["/proc/net/tcp": .file(header + line(word))]).first)
    #expect(row["address"].value == .text(address))
    #expect(row["scope"].value == .text(scope))
    #expect(row["port"].value == .number(22))
    #expect(row.subject == "tcp \(address):22")
  }

  @Test(arguments: [
    ("00000000000000000000000000000000", "::", "wildcard"),
    ("00000000000000000000000001000000", "::1", "loopback"),
    ("000080FE00000000FF005450020011FE", "fe80::5054:ff:fe11:2", "link-local"),
    ("B80D0120000000000000000001000000", "2001:db8::1", "address"),
    ("B80D0120000000000000010001000000", "2001:db8::1:0:0:1", "address"),
    ("B80D0120000000000000000001", "", ""),
    ("0000000000000000FFFF00000100007F", "::ffff:127.0.0.1", "loopback"),
    ("0000000000000000FFFF000000000000", "::ffff:0.0.0.0", "wildcard"),
    ("B80D0120010002000300040005000600", "2001:db8:2:1:4:3:6:5", "address"),
    ("000002FF000000000000000001000000", "ff02::1", "multicast"),
  ])
  func addressesOfIPv6AsRFC5952WritesThem(
    _ word: String, _ address: String, _ scope: String
  ) throws {
    let text = header + line(word + ":0016", remote: String(repeating: "0", count: 32) + ":0000")
    let files: [FilePath: MemoryTarget.Node] = ["/proc/net/tcp6": .file(text)]
    if address.isEmpty {
      #expect(throws: TargetError.self) { try rows(files) }
      return
    }
    let row = try #require(try rows(files).first)
    #expect(row["address"].value == .text(address))
    #expect(row["scope"].value == .text(scope))
  }

  @Test func connectedSocketsDoNotListen() throws {
    let udp =
      header + line("00000000:0035", state: "07")
      + line("0100007F:1000", remote: "0100007F:0035", state: "01")
    let tcp = header + line("0100007F:1000", remote: "0100007F:0016", state: "01")
    let found = try rows(["/proc/net/udp": .file(udp), "/proc/net/tcp": .file(tcp)])
    #expect(found.map(\.subject) == ["udp 0.0.0.0:53"])
  }

  private let sshd: [FilePath: MemoryTarget.Node] = [
    "/proc/net/tcp": .file(header + line("00000000:0016", user: 104, inode: 77)),
    "/proc/1/comm": .file("systemd\n"),
    "/proc/42/comm": .file("sshd\n"),
    "/proc/42/cmdline": .file("sshd: listener\0"),
    "/proc/42/status": .file("Name:\tsshd\nUid:\t0\t0\t0\t0\n"),
    "/proc/42/cgroup": .file("0::/system.slice/ssh.service\n"),
    "/proc/42/exe": .link(to: "/usr/sbin/sshd"),
    "/proc/42/fd/3": .link(to: "socket:[77]"),
    "/etc/passwd": .file("root:x:0:0::/:/bin/sh\nsshuser:x:104:65534::/:/bin/false\n"),
  ]

  @Test func theHolderOfASocketIsNamed() throws {
    let row = try #require(try rows(sshd).first)
    #expect(row["process"].value == .text("sshd"))
    #expect(row["executable"].value == .text("/usr/sbin/sshd"))
    #expect(row["pid"].value == .number(42))
    #expect(row["unit"].value == .text("ssh.service"))
    #expect(row["user"].value == .text("sshuser"))
  }

  @Test func aHolderThatCannotBeSeenIsUnknownAndNotAbsent() throws {
    var files = sshd
    files["/proc/42/fd/3"] = nil
    var folder = MemoryTarget.Node.directory()
    folder.failure = .permissionDenied("/proc/42/fd")
    files["/proc/42/fd"] = folder
    let row = try #require(try rows(files).first)
    #expect(row["process"].content == .unknown(.permissionDenied("/proc")))
    #expect(row["port"].value == .number(22))
    files["/proc/42/fd"] = .directory()
    #expect(try rows(files).first?["process"].content == .absent)
    // Without the first process in sight, /proc hides those of others.
    files["/proc/1/comm"] = nil
    #expect(try rows(files).first?["process"].value == nil)
    #expect(try rows(files).first?["process"].content != .absent)
  }

  @Test func aSocketThatSystemdHoldsBelongsToItsSocketUnit() throws {
    var files = sshd
    files["/proc/42/fd/3"] = nil
    files["/proc/1/fd/9"] = .link(to: "socket:[77]")
    files["/lib/systemd/system/ssh.socket"] = .file("[Socket]\nListenStream=22\n")
    files["/lib/systemd/system/sockets.target.wants/ssh.socket"] = .link(to: "../ssh.socket")
    let row = try #require(try rows(files).first)
    #expect(row["process"].value == .text("systemd"))
    #expect(row["unit"].value == .text("ssh.socket"))
  }

  @Test func anImageHasNoSockets() throws {
    let image = Host(MemoryTarget(texts: ["/etc/passwd": ""]))
    #expect(throws: TargetError.notCollected("/proc/net/tcp")) {
      try ListeningProbe().observe(image)
    }
    let bare = Host(MemoryTarget(texts: ["/proc/version": ""]))
    #expect(throws: TargetError.notCollected("/proc/net/tcp")) {
      try ListeningProbe().observe(bare)
    }
  }

  @Test(arguments: ["garbage\n", "1: zz:0016 00000000:0000 0A 1 1 1 0 0 1 1\n", "1: x\n"])
  func aTableThatIsNoTableIsAnError(_ text: String) throws {
    #expect(throws: TargetError.self) { try rows(["/proc/net/tcp": .file(header + text)]) }
  }
}

/// What `ss` sees of sockets that this test opens.
@Suite(.enabled(if: isInstalled("/usr/bin/ss"))) struct ListeningAgainstSSTests {
  /// The tables of this machine's kernel, with the processes' links.
  private func thisMachine() -> Host {
    let own = getpid()
    var files: [FilePath: MemoryTarget.Node] = ["/proc/1/comm": .file("init\n")]
    for proto in ["tcp", "tcp6", "udp", "udp6", "raw", "raw6"] {
      if let text = contents("/proc/net/" + proto) {
        files[FilePath("/proc/net/" + proto)] = .file(text)
      }
    }
    let folder = FilePath("/proc").appending(String(own))
    files[folder.appending("comm")] = .file(contents("/proc/self/comm") ?? "")
    for descriptor in 0..<256 {
      if let link = linkText("/proc/self/fd/\(descriptor)") {
        files[folder.appending("fd").appending(String(descriptor))] = .link(to: FilePath(link))
      }
    }
    return Host(MemoryTarget(files))
  }

  @Test func socketsOfEveryKindAreThoseOfSS() throws {
    let opened = [
      try openSocket(AF_INET, stream: true, "127.0.0.1"),
      try openSocket(AF_INET, stream: true, "0.0.0.0"),
      try openSocket(AF_INET6, stream: true, "::1"),
      try openSocket(AF_INET6, stream: true, "::"),
      try openSocket(AF_INET6, stream: true, "::", onlyIPv6: true),
      try openSocket(AF_INET, stream: false, "127.0.0.1"),
      try openSocket(AF_INET, stream: false, "0.0.0.0"),
      try openSocket(AF_INET6, stream: false, "::"),
    ]
    defer { for socket in opened { close(socket.descriptor) } }
    let ours = try ListeningProbe().observe(thisMachine()).rows
    let theirs = try output(of: "/usr/bin/ss", ["-H", "-n", "-l", "-t", "-u"])
    var seen: Set<String> = []
    for line in theirs.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      guard words.count >= 5, let colon = words[4].lastIndex(of: ":") else { continue }
      seen.insert(words[0] + " " + words[4][words[4].index(after: colon)...])
    }
    for socket in opened {
      let row = try #require(
        ours.first {
          $0["port"].value == .number(socket.port) && $0["proto"].value == .text(socket.proto)
        }, "\(socket)")
      #expect(row["address"].value == .text(socket.address))
      #expect(row["pid"].value == .number(Int(getpid())))
      #expect(seen.contains("\(socket.proto.prefix(3)) \(socket.port)"))
    }
    let all = Set(
      ours.compactMap { row -> String? in
        guard case .text(let proto)? = row["proto"].value,
          case .number(let port)? = row["port"].value,
          !proto.hasPrefix("raw")
        else { return nil }
        return "\(proto.prefix(3)) \(port)"
      })
    // Other tests and programs may open sockets meanwhile; ours are what is compared.
    let mine = Set(opened.map { "\($0.proto.prefix(3)) \($0.port)" })
    #expect(all.intersection(mine) == seen.intersection(mine))
  }
}

private struct Opened {
  var descriptor: Int32
  var proto: String
  var address: String
  var port: Int
}

private struct SocketFailure: Error { var step: String }

/// Opens a socket on a free port of an address of this machine.
private func openSocket(
  _ family: Int32, stream: Bool, _ address: String, onlyIPv6: Bool = false
) throws -> Opened {
  let kind = stream ? Int32(SOCK_STREAM.rawValue) : Int32(SOCK_DGRAM.rawValue)
  let descriptor = socket(family, kind, 0)
  guard descriptor >= 0 else { throw SocketFailure(step: "socket") }
  var flag: Int32 = onlyIPv6 ? 1 : 0
  if family == AF_INET6 {
    setsockopt(descriptor, Int32(IPPROTO_IPV6), 26, &flag, socklen_t(MemoryLayout<Int32>.size))
  }
  var storage = sockaddr_storage()
  var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
  let port: Int = try withUnsafeMutablePointer(to: &storage) { pointer in
    try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
      if family == AF_INET {
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
          $0.pointee.sin_family = sa_family_t(family)
          inet_pton(family, address, &$0.pointee.sin_addr)
        }
        guard bind(descriptor, generic, size) == 0 else { throw SocketFailure(step: "bind") }
      } else {
        let size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
          $0.pointee.sin6_family = sa_family_t(family)
          inet_pton(family, address, &$0.pointee.sin6_addr)
        }
        guard bind(descriptor, generic, size) == 0 else { throw SocketFailure(step: "bind") }
      }
      if stream { guard listen(descriptor, 1) == 0 else { throw SocketFailure(step: "listen") } }
      guard getsockname(descriptor, generic, &length) == 0 else {
        throw SocketFailure(step: "getsockname")
      }
      // The port stands at the same place in both families.
      return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
        Int(UInt16(bigEndian: $0.pointee.sin_port))
      }
    }
  }
  let proto = (stream ? "tcp" : "udp") + (family == AF_INET6 ? "6" : "")
  return Opened(descriptor: descriptor, proto: proto, address: address, port: port)
}

private func contents(_ path: String) -> String? {
  let descriptor = open(path, O_RDONLY)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    if count <= 0 { break }
    bytes += buffer[..<count]
  }
  return String(decoding: bytes, as: UTF8.self)
}

private func linkText(_ path: String) -> String? {
  var buffer = [CChar](repeating: 0, count: 256)
  let count = readlink(path, &buffer, buffer.count)
  guard count >= 0 else { return nil }
  return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
