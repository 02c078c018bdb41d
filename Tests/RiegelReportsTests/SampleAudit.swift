import RiegelModel
import SystemPackage

/// An audit with every outcome, every reason and every kind of evidence, made by hand.
enum SampleAudit {
  static func rule(
    _ id: String, topic: String = "ssh", _ severity: Severity = .medium, en: String, de: String,
    why: Localized = Localized(
      en: "Whoever gets in here can change what patients are treated by.",
      de: "Wer hier hineinkommt, kann ändern, wonach Patienten behandelt werden."),
    decides: [String] = [], fix: Localized = Localized(en: "Mend it.", de: "Beheben."),
    risks: [Remediation.Risk] = [], effort: Remediation.Effort = .small
  ) -> Rule {
    Rule(
      id: id, topic: topic, status: .stable, title: Localized(en: en, de: de), rationale: why,
      severity: severity, decides: decides, supports: ["CR 2.1"],
      references: [.init("attack", ["T1021.004", "T1078.003"]), .init("kbv", ["A4-1"])], when: [],
      parameters: [], check: .all([]),
      remediation: Remediation(text: fix, risks: risks, effort: effort), examples: [],
      place: Place(file: "Rules/\(topic)/\(id).yaml"))
  }

  static func finding(
    _ rule: Rule, _ outcome: Outcome, _ reason: Reason, evidence: [Evidence] = [],
    notes: [Note] = [], parameters: [ParameterInForce] = [],
    byLevel: [SecurityLevel: Outcome] = [:]
  ) -> Finding {
    Finding(
      rule: rule, outcome: outcome, reason: reason, evidence: evidence, notes: notes,
      parameters: parameters, outcomeByLevel: byLevel)
  }

  static let rootLogin = finding(
    rule(
      "ssh-root-login-disabled", .high, en: "SSH login as root is disabled",
      de: "Die SSH-Anmeldung als root ist gesperrt",
      why: Localized(
        en: "A direct root login cannot be traced to a person and is the first target of password"
          + " guessing.",
        de: "Eine direkte root-Anmeldung ist keiner Person zuzuordnen und das erste Ziel von"
          + " Passwortangriffen."),
      decides: ["CR 1.1 RE 1"],
      fix: Localized(
        en: "Set `PermitRootLogin no` in /etc/ssh/sshd_config.d/00-root.conf; make sure that a sudo"
          + " login works first.",
        de: "In /etc/ssh/sshd_config.d/00-root.conf `PermitRootLogin no` setzen; vorher prüfen,"
          + " dass eine Anmeldung mit sudo gelingt."),
      risks: [.lockout, .serviceRestart]),
    .fail, .violated(1),
    evidence: [
      Evidence(
        subject: "PermitRootLogin", field: "value", expected: "one-of [no]",
        found: .value("yes"), origin: .line("/etc/ssh/sshd_config.d/50-vendor.conf", 1),
        overrides: [.init("no", .line("/etc/ssh/sshd_config", 33))], verdict: .violated),
      Evidence(
        subject: "PermitRootLogin (Match User backup)", field: "value", expected: "one-of [no]",
        found: .value("no"), origin: .line("/etc/ssh/sshd_config", 120), overrides: [],
        verdict: .satisfied),
    ],
    notes: [
      Note(
        en: "/etc/ssh/sshd_config.d/root.conf.bak is not read: its name does not end in .conf",
        de: "/etc/ssh/sshd_config.d/root.conf.bak wird nicht gelesen: Der Name endet nicht auf"
          + " .conf", .file("/etc/ssh/sshd_config.d/root.conf.bak"))
    ],
    parameters: [
      ParameterInForce(
        name: "allowed", value: .list([.text("no")]), source: .profile("clinic-workstation")),
      ParameterInForce(name: "grace", value: .text("30s"), source: .rule),
    ],
    byLevel: [.sl1: .pass, .sl2: .fail, .sl3: .fail])

  static let passwordAge = finding(
    rule(
      "password-age-limited", topic: "password-lifetime", .medium,
      en: "Passwords of persons are changed after a while",
      de: "Passwörter von Personen werden nach einiger Zeit gewechselt", decides: ["CR 1.7"]),
    .fail, .violated(47),
    evidence: (1...47).map { number in
      Evidence(
        subject: "user\(number)", field: "max-days", expected: "between [1, 90]",
        found: .value("99999"), origin: .line("/etc/shadow", 20 + number), overrides: [],
        verdict: .violated)
    },
    parameters: [
      ParameterInForce(name: "max_days", value: .text("90"), source: .level(.sl2)),
      ParameterInForce(name: "exempt", value: .list([]), source: .commandLine),
    ])

  static let toor = finding(
    rule(
      "account-only-root-has-uid-0", topic: "accounts", .critical, en: "Only root has user ID 0",
      de: "Nur root hat die Benutzer-ID 0", decides: ["CR 1.1 RE 1", "CR 1.4"],
      fix: Localized(
        en:
          "Find out who uses the account, then remove it:\n\n  userdel toor\n\nWhoever works as an"
          + " administrator gets an account with sudo.",
        de: "Klären, wer das Konto benutzt, dann entfernen:\n\n  userdel toor\n\nWer als"
          + " Administrator arbeitet, erhält ein Konto mit sudo."),
      risks: [.dataLoss, .reboot], effort: .medium),
    .fail, .violated(1),
    evidence: [
      Evidence(
        subject: "toor", field: "name", expected: "equals root", found: .value("toor"),
        origin: .line("/etc/passwd", 24), overrides: [], verdict: .violated)
    ])

  static let auditRunning = finding(
    rule(
      "audit-service-enabled", topic: "audit", .low, en: "The audit service starts at boot",
      de: "Der Audit-Dienst startet beim Hochfahren", effort: .large),
    .fail, .missing)

  static let kernelPointers = finding(
    rule(
      "kernel-pointers-hidden", topic: "kernel-hardening", .high,
      en: "Kernel addresses are hidden from users",
      de: "Adressen des Kernels sind vor Benutzern verborgen"),
    .fail, .violated(3),
    evidence: [
      Evidence(
        subject: "kernel.kptr_restrict (running)", field: "value", expected: "at-least 1",
        found: .value("0"), origin: .kernel("/proc/sys/kernel/kptr_restrict"), overrides: [],
        verdict: .violated),
      Evidence(
        subject: "kernel.kptr_restrict (configured)", field: "value", expected: "at-least 1",
        found: .absent, origin: nil, overrides: [], verdict: .violated),
      Evidence(
        subject: "nft", field: "policy", expected: "one-of [drop, reject]", found: .value(""),
        origin: .command("/usr/sbin/nft -j list ruleset"), overrides: [], verdict: .violated),
      Evidence(
        subject: "Ciphers", field: "value", expected: "lacks aes128-cbc",
        found: .value("aes128-cbc"), origin: .builtIn("OpenSSH 9.2"), overrides: [],
        verdict: .violated),
      Evidence(
        subject: "/srv", field: "modified", expected: "younger-than 90d",
        found: .unknown(.io("/srv", errno: 5)), origin: nil, overrides: [], verdict: .undecided),
    ])

  /// As the engine words checks that count, forbid and approve.
  static let listening = finding(
    rule(
      "listening-approved", topic: "services", .medium,
      en: "Only approved services listen on the network",
      de: "Nur freigegebene Dienste sind im Netz erreichbar"),
    .fail, .violated(4),
    evidence: [
      Evidence(
        subject: "", field: "count", expected: "at-most 1", found: .value("2"), origin: nil,
        overrides: [], verdict: .violated),
      Evidence(
        subject: "tcp 0.0.0.0:22", field: "process", expected: "counted", found: .value("sshd"),
        origin: .kernel("/proc/net/tcp"), overrides: [], verdict: .violated),
      Evidence(
        subject: "tcp [::]:23", field: "process", expected: "allowed", found: .value("telnetd"),
        origin: .kernel("/proc/net/tcp6"), overrides: [], verdict: .violated),
      Evidence(
        subject: "/srv/share", field: "mode",
        expected: "none with type one-of [file, directory], mode has-bits 0002",
        found: .value("0777"), origin: .file("/srv/share"), overrides: [], verdict: .violated),
      Evidence(
        subject: "", field: "state", expected: "exists", found: .absent, origin: nil,
        overrides: [], verdict: .violated),
    ])

  static let undecided: [Finding] = [
    finding(
      rule(
        "shadow-hashes-strong", topic: "password-policy", .high,
        en: "Passwords are stored with a strong hash",
        de: "Passwörter sind mit einem starken Verfahren gespeichert"),
      .error, .undecided([.permissionDenied("/etc/shadow"), .permissionDenied("/etc/gshadow")])),
    finding(
      rule(
        "firewall-on", topic: "firewall", .critical, en: "The firewall drops what is not allowed",
        de: "Die Firewall verwirft, was nicht erlaubt ist"),
      .notCollected, .undecided([.notCollected("/proc/net/ip_tables_names")])),
    finding(
      rule(
        "sudo-log", topic: "sudo", .medium, en: "sudo logs what it runs",
        de: "sudo protokolliert, was es ausführt"),
      .error, .undecided([.malformed("/etc/sudoers.d/90-cloud", line: 3, "syntax error")])),
    finding(
      rule(
        "ssh-ciphers-strong", .medium, en: "SSH uses strong ciphers",
        de: "SSH nutzt starke Verschlüsselung"),
      .error,
      .undecided([
        .undetermined(
          "/usr/sbin/sshd",
          Localized(
            en: "the defaults of OpenSSH 12.1 are not known",
            de: "die Vorgaben von OpenSSH 12.1 sind nicht bekannt"))
      ])),
    finding(
      rule(
        "log-readable", topic: "logging", .low, en: "Logs are readable by administrators only",
        de: "Protokolle sind nur für Administratoren lesbar"),
      .error,
      .undecided([
        .io("/var/log", errno: 5), .tooLarge("/var/log/huge", limit: 64 << 20),
        .tooManyLinks("/var/log/loop"), .notRegular("/var/log/pipe"),
      ])),
    finding(
      rule(
        "odd", topic: "logging", .low, en: "Odd things stay odd", de: "Seltsames bleibt seltsam"),
      .error, .undecided([])),
  ]

  static let others: [Finding] = [
    finding(
      rule(
        "room-locked", topic: "physical", .medium, en: "The server room is locked",
        de: "Der Serverraum ist verschlossen"),
      .manual,
      .person(
        Localized(
          en: "Try the door of the server room, and see who has keys to it.",
          de: "Die Tür des Serverraums prüfen und nachsehen, wer Schlüssel hat."))),
    finding(
      rule(
        "ssh-protocol-2", .low, en: "SSH speaks protocol 2 only",
        de: "SSH spricht nur Protokoll 2"),
      .pass, .satisfied,
      evidence: [
        Evidence(
          subject: "sshd", field: "version", expected: "version-at-least 7.6",
          found: .value("9.2"), origin: .file("/var/lib/dpkg/status"), overrides: [],
          verdict: .satisfied)
      ],
      parameters: [
        ParameterInForce(
          name: "approved",
          value: .list([
            .mapping([
              .init("proto", .text("tcp")), .init("port", .text("22")),
              .init("reason", .text("administration, \"LAN\" only")),
            ])
          ]), source: .site("clinic-north")),
        ParameterInForce(name: "mode", value: .text("0640"), source: .host("ward-3")),
      ]),
    finding(
      rule(
        "vsftpd-encrypted", topic: "services", .low, en: "FTP is encrypted",
        de: "FTP ist verschlüsselt"),
      .notApplicable, .doesNotApply),
  ]

  static func requirement(
    _ id: String, _ level: SecurityLevel, _ standing: Standing, _ rules: [String] = [],
    _ openBecause: FoundationLevel.OpenReason? = nil
  ) -> FoundationLevel.RequirementStanding {
    FoundationLevel.RequirementStanding(
      id: id, title: Localized(en: "Requirement \(id)", de: "Anforderung \(id)"), level: level,
      standing: standing, rules: rules, openBecause: openBecause)
  }

  static func foundation(_ number: Int, _ abbreviation: String, en: String, de: String)
    -> FoundationalRequirement
  {
    FoundationalRequirement(
      id: "FR\(number)", abbreviation: abbreviation, title: Localized(en: en, de: de))
  }

  static func level(
    _ foundation: FoundationalRequirement, _ floor: SecurityLevel, _ ceiling: SecurityLevel,
    target: SecurityLevel = .sl2, _ requirements: [FoundationLevel.RequirementStanding] = []
  ) -> FoundationLevel {
    FoundationLevel(
      foundation: foundation, catalogue: "iec62443-4-2", floor: floor, ceiling: ceiling,
      target: target, requirements: requirements,
      limitsCeiling: requirements.filter {
        $0.standing == .refuted && $0.level.rawValue == ceiling.rawValue + 1
      },
      limitsFloor: requirements.filter {
        $0.standing != .evidenced && $0.level.rawValue == floor.rawValue + 1
      })
  }

  static let levels: [FoundationLevel] = [
    level(
      foundation(
        1, "IAC", en: "Identification and authentication control",
        de: "Identifizierung und Authentifizierung"), .sl0, .sl1,
      [
        requirement("CR 1.1", .sl1, .evidenced),
        requirement(
          "CR 1.1 RE 1", .sl2, .refuted, ["ssh-root-login-disabled", "account-only-root-has-uid-0"]),
        requirement("CR 1.4", .sl2, .refuted, ["account-only-root-has-uid-0"]),
        requirement("CR 1.5", .sl1, .open, ["shadow-hashes-strong"], .undecided),
        requirement("CR 1.8", .sl1, .open, [], .noRule),
        requirement("CR 1.10", .sl1, .open, [], .noRule),
        requirement("CR 1.14", .sl1, .open, [], .notAttested),
      ]),
    level(
      foundation(2, "UC", en: "Use control", de: "Nutzungskontrolle"), .sl0, .sl4,
      [requirement("CR 2.1", .sl1, .open, [], nil)]),
    level(
      foundation(3, "SI", en: "System integrity", de: "Systemintegrität"), .sl2, .sl3,
      [
        requirement("HDR 3.2", .sl1, .evidenced),
        requirement("CR 3.4 RE 2", .sl4, .refuted, ["a", "b", "c", "d", "e"]),
        requirement("CR 3.9", .sl3, .open, [], .noRule),
      ]),
    level(
      foundation(4, "DC", en: "Data confidentiality", de: "Vertraulichkeit der Daten"), .sl0, .sl0,
      target: .sl1,
      (1...7).map { requirement("CR 4.\($0)", .sl1, .refuted, ["data-volumes-encrypted"]) }),
    level(
      foundation(5, "RDF", en: "Restricted data flow", de: "Eingeschränkter Datenfluss"), .sl0,
      .sl4, target: .sl0),
    level(
      foundation(
        6, "TRE", en: "Timely response to events", de: "Rechtzeitige Reaktion auf Ereignisse"),
      .sl4, .sl4),
  ]

  static let measures: [MeasureStatus] = [
    MeasureStatus(
      id: "least-privilege", title: Localized(en: "Least privilege", de: "Minimale Rechte"),
      section: .core, standing: .refuted,
      failed: ["account-only-root-has-uid-0", "ssh-root-login-disabled"], undecided: ["sudo-log"],
      passed: 14, openStatements: ["yearly-review"]),
    MeasureStatus(
      id: "updates-and-patches",
      title: Localized(en: "Updates and patches", de: "Updates und Patches"), section: .core,
      standing: .evidenced, failed: [], undecided: [], passed: 6, openStatements: []),
    MeasureStatus(
      id: "physical", title: Localized(en: "Physical security", de: "Physische Sicherheit"),
      section: .core, standing: .open, failed: [], undecided: [], passed: 0, openStatements: []),
    MeasureStatus(
      id: "network-segmentation",
      title: Localized(en: "Network segmentation", de: "Netzwerksegmentierung"),
      section: .response, standing: .refuted, failed: ["firewall-on"], undecided: [], passed: 1,
      openStatements: []),
    MeasureStatus(
      id: "isolation",
      title: Localized(en: "Isolate affected devices", de: "Betroffene Geräte isolieren"),
      section: .response, standing: .open, failed: [], undecided: [], passed: 1,
      openStatements: ["a", "b"]),
    MeasureStatus(
      id: "legacy", title: Localized(en: "Legacy systems", de: "Altsysteme"), section: .challenge,
      standing: .evidenced, failed: [], undecided: [], passed: 1, openStatements: []),
    MeasureStatus(
      id: "training", title: Localized(en: "Training", de: "Schulung"), section: .duty,
      standing: .open, failed: [], undecided: [], passed: 0, openStatements: ["t"]),
  ]

  static let threats: [ThreatStatus] = [
    ThreatStatus(
      id: "ransomware",
      title: Localized(en: "Ransomware", de: "Erpressung durch Verschlüsselungssoftware"),
      standing: .refuted, openedBy: ["least-privilege", "network-segmentation"]),
    ThreatStatus(
      id: "insider", title: Localized(en: "Insiders", de: "Innentäter"), standing: .open,
      openedBy: []),
    ThreatStatus(
      id: "theft", title: Localized(en: "Theft of data", de: "Datendiebstahl"),
      standing: .evidenced, openedBy: []),
  ]

  static let audit = audit(
    of: [rootLogin, passwordAge, toor, auditRunning, kernelPointers, listening] + undecided + others
  )

  static func audit(
    of findings: [Finding], kind: TargetKind = .live, isPrivileged: Bool = false,
    levels: [FoundationLevel] = levels
  ) -> Audit {
    Audit(
      toolVersion: "0.1.0",
      contentHash: "3f2a9c51d0b84e6f7a1c2d3e4f5061728394a5b6c7d8e9f00112233445566778",
      host: .init(
        name: "ward-3", machineID: "5c1f0c0de0b14f2a9a3d5b0f3f1d2c3b",
        system: "Debian GNU/Linux 12 (bookworm)", kernel: "6.1.0-28-amd64"),
      targetAddress: "/", targetKind: kind, isPrivileged: isPrivileged,
      startedAt: Instant(seconds: 1_795_509_251), componentType: .hostDevice,
      profile: .init(
        id: "clinic-workstation",
        title: Localized(en: "Workstation in a clinic", de: "Arbeitsplatz in einer Klinik"),
        isDefault: true,
        target: ["FR1": .sl2, "FR2": .sl2, "FR3": .sl2, "FR4": .sl1, "FR6": .sl2, "FR7": .sl2]),
      findings: findings.sorted { $0.rule < $1.rule }, levels: levels, measures: measures,
      threats: threats, catalogues: catalogues, inventory: inventory)
  }

  static let catalogues = CatalogueExtract(
    standards: [.init(id: "iec62443-4-2", name: "IEC 62443-4-2:2019")],
    topics: [
      .init(
        id: "ssh", title: Localized(en: "SSH settings", de: "SSH-Einstellungen"),
        measure: "least-privilege")
    ],
    statements: [
      .init(
        id: "yearly-review", measure: "least-privilege",
        statement: Localized(
          en: "Rights are reviewed once a year.", de: "Rechte werden jährlich überprüft."),
        evidence: Localized(en: "Signed list", de: "Unterschriebene Liste"), validityMonths: 12)
    ],
    directive: Localized(en: "Directive", de: "Richtlinie"))

  static let inventory = Inventory(
    system: "deb", distribution: "debian", distributionVersion: "12",
    packages: [
      .init(name: "libstdc++6", version: "12.2.0-14", architecture: "amd64"),
      .init(name: "openssh-server", version: "1:9.2p1-2+deb12u3", architecture: "amd64"),
    ])
}
