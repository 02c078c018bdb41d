import RiegelModel
import RiegelProbes

extension Inventory {
  /// What it is made from.
  static var probes: [ProbeDeclaration] {
    Probes.all.filter { ["package", "platform"].contains($0.name) }
  }

  /// The packages of a host, as the `package` probe sees them.
  init(of host: Host) {
    var inventory = Inventory()
    if let platform = Inventory.rows("platform", host).success?.first {
      if case .text(let id)? = platform["id"].value { inventory.distribution = id }
      if case .version(let version)? = platform["version"].value {
        inventory.distributionVersion = version
      }
    }
    switch Inventory.rows("package", host, subject: "*") {
    case .failure(let gap): inventory.gap = gap
    case .success(let rows):
      inventory.system = rows.lazy.compactMap { $0["name"].origin.flatMap(system(at:)) }.first
      inventory.packages = rows.map { row in
        Package(
          name: row.subject, version: row["version"].value?.description ?? "",
          architecture: row["architecture"].value?.description ?? "")
      }.sorted {
        ($0.name, $0.architecture, $0.version) < ($1.name, $1.architecture, $1.version)
      }
    }
    self = inventory
  }

  private static func rows(
    _ probe: String, _ host: Host, subject: String? = nil
  ) -> Result<[Row], TargetError> {
    let values: [(key: String?, values: [String])] = subject.map { [(nil, [$0])] } ?? []
    guard let declaration = Probes.all.first(where: { $0.name == probe }),
      case .success(let made) = declaration.make(values)
    else { return .success([]) }
    do {
      let observation = try made.observe(host)
      if let gap = observation.gaps.first { return .failure(gap) }
      return .success(observation.rows)
    } catch {
      return .failure(error)
    }
  }
}

/// The package system whose database this is, in the words of package URLs.
private func system(at origin: Origin) -> String? {
  guard let path = origin.path.map(printable) else { return nil }
  for (part, name) in [("/dpkg/", "deb"), ("/apk/", "apk"), ("/opkg/", "opkg")]
  where path.contains(part) {
    return name
  }
  return nil
}

extension Result {
  fileprivate var success: Success? { try? get() }
}
