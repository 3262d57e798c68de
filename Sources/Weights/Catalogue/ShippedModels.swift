import Foundation

/// The models that come with the package: the `.safetensors` files of one folder.
public struct ShippedModels: Sendable {
  /// The folder.
  public let folder: String

  /// The models in `folder`.
  public init(folder: String) { self.folder = folder }

  /// The models beside the program.
  ///
  /// They are looked for by path, because the accessor that a build makes for resources traps without them.
  ///
  /// - Throws: `WeightsError.noModelFolder` when the program was moved without its resources.
  public static func installed() throws(WeightsError) -> ShippedModels {
    try find(in: candidates)
  }

  /// The first of `folders` that exists.
  ///
  /// - Throws: `WeightsError.noModelFolder` when none does.
  public static func find(in folders: [String]) throws(WeightsError) -> ShippedModels {
    for folder in folders {
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue {
        return ShippedModels(folder: folder)
      }
    }
    throw .noModelFolder(searched: folders)
  }

  /// All models, by name; only headers are read.
  ///
  /// - Throws: `WeightsError` when a file is not a checkpoint.
  public func all() throws(WeightsError) -> [ShippedModel] {
    var models: [ShippedModel] = []
    for name in names { models.append(try model(name)) }
    return models
  }

  /// The model `name`.
  ///
  /// - Throws: `WeightsError.noSuchModel`, which lists the names that there are.
  public func model(_ name: String) throws(WeightsError) -> ShippedModel {
    guard names.contains(name) else { throw .noSuchModel(name: name, available: names) }
    let path = "\(folder)/\(name).safetensors"
    let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? NSNumber
    return ShippedModel(
      name: name, path: path, bytes: size?.intValue ?? 0,
      description: try Checkpoint.readDescription(path))
  }

  /// The model that stands for an architecture when no weights are named, or `nil`: the one of the same name.
  ///
  /// - Throws: `WeightsError` when its file is not a checkpoint.
  public func model(for architecture: String) throws(WeightsError) -> ShippedModel? {
    guard names.contains(architecture) else { return nil }
    let model = try model(architecture)
    return model.architecture == architecture ? model : nil
  }

  /// The names, sorted.
  public var names: [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(".safetensors") && !$0.hasPrefix(".") }
      .map { String($0.dropLast(".safetensors".count)) }
      .sorted()
  }

  /// Beside the program as it was called, beside the file that a link to it leads to, and where packagers put
  /// data.
  private static var candidates: [String] {
    var programs = [Bundle.main.bundlePath]
    if let executable = Bundle.main.executablePath {
      programs.append((executable.realPath ?? executable).parentFolder)
    }
    let beside = programs.map { "\($0)/Tessera_Weights.resources/Shipped" }
    let shared = programs.map { "\($0.parentFolder)/share/tessera/Shipped" }
    var seen: Set<String> = []
    return (beside + shared).filter { seen.insert($0).inserted }
  }
}
