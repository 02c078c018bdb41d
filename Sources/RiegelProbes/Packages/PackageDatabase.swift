import RiegelModel
import SystemPackage

/// The packages that a host has, by whichever database it keeps.
///
/// A host whose database is of a kind not read here, or that has none, throws: "not installed" is
/// said only by a database that was read.
struct PackageDatabase: Sendable {
  var packages: [InstalledPackage]
  /// The indices of each name.
  private let byName: [String: [Int]]
  var notes: [Note]

  init(_ packages: [InstalledPackage], notes: [Note] = []) {
    self.packages = packages
    self.notes = notes
    byName = Dictionary(grouping: packages.indices) { packages[$0].name }
  }

  subscript(_ name: String) -> [InstalledPackage] {
    (byName[name] ?? []).map { packages[$0] }
  }

  static let dpkg: FilePath = "/var/lib/dpkg/status"
  /// Images without dpkg keep one file a package here.
  static let distroless: FilePath = "/var/lib/dpkg/status.d"
  /// What dpkg has noted and not yet put into its status file.
  static let updates: FilePath = "/var/lib/dpkg/updates"
  static let opkg: [FilePath] = ["/var/lib/opkg/status", "/usr/lib/opkg/status"]
  static let apk: [FilePath] = ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"]
  static let rpm: [FilePath] = [
    "/usr/lib/sysimage/rpm/rpmdb.sqlite", "/usr/lib/sysimage/rpm/Packages.db",
    "/usr/lib/sysimage/rpm/Packages", "/usr/share/rpm/rpmdb.sqlite", "/var/lib/rpm/rpmdb.sqlite",
    "/var/lib/rpm/Packages.db", "/var/lib/rpm/Packages",
  ]
  /// Databases of other package managers, which are not read either.
  static let foreign: [FilePath] = [
    "/var/lib/pacman/local", "/var/db/pkg", "/var/db/xbps", "/nix/store", "/var/lib/pkgtools",
  ]

  static let reads = [
    "/var/lib/dpkg/status", "/var/lib/dpkg/status.d/*", "/var/lib/dpkg/updates/*",
    "/var/lib/opkg/status", "/usr/lib/opkg/status", "/lib/apk/db/installed",
    "/usr/lib/apk/db/installed", "/etc/os-release", "/usr/lib/os-release",
  ]

  static func read(_ host: Host) throws(TargetError) -> PackageDatabase {
    try host.remember("packages") { () throws(TargetError) -> PackageDatabase in
      var packages: [InstalledPackage] = []
      var isFound = false
      if let dpkg = try readDpkg(host) {
        packages += dpkg
        isFound = true
      }
      // Merged file systems show one file under two paths; one is read.
      for files in [opkg, apk] {
        for path in files {
          guard let bytes = try host.bytes(of: path) else { continue }
          let dialect: StatusFile.Dialect = files == apk ? .apk : .dpkg
          packages += try StatusFile.paragraphs(of: bytes, path, dialect)
            .compactMap { $0.package(path) }
          isFound = true
          break
        }
      }
      return try PackageDatabase(
        packages, notes: unread(host, isFound: isFound, isEmpty: packages.isEmpty))
    }
  }

  /// The packages of dpkg; nil if the host does not keep its database.
  private static func readDpkg(_ host: Host) throws(TargetError) -> [InstalledPackage]? {
    var isFound = false
    var paragraphs: [(StatusFile.Paragraph, FilePath)] = []
    if let bytes = try host.bytes(of: dpkg) {
      isFound = true
      paragraphs = try StatusFile.paragraphs(of: bytes, dpkg, .dpkg).map { ($0, dpkg) }
    }
    if isFound { try applyUpdates(host, to: &paragraphs) }
    for name in try host.list(distroless) ?? [] where !name.string.hasSuffix(".md5sums") {
      let path = distroless.appending(name)
      guard let bytes = try host.bytes(of: path) else { continue }
      isFound = true
      paragraphs += try StatusFile.paragraphs(of: bytes, path, .distroless).map { ($0, path) }
    }
    guard isFound else { return nil }
    let packages = paragraphs.compactMap { $0.package($1) }
    if paragraphs.isEmpty { try requireEmpty(host) }
    return packages
  }

  /// An empty status file beside the lists of installed files is a lost database, not a bare host.
  private static func requireEmpty(_ host: Host) throws(TargetError) {
    let folder: FilePath = "/var/lib/dpkg/info"
    if try host.list(folder)?.contains(where: { $0.string.hasSuffix(".list") }) == true {
      throw .malformed(dpkg, line: 0, "names no package, although \(printable(folder)) has some")
    }
  }

  /// Numbered files hold what an interrupted dpkg has not yet written to its status file.
  private static func applyUpdates(
    _ host: Host, to paragraphs: inout [(StatusFile.Paragraph, FilePath)]
  ) throws(TargetError) {
    for name in try host.list(updates) ?? []
    where !name.string.isEmpty && name.bytes.allSatisfy({ (48...57).contains($0) }) {
      let path = updates.appending(name)
      guard let bytes = try host.bytes(of: path) else { continue }
      for update in try StatusFile.paragraphs(of: bytes, path, .dpkg) {
        paragraphs.removeAll {
          $0.0.name == update.name
            && ($0.0.architecture == update.architecture || update.architecture.isEmpty)
        }
        paragraphs.append((update, path))
      }
    }
  }

  /// What to say of databases that are there and not read.
  ///
  /// Where the one that was read is the distribution's own, another beside it is that of a foreign
  /// tool and a remark; on all other hosts it is the one that counts.
  private static func unread(
    _ host: Host, isFound: Bool, isEmpty: Bool
  ) throws(TargetError) -> [Note] {
    var notes: [Note] = []
    let family = try OsRelease.read(host)?.family
    let isOwn = isFound && !isEmpty && (family == .debian || family == .alpine)
    for path in rpm + foreign where try host.exists(path) {
      guard isOwn else {
        throw .undetermined(
          path,
          Localized(
            en: "this kind of package database is not read",
            de: "diese Art von Paketdatenbank wird nicht gelesen"))
      }
      notes.append(
        Note(
          en: "a second package database that is not read",
          de: "eine zweite Paketdatenbank, die nicht gelesen wird", .file(path)))
    }
    guard isFound else {
      throw .undetermined(
        dpkg,
        Localized(en: "there is no package database", de: "es gibt keine Paketdatenbank"))
    }
    return notes
  }
}

extension StatusFile.Paragraph {
  /// nil if the paragraph stands for no installed package.
  fileprivate func package(_ path: FilePath) -> InstalledPackage? {
    state.map {
      InstalledPackage(
        name: name, version: version, architecture: architecture, state: $0, isHeld: isHeld,
        path: path, line: line)
    }
  }
}
