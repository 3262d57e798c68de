import Segmentation

/// The names of all architectures, as messages list them.
let knownModels = NetworkRegistry.architectures.map(\.name).joined(separator: ", ")
