import Glibc

/// The host's own libpam, loaded to compare with; nil where there is none.
struct LibPAM {
  private typealias Converse =
    @convention(c) (
      Int32, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?
    )
    -> Int32
  private struct Conversation {
    var function: Converse
    var data: UnsafeMutableRawPointer?
  }
  private typealias Start =
    @convention(c) (
      UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafeRawPointer, UnsafePointer<CChar>,
      UnsafeMutablePointer<OpaquePointer?>
    ) -> Int32
  private typealias Call = @convention(c) (OpaquePointer?, Int32) -> Int32

  private let start: Start
  private let authenticate: Call
  private let account: Call
  private let end: Call

  init?() {
    guard let library = dlopen("libpam.so.0", RTLD_NOW),
      let start = dlsym(library, "pam_start_confdir"),
      let authenticate = dlsym(library, "pam_authenticate"),
      let account = dlsym(library, "pam_acct_mgmt"), let end = dlsym(library, "pam_end"),
      access("/usr/lib/x86_64-linux-gnu/security/pam_debug.so", R_OK) == 0
    else { return nil }
    self.start = unsafeBitCast(start, to: Start.self)
    self.authenticate = unsafeBitCast(authenticate, to: Call.self)
    self.account = unsafeBitCast(account, to: Call.self)
    self.end = unsafeBitCast(end, to: Call.self)
  }

  /// What `pam_authenticate` (or `pam_acct_mgmt`) returns for a service of this folder; 26 where
  /// libpam refuses to start.
  func run(_ service: String, in folder: String, account asksAccount: Bool = false) -> Int {
    var handle: OpaquePointer?
    let conversation = Conversation(function: { _, _, _, _ in 19 }, data: nil)
    return withUnsafeBytes(of: conversation) { bytes in
      guard let base = bytes.baseAddress else { return -1 }
      let started = start(service, "daemon", base, folder, &handle)
      if started != 0 { return Int(started) }
      let result = asksAccount ? account(handle, 0) : authenticate(handle, 0)
      _ = end(handle, result)
      return Int(result)
    }
  }
}
