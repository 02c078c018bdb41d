import RiegelModel
import SystemPackage

/// What firmware and kernel say of the machine.
enum Machine {
  /// The one line of a file that the kernel fills; absent if the kernel does not have it.
  static func kernelText(_ path: FilePath, _ host: Host) throws(TargetError) -> Fact {
    guard host.isRunning else { throw .notCollected(path) }
    guard let text = try trimmed(path, host) else { return .absent(.kernel(path)) }
    return .text(text, .kernel(path))
  }

  /// The kernel's machine, else the architecture of the packages, else that of `/bin/sh`.
  static func architecture(_ host: Host) throws(TargetError) -> Fact {
    let kernel: FilePath = "/proc/sys/kernel/arch"
    if host.isRunning, let text = try trimmed(kernel, host) { return .text(text, .kernel(kernel)) }
    let database = outcome { () throws(TargetError) in try PackageDatabase.read(host) }
    if case .success(let database) = database,
      let package = database.packages.first(where: {
        $0.architecture != "all" && $0.architecture != "noarch" && !$0.architecture.isEmpty
      })
    {
      let name = packageNames[package.architecture] ?? package.architecture
      return .text(name, package.origin)
    }
    let shell: FilePath = "/bin/sh"
    guard let bytes = try host.bytes(of: shell) else {
      if case .failure(let error) = database { throw error }
      throw .notCollected(kernel)
    }
    guard let name = elfMachine(bytes) else {
      throw .undetermined(
        shell,
        Localized(en: "the machine is not known", de: "die Maschine ist nicht bekannt"))
    }
    return .text(name, .file(shell))
  }

  /// Debian's names of architectures that differ from the kernel's.
  private static let packageNames = [
    "amd64": "x86_64", "arm64": "aarch64", "i386": "i686", "x86": "i686", "armhf": "armv7l",
    "armel": "armv5tel", "armv7": "armv7l", "ppc64el": "ppc64le",
  ]

  /// The machine of an ELF program (`elf(5)`).
  private static func elfMachine(_ bytes: [UInt8]) -> String? {
    guard bytes.count >= 20, bytes[..<4] == [0x7f, 0x45, 0x4c, 0x46] else { return nil }
    let isLittle = bytes[5] == 1
    let machine =
      isLittle
      ? Int(bytes[18]) | Int(bytes[19]) << 8 : Int(bytes[19]) | Int(bytes[18]) << 8
    switch machine {
    case 3: return "i686"
    case 21: return isLittle ? "ppc64le" : "ppc64"
    case 22: return "s390x"
    case 40: return "armv7l"
    case 62: return "x86_64"
    case 183: return "aarch64"
    case 243: return bytes[4] == 2 ? "riscv64" : "riscv32"
    case 258: return "loongarch64"
    default: return nil
    }
  }

  /// The case's type in the SMBIOS specification, 7.4.1.
  static func chassis(_ host: Host) throws(TargetError) -> Fact {
    let path: FilePath = "/sys/class/dmi/id/chassis_type"
    guard host.isRunning else { throw .notCollected(path) }
    guard let text = try trimmed(path, host) else { return .absent(.kernel(path)) }
    let name =
      switch Int(text) {
      case 8, 9, 10, 14, 31, 32: "laptop"
      case 11, 30: "tablet"
      case 3, 4, 5, 6, 7, 13, 15, 16, 24, 35, 36: "desktop"
      case 17, 23, 25, 28, 29: "server"
      default: "other"
      }
    return .text(name, .kernel(path))
  }

  /// By the processor's own flag, or the maker that virtual machines give as theirs.
  static func isVirtual(_ host: Host) throws(TargetError) -> Fact {
    let processor: FilePath = "/proc/cpuinfo"
    guard host.isRunning else { throw .notCollected(processor) }
    if let text = try host.text(of: processor) {
      for line in numberedLines(text) where line.text.hasPrefix("flags") {
        if line.text.split(separator: " ").contains("hypervisor") {
          return .flag(true, .kernel(processor))
        }
        break
      }
    }
    let maker: FilePath = "/sys/class/dmi/id/sys_vendor"
    let name = try trimmed(maker, host) ?? ""
    let makers = ["QEMU", "VMware", "innotek", "Xen", "Parallels", "bhyve", "Amazon EC2"]
    return .flag(makers.contains(where: name.hasPrefix), .kernel(maker))
  }

  private static func trimmed(_ path: FilePath, _ host: Host) throws(TargetError) -> String? {
    guard let text = try host.text(of: path) else { return nil }
    return String(text.prefix { $0 != "\n" })
  }
}
