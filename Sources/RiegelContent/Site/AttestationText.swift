package import RiegelModel

/// An attestation as the YAML file that `RecordReader` reads back.
package func attestationText(_ attestation: Attestation) -> String {
  var text = ""
  func line(_ key: String, _ value: String) { text += "\(key): \(value)\n" }
  switch attestation.subject {
  case .statement(let id): line("statement", quoted(id))
  case .requirements(let ids): line("requirements", list(ids))
  case .rows(let ids): line("rows", list(ids))
  }
  if attestation.claim != .met { line("claim", attestation.claim.rawValue) }
  if !attestation.scope.hosts.isEmpty { line("hosts", list(attestation.scope.hosts)) }
  if !attestation.scope.zones.isEmpty { line("zones", list(attestation.scope.zones)) }
  if attestation.text.en == attestation.text.de {
    line("text", quoted(attestation.text.en))
  } else {
    text += "text:\n"
    line("  en", quoted(attestation.text.en))
    line("  de", quoted(attestation.text.de))
  }
  line("by", quoted(attestation.person))
  line("on", attestation.day.date)
  line("valid-for", attestation.validity.description)
  text += "evidence:\n"
  line("  file", quoted(attestation.document.file))
  line("  sha256", attestation.document.sha256)
  return text
}

private func list(_ texts: [String]) -> String {
  "[" + texts.map(quoted).joined(separator: ", ") + "]"
}

/// In double quotes, with the escapes that YAML shares with JSON; words that cannot be mistaken
/// stay bare.
private func quoted(_ text: String) -> String {
  if isKebabCase(text), text.utf8.contains(where: { (97...122).contains($0) }),
    !["true", "false", "yes", "no", "on", "off", "null", "y", "n"].contains(text)
  {
    return text
  }
  var result = ""
  JSON.quote(text, into: &result)
  return result
}
