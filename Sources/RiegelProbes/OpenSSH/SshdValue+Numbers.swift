/// How sshd reads times, sizes, ports and service classes.
extension SshdValue {
  /// `convtime`: `90`, `1h30m`, in any case; nil for anything else and for what an `int` cannot hold.
  static func seconds(_ text: String) -> Int? {
    var total = 0
    var digits = ""
    if text.isEmpty { return nil }
    func add(_ unit: Int) -> Bool {
      guard let count = Int32(digits), count >= 0 else { return false }
      total += Int(count) * unit
      digits = ""
      return total <= Int(Int32.max)
    }
    for character in text {
      if ("0"..."9").contains(character) {
        digits.append(character)
        continue
      }
      let unit: Int
      switch character {
      case "s", "S": unit = 1
      case "m", "M": unit = 60
      case "h", "H": unit = 3600
      case "d", "D": unit = 86_400
      case "w", "W": unit = 604_800
      default: return nil
      }
      guard add(unit) else { return nil }
    }
    if !digits.isEmpty, !add(1) { return nil }
    return total
  }

  /// `scan_scaled`: bytes with `K`, `M`, `G`, `T`, fractions allowed before a unit.
  static func scaled(_ text: String) -> Int? {
    let units: [Character: Int] = ["B": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40]
    guard let last = text.last else { return nil }
    guard let unit = units[Character(last.uppercased())] else { return Int(text) }
    let number = text.dropLast()
    let parts = number.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let whole = Int(parts[0]), whole >= 0 else { return nil }
    let (bytes, overflow) = whole.multipliedReportingOverflow(by: unit)
    if overflow { return nil }
    guard parts.count == 2 else { return bytes }
    guard let fraction = Int(parts[1]), fraction >= 0, parts[1].count <= 6 else { return nil }
    let scale = (0..<parts[1].count).reduce(1) { product, _ in product * 10 }
    return bytes + fraction * unit / scale
  }

  /// `argv_assemble`: a word as it has to be written to be read again.
  static func quoted(_ word: String) -> String {
    var text = ""
    for character in word {
      if character == "\\" || character == "'" || character == "\"" { text.append("\\") }
      text.append(character)
    }
    return word.contains { $0 == " " || $0 == "\t" } ? "\"\(text)\"" : text
  }

  static func port(_ text: String) -> Int? {
    guard let port = Int(text), (0...65535).contains(port) else { return nil }
    return port
  }

  private static let classes: [(String, Int)] = {
    var names: [(String, Int)] = []
    for (index, level) in [0x28, 0x48, 0x68, 0x88].enumerated() {
      for step in 0..<3 { names.append(("af\(index + 1)\(step + 1)", level + step * 8)) }
    }
    for level in 0..<8 { names.append(("cs\(level)", level * 32)) }
    return names + [
      ("ef", 0xb8), ("le", 0x04), ("lowdelay", 0x10), ("throughput", 0x08), ("reliability", 0x04),
    ]
  }()

  /// A service class by name or number, printed by the first name of its number.
  static func qos(_ text: String) -> String? {
    let lowered = text.lowercased()
    if lowered == "none" { return "none" }
    let named = classes.first { $0.0 == lowered }?.1
    let number: Int?
    if let named {
      number = named
    } else if lowered.hasPrefix("0x") {
      number = Int(lowered.dropFirst(2), radix: 16)
    } else {
      number = lowered.hasPrefix("0") && lowered != "0" ? Int(lowered, radix: 8) : Int(lowered)
    }
    guard let number, (0...255).contains(number) else { return nil }
    if let name = classes.first(where: { $0.1 == number })?.0 { return name }
    let digits = String(number, radix: 16)
    return "0x" + (digits.count < 2 ? "0" : "") + digits
  }
}

/// PerSourcePenalties: a set of `class:value` that lines fill up, the first value of each winning.
enum SshdPenalties {
  private static let times = [
    "crash", "authfail", "noauth", "invaliduser", "grace-exceeded", "refuseconnection", "max",
    "min",
  ]
  private static let numbers = ["max-sources4", "max-sources6"]
  private static let modes = ["overflow", "overflow6"]

  static func check(_ words: [String]) throws(SshdValue.Problem) -> [String] {
    if words.isEmpty { throw SshdValue.Problem(text: "missing argument") }
    if let word = words.first?.lowercased(), word == "no" || word == "yes" {
      if words.count > 1 { throw SshdValue.Problem(text: "\"\(word)\" must appear alone") }
      return [word]
    }
    var result: [String] = []
    for word in words {
      let parts = word.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw SshdValue.Problem(text: "unsupported keyword \(word)")
      }
      if times.contains(parts[0]), let seconds = SshdValue.seconds(parts[1]) {
        result.append("\(parts[0]):\(seconds)")
      } else if numbers.contains(parts[0]), let number = Int(parts[1]), number >= 0 {
        result.append("\(parts[0]):\(number)")
      } else if modes.contains(parts[0]), ["deny-all", "permissive"].contains(parts[1]) {
        result.append(word)
      } else {
        throw SshdValue.Problem(text: "unsupported keyword \(word)")
      }
    }
    return result
  }

  /// All classes with what lines say put over the defaults; `no` if penalties are off.
  static func merge(_ lines: [[String]], _ number: Int?) -> [String] {
    var values: [String: String] = [
      "crash": "90", "authfail": "5", "noauth": "1", "grace-exceeded": "10", "max": "600",
      "min": "15", "max-sources4": "65536", "max-sources6": "65536", "overflow": "permissive",
    ]
    if number ?? 0 >= 909 { values["refuseconnection"] = "10" }
    if number ?? 0 >= 1003 { values["invaliduser"] = "5" }
    var set: [String: String] = [:]
    var enabled: Bool?
    for line in lines {
      for word in line {
        if word == "no" || word == "yes" {
          enabled = enabled ?? (word == "yes")
          continue
        }
        let parts = word.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2, set[parts[0]] == nil else { continue }
        set[parts[0]] = parts[1]
        // Naming a class turns penalties on, even after `no`.
        enabled = true
      }
    }
    if enabled == false { return ["no"] }
    values.merge(set) { _, said in said }
    values["overflow6"] = values["overflow6"] ?? values["overflow"]
    return (times + numbers + modes).compactMap { name in values[name].map { "\(name):\($0)" } }
  }
}
