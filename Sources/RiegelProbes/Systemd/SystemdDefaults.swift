import RiegelModel
import SystemPackage

/// What systemd's daemons do where nothing is set, from their man pages as of version 252.
///
/// A default that distributions choose when they build systemd, or that changed between versions in
/// use, is not here as a value but as `varies`, so that nobody takes a guess for a fact.
enum SystemdDefaults {
  enum Default: Sendable {
    case value(String)
    /// Nothing is set, and that is a state of its own.
    case unset
    case varies
  }

  /// The settings that collect items over several assignments.
  static let lists: Set<String> = [
    "NTP", "FallbackNTP", "DNS", "FallbackDNS", "Domains", "DNSStubListenerExtra",
  ]

  static func section(of file: String) -> String {
    switch file {
    case "journald": "Journal"
    case "logind": "Login"
    case "timesyncd": "Time"
    case "resolved": "Resolve"
    case "coredump": "Coredump"
    case "system", "user": "Manager"
    case "sleep": "Sleep"
    case "oomd": "OOM"
    case "pstore": "PStore"
    case "homed": "Home"
    case "journal-upload": "Upload"
    case "journal-remote": "Remote"
    case "networkd": "Network"
    default: ""
    }
  }

  static func of(_ key: String, in file: String) -> Default? { table[file]?[key] }

  private static let table: [String: [String: Default]] = [
    "journald": [
      "Storage": .value("auto"), "Compress": .value("yes"), "Seal": .value("yes"),
      "SplitMode": .value("uid"), "RateLimitIntervalSec": .value("30s"),
      "RateLimitBurst": .value("10000"), "SystemMaxUse": .unset, "SystemKeepFree": .unset,
      "SystemMaxFileSize": .unset, "SystemMaxFiles": .value("100"), "RuntimeMaxUse": .unset,
      "RuntimeKeepFree": .unset, "RuntimeMaxFileSize": .unset, "RuntimeMaxFiles": .value("100"),
      "MaxFileSec": .value("1month"), "MaxRetentionSec": .value("0"),
      "SyncIntervalSec": .value("5min"), "ForwardToSyslog": .varies, "ForwardToKMsg": .value("no"),
      "ForwardToConsole": .value("no"), "ForwardToWall": .value("yes"),
      "MaxLevelStore": .value("debug"), "MaxLevelSyslog": .value("debug"),
      "MaxLevelKMsg": .value("notice"), "MaxLevelConsole": .value("info"),
      "MaxLevelWall": .value("emerg"), "ReadKMsg": .value("yes"), "Audit": .varies,
      "LineMax": .value("48K"), "TTYPath": .value("/dev/console"),
    ],
    "coredump": [
      "Storage": .value("external"), "Compress": .value("yes"), "ProcessSizeMax": .varies,
      "ExternalSizeMax": .varies, "JournalSizeMax": .value("767M"), "MaxUse": .unset,
      "KeepFree": .unset,
    ],
    "logind": [
      "NAutoVTs": .value("6"), "ReserveVT": .value("6"), "KillUserProcesses": .varies,
      "KillExcludeUsers": .value("root"), "KillOnlyUsers": .unset, "IdleAction": .value("ignore"),
      "IdleActionSec": .value("30min"), "InhibitDelayMaxSec": .value("5"),
      "UserStopDelaySec": .value("10s"), "HandlePowerKey": .value("poweroff"),
      "HandleSuspendKey": .value("suspend"), "HandleHibernateKey": .value("hibernate"),
      "HandleLidSwitch": .value("suspend"), "HandleLidSwitchDocked": .value("ignore"),
      "HandleRebootKey": .value("reboot"), "RuntimeDirectorySize": .value("10%"),
      "RuntimeDirectoryInodesMax": .varies, "RemoveIPC": .varies,
      "InhibitorsMax": .value("8192"), "SessionsMax": .value("8192"),
      "StopIdleSessionSec": .value("infinity"),
    ],
    "timesyncd": [
      "NTP": .unset, "FallbackNTP": .varies, "RootDistanceMaxSec": .value("5"),
      "PollIntervalMinSec": .value("32"), "PollIntervalMaxSec": .value("2048"),
      "ConnectionRetrySec": .value("30"), "SaveIntervalSec": .value("60"),
    ],
    "resolved": [
      "DNS": .unset, "FallbackDNS": .varies, "Domains": .unset, "LLMNR": .varies,
      "MulticastDNS": .varies, "DNSSEC": .varies, "DNSOverTLS": .varies, "Cache": .value("yes"),
      "CacheFromLocalhost": .value("no"), "DNSStubListener": .value("yes"),
      "DNSStubListenerExtra": .unset, "ReadEtcHosts": .value("yes"),
      "ResolveUnicastSingleLabel": .value("no"),
    ],
    "system": [
      "CtrlAltDelBurstAction": .value("reboot-force"), "DumpCore": .value("yes"),
      "CrashShell": .value("no"), "CrashReboot": .value("no"), "LogLevel": .value("info"),
      "RuntimeWatchdogSec": .value("0"), "DefaultLimitCORE": .unset,
    ],
    "sleep": [
      "AllowSuspend": .value("yes"), "AllowHibernation": .value("yes"),
      "AllowSuspendThenHibernate": .value("yes"), "AllowHybridSleep": .value("yes"),
    ],
    "pstore": ["Storage": .value("external"), "Unlink": .value("yes")],
    "journal-upload": [
      "URL": .unset, "ServerKeyFile": .varies, "ServerCertificateFile": .varies,
      "TrustedCertificateFile": .varies,
    ],
  ]
}
