import Foundation

/// A tar archive made byte by byte, so that it can be wrong in every way.
struct Tar {
  var bytes: [UInt8] = []

  mutating func add(
    _ name: String, _ content: String = "", type: Character = "0", link: String = "",
    mode: Int = 0o644, size: Int? = nil
  ) {
    add(Array(name.utf8), Array(content.utf8), type: type, link: link, mode: mode, size: size)
  }

  mutating func add(
    _ name: [UInt8], _ content: [UInt8], type: Character = "0", link: String = "",
    mode: Int = 0o644, size: Int? = nil
  ) {
    if name.count > 100 {
      add("PaxHeader", Tar.record("path", name), type: "x")
    }
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: [UInt8], _ at: Int) {
      header.replaceSubrange(at..<at + text.count, with: text)
    }
    func octal(_ number: Int, _ width: Int) -> [UInt8] {
      let digits = String(number, radix: 8)
      return Array((String(repeating: "0", count: width - digits.count) + digits).utf8)
    }
    put(Array(name.prefix(100)), 0)
    put(octal(mode, 7), 100)
    put(octal(0, 7), 108)
    put(octal(0, 7), 116)
    put(octal(size ?? content.count, 11), 124)
    put(octal(1_700_000_000, 11), 136)
    put(Array("        ".utf8), 148)
    put(Array(String(type).utf8), 156)
    put(Array(link.utf8.prefix(100)), 157)
    put(Array("ustar\u{0}00".utf8), 257)
    put(octal(header.reduce(0) { $0 + Int($1) }, 6) + [0, 0x20], 148)
    bytes += header + content
    if content.count % 512 != 0 {
      bytes += [UInt8](repeating: 0, count: 512 - content.count % 512)
    }
  }

  private mutating func add(_ name: String, _ content: [UInt8], type: Character) {
    add(Array(name.utf8), content, type: type)
  }

  private static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
    let rest = Array(" \(key)=".utf8) + value + [0x0a]
    var length = rest.count + 1
    while String(length).utf8.count + rest.count != length { length += 1 }
    return Array(String(length).utf8) + rest
  }

  var finished: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

  /// Writes it to a file that is gone with the folder.
  func write(to path: String) throws { try Data(finished).write(to: URL(fileURLWithPath: path)) }
}

/// Runs a program and gives its exit status and what it printed.
@discardableResult
func run(_ words: [String], input: [UInt8] = [], directory: String? = nil) throws -> (
  status: Int32, output: [UInt8]
) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = words
  if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
  let output = Pipe()
  process.standardOutput = output
  process.standardError = FileHandle.nullDevice
  if input.isEmpty {
    process.standardInput = FileHandle.nullDevice
  } else {
    let file = NSTemporaryDirectory() + "riegel-input-\(UUID().uuidString)"
    try Data(input).write(to: URL(fileURLWithPath: file))
    process.standardInput = FileHandle(forReadingAtPath: file)
    try FileManager.default.removeItem(atPath: file)
  }
  try process.run()
  let data = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return (process.terminationStatus, Array(data))
}

func isInstalled(_ program: String) -> Bool {
  ["/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/"].contains {
    FileManager.default.isExecutableFile(atPath: $0 + program)
  }
}
