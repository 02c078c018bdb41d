/// The algorithm lists of OpenSSH: what a version offers unless told, and how `+`, `-` and `^`
/// change it (`myproposal.h`, `kex_assemble_names`).
enum SSHAlgorithms {
  enum Kind: Sendable, Hashable { case ciphers, macs, keyExchanges, keys, authorities, gss }

  /// The default list of a version in Debian's or upstream's build.
  static func defaults(_ kind: Kind, _ build: OpenSSHBuild) -> [String]? {
    guard let number = build.number, OpenSSHBuild.known.contains(number) else { return nil }
    switch kind {
    case .ciphers:
      return number >= 1000 ? [chacha] + gcm + ctr : [chacha] + ctr + gcm
    case .macs: return macs
    case .keyExchanges: return keyExchanges(number, build)
    case .keys: return keys(number)
    case .authorities: return authorities(number)
    case .gss:
      return build.vendor == .debian && number >= 802 ? gss : nil
    }
  }

  /// The list in force for what a line says; nil if sshd would refuse it.
  static func resolve(_ spec: String, _ kind: Kind, _ build: OpenSSHBuild) -> [String]? {
    guard let first = spec.first else { return nil }
    if kind == .gss { return split(spec) }
    guard "+-^".contains(first) else { return expand(split(spec), kind, build) }
    guard let base = defaults(kind, build) else { return nil }
    let names = split(String(spec.dropFirst()))
    switch first {
    case "-":
      let list = names.joined(separator: ",")
      return base.filter { SSHPatterns.match($0, list) != .matched }
    case "+": return expand(base + names, kind, build)
    default: return expand(names + base, kind, build)
    }
  }

  private static func split(_ list: String) -> [String] {
    list.split(separator: ",").map(String.init)
  }

  /// Replaces wildcards by what they stand for and drops what came before.
  private static func expand(_ names: [String], _ kind: Kind, _ build: OpenSSHBuild) -> [String] {
    var result: [String] = []
    var seen: Set<String> = []
    for name in names {
      let isWild = name.contains { $0 == "*" || $0 == "?" }
      let expanded =
        isWild ? every(kind, build).filter { SSHPatterns.match($0, name) == .matched } : [name]
      for name in expanded where seen.insert(name).inserted { result.append(name) }
    }
    return result
  }

  /// Whether sshd knows a name; nil where the build may know more than our tables.
  static func isKnown(_ name: String, _ kind: Kind, _ build: OpenSSHBuild) -> Bool? {
    if every(kind, build).contains(name) { return true }
    if kind == .keys || kind == .authorities, name.contains(where: { $0 == "*" || $0 == "?" }) {
      return true
    }
    let isOurs = build.vendor == .debian || build.vendor == .alpine
    guard isOurs, let number = build.number, (802...1003).contains(number) else { return nil }
    return false
  }

  // MARK: - Tables

  private static let chacha = "chacha20-poly1305@openssh.com"
  private static let ctr = ["aes128-ctr", "aes192-ctr", "aes256-ctr"]
  private static let gcm = ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com"]

  private static let macs = [
    "umac-64-etm@openssh.com", "umac-128-etm@openssh.com", "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com", "hmac-sha1-etm@openssh.com", "umac-64@openssh.com",
    "umac-128@openssh.com", "hmac-sha2-256", "hmac-sha2-512", "hmac-sha1",
  ]

  private static let gss = [
    "gss-group14-sha256-", "gss-group16-sha512-", "gss-nistp256-sha256-",
    "gss-curve25519-sha256-", "gss-group14-sha1-", "gss-gex-sha1-",
  ]

  private static let mlkem = "mlkem768x25519-sha256"
  private static let sntrup = "sntrup761x25519-sha512"
  private static let sntrupOld = "sntrup761x25519-sha512@openssh.com"
  private static let curves = [
    "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384", "ecdh-sha2-nistp521",
  ]
  private static let groups = [
    "diffie-hellman-group-exchange-sha256", "diffie-hellman-group16-sha512",
    "diffie-hellman-group18-sha512", "diffie-hellman-group14-sha256",
  ]

  private static func keyExchanges(_ number: Int, _ build: OpenSSHBuild) -> [String] {
    switch number {
    case 1000...: return [mlkem, sntrup, sntrupOld] + curves
    case 909...: return [sntrup, sntrupOld, mlkem] + curves + groups
    case 900...:
      // Debian 12 gave the algorithm its registered name in a point release.
      return (build.hasRegisteredNameOfSntrup ? [sntrup] : []) + [sntrupOld] + curves + groups
    case 809...: return curves + [sntrupOld] + groups
    case 802...: return curves + groups
    default: return curves + groups + ["diffie-hellman-group14-sha1"]
    }
  }

  private static let ecdsa = ["ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"]
  private static let sk = ["sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"]
  private static let webauthn = "webauthn-sk-ecdsa-sha2-nistp256@openssh.com"
  private static let sha2 = ["rsa-sha2-512", "rsa-sha2-256"]

  private static func certificate(_ name: String) -> String {
    let plain = name.hasSuffix("@openssh.com") ? String(name.dropLast(12)) : name
    return plain + "-cert-v01@openssh.com"
  }

  private static func keys(_ number: Int) -> [String] {
    let plain: [String]
    switch number {
    case 1003...: plain = ["ssh-ed25519"] + ecdsa + sk + [webauthn] + sha2
    case 808...: plain = ["ssh-ed25519"] + ecdsa + sk + sha2
    case 805...: plain = ["ssh-ed25519"] + ecdsa + sk + sha2 + ["ssh-rsa"]
    case 802...:
      plain = ecdsa + [sk[1], "ssh-ed25519", sk[0]] + sha2 + ["ssh-rsa"]
    case 708...: plain = ecdsa + ["ssh-ed25519"] + sha2 + ["ssh-rsa"]
    default:
      let old = ecdsa + ["ssh-ed25519", "ssh-rsa"]
      return old.map(certificate) + ecdsa + ["ssh-ed25519"] + sha2 + ["ssh-rsa"]
    }
    return plain.map(certificate) + plain
  }

  private static func authorities(_ number: Int) -> [String]? {
    switch number {
    case 1003...: return ["ssh-ed25519"] + ecdsa + sk + [webauthn] + sha2
    case 805...: return ["ssh-ed25519"] + ecdsa + sk + sha2
    case 802...: return ecdsa + [sk[1], "ssh-ed25519", sk[0]] + sha2
    case 709...: return ecdsa + ["ssh-ed25519"] + sha2 + ["ssh-rsa"]
    default: return nil
    }
  }

  /// All that a version can be told to use, in the order in which wildcards give them.
  private static func every(_ kind: Kind, _ build: OpenSSHBuild) -> [String] {
    let number = build.number ?? OpenSSHBuild.known.upperBound
    switch kind {
    case .ciphers:
      let cbc = ["3des-cbc", "aes128-cbc", "aes192-cbc", "aes256-cbc"]
      return cbc + (number < 805 ? ["rijndael-cbc@lysator.liu.se"] : []) + ctr + gcm + [chacha]
    case .macs:
      let plain = ["hmac-sha1", "hmac-sha1-96", "hmac-sha2-256", "hmac-sha2-512", "hmac-md5"]
      let names = plain + ["hmac-md5-96", "umac-64@openssh.com", "umac-128@openssh.com"]
      return names
        + names.map {
          ($0.hasSuffix("@openssh.com") ? String($0.dropLast(12)) : $0) + "-etm@openssh.com"
        }
    case .keyExchanges:
      let old = [
        "diffie-hellman-group1-sha1", "diffie-hellman-group14-sha1",
        "diffie-hellman-group-exchange-sha1", "sntrup4591761x25519-sha512@tinyssh.org",
      ]
      return old + groups + curves
        + (number >= 805 ? [sntrupOld] : [])
        + (number >= 909 || build.hasRegisteredNameOfSntrup ? [sntrup] : [])
        + (number >= 909 ? [mlkem] : [])
    case .keys: return everyKey(number, certificates: true)
    case .authorities: return everyKey(number, certificates: false)
    case .gss: return gss
    }
  }

  private static func everyKey(_ number: Int, certificates: Bool) -> [String] {
    let dss = number < 1000 ? ["ssh-dss"] : []
    let rsa = ["ssh-rsa", "rsa-sha2-256", "rsa-sha2-512"]
    let middle = ecdsa + [sk[1]]
    if number >= 902 {
      let order = ["ssh-ed25519", sk[0]] + middle + [webauthn] + dss + rsa
      return order.flatMap { name in
        let hasCertificate = certificates && (name != webauthn || number >= 1003)
        return hasCertificate ? [name, certificate(name)] : [name]
      }
    }
    let first = ["ssh-ed25519", sk[0]].flatMap { certificates ? [$0, certificate($0)] : [$0] }
    let plain = first + rsa + dss + middle + (number >= 803 ? [webauthn] : [])
    return certificates ? plain + (rsa + dss + middle).map(certificate) : plain
  }
}

extension OpenSSHBuild {
  /// `sntrup761x25519-sha512` without a domain came with 9.9 and to Debian 12 with deb12u4.
  var hasRegisteredNameOfSntrup: Bool {
    guard let number else { return false }
    if number >= 909 { return true }
    guard number == 902, let package, let mark = package.range(ofText: "+deb12u"),
      let update = Int(package[mark...].prefix { ("0"..."9").contains($0) })
    else { return false }
    return update >= 4
  }
}

extension String {
  /// The index after the first occurrence of a text.
  fileprivate func range(ofText text: String) -> String.Index? {
    var at = startIndex
    while at < endIndex {
      if self[at...].hasPrefix(text) { return index(at, offsetBy: text.count) }
      at = index(after: at)
    }
    return nil
  }
}
