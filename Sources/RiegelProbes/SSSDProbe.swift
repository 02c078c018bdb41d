import RiegelModel
import SystemPackage

/// Observes the domains that SSSD serves: how it talks to them, whom it lets in, what it keeps.
///
/// Only domains in use have a row. Defaults are those of `sssd.conf(5)` and `sssd-ldap(5)`: access
/// for everybody, certificates demanded, no credentials kept. The providers `ad` and `ipa` seal their
/// traffic with Kerberos.
struct SSSDProbe: Probe {
  static let name = "sssd"
  static let summary = "The domains of SSSD: encryption, certificates, access, kept credentials."
  static let fields: [Field] = [
    .text("domain", "The domain's name."),
    .text("id-provider", "Where accounts come from, such as `ldap`, `ad`, `ipa`."),
    .text("auth-provider", "Who checks passwords; by default as `id-provider`."),
    .text("access-provider", "Who decides on access; `permit` by default."),
    .flag(
      "restricted",
      "Whether access is limited: by a filter, a list of users or groups, rules of IPA or enforced"
        + " policies of AD."),
    .flag("encrypted", "Whether all traffic with the directory is encrypted."),
    .choice(
      "certificate", ["never", "allow", "try", "demand", "hard"],
      "What `ldap_tls_reqcert` asks of the server's certificate."),
    .text("ca", "The file or folder of certificate authorities that the domain names."),
    .flag("ca-exists", "Whether that file or folder is there; absent where none is named."),
    .flag("cache-credentials", "Whether passwords are kept for logins without a connection."),
    .number(
      "offline-days", "Days that kept credentials are good for; 0, the default, is for ever."),
  ]
  static let keys: [Key<Self>] = [.everything("Every domain in use.")]
  static let reads = SSSDConfiguration.reads + ["/etc/ssl/certs/*", "/etc/openldap/cacerts/*"]

  func observe(_ host: Host) throws(TargetError) -> Observation {
    guard let configuration = try SSSDConfiguration.read(host) else { return Observation() }
    var rows: [Row] = []
    for domain in configuration.domains {
      rows.append(try SSSDDomain(name: domain, configuration: configuration).row(host))
    }
    return Observation(rows: rows)
  }
}

private struct SSSDDomain {
  let name: String
  let configuration: SSSDConfiguration

  private static let builtIn = Origin.builtIn("SSSD")

  private func setting(_ key: String) -> SSSDConfiguration.Setting? {
    configuration["domain/" + name, key]
  }

  private func provider(_ key: String, _ standard: String?) -> (String?, Origin) {
    setting(key).map { ($0.value.lowercased(), $0.origin) } ?? (standard, SSSDDomain.builtIn)
  }

  func row(_ host: Host) throws(TargetError) -> Row {
    let section = "domain/" + name
    guard configuration.sections.contains(section) else {
      throw .undetermined(
        SSSDConfiguration.main,
        Localized(
          en: "the domain \(name) is listed and has no section",
          de: "die Domäne \(name) ist aufgeführt und hat keinen Abschnitt"))
    }
    let identity = provider("id_provider", nil)
    let authority = provider("auth_provider", identity.0)
    let access = provider("access_provider", "permit")
    func text(_ value: (String?, Origin)) -> Fact {
      value.0.map { .text($0, value.1) } ?? .absent(value.1)
    }
    let days = configuration["pam", "offline_credentials_expiration"]
    let caches = setting("cache_credentials")
    let reqcert = setting("ldap_tls_reqcert")
    var facts: [String: Fact] = [
      "domain": .text(name, setting("id_provider")?.origin),
      "id-provider": text(identity), "auth-provider": text(authority),
      "access-provider": text(access),
      "restricted": restricted(access),
      "encrypted": encrypted([identity.0, authority.0].compactMap { $0 }),
      "certificate": reqcert.map { fact($0, .text($0.value.lowercased())) }
        ?? .text("hard", SSSDDomain.builtIn),
      "cache-credentials": caches.map { fact($0, .flag($0.flag == true)) }
        ?? .flag(false, SSSDDomain.builtIn),
      "offline-days": days.map { setting in
        Int(setting.value).map { fact(setting, .number($0)) }
          ?? .unknown(.malformed(SSSDConfiguration.main, line: 0, "no number of days"))
      } ?? .number(0, SSSDDomain.builtIn),
    ]
    if let place = setting("ldap_tls_cacert") ?? setting("ldap_tls_cacertdir") {
      facts["ca"] = fact(place, .text(place.value))
      do throws(TargetError) {
        let exists = place.value.hasPrefix("/") ? try host.exists(FilePath(place.value)) : false
        facts["ca-exists"] = .flag(exists, place.origin)
      } catch {
        facts["ca-exists"] = .unknown(error)
      }
    }
    return Row(name, facts)
  }

  private func fact(_ setting: SSSDConfiguration.Setting, _ value: Value) -> Fact {
    Fact(.known(value), from: setting.origin, overriding: setting.overrides)
  }

  // MARK: Traffic

  /// LDAP without TLS is open, save where SASL with Kerberos seals it.
  private func encrypted(_ providers: [String]) -> Fact {
    guard providers.contains("ldap") else {
      // Kerberos, AD and IPA protect what they send; local files send nothing.
      let safe: Set<String> = ["ad", "ipa", "krb5", "files", "none", "idp"]
      if providers.allSatisfy(safe.contains) { return .flag(true, SSSDDomain.builtIn) }
      return .unknown(
        .undetermined(
          SSSDConfiguration.main,
          Localized(
            en: "what the provider \(providers.joined(separator: ", ")) sends is not known",
            de: "was der Anbieter \(providers.joined(separator: ", ")) sendet, ist nicht bekannt")))
    }
    if let mechanism = setting("ldap_sasl_mech"),
      ["gssapi", "gss-spnego"].contains(mechanism.value.lowercased())
    {
      return .flag(true, mechanism.origin)
    }
    let starts = setting("ldap_id_use_start_tls")
    if starts?.flag == true, let starts { return fact(starts, .flag(true)) }
    let addresses = ["ldap_uri", "ldap_backup_uri", "ldap_chpass_uri", "ldap_chpass_backup_uri"]
      .compactMap { setting($0) }
    for address in addresses {
      let isOpen = address.items.contains {
        let scheme = $0.lowercased()
        return !scheme.hasPrefix("ldaps://") && !scheme.hasPrefix("ldapi://")
      }
      if isOpen { return fact(address, .flag(false)) }
    }
    // Without addresses the servers are looked up in DNS and asked with plain LDAP.
    guard let first = setting("ldap_uri") else { return .flag(false, SSSDDomain.builtIn) }
    return fact(first, .flag(true))
  }

  // MARK: Access

  private func restricted(_ access: (String?, Origin)) -> Fact {
    switch access.0 {
    case "permit": return .flag(false, access.1)
    case "deny", "ipa": return .flag(true, access.1)
    case "simple":
      for key in ["simple_allow_users", "simple_allow_groups"] {
        if let list = setting(key), !list.items.isEmpty { return fact(list, .flag(true)) }
      }
      return .flag(false, access.1)
    case "ldap":
      let order = setting("ldap_access_order")
      let kinds = order?.items ?? ["filter"]
      let limiting: Set<String> = ["filter", "host", "rhost", "authorized_service"]
      // A filter that is not given lets nobody in.
      return .flag(kinds.contains { limiting.contains($0) }, order?.origin ?? access.1)
    case "ad":
      if let filter = setting("ad_access_filter"), !filter.value.isEmpty {
        return fact(filter, .flag(true))
      }
      if let policy = setting("ad_gpo_access_control") {
        return fact(policy, .flag(policy.value.lowercased() == "enforcing"))
      }
      return .unknown(
        .undetermined(
          access.1.path ?? SSSDConfiguration.main,
          Localized(
            en: "whether policies of AD are enforced by default depends on how SSSD was built",
            de: "ob Richtlinien des AD ohne Vorgabe gelten, hängt vom Bau von SSSD ab")))
    case "krb5":
      // Whoever has no `.k5login` is let in.
      return .flag(false, access.1)
    default:
      return .unknown(
        .undetermined(
          access.1.path ?? SSSDConfiguration.main,
          Localized(
            en: "whom the provider \(access.0 ?? "") lets in is not known",
            de: "wen der Anbieter \(access.0 ?? "") einlässt, ist nicht bekannt")))
    }
  }
}
