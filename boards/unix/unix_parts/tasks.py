# SPDX-License-Identifier: Apache-2.0
"""asyncio's task and task queue, ordered by the recorder's own ticks and, when equal, by arrival.

The interpreter's built-in pair reads the machine's clock whenever a task becomes ready, so tasks would
run in another order on another day. These two make a virtual run repeat itself byte for byte, and make asyncio
live through the wrap at 2**30 as it must on a 32-bit board.
"""

from asyncio import core

from unix_parts.world import ticks_diff


class TaskQueue:
    """A list, latest first, so that the next task is popped off its end. A recorder has a score of tasks, and an insertion
    makes no garbage: the interpreter's allocator searches long for every object bigger than one block.
    """

    world = None  # set once by ioqueue.install()

    def __init__(self):
        self._tasks = []

    def peek(self):
        return self._tasks[-1] if self._tasks else None

    def push(self, task, key=None):
        world = TaskQueue.world
        ticks = world.ticks()
        task.data = None
        if key is None:
            task.ph_key = ticks
            task.due = world.linear()
        else:
            task.ph_key = key
            task.due = world.linear() + ticks_diff(key, ticks)
        tasks = self._tasks
        place = len(tasks)
        while place and tasks[place - 1].due <= task.due:
            place -= 1
        tasks.insert(place, task)

    def pop(self):
        return self._tasks.pop()

    def remove(self, task):
        if task in self._tasks:
            self._tasks.remove(task)


class Task:
    """State: True running; a queue of tasks that wait for it, or a callback; None done, nobody asked; False done and asked."""

    def __init__(self, coro, globals=None):
        self.coro = coro
        self.data = None  # what it waits in, or the exception to throw in, or the result once done
        self.state = True
        self.ph_key = 0  # ticks when it is due
        self.due = 0  # the same before wrapping

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
