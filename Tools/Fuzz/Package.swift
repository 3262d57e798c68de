// swift-tools-version:6.1
import PackageDescription

// A package of its own, so that the program never builds with it. Tools/Fuzz/run gives the sanitizers' flags.
let package = Package(
  name: "Fuzz",
  dependencies: [.package(name: "Tessera", path: "../..")],
  targets: [
    .target(name: "CFuzzer"),
    .executableTarget(
      name: "Fuzz", dependencies: ["CFuzzer", .product(name: "Tessera", package: "Tessera")]),
  ]
)
