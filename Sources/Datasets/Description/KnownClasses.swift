/// The classes of datasets whose files say nothing of them.
enum KnownClasses {
  /// PASCAL VOC (Everingham et al. 2010), in the order of their indices.
  static let voc = [
    "background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow",
    "diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train",
    "tvmonitor",
  ]

  /// Cityscapes (Cordts et al. 2016), the 19 classes that are scored, in the order of their ids of training.
  static let cityscapes = [
    "road", "sidewalk", "building", "wall", "fence", "pole", "traffic light", "traffic sign", "vegetation",
    "terrain",
    "sky", "person", "rider", "car", "truck", "bus", "train", "motorcycle", "bicycle",
  ]

  /// Their colours, 0xRRGGBB.
  static let cityscapesColors: [UInt32] = [
    0x804080, 0xF423E8, 0x464646, 0x66669C, 0xBE9999, 0x999999, 0xFAAA1E, 0xDCDC00, 0x6B8E23, 0x98FB98,
    0x4682B4,
    0xDC143C, 0xFF0000, 0x00008E, 0x000046, 0x003C64, 0x005064, 0x0000E6, 0x770B20,
  ]

  /// The label ids of files, by the ids of training.
  private static let cityscapesIds: [UInt16] = [
    7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33,
  ]

  /// Label ids 0…33 as ids of training; those that are not scored are ignored, as is 255, which stands for −1.
  static let cityscapesRules: LabelRules = {
    var rules = LabelRules(classes: cityscapes.count, ignore: 255)
    for id in 0...33 { rules.map[UInt16(id)] = .ignored }
    for (label, id) in cityscapesIds.enumerated() { rules.map[id] = .label(UInt8(label)) }
    return rules
  }()
}
