"""使用手册: everybody finds their own chapter, and the life of a problem is the table's."""

import re

import pytest

from models.issue import TRANSITIONS
from pages.frame.menu import MENU
from tests.conftest import ROOT
from tests.factories import World
from tests.pages.conftest import OpenPage

PAGE = "home/manual.py"
GUIDE = ROOT / "docs" / "guide"


@pytest.mark.parametrize(
    ("who", "words"), [("inspector", "其余相符"), ("unit", "申请销号"), ("auditor", "校验头"), ("security", "确认授权")]
)
def test_the_guide_opens_at_the_readers_own_chapter(world: World, open_page: OpenPage, who: str, words: str) -> None:
    app = open_page(who, PAGE)
    assert not app.exception
    assert words in "".join(m.value for m in app.markdown)


def test_the_life_of_a_problem_lists_every_verb(world: World, open_page: OpenPage) -> None:
    app = open_page("office", PAGE, manual_chapter="问题的一生")
    (verbs,) = [t.value["动作"].tolist() for t in app.table if "动作" in t.value.columns]
    assert verbs == [t.verb.label for t in TRANSITIONS]


def test_every_picture_the_guide_names_is_one_that_is_taken_and_lies_there() -> None:
    named = set(re.findall(r"\(pictures/([a-z-]+)\.png\)", "".join(p.read_text("utf-8") for p in GUIDE.glob("*.md"))))
    taken = set(re.findall(r'Picture\("([a-z-]+)"', (GUIDE / "take_pictures.py").read_text("utf-8")))
    assert named == taken == {p.stem for p in (GUIDE / "pictures").glob("*.png")}


def test_pages_the_guide_sends_to_are_in_the_menu() -> None:
    titles = {entry.title for entry in MENU}
    sent = re.findall(r"“系统 · ([^”]+)”", "".join(p.read_text("utf-8") for p in GUIDE.glob("*.md")))
    assert sent and set(sent) <= titles
