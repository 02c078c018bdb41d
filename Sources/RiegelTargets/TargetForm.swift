package import RiegelModel
import SystemPackage

/// A way to write the address of a target, and how such a target is opened.
package struct TargetForm: Sendable {
  /// As the help shows it: `dir:PATH`.
  package var usage: String
  /// One line for the help.
  package var summary: String
  /// Whether an address is written in this form.
  package var covers: @Sendable (_ address: String) -> Bool
  package var open: @Sendable (_ address: String, _ now: Instant) throws(OpeningError) -> any Target

  package init(
    usage: String, summary: String, covers: @escaping @Sendable (String) -> Bool,
    open: @escaping @Sendable (String, Instant) throws(OpeningError) -> any Target
  ) {
    self.usage = usage
    self.summary = summary
    self.covers = covers
    self.open = open
  }
}

/// Why a target cannot be opened.
package enum OpeningError: Error, Sendable, Hashable {
  case absent(String)
  case notDirectory(String)
  case permissionDenied(String)
  case io(String, errno: Int32)
  /// A path without the `dir:` that says what it is.
  case bareDirectory(String)
  /// Nothing that any form covers; with the forms there are.
  case unknownForm(String, known: [String])

  /// For the person who typed the address.
  package var message: String {
    switch self {
    case .absent(let path): "\(path): no such file or directory"
    case .notDirectory(let path): "\(path): not a directory"
    case .permissionDenied(let path): "\(path): permission denied"
    case .io(let path, let code): "\(path): error \(code) of the operating system"
    case .bareDirectory(let path): "\(path): to audit the tree in this directory, say dir:\(path)"
    case .unknownForm(let address, let known):
      "\(address): no such target; a target is nothing (this host), "
        + known.joined(separator: " or ")
    }
  }
}

/// Opens the target that an address names; `now` counts as the time at which evidence is taken,
/// unless the target has a time of its own.
package func openTarget(
  address: String, now: Instant
) throws(OpeningError) -> any Target {
  if let form = Targets.all.first(where: { $0.covers(address) }) {
    return try form.open(address, now)
  }
  do throws(OpeningError) {
    _ = try Descriptor.openedRoot(address)
  } catch {
    if case .permissionDenied = error { throw error }
    throw .unknownForm(address, known: Targets.all.map(\.usage))
  }
  throw .bareDirectory(address)
}
