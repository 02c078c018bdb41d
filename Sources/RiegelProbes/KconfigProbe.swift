import RiegelModel
import SystemPackage

/// Observes a setting of KDE in the system's files, from the weakest to the strongest folder.
///
/// An entry with `[$i]`, in a group or a file marked so, cannot be changed by files that come after,
/// people's own included; without it their choice comes first. Folders that only the session's
/// `XDG_CONFIG_DIRS` names are not looked at, save those that distributions are known to put there.
struct KconfigProbe: Probe {
  static let name = "kconfig"
  static let summary = "A setting of KDE in the system's files, and whether it is fixed."
  static let fields: [Field] = [
    .text("value", "The value; absent if no file of the system sets it."),
    .number("number", "The value where it is a whole number."),
    .flag("flag", "The value where it is a truth value."),
    .flag("immutable", "Whether people cannot change it."),
  ]
  static let keys: [Key<Self>] = [
    .subject(\.file, "The file's name, such as `kscreenlockerrc`."),
    .option("group", \.group, "The group; nested ones as `A][B`.", isRequired: true),
    .option("key", \.key, "The key, such as `Timeout`.", isRequired: true),
  ]
  static let reads = KconfigProbe.folders.map { printable($0) + "/*rc" }

  static let folders: [FilePath] = [
    "/usr/share/kubuntu-default-settings/kf5-settings",
    "/usr/share/kde-settings/kde-profile/default/xdg", "/etc/xdg",
  ]

  var file = ""
  var group = ""
  var key = ""

  func observe(_ host: Host) throws(TargetError) -> Observation {
    var value: (text: String, origin: Origin)?
    var overrides: [Fact.Overridden] = []
    var fixed: Origin?
    var fixedGroup: Origin?
    for folder in KconfigProbe.folders {
      let path = folder.appending(file)
      guard let lines = try host.lines(of: path) else { continue }
      if let fixed = fixedGroup {
        overrides.append(.init("", fixed))
        break
      }
      var current = ""
      var isFileFixed = false
      var isGroupFixed = false
      for line in lines {
        let text = line.text.trimmed
        guard let first = text.first, first != "#" else { continue }
        let origin = Origin.line(path, line.number)
        if first == "[" {
          if text == "[$i]" {
            isFileFixed = true
            if current.isEmpty || current == group { fixedGroup = origin }
            continue
          }
          var name = text
          isGroupFixed = name.hasSuffix("[$i]")
          if isGroupFixed { name = name.dropLast(4) }
          current = String(name.dropFirst().dropLast())
          if isGroupFixed, current == group { fixedGroup = origin }
          continue
        }
        guard current == group, let equals = text.firstIndex(of: "=") else { continue }
        var name = text[..<equals].trimmed
        var options = ""
        if let open = name.firstIndex(of: "["), name.hasSuffix("]") {
          options = String(name[open...])
          name = name[..<open].trimmed
        }
        // `Name[de]` is a translation.
        guard name == key, options.isEmpty || options.hasPrefix("[$") else { continue }
        if fixed != nil {
          overrides.append(.init(String(text[text.index(after: equals)...].trimmed), origin))
          continue
        }
        if let old = value { overrides.append(.init(old.text, old.origin)) }
        value = (String(text[text.index(after: equals)...].trimmed), origin)
        if options.contains("i") { fixed = origin }
      }
      if isFileFixed, fixedGroup == nil { fixedGroup = .line(path, 1) }
    }
    let lock = fixed ?? fixedGroup
    guard let value else {
      guard let lock else { return Observation() }
      return Observation(rows: [
        Row(key, ["value": .absent(lock), "immutable": .flag(true, lock)])
      ])
    }
    func fact(_ known: Value?) -> Fact {
      Fact(known.map(Fact.Content.known) ?? .absent, from: value.origin, overriding: overrides)
    }
    return Observation(rows: [
      Row(
        key,
        [
          "value": fact(.text(value.text)), "number": fact(Int(value.text).map(Value.number)),
          "flag": fact(KconfigProbe.flag(value.text).map(Value.flag)),
          "immutable": .flag(lock != nil, lock ?? value.origin),
        ])
    ])
  }

  private static func flag(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "on", "yes", "1": true
    case "false", "off", "no", "0": false
    default: nil
    }
  }
}
