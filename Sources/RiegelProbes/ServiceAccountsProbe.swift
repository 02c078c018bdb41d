import RiegelModel
import SystemPackage

/// Observes the accounts under which services of systemd run, each with all its services.
///
/// Only services that start at boot or that an enabled socket, timer or path starts count, and
/// neither root nor accounts that systemd makes up for a service (`DynamicUser=`). Services whose
/// names begin alike (`pcp-a`, `pcp-b@x`) are one family, since helpers of a package share an account
/// by design. `systemd.exec(5)`.
struct ServiceAccountsProbe: Probe {
  static let name = "service-accounts"
  static let summary = "Accounts that run services, with the services of each."
  static let fields: [Field] = [
    .text("account", "The account of `User=`, by name."),
    .list("services", "The units that run under it."),
    .list("families", "Those units without what follows the first `-`, `@` or `.` of their names."),
    .number("family-count", "How many families there are."),
    .choice(
      "kind", ["system", "person", "nobody", "unknown"],
      "`unknown` where no local account has the name."),
  ]
  static let keys: [Key<Self>] = [.everything("Every account but root that runs a service.")]
  static let reads = ServiceProbe.reads + AccountDatabase.reads + LoginDefsProbe.reads

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let index = try UnitIndex.of(host)
    let sockets = try SocketUnits.of(host)
    var observation = Observation()
    var services: [String: [(name: String, origin: Origin)]] = [:]
    for name in Set(index.names.map(index.canonical)).sorted() where name.hasSuffix(".service") {
      do throws(TargetError) {
        guard let unit = try Unit.load(name, index, on: host), unit.install != .masked else {
          continue
        }
        let user = unit.setting("User", section: "Service")
        guard let value = user.value, let origin = user.origin, value != "root", value != "0",
          !value.contains("%")
        else { continue }
        let isStarted = UnitStart.of(unit, index).isAtBoot || !sockets.triggers(of: name).isEmpty
        if isStarted { services[value, default: []].append((name, origin)) }
      } catch {
        observation.gaps.append(error)
      }
    }
    // A number and a name may stand for one account.
    let accounts: Result<AccountDatabase, TargetError>
    do throws(TargetError) { accounts = .success(try AccountDatabase.read(host)) } catch {
      accounts = .failure(error)
    }
    var byAccount: [String: [(name: String, origin: Origin)]] = [:]
    for (given, units) in services {
      var name = given
      if case .success(let database) = accounts, let uid = Int(given),
        let entry = database.accounts.first(where: { $0.uid == uid })
      {
        name = entry.name
      }
      byAccount[name, default: []] += units
    }
    for (account, units) in byAccount.sorted(by: { $0.key < $1.key }) {
      observation.rows.append(row(account, units.sorted { $0.name < $1.name }, accounts, host))
    }
    return observation
  }

  private func row(
    _ account: String, _ units: [(name: String, origin: Origin)],
    _ accounts: Result<AccountDatabase, TargetError>, _ host: Host
  ) -> Row {
    let origin = units.first?.origin
    let families = Set(units.map { unit in String(unit.name.prefix { !"-@.".contains($0) }) })
    let kind: Fact
    do throws(TargetError) {
      if let entry = try accounts.get().accounts.first(where: { $0.name == account }) {
        let defs = try LoginDefs.read(host)
        let its = AccountKind(
          uid: entry.uid, firstPerson: defs.number("UID_MIN") ?? 1000,
          lastPerson: defs.number("UID_MAX") ?? 60000)
        let isNobody = entry.uid == 65534 || ["nobody", "nfsnobody"].contains(entry.name)
        kind = .text(isNobody ? "nobody" : its == .person ? "person" : "system", entry.origin)
      } else {
        kind = .text(account == "nobody" ? "nobody" : "unknown", origin)
      }
    } catch {
      kind = .unknown(error)
    }
    return Row(
      account,
      [
        "account": .text(account, origin), "services": .list(units.map(\.name), origin),
        "families": .list(families.sorted(), origin),
        "family-count": .number(families.count, origin), "kind": kind,
      ])
  }
}
