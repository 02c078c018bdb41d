import Foundation
import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

/// SplitMix64: the same stacks in every run.
private struct Dice: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

private let hasLibPAM = LibPAM() != nil

@Suite struct PAMEvaluationTests {
  private static let codes = [
    "success", "success", "success", "auth_err", "perm_denied", "ignore", "user_unknown",
    "new_authtok_reqd", "authinfo_unavail", "maxtries", "cred_err", "abort", "service_err",
  ]
  private static let controls = [
    "required", "requisite", "sufficient", "optional", "Required", "[success=1 default=ignore]",
    "[success=2 default=ignore]", "[success=ok default=die]", "[success=done default=bad]",
    "[default=die]", "[success=ok ignore=ignore default=1]", "[success=reset default=bad]",
    "[default=reset]", "[default=ignore]", "[success=ok new_authtok_reqd=done default=2]",
    "[success=3 auth_err=die default=ok]", "[success=okay default=ignore]", "[default=0]",
    "[auth_err=ok default=done]", "[success=bad ignore=ok default=ok]", "nonsense",
    "[default=bad success=ok]", "success=ok",
  ]

  private static func stack(
    _ dice: inout Dice, depth: Int, folder: String, files: inout [String: String]
  ) -> String {
    var text = ""
    for _ in 0..<Int.random(in: 1...7, using: &dice) {
      let die = Int.random(in: 0..<12, using: &dice)
      if die < 3, depth < 3 {
        let name = "part\(files.count)"
        files[name] = ""
        files[name] = stack(&dice, depth: depth + 1, folder: folder, files: &files)
        let word = ["auth include", "auth substack", "@include"][die]
        text += "\(word) \(folder)/\(name)\n"
      } else if die == 3 {
        text += "auth \(pick(controls, &dice)) pam_deny.so\n"
      } else if die == 4 {
        text += "auth \(pick(controls, &dice)) pam_permit.so # comment\n"
      } else {
        text += "auth \(pick(controls, &dice)) \\\n  pam_debug.so auth=\(pick(codes, &dice))\n"
      }
    }
    return text
  }

  private static func pick(_ items: [String], _ dice: inout Dice) -> String {
    items[Int.random(in: 0..<items.count, using: &dice)]
  }

  private static func write(_ files: [String: String], _ folder: String) throws {
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (name, text) in files {
      try text.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
    }
  }

  private static func host(_ files: [String: String], _ folder: String) -> RiegelModel.Host {
    var texts: [String: String] = [:]
    for (name, text) in files {
      texts[name.hasPrefix("part") ? "\(folder)/\(name)" : "/etc/pam.d/\(name)"] = text
    }
    return RiegelModel.Host(MemoryTarget(texts: texts))
  }

  private static func outcome(_ host: RiegelModel.Host, _ type: PAMType = .auth) -> Int {
    do {
      guard let service = try PAMConfiguration.service("svc", on: host) else { return -1 }
      return PAMEvaluation(service.stacks[type] ?? []).result { _, entry in
        switch entry.module {
        case "pam_permit": .success
        case "pam_deny": .authErr
        case "pam_debug":
          PAMCode(number: PAMCode.names.firstIndex(of: entry.argument("auth") ?? "") ?? 0)
        default: .moduleUnknown
        }
      }.number
    } catch {
      return 26
    }
  }

  @Test(.enabled(if: hasLibPAM)) func everyGeneratedStackEndsAsInLibPAM() throws {
    let pam = try #require(LibPAM())
    let folder = NSTemporaryDirectory() + "riegel-pam-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var dice = Dice(state: 42)
    var seen: [Int: Int] = [:]
    for _ in 0..<150 {
      var files: [String: String] = [:]
      files["svc"] = Self.stack(&dice, depth: 0, folder: folder, files: &files)
      files["other"] = "auth required pam_deny.so\n"
      try Self.write(files, folder)
      let expected = pam.run("svc", in: folder)
      seen[expected, default: 0] += 1
      #expect(Self.outcome(Self.host(files, folder)) == expected, "\(files)")
    }
    // The comparison means something only if results differ.
    #expect(seen.count >= 6 && seen[0, default: 0] > 10)
  }

  @Test(
    .enabled(if: hasLibPAM),
    arguments: [
      "auth required pam_permit.so", "AUTH REQUIRED pam_permit.so\n", "auth foo pam_permit.so\n",
      "auht required pam_permit.so\nauth required pam_permit.so\n",
      "auth required pam_permit.so\nauht optional pam_permit.so\n",
      "auth\t[success=ok\tdefault=bad]\tpam_permit.so\n", "auth required \\\n pam_permit.so\n",
      "auth required \\\n# hello \\\n pam_permit.so\n", "auth required # x\n",
      "auth required pam_debug.so auth=auth_err # \\\nauth required pam_permit.so\n", "",
      "account required pam_permit.so\n", "auth required $ISA/pam_nix.so\n",
      "auth [success=ok success=bad] pam_permit.so\n",
      "auth [default=bad success=ok] pam_permit.so\n",
      "auth [successful=ok default=ignore] pam_permit.so\n",
      "auth [ success = ok default=bad ] pam_permit.so\n",
      "auth [success=ok]pam_permit.so\n", "auth required pam_permit.so\r\n",
      "auth\u{c}required pam_permit.so\n", "auth [default=die] pam_warn.so\n",
      "auth required \\ \n pam_permit.so\n", "auth required \\\r\n pam_permit.so\n",
      "auth required pam_permit.so \\\\\n x\n",
      "auth required pam_permit.so \\\n\nauth required pam_deny.so\n",
      "auth required pam_permit.so \\\n#x\nauth required pam_deny.so\n",
      "\\\nauth required pam_permit.so\n", "auth [success=ok default=bad pam_permit.so\n",
      "auth [success=ok default=bad\\] ] pam_permit.so\n",
      "auth [success=ok \\\n default=bad] pam_permit.so\n",
      "auth [success=ok default=bad,] pam_permit.so\n", "auth include nix\n",
      "auth required pam_permit.so\nauth include nix\n", "auth required pam_permit.so \\",
      "auth required pam_debug.so auth=auth_err\\\n\n", "auth required pam_per\\\nmit.so\n",
      "--auth required pam_permit.so\n", "auth -required pam_permit.so\n",
      "auth required -pam_permit.so\n", "auth required pam_debug.so [auth=success]\n",
      "auth required pam_permit.so\n\0\nauth required pam_debug.so auth=cred_err\n",
      "auth required pam_permit.so\0 x\n", "   auth required pam_permit.so\n",
      "-auth optional pam_nix.so\nauth required pam_permit.so\n",
    ])
  func everyOddLineIsReadAsInLibPAM(_ text: String) throws {
    let pam = try #require(LibPAM())
    let folder = NSTemporaryDirectory() + "riegel-pam-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let files = ["svc": text, "other": "auth required pam_debug.so auth=cred_unavail\n"]
    try Self.write(files, folder)
    let host = Self.host(files, folder)
    let real = pam.run("svc", in: folder)
    let ours: Int
    if text.contains("pam_warn") {
      let service = try #require(try PAMConfiguration.service("svc", on: host))
      ours = PAMEvaluation(service.stacks[.auth] ?? []).result { _, _ in .ignore }.number
    } else {
      ours = Self.outcome(host)
    }
    #expect(ours == real)
  }

  @Test func theExplorationOfAStackHoldsEveryResultOfItsRuns() throws {
    var dice = Dice(state: 7)
    for _ in 0..<200 {
      var files: [String: String] = [:]
      files["svc"] = Self.stack(&dice, depth: 0, folder: "/x", files: &files)
      let host = Self.host(files, "/x")
      guard let service = try PAMConfiguration.service("svc", on: host) else { continue }
      let entries = service.stacks[.auth] ?? []
      let evaluation = PAMEvaluation(entries)
      let exploration = evaluation.explore { _, entry in
        (entry.module == "pam_debug" ? PAMCode.all : PAMModule.codes(of: entry, isMissing: false))
          .map { .init($0) }
      }
      for _ in 0..<20 {
        let codes = entries.map { entry in
          let possible =
            entry.module == "pam_debug"
            ? PAMCode.all : PAMModule.codes(of: entry, isMissing: false)
          return possible[Int.random(in: 0..<possible.count, using: &dice)]
        }
        let result = evaluation.result { index, _ in codes[index] }
        #expect(exploration.endings.contains { $0.succeeds == (result == .success) })
      }
    }
  }
}
