import RiegelModel

/// Words of remedies that can lock people out when they are followed to the letter.
private let lockoutWords = [
  "PermitRootLogin", "PasswordAuthentication", "AllowUsers", "AllowGroups", "faillock", "pam_",
  "authselect", "nologin",
]

/// A remedy that can lock out says so.
@Sendable func lintRisks(_ content: Content) -> [Diagnostic] {
  content.library.rules.compactMap { rule in
    guard !rule.remediation.risks.contains(.lockout),
      let word = lockoutWords.first(where: { rule.remediation.text.en.contains($0) })
    else { return nil }
    return Diagnostic(
      .warning, "a remedy about '\(word)' can lock people out",
      at: content.place(of: "remediation", in: rule), suggestion: "add 'risk: [lockout]'")
  }
}
