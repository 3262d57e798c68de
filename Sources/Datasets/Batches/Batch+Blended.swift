import TensorCore

extension Batch {
  /// Every picture blended with the one behind it, the last with the first, and the labels of both.
  ///
  /// Blending normalised pictures is blending them before, because normalisation is linear.
  ///
  /// - Parameter share: what a picture keeps of itself, 0…1.
  public func blended(share: Float) -> Batch {
    let picture = images.count / images.shape.batch
    var blend = images
    let first = Array(images.elements.prefix(picture))
    blend.withUnsafeMutableElements { elements in
      guard share != 1, let pixels = elements.baseAddress else { return }
      first.withUnsafeBufferPointer { first in
        for index in 0..<images.shape.batch {
          let own = pixels + index * picture
          let next = index + 1 < images.shape.batch ? UnsafePointer(own + picture) : first.baseAddress
          guard let next else { return }
          for place in 0..<picture { own[place] = share * own[place] + (1 - share) * next[place] }
        }
      }
    }
    let mask = labels.count / labels.shape.batch
    let partners = Array(labels.elements.dropFirst(mask)) + labels.elements.prefix(mask)
    return Batch(
      images: blend, labels: labels, partnerLabels: Tensor(partners, shape: labels.shape), share: share,
      names: names)
  }
}
