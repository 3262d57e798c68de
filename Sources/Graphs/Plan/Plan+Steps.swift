import Layers
import TensorCore

extension Plan {
  /// Puts each node's memory, parameters and algorithms together.
  func makeSteps(
    _ specs: [[ParameterSpec]], _ trainedSpecs: [[Bool]]
  ) throws(GraphError) {
    var gradientOffset = 0
    for (index, node) in graph.nodes.enumerated() where !(node.operation is Input) {
      let shapes = node.inputs.map { self.shapes[$0] }
      var pointers: [UnsafeMutablePointer<Float>] = []
      var parameterGradients: [UnsafeMutablePointer<Float>?] = []
      for (spec, isTrained) in zip(specs[index], trainedSpecs[index]) {
        let name = "\(node.name).\(spec.name)"
        let pointer = try parameters.pointer(name, shape: spec.shape)
        pointers.append(pointer)
        parameterGradients.append(isTrained ? gradientStorage.pointer + gradientOffset : nil)
        guard isTrained else { continue }
        trained.append(
          TrainedParameter(
            name: name, shape: spec.shape, decays: spec.decays, parameter: pointer,
            gradient: gradientStorage.pointer + gradientOffset))
        gradientOffset += (spec.shape.count + 15) / 16 * 16
      }
      let savedShapes = mode == .training ? node.operation.savedShapes(for: shapes) : []
      var step = PlanStep(
        node: index, operation: node.operation, inputs: node.inputs.map(view),
        outputs: self.shapes[index].indices.map { view(Graph.Value(node: index, output: $0)) },
        saved: zip(savedShapes, blueprint.savedRequests[index]).map { TensorView(memory($1), shape: $0) },
        parameters: pointers, weight: specs[index].isEmpty ? nil : "\(node.name).weight",
        algorithm: blueprint.algorithms[index], workspace: memory(blueprint.workspaceRequests[index]),
        packed: blueprint.packedRequests[index].map(memory), backward: nil)
      if let backward = blueprint.backward {
        step.backward = makeBackward(of: index, backward, parameterGradients)
      }
      steps.append(step)
    }
  }

  /// What node `index` needs to run backward; `nil` when no gradient passes it.
  private func makeBackward(
    of index: Int, _ blueprint: PlanBlueprint.Backward,
    _ parameterGradients: [UnsafeMutablePointer<Float>?]
  ) -> PlanStep.Backward? {
    guard blueprint.flow.flows[index], let workspace = blueprint.workspaceRequests[index] else { return nil }
    let node = graph.nodes[index]
    var inputGradients: [TensorView?] = []
    var additions: [(from: TensorView, into: TensorView)] = []
    for (position, input) in node.inputs.enumerated() {
      guard blueprint.flow.wants(input), let target = gradientView(input, blueprint) else {
        inputGradients.append(nil)
        continue
      }
      if let request = blueprint.additions[Graph.Value(node: index, output: position)] {
        let temporary = TensorView(memory(request), shape: shapes[input])
        inputGradients.append(temporary)
        additions.append((temporary, target))
      } else {
        inputGradients.append(target)
      }
    }
    return PlanStep.Backward(
      algorithm: blueprint.algorithms[index], weightGradient: blueprint.weightGradients[index],
      outputGradients: shapes[index].indices.map {
        $0 == 0 ? gradientView(Graph.Value(node: index), blueprint) : nil
      },
      inputGradients: inputGradients,
      accumulations: node.inputs.indices.map {
        blueprint.accumulations.contains(Graph.Value(node: index, output: $0))
      },
      additions: additions, parameterGradients: parameterGradients,
      workspace: memory(workspace), packed: blueprint.packedRequests[index].map(memory),
      runs: !(blueprint.gradients.elided.contains(index) && additions.isEmpty))
  }

  private func gradientView(_ value: Graph.Value, _ blueprint: PlanBlueprint.Backward) -> TensorView? {
    let place = blueprint.gradients[value]
    return blueprint.gradientRequests[place.block].map {
      TensorView(memory($0) + place.offset, shape: shapes[value], pixelStride: place.pixelStride)
    }
  }

  /// Where a request lies.
  func memory(_ request: Int) -> UnsafeMutablePointer<Float> {
    arena.pointer + blueprint.layout.offsets[request]
  }
}
