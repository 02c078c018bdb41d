import Foundation
import RiegelContent
import RiegelEngine
import RiegelModel
import RiegelProbes
import RiegelReports
import RiegelTargets
import SystemPackage
import Testing

/// One host in every form there is: the findings are the same, or `notCollected`.
@Suite(.serialized) struct SnapshotContractTests {
  static let now = Instant(seconds: 1_764_000_000)

  /// A bare Debian, as `make end-to-end` keeps one.
  static let debian: String? = {
    let folders = [
      ProcessInfo.processInfo.environment["RIEGEL_ROOTS"],
      ModuleTests.root.path + "/.build/roots",
    ].compactMap { $0 }
    return folders.map { $0 + "/bookworm" }.first {
      FileManager.default.fileExists(atPath: $0 + "/etc/debian_version")
    }
  }()

  static var canRun: Bool { debian != nil && getuid() == 0 }

  /// A copy of that Debian with secrets in it, and everything that is made of it.
  final class Bench {
    let folder = NSTemporaryDirectory() + "riegel-forms-\(UUID().uuidString)"
    var root: String { folder + "/root" }
    let plan: Plan
    let library: Library
    let profile: Audit.ProfileInForce

    init(_ debian: String) throws {
      library = try loadLibrary(from: FilePath(ModuleTests.root.path), probes: Probes.all).library
      let all = try #require(library.profile("all"))
      let selection = try Selection(all, isDefault: false, in: library)
      profile = selection.profile
      plan = try Plan(selection, probes: Probes.all)
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try shell("cp -a \(debian) \(root)")
      for (path, text) in Secrets.files { try plant(path, text) }
      try plant("/etc/hostname", "praxis\n")
      try plant("/etc/link.conf", nil, link: "/usr/lib/os-release")
      try plant("/opt/odd name\nwith a line", "x")
      try shell(
        "chmod 4755 \(root)/bin/mount; chmod 777 \(root)/srv; ln \(root)/etc/passwd \(root)/etc/hard"
      )
      if let busybox = ["/bin/busybox", "/usr/bin/busybox"].first(where: {
        FileManager.default.isExecutableFile(atPath: $0)
      }) {
        try shell(
          "mkdir -p \(root)/opt/bb && cp \(busybox) \(root)/opt/bb/busybox"
            + " && chroot \(root) /opt/bb/busybox --install -s /opt/bb")
      }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func plant(_ path: String, _ text: String?, link: String? = nil) throws {
      let url = URL(fileURLWithPath: root + path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      if let link {
        try FileManager.default.createSymbolicLink(
          atPath: url.path, withDestinationPath: link)
      } else {
        try Data((text ?? "").utf8).write(to: url)
      }
    }

    @discardableResult
    func shell(_ command: String, mayFail: Bool = false) throws -> Int32 {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", command]
      process.standardInput = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      if !mayFail { #expect(process.terminationStatus == 0, "\(command)") }
      return process.terminationStatus
    }

    func open(_ address: String, options: [String] = []) throws -> any RiegelModel.Target {
      try openTarget(
        OpeningRequest(
          address: address, now: SnapshotContractTests.now, reads: plan.contents,
          sshOptions: options))
    }

    func findings(_ target: any RiegelModel.Target) -> [Finding] {
      Auditor(plan).run(on: Host(target, now: SnapshotContractTests.now))
    }

    var reads: [String] {
      var globs = Set(plan.contents)
      for probe in Probes.all { globs.formUnion(probe.reads) }
      return globs.sorted()
    }

    func capture(_ address: String, to file: String) throws {
      var capture = Capture(
        of: try open(address),
        .init(
          reads: reads, packing: Packing(fileName: file) ?? .plain, tool: "test",
          isPrivileged: true, user: "0"))
      let descriptor = creat(file, 0o600)
      defer { close(descriptor) }
      _ = try capture.write(to: descriptor, identity: [("name", "praxis")])
    }

    /// How a form differs from the directory: rules that say something else, and those that say
    /// nothing.
    func compare(_ form: [Finding], with known: [Finding]) -> (
      differ: [String], silent: [(rule: String, reason: Reason)]
    ) {
      var differ: [String] = []
      var silent: [(rule: String, reason: Reason)] = []
      for (a, b) in zip(known, form) {
        if b.outcome == .notCollected, a.outcome != .notCollected {
          silent.append((a.rule, b.reason))
        } else if a.outcome != b.outcome || a.evidence != b.evidence {
          differ.append("\(a.rule): \(a.outcome) \(b.outcome) \(b.reason)")
        }
      }
      return (differ, silent)
    }
  }

  enum Secrets {
    static let files: [(String, String)] = [
      (
        "/etc/shadow",
        "root:$y$j9T$PLANTSALT$PLANTHASH:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\n"
      ),
      ("/etc/wpa_supplicant/w.conf", "network={\n psk=\"PLANTED psk\"\n}\n"),
      (
        "/etc/ssl/private/k.pem",
        "-----BEGIN PRIVATE KEY-----\nPLANTKEY\n-----END PRIVATE KEY-----\n"
      ),
      ("/etc/app.conf", "user = a\npassword = PLANTWORD\nhttps://a:PLANTURL@b/\n"),
      ("/etc/snmp/snmpd.conf", "rocommunity PLANTCOMMUNITY\n"),
      (
        "/etc/systemd/system/a.service",
        "[Service]\nEnvironment=TOKEN=PLANTTOKEN\nExecStart=/bin/true\n"
      ),
    ]
    static let word = Array("PLANT".utf8)
  }

  func holdsSecret(_ bytes: [UInt8]) -> Bool {
    Data(bytes).range(of: Data(Secrets.word)) != nil
  }

  /// Judged by the hashes of passwords, which no snapshot holds.
  static let redacted = ["password-known-defaults-changed"]

  @Test(.enabled(if: canRun)) func everyFormOfAHostGivesTheSameFindings() throws {
    let bench = try Bench(try #require(Self.debian))
    let directory = try bench.open("dir:" + bench.root)
    let known = bench.findings(directory)
    #expect(known.contains { $0.outcome == .pass } && known.contains { $0.outcome == .fail })

    // No report of it holds a secret.
    let audit = Audit(
      known, of: Host(directory, now: Self.now), profile: bench.profile, library: bench.library,
      componentType: .hostDevice, isPrivileged: true, toolVersion: "test")
    for reporter in Reporters.all {
      for verbosity in [ReportOptions.Verbosity.normal, .verbose] {
        let options = ReportOptions(
          language: .en, width: nil, colour: false, verbosity: verbosity)
        #expect(!holdsSecret(reporter.init().render(audit, options)), "\(reporter.name)")
      }
    }

    func expect(_ form: String, _ target: any RiegelModel.Target, silent rules: [String] = []) {
      let (differ, silent) = bench.compare(bench.findings(target), with: known)
      #expect(differ.isEmpty, "\(form): \(differ.joined(separator: "\n"))")
      #expect(silent.map(\.rule) == rules, "\(form): \(silent)")
    }

    // Memory.
    expect("memory", try Memory.copy(of: directory, bench.plan.contents))

    // A tar of the root.
    let tar = bench.folder + "/root.tar"
    try bench.shell("tar -C \(bench.root) -cf \(tar) .")
    expect("tar", try bench.open(tar))

    // An image of two layers, of which the second takes away what the first has too much.
    let image = try bench.image()
    expect("image", try bench.open(image))

    // A snapshot by the binary, in each packing.
    for end in [".tar", ".tar.gz", ".tar.zst"] {
      let file = bench.folder + "/binary" + end
      try bench.capture("dir:" + bench.root, to: file)
      expect("snapshot\(end)", try bench.open(file), silent: Self.redacted)
      if end == ".tar" {
        #expect(!holdsSecret(Array(try Data(contentsOf: URL(fileURLWithPath: file)))))
      }
    }

    // A snapshot by the script, under every shell there is.
    let script = bench.folder + "/capture.sh"
    try Data(CaptureScript(reads: bench.reads, tool: "test").text).write(
      to: URL(fileURLWithPath: script))
    for (name, shell) in [
      ("dash", "/bin/dash"), ("bash", "/bin/bash"), ("busybox", "/opt/bb/sh"),
    ] where FileManager.default.fileExists(atPath: bench.root + shell) || name == "busybox" {
      let file = bench.folder + "/script-\(name).tar"
      let path = name == "busybox" ? "PATH=/opt/bb" : "PATH=/usr/sbin:/usr/bin:/sbin:/bin"
      try bench.shell("\(path) /usr/sbin/chroot \(bench.root) \(shell) -s < \(script) > \(file)")
      expect("script, \(name)", try bench.open(file), silent: Self.redacted)
      #expect(!holdsSecret(Array(try Data(contentsOf: URL(fileURLWithPath: file)))), "\(name)")
    }

    // Behind ssh.
    if FileManager.default.isExecutableFile(atPath: "/usr/sbin/sshd") {
      let server = try Server(bench)
      expect(
        "ssh", try bench.open("ssh:root@127.0.0.1", options: server.options), silent: Self.redacted)
      #expect(throws: OpeningError.self) {
        try bench.open("ssh:nobody@127.0.0.1", options: server.options)
      }
    }
  }

  /// A real sshd on loopback with its own configuration and keys; who logs in finds the copy.
  final class Server {
    let process = Process()
    let options: [String]

    init(_ bench: Bench) throws {
      let port = Int.random(in: 20_000...60_000)
      let folder = bench.folder + "/sshd"
      try bench.shell(
        "mkdir -p \(folder) /run/sshd && ssh-keygen -q -t ed25519 -N '' -f \(folder)/host"
          + " && ssh-keygen -q -t ed25519 -N '' -f \(folder)/user"
          + " && cp \(folder)/user.pub \(folder)/authorized")
      let configuration = """
        Port \(port)
        ListenAddress 127.0.0.1
        HostKey \(folder)/host
        AuthorizedKeysFile \(folder)/authorized
        StrictModes no
        UsePAM no
        PermitRootLogin yes
        PasswordAuthentication no
        PidFile none
        ForceCommand /usr/sbin/chroot \(bench.root) /bin/sh -c "$SSH_ORIGINAL_COMMAND"

        """
      try Data(configuration.utf8).write(to: URL(fileURLWithPath: folder + "/config"))
      process.executableURL = URL(fileURLWithPath: "/usr/sbin/sshd")
      process.arguments = ["-D", "-e", "-f", folder + "/config"]
      process.standardError = FileHandle.nullDevice
      try process.run()
      options = [
        "-p\(port)", "-i\(folder)/user", "-F/dev/null", "-oBatchMode=yes", "-oLogLevel=ERROR",
        "-oStrictHostKeyChecking=no", "-oUserKnownHostsFile=/dev/null", "-oIdentitiesOnly=yes",
      ]
      Thread.sleep(forTimeInterval: 0.5)
    }

    deinit {
      process.terminate()
      process.waitUntilExit()
    }
  }

  /// The tree of a target, copied into memory with the contents that patterns name.
  final class Memory: WalkVisitor {
    private let target: any RiegelModel.Target
    private let globs: [Glob]
    private let lock = NSLock()
    nonisolated(unsafe) private var nodes: [FilePath: MemoryTarget.Node] = [:]

    private init(_ target: any RiegelModel.Target, _ globs: [Glob]) {
      self.target = target
      self.globs = globs
    }

    static func copy(
      of target: any RiegelModel.Target, _ patterns: [String]
    ) throws -> MemoryTarget {
      let memory = Memory(target, patterns.map { Glob($0) })
      target.walk(["/"], memory)
      return MemoryTarget(memory.nodes, capturedAt: target.capturedAt, isRunning: target.isRunning)
    }

    func enter(_ path: FilePath, parent: Int?) -> Int? { 0 }
    func visitRoot(_ path: FilePath, _ metadata: FileMetadata) {
      lock.withLock { nodes[path] = .init(metadata) }
    }
    func fail(_ error: TargetError, _ context: Int?) {}
    func skip(_ path: FilePath, fileSystem: String, _ context: Int) {
      lock.withLock { nodes[path] = .directory() }
    }
    func visit(_ entry: borrowing WalkEntry, in directory: FilePath, _ context: Int) {
      let bytes = entry.name.map { CChar(bitPattern: $0) } + [0]
      guard
        let name = bytes.withUnsafeBufferPointer({ buffer in
          buffer.baseAddress.flatMap { FilePath.Component(platformString: $0) }
        })
      else { return }
      let path = directory.appending(name)
      var node = MemoryTarget.Node(entry.metadata)
      if entry.metadata.kind == .link { node.link = try? target.readLink(path) }
      // Links may lead anywhere, so all that is small is taken.
      if entry.metadata.kind == .file,
        entry.metadata.size < 1 << 16
          || globs.contains(where: { $0.matches(path) })
      {
        node.content = (try? target.read(path, limit: 1 << 26)) ?? []
      }
      let made = node
      lock.withLock { nodes[path] = made }
    }
  }
}

extension SnapshotContractTests.Bench {
  /// An OCI image archive of the root: a layer with more than there should be, and one that takes
  /// it away.
  func image() throws -> String {
    let work = folder + "/image"
    try shell(
      """
      set -e
      mkdir -p \(work)/extra/etc/cron.d/more \(work)/top/etc/cron.d \(work)/blobs/sha256
      echo 'x ALL=(ALL) NOPASSWD: ALL' > \(work)/extra/etc/too-much.conf
      echo x > \(work)/extra/etc/cron.d/more/x
      cp \(folder)/root.tar \(work)/lower.tar
      tar -C \(work)/extra -rf \(work)/lower.tar ./etc/too-much.conf ./etc/cron.d/more/x
      touch \(work)/top/etc/.wh.too-much.conf \(work)/top/etc/cron.d/.wh.more
      tar -C \(work)/top -cf \(work)/upper.tar etc/.wh.too-much.conf etc/cron.d/.wh.more
      gzip -1 \(work)/upper.tar
      cd \(work)
      a=$(sha256sum < lower.tar | cut -c1-64); mv lower.tar blobs/sha256/$a
      b=$(sha256sum < upper.tar.gz | cut -c1-64); mv upper.tar.gz blobs/sha256/$b
      printf '{"layers":[{"digest":"sha256:%s"},{"digest":"sha256:%s"}]}' $a $b > m
      m=$(sha256sum < m | cut -c1-64); mv m blobs/sha256/$m
      printf '{"imageLayoutVersion":"1.0.0"}' > oci-layout
      printf '{"manifests":[{"digest":"sha256:%s"}]}' $m > index.json
      tar -cf \(folder)/image.tar oci-layout index.json blobs
      """)
    return folder + "/image.tar"
  }
}
