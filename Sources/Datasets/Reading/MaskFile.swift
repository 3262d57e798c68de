import Files
import Images

/// What a mask file holds before a description says what it means.
enum MaskFile: Sendable, Equatable {
  /// Palette indices or gray values.
  case values(LabelImage)
  /// Colours with 8 bits a channel, 3 to a pixel.
  case colors(Raster, found: PNGColorType)

  /// Reads a PNG file; colours are no error yet.
  static func read(_ path: String) throws(DatasetError) -> MaskFile {
    let bytes = try contents(path)
    do throws(ImageError) {
      return .values(try MaskReader.decode(bytes, name: path))
    } catch {
      guard case .colorMask(_, let found) = error else { throw .image(error) }
      return .colors(opaque(try picture(bytes, path).eightBit()), found: found)
    }
  }

  /// The picture in the bytes of a file.
  static func picture(_ bytes: [UInt8], _ path: String) throws(DatasetError) -> Raster {
    do throws(ImageError) { return try ImageReader.decode(bytes, name: path) } catch { throw .image(error) }
  }

  /// The bytes of a picture file.
  static func contents(_ path: String) throws(DatasetError) -> [UInt8] {
    do throws(FileError) {
      return try WholeFile.read(path, limit: ImageLimits.standard.maxFileBytes)
    } catch {
      throw .image(.file(error))
    }
  }

  /// The colours without alpha: in a mask it says nothing, and blending would make colours that no class has.
  private static func opaque(_ raster: Raster) -> Raster {
    guard raster.channels != 3, case .eight(let samples) = raster.samples else { return raster }
    let (count, channels) = (raster.width * raster.height, raster.channels)
    let step = channels >= 3 ? 1 : 0
    var rgb = [UInt8](repeating: 0, count: 3 * count)
    for pixel in 0..<count {
      for channel in 0..<3 { rgb[3 * pixel + channel] = samples[pixel * channels + channel * step] }
    }
    return Raster(width: raster.width, height: raster.height, channels: 3, samples: .eight(rgb))
  }

  var size: PixelSize {
    switch self {
    case .values(let labels): PixelSize(width: labels.width, height: labels.height)
    case .colors(let raster, _): PixelSize(width: raster.width, height: raster.height)
    }
  }
}

extension Raster {
  /// The colours of an 8-bit RGB picture as 0xRRGGBB, pixel by pixel.
  func forEachColor(_ body: (UInt32) -> Void) {
    guard channels == 3, case .eight(let samples) = samples else { return }
    samples.withUnsafeBufferPointer { samples in
      for pixel in 0..<width * height {
        body(
          UInt32(samples[3 * pixel]) << 16 | UInt32(samples[3 * pixel + 1]) << 8
            | UInt32(samples[3 * pixel + 2]))
      }
    }
  }
}
