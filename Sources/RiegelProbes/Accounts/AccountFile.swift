import RiegelModel
import SystemPackage

/// A file of the local account database: one entry a line, fields separated by colons.
struct AccountFile<Entry: AccountEntry>: Sendable {
  var entries: [Entry] = []
  var defects: [AccountDefect] = []

  /// Reads a file as glibc's `files` service does; nil if it is absent.
  ///
  /// Blank lines and comments are skipped. Lines that begin with `+` or `-` stand for NIS entries
  /// and are no accounts. A line that no reader would take for an entry is a defect.
  static func read(_ path: FilePath, on host: Host) throws(TargetError) -> AccountFile? {
    guard let lines = try host.lines(of: path) else { return nil }
    var file = AccountFile()
    for line in lines {
      let text = line.text.drop { $0 == " " || $0 == "\t" }
      guard let first = text.utf8.first, first != UInt8(ascii: "#") else { continue }
      let fields = text.utf8
        .split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        .map { Substring($0) }
      let name = String(fields[0])
      if first == UInt8(ascii: "+") || first == UInt8(ascii: "-") {
        file.defects.append(
          AccountDefect(
            .nisEntry, name, path, line.number, "stands for entries of NIS, not for an account"))
        continue
      }
      guard let entry = Entry(fields, path, line.number) else {
        file.defects.append(
          AccountDefect(
            .malformed, fields.count > 1 ? name : "", path, line.number,
            "is no entry (\(fields.count) of \(Entry.fieldCount) fields, or a number is none)"))
        continue
      }
      if fields.count != Entry.fieldCount {
        file.defects.append(
          AccountDefect(
            .fields, name, path, line.number,
            "has \(fields.count) instead of \(Entry.fieldCount) fields"))
      }
      file.entries.append(entry)
    }
    return file
  }

  /// The lines that may have been meant as entries, as errors; not more than a reader can use.
  func malformed(_ limit: Int = 20) -> [TargetError] {
    defects.filter { $0.kind == .malformed }.prefix(limit).map {
      .malformed($0.path, line: $0.line, $0.detail)
    }
  }
}

protocol AccountEntry: Sendable {
  static var fieldCount: Int { get }
  var name: String { get }
  var path: FilePath { get }
  var line: Int { get }
  /// nil if no reader of the file would accept the line.
  init?(_ fields: [Substring], _ path: FilePath, _ line: Int)
}

extension AccountEntry {
  var origin: Origin { .line(path, line) }
}

/// Something in which the account files do not follow their format or each other.
struct AccountDefect: Sendable, Hashable {
  enum Kind: String, Sendable, CaseIterable {
    case malformed, fields
    case nisEntry = "nis-entry"
    case duplicateName = "duplicate-name"
    case noShadowEntry = "no-shadow-entry"
    case noAccount = "no-account"
    case noPrimaryGroup = "no-primary-group"
    case noGshadowEntry = "no-gshadow-entry"
    case noGroup = "no-group"
    case unknownMember = "unknown-member"
    case membersDiffer = "members-differ"
  }

  var kind: Kind
  /// Of the account or group; empty where the line gives none. Never anything else of the line.
  var name: String
  var path: FilePath
  var line: Int
  var detail: String

  init(_ kind: Kind, _ name: String, _ path: FilePath, _ line: Int, _ detail: String) {
    self.kind = kind
    self.name = name
    self.path = path
    self.line = line
    self.detail = detail
  }
}

/// A line of `passwd(5)`.
struct PasswdEntry: AccountEntry {
  static let fieldCount = 7

  var name: String
  var path: FilePath
  var line: Int
  /// nil where the field sends its reader to shadow.
  var password: PasswordField?
  var uid: Int
  var gid: Int
  var home: String
  var shell: String

  /// As glibc takes it, everything after the group ID may be missing.
  init?(_ fields: [Substring], _ path: FilePath, _ line: Int) {
    guard fields.count >= 4, let uid = unsignedID(fields[2]), let gid = unsignedID(fields[3]) else {
      return nil
    }
    name = String(fields[0])
    self.path = path
    self.line = line
    // `##name` is the older way to point to shadow, which pam_unix(8) still knows.
    let isShadowed = fields[1] == "x" || fields[1] == "##" + fields[0]
    password = isShadowed ? nil : PasswordField(fields[1])
    self.uid = uid
    self.gid = gid
    home = fields.count > 5 ? String(fields[5]) : ""
    // The rest of the line is the shell, colons and all.
    shell = fields.count > 6 ? fields[6...].joined(separator: ":") : ""
  }
}

/// A line of `shadow(5)`.
struct ShadowEntry: AccountEntry {
  static let fieldCount = 9

  var name: String
  var path: FilePath
  var line: Int
  var password: PasswordField
  /// Days since 1970-01-01, as all times here; nil where empty or negative, which means the same.
  var lastChange: Int?
  var minDays: Int?
  var maxDays: Int?
  var warnDays: Int?
  var inactiveDays: Int?
  var expires: Int?

  /// As glibc takes it, there are nine fields, or the five of the old form.
  init?(_ fields: [Substring], _ path: FilePath, _ line: Int) {
    guard fields.count == 5 || fields.count == 9 else { return nil }
    var numbers: [Int?] = []
    for field in fields[2..<min(8, fields.count)] {
      if field.allSatisfy({ $0 == " " }) {
        numbers.append(nil)
      } else {
        guard let number = Int32(field) else { return nil }
        numbers.append(number < 0 ? nil : Int(number))
      }
    }
    numbers += [Int?](repeating: nil, count: 6 - numbers.count)
    name = String(fields[0])
    self.path = path
    self.line = line
    password = PasswordField(fields[1])
    lastChange = numbers[0]
    minDays = numbers[1]
    maxDays = numbers[2]
    warnDays = numbers[3]
    inactiveDays = numbers[4]
    expires = numbers[5]
  }
}

/// A line of `group(5)`.
struct GroupEntry: AccountEntry {
  static let fieldCount = 4

  var name: String
  var path: FilePath
  var line: Int
  /// nil where the field sends its reader to gshadow.
  var password: PasswordField?
  var gid: Int
  var members: [String]

  init?(_ fields: [Substring], _ path: FilePath, _ line: Int) {
    guard fields.count >= 3, let gid = unsignedID(fields[2]) else { return nil }
    name = String(fields[0])
    self.path = path
    self.line = line
    password = fields[1] == "x" ? nil : PasswordField(fields[1])
    self.gid = gid
    members = fields.count > 3 ? names(fields[3]) : []
  }
}

/// A line of `gshadow(5)`.
struct GshadowEntry: AccountEntry {
  static let fieldCount = 4

  var name: String
  var path: FilePath
  var line: Int
  var password: PasswordField
  var administrators: [String]
  var members: [String]

  init?(_ fields: [Substring], _ path: FilePath, _ line: Int) {
    guard fields.count >= 2 else { return nil }
    name = String(fields[0])
    self.path = path
    self.line = line
    password = PasswordField(fields[1])
    administrators = fields.count > 2 ? names(fields[2]) : []
    members = fields.count > 3 ? names(fields[3]) : []
  }
}

/// The names of a list with commas; blanks before them do not count.
private func names(_ field: Substring) -> [String] {
  field.split(separator: ",")
    .map { String($0.drop { $0 == " " || $0 == "\t" }) }
    .filter { !$0.isEmpty }
}

/// A user or group ID as glibc reads it: blanks before it and a `+` are accepted, so ` 0` and `+0`
/// are root; what does not fit into 32 bits is none.
private func unsignedID(_ field: Substring) -> Int? {
  let digits = field.drop { $0 == " " || $0 == "\t" }
  return UInt32(digits).map(Int.init)
}
