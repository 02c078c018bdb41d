import RiegelModel

/// The keys of `site.yaml` in the order in which they are written.
let siteKeys = [
  "id", "title", "profiles", "profile", "kbv-annexes", "zones", "hosts", "conduits", "parameters",
  "waivers", "attestations",
]

/// Reads `site.yaml` without the folders that it names. nil if something in it is wrong.
func readSite(_ node: Node, library: Library, log: DiagnosticLog) -> Site? {
  guard var reader = MappingReader(node, "a site", log) else { return nil }
  let before = log.diagnostics.count
  let parts = SitePartsReader(library: library, log: log)
  let id = reader.required("id").flatMap { kebab($0, "id", log) }
  let title = reader.required("title").flatMap { eitherText($0, "title", log) }
  let profile = parts.profile(&reader)
  let annexes = reader.optional("kbv-annexes").map(parts.annexes)
  let zones = reader.required("zones").map(parts.zones) ?? []
  let members = reader.required("hosts").map { parts.members($0, zones) } ?? []
  let conduits = reader.optional("conduits").map { parts.conduits($0, zones, members) } ?? []
  let settings = parts.settings(&reader)
  _ = reader.raw("profiles")
  _ = reader.raw("waivers")
  _ = reader.raw("attestations")
  reader.finish()
  guard let id, let title, !log.diagnostics[before...].contains(where: { $0.level == .error })
  else { return nil }
  for zone in zones where !members.contains(where: { $0.zone == zone.id }) {
    log.warn("no host is in the zone '\(zone.id)'", at: zone.place)
  }
  return Site(
    id: id, title: title, profile: profile, settings: settings, zones: zones, members: members,
    conduits: conduits, annexes: annexes, place: node.place)
}

/// A text in one language, which then stands for both, or a mapping with both.
func eitherText(_ node: Node, _ key: String, _ log: DiagnosticLog) -> Localized? {
  if node.entries != nil { return localizedOf(node, "'\(key)'", log) }
  return nonEmptyText(node, key, log).map { Localized(en: $0, de: $0) }
}

func kebab(_ node: Node, _ key: String, _ log: DiagnosticLog) -> String? {
  guard let text = nonEmptyText(node, key, log) else { return nil }
  if !isKebabCase(text) { log.error("'\(text)' is not in kebab-case", at: node.place) }
  return text
}

private struct SitePartsReader {
  let library: Library
  let log: DiagnosticLog

  func profile(_ reader: inout MappingReader) -> String? {
    guard let node = reader.optional("profile"), let id = nonEmptyText(node, "profile", log)
    else { return nil }
    if library.profile(id) == nil {
      log.unknown("profile", id, at: node.place, among: library.profiles.map(\.id))
    }
    return id
  }

  func annexes(_ node: Node) -> [Int] {
    let known = Set(library.directive.rows.map(\.annex))
    return (node.items ?? []).compactMap { item in
      guard let number = integerOf(item, "kbv-annexes", log) else { return nil }
      if !known.contains(number) {
        log.error(
          "the directive has no annex \(number); it has"
            + " \(known.sorted().map(String.init).joined(separator: ", "))", at: item.place)
      }
      return number
    }
  }

  func settings(_ reader: inout MappingReader) -> [Profile.Setting] {
    guard let node = reader.optional("parameters") else { return [] }
    let settings = readSettings(node, log)
    let rules = library.rules.map(\.id)
    for setting in settings {
      guard let rule = library.rule(setting.rule) else {
        log.unknown("rule", setting.rule, at: setting.place, among: rules)
        continue
      }
      checkSetting(setting, of: rule, log)
      for name in setting.value.references where name != "conduits" {
        log.error(
          "'${\(name)}' is not known here", at: setting.place,
          suggestion: "a site's values may draw on ${conduits} only")
      }
    }
    return settings
  }

  /// A mapping from ids to declarations.
  private func entries(_ node: Node, _ key: String) -> [Node.Entry] {
    guard let entries = node.entries, !entries.isEmpty else {
      log.error("'\(key)' is a mapping from ids to what they are", at: node.place)
      return []
    }
    return entries
  }

  // MARK: zones

  func zones(_ node: Node) -> [Site.Zone] {
    entries(node, "zones").compactMap { entry in
      if !isKebabCase(entry.key) {
        log.error("'\(entry.key)' is not in kebab-case", at: entry.keyPlace)
      }
      if entry.key == Site.outside {
        log.error("'\(Site.outside)' stands for whatever is in no zone", at: entry.keyPlace)
      }
      guard var reader = MappingReader(entry.value, "the zone '\(entry.key)'", log) else {
        return nil
      }
      let title = reader.required("title").flatMap { eitherText($0, "title", log) }
      let target = reader.required("target").map {
        readTarget($0, library.security.foundations.map(\.abbreviation), isWhole: true, log)
      }
      let profile = profile(&reader)
      let settings = settings(&reader)
      reader.finish()
      guard let title, let target else { return nil }
      return Site.Zone(
        id: entry.key, title: title, target: target, profile: profile, settings: settings,
        place: entry.keyPlace)
    }
  }

  // MARK: hosts

  func members(_ node: Node, _ zones: [Site.Zone]) -> [Site.Member] {
    var members: [Site.Member] = []
    for entry in entries(node, "hosts") {
      guard let member = member(entry, zones) else { continue }
      for other in members {
        let ids = [member.machineID, other.machineID].compactMap { $0 }
        let isTwice =
          ids.count == 2 && ids[0] == ids[1]
          || (member.hostname ?? member.id) == (other.hostname ?? other.id)
        if isTwice {
          log.error(
            "'\(member.id)' is the same host as '\(other.id)' in line \(other.place.line)",
            at: entry.keyPlace)
        }
      }
      members.append(member)
    }
    return members
  }

  private func member(_ entry: Node.Entry, _ zones: [Site.Zone]) -> Site.Member? {
    guard var reader = MappingReader(entry.value, "the host '\(entry.key)'", log) else {
      return nil
    }
    let isName = entry.key.utf8.allSatisfy {
      (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0)
        || "-._".utf8.contains($0)
    }
    if !isName || entry.key.isEmpty {
      log.error("'\(entry.key)' is no name of a host", at: entry.keyPlace)
    }
    let title = reader.optional("title").flatMap { eitherText($0, "title", log) }
    let zone = reader.required("zone").flatMap { zoneID($0, "zone", zones) }
    let profile = profile(&reader)
    let type = reader.optionalChoice("component-type", ComponentType.self)
    let isEssential = reader.optionalFlag("essential-function")
    let hostname = reader.optionalText("hostname")
    let machineID = reader.optionalText("machine-id")
    let target = reader.optionalText("target")
    let settings = settings(&reader)
    reader.finish()
    guard let zone else { return nil }
    return Site.Member(
      id: entry.key, title: title, zone: zone, profile: profile,
      componentType: type ?? .hostDevice, isEssential: isEssential ?? false, hostname: hostname,
      machineID: machineID, target: target, settings: settings, place: entry.keyPlace)
  }

  private func zoneID(
    _ node: Node, _ key: String, _ zones: [Site.Zone], orOutside: Bool = false
  ) -> String? {
    guard let id = nonEmptyText(node, key, log) else { return nil }
    let known = zones.map(\.id) + (orOutside ? [Site.outside] : [])
    if !known.contains(id) { log.unknown("zone", id, at: node.place, among: known) }
    return id
  }

  // MARK: conduits

  func conduits(
    _ node: Node, _ zones: [Site.Zone], _ members: [Site.Member]
  ) -> [Site.Conduit] {
    guard let items = node.items else {
      log.error("'conduits' must be a list, not \(node.kind)", at: node.place)
      return []
    }
    let conduits = items.compactMap { conduit($0, zones, members) }
    checkUnique(conduits.map { ($0.id, $0.place) }, "conduit", log)
    return conduits
  }

  private func conduit(
    _ node: Node, _ zones: [Site.Zone], _ members: [Site.Member]
  ) -> Site.Conduit? {
    guard var reader = MappingReader(node, "a conduit", log) else { return nil }
    let id = reader.required("id").flatMap { kebab($0, "id", log) }
    let from = reader.required("from").flatMap { zoneID($0, "from", zones, orOutside: true) }
    let to = reader.required("to").flatMap { zoneID($0, "to", zones, orOutside: true) }
    let direction = reader.optionalChoice("direction", Site.Conduit.Direction.self) ?? .forward
    if from == Site.outside, to == Site.outside {
      log.error("a conduit has one end in the site", at: node.place)
    }
    let ends = [to, direction == .both ? from : nil].compactMap { $0 }
    let offering = members.filter { ends.contains($0.zone) }.map(\.id)
    let flows = reader.rows("flows", "a flow") { flow(&$0, offering) }
    reader.finish()
    guard let id, let from, let to else { return nil }
    return Site.Conduit(
      id: id, from: from, to: to, direction: direction, flows: flows, place: node.place)
  }

  private func flow(
    _ reader: inout MappingReader, _ offering: [String]
  ) -> Site.Conduit.Flow? {
    let transport = reader.choice("protocol", Site.Conduit.Flow.Transport.self)
    let ports = reader.required("port").flatMap(portRange)
    let hosts = reader.optional("hosts").flatMap { textsOf($0, "hosts", log) } ?? []
    for (host, place) in hosts where !offering.contains(host) {
      log.error(
        "'\(host)' is no host that this conduit leads to", at: place,
        suggestion: didYouMean(host, among: offering))
    }
    let process = reader.optionalText("process")
    let reason = reader.required("reason").flatMap { eitherText($0, "reason", log) }
    guard let transport, let ports, let reason else { return nil }
    return Site.Conduit.Flow(
      transport: transport, ports: ports, hosts: hosts.map(\.text), process: process,
      reason: reason, place: reader.place)
  }

  /// `443` or `8000-8100`.
  private func portRange(_ node: Node) -> ClosedRange<Int>? {
    let parts = (node.text ?? "").split(separator: "-", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == parts.count, (1...2).contains(numbers.count),
      numbers.allSatisfy({ (1...65_535).contains($0) }), let low = numbers.first,
      let high = numbers.last, low <= high
    else {
      log.error("'port' is a port or a range such as 443 or 8000-8100", at: node.place)
      return nil
    }
    return low...high
  }
}
