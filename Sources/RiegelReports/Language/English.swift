import RiegelModel
import SystemPackage

struct English: Phrases {
  func number(_ count: Int) -> String { grouped(count, by: ",") }

  func moment(_ instant: Instant) -> String {
    let text = Array(instant.description)
    guard text.count >= 16, let month = Int(String(text[5..<7])), (1...12).contains(month) else {
      return instant.description
    }
    let day = String(text[8..<10].drop { $0 == "0" })
    return "\(day) \(English.months[month - 1]) \(String(text[..<4])), \(String(text[11..<16])) UTC"
  }

  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]

  func duration(_ seconds: Int) -> String {
    func unit(_ count: Int, _ word: String) -> String {
      "\(number(count)) \(word)\(count == 1 ? "" : "s")"
    }
    if seconds != 0 {
      if seconds.isMultiple(of: 86_400) { return unit(seconds / 86_400, "day") }
      if seconds.isMultiple(of: 3600) { return unit(seconds / 3600, "hour") }
      if seconds.isMultiple(of: 60) { return unit(seconds / 60, "minute") }
    }
    return unit(seconds, "second")
  }

  func severity(_ severity: Severity) -> String {
    switch severity {
    case .critical: "critical"
    case .high: "high"
    case .medium: "medium"
    case .low: "low"
    }
  }

  func outcome(_ outcome: Outcome) -> String {
    switch outcome {
    case .pass: "met"
    case .fail: "not met"
    case .notApplicable: "does not apply"
    case .notCollected: "not captured"
    case .error: "not decidable"
    case .manual: "for a person to check"
    }
  }

  func standing(_ standing: Standing) -> String {
    switch standing {
    case .refuted: "refuted"
    case .evidenced: "evidenced"
    case .open: "open"
    }
  }

  func exposure(_ standing: Standing) -> String {
    switch standing {
    case .refuted: "protection has gaps"
    case .evidenced: "protection evidenced"
    case .open: "protection not known"
    }
  }

  func openReason(_ reason: FoundationLevel.OpenReason) -> String {
    switch reason {
    case .noRule: "no selected rule looks at it"
    case .undecided: "a verdict is missing"
    case .notAttested: "a person has to state it"
    case .accepted: "the risk is accepted"
    }
  }

  func section(_ section: Measure.Section) -> String {
    switch section {
    case .core: "Core measures"
    case .response: "Responses to an attack"
    case .challenge: "Challenges"
    case .duty: "Further duties"
    }
  }

  func component(_ type: ComponentType) -> String {
    switch type {
    case .softwareApplication: "software application (SAR)"
    case .embeddedDevice: "embedded device (EDR)"
    case .hostDevice: "host device (HDR)"
    case .networkDevice: "network device (NDR)"
    }
  }

  func risk(_ risk: Remediation.Risk) -> String {
    switch risk {
    case .lockout: "can lock you out"
    case .reboot: "needs a reboot"
    case .serviceRestart: "restarts a service"
    case .dataLoss: "can lose data"
    }
  }

  func effort(_ effort: Remediation.Effort) -> String {
    switch effort {
    case .small: "small"
    case .medium: "medium"
    case .large: "large"
    }
  }

  func source(_ source: Arguments.Source) -> String {
    switch source {
    case .rule: "the rule's default"
    case .level(let level): "asked for by \(level.description)"
    case .profile(let id): "set by profile \(id)"
    case .site(let id): "set by site \(id)"
    case .host(let id): "set for host \(id)"
    case .commandLine: "set on the command line"
    }
  }

  func error(_ error: TargetError) -> String {
    let path = printable(error.path)
    switch error {
    case .permissionDenied: return "\(path): no permission to read"
    case .notCollected: return "\(path): not captured"
    case .io(_, let errno):
      let name = errnoName(errno).map { " (\($0))" } ?? ""
      return "\(path): error \(errno)\(name) of the operating system"
    case .tooLarge(_, let limit): return "\(path): larger than \(bytes(limit)), so not read"
    case .notRegular: return "\(path): a FIFO, socket or device instead of a file"
    case .tooManyLinks: return "\(path): too many symbolic links, or a circle of them"
    case .malformed(_, let line, let text):
      return "\(path)\(line > 0 ? ":\(line)" : ""): does not follow its format (\(text))"
    case .undetermined(_, let text), .remote(_, let text):
      return path == "/" ? text.en : "\(path): \(text.en)"
    }
  }

  private func bytes(_ count: Int) -> String {
    count >= 1 << 20 && count.isMultiple(of: 1 << 20)
      ? "\(number(count >> 20)) MiB" : "\(number(count)) bytes"
  }

  func status(_ status: Rule.Status) -> String {
    switch status {
    case .preview: "preview: may still change"
    case .stable: "stable"
    case .deprecated: "deprecated: will go"
    }
  }

  func reason(_ reason: Reason) -> String {
    switch reason {
    case .satisfied: "everything looked at is as it has to be"
    case .violated(let count):
      count == 1
        ? "1 thing is not as it has to be" : "\(number(count)) things are not as they have to be"
    case .missing: "what has to be there is missing"
    case .doesNotApply: "a condition under which the rule applies does not hold"
    case .undecided(let errors):
      errors.isEmpty ? noReason : errors.map(error).joined(separator: "; ")
    case .person(let text): text.en
    }
  }

  func expectation(_ comparison: Comparison, _ operand: String) -> String {
    switch comparison {
    case .equals: "exactly \(operand)"
    case .notEquals: "anything but \(operand)"
    case .oneOf: "one of: \(operand)"
    case .notOneOf: "none of: \(operand)"
    case .atLeast: "at least \(operand)"
    case .atMost: "at most \(operand)"
    case .between: "between \(operand)"
    case .matches: "a match of the pattern \(operand)"
    case .notMatches: "no match of the pattern \(operand)"
    case .contains: "contains \(operand)"
    case .lacks: "does not contain \(operand)"
    case .containsAll: "contains all of: \(operand)"
    case .subsetOf: "nothing but: \(operand)"
    case .modeAtMost: "mode \(operand) or stricter"
    case .hasBits: "all bits of mode \(operand) set"
    case .lacksBits: "no bit of mode \(operand) set"
    case .versionAtLeast: "version \(operand) or later"
    case .versionBelow: "a version before \(operand)"
    case .youngerThan: "younger than \(operand)"
    case .olderThan: "older than \(operand)"
    case .within: "within: \(operand)"
    case .notWithin: "outside of: \(operand)"
    case .exists: "present"
    case .absent: "not present"
    }
  }

  func expectedNot(_ what: String) -> String { "not: \(what)" }
  func expectedSome(_ what: String) -> String { "at least one entry with: \(what)" }
  func expectedEvery(_ what: String) -> String { "every entry: \(what)" }
  func expectedNone(_ what: String) -> String { "no entry with: \(what)" }
  func expectedCount(_ what: String) -> String { "number of entries: \(what)" }
  func expectedApproved(_ entries: String) -> String { "only approved entries: \(entries)" }
  var expectedNoEntry: String { "no such entry" }
  var expectedCounted: String { "as above; these were counted" }
  var expectedAllowed: String { "only what is approved" }
  var foundAbsent: String { "not present" }
  var foundNothing: String { "nothing; what has to be there is missing" }
  var emptyText: String { "empty" }
  func builtIn(_ program: String) -> String { "default of \(program)" }
  func printed(by command: String) -> String { "output of `\(command)`" }
  func overrides(_ value: String, _ origin: String) -> String { "overrides \(value) in \(origin)" }
  func more(_ count: Int) -> String { "… and \(number(count)) more (--verbose or JSON shows all)" }
  func moreCharacters(_ count: Int) -> String { "… (\(number(count)) more characters)" }
  func inAll(_ count: Int) -> String { "(\(number(count)) in all)" }

  func title(_ host: String) -> String { "Riegel audit of \(host)" }
  var unnamedHost: String { "a host without a name" }
  var unknownSystem: String { "not known (no os-release)" }
  func kernel(_ version: String) -> String { "kernel \(version)" }
  func target(_ kind: TargetKind, _ address: String, isPrivileged: Bool) -> String {
    let rights = isPrivileged ? "read as root" : "read without root's rights"
    switch kind {
    case .live: return "this running host (\(address)), \(rights)"
    case .directory: return "directory \(address), \(rights)"
    case .archive: return "archive \(address)"
    case .memory: return "file tree in memory (\(address))"
    }
  }
  var defaultProfile: String {
    "No profile was named, so the default was taken. `riegel list profiles` shows what there is,"
      + " `--profile NAME` chooses."
  }
  func tool(_ version: String, _ content: String) -> String {
    "riegel \(version), content \(content)"
  }
  func rules(_ count: Int) -> String { "\(number(count)) \(count == 1 ? "rule" : "rules")" }
  func failed(_ count: Int) -> String { "\(number(count)) not met" }
  func undecided(_ count: Int) -> String { "\(number(count)) not decidable" }
  func forPersons(_ count: Int) -> String { "\(number(count)) for a person to check" }
  func passed(_ count: Int) -> String { "\(number(count)) met" }
  func notApplicable(_ count: Int) -> String {
    count == 1 ? "1 does not apply" : "\(number(count)) do not apply"
  }

  var labelSystem: String { "System" }
  var labelTarget: String { "Target" }
  var labelProfile: String { "Profile" }
  var labelAim: String { "Aimed at" }
  var labelTime: String { "Time" }
  var labelTool: String { "Made by" }
  var labelRules: String { "Result" }
  var labelWhy: String { "Why" }
  var labelExpected: String { "Expected" }
  var labelFound: String { "Found" }
  var labelFix: String { "Fix" }
  var labelRefutes: String { "Refutes" }
  var labelSetting: String { "Setting" }
  var labelByLevel: String { "By level" }
  var labelNote: String { "Note" }
  var labelReferences: String { "See also" }
  var labelLook: String { "Look at" }

  func failures(_ count: Int) -> String { "Not met: \(number(count))" }
  func undecidedHeading(_ count: Int) -> String { "Not decidable: \(number(count))" }
  func manualHeading(_ count: Int) -> String { "For a person to check: \(number(count))" }
  func passedHeading(_ count: Int) -> String { "Met: \(number(count))" }
  func notApplicableHeading(_ count: Int) -> String { "Does not apply: \(number(count))" }
  func levelsHeading(_ catalogue: String, _ component: String) -> String {
    "Security levels, \(catalogue), \(component)"
  }
  var measuresHeading: String { "Measures in practice" }
  var threatsHeading: String { "Threats" }
  var verdictHeading: String { "Verdict" }
  func notMet(_ title: String) -> String { "Not met: \(title)" }
  func fixEffort(_ effort: String) -> String { "Effort: \(effort)." }
  func caution(_ risks: [String]) -> String { "CAUTION: \(risks.joined(separator: ", "))." }
  func setBy(_ value: String, _ source: String) -> String { "\(value) (\(source))" }

  func noPermission(isPrivileged: Bool) -> String {
    isPrivileged
      ? "No permission to read, although the audit ran as root. Something keeps even root out:"
        + " a network file system, a user namespace, or an access control such as AppArmor."
      : "No permission to read. Run the audit again as root: `sudo riegel audit`."
  }
  func notCaptured(_ kind: TargetKind) -> String {
    switch kind {
    case .live:
      "Not captured: this was not recorded on the running host, so nobody can tell."
    case .directory:
      "Not captured: a directory holds no running system, so what its kernel and services do is"
        + " not in it. Audit the host itself, or a snapshot of it."
    case .archive:
      "Not captured: the archive does not hold it. A new snapshot, made by this version on the"
        + " running host, may."
    case .memory: "Not captured: the file tree does not hold it."
    }
  }
  var badFormat: String {
    "A file does not follow its own format, so nothing can be concluded from it. Mend the file."
  }
  var elsewhere: String {
    "Only a service outside of this host knows it; check it there."
  }
  var notWorkedOut: String { "What the files say cannot be worked out here." }
  var notReadable: String { "Could not be read." }
  var noReason: String { "No verdict; the audit gives no reason." }

  var aimColumn: String { "aim" }
  var intervalColumn: String { "interval" }
  var aimMissed: String { "aim missed" }
  var aimShown: String { "aim evidenced" }
  var aimOpen: String { "aim open" }
  var noAim: String { "no aim" }
  func ceilingLimit(_ ceiling: String) -> String { "not above \(ceiling):" }
  func floorLimit(_ next: String) -> String { "for \(next):" }
  func refutedRequirements(_ count: Int) -> String { "\(number(count)) refuted" }
  func openRequirements(_ count: Int, _ reason: FoundationLevel.OpenReason) -> String {
    switch reason {
    case .noRule: "\(number(count)) without a rule"
    case .undecided: "\(number(count)) without a verdict"
    case .notAttested: "\(number(count)) for a person to state"
    case .accepted: "\(number(count)) refuted with accepted risk"
    }
  }
  func openRequirements(_ count: Int) -> String { "\(number(count)) open" }
  var levelsExplained: String {
    "How to read SL0 … SL1: all that SL0 asks for is evidenced, and nothing that SL1 asks for is"
      + " refuted; what lies in between is open. A scan of one host sees only part of a security"
      + " level, so the interval proves what is missing, not that a level is reached."
  }
  func measureCounts(failed: Int, undecided: Int, passed: Int, openStatements: Int) -> [String] {
    var parts: [String] = []
    if failed > 0 { parts.append("\(number(failed)) not met") }
    if undecided > 0 { parts.append("\(number(undecided)) not decidable") }
    if passed > 0 { parts.append("\(number(passed)) met") }
    if openStatements > 0 {
      parts.append(
        "\(number(openStatements)) \(openStatements == 1 ? "statement" : "statements") due")
    }
    return parts.isEmpty ? ["no rule looks at it"] : parts
  }
  func openedBy(_ measures: [String]) -> String { "through: \(measures.joined(separator: "; "))" }
  func others(_ count: Int) -> String { "and \(number(count)) more" }

  func verdictFailed(_ failed: Int, of applicable: Int, critical: Int) -> String {
    let of =
      "\(number(failed)) of \(rules(applicable)) that \(applicable == 1 ? "applies" : "apply")"
    let severe = critical > 0 ? ", \(number(critical)) of them critical" : ""
    return "\(of) \(failed == 1 ? "is" : "are") not met\(severe)."
  }
  func verdictUndecidedToo(_ count: Int) -> String {
    "\(number(count)) more could not be decided."
  }
  func verdictUndecided(_ count: Int) -> String {
    "No rule failed, but \(number(count)) could not be decided. That is no all-clear."
  }
  var verdictNothingApplied: String {
    "Nothing was checked: no rule of the profile applies to this host. That is no all-clear."
  }
  func verdictPassed(_ count: Int) -> String {
    count == 1
      ? "The one rule that applies is met. What no rule looks at stays open."
      : "All \(rules(count)) that apply are met. What no rule looks at stays open."
  }
}
