import RiegelModel

/// Observes parameters of the kernel command line, as it runs and as boot entries hold it.
///
/// `/proc/cmdline` tells of this boot only; `grub.cfg` of the next; `/etc/default/grub` of the one
/// after the next update of the kernel. A row each, so that an expectation has to hold for all.
struct KernelCommandLineProbe: Probe {
  static let name = "kernel-command-line"
  static let summary = "A parameter of the kernel command line, running and in every boot entry."
  static let fields: [Field] = [
    .text(
      "value",
      "The value in force, the last one given; empty for a bare word; absent if not given."),
    .flag("present", "Whether the parameter is given at all."),
    .list("values", "Every value given, in order."),
    .text("name", "The parameter."),
    .choice("source", ["running", "configured"], "The running kernel, or a boot entry."),
    .text("entry", "The title of the boot entry, or the file that holds the line."),
    .flag("recovery", "Whether the entry is for recovery (`single`)."),
  ]
  static let keys: [Key<Self>] = [
    .subjects(
      \.parameters,
      "Names such as `mitigations`; `-` and `_` are equal. `all` asks for every parameter given.")
  ]
  static let reads = BootEntries.reads

  var parameters: [String] = []

  func observe(_ host: Host) throws(TargetError) -> Observation {
    let boot = try BootEntries.of(host)
    var rows: [Row] = []
    for entry in boot.entries {
      var names = parameters
      if names == ["all"] {
        names = []
        for parameter in entry.line.parameters where !names.contains(parameter.name) {
          names.append(parameter.name)
        }
      }
      for name in names {
        let values = entry.line.values(of: name)
        let origin = entry.origin
        rows.append(
          Row(
            name,
            [
              "value": values.last.map { .text($0, origin) } ?? .absent(origin),
              "present": .flag(!values.isEmpty, origin),
              "values": .list(values, origin),
              "name": .text(name, origin),
              "source": .text(entry.isRunning ? "running" : "configured", origin),
              "entry": .text(entry.title, origin),
              "recovery": .flag(entry.isRecovery, origin),
            ]))
      }
    }
    return Observation(rows: rows, gaps: boot.gaps)
  }
}
