import Images
import Testing

@Suite struct ResizingTests {
  /// Checksums of Pillow's `resize((width, 17), BILINEAR).resize((width, height), BILINEAR)`: some versions
  /// of it do columns first when the height shrinks more, which rounds otherwise.
  @Test func eightBitsEqualPillow() {
    let expected: [(channels: Int, width: Int, height: Int, checksum: UInt64)] = [
      (1, 10, 31, 0xbd4b_978f_8f46_3923), (1, 50, 5, 0xed4b_440a_4dc2_9c08),
      (1, 7, 9, 0x788e_be94_303d_a5d3), (1, 23, 4, 0x47d7_7a2b_ba77_0657),
      (1, 1, 1, 0xaf63_f04c_8602_0e88), (1, 64, 17, 0x0d0f_d7a7_a6a0_db83),
      (3, 10, 31, 0xe3bd_cbb4_c50d_187c), (3, 50, 5, 0x2b7c_38fd_5d75_8a95),
      (3, 7, 9, 0x3590_6517_2ea5_65d1), (3, 23, 4, 0x3ec7_418b_2fd6_3359),
      (3, 1, 1, 0x9478_e419_6779_1e71), (3, 64, 17, 0xff07_81fb_209c_d5e7),
    ]
    for (channels, width, height, checksum) in expected {
      let resized = Raster.pattern(23, 17, channels).resized(width: width, height: height)
      #expect(resized.width == width && resized.height == height && resized.channels == channels)
      #expect(resized.checksum == checksum, "\(channels) \(width)×\(height)")
    }
  }

  @Test func sixteenBitsFollowTheSameFilter() {
    let narrow = Raster.pattern(23, 17, 2)
    var wide = narrow
    wide.samples = .sixteen(narrow.values.map { UInt16($0 * 257) })
    for (width, height) in [(10, 31), (50, 5), (7, 9), (23, 17)] {
      let a = narrow.resized(width: width, height: height).values
      let b = wide.resized(width: width, height: height).values
      #expect(zip(a, b).allSatisfy { abs(Double($0) - Double($1) / 257) <= 1.01 })
    }
  }

  @Test func aConstantPictureStaysConstant() {
    let white = Raster(
      width: 31, height: 19, channels: 1, samples: .sixteen(.init(repeating: 65535, count: 589)))
    #expect(white.resized(width: 7, height: 50).values.allSatisfy { $0 == 65535 })
  }

  @Test func masksTakeTheLabelAtTheCenter() {
    let mask = Mask(width: 4, height: 2, labels: [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(mask.resized(width: 2, height: 1) == Mask(width: 2, height: 1, labels: [6, 8]))
    #expect(
      mask.resized(width: 8, height: 2).labels == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8])
    let odd = Mask(width: 5, height: 1, labels: [10, 20, 30, 40, 50])
    for width in 1...23 {
      let expected = (0..<width).map { odd.labels[Int((Double($0) + 0.5) * 5 / Double(width))] }
      #expect(odd.resized(width: width, height: 1).labels == expected)
    }
    #expect(mask.resized(width: 4, height: 2) == mask)
  }
}
