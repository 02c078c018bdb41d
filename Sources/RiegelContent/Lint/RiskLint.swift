import RiegelModel

/// Words of remedies that can lock people out when they are followed to the letter.
private let lockoutWords = [
  "PermitRootLogin", "PasswordAuthentication", "AllowUsers", "AllowGroups", "faillock", "pam_",
  "authselect", "nologin",
]

/// Whether a text names the word other than as a part of a path where no settings of logins lie: to
/// make or watch `/run/faillock` locks nobody out.
private func mentions(_ word: String, in text: String) -> Bool {
  text.split { $0 == " " || $0 == "`" }.contains { part in
    part.contains(word) && !["/run/", "/var/", "/etc/tmpfiles.d/"].contains(where: part.hasPrefix)
  }
}

/// A remedy that can lock out says so.
@Sendable func lintRisks(_ content: Content) -> [Diagnostic] {
  content.library.rules.compactMap { rule in
    guard !rule.remediation.risks.contains(.lockout),
      let word = lockoutWords.first(where: { mentions($0, in: rule.remediation.text.en) })
    else { return nil }
    return Diagnostic(
      .warning, "a remedy about '\(word)' can lock people out",
      at: content.place(of: "remediation", in: rule), suggestion: "add 'risk: [lockout]'")
  }
}
