import RiegelModel
import SystemPackage
import Testing

@testable import RiegelProbes

@Suite struct SSSDProbeTests {
  private func rows(_ text: String, _ more: [String: String] = [:]) throws -> [Row] {
    var texts = more
    texts["/etc/sssd/sssd.conf"] = text
    return try SSSDProbe().observe(Host(MemoryTarget(texts: texts))).rows
  }

  private func row(_ domain: String, _ more: [String: String] = [:]) throws -> Row {
    try #require(
      try rows("[sssd]\ndomains = a\n[domain/a]\n" + domain + "\n", more).first)
  }

  @Test func aLaterFileWinsKeyByKey() throws {
    let found = try rows(
      "[sssd]\ndomains = a, b\n[pam]\noffline_credentials_expiration = 0\n[domain/a]\n"
        + "id_provider = ldap\ncache_credentials = True\n[domain/b]\nid_provider=ad\nenabled=false\n",
      [
        "/etc/sssd/conf.d/10.conf": "[pam]\noffline_credentials_expiration = 7\n",
        "/etc/sssd/conf.d/.hidden.conf": "[pam]\noffline_credentials_expiration = 9\n",
        "/etc/sssd/conf.d/x.conf.bak": "[pam]\noffline_credentials_expiration = 9\n",
      ])
    #expect(found.map(\.subject) == ["a"])
    #expect(found[0]["offline-days"].value == .number(7))
    #expect(found[0]["offline-days"].origin == .line("/etc/sssd/conf.d/10.conf", 2))
    #expect(found[0]["offline-days"].overrides == [.init("0", .line("/etc/sssd/sssd.conf", 4))])
    #expect(found[0]["cache-credentials"].value == .flag(true))
    #expect(found[0]["access-provider"].value == .text("permit"))
    #expect(found[0]["certificate"].value == .text("hard"))
  }

  @Test(arguments: [
    ("id_provider=ldap\nldap_uri=ldap://x", false), ("id_provider=ldap\nldap_uri=ldaps://x", true),
    ("id_provider=ldap\nldap_uri=ldaps://x, ldap://y", false),
    ("id_provider=ldap\nldap_uri=ldaps://x\nldap_backup_uri=ldap://y", false),
    ("id_provider=ldap\nldap_uri=ldap://x\nldap_id_use_start_tls=true", true),
    ("id_provider=ldap\nldap_uri=ldap://x\nldap_id_use_start_tls=false", false),
    ("id_provider=ldap\nldap_uri=ldap://x\nldap_sasl_mech=GSSAPI", true),
    ("id_provider=ldap", false),
    ("id_provider=ad", true), ("id_provider=ipa", true),
    ("id_provider=ldap\nauth_provider=krb5\nldap_uri=ldap://x", false),
    ("id_provider=files\nauth_provider=ldap\nldap_uri=LDAPS://x", true),
  ])
  func plainLdapIsOpen(text: String, isEncrypted: Bool) throws {
    #expect(try row(text)["encrypted"].value == .flag(isEncrypted))
  }

  @Test(
    arguments: [
      ("id_provider=ldap", false), ("access_provider=deny", true),
      ("access_provider=simple", false),
      ("access_provider=simple\nsimple_allow_groups=staff", true),
      ("access_provider=simple\nsimple_allow_groups=", false),
      ("access_provider=simple\nsimple_deny_users=eve", false), ("access_provider=ldap", true),
      ("access_provider=ldap\nldap_access_order=expire", false),
      ("access_provider=ldap\nldap_access_order=filter, expire", true),
      ("access_provider=ad\nad_access_filter=(memberOf=cn=x)", true),
      ("access_provider=ad\nad_gpo_access_control=enforcing", true),
      ("access_provider=ad\nad_gpo_access_control=permissive", false), ("access_provider=ad", nil),
      ("access_provider=ipa", true), ("access_provider=proxy", nil),
    ] as [(String, Bool?)])
  func accessIsLimitedOrNot(text: String, isRestricted: Bool?) throws {
    let fact = try row(text)["restricted"]
    if let isRestricted {
      #expect(fact.value == .flag(isRestricted))
    } else {
      guard case .unknown(.undetermined) = fact.content else {
        Issue.record("\(fact)")
        return
      }
    }
  }

  @Test func theAuthorityIsLookedFor() throws {
    let text = "id_provider=ldap\nldap_tls_cacert = /etc/ssl/ca.pem\nldap_tls_reqcert = Allow"
    #expect(try row(text)["ca-exists"].value == .flag(false))
    #expect(try row(text)["certificate"].value == .text("allow"))
    #expect(try row(text, ["/etc/ssl/ca.pem": ""])["ca-exists"].value == .flag(true))
    #expect(try row("id_provider=ldap")["ca-exists"].content == .absent)
  }

  @Test func aDomainMayEnableItselfAndOneWithoutSectionThrows() throws {
    #expect(try rows("[domain/x]\nenabled = true\nid_provider = ad\n").map(\.subject) == ["x"])
    #expect(throws: TargetError.self) { try rows("[sssd]\ndomains = nowhere\n") }
    #expect(throws: TargetError.self) { try rows("[sssd\n") }
    #expect(throws: TargetError.self) { try rows("noise\n") }
  }

  @Test func aFileThatCannotBeReadThrows() {
    var node = MemoryTarget.Node.file("", mode: 0o600)
    node.failure = .permissionDenied("/etc/sssd/sssd.conf")
    #expect(throws: TargetError.permissionDenied("/etc/sssd/sssd.conf")) {
      try SSSDProbe().observe(Host(MemoryTarget(["/etc/sssd/sssd.conf": node])))
    }
  }
}
