import RiegelModel
import RiegelProbes
import SystemPackage
import Testing

private let install = "[Service]\nExecStart=/usr/sbin/x\n[Install]\nWantedBy=multi-user.target\n"
private let bare = "[Service]\nExecStart=/usr/sbin/x\n"

private func observe(_ host: Host, _ units: String...) throws -> Observation {
  var probe = ServiceProbe()
  probe.units = units
  return try probe.observe(host)
}

private func row(_ host: Host, _ unit: String) throws -> Row {
  try #require(try observe(host, unit).rows.first)
}

/// Every kind of unit file and link that `systemctl is-enabled` has a word for.
private func plantUnits() throws -> PlantedTree {
  let tree = try PlantedTree()
  let vendor = "usr/lib/systemd/system/"
  let local = "etc/systemd/system/"
  let runtime = "run/systemd/system/"
  for name in [
    "enabled", "off", "masked", "odd", "rten", "vdis", "chain", "tpl@", "requiring",
  ] {
    try tree.file(vendor + name + ".service", install)
  }
  for name in ["vendor", "plain", "off2", "vi@", "used"] {
    try tree.file(vendor + name + ".service", bare)
  }
  try tree.link(
    local + "multi-user.target.wants/enabled.service", to: "/usr/lib/systemd/system/enabled.service"
  )
  try tree.link(vendor + "sysinit.target.wants/vendor.service", to: "../vendor.service")
  try tree.file(vendor + "ssh.service", install + "Alias=sshd.service\n")
  try tree.link(local + "sshd.service", to: "/usr/lib/systemd/system/ssh.service")
  try tree.link(local + "masked.service", to: "/dev/null")
  try tree.link(
    local + "multi-user.target.wants/masked.service", to: "/usr/lib/systemd/system/masked.service")
  try tree.file(vendor + "also.service", bare + "[Install]\nAlso=off.service\n")
  try tree.link(local + "other.service", to: "/usr/lib/systemd/system/odd.service")
  try tree.file("opt/lnk.service", install)
  try tree.link(local + "lnk.service", to: "/opt/lnk.service")
  try tree.file("opt/lnkon.service", install)
  try tree.link(local + "lnkon.service", to: "/opt/lnkon.service")
  try tree.link(local + "multi-user.target.wants/lnkon.service", to: "/opt/lnkon.service")
  try tree.file(vendor + "getty@.service", install + "DefaultInstance=tty1\n")
  try tree.link(
    local + "getty.target.wants/getty@tty1.service", to: "/usr/lib/systemd/system/getty@.service")
  try tree.link(
    local + "getty.target.wants/tpl@a.service", to: "/usr/lib/systemd/system/tpl@.service")
  try tree.link(vendor + "getty.target.wants/vi@x.service", to: "../vi@.service")
  try tree.file(runtime + "runt.service", install)
  try tree.link(
    runtime + "multi-user.target.wants/runt.service", to: "/run/systemd/system/runt.service")
  try tree.link(
    runtime + "multi-user.target.wants/rten.service", to: "/usr/lib/systemd/system/rten.service")
  try tree.link(runtime + "off2.service", to: "/dev/null")
  try tree.file(local + "empty.service", "")
  try tree.link(vendor + "valias.service", to: "odd.service")
  try tree.file(local + "plain.service.d/10.conf", "[Install]\nWantedBy=multi-user.target\n")
  try tree.link(vendor + "multi-user.target.wants/vdis.service", to: "../vdis.service")
  try tree.file(local + "own.service", install)
  try tree.link(local + "multi-user.target.wants/own.service", to: "../own.service")
  try tree.file(vendor + "byal.service", install + "Alias=dbus-x.service\n")
  try tree.link(vendor + "dbus-x.service", to: "byal.service")
  try tree.link(
    local + "sockets.target.requires/requiring.service",
    to: "/usr/lib/systemd/system/requiring.service")
  try tree.file(
    vendor + "a.socket", "[Socket]\nListenStream=80\n[Install]\nWantedBy=sockets.target\n")
  try tree.link(local + "sockets.target.wants/a.socket", to: "/usr/lib/systemd/system/a.socket")
  try tree.file(
    vendor + "b.timer", "[Timer]\nOnCalendar=daily\n[Install]\nWantedBy=timers.target\n")
  try tree.file(
    "usr/lib/systemd/system-preset/90-x.preset",
    "# vendor\ndisable off.service\nenable ssh*\ndisable *\n")
  try tree.file("etc/systemd/system-preset/10-mine.preset", "enable own.service\n")
  return tree
}

@Suite struct ServiceProbeTests {
  @Test(.enabled(if: isInstalled("/usr/bin/systemctl")))
  func statesAndPresetsAreThoseOfSystemctl() throws {
    let tree = try plantUnits()
    let host = try tree.host()
    let listing = try output(
      of: "/usr/bin/systemctl",
      ["--root=" + tree.path, "list-unit-files", "--no-pager", "--no-legend", "--full"])
    var compared = 0
    for line in listing.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      guard words.count >= 3, words[1] != "alias" else { continue }
      let row = try row(host, words[0])
      #expect(row["state"].value == .text(words[1]), "\(words[0])")
      if words[2] != "-" { #expect(row["preset"].value == .text(String(words[2].dropLast()))) }
      compared += 1
    }
    #expect(compared >= 25)
    for name in ["tpl@a", "tpl@b", "vi@x", "getty@tty1", "getty@tty2"] {
      let said = try output(
        of: "/usr/bin/systemctl", ["--root=" + tree.path, "is-enabled", name + ".service"])
      let row = try row(host, name)
      #expect(row["state"].value == .text(said.filter { $0 != "\n" }), "\(name)")
    }
    try tree.remove()
  }

  /// Debian's own units: some hundred files with all that occurs in practice.
  @Test(.enabled(if: isInstalled("/usr/bin/systemctl")))
  func statesOfThisMachineAreThoseOfSystemctl() throws {
    let tree = try PlantedTree()
    for folder in ["etc/systemd/system", "usr/lib/systemd/system", "usr/lib/systemd/system-preset"]
    {
      try tree.copy(folder)
    }
    let host = try tree.host(isRunning: false)
    let listing = try output(
      of: "/usr/bin/systemctl",
      ["--root=" + tree.path, "list-unit-files", "--no-pager", "--no-legend", "--full"])
    for line in listing.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      guard words.count >= 2, words[1] != "alias" else { continue }
      #expect(try row(host, words[0])["state"].value == .text(words[1]), "\(words[0])")
    }
    try tree.remove()
  }

  @Test func whatTheVendorLinksIntoATargetStartsAtBootThoughSystemctlCallsItStatic() throws {
    let host = try plantUnits().host()
    let vendor = try row(host, "vendor.service")
    #expect(vendor["enabled"].value == .flag(true))
    #expect(vendor["wanted-by"].value == .list(["sysinit.target"]))
    #expect(
      vendor["enabled"].origin
        == .file("/usr/lib/systemd/system/sysinit.target.wants/vendor.service"))
    #expect(try row(host, "vdis")["enabled"].value == .flag(true))
  }

  @Test func aLinkInRunDoesNotOutliveTheBoot() throws {
    let host = try plantUnits().host()
    #expect(try row(host, "rten.service")["enabled"].value == .flag(false))
    #expect(try row(host, "rten.service")["state"].value == .text("enabled-runtime"))
  }

  @Test func aMaskedUnitIsNeverEnabledWhateverLinksToIt() throws {
    let host = try plantUnits().host()
    for name in ["masked.service", "empty.service", "off2.service"] {
      #expect(try row(host, name)["masked"].value == .flag(true), "\(name)")
      #expect(try row(host, name)["enabled"].value == .flag(false), "\(name)")
    }
  }

  @Test func anAliasStandsForItsUnitAndCountsOnce() throws {
    let host = try plantUnits().host()
    let both = try observe(host, "sshd", "ssh.service")
    #expect(both.rows.map(\.subject) == ["ssh.service"])
    #expect(both.rows.first?["aliases"].value == .list(["sshd.service"]))
    #expect(try observe(host, "no-such.service").rows.isEmpty)
  }

  @Test func patternsNameEveryUnitOfATypeOnce() throws {
    let host = try plantUnits().host()
    #expect(try observe(host, "*.socket").rows.map(\.subject) == ["a.socket"])
    let all = try observe(host, "*").rows.map(\.subject)
    #expect(all.contains("getty@tty1.service") && all.contains("ssh.service"))
    #expect(!all.contains("sshd.service") && Set(all).count == all.count)
  }

  @Test func anEnabledSocketStartsItsDisabledService() throws {
    let host = Host(
      MemoryTarget([
        "/usr/lib/systemd/system/cups.service": .file(install),
        "/usr/lib/systemd/system/cups.socket": .file(
          "[Socket]\nListenStream=/run/cups.sock\n[Install]\nWantedBy=sockets.target\n"),
        "/etc/systemd/system/sockets.target.wants/cups.socket": .link(
          to: "/usr/lib/systemd/system/cups.socket"),
        "/usr/lib/systemd/system/late.timer": .file("[Timer]\nUnit=cups.service\n"),
        "/usr/lib/systemd/system/timers.target.wants/late.timer": .link(to: "../late.timer"),
      ]))
    let row = try row(host, "cups")
    #expect(row["enabled"].value == .flag(false))
    #expect(row["triggered-by"].value == .list(["cups.socket", "late.timer"]))
  }

  @Test func dropInsResetAndReplaceCommandsAndUsers() throws {
    let host = Host(texts: [
      "/lib/systemd/system/x.service":
        "[Service]\nExecStart=/bin/a \\\n# not this\n  --b\nUser=one\n",
      "/etc/systemd/system/x.service.d/20.conf": "[Service]\nExecStart=\nExecStart=-/bin/c\n",
      "/etc/systemd/system/service.d/10.conf": "[Service]\nUser=two\n",
    ])
    let row = try row(host, "x")
    #expect(row["exec"].value == .list(["-/bin/c"]))
    #expect(row["exec"].origin == .line("/etc/systemd/system/x.service.d/20.conf", 3))
    #expect(row["exec"].overrides.map(\.value) == ["/bin/a  --b", ""])
    #expect(row["user"].value == .text("two"))
    #expect(row["user"].overrides.map(\.value) == ["one"])
  }

  @Test func whetherSomethingRunsIsUnknownOfAnImage() throws {
    let host = Host(texts: ["/lib/systemd/system/x.service": install])
    #expect(try row(host, "x")["active"].content == .unknown(.notCollected("/sys/fs/cgroup")))
  }

  @Test(arguments: [
    ["/sys/fs/cgroup/system.slice/x.service/cgroup.events": "populated 1\nfrozen 0\n"],
    ["/sys/fs/cgroup/systemd/system.slice/x.service/cgroup.procs": "12\n"],
    ["/sys/fs/cgroup/system.slice/system-x.slice/x.service/cgroup.procs": "12\n"],
    ["/sys/fs/cgroup/system.slice/x.service/init.scope/cgroup.procs": "12\n"],
    ["/run/systemd/units/invocation:x.service": "", "/sys/fs/cgroup/.keep": ""],
  ])
  func aServiceWithProcessesOrAnInvocationIsActive(_ evidence: [String: String]) throws {
    let base = ["/lib/systemd/system/x.service": install, "/run/systemd/system/.keep": ""]
    let active = Host(texts: base.merging(evidence) { $1 })
    #expect(try row(active, "x")["active"].value == .flag(true))
  }

  @Test func aServiceWithoutEitherIsNot() throws {
    let host = Host(texts: [
      "/lib/systemd/system/x.service": install, "/lib/systemd/system/x.timer": "[Timer]\n",
      "/run/systemd/system/.keep": "",
      "/sys/fs/cgroup/system.slice/x.service/cgroup.events": "populated 0\n",
    ])
    #expect(try row(host, "x")["active"].value == .flag(false))
    #expect(try row(host, "x.timer")["active"].value == nil)
  }

  @Test func withoutSystemdTheProgramItselfIsLookedFor() throws {
    let base = [
      "/lib/systemd/system/x.service": install, "/proc/1/comm": "init\n", "/proc/1/cmdline": "init",
    ]
    #expect(try row(Host(texts: base), "x")["active"].value == .flag(false))
    let running = base.merging([
      "/proc/7/comm": "x\n", "/proc/7/cmdline": "/usr/sbin/x\0-d\0",
    ]) { $1 }
    #expect(try row(Host(texts: running), "x")["active"].value == .flag(true))
  }

  @Test func anInitScriptWithoutAUnitIsGenerated() throws {
    let host = Host(
      MemoryTarget([
        "/lib/systemd/system/other.service": .file(install),
        "/etc/init.d/old": .file("#!/bin/sh\n", mode: 0o755),
        "/etc/init.d/other": .file("#!/bin/sh\n", mode: 0o755),
        "/etc/init.d/README": .file("text"),
        "/etc/rc3.d/S01old": .link(to: "../init.d/old"),
        "/etc/rc3.d/S01other": .link(to: "../init.d/other"),
      ]))
    let old = try row(host, "old.service")
    #expect(old["state"].value == .text("generated"))
    #expect(old["enabled"].value == .flag(true))
    #expect(try row(host, "other")["state"].value == .text("disabled"))
    #expect(try observe(host, "README").rows.isEmpty)
  }

  @Test func openRCServicesStartFromRunLevels() throws {
    let host = Host(
      MemoryTarget(
        [
          "/etc/init.d/chronyd": .file("#!/sbin/openrc-run\n", mode: 0o755),
          "/etc/init.d/sshd": .file("#!/sbin/openrc-run\n", mode: 0o755),
          "/etc/runlevels/default/chronyd": .link(to: "/etc/init.d/chronyd"),
          "/etc/runlevels/shutdown/sshd": .link(to: "/etc/init.d/sshd"),
          "/usr/lib/systemd/system/sshd.service": .file(install),
          "/run/openrc/started/chronyd": .link(to: "/etc/init.d/chronyd"),
        ], isRunning: true))
    let chrony = try row(host, "chronyd.service")
    #expect(chrony["enabled"].value == .flag(true))
    #expect(chrony["active"].value == .flag(true))
    #expect(chrony["manager"].value == .text("openrc"))
    #expect(try row(host, "sshd")["enabled"].value == .flag(false))
    #expect(try row(host, "sshd")["active"].value == .flag(false))
  }

  @Test func whatCannotBeReadIsUnknownOrThrown() throws {
    var unreadable = MemoryTarget.Node.file(install)
    unreadable.failure = .permissionDenied("/lib/systemd/system/x.service")
    let row = try row(Host(MemoryTarget(["/lib/systemd/system/x.service": unreadable])), "x")
    #expect(row["state"].value == nil && row["enabled"].value == nil && row["exec"].value == nil)
    #expect(row["masked"].value == .flag(false))

    var sealed = MemoryTarget()
    sealed.seal = { .permissionDenied($0) }
    let host = Host(sealed)
    #expect(throws: TargetError.self) { try observe(host, "x") }
  }

  @Test(arguments: ["[Service\nUser=x\n", "[Service]\nUser=\u{FFFD}\n"])
  func aBrokenUnitFileSaysNothing(_ text: String) throws {
    var node = MemoryTarget.Node.file(text)
    if text.unicodeScalars.contains("\u{FFFD}") {
      node.content = Array("[Service]\nUser=".utf8) + [0xff, 0x0a]
    }
    let row = try row(Host(MemoryTarget(["/lib/systemd/system/x.service": node])), "x")
    guard case .unknown(.malformed) = row["enabled"].content else {
      Issue.record("\(row["enabled"])")
      return
    }
  }

  @Test func aliasesInACircleEnd() throws {
    let host = Host(
      MemoryTarget([
        "/etc/systemd/system/a.service": .link(to: "b.service"),
        "/etc/systemd/system/b.service": .link(to: "a.service"),
      ]))
    #expect(throws: TargetError.self) { try observe(host, "a") }
  }
}

@Suite struct UnitSettingProbeTests {
  @Test(.enabled(if: isInstalled("/usr/bin/systemd-analyze")))
  func dropInsApplyInTheOrderOfSystemdAnalyze() throws {
    let tree = try PlantedTree()
    let vendor = "usr/lib/systemd/system/"
    let local = "etc/systemd/system/"
    try tree.file(vendor + "foo-bar.service", bare + "NoNewPrivileges=no\n")
    try tree.file(vendor + "pa-bar@.service", bare)
    let dropIns: [(String, String)] = [
      (vendor + "foo-bar.service.d/10-a.conf", "PrivateTmp=no\nProtectClock=no"),
      (local + "foo-.service.d/10-a.conf", "PrivateTmp=yes\nProtectClock=yes"),
      (local + "service.d/10-b.conf", "LockPersonality=yes"),
      (vendor + "foo-.service.d/10-b.conf", "LockPersonality=no"),
      (vendor + "service.d/99-c.conf", "NoNewPrivileges=yes"),
      (vendor + "foo-bar.service.d/20-d.conf", "ProtectKernelLogs=yes"),
      (vendor + "foo-bar.service.d/30-e.conf", "PrivateDevices=yes"),
      (local + "foo-bar.service.d/30-e.conf", "PrivateDevices=no"),
      (vendor + "pa-.service.d/1.conf", "PrivateTmp=yes"),
      (vendor + "pa-@.service.d/1.conf", "ProtectClock=yes"),
      (vendor + "pa-@x.service.d/2.conf", "LockPersonality=no"),
      (vendor + "pa-bar@.service.d/30.conf", "PrivateDevices=yes\nProtectHostname=yes"),
      (vendor + "pa-bar@x.service.d/30.conf", "PrivateDevices=no"),
      (local + "pa-bar@x.service.d/40.conf", "ProtectKernelLogs=yes"),
    ]
    for (path, text) in dropIns { try tree.file(path, "[Service]\n" + text + "\n") }
    try tree.link(local + "foo-bar.service.d/20-d.conf", to: "/dev/null")
    let host = try tree.host()
    for unit in ["foo-bar.service", "pa-bar@x.service"] {
      let protections = try tree.protections(of: unit)
      #expect(protections.count > 1)
      for setting in [
        "NoNewPrivileges", "PrivateTmp", "ProtectClock", "LockPersonality", "ProtectKernelLogs",
        "PrivateDevices", "ProtectHostname",
      ] {
        var probe = UnitSettingProbe()
        probe.setting = setting
        probe.units = [unit]
        let row = try #require(try probe.observe(host).rows.first)
        let isSet = row["flag"].value == .flag(true)
        #expect(isSet == protections.contains(setting), "\(setting) of \(unit)")
      }
    }
    try tree.remove()
  }

  @Test func listsAddUpUntilAnEmptyAssignment() throws {
    let host = Host(texts: [
      "/lib/systemd/system/x.service": "[Service]\nSystemCallFilter=a b\nPrivateTmp=yes\n",
      "/etc/systemd/system/x.service.d/1.conf":
        "[Service]\nSystemCallFilter=\nSystemCallFilter=c\n",
      "/etc/systemd/system/x.service.d/2.conf": "[Service]\nSystemCallFilter=d\nPrivateTmp=\n",
    ])
    var probe = UnitSettingProbe()
    probe.units = ["x"]
    probe.setting = "SystemCallFilter"
    #expect(try probe.observe(host).rows.first?["items"].value == .list(["c", "d"]))
    probe.setting = "PrivateTmp"
    let row = try #require(try probe.observe(host).rows.first)
    #expect(row["value"].content == .absent)
    #expect(row["value"].overrides.map(\.value) == ["yes", ""])
  }
}
