/// A systemd unit name taken apart: `foo-bar@inst.service`.
struct UnitName: Sendable, Hashable {
  static let types = [
    "service", "socket", "timer", "path", "target", "mount", "automount", "swap", "slice",
    "device", "scope",
  ]

  /// Before `@` or the last dot.
  var prefix: String
  /// Between `@` and the last dot; nil for a plain unit, empty for a template.
  var instance: String?
  /// `service`
  var type: String

  /// nil if the text ends in no unit type.
  init?(_ text: String) {
    guard let dot = text.utf8.lastIndex(of: UInt8(ascii: ".")), dot != text.startIndex else {
      return nil
    }
    let type = String(text[text.utf8.index(after: dot)...])
    guard UnitName.types.contains(type), !text.utf8.contains(UInt8(ascii: "/")) else { return nil }
    self.type = type
    if let at = text.utf8[..<dot].firstIndex(of: UInt8(ascii: "@")) {
      prefix = String(text[..<at])
      instance = String(text[text.utf8.index(after: at)..<dot])
    } else {
      prefix = String(text[..<dot])
    }
  }

  var isTemplate: Bool { instance?.isEmpty == true }
  var isInstance: Bool { instance?.isEmpty == false }
  var text: String { instance.map { "\(prefix)@\($0).\(type)" } ?? "\(prefix).\(type)" }
  /// The template of an instance; nil for anything else.
  var template: String? { isInstance ? "\(prefix)@.\(type)" : nil }

  /// The names of drop-in folders without `.d`, the most specific first: the unit, its template,
  /// and the prefixes that end in a dash (`systemd.unit(5)`), in the order in which systemd 252
  /// looks, which for prefixes of an instance is not documented. The type as such comes after all.
  var dropInNames: [String] {
    var names = [text]
    if isInstance { names += UnitName(prefix: prefix, instance: "", type: type).dropInNames }
    // A dash at the very end is the unit's own.
    let inner = prefix.utf8.last == UInt8(ascii: "-") ? prefix.dropLast() : prefix[...]
    if let dash = inner.utf8.lastIndex(of: UInt8(ascii: "-")) {
      let shorter = UnitName(
        prefix: String(inner[...dash]), instance: isInstance ? instance : nil, type: type)
      names += shorter.dropInNames.filter { !names.contains($0) }
    }
    return names
  }

  private init(prefix: String, instance: String?, type: String) {
    self.prefix = prefix
    self.instance = instance
    self.type = type
  }
}
