import TensorCore
import Testing

@Suite struct ShapeTests {
  @Test func extentsAndCount() {
    let shape: Shape = [2, 3, 5, 7]
    #expect(shape.extents == [2, 3, 5, 7])
    #expect(shape.rank == 4)
    #expect(shape.count == 210)
    #expect(shape[2] == 5)
    #expect(shape.description == "[2, 3, 5, 7]")
    #expect(Shape([]).count == 1)
    #expect(Shape([]).description == "[]")
    #expect(Shape([4, 0, 9]).count == 0)
  }

  @Test func activationAxes() {
    let shape = Shape(batch: 2, height: 3, width: 5, channels: 7)
    #expect(shape == [2, 3, 5, 7])
    #expect([shape.batch, shape.height, shape.width, shape.channels] == [2, 3, 5, 7])
    #expect(shape.pixels == 30)
    #expect(shape.with(channels: 1) == [2, 3, 5, 1])
    #expect(shape.with(height: 8, width: 9) == [2, 8, 9, 7])
  }

  @Test func equalityNeedsTheSameAxes() {
    #expect(Shape([2, 6]) != Shape([6, 2]))
    #expect(Shape([2, 6]) != Shape([2, 6, 1]))
    #expect(Set<Shape>([[1, 2], [1, 2], [2, 1]]).count == 2)
  }

  @Test func checkedCountNeverTraps() {
    #expect(Shape.checkedCount([2, 3, 4]) == 24)
    #expect(Shape.checkedCount([]) == 1)
    #expect(Shape.checkedCount([0, .max, .max]) == 0)
    #expect(Shape.checkedCount([.max, 2]) == nil)
    #expect(Shape.checkedCount([1 << 32, 1 << 31]) == nil)
    #expect(Shape.checkedCount([1 << 31, 1 << 31]) == 1 << 62)
    #expect(Shape.checkedCount([-1, -1]) == nil)
    #expect(Shape.checkedCount([.min]) == nil)
  }
}
