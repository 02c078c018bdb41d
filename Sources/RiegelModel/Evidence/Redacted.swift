/// What a snapshot writes in a secret's place.
///
/// A value that was taken out is there, and nobody can tell what it was: a comparison with it is
/// never decided.
package let redactedMarker = "[redacted]"

extension Value {
  /// Whether a part of the value was taken out when it was captured.
  package var isRedacted: Bool {
    switch self {
    case .text(let text): holdsMarker(text)
    case .list(let items): items.contains(where: holdsMarker)
    default: false
    }
  }
}

private func holdsMarker(_ text: String) -> Bool {
  var rest = text.utf8[...]
  while let at = rest.firstIndex(of: UInt8(ascii: "[")) {
    rest = rest[at...]
    if rest.starts(with: redactedMarker.utf8) { return true }
    rest = rest.dropFirst()
  }
  return false
}
