import RiegelModel

/// Observes how pam_unix stores a new password: the method and its cost.
///
/// A method among the arguments wins over `ENCRYPT_METHOD` of `login.defs`; with neither the
/// password is stored with DES. Values outside a method's bounds are replaced as pam_unix does it.
/// `pam_unix(8)`.
struct PasswordHashingProbe: Probe {
  static let name = "password-hashing"
  static let summary = "The method and cost with which pam_unix stores new passwords."
  static let fields: [Field] = [
    .choice(
      "method",
      ["yescrypt", "gost-yescrypt", "bcrypt", "sha512", "sha256", "md5", "bigcrypt", "des"],
      "The method."),
    .number(
      "cost", "Rounds of SHA-256 and SHA-512 (5000 if unset), else yescrypt's or bcrypt's factor."),
    .text("service", "The service."),
  ]
  static let keys: [Key<Self>] = [
    .subjects(\.services, "Services by name or shell pattern, mostly `passwd`.")
  ]
  static let reads = PAMConfiguration.reads + ["/etc/login.defs", "/var/lib/dpkg/status"]

  var services: [String] = []

  /// pam_unix compares words from the left in this order.
  private static let words = [
    ("md5", "md5"), ("bigcrypt", "bigcrypt"), ("sha256", "sha256"), ("sha512", "sha512"),
    ("blowfish", "bcrypt"), ("gost_yescrypt", "gost-yescrypt"), ("yescrypt", "yescrypt"),
  ]

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let found = try PAMServices(services, on: host)
    var rows: [Row] = []
    for service in found.services {
      for entry in service.stacks[.password] ?? []
      where entry.kind == .module && entry.module == "pam_unix" {
        let (method, overrides) = try method(entry, host)
        var facts: [String: Fact] = [
          "service": .text(service.name, .file(service.file)),
          "method": Fact(.known(.text(method.name)), from: method.origin, overriding: overrides),
        ]
        do {
          facts["cost"] = try cost(of: method.name, entry, host)
        } catch {
          facts["cost"] = .unknown(error)
        }
        rows.append(Row("\(service.name) pam_unix", facts))
      }
    }
    return Observation(rows: rows, gaps: found.gaps)
  }

  private func word(_ text: String) -> String? {
    PasswordHashingProbe.words.first { text.hasPrefix($0.0) }?.1
  }

  private func method(
    _ entry: PAMEntry, _ host: Host
  ) throws(TargetError) -> ((name: String, origin: Origin), [Fact.Overridden]) {
    var found: [(name: String, origin: Origin)] = [("des", .builtIn("pam_unix"))]
    if let preset = try LoginDefinitions.of(host)["ENCRYPT_METHOD"],
      let name = word(preset.value.lowercased())
    {
      found.append((name, preset.origin))
    }
    for argument in entry.arguments {
      if let name = word(argument) { found.append((name, entry.place)) }
    }
    let last = found.removeLast()
    return (
      last, found.filter { !$0.origin.isBuiltIn }.map { Fact.Overridden($0.name, $0.origin) }
    )
  }

  private func cost(of method: String, _ entry: PAMEntry, _ host: Host) throws(TargetError) -> Fact
  {
    let definitions = try LoginDefinitions.of(host)
    let rounds = entry.argument("rounds").flatMap(Int.init)
    switch method {
    case "sha256", "sha512":
      var value = rounds
      var origin = entry.place
      if value == nil, let preset = definitions["ENCRYPT_METHOD"],
        preset.value.lowercased().hasPrefix("sha"),
        let most = definitions["SHA_CRYPT_MAX_ROUNDS"]
      {
        value = Int(most.value)
        origin = most.origin
      }
      guard let value, value >= 1000 else { return .number(5000, .builtIn("crypt(3)")) }
      return .number(min(value, 9_999_999), origin)
    case "yescrypt", "gost-yescrypt":
      if let rounds { return .number((3...11).contains(rounds) ? rounds : 5, entry.place) }
      return try yescryptPreset(definitions, host)
    case "bcrypt":
      guard let rounds else { return .number(5, .builtIn("pam_unix")) }
      return .number((4...31).contains(rounds) ? rounds : 5, entry.place)
    default: return .absent(entry.place)
    }
  }

  /// `YESCRYPT_COST_FACTOR` is read since Linux-PAM 1.6.
  private func yescryptPreset(
    _ definitions: LoginDefinitions, _ host: Host
  ) throws(TargetError) -> Fact {
    guard let preset = definitions["YESCRYPT_COST_FACTOR"], let value = Int(preset.value) else {
      return .number(5, .builtIn("pam_unix"))
    }
    guard let version = try DpkgVersions.of(host)["libpam-modules"] else {
      if value == 5 { return .number(5, preset.origin) }
      throw .undetermined(
        LoginDefinitions.path,
        Localized(
          en: "whether YESCRYPT_COST_FACTOR counts depends on the version of Linux-PAM",
          de: "ob YESCRYPT_COST_FACTOR gilt, hängt von der Version von Linux-PAM ab"))
    }
    guard let bound = DebianVersion("1.6"), version.compare(bound) >= 0 else {
      return .number(5, .builtIn("Linux-PAM \(version.upstream)"))
    }
    return .number((3...11).contains(value) ? value : 5, preset.origin)
  }
}
