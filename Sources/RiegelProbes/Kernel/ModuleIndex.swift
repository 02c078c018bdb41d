import RiegelModel
import SystemPackage

/// The modules of an installed kernel, by folded name (`usb_storage`).
struct ModuleIndex: Sendable {
  /// Line of `modules.dep` that names the file.
  var available: [String: Int] = [:]
  /// Line of `modules.builtin`.
  var builtIn: [String: Int] = [:]
  var folder: FilePath

  /// nil if the host has no list of modules for this kernel.
  static func of(_ release: String, _ host: Host) throws(TargetError) -> ModuleIndex? {
    try host.remember("modules " + release) { () throws(TargetError) -> ModuleIndex? in
      let folder = FilePath("/lib/modules/" + release)
      guard let dependencies = try host.lines(of: folder.appending("modules.dep")) else {
        return nil
      }
      var index = ModuleIndex(folder: folder)
      for line in dependencies {
        guard let colon = line.text.firstIndex(of: ":") else { continue }
        index.available[name(line.text[..<colon])] = line.number
      }
      for line in try host.lines(of: folder.appending("modules.builtin")) ?? [] {
        index.builtIn[name(line.text)] = line.number
      }
      return index
    }
  }

  /// The folded name of a module file, `kernel/drivers/usb/storage/usb-storage.ko.xz`.
  private static func name(_ path: Substring) -> String {
    let file = path.split(separator: "/").last ?? ""
    return KernelCommandLine.folded(String(file.prefix { $0 != "." }))
  }

  /// Folded names of the modules that are loaded; nil if the kernel has no `/proc/modules`, since
  /// it cannot load any.
  static func loaded(_ host: Host) throws(TargetError) -> [String: Int]? {
    try host.remember("loaded modules") { () throws(TargetError) -> [String: Int]? in
      guard let lines = try host.lines(of: "/proc/modules") else { return nil }
      var loaded: [String: Int] = [:]
      for line in lines {
        guard let name = line.text.split(separator: " ").first else { continue }
        loaded[KernelCommandLine.folded(String(name))] = line.number
      }
      return loaded
    }
  }
}
