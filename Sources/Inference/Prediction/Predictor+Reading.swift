import Images
import TensorCore

extension Predictor {
  /// The picture in `bytes`, if the memory that there may be has room for it; `name` is what errors call it.
  ///
  /// - Throws: `InferenceError`.
  public func picture(
    in bytes: [UInt8], name: String, limits: ImageLimits = .standard
  ) throws(InferenceError) -> Raster {
    let header: ImageHeader
    do throws(ImageError) {
      header = try ImageHeader(bytes, name: name, limits: limits)
    } catch {
      throw .image(error)
    }
    try options.memory.check(header, fileBytes: bytes.count, name: name)
    do throws(ImageError) {
      return try ImageReader.decode(bytes, name: name, limits: limits)
    } catch {
      throw .image(error)
    }
  }
}

extension MemoryBudget {
  /// Refuses a picture that has no room in memory, before its pixels are read.
  ///
  /// - Parameter fileBytes: what its file takes.
  func check(_ header: ImageHeader, fileBytes: Int, name: String) throws(InferenceError) {
    let needed = MemoryNeed.process + fileBytes + header.decodingBytes
    guard needed <= bytes else {
      throw .memory(name: name, width: header.width, height: header.height, needed: needed, budget: bytes)
    }
  }
}
