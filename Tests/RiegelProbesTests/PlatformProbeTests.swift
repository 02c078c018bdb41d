import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

@Suite struct PlatformProbeTests {
  private func row(_ texts: [String: String], isRunning: Bool? = nil) throws -> Row {
    let files = texts.map { (FilePath($0.key), MemoryTarget.Node.file($0.value)) }
    let target = MemoryTarget(
      Dictionary(uniqueKeysWithValues: files), isRunning: isRunning)
    return try #require(try PlatformProbe().observe(Host(target)).rows.first)
  }

  private static let debian =
    "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME='Debian'\nVERSION_ID=\"12\"\n"
    + "VERSION_CODENAME=bookworm # c\nID=debian\n"

  @Test func theDistributionIsNamed() throws {
    let row = try row(["/usr/lib/os-release": Self.debian])
    #expect(row["id"].value == .text("debian"))
    #expect(row["version"].value == .version("12"))
    #expect(row["codename"].value == .text("bookworm"))
    #expect(row["name"].value == .text("Debian GNU/Linux 12 (bookworm)"))
    #expect(row["like"].value == .list([]))
    #expect(row["id"].origin == .line("/usr/lib/os-release", 5))
  }

  @Test(arguments: [
    ("ID=ubuntu\nID_LIKE=debian\n", "debian"), ("ID=rocky\nID_LIKE=\"rhel centos fedora\"", "rhel"),
    ("ID=opensuse-leap\nID_LIKE=\"suse opensuse\"\n", "suse"), ("ID=alpine", "alpine"),
    ("ID=arch", "arch"), ("ID=thing\nID_LIKE='ubuntu'", "debian"), ("ID=poky", "other"),
    ("", "other"),
  ])
  func theFamilyFollowsFromIdentifierAndLikeness(text: String, family: String) throws {
    #expect(try row(["/etc/os-release": text])["family"].value == .text(family))
  }

  @Test func theFileInEtcHidesTheVendors() throws {
    let row = try row(["/etc/os-release": "ID=alpine", "/usr/lib/os-release": "ID=debian"])
    #expect(row["id"].value == .text("alpine"))
    #expect(row["version"].content == .absent)
  }

  @Test(
    arguments: [
      ("A=\"a\\\"b\\x\"", "a\"b\\x"), ("A='a\\b'", "a\\b"), ("A=a\\ b", "a b"), ("A=a b", "a"),
      ("A=\"\"", nil), ("#A=x", nil), ("A=\"a # b\"", "a # b"),
    ] as [(String, String?)])
  func quotesAreReadAsAShellWould(line: String, value: String?) throws {
    let host = Host(MemoryTarget(texts: ["/etc/os-release": line + "\n"]))
    #expect(try OsRelease.read(host)?["A"] == value)
  }

  @Test func whatOnlyAKernelKnowsIsNotCollectedWithoutOne() throws {
    let row = try row(["/etc/os-release": Self.debian])
    for field in ["container", "virtual", "kernel-release", "chassis", "efi"] {
      guard case .unknown(.notCollected) = row[field].content else {
        Issue.record("\(field) is not left open")
        continue
      }
    }
  }

  @Test func theKernelAndTheFirmwareAreAsked() throws {
    let row = try row([
      "/etc/os-release": Self.debian, "/proc/sys/kernel/osrelease": "6.1.0-18-amd64\n",
      "/proc/sys/kernel/arch": "x86_64\n", "/sys/class/dmi/id/chassis_type": "10\n",
      "/sys/class/dmi/id/sys_vendor": "LENOVO\n", "/sys/firmware/efi/fw_platform_size": "64\n",
      "/proc/cpuinfo": "processor\t: 0\nflags\t\t: fpu vme\n",
    ])
    #expect(row["kernel-release"].value == .text("6.1.0-18-amd64"))
    #expect(row["architecture"].value == .text("x86_64"))
    #expect(row["chassis"].value == .text("laptop"))
    #expect(row["efi"].value == .flag(true))
    #expect(row["virtual"].value == .flag(false))
    #expect(row["container"].value == .flag(false))
  }

  @Test(arguments: [
    ("/proc/cpuinfo", "flags : fpu hypervisor lahf\n", true),
    ("/sys/class/dmi/id/sys_vendor", "QEMU\n", true),
    ("/sys/class/dmi/id/sys_vendor", "VMware, Inc.\n", true),
    ("/sys/class/dmi/id/sys_vendor", "Dell Inc.\n", false),
  ])
  func virtualMachinesAreTold(path: String, text: String, isVirtual: Bool) throws {
    let row = try row(["/etc/os-release": Self.debian, path: text])
    #expect(row["virtual"].value == .flag(isVirtual))
  }

  @Test(arguments: [
    (["/run/systemd/container": "lxc", "/proc/2/comm": "x"], true),
    (["/run/.containerenv": "", "/proc/2/comm": "x"], true),
    (["/.dockerenv": "", "/proc/2/comm": "kthreadd\n"], false),
    (["/.dockerenv": "", "/proc/2/comm": "bash\n"], true),
    (["/.dockerenv": "", "/proc/1/comm": "sh\n"], true), (["/proc/1/comm": "systemd"], false),
  ])
  func aContainerIsToldByMoreThanAnImagesMark(texts: [String: String], isContainer: Bool) throws {
    let row = try row(texts.merging(["/etc/os-release": Self.debian]) { $1 })
    #expect(row["container"].value == .flag(isContainer))
  }

  /// A host that does not say its distribution still has a kernel, a machine and an init system.
  @Test func withoutADistributionTheRestIsSaid() throws {
    let row = try row(["/proc/sys/kernel/osrelease": "6.1.0-18-amd64\n", "/sbin/init": ""])
    for field in ["id", "version", "codename", "family", "like", "name"] {
      guard case .unknown(.undetermined) = row[field].content else {
        Issue.record("\(field) is \(row[field].content)")
        continue
      }
    }
    #expect(row["kernel-release"].value == .text("6.1.0-18-amd64"))
    #expect(row["init"].value == .text("other"))
    var node = MemoryTarget.Node.file("ID=debian")
    node.failure = .permissionDenied("/etc/os-release")
    let closed = try PlatformProbe().observe(Host(MemoryTarget(["/etc/os-release": node]))).rows[0]
    #expect(closed["family"].content == .unknown(.permissionDenied("/etc/os-release")))
    #expect(closed["init"].value == .text("none"))
  }

  @Test func theInitSystemIsWhatIsInstalled() throws {
    func initOf(_ nodes: [FilePath: MemoryTarget.Node]) throws -> Value? {
      var nodes = nodes
      nodes["/etc/os-release"] = .file("ID=x")
      return try PlatformProbe().observe(Host(MemoryTarget(nodes))).rows[0]["init"].value
    }
    #expect(try initOf([:]) == .text("none"))
    #expect(
      try initOf([
        "/sbin": .link(to: "usr/sbin"), "/usr/sbin/init": .link(to: "../lib/systemd/systemd"),
        "/usr/lib/systemd/systemd": .file(""),
      ]) == .text("systemd"))
    #expect(
      try initOf([
        "/sbin/init": .link(to: "/bin/busybox"), "/bin/busybox": .file(""),
        "/sbin/openrc": .file(""), "/etc/inittab": .file(""),
      ]) == .text("openrc"))
    #expect(
      try initOf(["/sbin/init": .file(""), "/etc/inittab": .file("")]) == .text("sysvinit"))
    #expect(try initOf(["/sbin/init": .file("")]) == .text("other"))
  }

  @Test func theArchitectureComesFromPackagesOrPrograms() throws {
    let status =
      "Package: tzdata\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n\n"
      + "Package: dpkg\nStatus: install ok installed\nVersion: 1\nArchitecture: arm64\n"
    let packages = try row(["/etc/os-release": "ID=x", "/var/lib/dpkg/status": status])
    #expect(packages["architecture"].value == .text("aarch64"))
    #expect(packages["architecture"].origin == .line("/var/lib/dpkg/status", 6))
    for (elf, name) in [
      ([2, 1, 62, 0], "x86_64"), ([2, 1, 183, 0], "aarch64"), ([2, 1, 243, 0], "riscv64"),
      ([1, 2, 0, 3], "i686"), ([2, 2, 0, 22], "s390x"),
    ] as [([UInt8], String)] {
      var node = MemoryTarget.Node.file("")
      node.content = [0x7f, 0x45, 0x4c, 0x46, elf[0], elf[1]] + [UInt8](repeating: 0, count: 12)
      node.content += [elf[2], elf[3]]
      let target = MemoryTarget(["/etc/os-release": .file("ID=x"), "/bin/sh": node])
      let row = try PlatformProbe().observe(Host(target)).rows[0]
      #expect(row["architecture"].value == .text(name))
    }
    let nothing = try row(["/etc/os-release": "ID=x"])
    guard case .unknown = nothing["architecture"].content else {
      Issue.record("guessed")
      return
    }
  }
}
