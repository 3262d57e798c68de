import Images
import TensorCore

/// What camera and air do to a picture: haze, colour cast, exposure, vignette, blur and sensor noise.
struct SceneFinish: Sendable {
  /// Haze per metre and its colour.
  let haze: Float
  let air: SIMD3<Float>
  /// Gain of each channel.
  let gain: SIMD3<Float>
  /// Contrast about middle gray.
  let contrast: Float
  /// Darkening at the corners.
  let vignette: Float
  /// Weight of each neighbour in the blur, up to 1/4.
  let blur: Float
  /// Standard deviation of the noise at middle gray.
  let grain: Float
  /// The noise's field.
  let seed: UInt64

  /// A random camera that looks at a scene in `light`.
  init(_ random: inout RandomStream, light: SceneLight) {
    haze = light.haze
    air = light.horizon
    let exposure = random.chance(0.1) ? random.between(0.72, 0.86) : random.between(0.88, 1.28)
    gain = SIMD3(random.between(0.94, 1.06), 1, random.between(0.92, 1.07)) * exposure
    contrast = random.between(0.95, 1.25)
    vignette = random.between(0, 0.25)
    blur = random.between(0.04, 0.2)
    grain = random.between(0.003, 0.016)
    seed = random.next()
  }

  /// A camera without any fault, for looking at the plain scene.
  init(plain: Void) {
    haze = 0
    air = .zero
    gain = SIMD3(repeating: 1)
    contrast = 1
    vignette = 0
    blur = 0
    grain = 0
    seed = 0
  }

  /// The finished picture of a painted canvas, whose colours are changed on the way.
  func develop(_ canvas: SceneCanvas) -> Raster {
    let width = canvas.width
    let height = canvas.height
    for index in 0..<(width * height) {
      let color = canvas.colors[index]
      let path = color.w * haze
      let through = 1 / (1 + path * (1 + path * 0.5))
      let rgb = SIMD3(color.x, color.y, color.z)
      canvas.colors[index] = SIMD4(air + (rgb - air) * through, 0)
    }
    if blur > 0 {
      smooth(canvas, lines: height, length: width, lineStride: width, stride: 1)
      smooth(canvas, lines: width, length: height, lineStride: 1, stride: width)
    }
    let samples = [UInt8](unsafeUninitializedCapacity: width * height * 3) { buffer, count in
      for y in 0..<height {
        let dy = (Float(y) + 0.5) / Float(height) * 2 - 1
        for x in 0..<width {
          let dx = (Float(x) + 0.5) / Float(width) * 2 - 1
          let index = y * width + x
          let color = canvas.colors[index]
          var rgb = SIMD3(color.x, color.y, color.z) * gain * (1 - vignette * (dx * dx + dy * dy) * 0.5)
          rgb = SIMD3(repeating: 0.45) + (rgb - SIMD3(repeating: 0.45)) * contrast
          if grain > 0 { rgb += noise(index, level: rgb.y) }
          let scaled = (rgb * 255).clamped(lowerBound: .zero, upperBound: SIMD3(repeating: 255))
          for channel in 0..<3 { buffer[index * 3 + channel] = UInt8(scaled[channel].rounded()) }
        }
      }
      count = width * height * 3
    }
    return Raster(width: width, height: height, channels: 3, samples: .eight(samples))
  }

  /// One pass of the kernel (blur, 1 - 2 blur, blur) along each line.
  private func smooth(_ canvas: SceneCanvas, lines: Int, length: Int, lineStride: Int, stride: Int) {
    for line in 0..<lines {
      let row = canvas.colors + line * lineStride
      var before = row[0]
      for index in 0..<length {
        let here = row[index * stride]
        let after = row[min(length - 1, index + 1) * stride]
        row[index * stride] = here + (before + after - here * 2) * blur
        before = here
      }
    }
  }

  /// Noise of mean 0 for a pixel: the sums of bytes of hashed bits, common to the channels and to each one.
  private func noise(_ index: Int, level: Float) -> SIMD3<Float> {
    var random = RandomStream(seed: seed &+ UInt64(truncatingIfNeeded: index) &* 0xD134_2543_DE82_EF95)
    let bits = random.next()
    func centered(_ shift: UInt64) -> Float {
      let a = Float((bits >> shift) & 0xFF)
      let b = Float((bits >> (shift + 8)) & 0xFF)
      return (a + b - 255) * (1 / 104)
    }
    let strength = grain * (0.5 + max(0, min(1, level)))
    return (SIMD3(centered(0), centered(16), centered(32)) * 0.6 + SIMD3(repeating: centered(48))) * strength
  }
}
