/// What a fact says, in the type that its field declares.
package enum Value: Sendable, Hashable {
  case text(String)
  case number(Int)
  case flag(Bool)
  case list([String])
  /// The permission bits of `st_mode`, set-ID and sticky included (at most 07777).
  case mode(UInt16)
  /// Seconds.
  case duration(Int)
  case instant(Instant)
  /// A package version as `deb-version(7)` orders it.
  case version(String)

  /// As evidence shows it: modes in octal with four digits, flags as yes and no.
  package var description: String {
    switch self {
    case .text(let text), .version(let text): text
    case .number(let number): String(number)
    case .flag(let flag): flag ? "yes" : "no"
    case .list(let items): "[" + items.joined(separator: ", ") + "]"
    case .mode(let mode): octal(mode)
    case .duration(let seconds): DurationText.render(seconds)
    case .instant(let instant): instant.description
    }
  }
}

/// Four octal digits, the way `chmod` and `stat` write a mode.
package func octal(_ mode: UInt16) -> String {
  let digits = String(mode, radix: 8)
  return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
