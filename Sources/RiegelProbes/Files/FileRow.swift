import RiegelModel
import SystemPackage

/// What the probes `file` and `files` say of one file.
enum FileRow {
  static let fields: [Field] = [
    .text("path", "The absolute path; bytes that are not UTF-8 as `\\xNN`."),
    .text("name", "The last component of the path."),
    .choice("type", FileMetadata.Kind.allCases.map(\.rawValue), "What kind of file it is."),
    .mode("mode", "The permission bits with set-ID and sticky; of a symbolic link always 0777."),
    .text("owner", "The owner's name in the target's own passwd, or the number if it has none."),
    .text("group", "The group's name in the target's own group file, or the number."),
    .number("uid", "The owner's number."),
    .number("gid", "The group's number."),
    .number("size", "The size in bytes."),
    .instant("modified", "When the content last changed."),
    .number("links", "The number of hard links."),
    .text("target", "The text of a symbolic link; absent for all else."),
    .flag(
      "known-owner",
      "Whether the owner exists in passwd or subuid. Where a directory service is configured,"
        + " every number from `UID_MIN` on counts as known, since only the service could tell."),
    .flag(
      "known-group",
      "Whether the group exists in group or subgid; with a directory service as above."),
  ]

  /// `link` is what the path itself says if it is a symbolic link.
  static func row(
    _ path: FilePath, _ metadata: FileMetadata, link: Fact, on host: Host
  ) -> Row {
    let origin = Origin.file(path)
    let name = path.lastComponent.map { printable(bytes: $0.bytes) } ?? "/"
    var facts: [String: Fact] = [
      "path": .text(printable(path), origin),
      "name": .text(name, origin),
      "type": .text(metadata.kind.rawValue, origin),
      "mode": .known(.mode(metadata.mode), origin),
      "uid": .number(Int(metadata.user), origin),
      "gid": .number(Int(metadata.group), origin),
      "size": .number(metadata.size, origin),
      "modified": .known(.instant(metadata.modified), origin),
      "links": .number(metadata.links, origin),
      "target": link,
    ]
    do {
      let users = try AccountNames.users(of: host)
      facts["owner"] = .text(users.text(metadata.user), origin)
      facts["known-owner"] = .flag(users.isKnown(metadata.user), origin)
    } catch {
      facts["owner"] = .unknown(error)
      facts["known-owner"] = .unknown(error)
    }
    do {
      let groups = try AccountNames.groups(of: host)
      facts["group"] = .text(groups.text(metadata.group), origin)
      facts["known-group"] = .flag(groups.isKnown(metadata.group), origin)
    } catch {
      facts["group"] = .unknown(error)
      facts["known-group"] = .unknown(error)
    }
    return Row(printable(path), facts)
  }

  /// The text of a link as a fact; absent if the path is none.
  static func link(_ path: FilePath, on host: Host) -> Fact {
    do {
      guard let target = try host.readLink(path) else { return .absent(.file(path)) }
      return .text(printable(target), .file(path))
    } catch {
      return .unknown(error)
    }
  }
}
