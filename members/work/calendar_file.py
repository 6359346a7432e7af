"""Deadlines as a calendar file (.ics) for Outlook, Thunderbird or a phone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.utils import timezone
from icalendar import Alarm, Calendar, Event

from members.work.tasks import Task

# So long before a deadline the calendar reminds.
REMINDER = dt.timedelta(days=-7)


def calendar_file(tasks: Iterable[Task], *, host: str, link: Callable[[str], str]) -> bytes:
    """Each deadline as an event of the whole day, under the same mark every day: loaded again it replaces itself.

    `link` makes an address whole.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Hồ sơ đảng viên//Việc của tôi//VI")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Việc của tôi – Hồ sơ đảng viên")
    for task in tasks:
        if task.due_on is not None:
            calendar.add_component(_event(task, task.due_on, host, link))
    content: bytes = calendar.to_ical()
    return content


def _event(task: Task, due_on: dt.date, host: str, link: Callable[[str], str]) -> Event:
    event = Event()
    event.add("uid", f"{task.source}-{task.key}@{host}")
    event.add("dtstamp", timezone.now())
    event.add("dtstart", due_on)
    event.add("dtend", due_on + dt.timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("summary", f"{task.what} – {task.about}")
    event.add("location", task.place)
    event.add("description", task.note)
    if task.address:
        event.add("url", link(task.address))
    reminder = Alarm()
    reminder.add("action", "DISPLAY")
    reminder.add("description", task.what)
    reminder.add("trigger", REMINDER)
    event.add_component(reminder)
    return event
