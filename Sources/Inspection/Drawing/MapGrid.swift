/// Where the elements of a map lie in a picture, in pixels; 0 is the middle of the first pixel.
public struct MapGrid: Sendable, Equatable {
  /// The row that the first row of elements looks at.
  public let top: Double
  /// The column that the first column of elements looks at.
  public let left: Double
  /// From a row of elements to the next, above 0.
  public let rowStep: Double
  /// From a column of elements to the next, above 0.
  public let columnStep: Double

  /// A grid from its first element on.
  public init(top: Double, left: Double, rowStep: Double, columnStep: Double) {
    precondition(rowStep > 0 && columnStep > 0, "elements apart")
    (self.top, self.left, self.rowStep, self.columnStep) = (top, left, rowStep, columnStep)
  }

  /// An element for each pixel.
  public static let pixels = MapGrid(top: 0, left: 0, rowStep: 1, columnStep: 1)

  /// So many rows and columns of elements that share a picture among them.
  public init(stretching rows: Int, _ columns: Int, overHeight height: Int, width: Int) {
    let (down, across) = (Double(height) / Double(max(1, rows)), Double(width) / Double(max(1, columns)))
    self.init(top: (down - 1) / 2, left: (across - 1) / 2, rowStep: down, columnStep: across)
  }
}
