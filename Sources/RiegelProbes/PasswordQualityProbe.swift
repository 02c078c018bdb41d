import RiegelModel
import SystemPackage

/// Observes what the password stack of a service demands of a new password.
///
/// Counted are quality modules that are met before the password is stored, whose failure stops the
/// change, and that reject instead of warn. Where there is none, pam_unix's own minimum is left.
/// `PASS_MIN_LEN` of `login.defs` plays no part under PAM. `pwquality.conf(5)`, `passwdqc.conf(5)`.
struct PasswordQualityProbe: Probe {
  static let name = "password-quality"
  static let summary = "What a PAM service demands of a new password, all settings together."
  static let fields: [Field] = [
    .number("min-length", "The length of the shortest password that is taken, credits included."),
    .number("classes", "How many of digits, upper case, lower case and others it has to mix."),
    .list("modules", "The quality modules in force; empty if none is."),
    .list("ignored-modules", "Quality modules in the stack that cannot stop a change."),
    .flag("dictionary", "A quality module in force looks the password up in a dictionary."),
    .flag("root", "A quality module in force binds root too."),
    .text("service", "The service."),
  ]
  static let keys: [Key<Self>] = [
    .subjects(\.services, "Services by name or shell pattern, mostly `passwd`.")
  ]
  static let reads = PAMOptionProbe.reads

  var services: [String] = []

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let found = try PAMServices(services, on: host)
    var rows: [Row] = []
    var gaps = found.gaps
    for service in found.services {
      do {
        if let row = try row(service, host) { rows.append(row) }
      } catch {
        gaps.append(error)
      }
    }
    return Observation(rows: rows, gaps: gaps)
  }

  private func row(_ service: PAMService, _ host: Host) throws(TargetError) -> Row? {
    let entries = service.stacks[.password] ?? []
    if entries.isEmpty { return nil }
    let standings = try PAMStanding.of(service, .password, on: host)
    let store = entries.indices.first { PAMModule.stores.contains(entries[$0].module) }
    var length = Fact.number(try storeMinimum(entries, standings, host), .file(service.file))
    var classes = Fact.number(0, .file(service.file))
    var force: [String] = []
    var ignored: [String] = []
    var dictionary = Fact.flag(false, .file(service.file))
    var root = Fact.flag(false, .file(service.file))
    for (index, entry) in entries.enumerated()
    where PAMModule.qualities.contains(entry.module) && entry.kind == .module {
      let options = PAMOptions(host: host, entry: entry)
      let rejects = try options.setting("enforcing")?.value != "0"
      let isInTime = store.map { index < $0 } ?? true
      let isActive = standings[index].isBinding && isInTime && rejects
      guard isActive else {
        ignored.append(entry.module)
        continue
      }
      force.append(entry.module)
      do {
        let (demand, origin) = try demand(options, entry)
        if case .number(let known)? = length.value, demand.length > known {
          length = .number(demand.length, origin)
        }
      } catch {
        length = .unknown(error)
      }
      do {
        let demand = try demandOfClasses(options, entry)
        if case .number(let known)? = classes.value, demand > known {
          classes = .number(demand, entry.place)
        }
      } catch {
        classes = .unknown(error)
      }
      if try usesDictionary(options, entry) { dictionary = .flag(true, entry.place) }
      if try bindsRoot(options, entry) { root = .flag(true, entry.place) }
    }
    return Row(
      service.name,
      [
        "service": .text(service.name, .file(service.file)), "min-length": length,
        "classes": classes, "modules": .list(force, .file(service.file)),
        "ignored-modules": .list(ignored, .file(service.file)), "dictionary": dictionary,
        "root": root,
      ])
  }

  /// What the storing modules take by themselves: the laxest of those that some run comes to.
  private func storeMinimum(
    _ entries: [PAMEntry], _ standings: [PAMStanding], _ host: Host
  ) throws(TargetError) -> Int {
    var lowest: Int?
    for (index, entry) in entries.enumerated()
    where PAMModule.stores.contains(entry.module) && standings[index].isReachable {
      var own = 1
      if entry.module == "pam_unix" {
        own =
          try PAMOptions(host: host, entry: entry).setting("minlen").flatMap { Int($0.value) } ?? 6
      }
      lowest = min(lowest ?? own, own)
    }
    return lowest ?? 0
  }

  private func demand(
    _ options: PAMOptions, _ entry: PAMEntry
  ) throws(TargetError) -> (PasswordDemand, Origin) {
    if entry.module == "pam_passwdqc" {
      let setting = try options.setting("min")
      guard let setting, let demand = PasswordDemand(passwdqc: setting.value) else {
        throw .malformed(
          entry.place.path ?? "/etc/pam.d", line: 0, "'min' of pam_passwdqc is not understood")
      }
      return (demand, setting.origin)
    }
    let minlen = try options.setting("minlen")
    var credits: [Int] = []
    for name in PasswordQualityProbe.credits { credits.append(try number(name, options)) }
    let demand = PasswordDemand(
      minlen: minlen.flatMap { Int($0.value) } ?? 0, credits: credits,
      minclass: try number("minclass", options), usesDictionary: try usesDictionary(options, entry))
    return (demand, minlen?.origin ?? entry.place)
  }

  private static let credits = ["dcredit", "ucredit", "lcredit", "ocredit"]

  private func number(
    _ name: String, _ options: PAMOptions
  ) throws(TargetError) -> Int {
    try options.setting(name).flatMap { Int($0.value) } ?? 0
  }

  /// A class is demanded by a negative credit or by `minclass`, and no version's default of a
  /// credit is negative.
  private func demandOfClasses(
    _ options: PAMOptions, _ entry: PAMEntry
  ) throws(TargetError) -> Int {
    if entry.module == "pam_passwdqc" { return try demand(options, entry).0.classes }
    var credits: [Int] = []
    for name in PasswordQualityProbe.credits {
      credits.append(try options.isSet(name) ? try number(name, options) : 0)
    }
    return PasswordDemand(
      minlen: 0, credits: credits, minclass: try number("minclass", options), usesDictionary: false
    ).classes
  }

  private func usesDictionary(
    _ options: PAMOptions, _ entry: PAMEntry
  ) throws(TargetError) -> Bool {
    switch entry.module {
    case "pam_pwquality": return try options.setting("dictcheck")?.value != "0"
    default: return true
    }
  }

  private func bindsRoot(
    _ options: PAMOptions, _ entry: PAMEntry
  ) throws(TargetError) -> Bool {
    entry.module == "pam_passwdqc"
      ? try options.setting("enforce")?.value == "everyone"
      : try options.setting("enforce_for_root")?.value == "true"
  }
}
