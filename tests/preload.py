"""What every forked process has from the start: the modules, and how people ask about JKN, which
takes a second to learn."""

import bot.__main__
import bot.demo
import tests.engine.process
from services.guidance import matching

LOADED = bot.__main__, bot.demo, tests.engine.process
matching.learn()
