import RiegelModel
import SystemPackage

/// Which package a file belongs to, by dpkg's lists of files (`dpkg -S`).
///
/// On merged file systems `/bin/ls` and `/usr/bin/ls` are one file and lists name either, so paths
/// are compared with the links of the root folder followed. Files that `dpkg-divert(1)` moved away
/// belong to their package under their new path.
struct PackageFiles: Sendable {
  private var owners: [String: [String]] = [:]
  /// Of the root folder's links, `/bin` to `/usr/bin`.
  private var links: [String: String] = [:]
  /// By the path that a file was moved to, its own path.
  private var moved: [String: String] = [:]
  /// By the path that a file was moved from, the package that may use it; nil for local diversions.
  private var divertedBy: [String: String?] = [:]

  static let info: FilePath = "/var/lib/dpkg/info"
  static let diversions: FilePath = "/var/lib/dpkg/diversions"
  static let reads = ["/var/lib/dpkg/info/*.list", "/var/lib/dpkg/diversions"]

  /// The packages that a file comes from, without architecture; empty if it comes from none.
  ///
  /// Throws on a host whose packages are not kept by dpkg, or where a list cannot be read.
  static func owners(of path: FilePath, on host: Host) throws(TargetError) -> [String] {
    try read(host).owners(of: path)
  }

  static func owner(of path: FilePath, on host: Host) throws(TargetError) -> String? {
    try owners(of: path, on: host).first
  }

  func owners(of path: FilePath) -> [String] {
    let name = canonical(path.string)
    if let original = moved[name] { return owners[original] ?? [] }
    guard let user = divertedBy[name] else { return owners[name] ?? [] }
    return (owners[name] ?? []).filter { $0 == user }
  }

  private static func read(_ host: Host) throws(TargetError) -> PackageFiles {
    try host.remember("package-files") { () throws(TargetError) -> PackageFiles in
      guard let names = try host.list(info) else {
        throw .undetermined(
          info,
          Localized(
            en: "which files belong to packages is known only from dpkg",
            de: "welche Dateien zu Paketen gehören, ist nur von dpkg bekannt"))
      }
      var files = PackageFiles()
      for folder in try host.list("/") ?? [] {
        let path = FilePath(root: "/", [folder])
        guard let link = try host.readLink(path) else { continue }
        let target = FilePath("/").pushing(link).lexicallyNormalized()
        files.links[path.string] = target.string
      }
      for name in names where name.string.hasSuffix(".list") {
        let package = String(name.string.dropLast(5).prefix { $0 != ":" })
        try files.add(package, info.appending(name), host)
      }
      try files.addDiversions(host)
      return files
    }
  }

  private mutating func add(
    _ package: String, _ path: FilePath, _ host: Host
  ) throws(TargetError) {
    guard let bytes = try host.target.read(path, limit: Host.sizeLimit) else { return }
    for line in bytes.split(separator: 10) {
      let name = canonical(String(decoding: line, as: UTF8.self))
      if owners[name]?.contains(package) != true { owners[name, default: []].append(package) }
    }
  }

  /// Three lines a diversion: the path, the path it was moved to, and the package (`:` for none).
  private mutating func addDiversions(_ host: Host) throws(TargetError) {
    guard let lines = try host.lines(of: PackageFiles.diversions) else { return }
    guard lines.count % 3 == 0 else {
      throw .malformed(PackageFiles.diversions, line: lines.count, "not three lines a diversion")
    }
    for index in stride(from: 0, to: lines.count, by: 3) {
      let from = canonical(String(lines[index].text))
      moved[canonical(String(lines[index + 1].text))] = from
      let user = String(lines[index + 2].text)
      divertedBy[from] = .some(user == ":" ? nil : user)
    }
  }

  /// The path with a link of the root folder at its beginning followed.
  private func canonical(_ path: String) -> String {
    let rest = path.utf8.dropFirst()
    let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
    guard let target = links[String(path[..<end])] else { return path }
    return target + path[end...]
  }
}
