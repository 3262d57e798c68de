import Datasets
import Images
import Training

/// The datasets of a recipe, opened.
struct OpenedData {
  let source: any SampleSource
  let validation: (any SampleSource)?
  let palette: [[UInt8]]
  let licences: [String]

  init(_ recipe: Recipe) throws {
    var parts: [MixedDataset.Part] = []
    var licences: [String] = []
    var colors: [Color] = []
    var held: (any SampleSource)?
    for part in recipe.data {
      let description = try DatasetDescription.read(part.dataset)
      var source: any SampleSource = try Dataset(description, split: part.split)
      // The first dataset is divided; others train in every fold.
      if let fold = recipe.loop.fold, parts.isEmpty {
        held = try FoldSource(source, fold: fold, validates: true)
        source = try FoldSource(source, fold: fold, validates: false)
      }
      parts.append(.init(source, repeats: part.repeats))
      if colors.isEmpty { colors = description.colors }
      if let licence = description.licence { licences.append("\(description.name): \(licence)") }
    }
    source = parts.count == 1 && parts[0].repeats == 1 ? parts[0].source : try MixedDataset(parts)
    validation =
      try recipe.validation.map {
        try Dataset(try DatasetDescription.read($0.dataset), split: $0.split)
      } ?? held
    palette = colors.map { [$0.red, $0.green, $0.blue] }
    self.licences = licences
  }
}
