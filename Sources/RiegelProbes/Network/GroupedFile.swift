import RiegelModel
import SystemPackage

/// A file of sections with `key=value`, read as leniently as xrdp, Cockpit or systemd do it.
///
/// A section that comes again continues the first, of a key the last line counts, and lines that
/// are neither are passed over. A key file of GLib (`KeyFile`) is taken over once it was read.
struct GroupedFile: Sendable {
  struct Entry: Sendable {
    var value: String
    var origin: Origin
  }

  let path: FilePath
  private var groups: [String: [String: Entry]] = [:]

  /// nil if the file is absent.
  static func read(
    _ path: FilePath, on host: Host, comments: String = "#", ignoringCase: Bool = false
  ) throws(TargetError) -> GroupedFile? {
    guard let lines = try host.lines(of: path) else { return nil }
    var file = GroupedFile(path)
    var group = ""
    for line in lines {
      let text = line.text.trimmed
      guard let first = text.first, !comments.contains(first) else { continue }
      if first == "[", text.last == "]" {
        group = file.folded(text.dropFirst().dropLast(), ignoringCase)
        if file.groups[group] == nil { file.groups[group] = [:] }
        continue
      }
      guard let equals = text.firstIndex(of: "=") else { continue }
      let key = file.folded(text[..<equals].trimmed, ignoringCase)
      file.groups[group, default: [:]][key] = Entry(
        value: String(text[text.index(after: equals)...].trimmed),
        origin: .line(path, line.number))
    }
    return file
  }

  private init(_ path: FilePath) { self.path = path }

  init(_ file: KeyFile, at path: FilePath) {
    self.path = path
    for group in file.groups { groups[group] = [:] }
    for entry in file.entries {
      groups[entry.group, default: [:]][entry.key] = Entry(
        value: entry.value, origin: entry.origin)
    }
  }

  private func folded(_ text: Substring, _ ignoringCase: Bool) -> String {
    ignoringCase ? text.lowercased() : String(text)
  }

  func hasGroup(_ name: String) -> Bool { groups[name] != nil }

  /// The entry of a key in the first of these groups that has it; an empty value counts as unset.
  func entry(_ key: String, _ names: [String]) -> Entry? {
    for name in names {
      if let entry = groups[name]?[key] { return entry.value.isEmpty ? nil : entry }
    }
    return nil
  }
}
