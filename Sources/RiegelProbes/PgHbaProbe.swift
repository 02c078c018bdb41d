import RiegelModel
import SystemPackage

/// Observes who may connect to PostgreSQL from where, and how he proves who he is.
///
/// One row for each line of each cluster's `pg_hba.conf`, at the places of Debian, Red Hat, SUSE and
/// Alpine and where a `postgresql.conf` says. The first line that matches counts; a line that an
/// earlier one for all databases, all users and the same addresses covers is not `effective`.
struct PgHbaProbe: Probe {
  static let name = "pg-hba"
  static let summary = "Who may connect to PostgreSQL from where, and how he is authenticated."
  static let fields: [Field] = [
    .text("method", "How the client proves who it is: `trust` asks for nothing."),
    .choice(
      "type", ["local", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc"],
      "By socket or by network, and with what encryption."),
    .list("databases", "Which databases; `all` is every one."),
    .list("users", "Which users of the database."),
    .text("address", "From where; absent for `local`."),
    .flag("loopback", "Whether only this host itself can connect so."),
    .flag("effective", "Whether no earlier line takes all its connections."),
    .text("path", "The file of the cluster."),
  ]
  static let keys: [Key<Self>] = [.everything("Every line of every cluster.")]
  static let places = [
    "/etc/postgresql/*/*/pg_hba.conf", "/var/lib/pgsql/data/pg_hba.conf",
    "/var/lib/pgsql/*/data/pg_hba.conf", "/var/lib/postgresql/*/data/pg_hba.conf",
    "/var/lib/postgresql/data/pg_hba.conf", "/etc/postgresql*/pg_hba.conf",
  ]
  static let reads = PgHbaProbe.places

  func observe(_ host: Host) throws(TargetError) -> Observation {
    var observation = Observation()
    var seen: Set<FilePath> = []
    for place in PgHbaProbe.places {
      do throws(TargetError) {
        for path in try host.expand(place) where seen.insert(path).inserted {
          do throws(TargetError) {
            if let file = try HbaFile.read(path, on: host) { observation.rows += rows(file, path) }
          } catch {
            observation.gaps.append(error)
          }
        }
      } catch {
        // The data of a cluster is closed to others; whether it has a file nobody can tell.
        observation.gaps.append(error)
      }
    }
    return observation
  }

  private func rows(_ file: HbaFile, _ path: FilePath) -> [Row] {
    file.lines.enumerated().map { index, line in
      let origin = line.origin
      let earlier = file.lines[..<index].first { covers($0, line) }
      let isLocal = line.type == "local"
      return Row(
        "\(line.type) \(line.users.joined(separator: ",")) \(line.address ?? "")",
        [
          "method": .text(line.method, origin), "type": .text(line.type, origin),
          "databases": .list(line.databases, origin), "users": .list(line.users, origin),
          "address": line.address.map { .text($0, origin) } ?? .absent(origin),
          "loopback": .flag(
            isLocal || line.address.map(HbaFile.isLoopback) == true, origin),
          "effective": .flag(earlier == nil, earlier?.origin ?? origin),
          "path": .text(printable(path), .file(path)),
        ])
    }
  }

  private func covers(_ a: HbaFile.Line, _ b: HbaFile.Line) -> Bool {
    guard a.type == b.type || a.type == "host" && b.type != "local",
      a.users == ["all"] || a.users == b.users,
      a.databases == b.databases || a.databases == ["all"] && b.databases != ["replication"]
    else { return false }
    if a.address == b.address || a.address == "all" { return true }
    guard let x = a.address.flatMap({ Network($0) }), let y = b.address.flatMap({ Network($0) })
    else { return false }
    return x.contains(y)
  }
}
