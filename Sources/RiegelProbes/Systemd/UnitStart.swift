import RiegelModel
import SystemPackage

/// Whether and why the next boot starts a unit.
///
/// `systemctl is-enabled` calls a unit `static` that its vendor links into a target
/// (`/usr/lib/systemd/system/sysinit.target.wants/…`), although it starts at every boot; and it
/// calls one enabled whose link in `/run` is gone after the boot. Here what counts is the start.
struct UnitStart: Sendable {
  var state: UnitState
  var isAtBoot: Bool
  /// The link, or the file where there is none.
  var because: FilePath
  /// The units that pull it in by a link.
  var wantedBy: [String]

  static func of(_ unit: Unit, _ index: UnitIndex) -> UnitStart {
    let (state, because) = UnitState.of(unit, index)
    if unit.install == .masked {
      return UnitStart(state: state, isAtBoot: false, because: because, wantedBy: [])
    }
    let name = unit.name.text
    var names = [name]
    for link in index.linksByDestination[name] ?? [] where link.name != name {
      if index.canonical(link.name) == name { names.append(link.name) }
    }
    let links = names.flatMap { index.dependencies[$0] ?? [] }
    let lasting = links.filter { $0.folder.layer != .runtime && $0.folder.layer != .transient }
    let isAtBoot = state == .enabled || !lasting.isEmpty
    let link = state == .enabled ? because : lasting.first?.path ?? because
    return UnitStart(
      state: state, isAtBoot: isAtBoot, because: link, wantedBy: Set(links.map(\.from)).sorted())
  }
}
