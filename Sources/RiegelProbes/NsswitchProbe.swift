package import RiegelModel

/// Observes which services answer for a database of names, in the order in which they are asked.
struct NsswitchProbe: Probe {
  static let name = "nsswitch"
  static let summary = "Which services answer for accounts, groups or hosts (`nsswitch.conf`)."
  static let fields: [Field] = [
    .list("sources", "The services in the order in which they are asked, such as `files`, `sss`."),
    .list("remote", "Those of them that are a directory outside this host."),
  ]
  static let keys: [Key<Self>] = [
    .subject(\.database, "The database, such as `passwd`, `group`, `shadow` or `hosts`.")
  ]
  static let reads = ["/etc/nsswitch.conf"]

  var database = ""

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let nss = try NameServiceSwitch.read(host)
    let entries = nss.entries[database] ?? []
    // Without a file nothing tells whether glibc or musl is at work here.
    guard nss.isPresent, !entries.isEmpty || NameServiceSwitch.defaults[database] != nil else {
      return Observation()
    }
    let origin = nss.origin(database)
    let overridden = entries.dropLast().map {
      Fact.Overridden(
        $0.sources.joined(separator: " "), .line(NameServiceSwitch.path, $0.line))
    }
    return Observation(rows: [
      Row(
        database,
        [
          "sources": Fact(
            .known(.list(nss.sources(database))), from: origin, overriding: overridden),
          "remote": .list(nss.remote(database), origin),
        ])
    ])
  }
}
