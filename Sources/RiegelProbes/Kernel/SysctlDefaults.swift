import RiegelModel

/// What the kernel sets a parameter to before anybody writes it.
///
/// Only what holds for every kernel since 4.19, or what its build configuration says, is here:
/// a guess would turn into a verdict. Distributions change others by patch (perf_event_paranoid,
/// yama.ptrace_scope), so these are known only where a build option tells.
enum SysctlDefaults {
  /// nil if it cannot be known for sure.
  static func value(_ key: String, _ kernel: KernelBuild) -> String? {
    if let value = built(key, kernel) ?? fixed[key] { return value }
    for (prefix, table) in perInterface where key.hasPrefix(prefix) {
      let rest = key.dropFirst(prefix.count).split(separator: "/", maxSplits: 1)
      guard rest.count == 2, let pair = table[String(rest[1])] else { return nil }
      if rest[0] == "all" { return pair.0 }
      if rest[0] == "default" { return pair.1 }
    }
    return nil
  }

  private static let fixed: [String: String] = [
    "fs/protected_fifos": "0",
    "fs/protected_hardlinks": "0",
    "fs/protected_regular": "0",
    "fs/protected_symlinks": "0",
    "fs/suid_dumpable": "0",
    "kernel/kexec_load_disabled": "0",
    "kernel/kptr_restrict": "0",
    "kernel/modules_disabled": "0",
    "kernel/randomize_va_space": "2",
    "net/core/bpf_jit_harden": "0",
    "net/ipv4/icmp_echo_ignore_broadcasts": "1",
    "net/ipv4/icmp_ignore_bogus_error_responses": "1",
    "net/ipv4/ip_forward": "0",
    "net/ipv4/tcp_rfc1337": "0",
    "net/ipv4/tcp_syncookies": "1",
  ]

  /// The values of `all` and of `default`.
  private static let perInterface: [(String, [String: (String, String)])] = [
    (
      "net/ipv4/conf/",
      [
        "accept_local": ("0", "0"),
        "accept_redirects": ("1", "1"),
        "accept_source_route": ("0", "1"),
        "arp_announce": ("0", "0"),
        "arp_filter": ("0", "0"),
        "arp_ignore": ("0", "0"),
        "forwarding": ("0", "0"),
        "log_martians": ("0", "0"),
        "route_localnet": ("0", "0"),
        "rp_filter": ("0", "0"),
        "secure_redirects": ("1", "1"),
        "send_redirects": ("1", "1"),
      ]
    ),
    (
      "net/ipv6/conf/",
      [
        "accept_ra": ("1", "1"),
        "accept_redirects": ("1", "1"),
        "accept_source_route": ("0", "0"),
        "autoconf": ("1", "1"),
        "disable_ipv6": ("0", "0"),
        "forwarding": ("0", "0"),
      ]
    ),
  ]

  private static func built(_ key: String, _ kernel: KernelBuild) -> String? {
    func flag(_ option: String, _ yes: String = "1", _ no: String = "0") -> String? {
      kernel.option(option).map { $0 == "y" ? yes : no }
    }
    func number(_ option: String) -> String? {
      guard let value = kernel.option(option), value != "n" else { return nil }
      return SysctlConfiguration.normalized(value)
    }
    switch key {
    case "kernel/dmesg_restrict": return flag("SECURITY_DMESG_RESTRICT")
    case "kernel/unprivileged_bpf_disabled": return flag("BPF_UNPRIV_DEFAULT_OFF", "2")
    case "kernel/randomize_va_space": return flag("COMPAT_BRK", "1", "2")
    case "kernel/perf_event_paranoid": return flag("SECURITY_PERF_EVENTS_RESTRICT", "3", "2")
    case "kernel/sysrq": return number("MAGIC_SYSRQ_DEFAULT_ENABLE")
    case "dev/tty/ldisc_autoload": return flag("LDISC_AUTOLOAD")
    case "dev/tty/legacy_tiocsti": return flag("LEGACY_TIOCSTI")
    case "vm/mmap_min_addr": return number("DEFAULT_MMAP_MIN_ADDR")
    case "vm/mmap_rnd_bits": return number("ARCH_MMAP_RND_BITS")
    case "vm/mmap_rnd_compat_bits": return number("ARCH_MMAP_RND_COMPAT_BITS")
    default: return nil
    }
  }
}
