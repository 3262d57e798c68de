/// A thing that stands in the street.
struct StreetProp: Sendable {
  /// What a thing is, with its sizes in metres.
  enum Kind: Sendable {
    case tree(height: Float)
    case hedge(length: Float, height: Float)
    case fence(length: Float, style: UInt64)
    case lamp(height: Float)
    case bollard
    case sign
    case trafficLight
    /// A car with its heading: cosine and sine of the angle from +z toward +x.
    case car(shape: CarShape, heading: SIMD2<Float>)
    case pedestrian
    case bicyclist
  }

  /// What it is.
  let kind: Kind
  /// Lateral position, metres.
  let s: Float
  /// Depth, metres.
  let z: Float
  /// The seed of its looks.
  let seed: UInt64
}
