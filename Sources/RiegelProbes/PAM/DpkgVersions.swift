import RiegelModel
import SystemPackage

/// The versions of packages that dpkg has unpacked, for defaults that changed between versions.
struct DpkgVersions: Sendable {
  private var versions: [String: DebianVersion] = [:]

  static func of(_ host: Host) throws(TargetError) -> DpkgVersions {
    try host.remember("dpkg.versions") { () throws(TargetError) -> DpkgVersions in
      DpkgVersions(try host.bytes(of: "/var/lib/dpkg/status") ?? [])
    }
  }

  private init(_ status: [UInt8]) {
    var name: String?
    var isInstalled = false
    for line in status.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if line.isEmpty {
        name = nil
        isInstalled = false
      } else if let value = DpkgVersions.value(of: "Package: ", line) {
        name = value
      } else if let value = DpkgVersions.value(of: "Status: ", line) {
        isInstalled = value.hasSuffix(" installed")
      } else if let value = DpkgVersions.value(of: "Version: ", line), isInstalled, let name {
        versions[name] = DebianVersion(value)
      }
    }
  }

  private static func value(of key: String, _ line: ArraySlice<UInt8>) -> String? {
    guard line.starts(with: key.utf8) else { return nil }
    return String(decoding: line.dropFirst(key.utf8.count), as: UTF8.self)
  }

  subscript(package: String) -> DebianVersion? { versions[package] }
}
