import RiegelModel
import SystemPackage

/// Observes whether the firmware, and shim after it, enforce signatures.
///
/// A variable in efivarfs starts with four bytes of attributes; the value comes fifth. shim can be
/// told to accept anything although the firmware says Secure Boot (`mokutil --disable-validation`).
struct SecureBootProbe: Probe {
  static let name = "secure-boot"
  static let summary = "Whether firmware and shim start signed kernels only."
  static let fields: [Field] = [
    .choice(
      "state", ["enabled", "disabled", "setup-mode", "validation-off", "no-efi"],
      "`validation-off` if shim checks nothing; `setup-mode` if anyone may enrol keys; `no-efi` if"
        + " the host was not started by EFI."),
    .flag("firmware", "The variable SecureBoot."),
    .flag("setup-mode", "The variable SetupMode."),
    .flag("shim-validation", "Whether shim validates (MokSBStateRT is absent or 0)."),
  ]
  static let keys: [Key<Self>] = [.everything("The host's only state.")]
  static let reads = [
    "/sys/firmware/efi/efivars/SecureBoot-*", "/sys/firmware/efi/efivars/SetupMode-*",
    "/sys/firmware/efi/efivars/MokSBStateRT-*",
  ]

  private static let folder: FilePath = "/sys/firmware/efi/efivars"
  private static let global = "8be4df61-93ca-11d2-aa0d-00e098032b8c"
  private static let shim = "605dab50-e046-4300-abb6-3dd810dd8b23"

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let firmware: FilePath = "/sys/firmware/efi"
    guard host.isRunning else { throw .notCollected(firmware) }
    guard try host.exists(firmware) else {
      // Without /sys/firmware, /sys itself is not there, and nothing follows.
      if try !host.exists("/sys/kernel"), try !host.exists("/sys/firmware") {
        throw .notCollected(firmware)
      }
      return Observation(rows: [
        Row("Secure Boot", ["state": .text("no-efi", .kernel("/sys/firmware"))])
      ])
    }
    guard try host.list(SecureBootProbe.folder)?.isEmpty == false else {
      throw .undetermined(
        SecureBootProbe.folder,
        Localized(en: "efivarfs is not mounted", de: "efivarfs ist nicht eingehängt"))
    }
    let secureBoot = try variable("SecureBoot", SecureBootProbe.global, host)
    let setupMode = try variable("SetupMode", SecureBootProbe.global, host)
    let shim = try variable("MokSBStateRT", SecureBootProbe.shim, host)
    let state =
      if secureBoot?.isOn != true {
        ("disabled", secureBoot?.origin ?? .kernel(SecureBootProbe.folder))
      } else if setupMode?.isOn == true {
        ("setup-mode", setupMode?.origin ?? .kernel(SecureBootProbe.folder))
      } else if shim?.isOn == true {
        ("validation-off", shim?.origin ?? .kernel(SecureBootProbe.folder))
      } else {
        ("enabled", secureBoot?.origin ?? .kernel(SecureBootProbe.folder))
      }
    return Observation(rows: [
      Row(
        "Secure Boot",
        [
          "state": .text(state.0, state.1),
          "firmware": secureBoot.map { .flag($0.isOn, $0.origin) } ?? .absent(),
          "setup-mode": setupMode.map { .flag($0.isOn, $0.origin) } ?? .absent(),
          "shim-validation": .flag(shim?.isOn != true, shim?.origin),
        ])
    ])
  }

  private func variable(
    _ name: String, _ vendor: String, _ host: Host
  ) throws(TargetError) -> (isOn: Bool, origin: Origin)? {
    let path = SecureBootProbe.folder.appending("\(name)-\(vendor)")
    guard let bytes = try host.bytes(of: path) else { return nil }
    guard bytes.count == 5, bytes[4] <= 1 else {
      throw .malformed(path, line: 0, "an EFI variable of one byte was expected")
    }
    return (bytes[4] == 1, .kernel(path))
  }
}
