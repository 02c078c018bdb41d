import RiegelModel
import SystemPackage

/// Observes whether accounts still have one of the passwords that products are delivered with.
///
/// One row for each account that a password opens. Only yes or no leaves the probe: neither hash
/// nor password, nor which of the list it was, since a report is read by many. What is tried is
/// bounded by what a try costs by its method and not by a clock, so that the same tree always
/// gives the same answer; where the bound cuts the list, the answer is not known.
struct DefaultPasswordProbe: Probe {
  static let name = "default-password"
  static let summary = "Whether accounts have one of a list of passwords; says only yes or no."
  static let fields: [Field] = [
    .flag(
      "default",
      "The account's password is in the list; unknown where not all of the list could be tried, or"
        + " the hash was taken out of a snapshot."),
    .text("name", "The account's name."),
    .number("uid", "The user ID."),
    .flag("expired", "Whether the account is closed by its expiry."),
  ]
  static let keys: [Key<Self>] = [
    .subjects(
      \.candidates,
      "The passwords to try; in them `%n` stands for the account's own name and `%%` for a percent"
        + " sign."),
    .number(
      "effort", \.effort,
      "What all tries together may cost, in tenths of a millisecond of a usual processor: one try"
        + " costs 19 with SHA-512 of 5000 rounds, 230 with yescrypt of cost 5, 615 with bcrypt of"
        + " cost 10. 100000 if not given; a single try may cost a twentieth."),
  ]
  static let reads = AccountDatabase.reads

  var candidates: [String] = []
  var effort = 100_000

  private struct Subject {
    var account: PasswdEntry
    var hash: PasswordHash
    var origin: Origin
    var expires: Int?
    var answer: Fact?
    /// Candidates that were left out for their cost.
    var isCut = false
  }

  func observe(_ host: Host) throws(TargetError) -> Observation {
    if candidates.isEmpty {
      throw .undetermined(
        AccountDatabase.shadow,
        Localized(
          en: "the list of passwords to try is empty", de: "die Liste der Passwörter ist leer"))
    }
    let database = try AccountDatabase.read(host)
    var observation = Observation(
      gaps: database.accountGaps, notes: database.notes("passwd"))
    var subjects = try subjects(database, host, &observation.gaps)
    // The likeliest candidate first for all accounts, so that a bound cuts the end of the list.
    var left = effort
    for candidate in candidates {
      for index in subjects.indices where subjects[index].answer == nil {
        attempt(candidate, &subjects[index], &left)
      }
    }
    let today = host.now.seconds / 86_400
    observation.rows = subjects.map { subject in
      Row(
        subject.account.name,
        [
          "name": .text(subject.account.name, subject.account.origin),
          "uid": .number(subject.account.uid, subject.account.origin),
          "expired": .flag(subject.expires.map { $0 <= today } ?? false, subject.origin),
          "default": subject.answer
            ?? (subject.isCut ? cut(subject) : .flag(false, subject.origin)),
        ])
    }
    return observation
  }

  private func attempt(_ candidate: String, _ subject: inout Subject, _ left: inout Int) {
    let path = subject.origin.path ?? AccountDatabase.shadow
    if subject.hash.isRedacted {
      subject.answer = .unknown(.notCollected(path))
      return
    }
    guard let cost = subject.hash.cost else {
      subject.answer = .unknown(
        .undetermined(
          path,
          Localized(
            en: "the method or parameters of this hash are not tried",
            de: "Verfahren oder Parameter dieses Hashes werden nicht erprobt")))
      return
    }
    guard cost <= min(left, effort / 20) else {
      subject.isCut = true
      return
    }
    left -= cost
    switch subject.hash.answer(expanded(candidate, subject.account.name)) {
    case .matches: subject.answer = .flag(true, subject.origin)
    case .differs: break
    case .unsupported:
      subject.answer = .unknown(
        .undetermined(
          path,
          Localized(
            en: "the libcrypt of the machine that audits does not know the method of this hash",
            de: "die libcrypt des prüfenden Rechners kennt das Verfahren dieses Hashes nicht")))
    }
  }

  private func cut(_ subject: Subject) -> Fact {
    .unknown(
      .undetermined(
        subject.origin.path ?? AccountDatabase.shadow,
        Localized(
          en: "not all passwords of the list were tried: this hash is too slow, or there are too"
            + " many accounts",
          de: "nicht alle Passwörter der Liste wurden erprobt: Dieser Hash ist zu langsam, oder es"
            + " gibt zu viele Konten")))
  }

  /// The candidate with the account's name put in.
  private func expanded(_ candidate: String, _ name: String) -> String {
    var result = ""
    var isMarked = false
    for character in candidate {
      if isMarked {
        result += character == "n" ? name : character == "%" ? "%" : "%\(character)"
        isMarked = false
      } else if character == "%" {
        isMarked = true
      } else {
        result.append(character)
      }
    }
    return isMarked ? result + "%" : result
  }

  /// The accounts that a password opens, with their hashes; what cannot be read is a gap.
  private func subjects(
    _ database: AccountDatabase, _ host: Host, _ gaps: inout [TargetError]
  ) throws(TargetError) -> [Subject] {
    var subjects: [Subject] = []
    for account in database.accounts {
      var state = account.password
      var origin = account.origin
      var expires: Int?
      do {
        let entry = try database.shadowEntry(account.name)
        expires = entry?.expires
        if state == nil, let entry {
          state = entry.password
          origin = entry.origin
        }
      } catch {
        // A hash in passwd counts whatever shadow says.
        if state == nil, !gaps.contains(error) { gaps.append(error) }
      }
      guard state?.state == .usable else { continue }
      guard case .line(let path, let number) = origin,
        let field = try DefaultPasswordProbe.field(path, number, host)
      else {
        // A password that opens the account, and no hash to try: never silently left out.
        gaps.append(.notCollected(origin.path ?? AccountDatabase.shadow))
        continue
      }
      subjects.append(
        Subject(
          account: account, hash: PasswordHash(field), origin: origin, expires: expires))
    }
    return subjects
  }

  /// The second field of a line that was parsed before, in which the parsed form keeps no hash.
  private static func field(
    _ path: FilePath, _ line: Int, _ host: Host
  ) throws(TargetError) -> Substring? {
    guard let text = try host.lines(of: path)?.first(where: { $0.number == line })?.text else {
      return nil
    }
    let fields = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    return fields.count > 1 ? fields[1] : nil
  }
}
