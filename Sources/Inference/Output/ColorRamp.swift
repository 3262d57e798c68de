/// Colours for numbers.
enum ColorRamp {
  private static let stops: [(red: Float, green: Float, blue: Float)] = [
    (0, 0, 4), (87, 16, 110), (188, 55, 84), (249, 142, 9), (252, 255, 164),
  ]

  /// From black over violet, red and orange to light yellow for `0…1`, brighter with every step, so that it reads in
  /// gray too: five stops of matplotlib's "inferno" with straight lines between them. Parts are 0…255.
  static func inferno(_ value: Float) -> (red: Float, green: Float, blue: Float) {
    guard value > 0 else { return stops[0] }
    let place = min(value, 1) * Float(stops.count - 1)
    let index = min(Int(place), stops.count - 2)
    let (from, to, share) = (stops[index], stops[index + 1], place - Float(index))
    return (
      from.red + (to.red - from.red) * share, from.green + (to.green - from.green) * share,
      from.blue + (to.blue - from.blue) * share
    )
  }
}
