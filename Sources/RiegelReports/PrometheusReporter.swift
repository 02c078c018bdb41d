package import RiegelModel

/// The audit as metrics, for the textfile collector of Prometheus' node exporter.
package struct PrometheusReporter: Reporter {
  package static let name = "prometheus"
  package static let summary = Localized(
    en: "metrics for Prometheus' textfile collector",
    de: "Metriken für den Textfile-Collector von Prometheus")

  package init() {}

  package func render(_ audit: Audit, _ options: ReportOptions) -> [UInt8] {
    var text = MetricsText()
    text.gauge("riegel_audit_info", "What was audited, by which tool and content.") {
      $0.sample(
        [
          ("version", audit.toolVersion), ("content", audit.contentHash),
          ("profile", audit.profile.id), ("target", audit.targetAddress),
          ("host", audit.host.name ?? ""), ("privileged", audit.isPrivileged ? "yes" : "no"),
        ], 1)
    }
    text.gauge("riegel_audit_timestamp_seconds", "When the audit was made.") {
      $0.sample([], audit.startedAt.seconds)
    }
    text.gauge("riegel_rules", "Rules by outcome.") {
      for outcome in Outcome.allCases {
        $0.sample([("outcome", outcome.rawValue)], audit.count(outcome))
      }
    }
    text.gauge("riegel_failed_rules", "Rules that are not met, by severity.") {
      for severity in Severity.allCases {
        $0.sample(
          [("severity", severity.rawValue)],
          audit.findings.count { $0.outcome == .fail && $0.severity == severity })
      }
    }
    text.gauge("riegel_accepted_rules", "Rules not met whose risk is accepted as a whole.") {
      $0.sample([], audit.findings.count(where: \.isAccepted))
    }
    text.gauge(
      "riegel_rule_failed", "1 if a rule is not met, 0 if it is; absent if nobody can tell."
    ) {
      for finding in audit.findings where finding.outcome == .fail || finding.outcome == .pass {
        $0.sample(
          [
            ("rule", finding.rule), ("topic", finding.topic),
            ("severity", finding.severity.rawValue),
          ], finding.outcome == .fail ? 1 : 0)
      }
    }
    let ends: [(String, String, (FoundationLevel) -> SecurityLevel)] = [
      ("floor", "The highest security level of which everything is evidenced.", { $0.floor }),
      ("ceiling", "The highest security level of which nothing is refuted.", { $0.ceiling }),
      ("target", "The security level aimed at.", { $0.target }),
    ]
    for (name, help, level) in ends {
      text.gauge("riegel_level_\(name)", help) {
        for foundation in audit.levels {
          $0.sample(
            [
              ("catalogue", foundation.catalogue),
              ("foundation", foundation.foundation.abbreviation),
            ], level(foundation).rawValue)
        }
      }
    }
    text.gauge("riegel_measure_standing", "1 for what is known of a measure, 0 otherwise.") {
      for measure in audit.measures {
        for standing in [Standing.refuted, .evidenced, .open] {
          $0.sample(
            [("measure", measure.id), ("standing", standing.rawValue)],
            measure.standing == standing ? 1 : 0)
        }
      }
    }
    return text.bytes
  }
}

/// The text format 0.0.4 of Prometheus.
private struct MetricsText {
  private(set) var bytes: [UInt8] = []
  private var name = ""

  mutating func gauge(_ name: String, _ help: String, _ body: (inout MetricsText) -> Void) {
    let before = bytes.count
    self.name = name
    bytes.append(contentsOf: "# HELP \(name) \(help)\n# TYPE \(name) gauge\n".utf8)
    let head = bytes.count
    body(&self)
    if bytes.count == head { bytes.removeLast(head - before) }
  }

  mutating func sample(_ labels: [(String, String)], _ value: Int) {
    let inside = labels.map { "\($0.0)=\"\(MetricsText.escaped($0.1))\"" }.joined(separator: ",")
    bytes.append(contentsOf: "\(name)\(inside.isEmpty ? "" : "{\(inside)}") \(value)\n".utf8)
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in VisibleText.escaped(text).unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
