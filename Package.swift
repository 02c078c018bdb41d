// swift-tools-version: 6.1
import PackageDescription

// A star (see CONTRIBUTING.md): RiegelModel is the vocabulary, the other Riegel… targets import
// only it, and the executable alone knows everybody. `ContractTests` compares imports with this.

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")

func spoke(_ name: String, _ more: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: ["RiegelModel", system] + more, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name, dependencies: ["RiegelModel", system] + dependencies, swiftSettings: settings)
}

let package = Package(
  name: "riegel",
  products: [.executable(name: "riegel", targets: ["riegel"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
  ],
  targets: [
    .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CPCRE2", pkgConfig: "libpcre2-8", providers: [.apt(["libpcre2-dev"])]),
    .systemLibrary(
      name: "CLibArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
    .target(name: "CLinux"),
    .target(name: "CCrypt"),

    .target(
      name: "RiegelModel", dependencies: ["CPCRE2", system], swiftSettings: settings),
    spoke(
      "RiegelContent", ["CLibYAML", .product(name: "Crypto", package: "swift-crypto")]),
    spoke("RiegelProbes", ["CCrypt"]),
    spoke(
      "RiegelTargets",
      ["CLinux", "CLibArchive", .product(name: "Crypto", package: "swift-crypto")]),
    spoke("RiegelEngine"),
    spoke("RiegelReports", [.product(name: "Crypto", package: "swift-crypto")]),
    .executableTarget(
      name: "riegel",
      dependencies: [
        "RiegelModel", "RiegelContent", "RiegelProbes", "RiegelTargets", "RiegelEngine",
        "RiegelReports", system,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    tests("RiegelModelTests", []),
    tests("RiegelContentTests", ["RiegelContent"]),
    tests("RiegelProbesTests", ["RiegelProbes", "RiegelTargets"]),
    tests("RiegelTargetsTests", ["RiegelTargets"]),
    tests("RiegelEngineTests", ["RiegelEngine"]),
    tests("RiegelReportsTests", ["RiegelReports"]),
    tests(
      "ContractTests",
      [
        "RiegelContent", "RiegelProbes", "RiegelTargets", "RiegelEngine", "RiegelReports",
      ]),
  ]
)

// `make fuzz`: everything is built with libFuzzer's counters then, so that no other product links.
if Context.environment["RIEGEL_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "FuzzArchive", dependencies: ["RiegelModel", "RiegelTargets", system],
      path: "Tests/Fuzz",
      swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])]))
}
