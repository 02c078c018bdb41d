package import RiegelModel
import SystemPackage

/// Observes the audit rules that are loaded when the audit daemon starts.
///
/// Every rule is put into one form, so that order of options, `-w` or `-F path=`, `auid!=-1` or
/// `auid!=unset`, one call a line or all in one make no difference. Of the controls only the one in
/// force is a row: the last `-e` wins, and `-D` drops what came before. A line that `auditctl`
/// refuses ends the loading: what stands behind is not in force, and the observation has a gap.
package struct AuditRulesProbe: Probe {
  package static let name = "audit-rules"
  package static let summary = "The audit rules, in the order of loading and in one form."
  package static let fields: [Field] = [
    .text("rule", "The rule as written."),
    .choice(
      "kind", AuditRule.Kind.allCases.map(\.rawValue),
      "`watch` of a file or folder, `syscall`, or `control` (`-e`, `-b`, `-f` …)."),
    .text("control", "The option of a control without its dash: `e`, `b`, `f`, `D`."),
    .text("value", "The value of a control."),
    .text("list", "`exit`, `task`, `user`, `exclude`, `filesystem` or `io_uring`."),
    .text("action", "`always` or `never`; on the list `exclude` it is always `never`."),
    .list("syscalls", "The system calls, sorted; `all` where the rule names none."),
    .text("arch", "`b64` or `b32`; absent where the rule counts for both."),
    .list(
      "fields",
      "The other comparisons, sorted, such as `auid>=1000`; `unset`, `-EACCES`, `success=no` and the "
        + "order in `-C` are written in one way."),
    .text("path", "The file that is watched."),
    .text("dir", "The folder that is watched with all below it, without a slash at its end."),
    .text("permissions", "The kinds of access, out of `rwxa` in this order."),
    .list("permission-list", "The same, one letter an item."),
    .list("keys", "The keys."),
    .number("position", "The place in the order of loading, counted from 1."),
  ]
  package static let keys: [Key<Self>] = [
    .everything("All rules."),
    .option("covers", \.covers, "Only rules that watch this file or a folder above it."),
  ]
  package static let reads = ["/etc/audit/audit.rules", "/etc/audit/rules.d/*.rules"]

  package var covers = ""

  package init() {}

  package func observe(_ host: Host) throws(TargetError) -> Observation {
    let all = try AuditRules.of(host)
    var observation = Observation(gaps: all.failure.map { [$0] } ?? [], notes: all.notes)
    // Of a control the last counts; the ones before are what it overrides.
    var last: [String: Int] = [:]
    for (index, rule) in all.rules.enumerated() where rule.kind == .control {
      last[rule.control] = index
    }
    for (index, rule) in all.rules.enumerated() {
      if rule.kind == .control, last[rule.control] != index { continue }
      if !covers.isEmpty, !isCovering(rule) { continue }
      let earlier = all.rules[..<index].filter {
        rule.kind == .control && $0.kind == .control && $0.control == rule.control
      }
      observation.rows.append(row(rule, index + 1, earlier))
    }
    return observation
  }

  private func isCovering(_ rule: AuditRule) -> Bool {
    guard rule.kind == .watch else { return false }
    if rule.path == covers { return true }
    return rule.directory.map { FilePath(covers).starts(with: FilePath($0)) } ?? false
  }

  private func row(_ rule: AuditRule, _ position: Int, _ earlier: [AuditRule]) -> Row {
    let text = { (value: String?) -> Fact in
      guard let value, !value.isEmpty else { return .absent(rule.origin) }
      return .text(value, rule.origin)
    }
    var facts: [String: Fact] = [
      "rule": text(rule.text),
      "kind": text(rule.kind.rawValue),
      "position": .number(position, rule.origin),
      "keys": .list(rule.keys, rule.origin),
    ]
    if rule.kind == .control {
      let overrides = earlier.map { Fact.Overridden($0.value ?? "", $0.origin) }
      facts["control"] = text(rule.control)
      facts["value"] = rule.value.map {
        Fact(.known(.text($0)), from: rule.origin, overriding: overrides)
      }
      return Row(rule.text, facts)
    }
    facts["list"] = text(rule.list)
    facts["action"] = text(rule.action)
    facts["syscalls"] = .list(rule.syscalls, rule.origin)
    facts["arch"] = text(rule.arch)
    facts["fields"] = .list(rule.fields, rule.origin)
    facts["path"] = text(rule.path)
    facts["dir"] = text(rule.directory)
    facts["permissions"] = text(rule.permissions)
    facts["permission-list"] = .list((rule.permissions ?? "").map(String.init), rule.origin)
    return Row(rule.text, facts)
  }
}
