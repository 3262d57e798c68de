import Files

extension DatasetDescription {
  /// Whether a file is one of the images and masks of any split that can be opened: what no result may replace.
  public func hasSample(file: String) -> Bool {
    guard let identity = FileIdentity(file) else { return false }
    return splits.contains { split in
      var problems: [DatasetError] = []
      guard let dataset = try? Dataset(self, split: split, problems: &problems) else { return false }
      return (0..<dataset.count).contains { dataset.files(at: $0).contains { FileIdentity($0) == identity } }
    }
  }
}
