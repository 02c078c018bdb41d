import RiegelModel

/// The ways of logging in that are open in a context, and how many different factors they ask for.
struct SshdMethods: Sendable {
  /// Methods that are on; one whose switch is not known counts as on.
  let enabled: Set<String>
  /// Lists of methods that have to succeed one after the other; a list of one for every enabled
  /// method if nothing is demanded.
  let lists: [[String]]
  /// A public key has to be one of hardware that asked its owner for a PIN or finger.
  let keysAreVerified: Bool
  /// The switches and demands behind it, for the origin.
  let decisive: SshdEffective

  static let switches: [(method: String, keyword: String)] = [
    ("publickey", "pubkeyauthentication"), ("password", "passwordauthentication"),
    ("keyboard-interactive", "kbdinteractiveauthentication"),
    ("hostbased", "hostbasedauthentication"), ("gssapi-with-mic", "gssapiauthentication"),
    ("gssapi-keyex", "gssapiauthentication"),
  ]

  init(_ configuration: SshdConfiguration, _ passes: SshdPasses) {
    func effective(_ id: String) -> SshdEffective? {
      SshdKeyword.named(id).map { configuration.effective($0, passes) }
    }
    var enabled: Set<String> = []
    for (method, keyword) in SshdMethods.switches {
      guard let value = effective(keyword), value.isUndetermined || value.values == ["yes"]
      else { continue }
      // A key exchange by Kerberos is another switch that has to be on.
      if method == "gssapi-keyex", effective("gssapikeyexchange")?.values != ["yes"] { continue }
      enabled.insert(method)
    }
    self.enabled = enabled
    let demanded = effective("authenticationmethods")
    let given = demanded?.values ?? ["any"]
    if given == ["any"] {
      lists = enabled.sorted().map { [$0] }
    } else {
      lists = given.map { $0.split(separator: ",").map(SshdMethods.name) }
        .filter { $0.allSatisfy { enabled.contains($0) || $0 == "none" } }
    }
    let options = effective("pubkeyauthoptions")?.values ?? []
    let types = effective("pubkeyacceptedalgorithms")?.values ?? []
    keysAreVerified =
      options.contains("verify-required") && !types.isEmpty
      && types.allSatisfy { $0.hasPrefix("sk-") || $0.hasPrefix("webauthn-sk-") }
    decisive =
      demanded
      ?? SshdEffective(
        values: nil, isSet: false, origin: .builtIn(configuration.build.description))
  }

  private static func name(_ method: Substring) -> String {
    String(method.prefix { $0 != ":" })
  }

  /// Whether all methods of a list are on (`auth2_methods_valid`).
  func allows(_ list: String) -> Bool {
    list.split(separator: ",").allSatisfy {
      let name = SshdMethods.name($0)
      return enabled.contains(name) || name == "none"
    }
  }

  /// How many different kinds of proof the weakest way asks for: a key, a secret known to the user,
  /// a Kerberos ticket. A host's word for its user proves nothing, and the same kind twice is one.
  var factors: Int? {
    lists.map { list in
      var kinds: Set<String> = []
      for method in list {
        switch method {
        case "publickey":
          kinds.insert("key")
          if keysAreVerified { kinds.insert("verification") }
        case "password", "keyboard-interactive": kinds.insert("secret")
        case "gssapi-with-mic", "gssapi-keyex": kinds.insert("ticket")
        default: continue
        }
      }
      return kinds.count
    }.min()
  }
}
