import RiegelModel

/// Secrets that a key announces: `password = geheim`, `'password' => 'geheim'`, `--password geheim`,
/// `<password>geheim</password>`, `secret "geheim";`.
extension SecretLine {
  /// What a key leads to.
  private enum Found {
    case nothing
    case value(from: Int, to: Int)
    /// The value stands in the lines that follow.
    case later(Continuation)
  }

  func assignments(
    _ line: inout ArraySlice<UInt8>, _ kind: Kind, _ open: inout Continuation,
    _ counts: inout [String: Int]
  ) {
    var at = line.startIndex
    while at < line.endIndex {
      guard SecretLine.isKeyByte(line[at]) else {
        at += 1
        continue
      }
      let start = at
      while at < line.endIndex, SecretLine.isKeyByte(line[at]) { at += 1 }
      let key = line[start..<at]
      let isUser = SecretLine.isUserKey(key)
      guard isUser || SecretNames.isSecret(key: key) else { continue }
      switch value(in: line, key, kind) {
      case .nothing: continue
      case .later(let continuation): if !isUser { open = continuation }
      case .value(var from, let to):
        if isUser {
          // `user%geheim` of mount.cifs(8).
          guard let percent = line[from..<to].firstIndex(of: UInt8(ascii: "%")), percent > from,
            !isFirst(start, in: line)
          else { continue }
          from = percent + 1
        }
        let value = line[from..<to]
        if value.isEmpty || value.elementsEqual(marker)
          || !isUser && SecretNames.isHarmless(value: value, ofKey: key)
        {
          at = from
          continue
        }
        if !isUser, to == line.endIndex {
          if SecretLine.isBlockMark(value) {
            open = .deeper(SecretLine.indent(line))
            continue
          }
          if value.last == UInt8(ascii: "\\") { open = .line }
        }
        line = line[..<from] + marker + line[to...]
        at = from + marker.count
        counts["named-secrets", default: 0] += 1
      }
    }
  }

  /// What is assigned to a key.
  private func value(in line: ArraySlice<UInt8>, _ key: ArraySlice<UInt8>, _ kind: Kind) -> Found {
    var at = key.endIndex
    func skipBlanks() {
      while at < line.endIndex, SecretLine.isBlank(line[at]) { at += 1 }
    }
    let isTag = key.startIndex > line.startIndex && line[key.startIndex - 1] == UInt8(ascii: "<")
    var isQuoted = false
    if at < line.endIndex, SecretLine.isQuote(line[at]) {
      isQuoted = true
      at += 1
      // `$cfg['secret'] = …`
      if at < line.endIndex, line[at] == UInt8(ascii: "]") { at += 1 }
    }
    let end = at
    skipBlanks()
    guard at < line.endIndex else { return .nothing }
    let sign = line[at]
    if isTag || isQuoted, sign == UInt8(ascii: ">") {
      if !line[(at + 1)...].contains(where: { !SecretLine.isBlank($0) }) { return .later(.tag) }
      let close = line[at...].firstIndex(of: UInt8(ascii: "<")) ?? line.endIndex
      return .value(from: at + 1, to: close)
    }
    if sign == UInt8(ascii: "=") || sign == UInt8(ascii: ":") {
      at += 1
      // `:=`, `==`, `=>` and `::` are one sign.
      if at < line.endIndex, "=>:".utf8.contains(line[at]) { at += 1 }
      skipBlanks()
      if at == line.endIndex { return .later(.scalar(SecretLine.indent(line))) }
      return plain(in: line, key, from: at)
    }
    if isQuoted {
      // `define('DB_PASSWORD', 'geheim')`
      if sign == UInt8(ascii: ",") {
        at += 1
        skipBlanks()
        return quoted(in: line, at)
      }
      // `<property name="password" value="geheim"/>`
      let mark = Array("value=".utf8)
      if at > end, line[at...].starts(with: mark) { return quoted(in: line, at + mark.count) }
      return .nothing
    }
    guard at > end else { return .nothing }
    if SecretLine.isQuote(sign) { return quoted(in: line, at) }
    let word = line[at...].firstIndex { SecretLine.isBlank($0) || ";|&\"'".utf8.contains($0) }
    if key.first == UInt8(ascii: "-"), sign != UInt8(ascii: "-") {
      return .value(from: at, to: word ?? line.endIndex)
    }
    // `secret geheim;` of BIND and dhcpd, not `[ -e /etc/passwd ];` of a shell.
    if kind.hasDirectives, let word, line[word] == UInt8(ascii: ";"), word > at + 2,
      key.startIndex == line.startIndex || line[key.startIndex - 1] != UInt8(ascii: "/")
    {
      return .value(from: at, to: word)
    }
    return .nothing
  }

  private func quoted(in line: ArraySlice<UInt8>, _ at: Int) -> Found {
    guard at < line.endIndex, SecretLine.isQuote(line[at]) else { return .nothing }
    return .value(from: at + 1, to: SecretLine.quoteEnd(line, at))
  }

  private func plain(in line: ArraySlice<UInt8>, _ key: ArraySlice<UInt8>, from at: Int) -> Found {
    if line[at] == UInt8(ascii: "[") {
      let close = line[at...].lastIndex(of: UInt8(ascii: "]")).map { $0 + 1 } ?? line.endIndex
      return .value(from: at, to: close)
    }
    if SecretLine.isQuote(line[at]) { return quoted(in: line, at) }
    // The first key of a line takes all of it: a password may have blanks and commas. A header of
    // HTTP names its scheme first.
    let isHeader = SecretLine.lowercased(key.suffix(13)).elementsEqual("authorization".utf8)
    if isHeader || isFirst(key.startIndex, in: line) { return .value(from: at, to: line.endIndex) }
    let close = line[at...].firstIndex { byte in
      SecretLine.isBlank(byte) || ",;&\"'".utf8.contains(byte)
    }
    return .value(from: at, to: close ?? line.endIndex)
  }

  /// Whether a key is what a line begins with, but for what does not count.
  private func isFirst(_ start: Int, in line: ArraySlice<UInt8>) -> Bool {
    let before = line[..<start].filter { !SecretLine.isBlank($0) && $0 != UInt8(ascii: "$") }
    return before.isEmpty || before.elementsEqual("export".utf8)
  }

  /// `|`, `>-`: the value of YAML stands in the lines below.
  private static func isBlockMark(_ value: ArraySlice<UInt8>) -> Bool {
    guard let first = value.first, "|>".utf8.contains(first), value.count <= 3 else { return false }
    return value.dropFirst().allSatisfy { "+-0123456789".utf8.contains($0) }
  }

  private static func isUserKey(_ key: ArraySlice<UInt8>) -> Bool {
    guard key.count == 4 || key.count == 8 else { return false }
    let name = lowercased(key)
    return name.elementsEqual("user".utf8) || name.elementsEqual("username".utf8)
  }

  private static func indent(_ line: ArraySlice<UInt8>) -> Int {
    line.prefix { isBlank($0) }.count
  }

  // MARK: programs

  private static let options = SecretWords.options.map {
    (program: Array($0.program.utf8), option: Array($0.option.utf8), after: $0.after.utf8.first)
  }

  /// `mysql -pgeheim`, `curl -u user:geheim`: options that only their program gives a meaning.
  func commands(_ line: inout ArraySlice<UInt8>, _ counts: inout [String: Int]) {
    guard line.place(of: Array(" -".utf8)) != nil || line.place(of: Array("\t-".utf8)) != nil else {
      return
    }
    var at = line.startIndex
    var program: ArraySlice<UInt8> = []
    // Where the last word is an option, what may be taken out of the next one.
    var pending: UInt8??
    while let start = line[at...].firstIndex(where: { !SecretLine.isBlank($0) }) {
      let end = line[start...].firstIndex { SecretLine.isBlank($0) } ?? line.endIndex
      at = end
      var place: (Int, UInt8?)?
      if let after = pending {
        pending = nil
        place = (start, after)
      } else if line[start] == UInt8(ascii: "-"), !program.isEmpty {
        for (name, option, after) in SecretLine.options where program.starts(with: name) {
          guard line[start..<end].starts(with: option) else { continue }
          var rest = start + option.count
          if option.count > 2, rest < end {
            guard line[rest] == UInt8(ascii: "=") else { continue }
            rest += 1
          }
          if rest < end {
            place = (rest, after)
          } else if after != UInt8(ascii: "=") {
            pending = .some(after)
          }
        }
      } else {
        let name = line[start..<end].drop { !SecretLine.isWordByte($0) && $0 != 0x2f }
        let base = name.lastIndex(of: 0x2f).map { name[($0 + 1)...] } ?? name
        if SecretLine.options.contains(where: { base.starts(with: $0.program) }) { program = base }
      }
      guard let (start, after) = place else { continue }
      var from = start
      if after == UInt8(ascii: ":") || after == UInt8(ascii: "%") {
        guard let sign = line[from..<end].firstIndex(where: { $0 == after }) else { continue }
        from = sign + 1
      }
      if line[from..<end].isEmpty || line[from..<end].elementsEqual(marker) { continue }
      line = line[..<from] + marker + line[end...]
      at = from + marker.count
      counts["command-lines", default: 0] += 1
    }
  }
}
