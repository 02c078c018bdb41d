package import RiegelModel

/// Observes installed packages: one row for each, none for what is not installed.
///
/// A package of which only configuration files are left is not installed. A database that cannot
/// be read, or a host without one, is an error: "not installed" is never a guess.
struct PackageProbe: Probe {
  static let name = "package"
  static let summary = "Installed packages with version and state."
  static let fields: [Field] = [
    .text("name", "The package's name."),
    .version("version", "The installed version; absent if only half an installation is there."),
    .choice(
      "state", InstalledPackage.State.allCases.map(\.rawValue),
      "`installed`, or how far an installation came."),
    .text("architecture", "What it is made for, in the words of the package system."),
    .flag("held", "Whether an administrator holds it at this version."),
  ]
  static let keys: [Key<Self>] = [
    .subjects(\.names, "Names or shell patterns, such as `openssh-server` or `php*`.")
  ]
  static let reads = PackageDatabase.reads

  var names: [String] = []

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let database = try PackageDatabase.read(host)
    var found: [InstalledPackage] = []
    var patterns: [Glob] = []
    for name in names {
      if name.contains(where: { "*?[{".contains($0) }) {
        patterns.append(Glob(name))
      } else {
        found += database[name]
      }
    }
    if !patterns.isEmpty {
      let known = Set(found)
      found += database.packages.filter { package in
        !known.contains(package) && patterns.contains { $0.matches(text: package.name) }
      }
    }
    return Observation(rows: found.map(row), notes: database.notes)
  }

  private func row(_ package: InstalledPackage) -> Row {
    let origin = package.origin
    return Row(
      package.name,
      [
        "name": .text(package.name, origin),
        "version": package.version.isEmpty
          ? .absent(origin) : .known(.version(package.version), origin),
        "state": .text(package.state.rawValue, origin),
        "architecture": .text(package.architecture, origin),
        "held": .flag(package.isHeld, origin),
      ])
  }
}
