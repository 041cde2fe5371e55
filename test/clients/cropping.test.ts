// Which square of a picture is chosen: it never leaves the picture.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { middleOf, mostZoom, moved, squareOf, zoomed } from '../../src/clients/web/pictures/cropping.ts'

test('it begins as the largest square, in the middle', () => {
  const size = { width: 400, height: 300 }
  assert.deepEqual(squareOf(size, middleOf(size)), { left: 50, top: 0, side: 300 })
})

test('dragging to the right shows what is farther left, as far as there is something', () => {
  const size = { width: 400, height: 300 }
  assert.equal(squareOf(size, moved(size, middleOf(size), 0.1, 0)).left, 20)
  assert.equal(squareOf(size, moved(size, middleOf(size), 1, 0)).left, 0)
  assert.deepEqual(squareOf(size, zoomed(size, middleOf(size), 2)), { left: 125, top: 75, side: 150 })
})

test('whatever is done, the square stays within the picture', () => {
  const size = fc.record({
    width: fc.integer({ min: 1, max: 9000 }),
    height: fc.integer({ min: 1, max: 9000 }),
  })
  const number = fc.double({ min: -20, max: 20, noNaN: true })
  const step = fc.oneof(
    fc.record({ right: number, down: number }),
    fc.record({ zoom: fc.double({ min: -1, max: 100, noNaN: true }) }),
  )
  fc.assert(
    fc.property(size, fc.array(step), (size, steps) => {
      let crop = middleOf(size)
      for (const each of steps)
        crop = 'zoom' in each ? zoomed(size, crop, each.zoom) : moved(size, crop, each.right, each.down)
      const { left, top, side } = squareOf(size, crop)
      const slack = 1e-6
      assert.ok(left >= -slack && top >= -slack && side > 0)
      assert.ok(left + side <= size.width + slack && top + side <= size.height + slack)
      assert.ok(crop.zoom >= 1 && crop.zoom <= mostZoom(size))
    }),
  )
})
