import Foundation
import Images
import Testing

@Suite struct ColorMapTests {
  /// CIE L*a*b* of an sRGB colour (CIE 1976, white D65).
  private func lab(_ color: (Double, Double, Double)) -> (l: Double, a: Double, b: Double) {
    func linear(_ v: Double) -> Double { v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4) }
    let (r, g, b) = (linear(color.0), linear(color.1), linear(color.2))
    func f(_ t: Double) -> Double { t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116 }
    let x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505)
    let y = f(0.2126 * r + 0.7152 * g + 0.0722 * b)
    let z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089)
    return (116 * y - 16, 500 * (x - y), 200 * (y - z))
  }

  /// What people without green cones see (Viénot, Brettel and Mollon 1999), in linear light.
  private func deuteranope(_ color: Color) -> (Double, Double, Double) {
    func linear(_ v: UInt8) -> Double { pow(Double(v) / 255, 2.2) }
    let (r, g, b) = (linear(color.red), linear(color.green), linear(color.blue))
    func gamma(_ v: Double) -> Double { pow(max(0, min(1, v)), 1 / 2.2) }
    let yellow = 0.29275 * r + 0.70725 * g
    return (gamma(yellow), gamma(yellow), gamma(-0.02234 * r + 0.02234 * g + b))
  }

  private func unit(_ color: Color) -> (Double, Double, Double) {
    (Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255)
  }

  /// Equal steps look about equal: lightness grows all the way, and no step is less than a third or more than twice the
  /// mean.
  @Test(arguments: [ColorMap.viridis, .inferno]) func evenToTheEye(map: ColorMap) {
    let colors = (0...32).map { map.color(at: Float($0) / 32) }
    for seen in [colors.map(unit), colors.map(deuteranope)] {
      let points = seen.map(lab)
      let steps = zip(points, points.dropFirst()).map { first, second in
        let (l, a, b) = (second.l - first.l, second.a - first.a, second.b - first.b)
        return (l, (l * l + a * a + b * b).squareRoot())
      }
      #expect(steps.allSatisfy { $0.0 > 0 })
      let mean = steps.reduce(0) { $0 + $1.1 } / Double(steps.count)
      #expect(steps.allSatisfy { $0.1 > mean / 3 && $0.1 < 2 * mean }, "\(map.name)")
    }
  }

  /// Both arms of the map for signed numbers get darker from the middle, and stay apart without red and green.
  @Test func balance() {
    let colors = (0...20).map { ColorMap.balance.color(at: Float($0) / 20) }
    let lightness = colors.map { lab(unit($0)).l }
    #expect(zip(lightness, lightness.dropFirst()).prefix(10).allSatisfy { $0 < $1 })
    #expect(zip(lightness, lightness.dropFirst()).suffix(10).allSatisfy { $0 > $1 })
    for index in 0..<9 {
      let (cold, warm) = (lab(deuteranope(colors[index])), lab(deuteranope(colors[20 - index])))
      #expect(abs(cold.b - warm.b) > 15)
    }
  }

  @Test func ends() {
    #expect(ColorMap.viridis.color(at: 0) == Color(red: 68, green: 1, blue: 84))
    #expect(ColorMap.viridis.color(at: 1) == Color(red: 253, green: 231, blue: 37))
    #expect(ColorMap.viridis.color(at: 0.5) == Color(red: 33, green: 144, blue: 141))
    for value in [-1, -Float.infinity, .nan] {
      #expect(ColorMap.viridis.color(at: value) == ColorMap.viridis.color(at: 0))
    }
    #expect(ColorMap.viridis.color(at: .infinity) == ColorMap.viridis.color(at: 1))
  }

  @Test func pictures() {
    let picture = ColorMap.viridis.picture([-5, 0, 5, 50], width: 2, lowest: -5, highest: 5)
    #expect(picture.width == 2 && picture.height == 2)
    #expect(picture.samples == .eight([68, 1, 84, 33, 144, 141, 253, 231, 37, 253, 231, 37]))
    let even = ColorMap.viridis.picture([3, .nan], width: 1, lowest: 3, highest: 3)
    #expect(even.height == 2)
  }

  @Test func magnified() {
    let picture = Raster(width: 2, height: 1, channels: 1, samples: .eight([1, 2]))
    #expect(picture.magnified(by: 2).samples == .eight([1, 1, 2, 2, 1, 1, 2, 2]))
    #expect(picture.magnified(by: 1) == picture)
  }
}
