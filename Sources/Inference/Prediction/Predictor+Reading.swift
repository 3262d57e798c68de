import Files
import Images
import TensorCore

extension Predictor {
  /// The picture in the file at `path`, if the memory that there may be has room for it.
  ///
  /// - Throws: `InferenceError`.
  public func picture(at path: String, limits: ImageLimits = .standard) throws(InferenceError) -> Raster {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try WholeFile.read(path, limit: limits.maxFileBytes)
    } catch {
      throw .file(error)
    }
    return try picture(in: bytes, name: path, limits: limits)
  }

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
    let needed = MemoryNeed.process + bytes.count + header.decodingBytes
    guard needed <= options.memory.bytes else {
      throw .memory(
        name: name, width: header.width, height: header.height, needed: needed, budget: options.memory.bytes)
    }
    do throws(ImageError) {
      return try ImageReader.decode(bytes, name: name, limits: limits)
    } catch {
      throw .image(error)
    }
  }
}
