/// The words by which a configuration names a secret.
///
/// One list for what leaves the host: the redaction of snapshots, and evidence that shows settings.
/// Keys are compared without case, `-` counts as `_`. Bytes, since every word of a host's
/// configuration is asked about.
package enum SecretNames {
  /// A key that ends so names a secret.
  package static let endings = [
    "password", "passwd", "passphrase", "passwort", "pwd", "psk", "secret", "token", "apikey",
    "api_key", "access_key", "accesskey", "secret_key", "secretkey", "private_key", "privatekey",
    "preshared_key", "presharedkey", "shared_key", "sharedkey", "auth_key", "authkey",
    "encryption_key", "signing_key", "signingkey", "accountkey", "account_key", "storage_key",
    "client_key_data", "secret_key_base", "community", "bindpw", "rootpw", "modpw",
    "authorization", "setcredential", "set_credential", "set_credential_binary",
    "setcredentialencrypted", "wep_key0", "wep_key1", "wep_key2", "wep_key3", "requirepass",
    "masterauth", "pass", "_pin", ".pin", "authtok", "credentials", "password_raw", "password_in",
    "password_maps", "_salt",
  ]
  /// Whole keys that name one.
  package static let keys = ["pin", "cookie"]
  /// Keys that end so and name none: where nginx passes a request on.
  package static let others = [
    "proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass",
  ]
  /// Values that give nothing away.
  package static let harmless = [
    "", "yes", "no", "true", "false", "on", "off", "none", "ask", "required", "optional", "enabled",
    "disabled", "null", "sufficient", "requisite",
  ]

  /// By their last byte: nearly every word ends otherwise.
  private static let endingsByLast: [[[UInt8]]] = {
    var all: [[[UInt8]]] = Array(repeating: [], count: 256)
    for ending in endings.map({ Array($0.utf8) }) {
      all[Int(ending[ending.count - 1])].append(ending)
    }
    return all
  }()
  private static let keySet = Set(keys.map { Array($0.utf8) })
  private static let otherSet = Set(others.map { Array($0.utf8) })
  private static let harmlessSet = Set(harmless.map { Array($0.utf8) })

  private static func folded(_ byte: UInt8) -> UInt8 {
    switch byte {
    case 65...90: byte + 32
    case UInt8(ascii: "-"): UInt8(ascii: "_")
    default: byte
    }
  }

  package static func isSecret(key: some BidirectionalCollection<UInt8>) -> Bool {
    guard let last = key.last else { return false }
    for ending in endingsByLast[Int(folded(last))] {
      var at = key.endIndex
      var left = ending[...]
      while let byte = left.last, at > key.startIndex {
        at = key.index(before: at)
        if folded(key[at]) != byte { break }
        left = left.dropLast()
      }
      if left.isEmpty { return !otherSet.contains(key.map(folded)) }
    }
    return key.count < 8 && keySet.contains(key.map(folded))
  }

  /// Whether a value of such a key may be shown: a switch, a number of two digits, a path.
  package static func isHarmless(
    value: some Collection<UInt8>, ofKey key: some BidirectionalCollection<UInt8>
  ) -> Bool {
    if value.count <= 10, harmlessSet.contains(value.map { (65...90).contains($0) ? $0 + 32 : $0 })
    {
      return true
    }
    if value.count <= 2, value.allSatisfy({ (48...57).contains($0) }) { return true }
    guard value.first == UInt8(ascii: "/") else { return false }
    return ["key", "credentials"].contains {
      key.suffix($0.utf8.count).map(folded) == Array($0.utf8)
    }
  }

  /// A setting as evidence may show it.
  package static func shown(_ value: String, ofKey key: String) -> String {
    isSecret(key: key.utf8) && !isHarmless(value: value.utf8, ofKey: key.utf8)
      ? redactedMarker : value
  }
}
