# SPDX-License-Identifier: Apache-2.0
"""asyncio's task and task queue, ordered by the recorder's own ticks and, when equal, by arrival.

The interpreter's built-in pair reads the machine's clock whenever a task becomes ready, so tasks would
run in another order on another day. These two make a virtual run repeat itself byte for byte, and make asyncio
live through the wrap at 2**30 as it must on a 32-bit board.
"""

import heapq
from asyncio import core

from unix_parts.world import ticks_diff


class TaskQueue:
    world = None  # set once by ioqueue.install()
    _arrivals = 0

    def __init__(self):
        self._heap = []

    def peek(self):
        return self._heap[0][2] if self._heap else None

    def push(self, task, key=None):
        world = TaskQueue.world
        ticks = world.ticks()
        task.data = None
        task.ph_key = ticks if key is None else key
        TaskQueue._arrivals += 1
        due = world.linear() + (0 if key is None else ticks_diff(key, ticks))
        heapq.heappush(self._heap, (due, TaskQueue._arrivals, task))

    def pop(self):
        return heapq.heappop(self._heap)[2]

    def remove(self, task):
        for index in range(len(self._heap)):
            if self._heap[index][2] is task:
                self._heap.pop(index)
                heapq.heapify(self._heap)
                return


class Task:
    """State: True running; a queue of tasks that wait for it, or a callback; None done, nobody asked; False done and asked."""

    def __init__(self, coro, globals=None):
        self.coro = coro
        self.data = None  # what it waits in, or the exception to throw in, or the result once done
        self.state = True
        self.ph_key = 0

    def __iter__(self):
        if self.done():
            self.state = False
        elif self.state is True:
            self.state = TaskQueue()
        elif not isinstance(self.state, TaskQueue):
            raise RuntimeError("can't wait")
        return self

    def __next__(self):
        if self.done():
            raise self.data
        self.state.push(core.cur_task)
        core.cur_task.data = self

    def done(self):
        return not self.state

    def cancel(self):
        if self.done():
            return False
        if self is core.cur_task:
            raise RuntimeError("can't cancel self")
        task = self
        while isinstance(task.data, Task):
            task = task.data
        if hasattr(task.data, "remove"):
            task.data.remove(task)
            core._task_queue.push(task)
        elif ticks_diff(task.ph_key, core.ticks()) > 0:
            core._task_queue.remove(task)
            core._task_queue.push(task)
        task.data = core.CancelledError
        return True
