import RiegelModel
import SystemPackage

/// Observes the display managers of a host: whom they log in unasked, and what they show before.
///
/// One row for each that is installed, of LightDM one for each kind of seat. A host without any has
/// no desktop to log in to. Where the theme or the greeter decides about the list of accounts
/// (SDDM, greetd), that is unknown. A getty that logs somebody in is to be asked of `unit-setting`.
struct DisplayManagerProbe: Probe {
  static let name = "display-manager"
  static let summary = "Display managers: automatic login, guests, the list of accounts."
  static let fields: [Field] = [
    .choice("name", DisplayManagers.Name.allCases.map(\.rawValue), "The display manager."),
    .text("autologin-user", "Who is logged in without being asked; absent if nobody."),
    .flag("timed", "Whether that login comes after a delay only."),
    .flag("guest", "Whether a guest can log in without a password."),
    .flag("users-hidden", "Whether the login screen shows no list of accounts."),
    .flag("enabled", "Whether the host starts it."),
    .text("seat", "Of LightDM, the pattern of the seats; `*` is every seat."),
  ]
  static let keys: [Key<Self>] = [.everything("Every display manager that is installed.")]
  static let reads =
    DisplayManagers.Name.allCases.flatMap { $0.programs.map { printable($0) } } + [
      "/etc/gdm3/daemon.conf", "/etc/gdm3/custom.conf", "/etc/gdm/custom.conf",
      "/run/gdm/custom.conf", "/etc/lightdm/lightdm.conf", "/etc/lightdm/lightdm.conf.d/*",
      "/usr/share/lightdm/lightdm.conf.d/*", "/usr/local/share/lightdm/lightdm.conf.d/*",
      "/etc/xdg/lightdm/lightdm.conf.d/*", "/etc/sddm.conf", "/etc/sddm.conf.d/*",
      "/usr/lib/sddm/sddm.conf.d/*", "/etc/greetd/config.toml", "/etc/lxdm/*.conf",
      "/etc/sysconfig/displaymanager", "/etc/X11/default-display-manager",
      "/etc/systemd/system/display-manager.service",
    ] + DconfProbe.reads

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let managers = DisplayManagers(host: host)
    var observation = Observation()
    let suse = try managers.suse()
    for name in DisplayManagers.Name.allCases {
      guard try managers.isInstalled(name) else { continue }
      do throws(TargetError) {
        let enabled = try managers.isEnabled(name)
        for var row in try managers.rows(of: name) {
          row.facts["name"] = .text(name.rawValue)
          row.facts["enabled"] = enabled
          if let suse, row["autologin-user"].value == nil {
            row.facts["autologin-user"] = suse.fact(.text(suse.value))
          }
          observation.rows.append(row)
        }
      } catch {
        // Which account a broken or hidden file names, nobody can tell.
        let fields = ["autologin-user", "timed", "guest", "users-hidden", "enabled"]
        var facts = Dictionary(uniqueKeysWithValues: fields.map { ($0, Fact.unknown(error)) })
        facts["name"] = .text(name.rawValue)
        observation.rows.append(Row(name.rawValue, facts))
      }
    }
    return observation
  }
}
