import Datasets
import Segmentation

extension Architecture {
  /// Throws unless the data have what the network tells: masks, or a class for each image.
  func check(_ data: any SampleSource) throws {
    let isRight =
      switch task {
      case .segmentation: data.truth == .mask
      case .classification: data.truth == .label
      }
    guard isRight else { throw CommandError.dataOfOtherTask(data: data.title, model: name, expected: task) }
  }
}
