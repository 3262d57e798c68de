import Foundation
import Layers
import TensorCore

/// The parameters that plans run on, with what algorithms packed of them.
///
/// Plans of all input sizes share one store, so that weights are packed once for each algorithm. Batch norm and
/// optimisers write to the parameters in place; whoever changes weights calls `didChange()`.
public final class ParameterStore {
  private struct PackedKey: Hashable {
    let name: String
    let packing: String
  }

  private var storages: [String: (shape: Shape, storage: AlignedStorage)] = [:]
  private var packed: [PackedKey: (isFresh: Bool, storage: AlignedStorage)] = [:]
  /// Held while packed forms are looked up and made, because models on several threads may share a store.
  private let packing = NSLock()

  /// A store of the graph's parameters, copied from `parameters`; others there are left out.
  ///
  /// - Throws: `GraphError.parameterMissing` and `.parameterShape`.
  public init(_ graph: Graph, _ parameters: [String: Tensor]) throws(GraphError) {
    for parameter in try graph.parameterSpecs() {
      let tensor = try parameters.required(parameter.name)
      guard tensor.shape == parameter.spec.shape else {
        throw .parameterShape(name: parameter.name, expected: parameter.spec.shape, found: tensor.shape)
      }
      let storage = AlignedStorage(count: tensor.count)
      tensor.withUnsafeElements { elements in
        if let base = elements.baseAddress { storage.pointer.update(from: base, count: elements.count) }
      }
      storages[parameter.name] = (tensor.shape, storage)
    }
  }

  /// The memory of a parameter.
  public func pointer(_ name: String) throws(GraphError) -> UnsafeMutablePointer<Float> {
    guard let entry = storages[name] else { throw .parameterMissing(name) }
    return entry.storage.pointer
  }

  /// The memory of a parameter that a plan reads as `shape`: a dense layer's depends on the size of its input, which
  /// may be another than the network was built for.
  func pointer(_ name: String, shape: Shape) throws(GraphError) -> UnsafeMutablePointer<Float> {
    guard let entry = storages[name] else { throw .parameterMissing(name) }
    guard entry.shape == shape else {
      throw .parameterShape(name: name, expected: shape, found: entry.shape)
    }
    return entry.storage.pointer
  }

  /// All parameters, copied out.
  public var tensors: [String: Tensor] {
    storages.mapValues { entry in
      Tensor(
        Array(UnsafeBufferPointer(start: entry.storage.pointer, count: entry.storage.count)),
        shape: entry.shape)
    }
  }

  /// Overwrites parameters by name; names that the store has not are ignored.
  public func update(_ tensors: [String: Tensor]) {
    for (name, tensor) in tensors {
      guard let entry = storages[name], entry.storage.count == tensor.count else { continue }
      tensor.withUnsafeElements { elements in
        if let base = elements.baseAddress { entry.storage.pointer.update(from: base, count: elements.count) }
      }
    }
    didChange()
  }

  /// Says that all weights have changed, so that packed forms are made anew when next needed.
  public func didChange() {
    for key in packed.keys { packed[key]?.isFresh = false }
  }

  /// Says that these weights have changed; packed forms of others, which are frozen, stay as they are.
  public func didChange(_ trained: [TrainedParameter]) {
    let names = Set(trained.map(\.name))
    for key in packed.keys where names.contains(key.name) { packed[key]?.isFresh = false }
  }

  /// Bytes of parameters and packed forms.
  public var bytes: Int {
    parameterBytes + packed.values.reduce(0) { $0 + $1.storage.count } * MemoryLayout<Float>.stride
  }

  /// Bytes of the parameters alone.
  public var parameterBytes: Int {
    storages.values.reduce(0) { $0 + $1.storage.count } * MemoryLayout<Float>.stride
  }

  /// Elements that packing for `algorithm` would still take.
  func missingElements(_ name: String, _ algorithm: any Algorithm) -> Int {
    packing.withLock {
      packed[PackedKey(name: name, packing: algorithm.packing)] == nil ? algorithm.packedCount : 0
    }
  }

  /// The packed form of a weight, made or renewed if need be; `nil` for an algorithm that packs nothing.
  func packed(
    _ name: String, _ algorithm: any Algorithm, pool: ThreadPool
  ) -> UnsafePointer<Float>? {
    guard algorithm.packedCount > 0, let weight = storages[name] else { return nil }
    packing.lock()
    defer { packing.unlock() }
    let key = PackedKey(name: name, packing: algorithm.packing)
    let entry = packed[key]
    if let entry, entry.isFresh { return UnsafePointer(entry.storage.pointer) }
    let storage = entry?.storage ?? AlignedStorage(count: algorithm.packedCount)
    algorithm.pack(weight.storage.pointer, into: storage.pointer, pool: pool)
    packed[key] = (true, storage)
    return UnsafePointer(storage.pointer)
  }
}
