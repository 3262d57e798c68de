import TensorCore

/// Models whose probabilities are averaged: one, or several of the same classes.
public struct ModelEnsemble {
  /// The models, at least one.
  public let members: [LoadedModel]
  /// The first.
  public let first: LoadedModel

  /// One model.
  public init(_ model: LoadedModel) {
    (members, first) = ([model], model)
  }

  /// `first` and others.
  ///
  /// - Throws: `InferenceError.otherClasses` when one has another number of classes, or other names for them.
  public init(_ first: LoadedModel, _ others: [LoadedModel]) throws(InferenceError) {
    self.first = first
    members = [first] + others
    let named = members.first { $0.hasNamedClasses } ?? first
    for member in members {
      let isSame = !member.hasNamedClasses || member.classes == named.classes
      guard isSame, member.network.classes == named.network.classes else {
        throw .otherClasses(name: member.name, of: named.name, expected: named.classes, found: member.classes)
      }
    }
  }

  /// The same models, which may run on another thread at the same time.
  func twin(on pool: ThreadPool) -> ModelEnsemble {
    let members = members.map { $0.twin(on: pool) }
    return ModelEnsemble(first: members[0], members: members)
  }

  private init(first: LoadedModel, members: [LoadedModel]) { (self.first, self.members) = (first, members) }

  /// The class names, of the first model that tells them.
  public var classes: [String] { (members.first { $0.hasNamedClasses } ?? first).classes }

  /// What results call it: the names of its models.
  public var name: String { members.map(\.name).joined(separator: ", ") }
}
