# SPDX-License-Identifier: Apache-2.0
"""Where asyncio waits: the gate of virtual time, or the poll of real time.

Virtual: when no task is ready, time jumps to the next deadline, but never past the gate that the simulator set;
there the recorder says where it is and stands still until told to go on. Real: waits for the serial line and the control
channel as long as the machine's clock says.
"""

import asyncio
import select
from asyncio import core

from unix_parts.tasks import Task, TaskQueue
from unix_parts.world import ticks_add, ticks_diff

# So many turns with something always ready, and time moves on by 1 ms: a loop of sleep_ms(0) is waiting for something.
_BUSY_TURNS = 2000
_LONGEST_REAL_WAIT_MS = 50


def install(world, control, on_time):
    """Puts our time into asyncio. `on_time` is called with no argument after time has moved."""
    TaskQueue.world = world
    core.ticks = world.ticks
    core.ticks_add = ticks_add
    core.ticks_diff = ticks_diff
    core.Task = asyncio.Task = Task
    core.TaskQueue = asyncio.TaskQueue = TaskQueue
    original = core.IOQueue

    class IOQueue(original):
        def __init__(self):
            super().__init__()
            self._busy = 0
            self._listening = False

        def wake(self, stream):
            """Lets tasks that wait for a stream go on, because it is about to be closed."""
            entry = self.map.get(id(stream))
            if entry:
                for task in entry[:2]:
                    if task is not None:
                        core._task_queue.push(task)
                self._dequeue(stream)

        def wait_io_event(self, dt):
            """Waits at most dt ms; when negative, until a task is ready, which only a stream or an operation can bring about."""
            self._wait(dt)
            while dt < 0 and core._task_queue.peek() is None:
                self._wait(dt)

        def _wait(self, dt):
            if world.real:
                self._wait_real(dt)
            elif dt == 0:
                self._busy += 1
                if self._busy > _BUSY_TURNS:
                    self._jump(1)
            else:
                self._jump(dt)

        def _jump(self, dt):
            self._busy = 0
            if self.map and self._poll(0):
                return
            target = world.now + dt if dt > 0 else None
            if target is None or target > control.until:
                world.advance(control.until)
                on_time()
                control.gate()
            else:
                world.advance(target)
                on_time()

        def _wait_real(self, dt):
            wait = _LONGEST_REAL_WAIT_MS if dt < 0 else min(_LONGEST_REAL_WAIT_MS, int(dt / world.speed + 0.999))
            if not self._listening:
                self.poller.register(control.socket, select.POLLIN)
                self._listening = True
            self._poll(0 if control.pending() else wait)
            control.serve_pending()
            world.refresh()
            on_time()
            if not world.real:
                self.poller.unregister(control.socket)
                self._listening = False
                control.gate()

        def _poll(self, wait):
            """True when a task became ready."""
            ready = False
            for stream, event in self.poller.ipoll(wait):
                if stream is control.socket:
                    control.receive()
                else:
                    self._ready(stream, event)
                    ready = True
            return ready

        def _ready(self, stream, event):
            entry = self.map[id(stream)]
            for index, other in ((0, select.POLLOUT), (1, select.POLLIN)):
                if event & ~other and entry[index] is not None:
                    core._task_queue.push(entry[index])
                    entry[index] = None
            if entry[0] is None and entry[1] is None:
                self._dequeue(stream)
            else:
                self.poller.modify(stream, select.POLLOUT if entry[0] is None else select.POLLIN)

    core.IOQueue = IOQueue
    core.new_event_loop()
