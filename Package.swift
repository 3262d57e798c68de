// swift-tools-version:6.1
import PackageDescription

// The module table of Sources/README.md, as the build enforces it: a target imports only what stands in its row.
/// Test targets that read golden values, which lie in their folder `Golden`.
let golden: Set<String> = [
  "Datasets", "Images", "Inference", "Inspection", "Segmentation", "Training", "Weights",
]

let package = Package(
  name: "Tessera",
  products: [
    .executable(name: "segment", targets: ["segment"]),
    .library(
      name: "Tessera",
      targets: [
        "TensorCore", "Layers", "Graphs", "Images", "Augmentation", "Backbones", "Convolutionalization",
        "Segmentation", "Weights", "Datasets", "Training", "Inference", "Inspection",
      ]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
  ],
  targets: [
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CJPEG", pkgConfig: "libjpeg", providers: [.apt(["libjpeg-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CZLIB", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "Files", exclude: ["README.md"]),
    .target(name: "CStartup", exclude: ["README.md"]),
    .target(name: "CImageCodecs", dependencies: ["CJPEG", "CPNG"], exclude: ["README.md"]),
    .target(name: "CKernels", exclude: ["README.md"]),
    .target(name: "TensorCore", dependencies: ["CKernels", "COpenBLAS"], exclude: ["README.md"]),
    .target(name: "Layers", dependencies: ["TensorCore", "CKernels"], exclude: ["README.md"]),
    .target(name: "Graphs", dependencies: ["Layers", "TensorCore"], exclude: ["README.md"]),
    .target(name: "Images", dependencies: ["CImageCodecs", "Files"], exclude: ["README.md"]),
    .target(name: "Augmentation", dependencies: ["Images", "TensorCore"], exclude: ["README.md"]),
    .target(name: "Backbones", dependencies: ["Graphs", "Layers", "TensorCore"], exclude: ["README.md"]),
    .target(
      name: "Convolutionalization", dependencies: ["Graphs", "Layers", "TensorCore"],
      exclude: ["README.md"]),
    .target(
      name: "Segmentation",
      dependencies: ["Graphs", "Layers", "TensorCore", "Backbones", "Convolutionalization"],
      exclude: ["README.md"]),
    .target(
      name: "Weights", dependencies: ["Graphs", "Layers", "TensorCore", "Files"], exclude: ["README.md"],
      resources: [.copy("Shipped")]),
    .target(
      name: "Datasets",
      dependencies: [
        "Augmentation", "Images", "TensorCore", "Files", "CZLIB", .product(name: "Yams", package: "Yams"),
      ],
      exclude: ["README.md"]),
    .target(
      name: "Training",
      dependencies: [
        "Graphs", "Layers", "TensorCore", "Datasets", "Augmentation", "Images", "Weights", "Files",
        .product(name: "Yams", package: "Yams"),
      ],
      exclude: ["README.md"]),
    .target(
      name: "Inference",
      dependencies: ["Convolutionalization", "Graphs", "Layers", "TensorCore", "Weights", "Images", "Files"],
      exclude: ["README.md"]),
    .target(
      name: "Inspection", dependencies: ["Graphs", "Layers", "TensorCore", "Images"], exclude: ["README.md"]),
    .executableTarget(
      name: "segment",
      dependencies: [
        "Segmentation", "Backbones", "Convolutionalization", "Training", "Inference", "Inspection", "Graphs",
        "Layers", "TensorCore",
        "Weights",
        "Images", "Augmentation", "Datasets", "Files", "CStartup",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["README.md"]),
  ]
)

// What several modules' tests share.
package.targets.append(
  .target(name: "TestSupport", dependencies: ["TensorCore"], path: "Tests/TestSupport"))

for (module, others) in [
  ("Files", []),
  ("TensorCore", []),
  ("Layers", ["TensorCore", "CKernels"]),
  ("Graphs", ["Layers", "TensorCore", "TestSupport"]),
  ("Images", ["Files"]),
  ("Augmentation", ["Images", "TensorCore"]),
  ("Backbones", ["Graphs", "Layers", "TensorCore", "Segmentation", "Weights", "TestSupport"]),
  ("Convolutionalization", ["Backbones", "Graphs", "Layers", "TensorCore", "TestSupport"]),
  ("Segmentation", ["Backbones", "Graphs", "Layers", "TensorCore", "Weights", "TestSupport"]),
  ("Weights", ["Graphs", "Layers", "TensorCore", "Files"]),
  ("Datasets", ["Augmentation", "Images", "TensorCore", "Files"]),
  (
    "Training",
    [
      "Segmentation", "Graphs", "Layers", "TensorCore", "Weights", "Datasets", "Augmentation", "Images",
      "Files",
    ]
  ),
  ("Inference", ["Segmentation", "Graphs", "Layers", "TensorCore", "Weights", "Images", "Files"]),
  (
    "Inspection",
    [
      "Convolutionalization", "Segmentation", "Graphs", "Layers", "TensorCore", "Images", "Weights",
      "Datasets",
      "Augmentation",
    ]
  ),
] as [(String, [String])] {
  package.targets.append(
    .testTarget(
      name: "\(module)Tests",
      dependencies: ([module] + others).map { .target(name: $0) },
      resources: golden.contains(module) ? [.copy("Golden")] : []))
}

// The program itself, run as a process.
package.targets.append(
  .testTarget(
    name: "CommandTests",
    dependencies: ["segment", "Segmentation", "Graphs", "TensorCore", "Weights", "Images", "Files"],
    exclude: ["Golden"]))
