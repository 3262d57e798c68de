import Foundation

extension DatasetDescription {
  /// Whether a file is one of the images and masks of any split that can be opened: what no result may replace.
  public func hasSample(file: String) -> Bool {
    func place(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }
    guard FileManager.default.fileExists(atPath: file) else { return false }
    let target = place(file)
    return splits.contains { split in
      var problems: [DatasetError] = []
      guard let dataset = try? Dataset(self, split: split, problems: &problems) else { return false }
      return (0..<dataset.count).contains { dataset.files(at: $0).contains { place($0) == target } }
    }
  }
}
