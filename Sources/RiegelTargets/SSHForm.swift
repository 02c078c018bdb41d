import CLinux
import Glibc
package import RiegelModel
import SystemPackage

/// A host behind ssh: the system's `ssh` runs the capture script there, and its output is judged as
/// it comes.
///
/// Nothing is installed or stored on the far side, and nothing here; who may log in, and how, is
/// ssh's own business.
package enum SSHForm {
  package static let form = TargetForm(
    usage: "ssh:[USER@]HOST", summary: "A host behind ssh, on which nothing is installed.",
    covers: { $0.hasPrefix("ssh:") },
    open: { request throws(OpeningError) in try open(request) })

  package static func open(_ request: OpeningRequest) throws(OpeningError) -> ArchiveTarget {
    let address = request.address
    let destination = String(address.dropFirst("ssh:".count))
    // What begins with a dash would be an option of ssh.
    guard !destination.isEmpty, destination.first != "-", !destination.contains(" ") else {
      throw .unreadable(address, reason: "no host is named; say ssh:user@host")
    }
    let script = CaptureScript(reads: request.reads, tool: request.tool).text
    let words = ["ssh", "-T", "-C"] + request.sshOptions + ["--", destination, "exec sh -s"]
    let (input, inputEnd) = try pipe(address)
    let (outputEnd, output) = try pipe(address)
    let process = spawn(words, input, output)
    linux_close(input)
    linux_close(output)
    if process < 0 {
      linux_close(inputEnd)
      linux_close(outputEnd)
      throw .unreadable(address, reason: "ssh cannot be started (\(-process))")
    }
    // The far side says nothing before it has read all of it.
    let isSent = send(script, to: inputEnd)
    linux_close(inputEnd)
    let result: Result<ArchiveTarget, OpeningError>
    do throws(OpeningError) {
      result = .success(
        try ArchiveForm.open(outputEnd, named: address, isSeekable: false, request))
    } catch {
      result = .failure(error)
    }
    linux_close(outputEnd)
    let status = linux_wait(process)
    // What ssh has to say it said itself, on standard error.
    if status != 0 { throw .unreadable(address, reason: "ssh ended with status \(status)") }
    if !isSent { throw .unreadable(address, reason: "the connection ended early") }
    return try result.get()
  }

  private static func pipe(
    _ address: String
  ) throws(OpeningError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    let failure = linux_pipe(&ends)
    if failure < 0 { throw .io(address, errno: -failure) }
    return (ends[0], ends[1])
  }

  private static func spawn(_ words: [String], _ input: Int32, _ output: Int32) -> Int32 {
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    defer { for word in arguments { free(word) } }
    return linux_spawn(&arguments, input, output)
  }

  /// A far side that went away must not end this program with `SIGPIPE`.
  private static func send(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    let before = signal(SIGPIPE, SIG_IGN)
    defer { signal(SIGPIPE, before) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        return false
      }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
