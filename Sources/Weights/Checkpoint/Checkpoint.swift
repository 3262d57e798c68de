import Files
import TensorCore

/// A model's parameters with all that is needed to use them again.
///
/// On disk it is a safetensors file whose metadata holds everything but the parameters, each under a key of
/// `Checkpoint.Key`; other tools read the tensors and ignore the rest. A file without that metadata, made
/// elsewhere, and a file of PyTorch's, is read as parameters alone: its `architecture` is `nil`.
public struct Checkpoint: Sendable, Equatable {
  /// Height and width in pixels.
  public struct Size: Sendable, Equatable {
    /// Rows.
    public var height: Int
    /// Columns.
    public var width: Int

    /// A size in pixels.
    public init(height: Int, width: Int) {
      self.height = height
      self.width = width
    }
  }

  /// The most rows or columns that images in training may have, so that a picture can be brought to their size.
  public static let largestSide = 16_384

  /// The architecture's name, such as `unet`; `nil` for foreign weights.
  public var architecture: String?
  /// The architecture's arguments, such as `width` and `depth`, in text.
  public var arguments: [String: String] = [:]
  /// The class names; the label is the place.
  public var classes: [String] = []
  /// Red, green and blue, 0…255, of each class; empty without colours.
  public var palette: [[UInt8]] = []
  /// The label that marks pixels of no class.
  public var ignoreIndex: Int?
  /// What is taken from and divided out of each channel of an image scaled to 0…1.
  public var normalization: Normalization?
  /// The size of the images in training.
  public var trainingSize: Size?
  /// How a classifier's images were brought to that size; `nil` is `cover`.
  public var fit: ImageFit?
  /// Measured scores by name, such as `mean_iou`.
  public var scores: [String: Double] = [:]
  /// Notes on data, licence and recipe.
  public var provenance: [String: String] = [:]
  /// What its reader found that a user should know, a sentence each; not stored.
  public var remarks: [String] = []
  /// The parameters by dotted name, in PyTorch's shapes.
  public var parameters: [String: Tensor]

  /// A checkpoint; everything that is not given is set afterwards.
  public init(architecture: String?, parameters: [String: Tensor]) {
    self.architecture = architecture
    self.parameters = parameters
  }

  /// Writes the checkpoint, whole or not at all; `type` is how parameters are stored: F32, F16, BF16 or F64. Those that
  /// have a value beyond it, as a variance may, are stored as F32.
  ///
  /// - Returns: the names of the parameters that are stored as F32 for that reason, sorted.
  /// - Throws: `WeightsError` when the description contradicts itself, or when the file cannot be written.
  @discardableResult
  public func write(to path: String, as type: ElementType = .float32) throws(WeightsError) -> [String] {
    let wide = parameters.filter { !$0.value.fits(type) }.map(\.key)
    let items = parameters.map { name, tensor in
      SafetensorsItem(name, tensor, as: wide.contains(name) ? .float32 : type)
    }
    let metadata = try metadata(file: path)
    try checkReadable(metadata, as: type, file: path)
    try SafetensorsWriter.write(items, metadata: metadata, to: path)
    return wide.sorted()
  }

  /// Reads a checkpoint, or foreign weights: a safetensors file, or a file of PyTorch's, told apart by their content.
  /// `num_batches_tracked` and other tensors of integers are left out.
  ///
  /// - Throws: `WeightsError` when the file is neither, holds tensors that are not `Float`, or a description that cannot
  ///   be understood.
  public static func read(_ path: String) throws(WeightsError) -> Checkpoint {
    let bytes: [UInt8]
    do { bytes = try WholeFile.read(path, limit: 1 << 36) } catch { throw .file(error) }
    return try read(bytes, name: path)
  }

  /// Reads a checkpoint from the bytes of a file; `name` stands for it in messages.
  ///
  /// - Throws: `WeightsError` as for a path.
  public static func read(_ bytes: [UInt8], name: String) throws(WeightsError) -> Checkpoint {
    if PyTorchReader.recognizes(bytes) {
      return try Checkpoint(try PyTorchReader.read(bytes, name: name))
    }
    if let kind = SafetensorsReader.otherKind(bytes) { throw .notWeights(file: name, found: kind) }
    let file = try SafetensorsReader.read(bytes, name: name)
    var checkpoint = try Checkpoint(file.header, file: name)
    for entry in file.entries where try isRead(entry.name, entry.type, file: name) {
      checkpoint.parameters[entry.name] = try file.tensor(entry.name)
    }
    return checkpoint
  }

  /// What parameters are called, by the last part of their names.
  private static let parameterNames: Set<String> = ["weight", "bias", "running_mean", "running_var"]

  /// Whether a tensor of a file may be a parameter: counters, positions and other integers are left out.
  ///
  /// - Throws: `WeightsError.integerParameter`.
  static func isRead(_ name: String, _ type: ElementType, file: String) throws(WeightsError) -> Bool {
    guard !ParameterMatch.isIgnored(name) else { return false }
    guard !type.isFloatingPoint else { return true }
    let kind = name.split(separator: ".").last.map(String.init) ?? ""
    guard !parameterNames.contains(kind) else {
      throw .integerParameter(file: file, tensor: name, type: type)
    }
    return false
  }

  /// Reads what a checkpoint says about itself, without its parameters.
  ///
  /// - Throws: `WeightsError` as `read` does.
  public static func readDescription(_ path: String) throws(WeightsError) -> Checkpoint {
    try Checkpoint(try SafetensorsHeader.read(path), file: path)
  }
}

extension Tensor {
  /// Whether every finite element stays so in a type.
  fileprivate func fits(_ type: ElementType) -> Bool {
    guard type == .float16 || type == .bfloat16 else { return true }
    var bytes = [UInt8](repeating: 0, count: type.byteCount(of: count) ?? 0)
    return bytes.withUnsafeMutableBytes { target in
      withUnsafeElements { ElementEncoder.encode($0, as: type, into: target) } == nil
    }
  }
}
