import RiegelModel
import SystemPackage

/// Observes with which options the installed kernels were built.
struct KernelConfigProbe: Probe {
  static let name = "kernel-config"
  static let summary = "An option that the kernel was built with, for each installed kernel."
  static let fields: [Field] = [
    .text("value", "`y`, `m`, `n`, a number or a text without quotes."),
    .text("name", "The option without `CONFIG_`."),
    .text("kernel", "The release of the kernel."),
  ]
  static let keys: [Key<Self>] = [
    .subjects(\.options, "Options such as `STRICT_KERNEL_RWX`, with or without `CONFIG_`.")
  ]
  static let reads = KernelBuild.reads

  var options: [String] = []

  func observe(_ host: Host) throws(TargetError) -> Observation {
    var observation = Observation()
    for kernel in try KernelBuild.all(host) {
      guard let known = kernel.options, let path = kernel.path else {
        observation.gaps.append(
          kernel.failure ?? .notCollected(FilePath("/boot/config-" + kernel.release)))
        continue
      }
      for option in options {
        let name = option.hasPrefix("CONFIG_") ? String(option.dropFirst(7)) : option
        let found = known[name]
        let origin = found.map { Origin.line(path, $0.line) } ?? .file(path)
        observation.rows.append(
          Row(
            "\(name) (\(kernel.release))",
            [
              "value": .text(found?.value ?? "n", origin), "name": .text(name, origin),
              "kernel": .text(kernel.release, origin),
            ]))
      }
    }
    return observation
  }
}
