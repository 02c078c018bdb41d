import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

@Suite struct DisplayManagerProbeTests {
  private func rows(_ program: String, _ texts: [String: String]) throws -> [Row] {
    var texts = texts
    texts[program] = ""
    return try DisplayManagerProbe().observe(Host(MemoryTarget(texts: texts))).rows
  }

  @Test(
    arguments: [
      ("[daemon]\nAutomaticLoginEnable=true\nAutomaticLogin=anna\n", "anna", false),
      ("[daemon]\nAutomaticLoginEnable = True\nAutomaticLogin = anna\n", "anna", false),
      ("[daemon]\nAutomaticLogin=anna\n", nil, false),
      ("[daemon]\nAutomaticLoginEnable=false\nAutomaticLogin=anna\n", nil, false),
      ("[security]\nAutomaticLoginEnable=true\nAutomaticLogin=anna\n", nil, false),
      ("[daemon]\nTimedLoginEnable=true\nTimedLogin=kiosk\nTimedLoginDelay=9\n", "kiosk", true),
      ("[daemon]\n#AutomaticLoginEnable=true\n#AutomaticLogin=anna\n", nil, false),
      ("[daemon]\nAutomaticLoginEnable=true\nAutomaticLogin=\n", nil, false),
    ] as [(String, String?, Bool)])
  func gdmNeedsBothSwitchAndName(text: String, user: String?, isTimed: Bool) throws {
    let row = try #require(
      try rows("/usr/sbin/gdm3", ["/etc/gdm3/daemon.conf": text]).first)
    #expect(row["autologin-user"].value == user.map { .text($0) })
    #expect(row["timed"].value == .flag(isTimed))
    #expect(row["users-hidden"].value == .flag(false))
  }

  @Test func lightdmsMainFileWinsOverDropInsAndSeatsOverAll() throws {
    let found = try rows(
      "/usr/sbin/lightdm",
      [
        "/usr/share/lightdm/lightdm.conf.d/01.conf": "[Seat:*]\ngreeter-hide-users=true\n",
        "/etc/lightdm/lightdm.conf.d/50.conf": "[SeatDefaults]\nautologin-user=anna\n",
        "/etc/lightdm/lightdm.conf":
          "[Seat:*]\nautologin-user=bert\n[Seat:seat1]\nautologin-user=\ngreeter-hide-users=false\n",
      ])
    #expect(found.map(\.subject) == ["lightdm", "lightdm [Seat:seat1]"])
    #expect(found[0]["autologin-user"].value == .text("bert"))
    #expect(found[0]["autologin-user"].origin == .line("/etc/lightdm/lightdm.conf", 2))
    #expect(found[0]["autologin-user"].overrides.map(\.value) == ["anna"])
    #expect(found[0]["users-hidden"].value == .flag(true))
    #expect(found[1]["autologin-user"].content == .absent)
    #expect(found[1]["users-hidden"].value == .flag(false))
  }

  @Test func aGuestNeedsTheScriptThatMakesHim() throws {
    #expect(try rows("/usr/sbin/lightdm", [:])[0]["guest"].value == .flag(false))
    let script = ["/usr/sbin/guest-account": ""]
    #expect(try rows("/usr/sbin/lightdm", script)[0]["guest"].value == .flag(true))
    let off = script.merging(["/etc/lightdm/lightdm.conf": "[Seat:*]\nallow-guest=false\n"]) { $1 }
    #expect(try rows("/usr/sbin/lightdm", off)[0]["guest"].value == .flag(false))
    let automatic = script.merging([
      "/etc/lightdm/lightdm.conf": "[Seat:*]\nautologin-guest=true\n"
    ]) { $1 }
    #expect(
      try rows("/usr/sbin/lightdm", automatic)[0]["autologin-user"].value == .text("guest"))
  }

  @Test func sddmsOneFileIsStrongerThanItsFolders() throws {
    let found = try rows(
      "/usr/bin/sddm",
      [
        "/etc/sddm.conf.d/a.conf": "[Autologin]\nUser=anna # front desk\n",
        "/etc/sddm.conf": "[Autologin]\nUser=\n",
      ])
    #expect(found[0]["autologin-user"].content == .absent)
    #expect(found[0]["autologin-user"].origin == .line("/etc/sddm.conf", 2))
    let folder = try rows(
      "/usr/bin/sddm", ["/etc/sddm.conf.d/a.conf": "[Autologin]\nUser=anna # desk\n"])
    #expect(folder[0]["autologin-user"].value == .text("anna"))
    guard case .unknown(.undetermined) = folder[0]["users-hidden"].content else {
      Issue.record("the theme decides")
      return
    }
  }

  @Test func othersHaveTheirOwnWords() throws {
    let greetd = try rows(
      "/usr/bin/greetd",
      ["/etc/greetd/config.toml": "[initial_session]\ncommand = \"sway\"\nuser = \"anna\"\n"])
    #expect(greetd[0]["autologin-user"].value == .text("anna"))
    let lxdm = try rows("/usr/sbin/lxdm", ["/etc/lxdm/lxdm.conf": "[base]\nautologin=anna\n"])
    #expect(lxdm[0]["autologin-user"].value == .text("anna"))
    let suse = try rows(
      "/usr/bin/sddm", ["/etc/sysconfig/displaymanager": "DISPLAYMANAGER_AUTOLOGIN=\"anna\"\n"])
    #expect(suse[0]["autologin-user"].origin == .line("/etc/sysconfig/displaymanager", 1))
  }

  @Test func configurationWithoutTheProgramIsNoRow() throws {
    let target = MemoryTarget(texts: [
      "/etc/gdm3/daemon.conf": "[daemon]\nAutomaticLoginEnable=true\nAutomaticLogin=a\n"
    ])
    #expect(try DisplayManagerProbe().observe(Host(target)).rows.isEmpty)
  }

  @Test func aFileThatCannotBeReadLeavesTheUserUnknown() throws {
    var node = MemoryTarget.Node.file("")
    node.failure = .permissionDenied("/etc/lightdm/lightdm.conf")
    let target = MemoryTarget([
      "/usr/sbin/lightdm": .file(""), "/etc/lightdm/lightdm.conf": node,
    ])
    let row = try #require(try DisplayManagerProbe().observe(Host(target)).rows.first)
    #expect(
      row["autologin-user"].content == .unknown(.permissionDenied("/etc/lightdm/lightdm.conf")))
  }
}
