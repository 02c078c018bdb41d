import RiegelModel
import SystemPackage

/// The mount units that outlive a boot, with their drop-ins (`systemd.unit(5)`, `systemd.mount(5)`).
struct MountUnits: Sendable {
  struct Unit: Sendable {
    var name: String
    var point: FilePath
    /// nil if there are only drop-ins, for a unit that fstab makes.
    var file: FilePath?
    /// Whether the file lies below `/etc`, and so comes before fstab.
    var isLocal: Bool
    var isMasked = false
    var isWanted = false
    var what: String?
    var type: String?
    var options: (text: String, origin: Origin)?
    var dropInOptions: (text: String, origin: Origin)?
  }

  private(set) var units: [Unit] = []
  private(set) var gaps: [TargetError] = []

  static let directories: [FilePath] = [
    "/etc/systemd/system.control", "/etc/systemd/system", "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system", "/lib/systemd/system",
  ]

  init(_ host: Host, points: [FilePath]) {
    var files: [String: FilePath] = [:]
    var dropIns: [String: [FilePath]] = [:]
    var wanted: Set<String> = []
    var seen: Set<FilePath> = []
    for directory in MountUnits.directories {
      do throws(TargetError) {
        guard let real = try host.resolve(directory), seen.insert(real).inserted else { continue }
        for name in try host.list(directory) ?? [] {
          let text = name.string
          let path = directory.appending(name)
          if text.hasSuffix(".mount") {
            if files[text] == nil { files[text] = path }
          } else if text.hasSuffix(".mount.d") {
            dropIns[String(text.dropLast(2)), default: []].append(path)
          } else if text.hasSuffix(".wants") || text.hasSuffix(".requires") {
            for name in try host.list(path) ?? [] where name.string.hasSuffix(".mount") {
              wanted.insert(name.string)
            }
          }
        }
      } catch {
        gaps.append(error)
      }
    }
    let known = Dictionary(
      points.map { (MountUnits.unitName(of: $0), $0) }, uniquingKeysWith: { first, _ in first })
    for name in Set(files.keys).union(dropIns.keys.filter { known[$0] != nil }).sorted() {
      do throws(TargetError) {
        guard
          var unit = try read(
            name, files[name], SearchPath(dropIns[name] ?? [], suffix: ".conf", on: host), host)
        else { continue }
        unit.isWanted = wanted.contains(name)
        units.append(unit)
      } catch {
        gaps.append(error)
      }
    }
  }

  private mutating func read(
    _ name: String, _ file: FilePath?, _ dropIns: SearchPath, _ host: Host
  ) throws(TargetError) -> Unit? {
    guard let point = MountUnits.point(ofUnit: name) else { return nil }
    gaps += dropIns.gaps
    var unit = Unit(
      name: name, point: point, file: file,
      isLocal: file?.starts(with: "/etc") ?? false)
    if let file {
      guard let metadata = try host.metadata(of: file) else { return nil }
      // A link to /dev/null masks, and so does an empty file.
      let link = try host.readLink(file)
      if link == "/dev/null" || metadata.kind == .characterDevice || metadata.size == 0 {
        unit.isMasked = true
        return unit
      }
      for setting in MountUnits.settings(try host.lines(of: file) ?? [], file) {
        apply(setting, &unit)
      }
    }
    for path in dropIns.files {
      if try host.metadata(of: path)?.kind != .file { continue }
      for setting in MountUnits.settings(try host.lines(of: path) ?? [], path) {
        apply(setting, &unit)
        if setting.key == "Options" { unit.dropInOptions = (setting.value, setting.origin) }
      }
    }
    return unit
  }

  private func apply(_ setting: Setting, _ unit: inout Unit) {
    switch setting.key {
    case "What": unit.what = setting.value
    case "Where":
      if setting.value.hasPrefix("/") {
        unit.point = FilePath(setting.value).lexicallyNormalized()
      }
    case "Type": unit.type = setting.value
    case "Options": unit.options = (setting.value, setting.origin)
    default: return
    }
  }

  private struct Setting {
    var key: String
    var value: String
    var origin: Origin
  }

  /// The assignments of the section `[Mount]`.
  private static func settings(_ lines: [NumberedLine], _ path: FilePath) -> [Setting] {
    var settings: [Setting] = []
    var isMount = false
    var at = 0
    while at < lines.count {
      let number = lines[at].number
      var text = String(lines[at].text)
      while text.hasSuffix("\\"), at + 1 < lines.count {
        at += 1
        text.removeLast()
        text += " " + lines[at].text
      }
      at += 1
      let line = text.drop { $0 == " " || $0 == "\t" }
      if line.first == "#" || line.first == ";" { continue }
      if line.first == "[" {
        isMount = line.hasPrefix("[Mount]")
        continue
      }
      guard isMount, let equals = line.firstIndex(of: "=") else { continue }
      let key = line[..<equals].filter { $0 != " " && $0 != "\t" }
      var value = line[line.index(after: equals)...].drop { $0 == " " || $0 == "\t" }
      while value.last == " " || value.last == "\t" { value.removeLast() }
      settings.append(Setting(key: key, value: String(value), origin: .line(path, number)))
    }
    return settings
  }

  /// `dev-shm.mount` is `/dev/shm`, `var-lib-a\x2db.mount` is `/var/lib/a-b`, `-.mount` is `/`.
  static func point(ofUnit name: String) -> FilePath? {
    let stem = Array(name.utf8.dropLast(6))
    if stem == [UInt8(ascii: "-")] { return "/" }
    var path: [UInt8] = [UInt8(ascii: "/")]
    var at = 0
    while at < stem.count {
      if stem[at] == UInt8(ascii: "\\") {
        guard at + 3 < stem.count, stem[at + 1] == UInt8(ascii: "x"),
          let byte = UInt8(String(decoding: stem[at + 2...at + 3], as: UTF8.self), radix: 16),
          byte != 0
        else { return nil }
        path.append(byte)
        at += 4
      } else {
        path.append(stem[at] == UInt8(ascii: "-") ? UInt8(ascii: "/") : stem[at])
        at += 1
      }
    }
    return FilePath(String(decoding: path, as: UTF8.self))
  }

  /// The inverse, as `systemd-escape --path --suffix=mount` has it.
  static func unitName(of point: FilePath) -> String {
    if point == "/" { return "-.mount" }
    var name = ""
    for (index, byte) in printable(point).utf8.dropFirst().enumerated() {
      let isPlain =
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ":")
        || (byte == UInt8(ascii: ".") && index > 0)
      if byte == UInt8(ascii: "/") {
        name += "-"
      } else if isPlain {
        name.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        name += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    return name + ".mount"
  }
}
